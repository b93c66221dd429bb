//! Sổ đăng ký văn bản đi (Phụ lục IV mẫu I).

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::{Timestamp, civil::Date};
use rules::{document_types, numbering, outgoing::OutgoingState};
use serde::Serialize;
use std::collections::HashMap;
use store::{Filter, Row, args, sql, vietnam};
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

/// Recipients that a line names; the others are counted.
const NAMED: i64 = 8;

/// A line of the register of outgoing documents.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutgoingLine {
    /// The document; of a number that is reserved or void without a document, the reservation.
    pub id: Uuid,
    /// Whether it is a number without a document: reserved, or void.
    pub is_reserved: bool,
    /// Số, ký hiệu văn bản: `05/QĐ-STTTT`.
    pub number_and_symbol: String,
    /// Ngày tháng văn bản.
    #[schema(value_type = String, format = Date)]
    pub issued_on: Date,
    /// Kind of document, `cong_van`.
    pub type_key: String,
    /// Trích yếu nội dung.
    pub subject: String,
    /// Người ký.
    pub signer: String,
    /// Nơi nhận văn bản: the first of them.
    pub recipients: Vec<String>,
    /// How many recipients there are.
    pub recipient_count: i64,
    /// Đơn vị, người nhận bản lưu.
    pub kept_by: String,
    /// Số lượng bản: one for every recipient on paper, and the one that is kept at văn thư (ND30-17.1a, 19.1).
    pub copies: i64,
    /// Ngày chuyển.
    #[schema(value_type = Option<String>, format = Date)]
    pub dispatched_on: Option<Date>,
    /// Ghi chú: a number that is void or waits for the agency's signature says so.
    pub note: String,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) issued_at: Timestamp,
}

impl OutgoingLine {
    /// The ten columns, as they are shown and printed.
    pub fn cells(&self) -> [String; 10] {
        let rest = self.recipient_count - self.recipients.len() as i64;
        let mut recipients = self.recipients.join("; ");
        if rest > 0 {
            recipients.push_str(&format!("; và {rest} nơi nhận khác"));
        }
        [
            self.number_and_symbol.clone(),
            format::date(self.issued_on),
            kind_and_subject(&self.type_key, &self.subject),
            self.signer.clone(),
            recipients,
            self.kept_by.clone(),
            if self.is_reserved {
                String::new()
            } else {
                self.copies.to_string()
            },
            format::date_opt(self.dispatched_on),
            String::new(),
            self.note.clone(),
        ]
    }
}

/// Tên loại và trích yếu nội dung văn bản.
pub fn kind_and_subject(type_key: &str, subject: &str) -> String {
    match document_types::by_key(type_key) {
        Some(kind) => format!("{}: {subject}", kind.name),
        None => subject.to_owned(),
    }
}

/// Place of a line in the book: when it was issued, and the document.
pub type Place = (i64, Uuid);

fn place(text: &str) -> Option<Place> {
    let (at, id) = text.split_once('_')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

/// A page of the register of the person's agency.
pub async fn page(app: &App, who: &Who, query: &RegisterQuery) -> AppResult<BookPage<OutgoingLine>> {
    may_read(who)?;
    let part = query.page(app, who.agency(), place)?;
    let lines = read(app, part).await?;
    Ok(part.page_of(lines, |line| {
        format!("{}_{}", line.issued_at.as_microsecond(), line.id)
    }))
}

/// The lines of a part of the book. Walks the index of the book, so it costs what it gives, however long the book is.
pub async fn read(app: &App, part: Part<Place>) -> AppResult<Vec<OutgoingLine>> {
    let mut filter = Filter::select(
        "SELECT o.id, o.number, o.symbol, o.issued_on, o.issued_at, o.type_key, o.subject, o.state, o.void_reason, o.recalled_at, r.number AS by_number, r.symbol AS by_symbol, a.full_name AS signer, \
         u.abbr AS unit_abbr FROM outgoing o JOIN post p ON p.id = o.signer_post \
         JOIN account a ON a.id = p.account_id LEFT JOIN unit u ON u.id = o.unit_id \
         LEFT JOIN outgoing r ON r.id = o.replaced_by",
    )
    .and("o.agency_id = ? AND o.year = ?", args![part.agency, part.year]);
    filter = part.issued_within(filter)?;
    if let Some((at, id)) = part.place {
        let condition = if part.ascending {
            "(o.issued_at, o.id) > (?, ?)"
        } else {
            "(o.issued_at, o.id) < (?, ?)"
        };
        filter = filter.and(condition, args![at, id]);
    }
    let order = if part.ascending {
        "ORDER BY o.issued_at, o.id LIMIT ?"
    } else {
        "ORDER BY o.issued_at DESC, o.id DESC LIMIT ?"
    };
    let rows = app.db.filtered(filter.end(order, args![part.limit])).await?;
    let mut lines = rows.iter().map(line).collect::<store::Result<Vec<_>>>()?;
    add_recipients(app, part, &mut lines).await?;
    let reserved = super::reserved::of_book(app, part).await?;
    if !reserved.is_empty() {
        // Both are in the order of the book: one book of what they hold together.
        lines.extend(reserved);
        lines.sort_by_key(|line| (line.issued_at.as_microsecond(), line.id));
        if !part.ascending {
            lines.reverse();
        }
        lines.truncate(usize::try_from(part.limit).unwrap_or(usize::MAX));
    }
    Ok(lines)
}

fn line(row: &Row) -> store::Result<OutgoingLine> {
    let symbol: Option<String> = row.get("symbol")?;
    let unit: Option<String> = row.get("unit_abbr")?;
    Ok(OutgoingLine {
        id: row.get("id")?,
        is_reserved: false,
        number_and_symbol: format!(
            "{}/{}",
            numbering::printed_number(row.get("number")?),
            symbol.unwrap_or_default()
        ),
        issued_on: row.get("issued_on")?,
        type_key: row.get("type_key")?,
        subject: row.get("subject")?,
        signer: row.get("signer")?,
        recipients: Vec::new(),
        recipient_count: 0,
        kept_by: unit.map_or_else(|| "VT".to_owned(), |unit| format!("VT, {unit}")),
        copies: 1,
        dispatched_on: None,
        note: note(row)?,
        issued_at: row.get("issued_at")?,
    })
}

/// What the column Ghi chú says: of a number that was not issued (ND30-15.3), of a recall (PL6-III.8a), of a replacement.
fn note(row: &Row) -> store::Result<String> {
    let void_reason: Option<String> = row.get("void_reason")?;
    let recalled_at: Option<Timestamp> = row.get("recalled_at")?;
    let by: (Option<u32>, Option<String>) = (row.get("by_number")?, row.get("by_symbol")?);
    let mut notes = Vec::new();
    match row.parse::<OutgoingState>("state")? {
        OutgoingState::Voided => notes.push(format!("Hủy số: {}", void_reason.unwrap_or_default())),
        OutgoingState::Numbered => notes.push("Đã cấp số, chờ ký số của cơ quan".to_owned()),
        _ => {}
    }
    notes.extend(recalled_at.map(recalled_note));
    if let (Some(number), Some(symbol)) = by {
        notes.push(replaced_note(number, &symbol));
    }
    Ok(notes.join("; "))
}

/// That a document was recalled, as the books say it.
pub(super) fn recalled_note(at: Timestamp) -> String {
    format!("Đã thu hồi ngày {}", format::date(vietnam(at).date()))
}

/// That this later document takes the place of another, as the books say it.
pub(super) fn replaced_note(number: u32, symbol: &str) -> String {
    format!("Bị thay thế bởi {}", numbering::number_and_symbol(number, symbol))
}

/// Recipients of the lines between the first and the last of them: one query for all.
async fn add_recipients(app: &App, part: Part<Place>, lines: &mut [OutgoingLine]) -> AppResult<()> {
    let times = lines.iter().map(|line| line.issued_at);
    let (Some(first), Some(last)) = (times.clone().min(), times.max()) else {
        return Ok(());
    };
    let rows = app
        .db
        .all(
            sql!(
                "SELECT outgoing_id, recipient_name, total, on_paper, sent_at FROM (\
                 SELECT d.outgoing_id, d.recipient_name, d.id, \
                 row_number() OVER (PARTITION BY d.outgoing_id ORDER BY d.id) AS nth, \
                 count(*) OVER (PARTITION BY d.outgoing_id) AS total, \
                 count(CASE WHEN d.channel = 'paper' THEN 1 END) OVER (PARTITION BY d.outgoing_id) AS on_paper, \
                 min(d.sent_at) OVER (PARTITION BY d.outgoing_id) AS sent_at \
                 FROM outgoing o JOIN delivery d ON d.outgoing_id = o.id \
                 WHERE o.agency_id = $1 AND o.year = $2 AND o.issued_at >= $3 AND o.issued_at <= $4) numbered \
                 WHERE nth <= $5 ORDER BY outgoing_id, id"
            ),
            args![part.agency, part.year, first, last, NAMED],
        )
        .await?;
    let mut by_document: HashMap<Uuid, Vec<&Row>> = HashMap::new();
    for row in &rows {
        by_document.entry(row.get("outgoing_id")?).or_default().push(row);
    }
    for line in lines {
        let Some(rows) = by_document.get(&line.id) else {
            continue;
        };
        for row in rows {
            line.recipients.push(row.get("recipient_name")?);
            line.recipient_count = row.get("total")?;
            line.copies = row.get::<i64>("on_paper")? + 1;
            line.dispatched_on = row
                .get::<Option<Timestamp>>("sent_at")?
                .map(|at| vietnam(at).date());
        }
    }
    Ok(())
}

/// Sổ đăng ký văn bản đi of the caller's agency, newest first.
#[utoipa::path(get, path = "/api/v1/registers/outgoing", tag = "registers", params(RegisterQuery),
    responses((status = 200, body = BookPage<OutgoingLine>), (status = 409, description = "Chỉ văn thư và lãnh đạo cơ quan được xem sổ")))]
pub async fn api(
    State(app): State<App>,
    who: Who,
    Query(query): Query<RegisterQuery>,
) -> AppResult<Json<BookPage<OutgoingLine>>> {
    Ok(Json(page(&app, &who, &query).await?))
}
