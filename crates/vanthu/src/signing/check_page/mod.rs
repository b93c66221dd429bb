//! Kiểm tra chữ ký số: a page for any PDF. The file is looked at and forgotten, unless the person asks to keep it.

mod submit;
#[cfg(test)]
mod tests;

use askama::Template;
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    routing::{get, post},
};
use axum_extra::extract::cookie::CookieJar;
use store::{args, sql};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    error::AppResult,
    signing::verdicts::ReportView,
    web::{
        Reply, format, frame,
        page::{BoxLink, FieldErrors, Page, RefusalBox},
        render,
    },
};

/// A file of 50 MB and its envelope.
const LIMIT: usize = 52 * 1024 * 1024;

/// Pages of this sub-room.
pub fn routes() -> Router<App> {
    Router::new().route(
        "/signing/check",
        get(page).post(submit::page).layer(DefaultBodyLimit::max(LIMIT)),
    )
}

/// Its part of the API.
pub fn api_routes() -> Router<App> {
    Router::new().route(
        "/api/v1/signing/check",
        post(submit::api).layer(DefaultBodyLimit::max(LIMIT)),
    )
}

/// Its part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(submit::api))]
    struct Document;
    Document::openapi()
}

/// Its link in the left column: everybody may check a file.
pub fn link() -> BoxLink {
    BoxLink::new("check", "Kiểm tra chữ ký số", "/signing/check", "shield-check")
}

/// A file that was kept.
struct KeptLine {
    href: String,
    name: String,
    at: String,
}

#[derive(Template)]
#[template(path = "signing/check_page/page.html")]
struct CheckPage {
    page: Page,
    command_id: Uuid,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    report: Option<ReportView>,
    kept: Vec<KeptLine>,
}

/// `GET /signing/check`.
async fn page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    render(&build(&app, &who, &jar, None, None).await?)
}

async fn build(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    report: Option<ReportView>,
    refusal: Option<RefusalBox>,
) -> AppResult<CheckPage> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT v.object_id, max(v.at) AS at, f.name FROM verdict v JOIN file f ON f.id = v.object_id \
                 WHERE v.object_kind = 'file' AND f.account_id = $1 GROUP BY v.object_id, f.name ORDER BY max(v.at) DESC LIMIT 20"
            ),
            args![who.account()],
        )
        .await?;
    let kept = rows
        .iter()
        .map(|row| {
            Ok(KeptLine {
                href: format!("/signing/verdicts/file/{}", row.get::<Uuid>("object_id")?),
                name: row.get("name")?,
                at: format::moment(row.get("at")?),
            })
        })
        .collect::<store::Result<_>>()?;
    Ok(CheckPage {
        page: frame(app, who, jar, "Kiểm tra chữ ký số", "check").await?,
        command_id: app.ids.next(),
        errors: FieldErrors::none(),
        refusal,
        report,
        kept,
    })
}
