//! Which boxes tell a person: every waiting box of the role, less those that the person muted. Urgent arrivals are chosen apart
//! from the box they come into.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rules::{Refusal, ids::CommandId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;

use super::source::Source;
use crate::{
    act_names,
    context::{App, Who},
    desk::DeskBox,
    error::AppResult,
};

/// What is kept of a reader.
#[derive(Debug, Clone, Default)]
pub(super) struct Reader {
    /// The newest notice that they looked at.
    pub seen_at: Option<Timestamp>,
    /// Keys of the boxes that do not tell.
    pub muted: BTreeSet<String>,
}

/// What can tell this person, in reading order.
pub(super) fn boxes_of(who: &Who) -> Vec<Source> {
    let (incoming, outgoing) = DeskBox::of(who.role());
    let views = [DeskBox::DueSoon, DeskBox::Overdue, DeskBox::LateArrivals];
    let tells = |known: &DeskBox| known.is_counted() && !views.contains(known);
    let slips = DeskBox::of_slips(who.role());
    let all = incoming.iter().chain(outgoing).chain(slips);
    let urgent = incoming.contains(&DeskBox::Reception).then_some(Source::Urgent);
    let envelopes = concerns(who).then_some(Source::Envelopes);
    let returned = who.actor.is_agency_head.then_some(Source::Returned);
    let boxes = all.copied().filter(tells).map(Source::Box);
    urgent
        .into_iter()
        .chain(boxes)
        .chain(envelopes)
        .chain(returned)
        .collect()
}

/// Whether documents concern this person at all: administrators see none.
pub(super) fn concerns(who: &Who) -> bool {
    !DeskBox::of(who.role()).0.is_empty()
}

/// What is kept of this person.
pub(super) async fn of(app: &App, who: &Who) -> AppResult<Reader> {
    let row = app
        .db
        .opt(
            sql!("SELECT seen_at, muted FROM notice_reader WHERE post_id = $1"),
            args![who.post()],
        )
        .await?;
    Ok(match row {
        Some(row) => Reader {
            seen_at: row.get("seen_at")?,
            muted: row.json("muted")?,
        },
        None => Reader::default(),
    })
}

/// Which boxes shall not tell.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeChoice {
    /// Keys of boxes: `handling`, `information` …
    pub muted: Vec<String>,
}

/// Keeps which boxes tell this person.
///
/// # Errors
/// `QC01-4.2` for a box that the person does not have.
pub(super) async fn choose(app: &App, who: &Who, command: CommandId, data: NoticeChoice) -> AppResult<()> {
    let own: Vec<&str> = boxes_of(who).into_iter().map(Source::key).collect();
    if data.muted.iter().any(|key| !own.contains(&key.as_str())) {
        return Err(Refusal::new(
            "QC01-4.2",
            "notices.unknown_box",
            "Có hộp văn bản không thuộc vai trò của Ông/Bà. Vui lòng tải lại trang rồi chọn lại.",
        )
        .into());
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let muted: BTreeSet<String> = data.muted.into_iter().collect();
    act.run(
        sql!(
            "INSERT INTO notice_reader (post_id, seen_at, muted) VALUES ($1, NULL, $2) \
             ON CONFLICT (post_id) DO UPDATE SET muted = $2"
        ),
        args![who.post(), serde_json::to_string(&muted)?],
    )
    .await?;
    act.touch(who.post().as_uuid());
    act.journal(Entry {
        act: act_names::NOTICE_SETTINGS,
        object_kind: "account",
        object: who.account().as_uuid(),
        agency: None,
        summary: "Chọn loại thông báo muốn nhận".to_owned(),
        details: json!({ "muted": muted }),
    })
    .await?;
    app.commit(act, &()).await
}
