//! Soạn thảo, sửa dự thảo (ND30 Điều 10, 11.2): every changed save is a new version; after approval it voids it.

mod resolve;

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::civil::Date;
use rules::{
    access::{Action, ObjectFacts},
    ids::{AgencyId, CommandId, FileId, IncomingId, OutgoingId, PostId},
    outgoing::OutgoingPlan,
    secrecy::SecrecyLevel,
    signing_authority::Authority,
    templates::Filled,
    urgency::Urgency,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    composing::{self, Pdf},
    content::{AxisRecipient, Content, Main, PaperRecipient},
    layout,
};
use crate::{
    access, act_names, api,
    context::{App, Who},
    documents::{
        self,
        state_secret::{self, Attempt},
    },
    error::{AppError, AppResult},
    incoming,
    outgoing::{
        load,
        signing::{places, sign},
        step::{self, Moved},
    },
};

use resolve::resolve;
pub use resolve::{PDF, may_reply, own_file};

/// What the drafter writes. Of `main_text` and `main_file` at most one.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Key of the kind of document: `quyet_dinh`, `cong_van` …
    pub type_key: String,
    /// Trích yếu; for a pasted whole decision it may be left empty and is read from the text.
    #[serde(default)]
    pub subject: String,
    /// Mức độ khẩn: `normal`, `urgent`, `very_urgent`, `express`.
    #[schema(value_type = Option<String>)]
    pub urgency: Option<Urgency>,
    /// Hạn trả lời, ISO date.
    #[schema(value_type = Option<String>)]
    pub respond_by: Option<Date>,
    /// Post of the signer; the head of the agency when left out.
    #[schema(value_type = Option<Uuid>)]
    pub signer: Option<PostId>,
    /// `own`, `tm`, `kt`, `tm_kt`, `q`, `tl`, `tl_kt`, `tuq`; by the signer's position when left out.
    #[schema(value_type = Option<String>)]
    pub authority: Option<Authority>,
    /// The incoming document answered.
    #[schema(value_type = Option<Uuid>)]
    pub reply_to: Option<IncomingId>,
    /// Issued documents of the agency that this one replaces (ND30-18.3).
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub replaces: Vec<OutgoingId>,
    /// Issued documents of the agency whose form this official letter corrects (công văn đính chính, ND30-18.3).
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub corrects: Vec<OutgoingId>,
    /// Recipients in the installation, to act (nơi nhận để thực hiện).
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub recipients: Vec<AgencyId>,
    /// Recipients in the installation, to know (nơi nhận để biết); one that is also to act is not told twice.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub to_know: Vec<AgencyId>,
    /// Recipients outside the installation, over the axis, by their codes in the directory (`GET /api/v1/directory`).
    #[serde(default)]
    pub axis: Vec<AxisRecipient>,
    /// Recipients on paper.
    #[serde(default)]
    pub paper: Vec<PaperRecipient>,
    /// Viết tắt of the unit or field in the symbol of a công văn.
    #[serde(default)]
    pub field_abbr: String,
    /// Fields of the kind's template by their names (`docs/templates.md`); together with `main_text`, never with `main_file`.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub fields: Filled,
    /// Text in the light format, composed to PDF by the program.
    pub main_text: Option<String>,
    /// A file from `POST /api/v1/files`: PDF, or DOCX/ODT to be converted.
    #[schema(value_type = Option<Uuid>)]
    pub main_file: Option<FileId>,
    /// Attachments from `POST /api/v1/files`.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub attachments: Vec<FileId>,
    /// Electronic copies that the agency has signed (`GET /api/v1/registers/copies`), to go along as they are.
    #[serde(default)]
    pub copies: Vec<Uuid>,
    /// Độ mật as declared; anything but `none` is refused (QC01-1.2).
    #[schema(value_type = Option<String>)]
    pub secrecy: Option<SecrecyLevel>,
}

/// Writes a new draft.
#[utoipa::path(post, path = "/api/v1/outgoing", tag = "outgoing", request_body = Draft,
    responses((status = 200, body = Moved), (status = 409, description = "Bị từ chối; clause cho biết căn cứ")))]
pub async fn api_create(State(app): State<App>, sent: api::Command<Draft>) -> AppResult<Json<Moved>> {
    Ok(Json(save(&app, &sent.who, sent.command, None, sent.data).await?))
}

/// Changes a draft: a new version when anything changed. After approval the approval is void (ND30-11.2).
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/edit", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = Draft, responses((status = 200, body = Moved), (status = 404), (status = 409)))]
pub async fn api_edit(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<Draft>,
) -> AppResult<Json<Moved>> {
    Ok(Json(
        save(&app, &sent.who, sent.command, Some(id), sent.data).await?,
    ))
}

/// Saves a new draft (`id` is `None`) or a new version.
///
/// # Errors
/// Refusals of [`rules::outgoing::save_draft`], of the document type, of the signer, of state secrets; a file that is
/// not the drafter's; text that cannot be printed.
pub async fn save(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Option<OutgoingId>,
    draft: Draft,
) -> AppResult<Moved> {
    let attempt = Attempt {
        act: act_names::SAVE_DRAFT,
        doing: "lưu dự thảo",
        object_kind: "outgoing",
        object: id.map(OutgoingId::as_uuid),
        file: None,
    };
    let saved = save_checked(app, who, command, id, draft).await;
    state_secret::journal_refusal(app, who, attempt, saved).await
}

async fn save_checked(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Option<OutgoingId>,
    draft: Draft,
) -> AppResult<Moved> {
    match id {
        None => access::may(who, Action::CreateDraft, &ObjectFacts::agency(who.agency()))?,
        Some(id) => access::may(
            who,
            Action::EditDraft,
            &load::for_view(app, who, id).await?.object,
        )?,
    }
    let today = app.clock.today();
    // A refusal that needs no lock comes before the costly composing.
    let (content, kind) = resolve(app, who, id, draft).await?;
    let unit = match id {
        None => who.unit(),
        Some(id) => load::for_view(app, who, id).await?.unit,
    };
    let around = layout::surroundings(app, who.agency(), unit, &content).await?;
    if around.recipients.len() != content.agencies().count() {
        return Err(AppError::BadInput(
            "Có nơi nhận không còn trong hệ thống. Vui lòng chọn lại nơi nhận.".to_owned(),
        ));
    }
    let preview = match &content.main {
        Main::Text { .. } => {
            let mut document = around.document(&content, kind, None, None, today.year())?;
            if sign::required(app, who.agency()).await? {
                // This very file will be signed; number, day and year are written into its blanks at issue.
                document.blank_year = None;
            }
            Some(composing::lay_out(app, document, app.clock.now()).await?)
        }
        Main::None | Main::File { .. } => {
            around.symbol(&content, kind, today.year())?;
            None
        }
    };

    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let moved = match id {
        None => create(&mut act, who, &content, preview.as_ref()).await?,
        Some(id) => change(&mut act, who, id, &content, preview.as_ref()).await?,
    };
    app.commit(act, &moved).await?;
    Ok(moved)
}

async fn create(act: &mut Act, who: &Who, content: &Content, preview: Option<&Pdf>) -> AppResult<Moved> {
    let plan = rules::outgoing::save_draft(&who.actor, None, &content.fields(act.today()), true)?;
    let id = OutgoingId::from_uuid(act.new_id());
    let (now, set) = (act.now(), file_set(act, who, content, preview, 1).await?);
    act.run(
        sql!(
            "INSERT INTO outgoing (id, agency_id, unit_id, drafter_post, signer_post, authority, type_key, subject, \
             folded_subject, urgency, respond_by, reply_to, state, version, revision, file_set, legal_value, created_at, \
             updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, 1, $14, 'for_reference', $15, $15)"
        ),
        args![
            id,
            who.agency(),
            who.unit(),
            who.post(),
            content.signer,
            content.authority.as_str(),
            content.type_key.as_str(),
            content.subject.as_str(),
            viet_text::fold(&content.subject),
            content.urgency.as_str(),
            content.respond_by,
            content.reply_to,
            plan.next.as_str(),
            set,
            now,
        ],
    )
    .await?;
    version(act, who, id, &plan, content, set, preview).await?;
    if let Some(incoming) = content.reply_to {
        incoming::reply_drafted(act, who, incoming).await?;
    }
    let document = load::for_change(act, who, id, Action::EditDraft).await?;
    step::apply(
        act,
        who,
        &document,
        &plan,
        None,
        json!({ "subject": content.subject }),
    )
    .await
}

async fn change(
    act: &mut Act,
    who: &Who,
    id: OutgoingId,
    content: &Content,
    preview: Option<&Pdf>,
) -> AppResult<Moved> {
    let document = load::for_change(act, who, id, Action::EditDraft).await?;
    let before = load::content_for_change(act, id, document.facts.version).await?;
    let changed = before != *content;
    let fields = content.fields(act.today());
    let plan = rules::outgoing::save_draft(&who.actor, Some(&document.facts), &fields, changed)?;
    if changed {
        let set = file_set(act, who, content, preview, plan.version).await?;
        act.run(
            sql!(
                "UPDATE outgoing SET signer_post = $2, authority = $3, type_key = $4, subject = $5, folded_subject = $6, \
                 urgency = $7, respond_by = $8, reply_to = $9, file_set = $10 WHERE id = $1"
            ),
            args![
                id,
                content.signer,
                content.authority.as_str(),
                content.type_key.as_str(),
                content.subject.as_str(),
                viet_text::fold(&content.subject),
                content.urgency.as_str(),
                content.respond_by,
                content.reply_to,
                set,
            ],
        )
        .await?;
        version(act, who, id, &plan, content, set, preview).await?;
    }
    step::apply(
        act,
        who,
        &document,
        &plan,
        None,
        json!({ "subject": content.subject, "changed": changed }),
    )
    .await
}

async fn file_set(
    act: &mut Act,
    who: &Who,
    content: &Content,
    preview: Option<&Pdf>,
    version: u32,
) -> AppResult<Option<Uuid>> {
    let main = match (&content.main, preview) {
        (Main::File { file }, _) => Some(*file),
        (Main::Text { .. }, Some(pdf)) => {
            Some(composing::record(act, who, pdf, &format!("DuThao-v{version}.pdf")).await?)
        }
        _ => None,
    };
    let attached: Vec<FileId> = content.attached().collect();
    if main.is_none() && attached.is_empty() {
        return Ok(None);
    }
    Ok(Some(documents::new_set(act, main, &attached).await?))
}

async fn version(
    act: &mut Act,
    who: &Who,
    id: OutgoingId,
    plan: &OutgoingPlan,
    content: &Content,
    set: Option<Uuid>,
    preview: Option<&Pdf>,
) -> AppResult<()> {
    let (now, json) = (act.now(), serde_json::to_string(content)?);
    act.run(
        sql!(
            "INSERT INTO outgoing_version (outgoing_id, version, author_post, at, content, file_set) \
             VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        args![id, plan.version, who.post(), now, json, set],
    )
    .await?;
    if let Some(places) = preview.and_then(|pdf| pdf.places) {
        places::keep(act, id, plan.version, &places).await?;
    }
    Ok(())
}
