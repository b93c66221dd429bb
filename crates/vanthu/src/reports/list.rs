//! The list behind a number; it has as many lines as the number says.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    ids::{PostId, UnitId},
    numbering,
    workload::Column,
};
use serde::Deserialize;

use super::{
    HREF,
    parts::{self, Number},
};
use crate::{
    context::{App, Who},
    error::AppError,
    web::{Reply, format, frame, page::Page, render},
};

/// Lines of the page; the whole list is in the spreadsheet.
const MOST: usize = 500;

/// Which number.
#[derive(Debug, Deserialize)]
pub struct ListQuery {
    column: String,
    from: Date,
    to: Date,
    #[serde(default, deserialize_with = "crate::web::blank_as_none")]
    unit: Option<UnitId>,
    #[serde(default, deserialize_with = "crate::web::blank_as_none")]
    post: Option<PostId>,
}

struct Line {
    href: String,
    number: String,
    printed: String,
    subject: String,
    who: String,
    given: String,
    due: String,
    ended: String,
}

#[derive(Template)]
#[template(path = "reports/list.html")]
struct ListPage {
    page: Page,
    back: String,
    days: String,
    lines: Vec<Line>,
    /// How many more there are than the page shows.
    more: usize,
    has_more: bool,
}

/// `GET /reports/workload/list`.
pub async fn show(State(app): State<App>, who: Who, jar: CookieJar, Query(query): Query<ListQuery>) -> Reply {
    let column: Column = query
        .column
        .parse()
        .map_err(|_| AppError::BadInput("Đường dẫn không đúng. Mở lại từ báo cáo.".to_owned()))?;
    let number = Number {
        column,
        from: query.from,
        to: query.to,
        unit: query.unit,
        post: query.post,
    };
    let (found, count) = parts::behind(&app, &who, number, MOST).await?;
    let more = count - found.len();
    let lines = found
        .into_iter()
        .map(|part| Line {
            href: format!("/incoming/{}", part.document),
            number: part
                .arrival_number
                .and_then(|number| u32::try_from(number).ok())
                .map(numbering::printed_number)
                .unwrap_or_default(),
            printed: part.printed,
            subject: part.subject,
            who: format!("{}, {}", part.name, part.title),
            given: format::date(part.given_on),
            due: format::date_opt(part.due_on),
            ended: format::date_opt(part.ended_on),
        })
        .collect();
    render(&ListPage {
        page: frame(&app, &who, &jar, column.label(), "workload").await?,
        back: format!("{HREF}?from={}&to={}", query.from, query.to),
        days: format!("{} – {}", format::date(query.from), format::date(query.to)),
        lines,
        has_more: more > 0,
        more,
    })
}
