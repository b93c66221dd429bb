//! A file, to somebody who may see a document that has it.

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rules::{access::Action, ids::FileId};
use store::{args, sql};
use tokio_util::io::ReaderStream;
use uuid::Uuid;

use super::{StoredFile, sets};
use crate::{
    access,
    context::{App, Who},
    error::{AppError, AppResult},
    registers, slips,
};

pub fn routes() -> Router<App> {
    Router::new().route("/files/{id}", get(download))
}

/// Finds a file that the person may see: one they brought themselves and not yet used, or one of a document that
/// they may see.
async fn visible(app: &App, who: &Who, id: FileId) -> AppResult<StoredFile> {
    let row = app
        .db
        .opt(
            sql!("SELECT id, sha256, name, media_type, size, pages, account_id FROM file WHERE id = $1"),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let file = sets::stored(&row)?;
    if row.get::<Option<rules::ids::AccountId>>("account_id")? == Some(who.account()) {
        let used = app
            .db
            .opt(
                sql!("SELECT set_id FROM file_set_item WHERE file_id = $1 LIMIT 1"),
                args![id],
            )
            .await?;
        if used.is_none() {
            return Ok(file);
        }
    }
    let documents = app
        .db
        .all(
            sql!(
                "SELECT o.id, 'outgoing' AS kind, 0 AS round FROM file_set_item i JOIN outgoing o ON o.file_set = i.set_id \
                 WHERE i.file_id = $1 AND o.agency_id = $2 UNION ALL \
                 SELECT v.outgoing_id AS id, 'outgoing' AS kind, 0 AS round FROM file_set_item i \
                 JOIN outgoing_version v ON v.file_set = i.set_id JOIN outgoing o ON o.id = v.outgoing_id \
                 WHERE i.file_id = $1 AND o.agency_id = $2 UNION ALL \
                 SELECT n.id, 'incoming' AS kind, 0 AS round FROM file_set_item i JOIN incoming n ON n.file_set = i.set_id \
                 WHERE i.file_id = $1 AND n.agency_id = $2 UNION ALL \
                 SELECT w.incoming_id AS id, 'incoming' AS kind, 0 AS round FROM file_set_item i \
                 JOIN incoming_version w ON w.file_set = i.set_id JOIN incoming n ON n.id = w.incoming_id \
                 WHERE i.file_id = $1 AND n.agency_id = $2 UNION ALL \
                 SELECT r.incoming_id AS id, 'incoming' AS kind, 0 AS round FROM file_set_item i \
                 JOIN sender_request r ON r.file_set = i.set_id WHERE i.file_id = $1 AND r.agency_id = $2 UNION ALL \
                 SELECT s.id, 'slip' AS kind, 0 AS round FROM file_set_item i JOIN slip s ON s.file_set = i.set_id \
                 WHERE i.file_id = $1 AND s.agency_id = $2 UNION ALL \
                 SELECT s.id, 'slip' AS kind, t.round FROM file_set_item i JOIN slip_round t ON t.file_set = i.set_id \
                 JOIN slip s ON s.id = t.slip_id WHERE i.file_id = $1 AND s.agency_id = $2 UNION ALL \
                 SELECT s.id, 'slip' AS kind, d.round FROM file_set_item i JOIN slip_decider d ON d.signed_set = i.set_id \
                 JOIN slip s ON s.id = d.slip_id WHERE i.file_id = $1 AND s.agency_id = $2 UNION ALL \
                 SELECT c.id, 'copy' AS kind, 0 AS round FROM file_set_item i JOIN document_copy c ON c.file_set = i.set_id \
                 WHERE i.file_id = $1 AND c.agency_id = $2 UNION ALL \
                 SELECT c.id, 'copy' AS kind, 0 AS round FROM file_set_item i JOIN document_copy c ON c.base_set = i.set_id \
                 WHERE i.file_id = $1 AND c.agency_id = $2"
            ),
            args![id, who.agency()],
        )
        .await?;
    for document in documents {
        let object = match document.get::<String>("kind")?.as_str() {
            "incoming" => access::of_incoming(app, document.get("id")?).await?,
            // Who took part in earlier rounds does not get what was laid before others later.
            "slip" => {
                if slips::sees_round(app, who, document.get("id")?, document.get("round")?).await? {
                    return Ok(file);
                }
                continue;
            }
            "copy" => {
                if registers::may_see_copy(app, who, document.get("id")?).await? {
                    return Ok(file);
                }
                continue;
            }
            _ => {
                let id: Uuid = document.get("id")?;
                if registers::copy_is_withheld(app, id, file.id).await? {
                    continue;
                }
                access::of_outgoing(app, id).await?
            }
        };
        if access::is_allowed(who, Action::View, &object) {
            return Ok(file);
        }
    }
    Err(AppError::NotFound)
}

async fn send(app: &App, file: StoredFile, headers: &HeaderMap) -> AppResult<Response> {
    let tag = format!("\"{}\"", file.digest);
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes())
    {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let content = app.blobs.open_verified(file.digest).await?;
    // Only what the viewer draws is shown in place; everything else is saved, so that it never runs as a page of ours.
    let shown = file.media_type == "application/pdf"
        || matches!(file.media_type.as_str(), "image/png" | "image/jpeg");
    let disposition = format!(
        "{}; filename=\"{}\"",
        if shown { "inline" } else { "attachment" },
        file.name
    );
    let mut response = Body::from_stream(ReaderStream::new(content)).into_response();
    let headers = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, &file.media_type);
    set(header::CONTENT_LENGTH, &file.size.to_string());
    set(header::CONTENT_DISPOSITION, &disposition);
    set(header::ETAG, &tag);
    set(header::CACHE_CONTROL, "private, no-cache");
    Ok(response)
}

async fn download(
    State(app): State<App>,
    who: Who,
    headers: HeaderMap,
    Path(id): Path<FileId>,
) -> AppResult<Response> {
    let file = visible(&app, &who, id).await?;
    send(&app, file, &headers).await
}

/// A file of a document that the caller may see.
#[utoipa::path(get, path = "/api/v1/files/{id}", tag = "files", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "Nội dung tệp"), (status = 404, description = "Không có, hoặc không được xem")))]
pub async fn api_download(
    State(app): State<App>,
    who: Who,
    headers: HeaderMap,
    Path(id): Path<FileId>,
) -> AppResult<Response> {
    let file = visible(&app, &who, id).await?;
    send(&app, file, &headers).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Office;

    #[tokio::test]
    async fn qc01_4_2_a_file_belongs_to_who_brought_it_only_until_a_document_has_it() {
        let office = Office::new().await;
        let person = office.person("annv.stttt").await;
        let file = person
            .api_upload("ghi chu.txt", "Nội dung".as_bytes())
            .await
            .ok()
            .json();
        let path = format!("/files/{}", file["id"].as_str().unwrap());
        person.get(&path).await.ok();
        let id: FileId = file["id"].as_str().unwrap().parse().unwrap();
        // A document that this person may not see has it now.
        let mut tx = office.app.db.begin().await.unwrap();
        tx.run(
            sql!("INSERT INTO file_set_item (set_id, sort, role, file_id) VALUES ($1, 0, 'main', $2)"),
            args![office.app.ids.next(), id],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(person.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            person.api_get(&format!("/api/v1{path}")).await.status,
            StatusCode::NOT_FOUND
        );
    }
}
