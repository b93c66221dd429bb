//! The page where a document is linked with others that are searched for, and its part of the pages of documents.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use uuid::Uuid;

use super::{End, Link, NewLink, Unlink, of};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    finding::{self, Found, SearchQuery},
    web::{Reply, Submitted, clean, frame, page::Page, render, see_other},
};

/// Links on the page of a document.
pub struct Part {
    /// What is linked.
    pub lines: Vec<Link>,
    /// Where it is linked with more.
    pub href: String,
}

impl Part {
    /// The links of a document that the reader sees.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(app: &App, who: &Who, here: End) -> AppResult<Self> {
        Ok(Self {
            lines: of(app, who, here).await?,
            href: href(here),
        })
    }
}

fn href(here: End) -> String {
    format!("/links{}", here.href())
}

/// What is searched for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LinkQuery {
    /// Words of the subject, number and symbol.
    pub q: String,
}

#[derive(Template)]
#[template(path = "links/page.html")]
struct LinksPage {
    page: Page,
    command_id: Uuid,
    href: String,
    document_href: String,
    name: String,
    lines: Vec<Link>,
    q: String,
    found: Vec<Found>,
}

/// `GET /links/{kind}/{id}`.
pub async fn show(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Path((kind, id)): Path<(String, Uuid)>,
    Query(query): Query<LinkQuery>,
) -> Reply {
    let here = End::read(&kind, id)?;
    if !here.is_visible(&app, &who).await? {
        return Err(AppError::NotFound);
    }
    let search = SearchQuery {
        q: query.q.clone(),
        ..SearchQuery::default()
    };
    let mut found = finding::find(&app, &who, &search).await?.items;
    found.retain(|one| one.id != here.id());
    render(&LinksPage {
        page: frame(&app, &who, &jar, "Liên kết văn bản", "").await?,
        command_id: app.ids.next(),
        href: href(here),
        document_href: here.href(),
        name: here.name(&app).await?,
        lines: of(&app, &who, here).await?,
        q: clean(&query.q),
        found,
    })
}

/// `POST /links/{kind}/{id}`.
pub async fn link(
    State(app): State<App>,
    Path((kind, id)): Path<(String, Uuid)>,
    form: Submitted<NewLink>,
) -> Reply {
    let here = End::read(&kind, id)?;
    super::link(&app, &form.who, form.command, here, &form.data).await?;
    Ok(see_other(&app, &href(here), "Đã liên kết hai văn bản."))
}

/// `POST /links/{kind}/{id}/{link}/remove`.
pub async fn unlink(
    State(app): State<App>,
    Path((kind, id, link)): Path<(String, Uuid, Uuid)>,
    form: Submitted<Unlink>,
) -> Reply {
    let here = End::read(&kind, id)?;
    super::unlink(&app, &form.who, form.command, here, link).await?;
    Ok(see_other(&app, &href(here), "Đã bỏ liên kết."))
}
