//! `POST /api/v1/files`: a file for an act that follows.

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Multipart, State},
    http::StatusCode,
    routing::{get, post},
};

use super::{
    download, fields,
    intake::{FileInfo, read_form},
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
};

/// One file and its envelope.
const LIMIT: usize = 52 * 1024 * 1024;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/files", post(upload).layer(DefaultBodyLimit::max(LIMIT)))
        .route("/api/v1/files/{id}", get(download::api_download))
        .route("/api/v1/files/{id}/reading", get(fields::api))
}

/// Stores a file (multipart, field `file`) by the rules of Điều 8; its id is then given to an act. A name that
/// breaks Điều 8.4 is corrected unless the field `correct_names=off` comes before the file.
#[utoipa::path(post, path = "/api/v1/files", tag = "files",
    responses((status = 201, body = FileInfo), (status = 409, description = "Tệp không đúng quy định; clause cho biết khoản")))]
pub async fn upload(
    State(app): State<App>,
    who: Who,
    form: Multipart,
) -> AppResult<(StatusCode, Json<FileInfo>)> {
    let read = read_form(&app, &who, form, None).await?;
    if let Some(refusal) = read.refused {
        return Err(refusal.into());
    }
    let Some((_, file)) = read.files.first() else {
        return Err(AppError::BadInput(
            "Thiếu tệp: gửi multipart với trường “file”.".to_owned(),
        ));
    };
    Ok((StatusCode::CREATED, Json(file.into())))
}
