//! All packets, newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    lines::{self, PacketLine, Wanted, received_line, sent_line},
    scope, tabs,
};
use crate::{
    context::{App, Who},
    web::{
        Reply, frame,
        page::{Page, Pager, Tab},
        render,
    },
};

/// Lines of a page.
const LINES: usize = 50;

/// From where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct From {
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    before: Option<Uuid>,
}

impl From {
    /// A page and one line more, which tells whether there are older ones.
    fn wanted(&self) -> Wanted {
        Wanted {
            before: self.before,
            limit: i64::try_from(LINES + 1).unwrap_or(i64::MAX),
        }
    }
}

#[derive(Template)]
#[template(path = "exchange/axis/monitor/list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    party_head: &'static str,
    lines: Vec<PacketLine>,
    pager: Pager,
}

fn pager(path: &str, lines: &mut Vec<PacketLine>, from: &From, last: Option<Uuid>) -> Pager {
    let has_more = lines.len() > LINES;
    lines.truncate(LINES);
    Pager {
        newer: from.before.map(|_| path.to_owned()),
        older: last.filter(|_| has_more).map(|id| format!("{path}?before={id}")),
    }
}

/// `GET /exchange/sent`.
pub async fn sent(State(app): State<App>, who: Who, jar: CookieJar, Query(from): Query<From>) -> Reply {
    scope::must_follow(&who)?;
    let rows = lines::sent(&app, &who, false, from.wanted()).await?;
    let last = rows
        .get(LINES.saturating_sub(1))
        .map(|row| row.get("id"))
        .transpose()?;
    let mut lines = rows
        .iter()
        .map(|row| sent_line(&who, row))
        .collect::<store::Result<_>>()?;
    let pager = pager("/exchange/sent", &mut lines, &from, last);
    render(&ListPage {
        page: frame(&app, &who, &jar, "Gói tin gửi đi", "exchange").await?,
        tabs: tabs(&who, "sent"),
        party_head: "Nơi nhận",
        lines,
        pager,
    })
}

/// `GET /exchange/received`.
pub async fn received(State(app): State<App>, who: Who, jar: CookieJar, Query(from): Query<From>) -> Reply {
    scope::must_follow(&who)?;
    let rows = lines::received(&app, &who, None, from.wanted()).await?;
    let last = rows
        .get(LINES.saturating_sub(1))
        .map(|row| row.get("id"))
        .transpose()?;
    let mut lines = rows
        .iter()
        .map(|row| received_line(&who, row))
        .collect::<store::Result<_>>()?;
    let pager = pager("/exchange/received", &mut lines, &from, last);
    render(&ListPage {
        page: frame(&app, &who, &jar, "Gói tin nhận về", "exchange").await?,
        tabs: tabs(&who, "received"),
        party_head: "Bên gửi",
        lines,
        pager,
    })
}
