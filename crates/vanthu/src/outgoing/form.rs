//! Biểu mẫu soạn thảo: one form for a new draft, a reply and a correction; it shows everything again when refused.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    Refusal,
    access::{Action, ObjectFacts},
    document_types,
    exchange::Purpose,
    ids::{FileId, IncomingId, OutgoingId},
    secrecy::SecrecyLevel,
    signing_authority::Authority,
    templates::Filled,
    urgency::Urgency,
};
use serde::Deserialize;
use std::fmt::Write as _;
use store::{args, sql};
use uuid::Uuid;

use super::{
    content::{Content, Main, PaperRecipient},
    form_fields::{self, OwnField, TemplatePart},
    issued,
    layout::TO_KNOW,
    load,
    recipient_search::{self, AxisRow},
    save_draft::{self, Draft},
    signing,
    submit::{self, Submit},
};
use crate::{
    access,
    context::{App, Who},
    documents::Upload,
    error::{AppError, AppResult},
    incoming,
    web::{
        Reply, Stay, command_of, format, frame,
        page::{Choice, Crumb, FieldErrors, Page, RefusalBox},
        render, see_other,
    },
};

/// What stands in the form, as text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    type_key: String,
    subject: String,
    urgency: String,
    respond_by: String,
    signer: String,
    authority: String,
    reply_to: String,
    recipients: Vec<String>,
    to_know: Vec<String>,
    axis: Vec<String>,
    axis_find: String,
    replaces: Vec<String>,
    paper: String,
    field_abbr: String,
    main_kind: String,
    main_text: String,
    kept_main: String,
    kept: Vec<String>,
    secrecy: String,
    next: String,
    /// The fields of every template, whichever kind is chosen.
    #[serde(skip)]
    own: Filled,
}

/// What a new draft begins with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Begin {
    reply_to: Option<IncomingId>,
    replaces: Option<OutgoingId>,
    #[serde(rename = "type")]
    type_key: String,
}

#[derive(Template)]
#[template(path = "outgoing/form.html")]
struct FormPage {
    page: Page,
    crumbs: Vec<Crumb>,
    action: String,
    back: String,
    command_id: Uuid,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    typed: Typed,
    templates: Vec<TemplatePart>,
    common: Vec<OwnField>,
    common_open: bool,
    kinds: Vec<Choice>,
    urgencies: Vec<Choice>,
    signers: Vec<Choice>,
    authorities: Vec<Choice>,
    agencies: Vec<Choice>,
    rows: Vec<AxisRow>,
    notes: Vec<String>,
    replaceable: Vec<Choice>,
    main_kinds: Vec<Choice>,
    kept_main_name: String,
    kept_files: Vec<Choice>,
    voids: bool,
    answers: String,
}

/// `GET /outgoing/new`.
pub async fn new_page(State(app): State<App>, who: Who, jar: CookieJar, Query(begin): Query<Begin>) -> Reply {
    access::may(&who, Action::CreateDraft, &ObjectFacts::agency(who.agency()))?;
    let mut typed = Typed {
        type_key: if document_types::by_key(&begin.type_key).is_some() {
            begin.type_key
        } else {
            document_types::OFFICIAL_LETTER.to_owned()
        },
        urgency: Urgency::Normal.as_str().to_owned(),
        main_kind: "text".to_owned(),
        ..Typed::default()
    };
    if let Some(incoming) = begin.reply_to {
        save_draft::may_reply(&app, &who, incoming).await?;
        answer(&app, &mut typed, incoming).await?;
    }
    if let Some(replaced) = begin.replaces {
        take_over(&app, &who, &mut typed, replaced).await?;
    }
    render(&form_page(&app, &who, &jar, None, typed, None).await?)
}

/// `POST /outgoing`.
pub async fn create(State(app): State<App>, jar: CookieJar, sent: Upload) -> Reply {
    saved(&app, &jar, None, sent).await
}

/// `GET /outgoing/{id}/edit`.
pub async fn edit_page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
) -> Reply {
    let document = load::for_view(&app, &who, id).await?;
    access::may(&who, Action::EditDraft, &document.object)?;
    let content = load::content(&app, id, document.facts.version).await?;
    rules::outgoing::save_draft(
        &who.actor,
        Some(&document.facts),
        &content.fields(app.clock.today()),
        true,
    )?;
    render(&form_page(&app, &who, &jar, Some(id), typed_of(content), None).await?)
}

/// `POST /outgoing/{id}/edit`.
pub async fn edit(State(app): State<App>, jar: CookieJar, Path(id): Path<OutgoingId>, sent: Upload) -> Reply {
    saved(&app, &jar, Some(id), sent).await
}

async fn saved(app: &App, jar: &CookieJar, id: Option<OutgoingId>, sent: Upload) -> Reply {
    if let Some(id) = id {
        // Before anything is said about the form: what may not be seen is not there.
        load::for_view(app, &sent.who, id).await?;
    }
    let mut typed: Typed = sent.form()?;
    typed.own = form_fields::typed(&sent)?;
    keep_uploads(&sent, &mut typed);
    if let Some(refusal) = sent.refused {
        return Stay::on(&form_page(app, &sent.who, jar, id, typed, Some(refusal)).await?);
    }
    if typed.next == "find" {
        return render(&form_page(app, &sent.who, jar, id, typed, None).await?);
    }
    let submits = typed.next == "submit";
    let done = async {
        let moved = save_draft::save(app, &sent.who, sent.command, id, draft_of(&typed)?).await?;
        let id = OutgoingId::from_uuid(moved.id);
        if submits {
            let command = command_of(sent.command.as_uuid(), "submit", b"");
            submit::submit(app, &sent.who, command, id, Submit::default())
                .await
                .map_err(|error| (id, error))
                .map(|_| id)
        } else {
            Ok(id)
        }
        .map_or_else(
            |(id, error)| Ok::<_, AppError>((id, Some(error))),
            |id| Ok((id, None)),
        )
    };
    match done.await {
        Ok((id, None)) => {
            let sentence = if submits {
                "Đã lưu và trình dự thảo."
            } else {
                "Đã lưu dự thảo."
            };
            Ok(see_other(app, &format!("/outgoing/{id}"), sentence))
        }
        // Saved but not submitted: the page of the document says why.
        Ok((id, Some(error))) => {
            super::detail::after::<()>(app, &sent.who, jar, id, Err(error), String::new(), "").await
        }
        Err(AppError::Refused(refusal)) => {
            Stay::on(&form_page(app, &sent.who, jar, id, typed, Some(refusal)).await?)
        }
        Err(error) => Err(error),
    }
}

/// Files that came with the form count as kept: a refused form does not ask for them again.
fn keep_uploads(sent: &Upload, typed: &mut Typed) {
    if let Some(file) = sent.files_in("main_file").last() {
        typed.kept_main = file.id.to_string();
        "file".clone_into(&mut typed.main_kind);
    }
    typed
        .kept
        .extend(sent.files_in("attachments").map(|file| file.id.to_string()));
}

/// The form's text as a draft.
fn draft_of(typed: &Typed) -> AppResult<Draft> {
    let (main_text, main_file) = if typed.main_kind == "file" {
        (None, read(&typed.kept_main, "tệp văn bản chính")?)
    } else {
        (Some(typed.main_text.clone()), None)
    };
    let listed = |values: &[String], what| -> AppResult<Vec<Uuid>> {
        Ok(values
            .iter()
            .map(|value| read(value, what))
            .collect::<AppResult<Vec<_>>>()?
            .into_iter()
            .flatten()
            .collect())
    };
    Ok(Draft {
        type_key: typed.type_key.clone(),
        subject: typed.subject.clone(),
        urgency: read(&typed.urgency, "mức độ khẩn")?,
        respond_by: read(&typed.respond_by, "hạn trả lời")?,
        signer: read(&typed.signer, "người ký")?,
        authority: read(&typed.authority, "thẩm quyền ký")?,
        reply_to: read(&typed.reply_to, "văn bản được trả lời")?,
        recipients: listed(&typed.recipients, "nơi nhận")?
            .into_iter()
            .map(rules::ids::AgencyId::from_uuid)
            .collect(),
        to_know: listed(&typed.to_know, "nơi nhận để biết")?
            .into_iter()
            .map(rules::ids::AgencyId::from_uuid)
            .collect(),
        axis: recipient_search::chosen(&typed.axis),
        replaces: listed(&typed.replaces, "văn bản bị thay thế")?
            .into_iter()
            .map(OutgoingId::from_uuid)
            .collect(),
        paper: typed.paper.lines().filter_map(paper_line).collect(),
        field_abbr: typed.field_abbr.clone(),
        fields: if main_file.is_some() {
            Filled::new()
        } else {
            form_fields::of_kind(&typed.type_key, &typed.own)
        },
        main_text,
        main_file,
        attachments: listed(&typed.kept, "tài liệu kèm theo")?
            .into_iter()
            .map(FileId::from_uuid)
            .collect(),
        secrecy: SecrecyLevel::recognise(&typed.secrecy),
    })
}

/// A value of a form; empty is none.
///
/// # Errors
/// [`AppError::BadInput`] when it cannot be read.
pub fn read<T: std::str::FromStr>(text: &str, what: &str) -> AppResult<Option<T>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| AppError::BadInput(format!("Ô {what} có giá trị không đọc được. Vui lòng chọn lại."));
    text.parse().map(Some).map_err(wrong)
}

/// `Tên nơi nhận (để biết) | lý do gửi bản giấy`.
fn paper_line(line: &str) -> Option<PaperRecipient> {
    let (name, reason) = line.split_once('|').unwrap_or((line, ""));
    let name = name
        .trim()
        .trim_start_matches(['-', '–'])
        .trim()
        .trim_end_matches([';', '.']);
    let (name, purpose) = match name.strip_suffix(TO_KNOW) {
        Some(name) => (name.trim(), Purpose::Know),
        None => (name, Purpose::Act),
    };
    (!name.is_empty()).then(|| PaperRecipient {
        name: name.to_owned(),
        reason: reason.trim().to_owned(),
        purpose,
    })
}

fn typed_of(content: Content) -> Typed {
    let mut typed = Typed {
        type_key: content.type_key,
        subject: content.subject,
        urgency: content.urgency.as_str().to_owned(),
        respond_by: content.respond_by.map(|day| day.to_string()).unwrap_or_default(),
        signer: content.signer.to_string(),
        authority: content.authority.as_str().to_owned(),
        reply_to: content.reply_to.map(|id| id.to_string()).unwrap_or_default(),
        recipients: content.recipients.iter().map(ToString::to_string).collect(),
        to_know: content.to_know.iter().map(ToString::to_string).collect(),
        axis: recipient_search::values(&content.axis),
        replaces: content.replaces.iter().map(ToString::to_string).collect(),
        field_abbr: content.field_abbr,
        own: content.own,
        main_kind: "text".to_owned(),
        kept: content.attachments.iter().map(ToString::to_string).collect(),
        ..Typed::default()
    };
    for paper in &content.paper {
        typed.paper.push_str(&paper.name);
        if paper.purpose == Purpose::Know {
            let _ = write!(typed.paper, " {TO_KNOW}");
        }
        if !paper.reason.is_empty() {
            let _ = write!(typed.paper, " | {}", paper.reason);
        }
        typed.paper.push('\n');
    }
    match content.main {
        Main::None => {}
        Main::Text { text } => typed.main_text = text,
        Main::File { file } => {
            "file".clone_into(&mut typed.main_kind);
            typed.kept_main = file.to_string();
        }
    }
    typed
}

/// Fills in what a replacing document begins with: kind, signer and recipients of the replaced one.
async fn take_over(app: &App, who: &Who, typed: &mut Typed, replaced: OutgoingId) -> AppResult<()> {
    let document = load::for_view(app, who, replaced).await?;
    let content = load::content(app, replaced, document.facts.version).await?;
    let name = document.number_and_symbol().unwrap_or_default();
    let old = typed_of(content);
    typed.type_key = old.type_key;
    typed.urgency = old.urgency;
    typed.signer = old.signer;
    typed.authority = old.authority;
    typed.recipients = old.recipients;
    typed.to_know = old.to_know;
    typed.paper = old.paper;
    typed.field_abbr = old.field_abbr;
    typed.subject = format!("{} (thay thế văn bản số {name})", document.subject);
    typed.replaces = vec![replaced.to_string()];
    Ok(())
}

/// Fills in what a reply begins with: to the sender, about their document.
async fn answer(app: &App, typed: &mut Typed, answered: IncomingId) -> AppResult<()> {
    let row = app
        .db
        .one(
            sql!("SELECT sender_id, sender_name, number, symbol, issued_on, type_key FROM incoming WHERE id = $1"),
            args![answered],
        )
        .await?;
    typed.reply_to = answered.to_string();
    let kind = document_types::by_key(&row.get::<String>("type_key")?)
        .map_or("đơn, thư", super::content::printed_type);
    // Letters may have no number and no date: then neither is named.
    let printed = incoming::printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
    typed.subject = format!("trả lời {kind}");
    if !printed.is_empty() {
        let _ = write!(typed.subject, " số {printed}");
    }
    if let Some(day) = row.get::<Option<Date>>("issued_on")? {
        let _ = write!(typed.subject, " ngày {}", format::date(day));
    }
    let _ = write!(typed.subject, " của {}", row.get::<String>("sender_name")?);
    typed
        .recipients
        .extend(row.get::<Option<Uuid>>("sender_id")?.map(|id| id.to_string()));
    Ok(())
}

async fn form_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: Option<OutgoingId>,
    mut typed: Typed,
    refusal: Option<Refusal>,
) -> AppResult<FormPage> {
    let title = if id.is_some() {
        "Sửa dự thảo"
    } else {
        "Soạn văn bản"
    };
    let mut errors = FieldErrors::none();
    let shown = refusal.map(|refusal| {
        if let Some(field) = refusal.field {
            errors.add(field_of_form(field), refusal.message.clone());
        }
        RefusalBox {
            sentence: refusal.message,
            clause: format::clause(refusal.clause),
            what_to_do: String::new(),
        }
    });
    let signers = signing::signers(app, who.agency()).await?;
    if typed.signer.is_empty() {
        typed.signer = signers
            .first()
            .map(|signer| signer.post.to_string())
            .unwrap_or_default();
    }
    let voids = match id {
        None => false,
        Some(id) => {
            let facts = load::for_view(app, who, id).await?.facts;
            facts
                .content_sign_off
                .or(facts.form_sign_off)
                .or(facts.approval)
                .is_some()
        }
    };
    let kept_main = match read::<Uuid>(&typed.kept_main, "tệp văn bản chính")? {
        Some(file) => named_file(app, who, FileId::from_uuid(file)).await?,
        None => String::new(),
    };
    let mut kept_files = Vec::new();
    for file in &typed.kept {
        if let Ok(file_id) = file.parse() {
            kept_files.push(Choice::new(file.clone(), named_file(app, who, file_id).await?));
        }
    }
    // What was looked for is looked for again only when asked: a refused form keeps its choice.
    let text = std::mem::take(&mut typed.axis_find);
    let text = if typed.next == "find" { text } else { String::new() };
    let outside = recipient_search::part(app, who.agency(), &typed.axis, &text).await?;
    for agency in outside.agencies {
        if !typed.recipients.contains(&agency) && !typed.to_know.contains(&agency) {
            typed.recipients.push(agency);
        }
    }
    let common = form_fields::common(&typed.own);
    let common_open = common
        .iter()
        .any(|field| !field.value.is_empty() || errors.of(field.key).is_some());
    let back = id.map_or_else(|| "/boxes/drafts".to_owned(), |id| format!("/outgoing/{id}"));
    Ok(FormPage {
        page: frame(app, who, jar, title, "drafts").await?,
        crumbs: vec![Crumb::new("Dự thảo", "/boxes/drafts"), Crumb::new(title, "")],
        action: id.map_or_else(|| "/outgoing".to_owned(), |id| format!("/outgoing/{id}/edit")),
        back,
        command_id: app.ids.next(),
        refusal: shown,
        errors,
        kinds: document_types::in_force(app.clock.today())
            .filter(|kind| !kind.is_copy)
            .map(|kind| Choice::new(kind.key, kind.name))
            .collect(),
        urgencies: Urgency::ALL
            .iter()
            .map(|urgency| Choice::new(urgency.as_str(), urgency.label()))
            .collect(),
        signers: signers
            .iter()
            .map(|signer| {
                Choice::new(signer.post.to_string(), signer.name.as_str()).hint(signer.title.as_str())
            })
            .collect(),
        authorities: Authority::ALL
            .iter()
            .map(|known| Choice::new(known.as_str(), known.label()))
            .collect(),
        agencies: recipient_search::agencies(app, who.agency()).await?,
        rows: outside.rows,
        notes: outside.notes,
        replaceable: replaceable(app, who, id, &typed.replaces).await?,
        main_kinds: vec![
            Choice::new("text", "Soạn trực tiếp, hệ thống trình bày thể thức"),
            Choice::new("file", "Gửi tệp PDF hoặc DOCX"),
        ],
        kept_main_name: kept_main,
        kept_files,
        voids,
        answers: typed.reply_to.clone(),
        templates: form_fields::parts(&typed.own),
        common_open,
        common,
        typed,
    })
}

/// Documents that a draft may replace; what was chosen stays in the list, whoever edits.
async fn replaceable(
    app: &App,
    who: &Who,
    draft: Option<OutgoingId>,
    chosen: &[String],
) -> AppResult<Vec<Choice>> {
    let mut choices = issued::choices(app, who, draft).await?;
    for id in chosen {
        let Ok(known) = id.parse::<OutgoingId>() else {
            continue;
        };
        if !choices.iter().any(|choice| choice.value == *id)
            && let Some(named) = issued::named_in_draft(app, who.agency(), known).await?
        {
            choices.insert(0, Choice::new(id.clone(), named.number_and_symbol));
        }
    }
    Ok(choices)
}

/// Names of fields as the rules call them, to names of the form.
fn field_of_form(field: &'static str) -> &'static str {
    match field {
        "document_type" => "type_key",
        "content" => "main_text",
        "drafting_unit" | "symbol" => "field_abbr",
        "file" => "main_file",
        other => other,
    }
}

/// The name of a file of this agency; other files have no name here.
async fn named_file(app: &App, who: &Who, id: FileId) -> AppResult<String> {
    let row = app
        .db
        .opt(
            sql!("SELECT name FROM file WHERE id = $1 AND agency_id = $2"),
            args![id, who.agency()],
        )
        .await?;
    Ok(row.map(|row| row.get("name")).transpose()?.unwrap_or_default())
}
