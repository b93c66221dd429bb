//! Biểu mẫu soạn thảo: one form for a new draft, a reply and a correction; it shows everything again when refused.

mod typed;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    Refusal,
    access::{Action, ObjectFacts},
    document_types,
    ids::{CommandId, FileId, IncomingId, OutgoingId},
    signing_authority::Authority,
    urgency::Urgency,
};
use serde::Deserialize;
use store::{args, sql};
use uuid::Uuid;

use super::{
    form_fields::{self, OwnField, TemplatePart},
    save_draft,
};
use crate::{
    access,
    context::{App, Who},
    documents::Upload,
    error::{AppError, AppResult},
    outgoing::{
        after_issue::issued,
        detail, load,
        recipients::{
            groups::{self, RecipientGroup},
            search::{self, AxisRow},
        },
        signing::{
            authority,
            submit::{self, Submit},
        },
    },
    registers,
    web::{
        Reply, Stay, command_of, format, frame,
        page::{Choice, Crumb, FieldErrors, Page, RefusalBox},
        render, see_other,
    },
};

use typed::{Typed, answer, correction, draft_of, keep_uploads, take_over, typed_of};
pub use typed::{listed, read};

/// The button that puts saved groups of recipients into the form.
const ADD_GROUP: &str = "add-group";
/// The button that saves the recipients of the form as a group.
const SAVE_GROUP: &str = "save-group";

/// What a new draft begins with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Begin {
    reply_to: Option<IncomingId>,
    replaces: Option<OutgoingId>,
    corrects: Option<OutgoingId>,
    #[serde(rename = "type")]
    type_key: String,
}

#[derive(Template)]
#[template(path = "outgoing/drafting/form.html")]
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
    /// Saved groups of recipients.
    groups: Vec<Choice>,
    replaceable: Vec<Choice>,
    correctable: Vec<Choice>,
    main_kinds: Vec<Choice>,
    kept_main_name: String,
    kept_files: Vec<Choice>,
    /// Signed electronic copies that may go along.
    sendable: Vec<Choice>,
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
    if let Some(corrected) = begin.corrects {
        correction(&app, &who, &mut typed, corrected).await?;
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
    if matches!(typed.next.as_str(), search::FIND | ADD_GROUP | SAVE_GROUP) {
        return match use_groups(app, &sent.who, sent.command, &mut typed).await {
            Ok(()) => render(&form_page(app, &sent.who, jar, id, typed, None).await?),
            Err(AppError::Refused(refusal)) => {
                Stay::on(&form_page(app, &sent.who, jar, id, typed, Some(refusal)).await?)
            }
            Err(error) => Err(error),
        };
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
            detail::after::<()>(app, &sent.who, jar, id, Err(error), String::new(), "").await
        }
        Err(AppError::Refused(refusal)) => {
            Stay::on(&form_page(app, &sent.who, jar, id, typed, Some(refusal)).await?)
        }
        Err(error) => Err(error),
    }
}

/// What the buttons of the groups do: nothing of it changes a draft before it is saved.
async fn use_groups(app: &App, who: &Who, command: CommandId, typed: &mut Typed) -> AppResult<()> {
    match typed.next.as_str() {
        ADD_GROUP => {
            for group in listed::<Uuid>(&typed.groups, "nhóm nơi nhận")? {
                let (group, members) = match groups::open(app, who, group).await {
                    // Somebody removed it meanwhile: what was written stays.
                    Err(AppError::NotFound) => {
                        let gone = "Nhóm nơi nhận vừa chọn đã bị xóa.".to_owned();
                        typed.group_notes.push(gone);
                        continue;
                    }
                    found => found?,
                };
                let added = groups::add(app, who.agency(), members, &typed.chosen()?).await?;
                typed.put(&added.recipients);
                typed.group_notes.push(format!(
                    "Đã thêm {} nơi nhận của nhóm “{}”.",
                    added.recipients.count(),
                    group.name
                ));
                typed.group_notes.extend(added.notes);
            }
            if typed.groups.is_empty() {
                typed
                    .group_notes
                    .push("Vui lòng chọn nhóm nơi nhận rồi bấm “Thêm cả nhóm”.".to_owned());
            }
            typed.groups.clear();
        }
        SAVE_GROUP => {
            let chosen = typed.chosen()?;
            let saved = groups::save(app, who, command, None, &typed.group_name, chosen).await?;
            typed.group_notes.push(format!(
                "Đã lưu nhóm nơi nhận “{}” gồm {} nơi.",
                saved.name, saved.members
            ));
            typed.group_name.clear();
        }
        _ => {}
    }
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
    let signers = authority::signers(app, who.agency()).await?;
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
    let text = search::looked_for(std::mem::take(&mut typed.axis_find), &typed.next);
    let mut outside = search::part(app, who.agency(), &typed.axis, &text).await?;
    outside.tick(&mut typed.recipients, &typed.to_know);
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
        agencies: search::agencies(app, who.agency()).await?,
        rows: outside.rows,
        notes: outside.notes,
        groups: groups::of(app, who)
            .await?
            .iter()
            .map(RecipientGroup::choice)
            .collect(),
        replaceable: nameable(app, who, id, &typed.replaces).await?,
        correctable: nameable(app, who, id, &typed.corrects).await?,
        main_kinds: vec![
            Choice::new("text", "Soạn trực tiếp, hệ thống trình bày thể thức"),
            Choice::new("file", "Gửi tệp PDF hoặc DOCX"),
        ],
        kept_main_name: kept_main,
        kept_files,
        sendable: registers::copies_to_choose(app, who, &typed.copies).await?,
        voids,
        answers: typed.reply_to.clone(),
        templates: form_fields::parts(&typed.own),
        common_open,
        common,
        typed,
    })
}

/// Documents that a draft may replace or correct; what was chosen stays in the list, whoever edits.
async fn nameable(
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
        "name" => "group_name",
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
