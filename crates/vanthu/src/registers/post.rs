//! Sổ gửi văn bản đi bưu điện (Phụ lục IV mẫu III, MD-42b): what goes out on paper, one envelope per recipient.

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::{Timestamp, civil::Date};
use rules::numbering;
use serde::Serialize;
use store::{Filter, Row, args, vietnam};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    may_read,
    query::{BookPage, Part, RegisterQuery},
};
use crate::{
    context::{App, Who},
    error::AppResult,
    web::format,
};

/// An envelope.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PostLine {
    /// The line of delivery.
    pub id: Uuid,
    /// The document in it.
    pub outgoing: Uuid,
    /// Ngày chuyển.
    #[schema(value_type = String, format = Date)]
    pub sent_on: Date,
    /// Số, ký hiệu văn bản.
    pub number_and_symbol: String,
    /// Nơi nhận văn bản.
    pub recipient: String,
    /// Ghi chú: why it goes on paper.
    pub note: String,
}

impl PostLine {
    /// The six columns, as they are shown and printed.
    pub fn cells(&self) -> Vec<String> {
        vec![
            format::date(self.sent_on),
            self.number_and_symbol.clone(),
            self.recipient.clone(),
            "1".to_owned(),
            String::new(),
            self.note.clone(),
        ]
    }
}

/// A page of the book of the person's agency.
pub async fn page(app: &App, who: &Who, query: &RegisterQuery) -> AppResult<BookPage<PostLine>> {
    may_read(who)?;
    let part = query.page(app, who.agency(), |text| text.parse().ok())?;
    let lines = read(app, part).await?;
    Ok(part.page_of(lines, |line| line.id.to_string()))
}

/// The lines of a part of the book. Lines of delivery are written when a document is issued and their ids follow that time,
/// so the index of paper lines is walked in the order of the book.
pub async fn read(app: &App, part: Part<Uuid>) -> AppResult<Vec<PostLine>> {
    let mut filter = Filter::select(
        "SELECT d.id, d.outgoing_id, d.recipient_name, d.reason, d.sent_at, o.number, o.symbol, o.issued_on \
         FROM delivery d JOIN outgoing o ON o.id = d.outgoing_id",
    )
    .and(
        "d.agency_id = ? AND d.channel = 'paper' AND o.year = ?",
        args![part.agency, part.year],
    );
    filter = part.issued_within(filter)?;
    if let Some(id) = part.place {
        let condition = if part.ascending { "d.id > ?" } else { "d.id < ?" };
        filter = filter.and(condition, args![id]);
    }
    let order = if part.ascending {
        "ORDER BY d.id LIMIT ?"
    } else {
        "ORDER BY d.id DESC LIMIT ?"
    };
    let rows = app.db.filtered(filter.end(order, args![part.limit])).await?;
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}

fn line(row: &Row) -> store::Result<PostLine> {
    let symbol: Option<String> = row.get("symbol")?;
    let sent_at: Option<Timestamp> = row.get("sent_at")?;
    Ok(PostLine {
        id: row.get("id")?,
        outgoing: row.get("outgoing_id")?,
        // Paper leaves on the day of issue (ND30-18.1); the system learns no other day.
        sent_on: match sent_at {
            Some(at) => vietnam(at).date(),
            None => row.get("issued_on")?,
        },
        number_and_symbol: numbering::number_and_symbol(row.get("number")?, &symbol.unwrap_or_default()),
        recipient: row.get("recipient_name")?,
        note: row.get::<Option<String>>("reason")?.unwrap_or_default(),
    })
}

/// Sổ gửi văn bản đi bưu điện of the caller's agency, newest first.
#[utoipa::path(get, path = "/api/v1/registers/post", tag = "registers", params(RegisterQuery),
    responses((status = 200, body = BookPage<PostLine>), (status = 409, description = "Chỉ văn thư và lãnh đạo cơ quan được xem sổ")))]
pub async fn api(
    State(app): State<App>,
    who: Who,
    Query(query): Query<RegisterQuery>,
) -> AppResult<Json<BookPage<PostLine>>> {
    Ok(Json(page(&app, &who, &query).await?))
}
