//! Answers of page handlers, and how an error becomes a page.

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::{
    context::App,
    error::{AppError, MUST_CHANGE_PASSWORD, Problem},
    sign_in,
    web::{
        bare,
        forms::same_site,
        page::{FieldErrors, Flash, Page, RefusalBox, Tone},
    },
};

/// What a page handler returns.
pub type Reply = Result<Response, AppError>;

/// Renders a page.
///
/// # Errors
/// When the template fails.
pub fn render(template: &impl Template) -> Reply {
    Ok(Html(template.render()?).into_response())
}

/// Renders a page again after something was refused: status 422, the input kept.
#[derive(Debug)]
pub struct Stay;

impl Stay {
    /// The page with the refusal.
    ///
    /// # Errors
    /// When the template fails.
    pub fn on(template: &impl Template) -> Reply {
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(template.render()?)).into_response())
    }
}

const FLASH: &str = "vanthu_flash";

/// Goes to `url` after an act, saying `sentence` there once.
pub fn see_other(app: &App, url: &str, sentence: &str) -> Response {
    flash(app, url, Tone::Good, sentence)
}

fn flash(app: &App, url: &str, tone: Tone, sentence: &str) -> Response {
    let mark = if tone == Tone::Good { 'g' } else { 'b' };
    let cookie = Cookie::build((FLASH, format!("{mark}{}", hex::encode(sentence))))
        .path("/")
        .http_only(true)
        .secure(app.settings.server.secure_cookies)
        .same_site(SameSite::Lax)
        .build();
    (CookieJar::new().add(cookie), Redirect::to(url)).into_response()
}

/// The sentence left by [`see_other`], if there is one.
pub fn flash_of(jar: &CookieJar) -> Option<Flash> {
    let value = jar.get(FLASH)?.value();
    let (mark, text) = value.split_at_checked(1)?;
    let text = String::from_utf8(hex::decode(text).ok()?).ok()?;
    Some(Flash {
        tone: if mark == "g" { Tone::Good } else { Tone::Bad },
        text,
    })
}

#[derive(Template)]
#[template(path = "web/problem.html")]
struct ProblemPage {
    page: Page,
    refusal: RefusalBox,
    incident: String,
}

/// Around all pages: refuses cross-site forms, shows a flash once, gives errors the shape of a page.
pub async fn page_errors(State(app): State<App>, jar: CookieJar, request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let target = request
        .uri()
        .path_and_query()
        .map(ToString::to_string)
        .unwrap_or_default();
    let mut response = if is_read {
        next.run(request).await
    } else {
        match same_site(request.headers(), &app) {
            Ok(()) => next.run(request).await,
            Err(error) => error.into_response(),
        }
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return problem_page(&app, problem, is_read, &target);
    }
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if jar.get(FLASH).is_some() && is_page {
        let mut gone = Cookie::build((FLASH, "")).path("/").build();
        gone.make_removal();
        if let Ok(value) = HeaderValue::from_str(&gone.to_string()) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

fn problem_page(app: &App, problem: Problem, is_read: bool, target: &str) -> Response {
    if problem.status == StatusCode::UNAUTHORIZED {
        // After signing in again a reader goes on where they were; a form cannot be repeated for them.
        let next = if is_read && target != "/" {
            format!("/sign-in?next={}", encode(target))
        } else {
            "/sign-in".to_owned()
        };
        return if is_read && target == "/" {
            Redirect::to("/sign-in").into_response()
        } else {
            flash(app, &next, Tone::Bad, &problem.message)
        };
    }
    if problem.code == MUST_CHANGE_PASSWORD {
        return Redirect::to(sign_in::CHANGE_PASSWORD).into_response();
    }
    let title = match problem.status {
        StatusCode::NOT_FOUND => "Không tìm thấy",
        StatusCode::INTERNAL_SERVER_ERROR => "Sự cố hệ thống",
        _ => "Chưa thực hiện được",
    };
    let template = ProblemPage {
        page: bare(title, None),
        refusal: RefusalBox {
            sentence: problem.message,
            clause: problem.clause.map(crate::web::format::clause).unwrap_or_default(),
            what_to_do: String::new(),
        },
        incident: problem.incident.unwrap_or_default(),
    };
    match template.render() {
        Ok(html) => {
            let mut response = (problem.status, Html(html)).into_response();
            if let Some(seconds) = problem.retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            response
        }
        Err(error) => {
            tracing::error!(%error, "the error page itself failed");
            problem.status.into_response()
        }
    }
}

/// Percent-encodes a path for a query value.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

impl FieldErrors {
    /// Puts an error beside its field, when it has one, and gives it as the box above the form.
    pub fn tell(&mut self, error: AppError) -> RefusalBox {
        let problem = error.problem();
        if let Some(field) = problem.field {
            self.add(field, problem.message.as_str());
        }
        RefusalBox {
            sentence: problem.message,
            clause: problem.clause.map(super::format::clause).unwrap_or_default(),
            what_to_do: String::new(),
        }
    }
}
