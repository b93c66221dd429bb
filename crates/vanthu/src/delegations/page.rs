//! The page “Ủy quyền xử lý” under the person's own menu, and the page of a place in which one may work.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use rules::{delegation::Function, ids::PostId, people::Role};
use uuid::Uuid;

use super::{
    hand_over::HandOver,
    load::{self, Delegation, Standing},
};
use crate::{
    administration,
    context::{App, Who},
    error::{AppError, AppResult},
    organization,
    web::{
        Reply, Stay, format, frame,
        page::{Badge, Choice, FieldErrors, Page, RefusalBox, Tone},
        render,
    },
};

struct Line {
    id: String,
    giver: String,
    substitute: String,
    scope: String,
    period: String,
    basis: String,
    by: String,
    state: Badge,
    /// Whether it can still be ended by the reader.
    can_end: bool,
}

#[derive(Template)]
#[template(path = "delegations/page.html")]
struct DelegationsPage {
    page: Page,
    command_id: Uuid,
    standing: Vec<Standing>,
    lines: Vec<Line>,
    administers: bool,
    /// Whether the reader has work that can be handed over.
    can_give: bool,
    people: Vec<Choice>,
    functions: Vec<Choice>,
    giver: String,
    substitute: String,
    chosen: Vec<String>,
    from_on: String,
    to_on: String,
    basis: String,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    today: String,
}

/// `GET /delegations`.
pub async fn show(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    let typed = HandOver {
        from_on: Some(app.clock.today()),
        functions: vec![Function::Handle],
        ..HandOver::default()
    };
    render(&build(&app, &who, &jar, typed, None).await?)
}

/// The page again after a refusal, with what was typed.
///
/// # Errors
/// When the database fails.
pub(super) async fn stay(app: &App, who: &Who, jar: &CookieJar, typed: HandOver, error: AppError) -> Reply {
    Stay::on(&build(app, who, jar, typed, Some(error)).await?)
}

async fn build(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    typed: HandOver,
    error: Option<AppError>,
) -> AppResult<DelegationsPage> {
    let administers = administration::manages(who, who.agency());
    let mut errors = FieldErrors::none();
    let refusal = error.map(|error| errors.tell(error));
    let people = organization::posts_of(app, who.agency())
        .await?
        .into_iter()
        .filter(|option| option.role != Role::Administrator && option.post != who.post())
        .map(|option| option.choice())
        .collect();
    let leads = who.actor.leads(who.agency());
    let functions = Function::ALL
        .iter()
        .filter(|function| match function {
            Function::Handle => true,
            Function::Content => administers || leads || who.role() == Role::UnitHead,
            Function::Prepare => administers || leads,
        })
        .map(|function| Choice::new(function.as_str(), function.label()))
        .collect();
    Ok(DelegationsPage {
        page: frame(app, who, jar, "Ủy quyền xử lý", "delegations").await?,
        command_id: app.ids.next(),
        standing: load::standing(app, who).await?,
        lines: load::of(app, who)
            .await?
            .into_iter()
            .map(|one| line(app, who, administers, one))
            .collect(),
        administers,
        can_give: administers || matches!(who.role(), Role::Leader | Role::UnitHead | Role::Officer),
        people,
        functions,
        giver: text(typed.giver),
        substitute: text(typed.substitute),
        chosen: typed.functions.iter().map(ToString::to_string).collect(),
        from_on: text(typed.from_on),
        to_on: text(typed.to_on),
        basis: typed.basis,
        refusal,
        errors,
        today: app.clock.today().to_string(),
    })
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn line(app: &App, who: &Who, administers: bool, one: Delegation) -> Line {
    let today = app.clock.today();
    let state = if one.revoked_at.is_some() {
        Badge::new("Đã kết thúc", Tone::Neutral)
    } else if one.to < today {
        Badge::new("Hết hạn", Tone::Neutral)
    } else if one.from > today {
        Badge::new("Chưa đến ngày", Tone::Info)
    } else {
        Badge::new("Đang hiệu lực", Tone::Good)
    };
    let concerned: [PostId; 2] = [one.giver_post, one.substitute_post];
    let by = match (&one.revoked_by, one.revoked_at) {
        (Some(by), Some(at)) => format!("Kết thúc: {by}, {}", format::moment(at)),
        _ => format!("Ghi nhận: {}", one.given_by),
    };
    Line {
        can_end: !one.has_ended(today) && (administers || concerned.contains(&who.post())),
        id: one.id.to_string(),
        giver: one.giver,
        substitute: one.substitute,
        scope: one.scope.label(),
        period: format!("{} – {}", format::date(one.from), format::date(one.to)),
        basis: one.basis,
        by,
        state,
    }
}

#[derive(Template)]
#[template(path = "delegations/place.html")]
struct PlacePage {
    page: Page,
    command_id: Uuid,
    standing: Standing,
}

/// `GET /delegations/{id}`: what waits in the place of whoever is replaced, and the way in.
pub async fn place(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<Uuid>) -> Reply {
    let standing = load::standing(&app, &who)
        .await?
        .into_iter()
        .find(|one| one.id == id)
        .ok_or(AppError::NotFound)?;
    let title = format!("Xử lý thay {}", standing.giver);
    render(&PlacePage {
        page: frame(&app, &who, &jar, &title, &format!("place-{id}")).await?,
        command_id: app.ids.next(),
        standing,
    })
}
