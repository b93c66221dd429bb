//! An incoming document as somebody sees it: with everything that its page and the API show.

use jiff::{Timestamp, civil::Date};
use rules::{
    access::{Action, ObjectFacts},
    exchange::Purpose,
    ids::{IncomingId, PostId},
    incoming::{AssignmentFacts, AssignmentRole, AssignmentState, CheckOutcome, IncomingFacts, PaperChannel},
    legal_value::LegalValue,
    urgency::Urgency,
};
use store::{Row, args, sql};
use uuid::Uuid;

use super::{
    extension::{self, Extension},
    load::{assignment_facts, incoming_facts, leads_with_unit},
};
use crate::{
    access,
    context::{App, Who},
    error::{AppError, AppResult},
    processes::Stand,
};

/// Số and ký hiệu together; letters may have one of them or none.
pub fn printed(number: &str, symbol: &str) -> String {
    match (number.is_empty(), symbol.is_empty()) {
        (false, false) => format!("{number}/{symbol}"),
        (false, true) => number.to_owned(),
        (true, _) => symbol.to_owned(),
    }
}

/// An assignment with names.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub facts: AssignmentFacts,
    pub post: PostId,
    /// Name of the person.
    pub name: String,
    /// Chức vụ.
    pub title: String,
    /// The unit of the person.
    pub unit_name: Option<String>,
    /// Who gave it, name and title; “A thay B” when it was done in somebody's place.
    pub given_by: String,
    /// Who ended it in its holder's place: “A thay B”.
    pub done_in_place: Option<String>,
    pub instruction: String,
    pub result: Option<String>,
    /// Why it was given back or taken back.
    pub reason: Option<String>,
    /// Requests for a later deadline, oldest first.
    pub extensions: Vec<Extension>,
    /// How often its holder was urged, and when last.
    pub urged: Option<(i64, Timestamp)>,
    pub given_at: Timestamp,
    pub seen_at: Option<Timestamp>,
    pub done_at: Option<Timestamp>,
}

/// An opinion with its author.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub who: String,
    pub text: String,
    pub at: Timestamp,
}

/// A document with everything that its page and the API show.
#[derive(Debug)]
pub(super) struct Seen {
    pub id: IncomingId,
    pub facts: IncomingFacts,
    pub object: ObjectFacts,
    pub parts: Vec<Part>,
    pub opinions: Vec<Said>,
    pub source: String,
    /// What it was sent for; nothing is known of paper.
    pub purpose: Option<Purpose>,
    pub sender_id: Option<Uuid>,
    pub sender_name: String,
    pub sender_code: Option<String>,
    pub number: String,
    pub symbol: String,
    pub issued_on: Option<Date>,
    pub type_key: String,
    pub subject: String,
    pub urgency: Urgency,
    pub signer_name: String,
    pub signer_title: String,
    pub respond_by: Option<Date>,
    pub document_code: Option<String>,
    pub file_set: Option<Uuid>,
    pub pages: Option<i64>,
    pub note: Option<String>,
    pub despite: Option<String>,
    pub completeness: CheckOutcome,
    pub integrity: CheckOutcome,
    pub authenticity: CheckOutcome,
    pub legal_value: LegalValue,
    pub delivered_at: Timestamp,
    pub arrival_number: Option<i64>,
    pub arrived_on: Option<Date>,
    /// Name and title of the leader it was presented to.
    pub presented_to: Option<String>,
    pub due_on: Option<Date>,
    pub reason: Option<String>,
    pub result: Option<String>,
    pub finished_at: Option<Timestamp>,
    /// The incoming document that replaces this one.
    pub replaced_by: Option<IncomingId>,
}

impl Seen {
    /// By which way it came, when the clerk registered it by hand.
    pub fn channel(&self) -> PaperChannel {
        self.source.parse().unwrap_or(PaperChannel::Paper)
    }

    /// Số, ký hiệu as printed.
    pub fn printed(&self) -> String {
        printed(&self.number, &self.symbol)
    }

    /// The same in a sentence or a heading, where nothing may be empty.
    pub fn printed_or_none(&self) -> String {
        let printed = self.printed();
        if printed.is_empty() {
            "Không số".to_owned()
        } else {
            printed
        }
    }

    /// The open assignment that `who` holds, the lead part before others.
    pub fn mine(&self, who: &Who) -> Option<&Part> {
        let open =
            |part: &&Part| part.facts.state == AssignmentState::Open && part.facts.is_held_by(&who.actor);
        self.parts.iter().filter(open).min_by_key(|part| part.facts.role)
    }

    /// What the rules look at, of every part.
    pub fn all(&self) -> Vec<AssignmentFacts> {
        self.parts.iter().map(|part| part.facts).collect()
    }

    /// Where it stands in the process of its agency.
    pub fn stand(&self) -> Stand {
        Stand {
            id: self.id,
            agency: self.facts.agency,
            state: self.facts.state,
            with_unit: leads_with_unit(self.parts.iter().map(|part| &part.facts)),
            delivered_at: self.delivered_at,
        }
    }

    /// The open lead assignment.
    pub fn lead(&self) -> Option<&Part> {
        self.parts
            .iter()
            .find(|part| part.facts.role == AssignmentRole::Lead && part.facts.state == AssignmentState::Open)
    }
}

/// Where a document stands in the process of its agency.
///
/// # Errors
/// [`AppError::NotFound`] for a document that is not there or not visible.
pub async fn stand(app: &App, who: &Who, id: IncomingId) -> AppResult<Stand> {
    Ok(for_view(app, who, id).await?.stand())
}

/// Whether the document is there for this person.
///
/// # Errors
/// [`AppError::NotFound`] when it is not.
pub async fn may_view(app: &App, who: &Who, id: IncomingId) -> AppResult<()> {
    for_view(app, who, id).await.map(drop)
}

/// Loads a document for reading.
///
/// # Errors
/// [`AppError::NotFound`] for a document that is not there or not visible.
pub(super) async fn for_view(app: &App, who: &Who, id: IncomingId) -> AppResult<Seen> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT d.agency_id, d.source, d.purpose, d.sender_id, d.sender_name, d.sender_code, d.number, d.symbol, d.issued_on, \
                 d.type_key, d.subject, d.urgency, d.signer_name, d.signer_title, d.respond_by, d.document_code, \
                 d.file_set, d.pages, d.note, d.despite, d.completeness, d.integrity, d.authenticity, d.legal_value, d.state, \
                 d.delivered_at, d.arrival_number, d.arrived_on, d.presented_to, d.due_on, d.reply_required, d.reason, d.result, \
                 d.finished_at, d.replaced_by, a.full_name AS leader_name, p.title AS leader_title \
                 FROM incoming d LEFT JOIN post p ON p.id = d.presented_to LEFT JOIN account a ON a.id = p.account_id \
                 WHERE d.id = $1 AND d.agency_id = $2"
            ),
            args![id, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let participants = app.db.all(access::PARTICIPANTS, args![id]).await?;
    let object = access::incoming(&row, &participants)?;
    access::may(who, Action::View, &object)?;
    let leader: Option<String> = row.get("leader_name")?;
    let leader_title: Option<String> = row.get("leader_title")?;
    Ok(Seen {
        id,
        facts: incoming_facts(&row)?,
        object,
        parts: parts(app, id).await?,
        opinions: opinions(app, id).await?,
        source: row.get("source")?,
        purpose: row
            .get::<Option<String>>("purpose")?
            .and_then(|purpose| purpose.parse().ok()),
        sender_id: row.get("sender_id")?,
        sender_name: row.get("sender_name")?,
        sender_code: row.get("sender_code")?,
        number: row.get("number")?,
        symbol: row.get("symbol")?,
        issued_on: row.get("issued_on")?,
        type_key: row.get("type_key")?,
        subject: row.get("subject")?,
        urgency: row.parse("urgency")?,
        signer_name: row.get("signer_name")?,
        signer_title: row.get("signer_title")?,
        respond_by: row.get("respond_by")?,
        document_code: row.get("document_code")?,
        file_set: row.get("file_set")?,
        pages: row.get("pages")?,
        note: row.get("note")?,
        despite: row.get("despite")?,
        completeness: outcome(&row, "completeness")?,
        integrity: outcome(&row, "integrity")?,
        authenticity: outcome(&row, "authenticity")?,
        legal_value: row.parse("legal_value")?,
        delivered_at: row.get("delivered_at")?,
        arrival_number: row.get("arrival_number")?,
        arrived_on: row.get("arrived_on")?,
        presented_to: leader.map(|name| format!("{name}, {}", leader_title.unwrap_or_default())),
        due_on: row.get("due_on")?,
        reason: row.get("reason")?,
        result: row.get("result")?,
        finished_at: row.get("finished_at")?,
        replaced_by: row.get("replaced_by")?,
    })
}

/// The schema's word for an open check is `unknown`.
fn outcome(row: &Row, column: &str) -> store::Result<CheckOutcome> {
    if row.get::<String>(column)? == "unknown" {
        Ok(CheckOutcome::Undetermined)
    } else {
        row.parse(column)
    }
}

async fn parts(app: &App, id: IncomingId) -> AppResult<Vec<Part>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT s.id, s.parent_id, s.given_by, s.post_id, s.unit_id, s.role, s.state, s.due_on, s.instruction, s.result, \
                 s.reason, s.given_at, s.seen_at, s.done_at, a.full_name, p.title, \
                 coalesce((SELECT f.name FROM unit_former_name f WHERE f.unit_id = u.id AND f.renamed_at > s.given_at \
                 ORDER BY f.renamed_at LIMIT 1), u.name) AS unit_name, \
                 ga.full_name AS giver, gp.title AS giver_title, \
                 (SELECT count(*) FROM urging g WHERE g.assignment_id = s.id) AS urged, \
                 (SELECT max(g.at) FROM urging g WHERE g.assignment_id = s.id) AS urged_at, \
                 (SELECT min(j.actor) FROM journal j WHERE j.object_id = s.incoming_id AND j.on_behalf_of = s.given_by \
                 AND j.at = s.given_at) AS given_in_place, \
                 (SELECT min(j.actor) FROM journal j WHERE j.object_id = s.incoming_id AND j.on_behalf_of = s.post_id \
                 AND j.at = s.done_at) AS done_in_place \
                 FROM assignment s JOIN post p ON p.id = s.post_id JOIN account a ON a.id = p.account_id \
                 LEFT JOIN unit u ON u.id = p.unit_id JOIN post gp ON gp.id = s.given_by \
                 JOIN account ga ON ga.id = gp.account_id WHERE s.incoming_id = $1 ORDER BY s.id"
            ),
            args![id],
        )
        .await?;
    let extensions = extension::of(app, id).await?;
    let part = |row: &Row| {
        let facts = assignment_facts(row)?;
        let urged_at: Option<Timestamp> = row.get("urged_at")?;
        Ok(Part {
            facts,
            post: row.get("post_id")?,
            name: row.get("full_name")?,
            title: row.get("title")?,
            unit_name: row.get("unit_name")?,
            given_by: match row.get("given_in_place")? {
                Some(label) => label,
                None => format!(
                    "{}, {}",
                    row.get::<String>("giver")?,
                    row.get::<String>("giver_title")?
                ),
            },
            done_in_place: row.get("done_in_place")?,
            instruction: row.get("instruction")?,
            result: row.get("result")?,
            reason: row.get("reason")?,
            extensions: extensions
                .iter()
                .filter(|one| one.assignment == facts.id)
                .cloned()
                .collect(),
            urged: urged_at
                .map(|at| Ok::<_, store::Error>((row.get("urged")?, at)))
                .transpose()?,
            given_at: row.get("given_at")?,
            seen_at: row.get("seen_at")?,
            done_at: row.get("done_at")?,
        })
    };
    Ok(rows.iter().map(part).collect::<store::Result<_>>()?)
}

async fn opinions(app: &App, id: IncomingId) -> AppResult<Vec<Said>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT o.text, o.at, a.full_name, p.title, (SELECT min(j.actor) FROM journal j WHERE j.object_id = o.object_id \
                 AND j.on_behalf_of = o.post_id AND j.at = o.at) AS in_place FROM opinion o JOIN post p ON p.id = o.post_id \
                 JOIN account a ON a.id = p.account_id WHERE o.object_id = $1 ORDER BY o.id"
            ),
            args![id],
        )
        .await?;
    let said = |row: &Row| {
        Ok(Said {
            who: match row.get("in_place")? {
                Some(label) => label,
                None => format!(
                    "{}, {}",
                    row.get::<String>("full_name")?,
                    row.get::<String>("title")?
                ),
            },
            text: row.get("text")?,
            at: row.get("at")?,
        })
    };
    Ok(rows.iter().map(said).collect::<store::Result<_>>()?)
}
