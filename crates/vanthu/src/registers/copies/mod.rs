//! Bản sao văn bản (ND30 Điều 25 to 27; CN-224): made by the clerk, numbered in their common series, listed like a register, with the
//! closing part of the paper to print.

mod list;
mod make;
mod print;
#[cfg(test)]
mod tests;

use axum::{Router, routing::get};
use rules::{copies::Medium, incoming::IncomingState, outgoing::OutgoingState};
use store::{Row, Sql, sql};
use uuid::Uuid;

use crate::{
    access,
    context::{App, Who},
    error::{AppError, AppResult},
    incoming,
};

/// `/registers/copies…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/registers/copies", get(list::page))
        .route("/registers/copies/new", get(make::form).post(make::submit))
        .route("/registers/copies/{id}/block.pdf", get(print::block))
}

/// `/api/v1/registers/copies`.
pub fn api_routes() -> Router<App> {
    Router::new().route(
        "/api/v1/registers/copies",
        get(list::api_copies).post(make::api_make_copy),
    )
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(list::api_copies, make::api_make_copy))]
    struct Document;
    Document::openapi()
}

const OUTGOING: Sql = sql!(
    "SELECT number, symbol, subject, state, signed_set, recalled_at FROM outgoing WHERE id = $1 AND agency_id = $2"
);
const INCOMING: Sql =
    sql!("SELECT number, symbol, subject, state, source FROM incoming WHERE id = $1 AND agency_id = $2");

/// The document that is copied.
#[derive(Debug, Clone)]
struct Source {
    /// `outgoing` or `incoming`.
    kind: &'static str,
    id: Uuid,
    /// Số, ký hiệu and trích yếu.
    name: String,
    medium: Medium,
    is_registered: bool,
    is_recalled: bool,
}

impl Source {
    fn outgoing(id: Uuid, row: &Row) -> store::Result<Self> {
        let state: OutgoingState = row.parse("state")?;
        let number: Option<u32> = row.get("number")?;
        let symbol: Option<String> = row.get("symbol")?;
        let printed = number
            .zip(symbol)
            .map(|(number, symbol)| rules::numbering::number_and_symbol(number, &symbol))
            .unwrap_or_default();
        let signed = row.get::<Option<Uuid>>("signed_set")?.is_some();
        Ok(Self {
            kind: "outgoing",
            id,
            name: named(&printed, &row.get::<String>("subject")?),
            // Without digital signatures the original is the paper that was signed by hand (ND30-3).
            medium: if signed { Medium::Electronic } else { Medium::Paper },
            is_registered: state == OutgoingState::Issued,
            is_recalled: row.get::<Option<jiff::Timestamp>>("recalled_at")?.is_some(),
        })
    }

    fn incoming(id: Uuid, row: &Row) -> store::Result<Self> {
        let state: IncomingState = row.parse("state")?;
        let printed = incoming::printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
        let on_paper = matches!(row.get::<String>("source")?.as_str(), "paper" | "fax");
        Ok(Self {
            kind: "incoming",
            id,
            name: named(&printed, &row.get::<String>("subject")?),
            medium: if on_paper {
                Medium::Paper
            } else {
                Medium::Electronic
            },
            is_registered: state.is_registered(),
            is_recalled: state == IncomingState::Recalled,
        })
    }
}

fn named(printed: &str, subject: &str) -> String {
    if printed.is_empty() {
        subject.to_owned()
    } else {
        format!("{printed}: {subject}")
    }
}

/// The document that is to be copied, if this person sees it.
///
/// # Errors
/// [`AppError::NotFound`] when there is none or it may not be seen.
async fn source(app: &App, who: &Who, kind: &str, id: Uuid) -> AppResult<Source> {
    use rules::{access::Action, ids::IncomingId};
    match kind {
        "outgoing" => {
            access::may(who, Action::View, &access::of_outgoing(app, id).await?)?;
            let row = app.db.opt(OUTGOING, store::args![id, who.agency()]).await?;
            Ok(Source::outgoing(id, &row.ok_or(AppError::NotFound)?)?)
        }
        "incoming" => {
            let incoming = IncomingId::from_uuid(id);
            access::may(who, Action::View, &access::of_incoming(app, incoming).await?)?;
            let row = app.db.opt(INCOMING, store::args![id, who.agency()]).await?;
            Ok(Source::incoming(id, &row.ok_or(AppError::NotFound)?)?)
        }
        _ => Err(AppError::NotFound),
    }
}
