//! The history of one object, as the journal tells it.

use jiff::Timestamp;
use store::{args, sql};
use uuid::Uuid;

use crate::{
    act_names,
    context::App,
    error::AppResult,
    web::{
        format,
        page::{HistoryEntry, Tone},
    },
};

/// Entries of an object that a page shows.
const MOST: i64 = 500;

/// What was done with an object, newest first. `details.note` of an entry is what was said: directive, comment, reason.
///
/// # Errors
/// When the database fails.
pub async fn history(app: &App, object: Uuid) -> AppResult<Vec<HistoryEntry>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT at, act, actor, summary, details FROM journal WHERE object_id = $1 ORDER BY seq DESC LIMIT $2"
            ),
            args![object, MOST],
        )
        .await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in &rows {
        let at: Timestamp = row.get("at")?;
        let act: String = row.get("act")?;
        // The request itself is told when it reaches the document; that it came in a packet is told with the packets.
        if act == act_names::PACKET_REQUEST {
            continue;
        }
        let details: serde_json::Value = row.json("details")?;
        let (tone, icon) = look(&act);
        let summary: String = row.get("summary")?;
        let note = details
            .get("note")
            .and_then(|note| note.as_str())
            // What the sentence says already is not said again.
            .filter(|note| !summary.contains(note))
            .unwrap_or_default()
            .to_owned();
        entries.push(HistoryEntry {
            at: format::moment(at),
            at_machine: format::machine(at),
            who: row.get("actor")?,
            act: summary,
            note,
            tone,
            icon,
        });
    }
    Ok(entries)
}

/// Tone and icon of an entry, by what was done.
fn look(act: &str) -> (Tone, &'static str) {
    match act.rsplit('.').next().unwrap_or(act) {
        "issue" | "finish" | "approve" | "complete" => (Tone::Good, "circle-check"),
        "return" | "refuse" | "cancel" | "refused" | "give_back" | "take_back" | "refuse_extension" => {
            (Tone::Bad, "arrow-back-up")
        }
        "register" | "arrive" => (Tone::Info, "inbox"),
        "ask_extension" | "grant_extension" => (Tone::Info, "calendar-time"),
        "urge" => (Tone::Warn, "bell"),
        "direct" | "pass_down" | "present" | "assign_more" | "change_part" => (Tone::Info, "send"),
        "check" | "recheck" => (Tone::Info, "shield-check"),
        "opinion" | "consult" | "opine" => (Tone::Neutral, "message-2"),
        _ => (Tone::Neutral, "history"),
    }
}
