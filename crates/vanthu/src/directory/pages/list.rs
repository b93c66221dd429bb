//! The list: searched by name or code.

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::access::{Action, ObjectFacts};

use crate::{
    access,
    administration::must_administer,
    context::{App, Who},
    directory::search::{self, DirectoryPage, DirectoryQuery},
    error::AppResult,
    web::{
        Reply, encode, frame,
        page::{Page, Pager},
        render,
    },
};

#[derive(Template)]
#[template(path = "directory/pages/list.html")]
struct ListPage {
    page: Page,
    query: DirectoryQuery,
    found: DirectoryPage,
    pager: Pager,
    may_change: bool,
}

/// `GET /administration/directory`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<DirectoryQuery>,
) -> Reply {
    must_administer(&who)?;
    let found = search::find(&app, &query, search::PAGE).await?;
    let address = format!(
        "/administration/directory?q={}&closed={}",
        encode(&query.q),
        encode(&query.closed)
    );
    render(&ListPage {
        page: frame(&app, &who, &jar, "Danh mục trục liên thông", "directory").await?,
        pager: Pager {
            newer: (!query.after.is_empty()).then(|| address.clone()),
            older: found
                .next
                .as_ref()
                .map(|next| format!("{address}&after={}", encode(next))),
        },
        found,
        query,
        may_change: who.actor.is_province_administrator,
    })
}

/// Organisations that can be reached over the axis: by words of the name, with or without accents, or by a code.
#[utoipa::path(get, path = "/api/v1/directory", tag = "directory", params(DirectoryQuery),
    responses((status = 200, body = DirectoryPage)))]
pub async fn api(
    State(app): State<App>,
    who: Who,
    Query(query): Query<DirectoryQuery>,
) -> AppResult<Json<DirectoryPage>> {
    if must_administer(&who).is_err() {
        access::may(&who, Action::CreateDraft, &ObjectFacts::agency(who.agency()))?;
    }
    Ok(Json(search::find(&app, &query, search::PAGE).await?))
}
