//! The result of an act on several documents at once: one line each.

use askama::Template;
use axum_extra::extract::cookie::CookieJar;
use rules::{access::Action, ids::IncomingId, numbering::printed_number};
use store::{args, sql};

use crate::{
    access,
    context::{App, Who},
    desk::DeskBox,
    error::AppResult,
    incoming::{detail, register::RegisterLine, seen::printed},
    web::{
        Reply, frame,
        page::{Badge, Page, Tone},
        render,
    },
};

/// What was done, and where the documents were chosen.
pub(in crate::incoming) struct Heading {
    pub title: &'static str,
    pub summary: String,
    pub desk_box: Option<DeskBox>,
}

/// What became of one document.
pub(in crate::incoming) struct Outcome {
    pub id: IncomingId,
    pub badge: Badge,
    /// Why nothing happened to it, or what is to be known.
    pub problem: String,
}

struct Line {
    href: String,
    name: String,
    subject: String,
    badge: Badge,
    problem: String,
}

#[derive(Template)]
#[template(path = "incoming/at_once/many.html")]
struct ManyPage {
    page: Page,
    lines: Vec<Line>,
    summary: String,
    back: String,
    back_label: String,
}

/// The page with one line per document.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    heading: Heading,
    outcomes: Vec<Outcome>,
) -> Reply {
    let mut lines = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        let (name, subject) = named(app, who, outcome.id)
            .await?
            .unwrap_or_else(|| (String::new(), "Không tìm thấy văn bản".to_owned()));
        lines.push(Line {
            href: detail::href(outcome.id),
            name,
            subject,
            badge: outcome.badge,
            problem: outcome.problem,
        });
    }
    let current = heading.desk_box.map(DeskBox::key).unwrap_or_default();
    let (back, back_label) = match heading.desk_box {
        Some(known) => (format!("/boxes/{current}"), format!("Về hộp {}", known.label())),
        None => ("/".to_owned(), "Về trang chủ".to_owned()),
    };
    render(&ManyPage {
        page: frame(app, who, jar, heading.title, current).await?,
        summary: heading.summary,
        lines,
        back,
        back_label,
    })
}

/// Number with symbol, and subject. What is not visible has no name here either.
async fn named(app: &App, who: &Who, id: IncomingId) -> AppResult<Option<(String, String)>> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT number, symbol, subject, agency_id, state FROM incoming WHERE id = $1 AND agency_id = $2"
            ),
            args![id, who.agency()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let participants = app.db.all(access::PARTICIPANTS, args![id]).await?;
    if !access::is_allowed(who, Action::View, &access::incoming(&row, &participants)?) {
        return Ok(None);
    }
    let name = printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
    Ok(Some((name, row.get("subject")?)))
}

/// The same page after registering.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn registered(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    results: Vec<RegisterLine>,
) -> Reply {
    let registered = results
        .iter()
        .filter(|line| line.arrival_number.is_some())
        .count();
    let heading = Heading {
        title: "Kết quả vào sổ",
        summary: format!("{registered}/{} văn bản đã vào sổ", results.len()),
        desk_box: Some(DeskBox::Reception),
    };
    let outcomes = results.into_iter().map(|result| Outcome {
        id: result.id,
        badge: match result.arrival_number {
            Some(number) => Badge::new(format!("Số đến {}", printed_number(number)), Tone::Good),
            None => Badge::new("Chưa vào sổ", Tone::Bad),
        },
        problem: match (result.problem, result.has_duplicate) {
            (Some(problem), true) => format!("{problem} Mở văn bản này để ghi lý do và vào sổ riêng."),
            (Some(problem), false) => problem,
            (None, _) => String::new(),
        },
    });
    page(app, who, jar, heading, outcomes.collect()).await
}
