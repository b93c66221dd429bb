//! Bản chính văn bản giấy from a document that was signed digitally (ND30-18.5, 19.2c; CN-222): what was printed and sealed is on
//! record, with how many and what for.

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use rules::{
    access::Action,
    ids::{AgencyId, CommandId, OutgoingId},
    outgoing::{PaperMainCopy, paper_main_copy},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::offers::{self, Typed};
use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    outgoing::{load, signing::authority},
    web::{Reply, Submitted, clean, format},
};

/// The setting of an agency that keeps paper because its system does not meet Phụ lục VI yet (ND30-19.2c, CN-009).
const KEEPS_PAPER: &str = "outgoing.keeps_paper";

/// Bản chính giấy đã in, đóng dấu.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct RecordPaperCopy {
    /// Số bản.
    #[serde(deserialize_with = "crate::web::number_or_blank")]
    #[schema(value_type = u32)]
    pub copies: u32,
    /// Mục đích: to be kept, or for whom. Never empty.
    pub purpose: String,
}

/// A record of main copies on paper.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PaperCopyLine {
    /// The record.
    pub id: Uuid,
    /// Số bản.
    pub copies: u32,
    /// Mục đích.
    pub purpose: String,
    /// Who printed and sealed.
    pub who: String,
    /// When, RFC 3339.
    pub at: String,
}

/// `POST /outgoing/{id}/paper-copies`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<RecordPaperCopy>,
) -> Reply {
    let typed = Typed {
        act: "paper-copies",
        copies: if form.data.copies == 0 {
            String::new()
        } else {
            form.data.copies.to_string()
        },
        purpose: form.data.purpose.clone(),
        ..Typed::default()
    };
    let done = record(&app, &form.who, form.command, id, &form.data).await;
    let sentence = "Đã ghi nhận bản chính giấy.";
    offers::after(&app, &form.who, &jar, id, done, typed, sentence).await
}

/// Records that main copies on paper were printed from the signed document and sealed.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/paper-copies", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = RecordPaperCopy, responses((status = 200, body = PaperCopyLine), (status = 404), (status = 409)))]
pub async fn api_paper_copy(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<RecordPaperCopy>,
) -> AppResult<Json<PaperCopyLine>> {
    Ok(Json(record(&app, &sent.who, sent.command, id, &sent.data).await?))
}

/// Records main copies on paper.
///
/// # Errors
/// Refusals of [`paper_main_copy`].
pub async fn record(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: &RecordPaperCopy,
) -> AppResult<PaperCopyLine> {
    let purpose = clean(&data.purpose);
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = load::for_change(&mut act, who, id, Action::Issue).await?;
    paper_main_copy(
        &who.actor,
        &document.facts,
        &PaperMainCopy {
            is_signed: document.signed_set.is_some(),
            is_recalled: document.recalled_at.is_some(),
            copies: data.copies,
            purpose: &purpose,
        },
    )?;
    let (line, now) = (act.new_id(), act.now());
    act.run(
        sql!(
            "INSERT INTO paper_main_copy (id, outgoing_id, copies, purpose, post_id, at) VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        args![line, id, data.copies, purpose.as_str(), who.post(), now],
    )
    .await?;
    act.journal(Entry {
        act: act_names::PAPER_COPY,
        object_kind: "outgoing",
        object: id.as_uuid(),
        agency: None,
        summary: format!("In, đóng dấu {} bản chính giấy: {purpose}.", data.copies),
        details: json!({ "copies": data.copies, "purpose": purpose, "number_and_symbol": document.number_and_symbol() }),
    })
    .await?;
    let recorded = PaperCopyLine {
        id: line,
        copies: data.copies,
        purpose,
        who: who.label(),
        at: format::machine(now),
    };
    app.commit(act, &recorded).await?;
    Ok(recorded)
}

/// The records of a document, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of(app: &App, id: OutgoingId) -> AppResult<Vec<(PaperCopyLine, Timestamp)>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT c.id, c.copies, c.purpose, c.at, a.full_name, p.title FROM paper_main_copy c \
                 JOIN post p ON p.id = c.post_id JOIN account a ON a.id = p.account_id \
                 WHERE c.outgoing_id = $1 ORDER BY c.at, c.id"
            ),
            args![id],
        )
        .await?;
    let line = |row: &store::Row| {
        let at: Timestamp = row.get("at")?;
        let (name, title): (String, String) = (row.get("full_name")?, row.get("title")?);
        Ok((
            PaperCopyLine {
                id: row.get("id")?,
                copies: row.get("copies")?,
                purpose: row.get("purpose")?,
                who: format!("{name}, {title}"),
                at: format::machine(at),
            },
            at,
        ))
    };
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}

/// Whether the agency keeps a main copy on paper of everything that it issues.
///
/// # Errors
/// When the database fails.
pub async fn is_kept_on_paper(app: &App, agency: AgencyId) -> AppResult<bool> {
    let today = app.clock.today();
    Ok(authority::setting(app, agency, KEEPS_PAPER, today)
        .await?
        .unwrap_or_default())
}
