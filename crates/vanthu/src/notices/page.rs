//! The page behind the bell.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use rules::urgency::Urgency;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    list::{self, Notice},
    settings::{self, NoticeChoice},
};
use crate::{
    context::{App, Who},
    error::AppError,
    web::{
        Reply, Submitted, encode, format, frame,
        page::{Page, Pager},
        render, see_other,
    },
};

struct Line {
    href: String,
    icon: &'static str,
    tone: &'static str,
    box_label: &'static str,
    subject: String,
    printed: String,
    by_whom: String,
    /// Empty without an urgency mark.
    urgency: &'static str,
    at: String,
    at_machine: String,
    is_new: bool,
}

/// A box that can tell.
struct BoxChoice {
    key: &'static str,
    label: &'static str,
    tells: bool,
}

#[derive(Template)]
#[template(path = "notices/page.html")]
struct NoticesPage {
    page: Page,
    lines: Vec<Line>,
    pager: Pager,
    boxes: Vec<BoxChoice>,
    command_id: Uuid,
}

/// Which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Place {
    after: String,
}

/// `GET /notices`: whoever opens it has looked.
pub async fn show(State(app): State<App>, who: Who, jar: CookieJar, Query(place): Query<Place>) -> Reply {
    if !settings::concerns(&who) {
        return Err(AppError::NotFound);
    }
    let found = list::read(&app, &who, &place.after).await?;
    let reader = settings::of(&app, &who).await?;
    let first_page = place.after.is_empty();
    if let Some(newest) = found
        .newest
        .filter(|newest| first_page && reader.seen_at.is_none_or(|seen| *newest > seen))
    {
        list::looked(&app, &who, newest).await?;
    }
    let boxes = settings::boxes_of(&who)
        .into_iter()
        .map(|known| BoxChoice {
            key: known.key(),
            label: known.label(),
            tells: !reader.muted.contains(known.key()),
        })
        .collect();
    render(&NoticesPage {
        page: frame(&app, &who, &jar, "Thông báo", "notices").await?,
        lines: found.notices.into_iter().map(line).collect(),
        pager: Pager {
            newer: (!first_page).then(|| "/notices".to_owned()),
            older: found.next.map(|next| format!("/notices?after={}", encode(&next))),
        },
        boxes,
        command_id: app.ids.next(),
    })
}

fn line(notice: Notice) -> Line {
    Line {
        href: notice.href(),
        icon: notice.source.icon(),
        tone: notice.source.tone().class(),
        box_label: notice.source.label(),
        printed: notice.printed,
        subject: notice.subject,
        by_whom: notice.by_whom,
        urgency: notice.urgency.map_or("", Urgency::label),
        at: format::moment(notice.at),
        at_machine: format::machine(notice.at),
        is_new: notice.is_new,
    }
}

/// What was ticked: the boxes that shall tell.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Ticked {
    tells: Vec<String>,
}

/// `POST /notices/settings`.
pub async fn settings(State(app): State<App>, form: Submitted<Ticked>) -> Reply {
    let muted = settings::boxes_of(&form.who)
        .into_iter()
        .map(|known| known.key().to_owned())
        .filter(|key| !form.data.tells.contains(key))
        .collect();
    settings::choose(&app, &form.who, form.command, NoticeChoice { muted }).await?;
    Ok(see_other(
        &app,
        "/notices",
        "Đã lưu. Hộp không chọn vẫn nhận văn bản, chỉ không báo ở chuông.",
    ))
}
