//! What the history tells of a recipient's line: the states that the sender hears, and the journals of both sides.

use jiff::Timestamp;
use rules::{exchange::StatusCode, ids::AgencyId};
use serde_json::{Value, json};
use store::args;
use uuid::Uuid;

use super::{
    issued::Issued,
    people::{HistoryIds, Kind, Person},
    tables::{Line, Tables},
};
use crate::act_names;

/// What the history has told of a line so far.
pub(super) struct Told<'a> {
    pub tables: &'a mut Tables,
    pub ids: HistoryIds,
    pub document: &'a Issued,
    pub line: usize,
    pub recipient: &'a str,
    pub agency: AgencyId,
    pub incoming: Uuid,
    pub delivery: Uuid,
    pub events: usize,
}

impl Told<'_> {
    pub fn id(&self, kind: Kind, nth: usize) -> Uuid {
        self.ids.id(kind, self.document.index, self.line, nth)
    }

    /// A status message to the sender, and what the sender's journal says of it.
    pub fn event(
        &mut self,
        at: Timestamp,
        code: StatusCode,
        description: &str,
        who: Option<&Person>,
    ) -> anyhow::Result<()> {
        let message = self.id(Kind::Event, self.events);
        self.events += 1;
        let staff = who.map_or("Hệ thống", |who| who.label.as_str());
        self.tables.delivery_event.push(args![
            self.delivery,
            message,
            code.wire(),
            description,
            staff,
            at,
            at,
        ]);
        let act = if code == StatusCode::Refused {
            act_names::STATUS_REFUSED
        } else {
            act_names::STATUS
        };
        let details = json!({
            "delivery": self.delivery, "code": code.wire(), "note": description, "at": at.as_microsecond(),
            "staff": staff,
        });
        self.sender(at, act, format!("{}: {}.", self.recipient, code.label()), details)
    }

    /// A line in the history of the sent document, by the program itself.
    pub fn sender(
        &mut self,
        at: Timestamp,
        act: &'static str,
        summary: String,
        details: Value,
    ) -> anyhow::Result<()> {
        self.tables.journal(Line {
            at,
            act,
            who: None,
            agency: self.document.agency,
            object_kind: "outgoing",
            object: self.document.id.as_uuid(),
            summary,
            details,
        })
    }

    /// A line in the history of the document.
    pub fn journal(
        &mut self,
        at: Timestamp,
        act: &'static str,
        who: Option<&Person>,
        summary: String,
        details: Value,
    ) -> anyhow::Result<()> {
        let (agency, object) = (self.agency, self.incoming);
        self.tables.journal(Line {
            at,
            act,
            who,
            agency,
            object_kind: "incoming",
            object,
            summary,
            details,
        })
    }
}
