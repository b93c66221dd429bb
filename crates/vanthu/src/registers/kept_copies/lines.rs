//! The lines of the book.

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::civil::Date;
use rules::numbering;
use serde::Serialize;
use store::{Filter, Row, args};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{
    may_read,
    outgoing::kind_and_subject,
    query::{BookPage, Part, RegisterQuery},
};
use crate::{
    context::{App, Who},
    error::AppResult,
    web::format,
};

/// A use of a kept copy.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeptCopyLine {
    /// The line.
    pub id: Uuid,
    /// The document.
    pub outgoing: Uuid,
    /// Ngày tháng.
    #[schema(value_type = String, format = Date)]
    pub used_on: Date,
    /// Họ tên người sử dụng.
    pub user: String,
    /// Số, ký hiệu văn bản.
    pub number_and_symbol: String,
    /// Ngày tháng văn bản.
    #[schema(value_type = Option<String>, format = Date)]
    pub issued_on: Option<Date>,
    /// Tên loại và trích yếu nội dung.
    pub subject: String,
    /// Số và ký hiệu hồ sơ; empty when it is in none.
    pub file_code: String,
    /// Ngày trả.
    #[schema(value_type = Option<String>, format = Date)]
    pub returned_on: Option<Date>,
    /// Người cho phép sử dụng.
    pub permitted_by: String,
    /// Ghi chú.
    pub note: String,
}

impl KeptCopyLine {
    /// The nine columns, as they are shown and printed.
    pub fn cells(&self) -> Vec<String> {
        let day = self
            .issued_on
            .map_or_else(String::new, |day| format!(" ngày {}", format::date(day)));
        vec![
            format::date(self.used_on),
            self.user.clone(),
            format!("{}{day}", self.number_and_symbol),
            self.subject.clone(),
            self.file_code.clone(),
            String::new(),
            format::date_opt(self.returned_on),
            self.permitted_by.clone(),
            self.note.clone(),
        ]
    }
}

/// A page of the book of the person's agency.
pub(super) async fn page(app: &App, who: &Who, query: &RegisterQuery) -> AppResult<BookPage<KeptCopyLine>> {
    may_read(who)?;
    let part = query.page(app, who.agency(), |text| text.parse().ok())?;
    let lines = read(app, part).await?;
    Ok(part.page_of(lines, |line| line.id.to_string()))
}

/// The lines of a part of the book; their ids follow the time of writing.
pub async fn read(app: &App, part: Part<Uuid>) -> AppResult<Vec<KeptCopyLine>> {
    let mut filter = Filter::select(
        "SELECT k.id, k.outgoing_id, k.used_on, k.used_by, k.file_code, k.permitted_by, k.returned_on, k.note, o.number, \
         o.symbol, o.issued_on, o.type_key, o.subject FROM kept_copy_use k JOIN outgoing o ON o.id = k.outgoing_id",
    )
    .and("k.agency_id = ?", args![part.agency])
    .and(
        "k.used_on >= ? AND k.used_on < ?",
        args![format!("{:04}-01-01", part.year), format!("{:04}-01-01", part.year + 1)],
    )
    .and_if("k.used_on >= ?", part.from)
    .and_if("k.used_on <= ?", part.to);
    if let Some(id) = part.place {
        let condition = if part.ascending { "k.id > ?" } else { "k.id < ?" };
        filter = filter.and(condition, args![id]);
    }
    let order = if part.ascending {
        "ORDER BY k.id LIMIT ?"
    } else {
        "ORDER BY k.id DESC LIMIT ?"
    };
    let rows = app.db.filtered(filter.end(order, args![part.limit])).await?;
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}

fn line(row: &Row) -> store::Result<KeptCopyLine> {
    let symbol: Option<String> = row.get("symbol")?;
    Ok(KeptCopyLine {
        id: row.get("id")?,
        outgoing: row.get("outgoing_id")?,
        used_on: row.get("used_on")?,
        user: row.get("used_by")?,
        number_and_symbol: numbering::number_and_symbol(row.get("number")?, &symbol.unwrap_or_default()),
        issued_on: row.get("issued_on")?,
        subject: kind_and_subject(&row.get::<String>("type_key")?, &row.get::<String>("subject")?),
        file_code: row.get("file_code")?,
        returned_on: row.get("returned_on")?,
        permitted_by: row.get("permitted_by")?,
        note: row.get("note")?,
    })
}

/// Sổ sử dụng bản lưu of the caller's agency, newest first.
#[utoipa::path(get, path = "/api/v1/registers/kept-copies", tag = "registers", params(RegisterQuery),
    responses((status = 200, body = BookPage<KeptCopyLine>), (status = 409, description = "Chỉ văn thư và lãnh đạo cơ quan được xem sổ")))]
pub async fn api(
    State(app): State<App>,
    who: Who,
    Query(query): Query<RegisterQuery>,
) -> AppResult<Json<BookPage<KeptCopyLine>>> {
    Ok(Json(page(&app, &who, &query).await?))
}
