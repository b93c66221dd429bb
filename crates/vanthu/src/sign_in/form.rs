//! The sign-in form: name and password, locked after five failures.

use askama::Template;
use axum::{
    Form, Router,
    extract::{Query, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect},
    routing::get,
};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use store::{args, sql};

use super::{
    authenticate::{REFUSED, authenticate},
    limit::Origin,
    session,
    who::token_hash,
};
use crate::{
    act_names,
    context::{App, Who},
    error::AppError,
    web::{Reply, Stay, bare, clean, page::Page, render},
};

pub fn routes() -> Router<App> {
    Router::new().route("/sign-in", get(form).post(submit))
}

#[derive(Template)]
#[template(path = "sign_in/form.html")]
struct SignInPage {
    page: Page,
    username: String,
    next: String,
    refused: Option<String>,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn form(
    State(app): State<App>,
    jar: CookieJar,
    who: Result<Who, AppError>,
    Query(query): Query<Next>,
) -> Reply {
    if who.is_ok() {
        return Ok(Redirect::to("/").into_response());
    }
    render(&SignInPage {
        page: sign_in_page(&app, Some(&jar)),
        username: String::new(),
        next: local(&query.next),
        refused: None,
    })
}

#[derive(Deserialize)]
struct SignIn {
    username: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn submit(
    State(app): State<App>,
    jar: CookieJar,
    origin: Origin,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Reply {
    let username = clean(&form.username).to_lowercase();
    let device = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("không rõ");
    match authenticate(&app, origin, &username, form.password).await? {
        Ok((mut act, known)) => {
            // The session that this browser had before would stay open without its owner.
            if let Some(before) = jar.get(session::cookie_name(&app)) {
                act.run(
                    sql!("DELETE FROM session WHERE token_hash = $1"),
                    args![token_hash(before.value())],
                )
                .await?;
            }
            let cookie = session::open(&app, &mut act, known.account, known.post, device).await?;
            known.note(&mut act, act_names::SIGN_IN, "Đăng nhập.").await?;
            app.commit(act, &()).await?;
            Ok((jar.add(cookie), Redirect::to(&or_home(local(&form.next)))).into_response())
        }
        Err(_) => Stay::on(&SignInPage {
            page: sign_in_page(&app, None),
            username,
            next: local(&form.next),
            refused: Some(REFUSED.to_owned()),
        }),
    }
}

fn sign_in_page(app: &App, jar: Option<&CookieJar>) -> Page {
    Page {
        sample_data: app.has_sample_data(),
        ..bare("Đăng nhập", jar)
    }
}

/// Only paths of our own: never another site.
fn local(next: &str) -> String {
    let ours = next.starts_with('/')
        && !next.starts_with("//")
        && !next.starts_with("/\\")
        && !next.contains(['\r', '\n']);
    if ours { next.to_owned() } else { String::new() }
}

fn or_home(next: String) -> String {
    if next.is_empty() { "/".to_owned() } else { next }
}
