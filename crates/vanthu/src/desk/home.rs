//! Trang chủ: what waits for this person, at a glance.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use axum_extra::extract::cookie::CookieJar;

use super::{
    DeskBox, count,
    list::{BoxQuery, doc_row, read},
};
use crate::{
    context::{App, Who},
    registers,
    web::{
        Reply, frame,
        page::{BoxLink, DocRow, Page, Tone},
        render,
    },
};

pub fn routes() -> Router<App> {
    Router::new().route("/", get(home))
}

#[derive(Template)]
#[template(path = "desk/home.html")]
struct HomePage {
    page: Page,
    tiles: Vec<(DeskBox, i64)>,
    /// Copies that wait for the signature of the agency, when there are some and the person makes it.
    copies: Option<BoxLink>,
    waiting: Vec<(DeskBox, Vec<DocRow>)>,
    is_administrator: bool,
    standing: Vec<crate::delegations::Standing>,
}

/// Documents shown of each waiting box.
const SHOWN: usize = 5;

async fn home(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    let tiles = count::counts(&app, &who).await?;
    let mut waiting = Vec::new();
    for (known, count) in &tiles {
        let is_view = matches!(
            known,
            DeskBox::DueSoon | DeskBox::Overdue | DeskBox::LateIssue | DeskBox::LateArrivals
        );
        if *count > 0 && !is_view && waiting.len() < 3 {
            let found = read(&app, &who, *known, &BoxQuery::default()).await?;
            let rows = found
                .items
                .into_iter()
                .take(SHOWN)
                .map(|item| doc_row(&app, item))
                .collect();
            waiting.push((*known, rows));
        }
    }
    let is_administrator = who.role() == rules::people::Role::Administrator;
    render(&HomePage {
        page: frame(&app, &who, &jar, "Trang chủ", "home").await?,
        tiles,
        copies: registers::copies_waiting_link(&app, &who)
            .await?
            .filter(BoxLink::waiting),
        waiting,
        is_administrator,
        standing: crate::delegations::standing(&app, &who).await?,
    })
}

/// An empty box is quiet, whatever it is for.
pub(crate) fn tile_tone(known: &DeskBox, count: &i64) -> Tone {
    if *count == 0 { Tone::Neutral } else { known.tone() }
}
