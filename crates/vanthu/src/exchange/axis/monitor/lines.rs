//! Packets as lines of lists: what of them this person may read, and no word of a document that was recalled.

use store::{Filter, Row, args};
use uuid::Uuid;

use super::{business_label, scope};
use crate::{
    context::{App, Who},
    error::AppResult,
    exchange::axis::states::{InboxState, OutboxState},
    web::{format, page::Badge},
};

/// A packet in a list.
pub struct PacketLine {
    /// Its page.
    pub href: String,
    /// Số, ký hiệu; the subject for clerks.
    pub what: String,
    /// From or to whom.
    pub party: String,
    /// When.
    pub at: String,
    /// Where it stands.
    pub state: Badge,
    /// Why.
    pub why: String,
}

/// Which packets are listed, newest first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Older than this one.
    pub before: Option<Uuid>,
    /// At most so many.
    pub limit: i64,
}

/// Packets of ours that this person follows: all, or those that somebody has to look at.
///
/// # Errors
/// When the database fails.
pub async fn sent(app: &App, who: &Who, only_failed: bool, wanted: Wanted) -> AppResult<Vec<Row>> {
    let mut filter = Filter::select(
        "SELECT id, state, business, to_codes, notation, title, status_code, created_at, last_error, \
         (SELECT count(*) FROM incoming d WHERE d.id = axis_outbox.incoming_id AND d.state = 'recalled') AS withdrawn \
         FROM axis_outbox",
    );
    if only_failed {
        filter = filter.and("state IN ('dead', 'invalid', 'unknown')", args![]);
    }
    let filter = filter
        .and_if("agency_id = ?", scope::agency(who))
        .and_if("id < ?", wanted.before)
        .end("ORDER BY id DESC LIMIT ?", args![wanted.limit]);
    Ok(app.db.filtered(filter).await?)
}

/// Packets of theirs that this person follows: all, or those in one state.
///
/// # Errors
/// When the database fails.
pub async fn received(
    app: &App,
    who: &Who,
    state: Option<InboxState>,
    wanted: Wanted,
) -> AppResult<Vec<Row>> {
    let filter = Filter::select(
        "SELECT id, axis_doc_id, kind, state, summary, sender_name, from_code, listed_at, last_error, \
         CASE WHEN incoming_id IS NOT NULL \
         THEN (SELECT count(*) FROM incoming d WHERE d.id = axis_inbox.incoming_id AND d.state = 'recalled') \
         ELSE (SELECT count(*) FROM incoming d WHERE d.agency_id = axis_inbox.agency_id \
         AND d.document_code = axis_inbox.document_id AND d.state = 'recalled' AND axis_inbox.kind = 'edoc') END AS withdrawn \
         FROM axis_inbox",
    )
    .and_if("state = ?", state.map(InboxState::as_str));
    let filter = scope::received(filter, who)
        .and_if("id < ?", wanted.before)
        .end("ORDER BY id DESC LIMIT ?", args![wanted.limit]);
    Ok(app.db.filtered(filter).await?)
}

/// A packet of ours as a line.
///
/// # Errors
/// When a column does not fit.
pub fn sent_line(who: &Who, row: &Row) -> store::Result<PacketLine> {
    let id: Uuid = row.get("id")?;
    let state: OutboxState = row.parse("state")?;
    let to: Vec<String> = row.json("to_codes")?;
    let (notation, title): (String, String) = (row.get("notation")?, row.get("title")?);
    let status: Option<String> = row.get("status_code")?;
    let what = match status {
        Some(code) => format!("Trạng thái {code} của {notation}"),
        None => match row.get::<String>("business")?.as_str() {
            "new" => notation,
            business => format!("{} {notation}", business_label(business)),
        },
    };
    let reads = scope::reads_content(who) && row.get::<i64>("withdrawn")? == 0;
    Ok(PacketLine {
        href: format!("/exchange/sent/{id}"),
        what: if reads && !title.is_empty() {
            format!("{what}: {title}")
        } else {
            what
        },
        party: to.join(", "),
        at: format::moment(row.get("created_at")?),
        state: state.badge(),
        why: row.get::<Option<String>>("last_error")?.unwrap_or_default(),
    })
}

/// A packet of theirs as a line.
///
/// # Errors
/// When a column does not fit.
pub fn received_line(who: &Who, row: &Row) -> store::Result<PacketLine> {
    let id: Uuid = row.get("id")?;
    let state: InboxState = row.parse("state")?;
    let (doc_id, summary): (String, String) = (row.get("axis_doc_id")?, row.get("summary")?);
    let is_status = row.get::<String>("kind")? == "status";
    let reads = scope::reads_content(who) && row.get::<i64>("withdrawn")? == 0;
    let what = if summary.is_empty() {
        format!("Gói tin {doc_id}")
    } else if is_status || reads {
        summary
    } else {
        number_of(&summary).to_owned()
    };
    let (name, from): (String, String) = (row.get("sender_name")?, row.get("from_code")?);
    Ok(PacketLine {
        href: format!("/exchange/received/{id}"),
        what,
        party: if name.is_empty() {
            from
        } else {
            format!("{name} ({from})")
        },
        at: format::moment(row.get("listed_at")?),
        state: state.badge(),
        why: row.get::<Option<String>>("last_error")?.unwrap_or_default(),
    })
}

/// Số, ký hiệu of a summary, without the subject.
pub fn number_of(summary: &str) -> &str {
    summary.split(':').next().unwrap_or_default()
}
