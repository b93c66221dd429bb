//! The pages “Nhóm nơi nhận”: the groups of the agency, and one of them with its recipients.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use uuid::Uuid;

use super::{RecipientGroup, RemoveRecipientGroup, may_draft, members};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    outgoing::recipients::{
        addresses::Recipients,
        search::{self, AxisRow},
        texts,
    },
    web::{
        Reply, Stay, Submitted, frame,
        page::{BoxLink, Choice, Crumb, FieldErrors, Page, RefusalBox},
        render, see_other,
    },
};

const HREF: &str = "/outgoing/groups";
/// The key of the link of the left column.
const LINK: &str = "recipient-groups";

/// The link of the left column, for everybody who drafts.
pub fn groups_link() -> BoxLink {
    BoxLink::new(LINK, "Nhóm nơi nhận", HREF, "users-group")
}

/// What stands in the form, as text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    name: String,
    recipients: Vec<String>,
    to_know: Vec<String>,
    axis: Vec<String>,
    axis_find: String,
    paper: String,
    next: String,
}

#[derive(Template)]
#[template(path = "outgoing/recipients/groups/list.html")]
struct GroupsPage {
    page: Page,
    command_id: Uuid,
    groups: Vec<RecipientGroup>,
}

#[derive(Template)]
#[template(path = "outgoing/recipients/groups/page.html")]
struct GroupPage {
    page: Page,
    crumbs: Vec<Crumb>,
    action: String,
    command_id: Uuid,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    may_change: bool,
    /// What is to be said of recipients that were saved and are not there any more.
    gone: Vec<String>,
    typed: Typed,
    agencies: Vec<Choice>,
    rows: Vec<AxisRow>,
    notes: Vec<String>,
}

/// `GET /outgoing/groups`.
pub async fn list(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    render(&GroupsPage {
        groups: super::of(&app, &who).await?,
        page: frame(&app, &who, &jar, "Nhóm nơi nhận", LINK).await?,
        command_id: app.ids.next(),
    })
}

/// `GET /outgoing/groups/new`.
pub async fn new_page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    may_draft(&who)?;
    render(&build(&app, &who, &jar, None, Typed::default(), None).await?)
}

/// `GET /outgoing/groups/{id}`: whom the group stands for today.
pub async fn open_page(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<Uuid>) -> Reply {
    let (group, saved) = super::open(&app, &who, id).await?;
    let today = members::add(&app, who.agency(), saved, &Recipients::default()).await?;
    let typed = Typed {
        name: group.name,
        recipients: today.recipients.act.iter().map(ToString::to_string).collect(),
        to_know: today.recipients.know.iter().map(ToString::to_string).collect(),
        axis: search::values(&today.recipients.axis),
        paper: texts::paper_lines(&today.recipients.paper),
        ..Typed::default()
    };
    let mut page = build(&app, &who, &jar, Some(id), typed, None).await?;
    page.gone = today.notes;
    page.may_change = group.may_change;
    render(&page)
}

/// `POST /outgoing/groups`.
pub async fn create(State(app): State<App>, jar: CookieJar, form: Submitted<Typed>) -> Reply {
    saved(&app, &jar, None, form).await
}

/// `POST /outgoing/groups/{id}`.
pub async fn change(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    form: Submitted<Typed>,
) -> Reply {
    // Before anything is said about the form: what may not be seen is not there.
    super::open(&app, &form.who, id).await?;
    saved(&app, &jar, Some(id), form).await
}

async fn saved(app: &App, jar: &CookieJar, id: Option<Uuid>, form: Submitted<Typed>) -> Reply {
    let (who, typed) = (&form.who, form.data);
    may_draft(who)?;
    if typed.next == search::FIND {
        return render(&build(app, who, jar, id, typed, None).await?);
    }
    let chosen = texts::chosen(&typed.recipients, &typed.to_know, &typed.axis, &typed.paper)?;
    match super::save(app, who, form.command, id, &typed.name, chosen).await {
        Ok(done) => Ok(see_other(
            app,
            HREF,
            &format!("Đã lưu nhóm nơi nhận “{}” gồm {} nơi.", done.name, done.members),
        )),
        Err(error @ AppError::Refused(_)) => Stay::on(&build(app, who, jar, id, typed, Some(error)).await?),
        Err(error) => Err(error),
    }
}

/// `POST /outgoing/groups/{id}/remove`.
pub async fn remove(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    form: Submitted<RemoveRecipientGroup>,
) -> Reply {
    let done = super::remove(&app, &form.who, form.command, id).await?;
    Ok(see_other(
        &app,
        HREF,
        &format!("Đã xóa nhóm nơi nhận “{}”.", done.name),
    ))
}

async fn build(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: Option<Uuid>,
    mut typed: Typed,
    error: Option<AppError>,
) -> AppResult<GroupPage> {
    let title = if id.is_some() {
        "Sửa nhóm nơi nhận"
    } else {
        "Lập nhóm nơi nhận"
    };
    let mut errors = FieldErrors::none();
    let refusal = error.map(|error| errors.tell(error));
    let text = search::looked_for(std::mem::take(&mut typed.axis_find), &typed.next);
    let mut outside = search::part(app, who.agency(), &typed.axis, &text).await?;
    outside.tick(&mut typed.recipients, &typed.to_know);
    Ok(GroupPage {
        page: frame(app, who, jar, title, LINK).await?,
        crumbs: vec![Crumb::new("Nhóm nơi nhận", HREF), Crumb::new(title, "")],
        action: id.map_or_else(|| HREF.to_owned(), |id| format!("{HREF}/{id}")),
        command_id: app.ids.next(),
        refusal,
        errors,
        may_change: true,
        gone: Vec::new(),
        typed,
        agencies: search::agencies(app, who.agency()).await?,
        rows: outside.rows,
        notes: outside.notes,
    })
}
