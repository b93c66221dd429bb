//! Phần thể thức của bản sao giấy: printed under the text that was copied (PL1 Phần II Mục II).

use axum::{
    body::Body,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use rules::{copies::CopyKind, ids::PostId, numbering};
use store::{args, sql};
use the_thuc::{CopyBlock, Issuer, SignatureBlock};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    outgoing::{printed_lines, signers},
};

/// `GET /registers/copies/{id}/block.pdf`.
pub async fn block(State(app): State<App>, who: Who, Path(id): Path<Uuid>) -> AppResult<Response> {
    super::super::may_read(&who)?;
    let row = app
        .db
        .opt(
            sql!(
                "SELECT kind, number, symbol, made_on, signer_post, authority, recipients FROM document_copy \
                 WHERE id = $1 AND agency_id = $2"
            ),
            args![id, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let (agency, known) = signers(&app, who.agency()).await?;
    let post: PostId = row.get("signer_post")?;
    let signer = known.iter().find(|signer| signer.post == post).ok_or_else(|| {
        AppError::BadInput(
            "Người ký bản sao không còn công tác tại cơ quan nên không in lại được phần này.".to_owned(),
        )
    })?;
    let number: u32 = row.get("number")?;
    let block = CopyBlock {
        form: row.parse::<CopyKind>("kind")?.label().to_owned(),
        agency: Issuer {
            parent_name: None,
            name: agency.name.clone(),
        },
        number: numbering::printed_number(number),
        symbol: row.get("symbol")?,
        place: agency.place.clone(),
        date: row.get("made_on")?,
        signature: SignatureBlock {
            lines: printed_lines(&agency, &known, signer, row.parse("authority")?)?,
            title_above_name: None,
            name: signer.name.clone(),
        },
        recipients: row.json("recipients")?,
    };
    let (laid_out, at) = (app.clone(), app.clock.now());
    let composed = tokio::task::spawn_blocking(move || anyhow::Ok(laid_out.composer()?.copy(&block, at)?))
        .await
        .map_err(anyhow::Error::from)??;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"ban-sao-{number:02}.pdf\""),
        ),
    ];
    Ok((headers, Body::from(composed.pdf)).into_response())
}
