//! In sổ: a book with its cover and all its columns, on paper (ND30-16.2b, 22.3b), or as a sheet that is edited further.

use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use the_thuc::{Issuer, RegisterBook, RegisterSheet};

use super::{handling, incoming, kept_copies, key, may_read, outgoing, post, query::RegisterQuery, sheet};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    organization,
};

/// Rows of one printed volume; more would be too thick to bind.
const VOLUME: usize = 2000;

/// `GET /registers/{file}`: `incoming.pdf`, `outgoing.xlsx` …
pub async fn file(
    State(app): State<App>,
    who: Who,
    Path(file): Path<String>,
    Query(query): Query<RegisterQuery>,
) -> AppResult<Response> {
    may_read(&who)?;
    let (name, ending) = file.rsplit_once('.').ok_or(AppError::NotFound)?;
    let book = super::SHOWN
        .iter()
        .copied()
        .find(|book| key(*book) == name)
        .ok_or(AppError::NotFound)?;
    match ending {
        "pdf" => {
            let sheet = volume(&app, &who, &query, book).await?;
            print(&app, sheet).await
        }
        "xlsx" => {
            let sheet = volume(&app, &who, &query, book).await?;
            spreadsheet(&app, sheet).await
        }
        _ => Err(AppError::NotFound),
    }
}

/// The rows of a volume, with the first and the last number in it.
async fn rows(
    app: &App,
    who: &Who,
    query: &RegisterQuery,
    book: RegisterBook,
) -> AppResult<(Vec<Vec<String>>, Option<(String, String)>)> {
    let limit = VOLUME as i64 + 1;
    Ok(match book {
        RegisterBook::Outgoing => {
            let lines = outgoing::read(app, query.printed(app, who.agency(), limit)?).await?;
            let numbers = first_and_last(lines.iter().map(|line| line.number_and_symbol.clone()));
            (lines.iter().map(|line| line.cells().to_vec()).collect(), numbers)
        }
        RegisterBook::Incoming => {
            let lines = incoming::read(app, query.printed(app, who.agency(), limit)?).await?;
            let numbers = first_and_last(lines.iter().map(incoming::IncomingLine::printed_number));
            (lines.iter().map(|line| line.cells().to_vec()).collect(), numbers)
        }
        RegisterBook::Handling => {
            let lines = handling::read(app, query.printed(app, who.agency(), limit)?).await?;
            let numbers = first_and_last(lines.iter().map(handling::HandlingLine::printed_number));
            (lines.iter().map(handling::HandlingLine::cells).collect(), numbers)
        }
        RegisterBook::Post => {
            let lines = post::read(app, query.printed(app, who.agency(), limit)?).await?;
            let numbers = first_and_last(lines.iter().map(|line| line.number_and_symbol.clone()));
            (lines.iter().map(post::PostLine::cells).collect(), numbers)
        }
        RegisterBook::KeptCopies => {
            let lines = kept_copies::read(app, query.printed(app, who.agency(), limit)?).await?;
            let numbers = first_and_last(lines.iter().map(|line| line.number_and_symbol.clone()));
            (
                lines.iter().map(kept_copies::KeptCopyLine::cells).collect(),
                numbers,
            )
        }
    })
}

fn first_and_last(mut numbers: impl DoubleEndedIterator<Item = String>) -> Option<(String, String)> {
    let first = numbers.next()?;
    let last = numbers.next_back().unwrap_or_else(|| first.clone());
    Some((first, last))
}

async fn volume(app: &App, who: &Who, query: &RegisterQuery, book: RegisterBook) -> AppResult<RegisterSheet> {
    let (rows, numbers) = rows(app, who, query, book).await?;
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
    Ok(RegisterSheet {
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
    })
}

/// The name of the file of a volume, without its ending.
fn file_name(sheet: &RegisterSheet) -> String {
    let name = match sheet.book {
        RegisterBook::Outgoing => "so-dang-ky-van-ban-di",
        RegisterBook::Incoming => "so-dang-ky-van-ban-den",
        RegisterBook::Post => "so-gui-van-ban-di-buu-dien",
        RegisterBook::KeptCopies => "so-su-dung-ban-luu",
        RegisterBook::Handling => "so-theo-doi-giai-quyet-van-ban-den",
    };
    format!("{name}-{}", sheet.year)
}

async fn print(app: &App, sheet: RegisterSheet) -> AppResult<Response> {
    let name = file_name(&sheet);
    let at = app.clock.now();
    let composed = app
        .heavy(move |app| anyhow::Ok(app.composer()?.register(&sheet, at)?))
        .await??;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}.pdf\""),
        ),
    ];
    Ok((headers, Body::from(composed.pdf)).into_response())
}

async fn spreadsheet(app: &App, sheet: RegisterSheet) -> AppResult<Response> {
    let name = file_name(&sheet);
    let bytes = app.heavy(move |_| sheet::xlsx_of(&sheet)).await??;
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.xlsx\""),
        ),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}
