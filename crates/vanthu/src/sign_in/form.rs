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

use super::{authenticate::authenticate, session};
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
    State(_): State<App>,
    jar: CookieJar,
    who: Result<Who, AppError>,
    Query(query): Query<Next>,
) -> Reply {
    if who.is_ok() {
        return Ok(Redirect::to("/").into_response());
    }
    render(&SignInPage {
        page: bare("Đăng nhập", Some(&jar)),
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
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Reply {
    let username = clean(&form.username).to_lowercase();
    let device = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("không rõ");
    match authenticate(&app, &username, form.password).await? {
        Ok((mut act, known)) => {
            let cookie = session::open(&app, &mut act, known.account, known.post, device).await?;
            known.note(&mut act, act_names::SIGN_IN, "Đăng nhập.").await?;
            app.commit(act, &()).await?;
            Ok((jar.add(cookie), Redirect::to(&or_home(local(&form.next)))).into_response())
        }
        Err(sentence) => Stay::on(&SignInPage {
            page: bare("Đăng nhập", None),
            username,
            next: local(&form.next),
            refused: Some(sentence),
        }),
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
