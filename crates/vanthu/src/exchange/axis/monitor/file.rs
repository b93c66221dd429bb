//! Tải gói tin edXML: exactly the bytes that were sent or received (QCVN 102:2016/BTTTT/SĐ1:2022 asks for such a tool). Who may
//! see the document may have its packet.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use rules::{
    access::Action,
    ids::{IncomingId, OutgoingId},
};
use store::{Digest, args, sql};
use tokio_util::io::ReaderStream;
use uuid::Uuid;

use super::scope;
use crate::{
    access,
    context::{App, Who},
    error::{AppError, AppResult},
};

async fn bytes(app: &App, sha256: Option<Vec<u8>>, name: &str) -> AppResult<Response> {
    let digest = Digest::from_slice(&sha256.ok_or(AppError::NotFound)?)?;
    let file = app.blobs.open_verified(digest).await?;
    let size = file.metadata().await?.len();
    let mut response = Body::from_stream(ReaderStream::new(file)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    headers.insert(header::CONTENT_LENGTH, size.into());
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.edxml\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// `GET /exchange/sent/{id}/file`.
pub async fn sent(State(app): State<App>, who: Who, Path(id): Path<Uuid>) -> AppResult<Response> {
    let row = app
        .db
        .opt(
            sql!("SELECT agency_id, connection_id, kind, status_code, outgoing_id, sha256 FROM axis_outbox WHERE id = $1"),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let status: Option<String> = row.get("status_code")?;
    match row.get::<Option<OutgoingId>>("outgoing_id")? {
        Some(outgoing) if status.is_none() => {
            let object = access::of_outgoing(&app, outgoing.as_uuid()).await?;
            if !access::is_allowed(&who, Action::View, &object) {
                return Err(AppError::NotFound);
            }
        }
        _ => scope::must_see(&app, &who, row.get("agency_id")?, row.get("connection_id")?).await?,
    }
    // The names that files with a state have by convention (spec edxml 6).
    let name = status
        .as_deref()
        .and_then(edxml::codes::StatusCode::from_text)
        .map_or_else(|| format!("goi-tin-{id}"), |code| code.file_stem().to_owned());
    bytes(&app, row.get("sha256")?, &name).await
}

/// `GET /exchange/received/{id}/file`.
pub async fn received(State(app): State<App>, who: Who, Path(id): Path<Uuid>) -> AppResult<Response> {
    let row = app
        .db
        .opt(
            sql!("SELECT agency_id, connection_id, kind, incoming_id, sha256 FROM axis_inbox WHERE id = $1"),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    match row.get::<Option<IncomingId>>("incoming_id")? {
        Some(incoming) => {
            let object = access::of_incoming(&app, incoming).await?;
            if !access::is_allowed(&who, Action::View, &object) {
                return Err(AppError::NotFound);
            }
        }
        None => {
            let is_status = row.get::<String>("kind")? == "status";
            if !is_status && !scope::reads_content(&who) {
                return Err(AppError::NotFound);
            }
            scope::must_see(&app, &who, row.get("agency_id")?, row.get("connection_id")?).await?;
        }
    }
    // What was recalled is cancelled here; its packets, and those about it, say it all over again.
    if scope::is_withdrawn(&app, id).await? {
        return Err(AppError::NotFound);
    }
    bytes(&app, row.get("sha256")?, &format!("goi-tin-{id}")).await
}
