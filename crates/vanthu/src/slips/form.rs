//! Biểu mẫu lập, sửa phiếu trình; it shows everything again when refused.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    Refusal,
    access::{Action, ObjectFacts},
    ids::{FileId, IncomingId, OutgoingId, PostId, SlipId},
    people::Role,
    slip::SlipAsked,
    urgency::Urgency,
};
use serde::Deserialize;
use store::{Row, args, sql};
use uuid::Uuid;

use super::{
    load::{self, Slip},
    save::{self, SaveSlip},
    step, submit,
};
use crate::{
    access,
    context::{App, Who},
    documents::Upload,
    error::{AppError, AppResult},
    incoming, organization,
    outgoing::{own_file, read_choice},
    web::{
        Reply, Stay, command_of, frame,
        page::{Choice, Crumb, FieldErrors, Page, RefusalBox},
        render, see_other,
    },
};

/// Rows for leaders that an empty form has.
const ROWS: usize = 3;
/// Rows that “Thêm người” adds; and the most.
const MORE: usize = 3;
const MOST: usize = 20;
/// The value of a row that shares the step of the row before.
const SAME: &str = "same";

/// What stands in the form, as text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    subject: String,
    body: String,
    urgency: String,
    /// One post per row; empty rows count for nothing.
    person: Vec<String>,
    /// Per row `next` or `same`.
    joined: Vec<String>,
    /// Per row [`SlipAsked`].
    asked: Vec<String>,
    advisers: Vec<String>,
    draft: String,
    incoming: String,
    kept: Vec<String>,
    next: String,
}

/// What a new slip begins with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Begin {
    outgoing: Option<OutgoingId>,
    incoming: Option<IncomingId>,
}

/// A row of the leaders.
struct PersonRow {
    number: usize,
    id: String,
    joined_id: String,
    asked_id: String,
    asked: String,
    value: String,
    is_first: bool,
    is_same: bool,
}

#[derive(Template)]
#[template(path = "slips/form.html")]
struct FormPage {
    page: Page,
    crumbs: Vec<Crumb>,
    action: String,
    back: String,
    command_id: Uuid,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    typed: Typed,
    urgencies: Vec<Choice>,
    rows: Vec<PersonRow>,
    people: Vec<Choice>,
    asks: Vec<Choice>,
    drafts: Vec<Choice>,
    documents: Vec<Choice>,
    kept_files: Vec<Choice>,
    may_add: bool,
}

/// `GET /slips/new`.
pub async fn new_page(State(app): State<App>, who: Who, jar: CookieJar, Query(begin): Query<Begin>) -> Reply {
    access::may(&who, Action::CreateDraft, &ObjectFacts::agency(who.agency()))?;
    let mut typed = Typed {
        urgency: Urgency::Normal.as_str().to_owned(),
        draft: begin.outgoing.map(|id| id.to_string()).unwrap_or_default(),
        incoming: begin.incoming.map(|id| id.to_string()).unwrap_or_default(),
        ..Typed::default()
    };
    if let Some(draft) = begin.outgoing {
        let object = access::of_outgoing(&app, draft.as_uuid()).await?;
        access::may(&who, Action::View, &object)?;
        let row = app
            .db
            .one(sql!("SELECT subject FROM outgoing WHERE id = $1"), args![draft])
            .await?;
        typed.subject = format!("Trình dự thảo: {}", row.get::<String>("subject")?);
    }
    render(&form_page(&app, &who, &jar, None, typed, None).await?)
}

/// `POST /slips`.
pub async fn create(State(app): State<App>, jar: CookieJar, sent: Upload) -> Reply {
    saved(&app, &jar, None, sent).await
}

/// `GET /slips/{id}/edit`.
pub async fn edit_page(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<SlipId>) -> Reply {
    let slip = load::for_view(&app, &who, id).await?;
    let content = rules::slip::SlipContent {
        subject: &slip.subject,
        body: &slip.body,
        steps: &[],
        signers: &[],
        advisers: &[],
    };
    rules::slip::save(&who.actor, Some(&slip.facts), &content)?;
    let files = save::files_of(&app, &slip).await?;
    render(&form_page(&app, &who, &jar, Some(id), typed_of(&slip, &files), None).await?)
}

/// `POST /slips/{id}/edit`.
pub async fn edit(State(app): State<App>, jar: CookieJar, Path(id): Path<SlipId>, sent: Upload) -> Reply {
    saved(&app, &jar, Some(id), sent).await
}

async fn saved(app: &App, jar: &CookieJar, id: Option<SlipId>, sent: Upload) -> Reply {
    if let Some(id) = id {
        // Before anything is said about the form: what may not be seen is not there.
        load::for_view(app, &sent.who, id).await?;
    }
    let mut typed: Typed = sent.form()?;
    // Files that came with the form count as kept: a refused form does not ask for them again.
    typed
        .kept
        .extend(sent.files_in("files").map(|file| file.id.to_string()));
    if let Some(refusal) = sent.refused {
        return Stay::on(&form_page(app, &sent.who, jar, id, typed, Some(refusal)).await?);
    }
    if typed.next == "more" {
        return render(&form_page(app, &sent.who, jar, id, typed, None).await?);
    }
    let data = data_of(&typed)?;
    let moved = match save::save(app, &sent.who, sent.command, id, data).await {
        Ok(moved) => moved,
        Err(AppError::Refused(refusal)) => {
            return Stay::on(&form_page(app, &sent.who, jar, id, typed, Some(refusal)).await?);
        }
        Err(error) => return Err(error),
    };
    let slip = SlipId::from_uuid(moved.id);
    if typed.next != "submit" {
        return Ok(see_other(app, &format!("/slips/{slip}"), "Đã lưu phiếu trình."));
    }
    let command = command_of(sent.command.as_uuid(), "submit", b"");
    let done = submit::submit(app, &sent.who, command, slip).await;
    // Saved but not submitted: the page of the slip says why.
    let typed = super::detail::Typed::default();
    step::after(app, &sent.who, jar, slip, done, typed, "Đã lưu và trình phiếu.").await
}

/// The form's text as a slip.
fn data_of(typed: &Typed) -> AppResult<SaveSlip> {
    let mut steps: Vec<Vec<PostId>> = Vec::new();
    let mut signers = Vec::new();
    for (row, text) in typed.person.iter().enumerate() {
        let Some(post) = read_choice(text, "người phê duyệt")? else {
            continue;
        };
        let asked: Option<SlipAsked> = match typed.asked.get(row) {
            Some(text) => read_choice(text, "yêu cầu đối với người phê duyệt")?,
            None => None,
        };
        if asked == Some(SlipAsked::Sign) {
            signers.push(post);
        }
        let is_same = typed.joined.get(row).is_some_and(|joined| joined == SAME);
        match steps.last_mut() {
            Some(step) if is_same => step.push(post),
            _ => steps.push(vec![post]),
        }
    }
    let mut advisers = Vec::new();
    for text in &typed.advisers {
        advisers.extend(read_choice::<PostId>(text, "người được xin ý kiến")?);
    }
    let mut files = Vec::new();
    for text in &typed.kept {
        files.extend(read_choice::<FileId>(text, "tệp kèm theo")?);
    }
    Ok(SaveSlip {
        subject: typed.subject.clone(),
        body: typed.body.clone(),
        urgency: read_choice(&typed.urgency, "mức độ khẩn")?,
        steps,
        signers,
        advisers,
        outgoing: read_choice(&typed.draft, "dự thảo kèm theo")?,
        incoming: read_choice(&typed.incoming, "văn bản đến kèm theo")?,
        files,
    })
}

fn typed_of(slip: &Slip, files: &[FileId]) -> Typed {
    let mut typed = Typed {
        subject: slip.subject.clone(),
        body: slip.body.clone(),
        urgency: slip.urgency.as_str().to_owned(),
        advisers: slip.people.advisers.iter().map(ToString::to_string).collect(),
        draft: slip.outgoing.map(|id| id.to_string()).unwrap_or_default(),
        incoming: slip.incoming.map(|id| id.to_string()).unwrap_or_default(),
        kept: files.iter().map(ToString::to_string).collect(),
        ..Typed::default()
    };
    for step in &slip.people.steps {
        for (at, post) in step.iter().enumerate() {
            typed.person.push(post.to_string());
            typed.joined.push(if at == 0 { "next" } else { SAME }.to_owned());
            typed.asked.push(slip.people.asked(*post).as_str().to_owned());
        }
    }
    typed
}

fn rows_of(typed: &Typed) -> Vec<PersonRow> {
    let filled = typed.person.len().max(ROWS);
    let count = if typed.next == "more" {
        filled + MORE
    } else {
        filled
    };
    let row = |at: usize| PersonRow {
        number: at + 1,
        // The first row is what an error leads to.
        id: if at == 0 {
            "f-person".to_owned()
        } else {
            format!("f-person-{}", at + 1)
        },
        joined_id: format!("f-joined-{}", at + 1),
        asked_id: format!("f-asked-{}", at + 1),
        asked: typed.asked.get(at).cloned().unwrap_or_default(),
        value: typed.person.get(at).cloned().unwrap_or_default(),
        is_first: at == 0,
        is_same: typed.joined.get(at).is_some_and(|joined| joined == SAME),
    };
    (0..count.min(MOST)).map(row).collect()
}

async fn form_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: Option<SlipId>,
    typed: Typed,
    refusal: Option<Refusal>,
) -> AppResult<FormPage> {
    let title = if id.is_some() {
        "Sửa phiếu trình"
    } else {
        "Lập phiếu trình"
    };
    let mut errors = FieldErrors::none();
    let refusal = refusal.map(|refusal| errors.tell(refusal.into()));
    let known_files = match id {
        Some(id) => save::files_of(app, &load::for_view(app, who, id).await?).await?,
        None => Vec::new(),
    };
    let mut kept_files = Vec::new();
    for file in &typed.kept {
        if let Some(file_id) = read_choice(file, "tệp kèm theo")? {
            let known = own_file(app, who, &known_files, file_id).await?;
            kept_files.push(Choice::new(file.clone(), known.name));
        }
    }
    let people = organization::posts_of(app, who.agency())
        .await?
        .iter()
        .filter(|option| option.role != Role::Administrator)
        .filter(|option| option.post != who.post() && option.account != who.account())
        .map(organization::PostOption::choice)
        .collect();
    let rows = rows_of(&typed);
    Ok(FormPage {
        page: frame(app, who, jar, title, "slips-own").await?,
        crumbs: vec![
            Crumb::new("Phiếu trình của tôi", "/boxes/slips-own"),
            Crumb::new(title, ""),
        ],
        action: id.map_or_else(|| "/slips".to_owned(), |id| format!("/slips/{id}/edit")),
        back: id.map_or_else(|| "/boxes/slips-own".to_owned(), |id| format!("/slips/{id}")),
        command_id: app.ids.next(),
        refusal,
        errors,
        urgencies: Urgency::ALL
            .iter()
            .map(|urgency| Choice::new(urgency.as_str(), urgency.label()))
            .collect(),
        may_add: rows.len() < MOST,
        rows,
        people,
        asks: SlipAsked::ALL
            .iter()
            .map(|asked| Choice::new(asked.as_str(), asked.label()))
            .collect(),
        drafts: drafts(app, who, &typed.draft).await?,
        documents: documents(app, who, &typed.incoming).await?,
        kept_files,
        typed,
    })
}

/// The own drafts that a slip may carry, the last changed first; the one that was chosen stays in the list.
async fn drafts(app: &App, who: &Who, chosen: &str) -> AppResult<Vec<Choice>> {
    let chosen: Option<OutgoingId> = read_choice(chosen, "dự thảo kèm theo")?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT o.id, o.subject FROM (SELECT object_id, rank FROM desk WHERE owner_id = $1 AND box = 'drafts' \
                 ORDER BY rank DESC LIMIT 50) d JOIN outgoing o ON o.id = d.object_id ORDER BY d.rank DESC, o.id"
            ),
            args![who.post()],
        )
        .await?;
    let mut choices = Vec::new();
    for row in &rows {
        choices.push(Choice::new(
            row.get::<OutgoingId>("id")?.to_string(),
            row.get::<String>("subject")?,
        ));
    }
    if let Some(id) = chosen.filter(|id| !has(&choices, id.as_uuid())) {
        let object = access::of_outgoing(app, id.as_uuid()).await?;
        access::may(who, Action::View, &object)?;
        let row = app
            .db
            .one(sql!("SELECT subject FROM outgoing WHERE id = $1"), args![id])
            .await?;
        choices.push(Choice::new(id.to_string(), row.get::<String>("subject")?));
    }
    Ok(choices)
}

/// Incoming documents that the person handles now, the newest first; the one that was chosen stays in the list.
async fn documents(app: &App, who: &Who, chosen: &str) -> AppResult<Vec<Choice>> {
    let chosen: Option<IncomingId> = read_choice(chosen, "văn bản đến kèm theo")?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT i.id, i.subject, i.number, i.symbol FROM (SELECT object_id, rank FROM desk WHERE owner_id = $1 \
                 AND box IN ('handling', 'supporting') ORDER BY rank DESC LIMIT 50) d \
                 JOIN incoming i ON i.id = d.object_id ORDER BY d.rank DESC, i.id"
            ),
            args![who.post()],
        )
        .await?;
    let choice = |row: &Row| -> store::Result<Choice> {
        let printed = incoming::printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
        let subject: String = row.get("subject")?;
        let label = if printed.is_empty() {
            subject
        } else {
            format!("{printed}: {subject}")
        };
        Ok(Choice::new(row.get::<IncomingId>("id")?.to_string(), label))
    };
    let mut choices = rows.iter().map(choice).collect::<store::Result<Vec<_>>>()?;
    if let Some(id) = chosen.filter(|id| !has(&choices, id.as_uuid())) {
        access::may(who, Action::View, &access::of_incoming(app, id).await?)?;
        let row = app
            .db
            .one(
                sql!("SELECT id, subject, number, symbol FROM incoming WHERE id = $1"),
                args![id],
            )
            .await?;
        choices.push(choice(&row)?);
    }
    Ok(choices)
}

fn has(choices: &[Choice], id: Uuid) -> bool {
    choices.iter().any(|choice| choice.value == id.to_string())
}
