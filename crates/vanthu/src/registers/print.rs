//! In sổ: the book on paper with its cover and all its columns (ND30-16.2b).

use axum::{
    body::Body,
    extract::{Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use the_thuc::{Issuer, RegisterBook, RegisterSheet};

use super::{incoming, may_read, outgoing, query::RegisterQuery};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    organization,
};

/// Rows of one printed volume; more would be too thick to bind.
const VOLUME: usize = 2000;

/// `GET /registers/outgoing.pdf`.
pub async fn outgoing(
    State(app): State<App>,
    who: Who,
    Query(query): Query<RegisterQuery>,
) -> AppResult<Response> {
    may_read(&who)?;
    let part = query.printed(&app, who.agency(), VOLUME as i64 + 1)?;
    let lines = outgoing::read(&app, part).await?;
    let numbers = first_and_last(lines.iter().map(|line| line.number_and_symbol.clone()));
    let rows = lines.iter().map(outgoing::OutgoingLine::cells).collect();
    print(&app, &who, &query, RegisterBook::Outgoing, rows, numbers).await
}

/// `GET /registers/incoming.pdf`.
pub async fn incoming(
    State(app): State<App>,
    who: Who,
    Query(query): Query<RegisterQuery>,
) -> AppResult<Response> {
    may_read(&who)?;
    let part = query.printed(&app, who.agency(), VOLUME as i64 + 1)?;
    let lines = incoming::read(&app, part).await?;
    let numbers = first_and_last(lines.iter().map(incoming::IncomingLine::printed_number));
    let rows = lines.iter().map(incoming::IncomingLine::cells).collect();
    print(&app, &who, &query, RegisterBook::Incoming, rows, numbers).await
}

fn first_and_last(mut numbers: impl DoubleEndedIterator<Item = String>) -> Option<(String, String)> {
    let first = numbers.next()?;
    let last = numbers.next_back().unwrap_or_else(|| first.clone());
    Some((first, last))
}

async fn print(
    app: &App,
    who: &Who,
    query: &RegisterQuery,
    book: RegisterBook,
    rows: Vec<[String; 10]>,
    numbers: Option<(String, String)>,
) -> AppResult<Response> {
    if rows.len() > VOLUME {
        return Err(AppError::BadInput(format!(
            "Sổ có hơn {VOLUME} văn bản trong thời gian này. Chọn khoảng ngày ngắn hơn để in thành nhiều quyển."
        )));
    }
    let year = query.year(app);
    let today = app.clock.today();
    let first_day = jiff::civil::Date::new(year, 1, 1).map_err(anyhow::Error::from)?;
    let last_day = jiff::civil::Date::new(year, 12, 31).map_err(anyhow::Error::from)?;
    let agency = organization::agency(app, who.agency()).await?;
    let sheet = RegisterSheet {
        book,
        agency: Issuer {
            parent_name: agency.printed_parent,
            name: agency.name,
        },
        year,
        days: Some((
            query.from.unwrap_or(first_day),
            query.to.unwrap_or_else(|| last_day.min(today)),
        )),
        numbers,
        volume: None,
        rows,
    };
    let (laid_out, at) = (app.clone(), app.clock.now());
    let composed =
        tokio::task::spawn_blocking(move || anyhow::Ok(laid_out.composer()?.register(&sheet, at)?))
            .await
            .map_err(anyhow::Error::from)??;
    let name = match book {
        RegisterBook::Outgoing => "so-dang-ky-van-ban-di",
        RegisterBook::Incoming => "so-dang-ky-van-ban-den",
    };
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}-{year}.pdf\""),
        ),
    ];
    Ok((headers, Body::from(composed.pdf)).into_response())
}
