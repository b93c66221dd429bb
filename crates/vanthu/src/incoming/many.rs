//! The result of registering several documents at once: one line each.

use askama::Template;
use axum::response::Response;
use axum_extra::extract::cookie::CookieJar;
use rules::numbering::printed_number;
use store::{args, sql};

use super::{detail, load::printed, register::RegisterLine};
use crate::{
    context::{App, Who},
    error::AppResult,
    web::{
        frame,
        page::{Badge, Page, Tone},
        render,
    },
};

struct Line {
    href: String,
    name: String,
    subject: String,
    badge: Badge,
    problem: String,
}

#[derive(Template)]
#[template(path = "incoming/many.html")]
struct ManyPage {
    page: Page,
    lines: Vec<Line>,
    summary: String,
}

/// The page with one line per document.
///
/// # Errors
/// When the database fails.
pub(super) async fn page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    results: Vec<RegisterLine>,
) -> AppResult<Response> {
    let registered = results
        .iter()
        .filter(|line| line.arrival_number.is_some())
        .count();
    let mut lines = Vec::with_capacity(results.len());
    for result in results {
        // Only documents of the own agency: what is not visible has no name here either.
        let row = app
            .db
            .opt(
                sql!("SELECT number, symbol, subject FROM incoming WHERE id = $1 AND agency_id = $2"),
                args![result.id, who.agency()],
            )
            .await?
            .filter(|_| who.is_clerk());
        let (name, subject) = match &row {
            Some(row) => (
                printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?),
                row.get("subject")?,
            ),
            None => (String::new(), "Không tìm thấy văn bản".to_owned()),
        };
        let badge = match result.arrival_number {
            Some(number) => Badge::new(format!("Số đến {}", printed_number(number)), Tone::Good),
            None => Badge::new("Chưa vào sổ", Tone::Bad),
        };
        lines.push(Line {
            href: detail::href(result.id),
            name,
            subject,
            badge,
            problem: match (result.problem, result.has_duplicate) {
                (Some(problem), true) => format!("{problem} Mở văn bản này để ghi lý do và vào sổ riêng."),
                (Some(problem), false) => problem,
                (None, _) => String::new(),
            },
        });
    }
    render(&ManyPage {
        page: frame(app, who, jar, "Kết quả vào sổ", "reception").await?,
        summary: format!("{registered}/{} văn bản đã vào sổ", lines.len()),
        lines,
    })
}
