//! Sổ đăng ký văn bản đến (Phụ lục IV mẫu VI).

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::{Timestamp, civil::Date};
use rules::{deadlines::DeadlineState, ids::AgencyId, numbering};
use serde::Serialize;
use store::{Filter, Row, args, sql, vietnam};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    may_read,
    outgoing::kind_and_subject,
    query::{BookPage, Part, RegisterQuery},
};
use crate::{
    context::{App, Who},
    desk,
    error::AppResult,
    web::{format, page::Badge},
};

/// A line of the register of incoming documents.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IncomingLine {
    /// The document.
    pub id: Uuid,
    /// Ngày đến.
    #[schema(value_type = String, format = Date)]
    pub arrived_on: Date,
    /// Số đến.
    pub arrival_number: i64,
    /// Tác giả: who issued it.
    pub author: String,
    /// Số, ký hiệu văn bản.
    pub number_and_symbol: String,
    /// Ngày tháng văn bản.
    #[schema(value_type = Option<String>, format = Date)]
    pub issued_on: Option<Date>,
    /// Kind of document, `cong_van`.
    pub type_key: String,
    /// Trích yếu nội dung.
    pub subject: String,
    /// Đơn vị hoặc người nhận: who handles it; before that, the leader to whom it was presented.
    pub receiver: String,
    /// Ngày chuyển: the day of the directive.
    #[schema(value_type = Option<String>, format = Date)]
    pub handed_on: Option<Date>,
    /// Thời hạn giải quyết.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// `no_deadline`, `on_time`, `due_soon` or `overdue`: today, or on the day it was finished.
    #[schema(value_type = String)]
    pub deadline_state: DeadlineState,
}

impl IncomingLine {
    /// The ten columns, as they are shown and printed.
    pub fn cells(&self) -> [String; 10] {
        [
            format::date(self.arrived_on),
            self.printed_number(),
            self.author.clone(),
            self.number_and_symbol.clone(),
            format::date_or_none(self.issued_on),
            kind_and_subject(&self.type_key, &self.subject),
            self.receiver.clone(),
            format::date_opt(self.handed_on),
            String::new(),
            String::new(),
        ]
    }

    /// How the deadline stands, for the screen; on paper the column is for notes.
    pub fn deadline(&self) -> Option<Badge> {
        self.due_on.map(|due| {
            Badge::new(
                format!("{} {}", self.deadline_state.label(), format::date(due)),
                desk::deadline_tone(self.deadline_state),
            )
        })
    }

    /// Số đến, with at least two digits.
    pub fn printed_number(&self) -> String {
        printed(self.arrival_number)
    }
}

/// Số đến, with at least two digits.
pub(super) fn printed(number: i64) -> String {
    u32::try_from(number)
        .map(numbering::printed_number)
        .unwrap_or_default()
}

/// Who handles it, or the leader to whom it was presented: the name, and the unit or the post.
pub(super) fn receiver(row: &Row) -> store::Result<String> {
    let name: Option<String> = row.get("receiver")?;
    let place = match row.get::<Option<String>>("unit_name")? {
        Some(unit) => Some(unit),
        None => row.get("title")?,
    };
    Ok([name, place].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// Số, ký hiệu as it stands on the document; empty when it bears none.
pub(super) fn number_and_symbol(row: &Row) -> store::Result<String> {
    let parts: [String; 2] = [row.get("number")?, row.get("symbol")?];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Ok(parts.join("/"))
}

/// A page of the register of the person's agency.
pub async fn page(app: &App, who: &Who, query: &RegisterQuery) -> AppResult<BookPage<IncomingLine>> {
    may_read(who)?;
    let part = query.page(app, who.agency(), |text| text.parse().ok())?;
    let lines = read(app, part).await?;
    Ok(part.page_of(lines, |line| line.arrival_number.to_string()))
}

/// The lines of a part of the book. Walks the index of the book, so it costs what it gives, however long the book is.
pub async fn read(app: &App, part: Part<i64>) -> AppResult<Vec<IncomingLine>> {
    let filter = Filter::select(
        "SELECT i.id, i.arrival_number, i.arrived_on, i.sender_name, i.number, i.symbol, i.issued_on, i.type_key, \
         i.subject, i.due_on, i.finished_at, a.full_name AS receiver, p.title, u.name AS unit_name, \
         (SELECT min(s.given_at) FROM assignment s WHERE s.incoming_id = i.id AND s.parent_id IS NULL) AS handed_at \
         FROM incoming i LEFT JOIN post p ON p.id = coalesce(i.lead_post, i.presented_to) \
         LEFT JOIN account a ON a.id = p.account_id LEFT JOIN unit u ON u.id = p.unit_id",
    );
    let rows = app.db.filtered(of_book(app, filter, part).await?).await?;
    Ok(rows
        .iter()
        .map(|row| line(app, row))
        .collect::<store::Result<_>>()?)
}

/// A part of the book of what arrived: `i` is the table `incoming` of the statement.
pub(super) async fn of_book(app: &App, select: Filter, part: Part<i64>) -> AppResult<Filter> {
    let mut filter = select.and(
        "i.agency_id = ? AND i.year = ? AND i.arrival_number > 0",
        args![part.agency, part.year],
    );
    if let Some(from) = part.from {
        let first = first_number_from(app, part.agency, part.year, from).await?;
        filter = filter.and("i.arrival_number >= ?", args![first]);
    }
    if let Some(to) = part.to {
        let next_day = to.saturating_add(jiff::Span::new().days(1));
        let end = first_number_from(app, part.agency, part.year, next_day).await?;
        filter = filter.and("i.arrival_number < ?", args![end]);
    }
    if let Some(number) = part.place {
        let condition = if part.ascending {
            "i.arrival_number > ?"
        } else {
            "i.arrival_number < ?"
        };
        filter = filter.and(condition, args![number]);
    }
    let order = if part.ascending {
        "ORDER BY i.arrival_number LIMIT ?"
    } else {
        "ORDER BY i.arrival_number DESC LIMIT ?"
    };
    Ok(filter.end(order, args![part.limit]))
}

/// The first arrival number of `day` or later. Numbers and days of arrival run together (ND30-22.2), so the place is
/// found by halving, in as many look-ups as the last number has bits.
async fn first_number_from(app: &App, agency: AgencyId, year: i16, day: Date) -> AppResult<i64> {
    let last = app
        .db
        .opt(
            sql!(
                "SELECT arrival_number FROM incoming WHERE agency_id = $1 AND year = $2 AND arrival_number > 0 \
                 ORDER BY arrival_number DESC LIMIT 1"
            ),
            args![agency, year],
        )
        .await?;
    let Some(last) = last else { return Ok(1) };
    let (mut low, mut high) = (1_i64, last.get::<i64>("arrival_number")? + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let arrived_on = app
            .db
            .opt(
                sql!(
                    "SELECT arrived_on FROM incoming WHERE agency_id = $1 AND year = $2 AND arrival_number >= $3 \
                     ORDER BY arrival_number LIMIT 1"
                ),
                args![agency, year, middle],
            )
            .await?
            .map(|row| row.get::<Date>("arrived_on"))
            .transpose()?;
        if arrived_on.is_some_and(|arrived_on| arrived_on < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn line(app: &App, row: &Row) -> store::Result<IncomingLine> {
    let due_on: Option<Date> = row.get("due_on")?;
    let finished_on = row
        .get::<Option<Timestamp>>("finished_at")?
        .map(|at| vietnam(at).date());
    Ok(IncomingLine {
        id: row.get("id")?,
        arrived_on: row.get("arrived_on")?,
        arrival_number: row.get("arrival_number")?,
        author: row.get("sender_name")?,
        number_and_symbol: number_and_symbol(row)?,
        issued_on: row.get("issued_on")?,
        type_key: row.get("type_key")?,
        subject: row.get("subject")?,
        receiver: receiver(row)?,
        handed_on: row
            .get::<Option<Timestamp>>("handed_at")?
            .map(|at| vietnam(at).date()),
        due_on,
        deadline_state: desk::deadline_state(app, due_on, finished_on),
    })
}

/// Sổ đăng ký văn bản đến of the caller's agency, newest first.
#[utoipa::path(get, path = "/api/v1/registers/incoming", tag = "registers", params(RegisterQuery),
    responses((status = 200, body = BookPage<IncomingLine>), (status = 409, description = "Chỉ văn thư và lãnh đạo cơ quan được xem sổ")))]
pub async fn api(
    State(app): State<App>,
    who: Who,
    Query(query): Query<RegisterQuery>,
) -> AppResult<Json<BookPage<IncomingLine>>> {
    Ok(Json(page(&app, &who, &query).await?))
}
