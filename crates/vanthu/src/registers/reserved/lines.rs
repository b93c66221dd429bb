//! The reserved numbers of an agency: as a list, as lines of the register, as choices for a document that waits for its number.

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::{Timestamp, civil::Date};
use rules::{
    document_types,
    ids::OutgoingId,
    numbering::{self, ReservedState},
};
use serde::{Deserialize, Serialize};
use store::{Filter, Row, args, sql};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::{
    may_read,
    outgoing::{OutgoingLine, Place},
    query::{Part, midnight},
};
use crate::{
    context::{App, Who},
    error::AppResult,
    outgoing::series,
    web::{format, page::Choice},
};

/// Reservations that the list tells; the register has them all.
const MOST: i64 = 200;

/// Which year.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ReservedQuery {
    /// Năm; the current one when left out.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<i32>)]
    pub year: Option<i16>,
}

/// A reserved number.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReservedLine {
    /// The reservation.
    pub id: Uuid,
    /// Số và ký hiệu: `05/QĐ-UBND`.
    pub number_and_symbol: String,
    /// Kind of the document to come.
    pub type_key: String,
    /// The day on which it was reserved.
    #[schema(value_type = String, format = Date)]
    pub reserved_on: Date,
    /// Why.
    pub reason: String,
    /// Who will sign, when it was known.
    pub signer: String,
    /// `held`, `used`, `void`.
    #[schema(value_type = String)]
    pub state: ReservedState,
    /// Why it is void.
    pub close_reason: Option<String>,
    /// The document that takes it, or took it.
    pub document: Option<Uuid>,
}

/// The reserved numbers of the caller's agency in a year, newest first.
#[utoipa::path(get, path = "/api/v1/registers/reserved", tag = "registers", params(ReservedQuery),
    responses((status = 200, body = Vec<ReservedLine>), (status = 409, description = "Chỉ văn thư và lãnh đạo cơ quan được xem sổ")))]
pub async fn api(
    State(app): State<App>,
    who: Who,
    Query(query): Query<ReservedQuery>,
) -> AppResult<Json<Vec<ReservedLine>>> {
    Ok(Json(read(&app, &who, query).await?))
}

/// Reads them.
///
/// # Errors
/// `ND30-6.3` for whom may not read the registers.
pub async fn read(app: &App, who: &Who, query: ReservedQuery) -> AppResult<Vec<ReservedLine>> {
    may_read(who)?;
    let year = query.year.unwrap_or_else(|| app.clock.today().year());
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, number, symbol, type_key, reserved_on, reason, signer_name, state, close_reason, outgoing_id \
                 FROM reserved_number WHERE agency_id = $1 AND year = $2 ORDER BY at DESC, number DESC LIMIT $3"
            ),
            args![who.agency(), year, MOST],
        )
        .await?;
    let line = |row: &Row| {
        Ok(ReservedLine {
            id: row.get("id")?,
            number_and_symbol: printed(row)?,
            type_key: row.get("type_key")?,
            reserved_on: row.get("reserved_on")?,
            reason: row.get("reason")?,
            signer: row.get("signer_name")?,
            state: row.parse("state")?,
            close_reason: row.get("close_reason")?,
            document: row.get("outgoing_id")?,
        })
    };
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}

fn printed(row: &Row) -> store::Result<String> {
    Ok(numbering::number_and_symbol(
        row.get("number")?,
        &row.get::<String>("symbol")?,
    ))
}

/// The lines of a part of the register of outgoing documents that are numbers without a document (ND30-15.1): each with its reason in
/// Ghi chú. What a document bears is the document's line.
///
/// # Errors
/// When the database fails.
pub async fn of_book(app: &App, part: Part<Place>) -> AppResult<Vec<OutgoingLine>> {
    let mut filter = Filter::select(
        "SELECT id, number, symbol, type_key, reserved_on, reason, signer_name, state, close_reason, at FROM reserved_number",
    )
    .and(
        "agency_id = ? AND year = ? AND state <> 'used'",
        args![part.agency, part.year],
    );
    if let Some(from) = part.from {
        filter = filter.and("at >= ?", args![midnight(from)?]);
    }
    if let Some(to) = part.to {
        filter = filter.and(
            "at < ?",
            args![midnight(to.saturating_add(jiff::Span::new().days(1)))?],
        );
    }
    if let Some((at, id)) = part.place {
        let condition = if part.ascending {
            "(at, id) > (?, ?)"
        } else {
            "(at, id) < (?, ?)"
        };
        filter = filter.and(condition, args![at, id]);
    }
    let order = if part.ascending {
        "ORDER BY at, id LIMIT ?"
    } else {
        "ORDER BY at DESC, id DESC LIMIT ?"
    };
    let rows = app.db.filtered(filter.end(order, args![part.limit])).await?;
    Ok(rows.iter().map(book_line).collect::<store::Result<_>>()?)
}

fn book_line(row: &Row) -> store::Result<OutgoingLine> {
    let at: Timestamp = row.get("at")?;
    let reason: String = row.get("reason")?;
    let close_reason: Option<String> = row.get("close_reason")?;
    let is_void = row.parse::<ReservedState>("state")? == ReservedState::Void;
    Ok(OutgoingLine {
        id: row.get("id")?,
        is_reserved: true,
        number_and_symbol: printed(row)?,
        issued_on: row.get("reserved_on")?,
        type_key: row.get("type_key")?,
        subject: if is_void { "Số đã hủy" } else { "Giữ số" }.to_owned(),
        signer: row.get("signer_name")?,
        recipients: Vec::new(),
        recipient_count: 0,
        kept_by: String::new(),
        copies: 0,
        dispatched_on: None,
        note: if is_void {
            format!("Hủy số đã giữ: {}", close_reason.unwrap_or_default())
        } else {
            format!("Giữ số: {reason}")
        },
        issued_at: at,
    })
}

/// Reserved numbers that a document may take.
#[derive(Debug, Clone, Default)]
pub(crate) struct Offered {
    /// The numbers.
    pub choices: Vec<Choice>,
    /// The one that was chosen; empty for the next of the series.
    pub chosen: String,
}

/// The reserved numbers of the series in which an approved document will be numbered; none when nothing is reserved.
///
/// # Errors
/// When the database fails.
pub(crate) async fn offered(
    app: &App,
    who: &Who,
    document: OutgoingId,
    type_key: &str,
) -> AppResult<Offered> {
    let today = app.clock.today();
    let Some(kind) = document_types::by_key(type_key).filter(|_| who.is_clerk()) else {
        return Ok(Offered::default());
    };
    let rule = series::rule(app, who.agency(), today).await?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT r.id, r.number, r.symbol, r.reserved_on, r.reason, r.outgoing_id FROM reserved_number r \
                 LEFT JOIN outgoing o ON o.id = r.outgoing_id WHERE r.agency_id = $1 AND r.series = $2 AND r.year = $3 \
                 AND r.state = 'held' AND (r.outgoing_id IS NULL OR r.outgoing_id = $4 OR o.state IN ('draft', 'cancelled', 'numbered', 'issued', 'voided')) \
                 ORDER BY r.number LIMIT $5"
            ),
            args![
                who.agency(),
                numbering::series_key(&rule.rule, kind),
                today.year(),
                document,
                MOST
            ],
        )
        .await?;
    let mut offered = Offered {
        choices: Vec::with_capacity(rows.len()),
        chosen: String::new(),
    };
    for row in &rows {
        let id: Uuid = row.get("id")?;
        if row.get::<Option<OutgoingId>>("outgoing_id")? == Some(document) {
            offered.chosen = id.to_string();
        }
        let reason: String = row.get("reason")?;
        let day = format::date(row.get("reserved_on")?);
        offered
            .choices
            .push(Choice::new(id.to_string(), format!("{}, giữ ngày {day}", printed(row)?)).hint(reason));
    }
    Ok(offered)
}
