//! Rows on their way into the tables: gathered, then written table by table in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::{Timestamp, civil::Date};
use rules::{
    ids::{AgencyId, PostId, UnitId},
    numbering::{self, LastTaken},
};
use store::{Arg, Tx, args, sql};
use uuid::Uuid;

use super::people::Person;
use crate::desk::{Owner, place::Place};

/// Gathered rows, and the counters of the whole history.
#[derive(Default)]
pub struct Tables {
    pub outgoing: Vec<Vec<Arg>>,
    pub outgoing_version: Vec<Vec<Arg>>,
    pub sign_off: Vec<Vec<Arg>>,
    pub delivery: Vec<Vec<Arg>>,
    pub delivery_event: Vec<Vec<Arg>>,
    pub incoming: Vec<Vec<Arg>>,
    pub assignment: Vec<Vec<Arg>>,
    pub file: Vec<Vec<Arg>>,
    pub file_set_item: Vec<Vec<Arg>>,
    participant: Vec<Vec<Arg>>,
    desk: Vec<Vec<Arg>>,
    /// With the time of each entry, which orders them.
    journal: Vec<(Timestamp, Vec<Arg>)>,
    numbers: BTreeMap<(AgencyId, String, i16), LastTaken>,
    changed_numbers: BTreeSet<(AgencyId, String, i16)>,
    counts: BTreeMap<(Uuid, &'static str), i64>,
    changed_counts: BTreeSet<(Uuid, &'static str)>,
}

/// One line of the journal.
pub struct Line<'a> {
    pub at: Timestamp,
    pub act: &'static str,
    /// Who acted; `None` for the program itself.
    pub who: Option<&'a Person>,
    pub agency: AgencyId,
    pub object_kind: &'static str,
    pub object: Uuid,
    pub summary: String,
    pub details: serde_json::Value,
}

impl Tables {
    /// Whether enough was gathered for a transaction of its own.
    pub fn is_full(&self) -> bool {
        self.journal.len() + self.delivery_event.len() + self.desk.len() > 30_000
    }

    /// Takes the next number of a series on `day`, by the rule of numbering.
    ///
    /// # Errors
    /// When `day` lies before the day of the last number.
    pub fn take_number(&mut self, agency: AgencyId, series: &str, day: Date) -> anyhow::Result<u32> {
        let key = (agency, series.to_owned(), day.year());
        let taken = numbering::next(self.numbers.get(&key).copied(), day)
            .map_err(|refusal| anyhow::anyhow!("{}", refusal.message))?;
        let last = LastTaken {
            number: taken.number,
            date: taken.date,
        };
        self.numbers.insert(key.clone(), last);
        self.changed_numbers.insert(key);
        Ok(taken.number)
    }

    /// Puts a document on desks and counts it there.
    pub fn put(&mut self, object: Uuid, kind: &'static str, places: &[Place], seen: impl Fn(&Place) -> bool) {
        for place in places {
            let key = (place.owner, place.desk_box.key());
            *self.counts.entry(key).or_default() += 1;
            self.changed_counts.insert(key);
            self.desk.push(args![
                place.owner,
                place.desk_box.key(),
                place.rank,
                object,
                kind,
                place.due_on,
                seen(place)
            ]);
        }
    }

    /// Notes everybody who took part, each once.
    pub fn participants(&mut self, object: Uuid, people: &[(PostId, Option<UnitId>)]) {
        let mut seen = HashSet::new();
        for (post, unit) in people {
            if seen.insert(*post) {
                self.participant.push(args![object, *post, *unit]);
            }
        }
    }

    /// Adds a journal entry.
    ///
    /// # Errors
    /// When the details are not JSON.
    pub fn journal(&mut self, line: Line<'_>) -> anyhow::Result<()> {
        let entry = args![
            line.at,
            line.act,
            line.who.map(|who| who.account),
            line.who.map(|who| who.post),
            line.who.map_or("Hệ thống", |who| who.label.as_str()),
            line.agency,
            line.object_kind,
            line.object,
            line.summary,
            serde_json::to_string(&line.details)?,
        ];
        self.journal.push((line.at, entry));
        Ok(())
    }

    /// Writes everything gathered and the counters it moved, the journal under the seal of the number `seal`, which
    /// the caller puts; what was gathered is then empty.
    ///
    /// # Errors
    /// When the database fails or a constraint refuses a row.
    pub async fn flush(&mut self, tx: &mut Tx, seal: i64) -> store::Result<()> {
        let take = std::mem::take::<Vec<Vec<Arg>>>;
        tx.bulk(
            sql!(
                "INSERT INTO file (id, sha256, name, media_type, size, pages, account_id, agency_id, created_at) \
                 VALUES ($1, $2, $3, 'application/pdf', $4, $5, $6, $7, $8)"
            ),
            take(&mut self.file),
        )
        .await?;
        tx.bulk(
            sql!("INSERT INTO file_set_item (set_id, sort, role, file_id) VALUES ($1, 0, 'main', $2)"),
            take(&mut self.file_set_item),
        )
        .await?;
        tx.bulk(
            sql!(
                "INSERT INTO outgoing (id, agency_id, unit_id, drafter_post, signer_post, authority, type_key, subject, \
                 folded_subject, urgency, respond_by, reply_to, state, version, approved_version, revision, file_set, \
                 pages, symbol, series, year, number, issued_on, issued_at, document_code, legal_value, created_at, \
                 updated_at, signed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $15, $16, $17, \
                 $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)"
            ),
            take(&mut self.outgoing),
        )
        .await?;
        tx.bulk(
            sql!(
                "INSERT INTO outgoing_version (outgoing_id, version, author_post, at, content, file_set) \
                 VALUES ($1, 1, $2, $3, $4, $5)"
            ),
            take(&mut self.outgoing_version),
        )
        .await?;
        tx.bulk(
            sql!(
                "INSERT INTO sign_off (id, outgoing_id, version, kind, decision, post_id, at) \
                 VALUES ($1, $2, 1, $3, 'agreed', $4, $5)"
            ),
            take(&mut self.sign_off),
        )
        .await?;
        tx.bulk(
            sql!(
                "INSERT INTO delivery (id, outgoing_id, agency_id, recipient_id, recipient_name, purpose, channel, state, reason, \
                 incoming_number, sent_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'act', $6, $7, $8, $9, $10, $11)"
            ),
            take(&mut self.delivery),
        )
        .await?;
        tx.bulk(
            sql!(
                "INSERT INTO delivery_event (delivery_id, message_id, code, description, staff, at, received_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)"
            ),
            take(&mut self.delivery_event),
        )
        .await?;
        tx.bulk(
            sql!(
                "INSERT INTO incoming (id, agency_id, source, purpose, delivery_id, sender_id, sender_name, sender_code, number, \
                 symbol, issued_on, type_key, subject, folded_subject, urgency, signer_name, signer_title, respond_by, \
                 document_code, file_set, pages, completeness, integrity, authenticity, legal_value, state, revision, \
                 delivered_at, series, year, arrival_number, arrived_on, presented_to, lead_post, due_on, reason, result, \
                 finished_at, updated_at) VALUES ($1, $2, 'hub', 'act', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
                 $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37)"
            ),
            take(&mut self.incoming),
        )
        .await?;
        tx.bulk(
            sql!(
                "INSERT INTO assignment (id, incoming_id, parent_id, given_by, post_id, unit_id, role, instruction, due_on, \
                 state, result, given_at, seen_at, done_at, agency_id) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
            ),
            take(&mut self.assignment),
        )
        .await?;
        tx.bulk(
            sql!("INSERT INTO participant (object_id, post_id, unit_id) VALUES ($1, $2, $3)"),
            take(&mut self.participant),
        )
        .await?;
        tx.bulk(
            sql!("INSERT INTO desk (owner_id, box, rank, object_id, kind, due_on, seen) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
            take(&mut self.desk),
        )
        .await?;
        let mut journal = std::mem::take(&mut self.journal);
        journal.sort_by_key(|entry| entry.0);
        let sealed = |(_, mut entry): (Timestamp, Vec<Arg>)| {
            entry.push(Arg::from(seal));
            entry
        };
        tx.bulk(
            sql!(
                "INSERT INTO journal (at, act, account_id, post_id, actor, agency_id, object_kind, object_id, summary, \
                 details, seal_no) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            ),
            journal.into_iter().map(sealed).collect(),
        )
        .await?;
        self.flush_counters(tx).await
    }

    async fn flush_counters(&mut self, tx: &mut Tx) -> store::Result<()> {
        for key in std::mem::take(&mut self.changed_numbers) {
            let Some(last) = self.numbers.get(&key) else {
                continue;
            };
            let (agency, series, year) = key;
            tx.run(
                sql!(
                    "INSERT INTO number_counter (agency_id, series, year, last_number, last_date) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (agency_id, series, year) DO UPDATE \
                     SET last_number = $4, last_date = $5"
                ),
                args![agency, series, year, last.number, last.date],
            )
            .await?;
        }
        for key in std::mem::take(&mut self.changed_counts) {
            let Some(count) = self.counts.get(&key) else {
                continue;
            };
            tx.run(
                sql!(
                    "INSERT INTO desk_count (owner_id, box, count) VALUES ($1, $2, $3) \
                     ON CONFLICT (owner_id, box) DO UPDATE SET count = $3"
                ),
                args![key.0, key.1, *count],
            )
            .await?;
        }
        Ok(())
    }
}

/// The posts among `places`: they took part.
pub fn owners(places: &[Place]) -> impl Iterator<Item = PostId> {
    places
        .iter()
        .filter(|place| place.desk_box.owner() == Owner::Post)
        .map(|place| PostId::from_uuid(place.owner))
}
