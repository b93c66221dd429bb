//! Bản sao văn bản (ND30 Điều 25 to 27; CN-223, CN-224): made by the clerk, numbered in their common series, listed like a register. A
//! copy on paper has its closing part to print; an electronic one is a scan or a composed extract that the agency signs.

mod base;
mod detail;
mod electronic;
mod list;
mod make;
mod print;
mod recalled;
mod sealed;
mod send_along;
mod sign_copy;
#[cfg(test)]
mod tests;
mod void_copy;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use rules::{
    access::Action,
    copies::{CopyKind, Medium},
    ids::{AgencyId, IncomingId},
    incoming::IncomingState,
    numbering,
    outgoing::OutgoingState,
};
use store::{Act, Row, Sql, args, sql};
use uuid::Uuid;

use crate::{
    access,
    context::{App, Who},
    error::{AppError, AppResult},
    incoming,
    web::page::{FileItem, file_size},
};

pub use list::{WAITING, waiting_for, waiting_link};
pub use recalled::{own_recalled, source_recalled};
pub use sealed::{named_in_log, signed, signing_ended};
pub use send_along::{SentCopy, choices as to_choose, is_withheld, may_go, to_send};

/// A scan of at most 50 MB, with its form.
const UPLOAD_LIMIT: usize = 60 * 1024 * 1024;

/// `/registers/copies…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/registers/copies", get(list::page))
        .route("/registers/copies/new", get(make::form).post(make::submit))
        .route(
            "/registers/copies/electronic",
            get(electronic::form)
                .post(electronic::submit)
                .layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
        .route("/registers/copies/{id}", get(detail::page))
        .route("/registers/copies/{id}/sign", post(sign_copy::submit))
        .route("/registers/copies/{id}/void", post(void_copy::submit))
        .route("/registers/copies/{id}/block.pdf", get(print::block))
}

/// `/api/v1/registers/copies`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route(
            "/api/v1/registers/copies",
            get(list::api_copies).post(make::api_make_copy),
        )
        .route("/api/v1/registers/copies/{id}", get(list::api_copy))
        .route(
            "/api/v1/registers/copies/{id}/sign",
            post(sign_copy::api_sign_copy),
        )
        .route(
            "/api/v1/registers/copies/{id}/void",
            post(void_copy::api_void_copy),
        )
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(
        list::api_copies,
        list::api_copy,
        make::api_make_copy,
        sign_copy::api_sign_copy,
        void_copy::api_void_copy
    ))]
    struct Document;
    Document::openapi()
}

const OUTGOING: Sql = sql!(
    "SELECT number, symbol, subject, state, signed_set, recalled_at, file_set, (SELECT count(*) FROM paper_main_copy p \
     WHERE p.outgoing_id = outgoing.id) AS paper_copies FROM outgoing WHERE id = $1 AND agency_id = $2"
);
const INCOMING: Sql = sql!(
    "SELECT number, symbol, subject, state, source, file_set FROM incoming WHERE id = $1 AND agency_id = $2"
);

/// The document that is copied.
#[derive(Debug, Clone)]
struct Source {
    /// `outgoing` or `incoming`.
    kind: &'static str,
    id: Uuid,
    /// Số, ký hiệu and trích yếu.
    name: String,
    medium: Medium,
    /// Whether there are main copies on paper of a document that was signed digitally.
    has_paper: bool,
    /// Its files.
    file_set: Option<Uuid>,
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
            .map(|(number, symbol)| numbering::number_and_symbol(number, &symbol))
            .unwrap_or_default();
        let signed = row.get::<Option<Uuid>>("signed_set")?.is_some();
        Ok(Self {
            kind: "outgoing",
            id,
            name: named(&printed, &row.get::<String>("subject")?),
            // Without digital signatures the original is the paper that was signed by hand (ND30-3).
            medium: if signed { Medium::Electronic } else { Medium::Paper },
            has_paper: signed && row.get::<i64>("paper_copies")? > 0,
            file_set: row.get("file_set")?,
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
            has_paper: false,
            file_set: row.get("file_set")?,
            is_registered: state.is_registered(),
            is_recalled: state == IncomingState::Recalled,
        })
    }

    /// On what the document is that is copied: the original, or the main copy on paper that the clerk chose.
    fn copied_from(&self, chosen: Option<Medium>) -> Medium {
        match chosen {
            Some(Medium::Paper) if self.has_paper => Medium::Paper,
            _ => self.medium,
        }
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
    match kind {
        "outgoing" => {
            access::may(who, Action::View, &access::of_outgoing(app, id).await?)?;
            let row = app.db.opt(OUTGOING, args![id, who.agency()]).await?;
            Ok(Source::outgoing(id, &row.ok_or(AppError::NotFound)?)?)
        }
        "incoming" => {
            let incoming = IncomingId::from_uuid(id);
            access::may(who, Action::View, &access::of_incoming(app, incoming).await?)?;
            let row = app.db.opt(INCOMING, args![id, who.agency()]).await?;
            Ok(Source::incoming(id, &row.ok_or(AppError::NotFound)?)?)
        }
        _ => Err(AppError::NotFound),
    }
}

/// Locks the row of a document until the act ends. Whoever recalls it locks it too, so nothing is copied or sent along of what is withdrawn
/// at the same moment.
async fn lock_source(act: &mut Act, agency: AgencyId, kind: &str, id: Uuid) -> AppResult<()> {
    let lock = if kind == "outgoing" {
        sql!("UPDATE outgoing SET revision = revision + 1 WHERE id = $1 AND agency_id = $2")
    } else {
        sql!("UPDATE incoming SET revision = revision + 1 WHERE id = $1 AND agency_id = $2")
    };
    act.run(lock, args![id, agency]).await?;
    Ok(())
}

/// The same document as it is now; its row is locked until the act ends.
async fn source_now(act: &mut Act, who: &Who, kind: &str, id: Uuid) -> AppResult<Source> {
    lock_source(act, who.agency(), kind, id).await?;
    Ok(if kind == "outgoing" {
        Source::outgoing(id, &act.one(OUTGOING, args![id, who.agency()]).await?)?
    } else {
        Source::incoming(id, &act.one(INCOMING, args![id, who.agency()]).await?)?
    })
}

/// Electronic copies that a page shows among the files of their document.
const SHOWN_COPIES: i64 = 50;

/// The electronic copies of a document, as its page lists them among its files; who looks sees the document.
///
/// # Errors
/// When the database fails.
pub async fn among_files(app: &App, who: &Who, source: Uuid) -> AppResult<Vec<FileItem>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT c.id AS copy_id, c.number, c.symbol, c.kind, f.id, f.name, f.size FROM document_copy c \
                 JOIN file_set_item i ON i.set_id = c.file_set JOIN file f ON f.id = i.file_id \
                 WHERE c.source_id = $1 AND c.agency_id = $2 ORDER BY c.id LIMIT $3"
            ),
            args![source, who.agency(), SHOWN_COPIES],
        )
        .await?;
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    // With the content of a document that its sender recalled the content of its copies is gone.
    if !is_visible(app, who, first.get("copy_id")?).await? {
        return Ok(Vec::new());
    }
    let item = |row: &Row| {
        let kind: CopyKind = row.parse("kind")?;
        let number = numbering::number_and_symbol(row.get("number")?, &row.get::<String>("symbol")?);
        Ok(FileItem {
            name: row.get("name")?,
            href: format!("/files/{}", row.get::<Uuid>("id")?),
            size: file_size(u64::try_from(row.get::<i64>("size")?).unwrap_or_default()),
            role: format!("Bản {} điện tử số {number}", kind.label().to_lowercase()),
        })
    };
    Ok(rows.iter().map(item).collect::<store::Result<_>>()?)
}

/// Whether somebody may see the files of a copy: whoever may download those of the document that was copied.
///
/// # Errors
/// When the database fails.
pub async fn is_visible(app: &App, who: &Who, copy: Uuid) -> AppResult<bool> {
    let row = app
        .db
        .opt(
            sql!("SELECT source_kind, source_id FROM document_copy WHERE id = $1 AND agency_id = $2"),
            args![copy, who.agency()],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    let id: Uuid = row.get("source_id")?;
    let object = if row.get::<String>("source_kind")? == "outgoing" {
        access::of_outgoing(app, id).await?
    } else {
        access::of_incoming(app, IncomingId::from_uuid(id)).await?
    };
    Ok(access::is_allowed(who, Action::Download, &object))
}
