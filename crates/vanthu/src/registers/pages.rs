//! The registers on screen: the prescribed columns; on a phone each line is a card.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use store::{args, sql};
use the_thuc::RegisterBook;

use super::{
    handling, incoming, key, outgoing, post,
    query::{BookPage, RegisterQuery},
    short_title,
};
use crate::{
    context::{App, Who},
    error::AppResult,
    web::{
        Reply, frame,
        page::{Badge, Choice, Page, Pager, Tab},
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
    tabs: Vec<Tab>,
    /// Name of the book, for the widths of its columns.
    book: &'static str,
    is_incoming: bool,
    is_post: bool,
    columns: &'static [&'static str],
    rows: Vec<Vec<Cell>>,
    pager: Pager,
    years: Vec<Choice>,
    year: String,
    subtitle: String,
    from: String,
    to: String,
    print: String,
    sheet: String,
}

/// A line of a page.
struct Line {
    /// The document.
    href: String,
    cells: Vec<String>,
    /// In the last column, on screen only.
    note: Option<Badge>,
}

/// Lines of a page, and the places of the neighbouring pages.
struct Lines {
    rows: Vec<Line>,
    previous: Option<String>,
    next: Option<String>,
}

impl Lines {
    fn of<T>(found: BookPage<T>, line: impl Fn(&T) -> Line) -> Self {
        Self {
            rows: found.items.iter().map(line).collect(),
            previous: found.previous,
            next: found.next,
        }
    }
}

/// `GET /registers/outgoing`.
pub async fn outgoing(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<RegisterQuery>,
) -> Reply {
    let found = outgoing::page(&app, &who, &query).await?;
    let lines = Lines::of(found, |line| Line {
        href: if line.is_reserved {
            "/registers/reserved".to_owned()
        } else {
            format!("/outgoing/{}", line.id)
        },
        cells: line.cells().to_vec(),
        note: None,
    });
    show(&app, &who, &jar, RegisterBook::Outgoing, &query, lines).await
}

/// `GET /registers/incoming`.
pub async fn incoming(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<RegisterQuery>,
) -> Reply {
    let found = incoming::page(&app, &who, &query).await?;
    let lines = Lines::of(found, |line| Line {
        href: format!("/incoming/{}", line.id),
        cells: line.cells().to_vec(),
        note: line.deadline(),
    });
    show(&app, &who, &jar, RegisterBook::Incoming, &query, lines).await
}

/// `GET /registers/handling`.
pub async fn handling(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<RegisterQuery>,
) -> Reply {
    let found = handling::page(&app, &who, &query).await?;
    let lines = Lines::of(found, |line| Line {
        href: format!("/incoming/{}", line.id),
        cells: line.cells(),
        note: None,
    });
    show(&app, &who, &jar, RegisterBook::Handling, &query, lines).await
}

/// `GET /registers/post`.
pub async fn post(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<RegisterQuery>,
) -> Reply {
    let found = post::page(&app, &who, &query).await?;
    let lines = Lines::of(found, |line| Line {
        href: format!("/outgoing/{}", line.outgoing),
        cells: line.cells(),
        note: None,
    });
    show(&app, &who, &jar, RegisterBook::Post, &query, lines).await
}

/// The books side by side.
pub(super) fn tabs(current: RegisterBook) -> Vec<Tab> {
    let tab = |book: &RegisterBook| Tab {
        label: short_title(*book),
        href: format!("/registers/{}", key(*book)),
        is_current: *book == current,
    };
    super::SHOWN.iter().map(tab).collect()
}

async fn show(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    book: RegisterBook,
    query: &RegisterQuery,
    lines: Lines,
) -> Reply {
    let name = key(book);
    let is_incoming = matches!(book, RegisterBook::Incoming | RegisterBook::Handling);
    let title = short_title(book);
    let columns = book.columns();
    // The number leads to the document.
    let number = usize::from(matches!(book, RegisterBook::Incoming | RegisterBook::Post));
    let keep = query.keep(app);
    let rows = lines
        .rows
        .into_iter()
        .map(|Line { href, cells, note }| {
            let cell = |(i, (text, label)): (usize, (String, &&'static str))| Cell {
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
    // The left column has the two registers; the other books stand beside them.
    let current = if is_incoming {
        "register-incoming"
    } else {
        "register-outgoing"
    };
    render(&RegisterPage {
        page: frame(app, who, jar, title, current).await?,
        tabs: tabs(book),
        book: name,
        is_incoming,
        is_post: book == RegisterBook::Post,
        columns,
        rows,
        pager: Pager {
            newer: href("before", lines.previous),
            older: href("after", lines.next),
        },
        years: years(app, who).await?,
        year: query.year(app).to_string(),
        subtitle: format!("Năm {}, mới nhất ở trên", query.year(app)),
        from: day(query.from),
        to: day(query.to),
        print: format!("/registers/{name}.pdf?{keep}"),
        sheet: format!("/registers/{name}.xlsx?{keep}"),
    })
}

/// Years in which the agency took numbers, and this one.
///
/// # Errors
/// When the database fails.
pub(super) async fn years(app: &App, who: &Who) -> AppResult<Vec<Choice>> {
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
