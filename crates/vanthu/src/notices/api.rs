//! Notices for programs: reading them does not count as looking.

use axum::{
    Json,
    extract::{Query, State},
};
use rules::urgency::Urgency;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    list,
    settings::{self, NoticeChoice},
};
use crate::{
    api,
    context::{App, Who},
    error::AppResult,
    web::format,
};

/// Which page.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct NoticeQuery {
    /// Continue with older notices: the `next` of the page before.
    pub after: String,
}

/// A notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeLine {
    /// When, RFC 3339.
    pub at: String,
    /// The box into which the document came: `handling` …; `urgent` for an urgent one that waits to be accepted, `envelopes` for
    /// an unopened envelope, `returned_to_sender` for one that the clerk returned.
    #[serde(rename = "box")]
    pub desk_box: &'static str,
    /// The document, the slip, the envelope.
    pub id: Uuid,
    /// `incoming`, `outgoing`, `slip`, `unopened`.
    pub kind: &'static str,
    /// Trích yếu; of an envelope from whom it is.
    pub subject: String,
    /// Số, ký hiệu; empty without.
    pub number_and_symbol: String,
    /// Who laid it there.
    pub by: String,
    /// `urgent`, `very_urgent`, `express`; absent without an urgency mark.
    pub urgency: Option<&'static str>,
    /// Came since the person looked last.
    pub is_new: bool,
}

/// A page of notices.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notices {
    /// How many came since the person looked last, at most 100.
    pub unread: i64,
    /// The notices, newest first.
    pub items: Vec<NoticeLine>,
    /// Pass as `after` for older ones; absent on the last page.
    pub next: Option<String>,
}

/// What came to the caller.
#[utoipa::path(get, path = "/api/v1/notices", tag = "notices", params(NoticeQuery),
    responses((status = 200, body = Notices)))]
pub async fn list(
    State(app): State<App>,
    who: Who,
    Query(query): Query<NoticeQuery>,
) -> AppResult<Json<Notices>> {
    let found = list::read(&app, &who, &query.after).await?;
    let items = found
        .notices
        .into_iter()
        .map(|notice| NoticeLine {
            at: format::machine(notice.at),
            desk_box: notice.source.key(),
            id: notice.object,
            kind: notice.kind,
            subject: notice.subject,
            number_and_symbol: notice.printed,
            by: notice.by_whom,
            urgency: notice.urgency.map(Urgency::as_str),
            is_new: notice.is_new,
        })
        .collect();
    Ok(Json(Notices {
        unread: list::unread(&app, &who).await?.unwrap_or(0),
        items,
        next: found.next,
    }))
}

/// Keeps which boxes do not tell the caller.
#[utoipa::path(post, path = "/api/v1/notices/settings", tag = "notices", request_body = NoticeChoice,
    responses((status = 200, body = NoticeChoice), (status = 409, description = "Hộp không thuộc vai trò")))]
pub async fn settings(
    State(app): State<App>,
    command: api::Command<NoticeChoice>,
) -> AppResult<Json<NoticeChoice>> {
    let kept = command.data.clone();
    settings::choose(&app, &command.who, command.command, command.data).await?;
    Ok(Json(kept))
}
