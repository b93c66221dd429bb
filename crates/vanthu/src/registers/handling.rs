//! Sổ theo dõi giải quyết văn bản đến (Phụ lục IV mẫu VIII, MD-42): what was registered, by when, how far, answered by what.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::{Timestamp, civil::Date};
use rules::{
    deadlines::{DeadlineSettings, DeadlineState, state_of},
    document_types,
    incoming::IncomingState,
    numbering,
};
use serde::Serialize;
use store::{Filter, Row, args, sql, vietnam};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    incoming::{number_and_symbol, of_book, printed, receiver},
    may_read,
    query::{BookPage, Part, RegisterQuery},
};
use crate::{
    context::{App, Who},
    error::AppResult,
    web::format,
};

/// A line of the book of follow-up.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HandlingLine {
    /// The document.
    pub id: Uuid,
    /// Số đến.
    pub arrival_number: i64,
    /// Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan, tổ chức ban hành văn bản.
    pub document: String,
    /// Đơn vị hoặc người nhận.
    pub receiver: String,
    /// Thời hạn giải quyết.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Tiến độ giải quyết, in words.
    pub progress: String,
    /// How it stands against its deadline: `no_deadline`, `on_time`, `due_soon`, `overdue`.
    #[schema(value_type = String)]
    pub deadline: DeadlineState,
    /// Số, ký hiệu văn bản trả lời: of the issued ones.
    pub replies: Vec<String>,
}

impl HandlingLine {
    /// The seven columns, as they are shown and printed.
    pub fn cells(&self) -> Vec<String> {
        vec![
            self.printed_number(),
            self.document.clone(),
            self.receiver.clone(),
            format::date_opt(self.due_on),
            self.progress.clone(),
            self.replies.join("; "),
            String::new(),
        ]
    }

    /// Số đến, with at least two digits.
    pub fn printed_number(&self) -> String {
        printed(self.arrival_number)
    }
}

/// A page of the book of the person's agency.
pub async fn page(app: &App, who: &Who, query: &RegisterQuery) -> AppResult<BookPage<HandlingLine>> {
    may_read(who)?;
    let part = query.page(app, who.agency(), |text| text.parse().ok())?;
    let lines = read(app, part).await?;
    Ok(part.page_of(lines, |line| line.arrival_number.to_string()))
}

/// The lines of a part of the book.
pub async fn read(app: &App, part: Part<i64>) -> AppResult<Vec<HandlingLine>> {
    let select = Filter::select(
        "SELECT i.id, i.arrival_number, i.sender_name, i.number, i.symbol, i.issued_on, i.type_key, i.state, i.due_on, \
         i.finished_at, a.full_name AS receiver, p.title, u.name AS unit_name \
         FROM incoming i LEFT JOIN post p ON p.id = coalesce(i.lead_post, i.presented_to) \
         LEFT JOIN account a ON a.id = p.account_id LEFT JOIN unit u ON u.id = p.unit_id",
    );
    let rows = app.db.filtered(of_book(app, select, part).await?).await?;
    let mut lines = rows
        .iter()
        .map(|row| line(app, row))
        .collect::<store::Result<Vec<_>>>()?;
    add_replies(app, part, &mut lines).await?;
    Ok(lines)
}

fn line(app: &App, row: &Row) -> store::Result<HandlingLine> {
    let kind: String = row.get("type_key")?;
    let kind = document_types::by_key(&kind).map(|kind| kind.name.to_owned());
    let number = Some(number_and_symbol(row)?).filter(|number| !number.is_empty());
    let issued_on: Option<Date> = row.get("issued_on")?;
    let words = [
        kind,
        number,
        issued_on.map(|day| format!("ngày {}", format::date(day))),
        Some(format!("của {}", row.get::<String>("sender_name")?)),
    ];
    let state: IncomingState = row.parse("state")?;
    let finished = row
        .get::<Option<Timestamp>>("finished_at")?
        .map(|at| vietnam(at).date());
    let due_on: Option<Date> = row.get("due_on")?;
    let today = app.clock.today();
    let settings = DeadlineSettings {
        due_soon_working_days: app.settings.documents.due_soon_days,
        ..DeadlineSettings::default()
    };
    let deadline = if state.is_open() || finished.is_some() {
        let day = finished.unwrap_or(today);
        state_of(due_on, day, finished.is_some(), &app.calendar, &settings)
    } else {
        DeadlineState::NoDeadline
    };
    Ok(HandlingLine {
        id: row.get("id")?,
        arrival_number: row.get("arrival_number")?,
        document: words.into_iter().flatten().collect::<Vec<_>>().join(" "),
        receiver: receiver(row)?,
        due_on,
        progress: progress(state, finished, deadline),
        deadline,
        replies: Vec::new(),
    })
}

/// Tiến độ, in words: the state, the day of the end, and how that stands against the deadline.
fn progress(state: IncomingState, finished: Option<Date>, deadline: DeadlineState) -> String {
    let mut words = state.label().to_owned();
    if let Some(day) = finished {
        words.push_str(&format!(" ngày {}", format::date(day)));
    }
    match (deadline, finished) {
        (DeadlineState::NoDeadline, _) => {}
        (DeadlineState::OnTime, Some(_)) => words.push_str(", đúng hạn"),
        (standing, _) => words.push_str(&format!(", {}", standing.label().to_lowercase())),
    }
    words
}

/// The issued replies to the lines between the first and the last of them: one query for all.
async fn add_replies(app: &App, part: Part<i64>, lines: &mut [HandlingLine]) -> AppResult<()> {
    let numbers = lines.iter().map(|line| line.arrival_number);
    let (Some(first), Some(last)) = (numbers.clone().min(), numbers.max()) else {
        return Ok(());
    };
    let rows = app
        .db
        .all(
            sql!(
                "SELECT o.reply_to, o.number, o.symbol FROM incoming i JOIN outgoing o ON o.reply_to = i.id \
                 WHERE i.agency_id = $1 AND i.year = $2 AND i.arrival_number >= $3 AND i.arrival_number <= $4 \
                 AND o.state = 'issued' ORDER BY o.issued_at, o.id"
            ),
            args![part.agency, part.year, first, last],
        )
        .await?;
    let mut by_document: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in &rows {
        let symbol: Option<String> = row.get("symbol")?;
        let name = numbering::number_and_symbol(row.get("number")?, &symbol.unwrap_or_default());
        by_document.entry(row.get("reply_to")?).or_default().push(name);
    }
    for line in lines {
        line.replies = by_document.remove(&line.id).unwrap_or_default();
    }
    Ok(())
}

/// Sổ theo dõi giải quyết văn bản đến of the caller's agency, newest first.
#[utoipa::path(get, path = "/api/v1/registers/handling", tag = "registers", params(RegisterQuery),
    responses((status = 200, body = BookPage<HandlingLine>), (status = 409, description = "Chỉ văn thư và lãnh đạo cơ quan được xem sổ")))]
pub async fn api(
    State(app): State<App>,
    who: Who,
    Query(query): Query<RegisterQuery>,
) -> AppResult<Json<BookPage<HandlingLine>>> {
    Ok(Json(page(&app, &who, &query).await?))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(IncomingState::InProgress, None, DeadlineState::NoDeadline, "Đang xử lý")]
    #[case(
        IncomingState::InProgress,
        None,
        DeadlineState::DueSoon,
        "Đang xử lý, sắp đến hạn"
    )]
    #[case(
        IncomingState::Finished,
        Some(date(2026, 1, 9)),
        DeadlineState::OnTime,
        "Đã hoàn thành ngày 09/01/2026, đúng hạn"
    )]
    #[case(
        IncomingState::Finished,
        Some(date(2026, 1, 9)),
        DeadlineState::Overdue,
        "Đã hoàn thành ngày 09/01/2026, quá hạn"
    )]
    fn md_42_progress_is_told_in_words(
        #[case] state: IncomingState,
        #[case] finished: Option<Date>,
        #[case] deadline: DeadlineState,
        #[case] said: &str,
    ) {
        assert_eq!(progress(state, finished, deadline), said);
    }
}
