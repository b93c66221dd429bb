//! The registers on screen: the ten prescribed columns; on a phone each line is a card.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use store::{args, sql};
use the_thuc::RegisterBook;

use super::{incoming, outgoing, query::RegisterQuery};
use crate::{
    context::{App, Who},
    error::AppResult,
    web::{
        Reply, frame,
        page::{Badge, Choice, Page, Pager},
        render,
    },
};

/// A column of a line.
struct Cell {
    label: &'static str,
    text: String,
    /// Where it leads, or empty.
    href: String,
    badge: Option<Badge>,
}

#[derive(Template)]
#[template(path = "registers/register.html")]
struct RegisterPage {
    page: Page,
    is_incoming: bool,
    columns: [&'static str; 10],
    rows: Vec<Vec<Cell>>,
    pager: Pager,
    years: Vec<Choice>,
    year: String,
    subtitle: String,
    from: String,
    to: String,
    print: String,
}

/// `GET /registers/outgoing`.
pub async fn outgoing(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<RegisterQuery>,
) -> Reply {
    let found = outgoing::page(&app, &who, &query).await?;
    let lines = found
        .lines
        .iter()
        .map(|line| (format!("/outgoing/{}", line.id), line.cells(), None))
        .collect();
    let neighbours = (found.previous, found.next);
    show(
        &app,
        &who,
        &jar,
        RegisterBook::Outgoing,
        &query,
        lines,
        neighbours,
    )
    .await
}

/// `GET /registers/incoming`.
pub async fn incoming(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<RegisterQuery>,
) -> Reply {
    let found = incoming::page(&app, &who, &query).await?;
    let lines = found
        .lines
        .iter()
        .map(|line| (format!("/incoming/{}", line.id), line.cells(), line.deadline()))
        .collect();
    let neighbours = (found.previous, found.next);
    show(
        &app,
        &who,
        &jar,
        RegisterBook::Incoming,
        &query,
        lines,
        neighbours,
    )
    .await
}

async fn show(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    book: RegisterBook,
    query: &RegisterQuery,
    lines: Vec<(String, [String; 10], Option<Badge>)>,
    (previous, next): (Option<String>, Option<String>),
) -> Reply {
    let is_incoming = book == RegisterBook::Incoming;
    let (name, title) = if is_incoming {
        ("incoming", "Sổ văn bản đến")
    } else {
        ("outgoing", "Sổ văn bản đi")
    };
    let columns = book.columns();
    // The number leads to the document: column (2) of incoming, column (1) of outgoing documents.
    let number = usize::from(is_incoming);
    let keep = query.keep(app);
    let rows = lines
        .into_iter()
        .map(|(href, cells, note)| {
            let cell = |(i, (text, label)): (usize, (String, &'static str))| Cell {
                label,
                text,
                href: if i == number { href.clone() } else { String::new() },
                // Ghi chú: how the deadline stands.
                badge: note.clone().filter(|_| i == 9),
            };
            cells.into_iter().zip(columns).enumerate().map(cell).collect()
        })
        .collect();
    let href = |side: &str, place: Option<String>| {
        place.map(|place| format!("/registers/{name}?{keep}&{side}={place}"))
    };
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    render(&RegisterPage {
        page: frame(app, who, jar, title, &format!("register-{name}")).await?,
        is_incoming,
        columns,
        rows,
        pager: Pager {
            newer: href("before", previous),
            older: href("after", next),
        },
        years: years(app, who).await?,
        year: query.year(app).to_string(),
        subtitle: format!("Năm {}, mới nhất ở trên", query.year(app)),
        from: day(query.from),
        to: day(query.to),
        print: format!("/registers/{name}.pdf?{keep}"),
    })
}

/// Years in which the agency took numbers, and this one.
async fn years(app: &App, who: &Who) -> AppResult<Vec<Choice>> {
    let rows = app
        .db
        .all(
            sql!("SELECT DISTINCT year FROM number_counter WHERE agency_id = $1"),
            args![who.agency()],
        )
        .await?;
    let mut years = rows
        .iter()
        .map(|row| row.get::<i16>("year"))
        .collect::<store::Result<Vec<_>>>()?;
    years.push(app.clock.today().year());
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    Ok(years
        .into_iter()
        .map(|year| Choice::new(year.to_string(), format!("Năm {year}")))
        .collect())
}
