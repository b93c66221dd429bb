//! Phần thể thức của bản sao giấy: printed under the text that was copied (PL1 Phần II Mục II). An electronic copy has none: a number that
//! the agency's key signs, or that was voided, does not go on paper.

use axum::{
    body::Body,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use jiff::civil::Date;
use rules::{copies::CopyKind, document_types, ids::PostId, numbering};
use store::{args, sql};
use the_thuc::{CopyBlock, ExtractedPart, Issuer, SignatureBlock};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    incoming,
    outgoing::{Issuing, printed_lines, printed_type, signers, unprintable},
};

/// `GET /registers/copies/{id}/block.pdf`.
pub async fn block(State(app): State<App>, who: Who, Path(id): Path<Uuid>) -> AppResult<Response> {
    super::super::may_read(&who)?;
    let row = app
        .db
        .opt(
            sql!(
                "SELECT kind, number, symbol, made_on, signer_post, authority, recipients, source_kind, source_id, extract_text FROM document_copy \
                 WHERE id = $1 AND agency_id = $2 AND to_medium = 'paper'"
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
        part: match row.get::<String>("extract_text")? {
            text if text.is_empty() => None,
            text => {
                let source_kind: String = row.get("source_kind")?;
                Some(part(&app, &source_kind, row.get("source_id")?, text, &agency).await?)
            }
        },
    };
    let at = app.clock.now();
    let composed = app
        .heavy(move |app| anyhow::Ok(app.composer()?.copy(&block, at)))
        .await??
        .map_err(|error| unprintable(error, "text"))?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"ban-sao-{number:02}.pdf\""),
        ),
    ];
    Ok((headers, Body::from(composed.pdf)).into_response())
}

/// The form of the document that an extract is taken from, and the words of the extract.
///
/// # Errors
/// When the database fails.
pub(super) async fn part(
    app: &App,
    source_kind: &str,
    id: Uuid,
    text: String,
    agency: &Issuing,
) -> AppResult<ExtractedPart> {
    let kind = |key: String| {
        let known = document_types::by_key(&key).filter(|known| known.key != document_types::OFFICIAL_LETTER);
        known.map(printed_type).unwrap_or_default().to_owned()
    };
    if source_kind == "outgoing" {
        let row = app
            .db
            .one(
                sql!("SELECT number, symbol, issued_on, type_key, subject FROM outgoing WHERE id = $1"),
                args![id],
            )
            .await?;
        let number = row.get::<Option<u32>>("number")?;
        let symbol = row.get::<Option<String>>("symbol")?;
        return Ok(ExtractedPart {
            issuer: Issuer {
                parent_name: agency.printed_parent.clone(),
                name: agency.name.clone(),
            },
            number_and_symbol: number
                .zip(symbol)
                .map(|(number, symbol)| numbering::number_and_symbol(number, &symbol))
                .unwrap_or_default(),
            place: agency.place.clone(),
            date: row.get::<Option<Date>>("issued_on")?,
            kind: kind(row.get("type_key")?),
            subject: row.get("subject")?,
            text,
        });
    }
    let row = app
        .db
        .one(
            sql!(
                "SELECT sender_name, number, symbol, issued_on, type_key, subject FROM incoming WHERE id = $1"
            ),
            args![id],
        )
        .await?;
    Ok(ExtractedPart {
        issuer: Issuer {
            parent_name: None,
            name: row.get("sender_name")?,
        },
        number_and_symbol: incoming::printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?),
        place: String::new(),
        date: row.get("issued_on")?,
        kind: kind(row.get("type_key")?),
        subject: row.get("subject")?,
        text,
    })
}
