//! Văn bản trả lời: outgoing documents drafted in answer, as far as the reader may see them.

use rules::{
    access::Action,
    ids::{IncomingId, OutgoingId},
    numbering::number_and_symbol,
    outgoing::OutgoingState,
};
use store::{args, sql};

use crate::{
    access,
    context::{App, Who},
    error::AppResult,
    web::page::{Badge, Choice, Tone},
};

/// A reply, as the page links it.
#[derive(Debug, Clone)]
pub(in crate::incoming) struct ReplyView {
    pub id: OutgoingId,
    pub href: String,
    /// Number and symbol once issued, else the subject.
    pub name: String,
    pub state: Badge,
    pub issued: bool,
}

/// Replies to a document that the reader may see, oldest first.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn of(app: &App, who: &Who, id: IncomingId) -> AppResult<Vec<ReplyView>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, agency_id, unit_id, drafter_post, signer_post, state, number, symbol, subject, recalled_at FROM outgoing \
                 WHERE reply_to = $1 ORDER BY id"
            ),
            args![id],
        )
        .await?;
    let mut replies = Vec::with_capacity(rows.len());
    for row in rows {
        let reply: OutgoingId = row.get("id")?;
        let state: OutgoingState = row.parse("state")?;
        let participants = app.db.all(access::PARTICIPANTS, args![reply]).await?;
        if !access::is_allowed(who, Action::View, &access::outgoing(&row, &participants)?) {
            continue;
        }
        let issued = state == OutgoingState::Issued;
        let recalled = row.get::<Option<jiff::Timestamp>>("recalled_at")?.is_some();
        let number: Option<u32> = row.get("number")?;
        let symbol: Option<String> = row.get("symbol")?;
        let name = match (number, symbol) {
            (Some(number), Some(symbol)) if issued => number_and_symbol(number, &symbol),
            _ => row.get("subject")?,
        };
        replies.push(ReplyView {
            id: reply,
            href: format!("/outgoing/{reply}"),
            name,
            state: if recalled {
                Badge::new("Đã thu hồi", Tone::Bad)
            } else {
                Badge::new(state.label(), if issued { Tone::Good } else { Tone::Info })
            },
            issued: issued && !recalled,
        });
    }
    Ok(replies)
}

/// The issued ones, to finish with.
pub(in crate::incoming) fn issued_choices(replies: &[ReplyView]) -> Vec<Choice> {
    replies
        .iter()
        .filter(|reply| reply.issued)
        .map(|reply| Choice::new(reply.id.to_string(), &reply.name))
        .collect()
}
