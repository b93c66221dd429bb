//! In bì văn bản: the envelopes of a document that goes on paper, one page for each recipient on paper (NĐ 30 Điều 18.1, Phụ lục IV
//! mẫu III). They change nothing: the book of the post has its lines from the issue.

use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use rules::{
    Refusal,
    ids::{DeliveryId, OutgoingId},
    numbering,
    urgency::Urgency,
};
use serde::Deserialize;
use store::{args, sql};
use the_thuc::{Envelope, EnvelopeSize, Issuer};
use utoipa::IntoParams;

use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    organization,
    outgoing::load,
};

/// Which envelopes.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct EnvelopeQuery {
    /// `c4`, `c5` or `dl`; `c5` when left out.
    size: String,
    /// One recipient by its line; all on paper when left out.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<uuid::Uuid>)]
    line: Option<DeliveryId>,
}

/// `GET /outgoing/{id}/envelope.pdf`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    Path(id): Path<OutgoingId>,
    Query(query): Query<EnvelopeQuery>,
) -> AppResult<Response> {
    envelopes(&app, &who, id, &query).await
}

/// Envelopes of the recipients on paper of an issued document, as PDF.
#[utoipa::path(get, path = "/api/v1/outgoing/{id}/envelope", tag = "outgoing", params(("id" = uuid::Uuid, Path), EnvelopeQuery),
    responses((status = 200, description = "PDF", content_type = "application/pdf"),
        (status = 409, description = "Văn bản chưa phát hành hoặc không gửi bản giấy"), (status = 404)))]
pub async fn api_envelope(
    State(app): State<App>,
    who: Who,
    Path(id): Path<OutgoingId>,
    Query(query): Query<EnvelopeQuery>,
) -> AppResult<Response> {
    envelopes(&app, &who, id, &query).await
}

async fn envelopes(app: &App, who: &Who, id: OutgoingId, query: &EnvelopeQuery) -> AppResult<Response> {
    load::for_view(app, who, id).await?;
    let size = match query.size.as_str() {
        "" => EnvelopeSize::default(),
        key => EnvelopeSize::ALL
            .into_iter()
            .find(|size| size.key() == key)
            .ok_or_else(|| AppError::BadInput("Vui lòng chọn khổ bì C4, C5 hoặc DL.".to_owned()))?,
    };
    let row = app
        .db
        .one(
            sql!("SELECT number, symbol, urgency FROM outgoing WHERE id = $1"),
            args![id],
        )
        .await?;
    let number = row.get::<Option<u32>>("number")?.ok_or_else(|| {
        Refusal::new(
            "ND30-18.1",
            "outgoing.no_envelope",
            "Văn bản chưa cấp số, phát hành nên chưa in bì.",
        )
    })?;
    let rows = app
        .db
        .all(
            sql!("SELECT id, recipient_name FROM delivery WHERE outgoing_id = $1 AND channel = 'paper' ORDER BY id"),
            args![id],
        )
        .await?;
    let mut recipients = Vec::new();
    for row in &rows {
        if query.line.is_none() || query.line == Some(row.get("id")?) {
            recipients.push(row.get::<String>("recipient_name")?);
        }
    }
    if recipients.is_empty() {
        return Err(Refusal::new(
            "ND30-18.1",
            "outgoing.nobody_on_paper",
            "Văn bản này không có nơi nhận bản giấy nên không cần in bì.",
        )
        .into());
    }
    let agency = organization::agency(app, who.agency()).await?;
    let urgency = match row.parse::<Urgency>("urgency")? {
        Urgency::Normal => None,
        Urgency::Urgent => Some(the_thuc::Urgency::Urgent),
        Urgency::VeryUrgent => Some(the_thuc::Urgency::VeryUrgent),
        Urgency::Express => Some(the_thuc::Urgency::Flash),
    };
    let envelope = Envelope {
        size,
        sender: Issuer {
            parent_name: agency.printed_parent,
            name: agency.name,
        },
        sender_place: agency.place_name,
        number_and_symbol: numbering::number_and_symbol(
            number,
            &row.get::<Option<String>>("symbol")?.unwrap_or_default(),
        ),
        urgency,
        recipients,
    };
    let at = app.clock.now();
    let composed = app
        .heavy(move |app| anyhow::Ok(app.composer()?.envelope(&envelope, at)))
        .await??
        .map_err(|error| AppError::BadInput(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"bi-van-ban-{number:02}-{}.pdf\"", size.key()),
        ),
    ];
    Ok((headers, Body::from(composed.pdf)).into_response())
}
