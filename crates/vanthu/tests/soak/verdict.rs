//! Whether both sides agree: read from both databases and from the axis itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use store::{Db, args, sql};
use uuid::Uuid;

use crate::{
    books::{Books, Line, databases, read, text},
    kit::{block_on, counters_are_right, journal_verifies},
    office::Office,
    plan::Mark,
    world::World,
};

/// What was compared, and what is wrong.
#[derive(Default)]
pub struct Found {
    wrong: Vec<String>,
    counted: BTreeMap<String, usize>,
}

impl Found {
    pub fn is_clean(&self) -> bool {
        self.wrong.is_empty()
    }

    fn count(&mut self, what: impl Into<String>) {
        *self.counted.entry(what.into()).or_default() += 1;
    }

    fn must(&mut self, is_right: bool, otherwise: impl FnOnce() -> String) {
        if !is_right {
            self.wrong.push(otherwise());
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, count) in &self.counted {
            writeln!(f, "{count:>8}  {what}")?;
        }
        for line in self.wrong.iter().take(50) {
            writeln!(f, "WRONG: {line}")?;
        }
        write!(f, "{} things are wrong", self.wrong.len())
    }
}

/// The state of a line that fits the state at the recipient; `None` when it fits whatever it was before.
fn fitting(state: &str) -> Option<&'static str> {
    match state {
        "delivered" => Some("arrived"),
        "refused" => Some("refused"),
        "registered" | "presented" => Some("received"),
        "assigned" => Some("assigned"),
        "in_progress" => Some("in_progress"),
        "finished" => Some("finished"),
        _ => None,
    }
}

/// Compares what a sender believes with what its recipients have.
fn compare(found: &mut Found, sender: &Books, recipient: &Books) {
    let way = format!("{} → {}", sender.name, recipient.name);
    for (key, line) in &sender.lines {
        let name = format!("{way} {} to {}", key.0, key.1);
        if line.state == "dropped" {
            found.count("lines taken back before they left");
            let came = recipient.received.get(key).map_or(0, Vec::len);
            found.must(came == 0, || {
                format!("{name}: taken back, and arrived {came} times")
            });
            continue;
        }
        let documents = recipient.received.get(key).map(Vec::as_slice).unwrap_or_default();
        let mut of_business = BTreeMap::<&str, usize>::new();
        for document in documents {
            *of_business.entry(&document.business).or_default() += 1;
        }
        found.must(
            of_business.values().all(|times| *times == 1) && !documents.is_empty(),
            || format!("{name}: arrived as {of_business:?}"),
        );
        for earlier in documents.iter().rev().skip(1) {
            found.must(matches!(earlier.state.as_str(), "refused" | "recalled"), || {
                format!("{name}: there twice, the earlier one is {}", earlier.state)
            });
        }
        let Some(last) = documents.last() else { continue };
        found.count(format!("{way}: {} here, {} there", line.state, last.state));
        if last.state == "recalled" {
            found.must(line.recall == "agreed", || {
                format!("{name}: cancelled, the sender has {}", line.recall)
            });
        } else {
            found.must(fitting(&last.state) == Some(&line.state), || {
                format!(
                    "{name}: {} at the sender, {} at the recipient",
                    line.state, last.state
                )
            });
            found.must(matches!(line.recall.as_str(), "none" | "refused"), || {
                format!("{name}: not cancelled, the sender has {}", line.recall)
            });
        }
        if last.state == "registered" {
            found.must(line.number.is_none() || line.number == last.number, || {
                format!(
                    "{name}: number {:?} at the sender, {:?} at the recipient",
                    line.number, last.number
                )
            });
        }
        let update = sender.ordered.get(&(key.clone(), "update".to_owned()));
        if update.is_some_and(|ends| ends.contains(&"agreed".to_owned())) && last.state != "recalled" {
            let corrected = Mark::of(&line.subject).map(Mark::corrected_subject);
            found.must(corrected.as_deref() == Some(last.subject.as_str()), || {
                format!("{name}: agreed to an update, and still “{}”", last.subject)
            });
        }
        if sender.replaced.contains(&key.0) && last.state != "recalled" {
            let replacement_came = sender.lines.iter().any(|(other, later)| {
                other.1 == key.1
                    && Mark::of(&later.subject)
                        .is_some_and(|mark| mark.is_replacement && replaces(mark, line))
            });
            found.must(!replacement_came || last.is_replaced, || {
                format!("{name}: replaced, and not marked so at the recipient")
            });
        }
    }
    for (key, documents) in &recipient.received {
        if sender.lines.contains_key(key) {
            continue;
        }
        // The notice of a recall comes as a document of its own, once.
        found.count(format!("{way}: notices of recalls"));
        found.must(sender.issued.contains(&key.0) && documents.len() == 1, || {
            format!(
                "{way} {} to {}: nobody sent it, or it came twice ({})",
                key.0,
                key.1,
                documents.len()
            )
        });
    }
    for (order, ends) in &sender.ordered {
        found.count(format!("{way}: {} {}", order.1, ends.join(", ")));
        let asked = recipient.asked.get(order).map(Vec::as_slice).unwrap_or_default();
        // An update that overtook its document was taken as the document itself.
        let documents = recipient
            .received
            .get(&order.0)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let taken_as_new =
            order.1 == "update" && documents.iter().any(|document| document.business == "update");
        found.must(ends_agree(ends, asked, taken_as_new), || {
            format!("{way} {order:?}: {ends:?} at the sender, {asked:?} at the recipient")
        });
    }
    for (order, ends) in &recipient.asked {
        found.must(sender.ordered.contains_key(order), || {
            format!("{way} {order:?}: nobody asked, {ends:?}")
        });
    }
}

/// Whether orders ended alike at both sides. What a recall took the place of may have ended in any way at the recipient, or
/// never have been sent.
fn ends_agree(ordered: &[String], asked: &[String], taken_as_new: bool) -> bool {
    let mut left: Vec<&str> = asked.iter().map(String::as_str).collect();
    left.extend(taken_as_new.then_some("agreed"));
    let (superseded, ended): (Vec<&String>, Vec<&String>) =
        ordered.iter().partition(|end| end.as_str() == "superseded");
    for end in ended {
        let Some(index) = left.iter().position(|other| other == end) else {
            return false;
        };
        left.swap_remove(index);
    }
    left.len() <= superseded.len()
}

fn replaces(replacement: Mark, line: &Line) -> bool {
    Mark::of(&line.subject).is_some_and(|mark| {
        Mark {
            is_replacement: true,
            ..mark
        } == replacement
    })
}

/// What must hold in each installation by itself.
async fn inspect(found: &mut Found, office: &Office, db: &Db) {
    let name = office.side.letter();
    for (what, statement) in [
        (
            "outbox",
            sql!("SELECT state AS s, count(*) AS n FROM axis_outbox GROUP BY state ORDER BY state"),
        ),
        (
            "inbox",
            sql!("SELECT state AS s, count(*) AS n FROM axis_inbox GROUP BY state ORDER BY state"),
        ),
    ] {
        for row in db.all(statement, args![]).await.unwrap() {
            let (state, count) = (text(&row, "s"), row.get::<i64>("n").unwrap());
            found
                .counted
                .insert(format!("{name} {what}: {state}"), usize::try_from(count).unwrap());
            let is_right = matches!(
                state.as_str(),
                "sent" | "split" | "dropped" | "taken" | "duplicate"
            );
            found.must(is_right, || {
                format!("{name}: {count} packets of the {what} are {state}")
            });
        }
    }
    // Each series of an agency and each register counts from 1, and nothing is left out.
    for (what, statement) in [
        (
            "issued",
            sql!(
                "SELECT agency_id AS whose, series, number AS n FROM outgoing WHERE number IS NOT NULL ORDER BY agency_id, series, number"
            ),
        ),
        (
            "registered",
            sql!(
                "SELECT agency_id AS whose, series, arrival_number AS n FROM incoming WHERE arrival_number IS NOT NULL \
                 ORDER BY agency_id, series, arrival_number"
            ),
        ),
    ] {
        let mut taken = BTreeMap::<(Uuid, String), Vec<i64>>::new();
        for row in db.all(statement, args![]).await.unwrap() {
            let whose = (row.get("whose").unwrap(), text(&row, "series"));
            taken.entry(whose).or_default().push(row.get("n").unwrap());
        }
        for ((_, series), numbers) in taken {
            found.must(numbers.iter().copied().eq(1..=numbers.len() as i64), || {
                format!("{name}: numbers of {what} documents of {series} have gaps or doubles")
            });
        }
    }
    counters_are_right(db).await;
    journal_verifies(db).await;
}

/// How often a packet really went out twice: an axis that hides what it has leaves no other way.
fn count_sent_twice(found: &mut Found, world: &World) {
    let state = world.axis.state();
    let mut sent = BTreeMap::<(&str, &str), BTreeSet<&str>>::new();
    for packet in state["packets"].as_array().unwrap() {
        let field = |name: &str| packet[name].as_str().unwrap_or_default();
        sent.entry((field("sent_sha256"), field("to")))
            .or_default()
            .insert(field("sender_doc_id"));
    }
    let twice = sent.values().filter(|times| times.len() > 1).count();
    found
        .counted
        .insert("packets that went out more than once".to_owned(), twice);
}

/// Everything.
pub fn judge(world: &World) -> Found {
    block_on(async {
        let mut found = Found::default();
        let databases = databases(world).await;
        let mut books = Vec::new();
        for (office, db) in world.offices.iter().zip(&databases) {
            inspect(&mut found, office, db).await;
            books.push(read(office, db).await);
        }
        compare(&mut found, &books[0], &books[1]);
        compare(&mut found, &books[1], &books[0]);
        count_sent_twice(&mut found, world);
        let expected: usize = crate::plan::Side::BOTH
            .iter()
            .map(|side| crate::makers::share(world.size.documents, *side))
            .sum();
        let marks: BTreeSet<Mark> = books
            .iter()
            .flat_map(|books| books.lines.values())
            .filter_map(|line| Mark::of(&line.subject))
            .filter(|mark| !mark.is_replacement)
            .collect();
        found.must(marks.len() == expected, || {
            format!("{} of {expected} documents were issued", marks.len())
        });
        for db in databases {
            db.close().await;
        }
        found
    })
}
