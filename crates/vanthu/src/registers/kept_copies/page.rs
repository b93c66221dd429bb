//! The book on screen, with the form of the clerk.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use serde::Deserialize;
use the_thuc::RegisterBook;
use uuid::Uuid;

use super::{
    super::{pages, query::RegisterQuery},
    acts::{self, LendKeptCopy, ReturnKeptCopy},
    lines,
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    web::{
        Reply, Stay, Submitted, frame,
        page::{FieldErrors, Page, Pager, RefusalBox, Tab},
        render, see_other,
    },
};

const HERE: &str = "/registers/kept-copies";

struct Line {
    id: Uuid,
    /// Cell and its label.
    cells: Vec<(&'static str, String)>,
    href: String,
    is_out: bool,
}

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    document: String,
    of_year: String,
    user: String,
    permitted_by: String,
    used_on: String,
    file_code: String,
    note: String,
}

#[derive(Template)]
#[template(path = "registers/kept_copies/page.html")]
struct KeptCopiesPage {
    page: Page,
    tabs: Vec<Tab>,
    columns: &'static [&'static str],
    lines: Vec<Line>,
    pager: Pager,
    may_write: bool,
    typed: Typed,
    today: String,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    print: String,
    sheet: String,
    command_id: Uuid,
}

/// `GET /registers/kept-copies`.
pub async fn show(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<RegisterQuery>,
) -> Reply {
    let today = app.clock.today();
    let typed = Typed {
        of_year: today.year().to_string(),
        used_on: today.to_string(),
        ..Typed::default()
    };
    render(&book_page(&app, &who, &jar, &query, typed, None).await?)
}

/// `POST /registers/kept-copies`.
pub async fn lend(State(app): State<App>, jar: CookieJar, form: Submitted<Typed>) -> Reply {
    let typed = form.data;
    let done = async {
        let data = LendKeptCopy {
            document: typed.document.clone(),
            year: typed.of_year.trim().parse().map_err(|_| {
                AppError::BadInput("Năm của văn bản không đúng. Vui lòng nhập lại.".to_owned())
            })?,
            user: typed.user.clone(),
            permitted_by: typed.permitted_by.clone(),
            used_on: typed
                .used_on
                .parse()
                .map_err(|_| AppError::BadInput("Vui lòng chọn ngày sử dụng.".to_owned()))?,
            file_code: typed.file_code.clone(),
            note: typed.note.clone(),
        };
        acts::lend(&app, &form.who, form.command, data).await
    };
    match done.await {
        Ok(_) => Ok(see_other(&app, HERE, "Đã ghi vào sổ sử dụng bản lưu.")),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            let query = RegisterQuery::default();
            Stay::on(&book_page(&app, &form.who, &jar, &query, typed, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

/// When it came back.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Back {
    returned_on: Date,
}

/// `POST /registers/kept-copies/{id}/return`.
pub async fn give_back(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Back>) -> Reply {
    let data = ReturnKeptCopy {
        returned_on: form.data.returned_on,
    };
    acts::give_back(&app, &form.who, form.command, id, data).await?;
    Ok(see_other(&app, HERE, "Đã ghi ngày trả bản lưu."))
}

async fn book_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    query: &RegisterQuery,
    typed: Typed,
    refused: Option<AppError>,
) -> AppResult<KeptCopiesPage> {
    let found = lines::page(app, who, query).await?;
    let columns = RegisterBook::KeptCopies.columns();
    let keep = query.keep(app);
    let href = |side: &str, place: Option<String>| place.map(|place| format!("{HERE}?{keep}&{side}={place}"));
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    Ok(KeptCopiesPage {
        page: frame(app, who, jar, "Sổ sử dụng bản lưu", "register-outgoing").await?,
        tabs: pages::tabs(RegisterBook::KeptCopies),
        columns,
        lines: found
            .items
            .iter()
            .map(|line| Line {
                id: line.id,
                cells: columns.iter().copied().zip(line.cells()).collect(),
                href: format!("/outgoing/{}", line.outgoing),
                is_out: line.returned_on.is_none(),
            })
            .collect(),
        pager: Pager {
            newer: href("before", found.previous),
            older: href("after", found.next),
        },
        may_write: who.is_clerk(),
        typed,
        today: app.clock.today().to_string(),
        errors,
        refusal,
        print: format!("/registers/kept-copies.pdf?{keep}"),
        sheet: format!("/registers/kept-copies.xlsx?{keep}"),
        command_id: app.ids.next(),
    })
}
