//! Sổ bản sao: the copies of the agency, newest first.

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::{Timestamp, civil::Date};
use pdf_signature::verify::Verdict;
use rules::{
    copies::{CopyKind, Medium},
    numbering,
};
use serde::{Deserialize, Serialize};
use store::{Filter, Row, args, sql};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::outgoing::{recalled_note, replaced_note};
use crate::{
    act_names,
    context::{App, Who},
    error::{AppError, AppResult},
    outgoing::RecallNotice,
    web::{
        Reply, format, frame,
        page::{Badge, BoxLink, Choice, Page, Tone},
        render,
    },
};

/// Rows of a page.
const PAGE: usize = 50;
/// Copies that wait for a signature are shown on one page, the oldest first: once signed or void they make room for others.
const MOST_WAITING: i64 = 200;
/// The key of what waits for a signature, among the boxes of the clerks.
pub const WAITING: &str = "copies-waiting";

/// Which copies are wanted.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct CopiesQuery {
    /// Năm; the current one when left out.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<i32>)]
    pub year: Option<i16>,
    /// Continue after this number: the `next` of the page before.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<u32>)]
    pub after: Option<u32>,
    /// Only electronic copies that wait for the signature of the agency, of all years, the oldest first.
    #[serde(deserialize_with = "crate::web::checked")]
    pub waiting: bool,
}

/// What the agency did later with a document of its own that was copied (ND30-18.3, 18.4).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SourceChange {
    /// `recalled` or `replaced`.
    pub kind: &'static str,
    /// Văn bản thông báo thu hồi, or the document that takes its place.
    pub by: Option<Uuid>,
    /// The same in the words of the book: `Đã thu hồi ngày 08/01/2026 theo văn bản số 02/TB-UBND`.
    pub note: String,
}

/// A copy.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CopyLine {
    /// The copy.
    pub id: Uuid,
    /// Số và ký hiệu as printed: `05/SY-UBND`.
    pub number_and_symbol: String,
    /// Ngày sao.
    #[schema(value_type = String, format = Date)]
    pub made_on: Date,
    /// `sao_y`, `sao_luc`, `trich_sao`.
    pub kind: String,
    /// The same in Vietnamese.
    pub kind_label: String,
    /// `outgoing` or `incoming`.
    pub source_kind: String,
    /// The document.
    pub source: Uuid,
    /// Số, ký hiệu and trích yếu of the document.
    pub source_name: String,
    /// What the agency did with the document later. Of an incoming document that its sender recalled `source_name` says so.
    pub source_changes: Vec<SourceChange>,
    /// The part that was copied, of a trích sao.
    pub extract: String,
    /// Whether its text is composed here, so that the whole copy is printed.
    pub is_composed: bool,
    /// Số bản.
    pub copies: u32,
    /// Nơi nhận.
    pub recipients: Vec<String>,
    /// Người ký bản sao; of an electronic one who decided that it is made.
    pub signer: String,
    /// On what the document was that was copied: `paper`, `electronic`.
    pub from: String,
    /// On what the copy is.
    pub to: String,
    /// The file of an electronic copy, with the signature of the agency; absent as long as it is not signed.
    pub file: Option<Uuid>,
    /// When the agency signed it, RFC 3339.
    pub signed_at: Option<String>,
    /// What the newest check of the signature said: `TOTAL-PASSED`, `TOTAL-FAILED` or `INDETERMINATE`.
    pub verdict: Option<String>,
    /// When its number was voided, RFC 3339.
    pub voided_at: Option<String>,
    /// Who voided it; absent when it happened by itself, because the document was recalled.
    pub voided_by: Option<String>,
    /// Lý do hủy số.
    pub void_reason: Option<String>,
    #[serde(skip)]
    #[schema(ignore)]
    number: u32,
    /// The file that is copied.
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) base_set: Option<Uuid>,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) file_set: Option<Uuid>,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) signed: Option<Timestamp>,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) voided: Option<Timestamp>,
}

impl CopyLine {
    /// Whether it is an electronic copy.
    pub(super) fn is_electronic(&self) -> bool {
        self.to == Medium::Electronic.as_str()
    }

    /// Whether it waits for the signature of the agency.
    pub(super) fn waits(&self) -> bool {
        self.is_electronic() && self.signed.is_none() && self.voided.is_none()
    }

    /// Whether the agency itself recalled the document that was copied.
    pub(super) fn is_of_recalled(&self) -> bool {
        self.source_changes.iter().any(|change| change.kind == RECALLED)
    }

    /// Why, by whom and when its number was voided, in one line; empty for a copy that counts.
    pub(super) fn void_note(&self) -> String {
        let Some(at) = self.voided else {
            return String::new();
        };
        format!(
            "{} ({}, {})",
            self.void_reason.as_deref().unwrap_or_default(),
            self.voided_by.as_deref().unwrap_or("Hệ thống"),
            format::moment(at)
        )
    }

    /// The medium and the signature, as pages show them.
    pub(super) fn badge(&self) -> Badge {
        let is = |verdict: Verdict| self.verdict.as_deref() == Some(verdict.code());
        if !self.is_electronic() {
            Badge::new("Bản giấy", Tone::Neutral)
        } else if self.voided.is_some() {
            Badge::new("Đã hủy", Tone::Neutral).icon("trash")
        } else if self.signed.is_some() && self.file.is_none() {
            // With the document that its sender recalled.
            Badge::new("Bản điện tử, đã hủy nội dung", Tone::Neutral).icon("trash")
        } else if self.waits() {
            Badge::new("Bản điện tử, chờ ký số", Tone::Warn).icon("writing-sign")
        } else if is(Verdict::TotalPassed) {
            Badge::new("Bản điện tử, chữ ký số hợp lệ", Tone::Good).icon("shield-check")
        } else if is(Verdict::TotalFailed) {
            Badge::new("Bản điện tử, chữ ký số không hợp lệ", Tone::Bad).icon("shield-x")
        } else {
            Badge::new("Bản điện tử, chưa đủ căn cứ về chữ ký số", Tone::Warn).icon("shield-question")
        }
    }

    /// What is printed for a copy on paper.
    pub(super) fn print_label(&self) -> &'static str {
        if self.is_composed {
            "Bản trích sao"
        } else {
            "Phần thể thức bản sao"
        }
    }
}

/// A page of copies, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Copies {
    /// The copies.
    pub items: Vec<CopyLine>,
    /// Pass as `after` for older ones; absent on the last page.
    pub next: Option<u32>,
    /// How many electronic copies wait for the signature of the agency, of all years.
    pub waiting: u32,
}

const RECALLED: &str = "recalled";
const REPLACED: &str = "replaced";

const LINES: &str = "SELECT c.id, c.number, c.symbol, c.made_on, c.kind, c.source_kind, c.source_id, c.source_name, c.extract, \
     c.copies, c.recipients, c.extract_text, c.from_medium, c.to_medium, c.base_set, c.file_set, c.signed_at, c.voided_at, c.void_reason, \
     (SELECT va.full_name FROM post vp JOIN account va ON va.id = vp.account_id WHERE vp.id = c.voided_by) AS voided_by, i.file_id, \
     (SELECT v.verdict FROM verdict v WHERE v.object_id = c.id ORDER BY v.id DESC LIMIT 1) AS verdict, a.full_name, \
     o.recalled_at AS source_recalled_at, o.replaced_by AS source_replaced_by, r.number AS by_number, r.symbol AS by_symbol, \
     CASE WHEN o.recalled_at IS NOT NULL THEN (SELECT j.details FROM journal j WHERE j.object_id = o.id AND j.act = $1 \
     ORDER BY j.seq DESC LIMIT 1) END AS recall FROM document_copy c \
     JOIN post p ON p.id = c.signer_post JOIN account a ON a.id = p.account_id \
     LEFT JOIN file_set_item i ON i.set_id = c.file_set AND i.role = 'main' \
     LEFT JOIN outgoing o ON o.id = c.source_id AND c.source_kind = 'outgoing' LEFT JOIN outgoing r ON r.id = o.replaced_by";

fn lines() -> Filter {
    Filter::select_with(LINES, args![act_names::RECALL])
}

async fn read(app: &App, who: &Who, query: CopiesQuery) -> AppResult<Copies> {
    super::super::may_read(who)?;
    let lines = lines().and("c.agency_id = ?", args![who.agency()]);
    let lines = if query.waiting {
        lines
            .and(
                "c.to_medium = 'electronic' AND c.signed_at IS NULL AND c.voided_at IS NULL",
                args![],
            )
            .end("ORDER BY c.id LIMIT ?", args![MOST_WAITING])
    } else {
        let year = query.year.unwrap_or_else(|| app.clock.today().year());
        lines
            .and(
                "c.year = ? AND c.number < ?",
                args![year, query.after.unwrap_or(u32::MAX)],
            )
            .end("ORDER BY c.number DESC LIMIT ?", args![PAGE as i64 + 1])
    };
    let rows = app.db.filtered(lines).await?;
    let mut items = rows.iter().map(line).collect::<store::Result<Vec<_>>>()?;
    let more = !query.waiting && items.len() > PAGE;
    if more {
        items.truncate(PAGE);
    }
    Ok(Copies {
        next: items.last().map(|line| line.number).filter(|_| more),
        items,
        waiting: waiting(app, who).await?,
    })
}

/// How many electronic copies of the agency wait for its signature, of this year and earlier ones.
async fn waiting(app: &App, who: &Who) -> AppResult<u32> {
    let row = app
        .db
        .one(
            sql!(
                "SELECT count(*) AS copies FROM document_copy WHERE agency_id = $1 AND to_medium = 'electronic' AND signed_at IS NULL \
                 AND voided_at IS NULL"
            ),
            args![who.agency()],
        )
        .await?;
    Ok(row.get("copies")?)
}

/// How many electronic copies wait for the signature of the agency; `None` for whoever does not make it: that is for the clerks.
///
/// # Errors
/// When the database fails.
pub async fn waiting_for(app: &App, who: &Who) -> AppResult<Option<i64>> {
    if !who.is_clerk() || who.in_place.is_some() {
        return Ok(None);
    }
    Ok(Some(i64::from(waiting(app, who).await?)))
}

/// The link to them, beside the boxes of the clerks.
///
/// # Errors
/// When the database fails.
pub async fn waiting_link(app: &App, who: &Who) -> AppResult<Option<BoxLink>> {
    let link = |count| {
        BoxLink::new(
            WAITING,
            "Bản sao chờ ký",
            "/registers/copies?waiting=true",
            "writing-sign",
        )
        .count(count)
        .tone(Tone::Info)
    };
    Ok(waiting_for(app, who).await?.map(link))
}

/// One copy of the book.
///
/// # Errors
/// [`AppError::NotFound`] when the agency has none such; the refusal of who does not read its registers.
pub(super) async fn one(app: &App, who: &Who, id: Uuid) -> AppResult<CopyLine> {
    super::super::may_read(who)?;
    let lines = lines().and("c.agency_id = ? AND c.id = ?", args![who.agency(), id]);
    let rows = app.db.filtered(lines).await?;
    Ok(line(rows.first().ok_or(AppError::NotFound)?)?)
}

fn line(row: &Row) -> store::Result<CopyLine> {
    let signed: Option<Timestamp> = row.get("signed_at")?;
    let voided: Option<Timestamp> = row.get("voided_at")?;
    let kind: CopyKind = row.parse("kind")?;
    let number: u32 = row.get("number")?;
    Ok(CopyLine {
        id: row.get("id")?,
        number_and_symbol: numbering::number_and_symbol(number, &row.get::<String>("symbol")?),
        made_on: row.get("made_on")?,
        kind: kind.as_str().to_owned(),
        kind_label: kind.label().to_owned(),
        source_kind: row.get("source_kind")?,
        source: row.get("source_id")?,
        source_name: row.get("source_name")?,
        source_changes: changes(row)?,
        extract: row.get("extract")?,
        is_composed: !row.get::<String>("extract_text")?.is_empty(),
        copies: row.get("copies")?,
        recipients: row.json("recipients")?,
        signer: row.get("full_name")?,
        from: row.get("from_medium")?,
        to: row.get("to_medium")?,
        file: row.get("file_id")?,
        signed_at: signed.map(format::machine),
        verdict: row.get("verdict")?,
        voided_at: voided.map(format::machine),
        voided_by: row.get("voided_by")?,
        void_reason: Some(row.get::<String>("void_reason")?).filter(|reason| !reason.is_empty()),
        number,
        base_set: row.get("base_set")?,
        file_set: row.get("file_set")?,
        signed,
        voided,
    })
}

fn changes(row: &Row) -> store::Result<Vec<SourceChange>> {
    let mut changes = Vec::new();
    if let Some(at) = row.get::<Option<Timestamp>>("source_recalled_at")? {
        let notice = row
            .get::<Option<String>>("recall")?
            .and_then(|details| serde_json::from_str::<serde_json::Value>(&details).ok())
            .and_then(|details| RecallNotice::in_details(&details));
        let day = recalled_note(at);
        changes.push(SourceChange {
            kind: RECALLED,
            by: notice.as_ref().map(|notice| notice.id.as_uuid()),
            note: match notice {
                Some(notice) => format!("{day} theo văn bản số {}", notice.number_and_symbol),
                None => day,
            },
        });
    }
    let by: (Option<u32>, Option<String>) = (row.get("by_number")?, row.get("by_symbol")?);
    if let (Some(number), Some(symbol)) = by {
        changes.push(SourceChange {
            kind: REPLACED,
            by: row.get("source_replaced_by")?,
            note: replaced_note(number, &symbol),
        });
    }
    Ok(changes)
}

/// The copies that the agency made, newest first.
#[utoipa::path(get, path = "/api/v1/registers/copies", tag = "registers", params(CopiesQuery),
    responses((status = 200, body = Copies), (status = 409, description = "Chỉ văn thư và lãnh đạo cơ quan được xem sổ")))]
pub async fn api_copies(
    State(app): State<App>,
    who: Who,
    Query(query): Query<CopiesQuery>,
) -> AppResult<Json<Copies>> {
    Ok(Json(read(&app, &who, query).await?))
}

/// A copy of the agency, with the file and the verdict of an electronic one.
#[utoipa::path(get, path = "/api/v1/registers/copies/{id}", tag = "registers", params(("id" = Uuid, Path)),
    responses((status = 200, body = CopyLine), (status = 404), (status = 409, description = "Chỉ văn thư và lãnh đạo cơ quan được xem sổ")))]
pub async fn api_copy(State(app): State<App>, who: Who, Path(id): Path<Uuid>) -> AppResult<Json<CopyLine>> {
    Ok(Json(one(&app, &who, id).await?))
}

/// A copy as the page shows it.
struct CopyRow {
    href: String,
    number: String,
    day: String,
    kind: String,
    source_href: String,
    source: String,
    /// What the agency did later with the document that was copied.
    source_notes: Vec<String>,
    extract: String,
    copies: u32,
    recipients: String,
    signer: String,
    badge: Badge,
    /// The file of an electronic copy, the page that signs it, or what is printed; nothing when there is nothing to open.
    open: String,
    open_label: &'static str,
    /// Why the number was voided, by whom and when, or empty.
    void_note: String,
}

#[derive(Template)]
#[template(path = "registers/copies/list.html")]
struct ListPage {
    page: Page,
    /// Years of the book to choose from; nothing when there is one only.
    years: Vec<Choice>,
    year: String,
    rows: Vec<CopyRow>,
    next: String,
    waiting: u32,
    /// Whether only those are shown.
    is_waiting_only: bool,
}

/// `GET /registers/copies`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<CopiesQuery>,
) -> Reply {
    let found = read(&app, &who, query).await?;
    let year = query.year.unwrap_or_else(|| app.clock.today().year());
    let row = |line: CopyLine| CopyRow {
        href: format!("/registers/copies/{}", line.id),
        badge: line.badge(),
        void_note: line.void_note(),
        open: match (line.is_electronic(), line.file) {
            (true, Some(file)) => format!("/files/{file}"),
            (true, None) if line.waits() => format!("/registers/copies/{}", line.id),
            (true, None) => String::new(),
            (false, _) => format!("/registers/copies/{}/block.pdf", line.id),
        },
        open_label: if line.waits() {
            "Ký số"
        } else if line.is_electronic() {
            "Tệp bản sao"
        } else {
            line.print_label()
        },
        number: line.number_and_symbol,
        day: format::date(line.made_on),
        kind: line.kind_label,
        source_href: format!("/{}/{}", line.source_kind, line.source),
        source: line.source_name,
        source_notes: line
            .source_changes
            .into_iter()
            .map(|change| change.note)
            .collect(),
        extract: line.extract,
        copies: line.copies,
        recipients: line.recipients.join("; "),
        signer: line.signer,
    };
    let current = if query.waiting && who.is_clerk() {
        WAITING
    } else {
        "copies"
    };
    let mut years = super::super::pages::years(&app, &who).await?;
    if query.waiting || years.len() < 2 {
        years.clear();
    }
    render(&ListPage {
        page: frame(&app, &who, &jar, "Sổ bản sao", current).await?,
        years,
        year: year.to_string(),
        next: found
            .next
            .map(|after| format!("/registers/copies?year={year}&after={after}"))
            .unwrap_or_default(),
        waiting: found.waiting,
        is_waiting_only: query.waiting,
        rows: found.items.into_iter().map(row).collect(),
    })
}
