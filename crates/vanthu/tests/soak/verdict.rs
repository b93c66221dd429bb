//! Whether both sides agree: read from both databases and from the axis itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, thread,
    time::Duration,
};

use store::{Db, Row, Sql, args, sql};
use uuid::Uuid;

use crate::{
    kit::{block_on, counters_are_right, journal_verifies, numbers, open},
    office::Office,
    plan::Mark,
    world::World,
};

/// What is not finished yet, by what it is.
type Outstanding = BTreeMap<String, i64>;

const OUTSTANDING: &[(&str, Sql)] = &[
    (
        "packets to send",
        sql!(
            "SELECT count(*) AS n FROM axis_outbox WHERE state IN ('packing', 'waiting', 'sending', 'unknown')"
        ),
    ),
    (
        "packets to take in",
        sql!("SELECT count(*) AS n FROM axis_inbox WHERE state = 'listed'"),
    ),
    (
        "packets to acknowledge",
        sql!("SELECT count(*) AS n FROM axis_inbox WHERE state <> 'listed' AND acked = ''"),
    ),
    ("jobs", sql!("SELECT count(*) AS n FROM job")),
    (
        "documents in the reception box",
        sql!("SELECT count(*) AS n FROM incoming WHERE state = 'delivered'"),
    ),
    (
        "requests to answer",
        sql!("SELECT count(*) AS n FROM sender_request WHERE state = 'open'"),
    ),
    (
        "lines without a state of the recipient",
        sql!(
            "SELECT count(*) AS n FROM delivery WHERE channel = 'axis' AND state IN ('pending', 'sending', 'sent', 'failed')"
        ),
    ),
    (
        "orders without an answer",
        sql!(
            "SELECT count(*) AS n FROM dispatch_line l JOIN dispatch d ON d.id = l.dispatch_id \
             WHERE d.business IN ('recall', 'update') AND l.state IN ('pending', 'sent')"
        ),
    ),
];

async fn outstanding(world: &World, databases: &[Db]) -> Outstanding {
    let mut all = Outstanding::new();
    for (office, db) in world.offices.iter().zip(databases) {
        for (what, statement) in OUTSTANDING {
            let count = numbers(db, *statement).await[0];
            if count > 0 {
                all.insert(format!("{}: {what}", office.side.letter()), count);
            }
        }
    }
    if !all.is_empty() {
        return all;
    }
    // Its list of packets is long: it is asked last.
    let state = world.axis.state();
    for (kind, count) in state["counts"].as_object().unwrap() {
        if !kind.ends_with("/done") && !kind.ends_with("/fail") {
            all.insert(format!("axis: {kind}"), count.as_i64().unwrap());
        }
    }
    all
}

/// Waits until nothing is left to do for anybody, twice in a row: what is done at one side may come back to the other.
pub fn wait_until_settled(world: &World) {
    block_on(async {
        let databases = databases(world).await;
        let (mut last, mut quiet) = (Outstanding::new(), 0);
        while quiet < 2 {
            let left = outstanding(world, &databases).await;
            quiet = if left.is_empty() { quiet + 1 } else { 0 };
            if left != last {
                world.moved();
            }
            world.be_patient(&format!("{left:?}"));
            last = left;
            thread::sleep(Duration::from_millis(700));
        }
        for db in databases {
            db.close().await;
        }
    });
}

async fn databases(world: &World) -> Vec<Db> {
    let mut opened = Vec::new();
    for office in &world.offices {
        opened.push(open(&office.folder, &office.database).await);
    }
    opened
}

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

/// A document and a recipient: what both sides call the same.
type Key = (String, String);

/// A delivery line, as its sender has it.
struct Line {
    subject: String,
    state: String,
    recall: String,
    number: Option<i64>,
}

/// A document, as its recipient has it.
struct Received {
    business: String,
    subject: String,
    state: String,
    number: Option<i64>,
    is_replaced: bool,
}

/// What one installation knows.
struct Books {
    name: char,
    lines: BTreeMap<Key, Line>,
    received: BTreeMap<Key, Vec<Received>>,
    /// Recalls and updates with how they ended, in order.
    ordered: BTreeMap<(Key, String), Vec<String>>,
    asked: BTreeMap<(Key, String), Vec<String>>,
    /// Identifiers of documents that another one replaces.
    replaced: BTreeSet<String>,
    issued: BTreeSet<String>,
}

fn text(row: &Row, column: &str) -> String {
    row.get::<Option<String>>(column).unwrap().unwrap_or_default()
}

fn key(row: &Row) -> Key {
    (text(row, "document_code"), text(row, "recipient"))
}

async fn ends(db: &Db, statement: Sql) -> BTreeMap<(Key, String), Vec<String>> {
    let mut all = BTreeMap::<_, Vec<String>>::new();
    for row in db.all(statement, args![]).await.unwrap() {
        all.entry((key(&row), text(&row, "business")))
            .or_default()
            .push(text(&row, "state"));
    }
    for ends in all.values_mut() {
        ends.sort();
    }
    all
}

async fn read(office: &Office, db: &Db) -> Books {
    let lines = db
        .all(
            sql!(
                "SELECT o.document_code, d.recipient_code AS recipient, o.subject, d.state, d.recall_state, d.incoming_number \
                 FROM delivery d JOIN outgoing o ON o.id = d.outgoing_id WHERE d.channel = 'axis'"
            ),
            args![],
        )
        .await
        .unwrap();
    let received = db
        .all(
            sql!(
                "SELECT i.document_code, i.sent_to_code AS recipient, i.subject, i.state, i.arrival_number, x.business, \
                 i.replaced_by FROM incoming i JOIN axis_inbox x ON x.id = i.packet_id ORDER BY i.id"
            ),
            args![],
        )
        .await
        .unwrap();
    let issued = db
        .all(
            sql!("SELECT document_code, replaced_by FROM outgoing WHERE state = 'issued'"),
            args![],
        )
        .await
        .unwrap();
    let mut books = Books {
        name: office.side.letter(),
        lines: BTreeMap::new(),
        received: BTreeMap::new(),
        ordered: ends(
            db,
            sql!(
                "SELECT o.document_code, d.recipient_code AS recipient, p.business, l.state FROM dispatch_line l \
                 JOIN dispatch p ON p.id = l.dispatch_id JOIN delivery d ON d.id = l.delivery_id \
                 JOIN outgoing o ON o.id = d.outgoing_id WHERE p.business IN ('recall', 'update') AND d.channel = 'axis' \
                 AND l.state <> 'dropped'"
            ),
        )
        .await,
        asked: ends(
            db,
            sql!(
                "SELECT i.document_code, i.sent_to_code AS recipient, r.business, r.state FROM sender_request r \
                 JOIN incoming i ON i.id = r.incoming_id WHERE i.packet_id IS NOT NULL"
            ),
        )
        .await,
        replaced: BTreeSet::new(),
        issued: BTreeSet::new(),
    };
    for row in &lines {
        let line = Line {
            subject: text(row, "subject"),
            state: text(row, "state"),
            recall: text(row, "recall_state"),
            number: row.get("incoming_number").unwrap(),
        };
        books.lines.insert(key(row), line);
    }
    for row in &received {
        let document = Received {
            business: text(row, "business"),
            subject: text(row, "subject"),
            state: text(row, "state"),
            number: row.get("arrival_number").unwrap(),
            is_replaced: row.get::<Option<Uuid>>("replaced_by").unwrap().is_some(),
        };
        books.received.entry(key(row)).or_default().push(document);
    }
    for row in &issued {
        let code = text(row, "document_code");
        if row.get::<Option<Uuid>>("replaced_by").unwrap().is_some() {
            books.replaced.insert(code.clone());
        }
        books.issued.insert(code);
    }
    books
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
