//! Bản DOCX của dự thảo: what was composed, to be edited in an office program and uploaded again (ND30-10.3).

use axum::{
    body::Body,
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};
use rules::{document_types, ids::OutgoingId};

use super::{content::Main, layout};
use crate::{
    context::{App, Who},
    error::AppError,
    outgoing::load,
    web::Reply,
};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// `GET /outgoing/{id}/draft.docx`.
pub async fn page(State(app): State<App>, who: Who, Path(id): Path<OutgoingId>) -> Reply {
    let document = load::for_view(&app, &who, id).await?;
    let version = document.facts.version;
    let content = load::content(&app, id, version).await?;
    if !document.state().is_open() {
        return Err(AppError::BadInput(
            "Văn bản không còn là dự thảo. Vui lòng tải tệp PDF ở phần Tệp.".to_owned(),
        ));
    }
    if !matches!(content.main, Main::Text { .. }) {
        return Err(AppError::BadInput(
            "Dự thảo này không soạn trực tiếp trong hệ thống. Vui lòng tải tệp ở phần Tệp.".to_owned(),
        ));
    }
    let today = app.clock.today();
    let kind = document_types::usable(&content.type_key, today)?;
    let around = layout::surroundings(&app, document.facts.agency, document.unit, &content).await?;
    let page = around.document(&content, kind, None, None, today.year())?;
    let bytes = app
        .heavy(move |app| Ok::<_, anyhow::Error>(app.composer()?.docx(&page)?))
        .await??;
    let headers = [
        (header::CONTENT_TYPE, DOCX.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"DuThaoV{version}.docx\""),
        ),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}
