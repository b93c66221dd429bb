//! Đăng ký bản sao: the number from the common series of copies, the record (ND30-25, PL1 Phần II); the form of a copy on paper.

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    Refusal,
    copies::{CopyFacts, CopyKind, Medium, make_copy},
    document_types,
    ids::{CommandId, FileId, PostId},
    numbering,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Source, base, source, source_now};
use crate::{
    act_names, api,
    context::{App, Who},
    error::{AppError, AppResult},
    outgoing::{
        series::{self, Series},
        signers,
    },
    web::{
        Reply, Stay, Submitted, clean, frame,
        page::{Choice, Fact, FieldErrors, Page, RefusalBox, Tab},
        render, see_other,
    },
};

/// A copy that is to be made.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct MakeCopy {
    /// `outgoing` or `incoming`.
    pub source_kind: String,
    /// The document.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<Uuid>)]
    pub source: Option<Uuid>,
    /// Hình thức sao: `sao_y`, `sao_luc`, `trich_sao`.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<String>)]
    pub kind: Option<CopyKind>,
    /// On what the copy is: `paper` when left out.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<String>)]
    pub to: Option<Medium>,
    /// From which the copy is made, where there are both: `paper` for a main copy on paper of a document that was signed digitally.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<String>)]
    pub from: Option<Medium>,
    /// `on` when the document is itself a bản sao y.
    pub source_is_copy: String,
    /// The part that is copied, of a trích sao.
    pub extract: String,
    /// The words of that part, one paragraph a line: then the whole bản trích sao is printed, not only its closing part.
    pub text: String,
    /// The PDF of an electronic copy, sent before: the scan, or the extract laid out anew. Left out, the scan that a document on
    /// paper has already is taken.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<Uuid>)]
    pub main_file: Option<FileId>,
    /// Số bản; an electronic copy is one.
    #[serde(deserialize_with = "crate::web::number_or_blank")]
    #[schema(value_type = u32)]
    pub copies: u32,
    /// Who signs the copy; the head of the agency when left out.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<Uuid>)]
    pub signer: Option<PostId>,
    /// Nơi nhận, one a line.
    pub recipients: String,
}

/// A copy that was registered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CopyMade {
    /// The copy.
    pub id: Uuid,
    /// Số và ký hiệu as printed: `05/SY-UBND`.
    pub number_and_symbol: String,
    /// Ngày sao.
    #[schema(value_type = String, format = Date)]
    pub made_on: Date,
}

/// Registers a copy of an issued or registered document. An electronic one waits for the signature of the agency then, which the clerk
/// makes on the page.
#[utoipa::path(post, path = "/api/v1/registers/copies", tag = "registers", request_body = MakeCopy,
    responses((status = 200, body = CopyMade), (status = 404), (status = 409)))]
pub async fn api_make_copy(
    State(app): State<App>,
    sent: api::Command<MakeCopy>,
) -> AppResult<Json<CopyMade>> {
    Ok(Json(make(&app, &sent.who, sent.command, &sent.data).await?))
}

/// Registers a copy. For an electronic one everything is tried before that its signature will need, and words that are to be printed are
/// laid out once.
///
/// # Errors
/// Refusals of [`make_copy`] and of [`base::prepare`].
pub async fn make(app: &App, who: &Who, command: CommandId, data: &MakeCopy) -> AppResult<CopyMade> {
    let id = data.source.ok_or(AppError::NotFound)?;
    let seen = source(app, who, &data.source_kind, id).await?;
    let kind = data.kind.ok_or_else(|| {
        Refusal::new("ND30-25.4", "copies.no_kind", "Vui lòng chọn hình thức sao.").on("kind")
    })?;
    let to = data.to.unwrap_or(Medium::Paper);
    let extract = clean(&data.extract);
    let text = clean(&data.text);
    let recipients = names(&data.recipients);
    let (agency, choices) = signers(app, who.agency()).await?;
    let signer = match data.signer {
        Some(post) => choices.iter().find(|signer| signer.post == post),
        None => choices.first(),
    }
    .ok_or_else(|| {
        Refusal::new(
            "ND30-27.1",
            "copies.no_signer",
            "Vui lòng chọn người ký bản sao trong số lãnh đạo, người đứng đầu đơn vị của cơ quan.",
        )
        .on("signer")
    })?;
    let document_type = document_types::usable(kind.as_str(), app.clock.today())?;
    let rule = series::rule(app, who.agency(), app.clock.today()).await?;
    let series = Series::of(who.agency(), rule, document_type).for_what("lấy số bản sao");
    let copies = match to {
        Medium::Paper => data.copies,
        Medium::Electronic => 1,
    };
    let decide = |source: &Source| {
        make_copy(
            &who.actor,
            &CopyFacts {
                agency: who.agency(),
                kind,
                from: source.copied_from(data.from),
                to,
                source_is_copy: data.source_is_copy == "on",
                is_registered: source.is_registered,
                is_recalled: source.is_recalled,
                copies,
                extract: &extract,
                text: &text,
            },
        )
    };
    // What stands in the way of the file or the print is told before a number is taken.
    let mut base = None;
    if !app.was_carried_out(who, command).await? {
        decide(&seen)?;
        if to == Medium::Electronic {
            base = Some(base::prepare(app, who, &seen, kind, data, text.trim(), &agency).await?);
        } else if !text.is_empty() {
            base::compose(app, &seen, &text, &agency).await?;
        }
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let now_is = source_now(&mut act, who, seen.kind, id).await?;
    decide(&now_is)?;
    let taken = series.take(&mut act).await?;
    let symbol = numbering::symbol(document_type, &agency.abbr, "", taken.year)?;
    let number_and_symbol = numbering::number_and_symbol(taken.number, &symbol);
    let base_set = match &base {
        Some(base) => Some(base.record(&mut act, who, &number_and_symbol).await?),
        None => None,
    };
    let (copy, now) = (act.new_id(), act.now());
    act.run(
        sql!(
            "INSERT INTO document_copy (id, agency_id, source_kind, source_id, source_name, kind, from_medium, to_medium, \
             extract, copies, recipients, year, number, symbol, made_on, signer_post, authority, post_id, at, extract_text, base_set) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
        ),
        args![
            copy,
            who.agency(),
            now_is.kind,
            now_is.id,
            now_is.name.as_str(),
            kind.as_str(),
            now_is.copied_from(data.from).as_str(),
            to.as_str(),
            extract.as_str(),
            copies,
            serde_json::to_string(&recipients)?,
            taken.year,
            taken.number,
            symbol.as_str(),
            taken.date,
            signer.post,
            signer.usual_authority(agency.regime).as_str(),
            who.post(),
            now,
            text.as_str(),
            base_set
        ],
    )
    .await?;
    if to == Medium::Electronic {
        // It waits for the signature now.
        act.touch(who.agency().as_uuid());
    }
    act.journal(Entry {
        act: act_names::MAKE_COPY,
        object_kind: now_is.kind,
        object: now_is.id,
        agency: None,
        summary: format!(
            "{} số {number_and_symbol}, {} bản, sang {}.",
            kind.label(),
            copies,
            to.label().to_lowercase()
        ),
        details: json!({
            "copy": copy, "number_and_symbol": number_and_symbol, "copies": copies, "recipients": recipients,
            "signer": signer.post, "note": extract, "to": to,
        }),
    })
    .await?;
    let made = CopyMade {
        id: copy,
        number_and_symbol,
        made_on: taken.date,
    };
    app.commit(act, &made).await?;
    Ok(made)
}

fn names(text: &str) -> Vec<String> {
    let name = |line: &str| {
        clean(line)
            .trim_start_matches(['-', '–'])
            .trim()
            .trim_end_matches([';', '.'])
            .to_owned()
    };
    text.lines().map(name).filter(|name| !name.is_empty()).collect()
}

/// `?outgoing=…` or `?incoming=…`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub struct Of {
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    outgoing: Option<Uuid>,
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    incoming: Option<Uuid>,
}

impl Of {
    /// Which kind of document, and which.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for neither.
    pub(super) fn target(self) -> AppResult<(&'static str, Uuid)> {
        match (self.outgoing, self.incoming) {
            (Some(id), _) => Ok(("outgoing", id)),
            (None, Some(id)) => Ok(("incoming", id)),
            (None, None) => Err(AppError::NotFound),
        }
    }
}

/// The two forms: a copy on paper, an electronic one.
pub(super) fn tabs(source: &Source, to: Medium) -> Vec<Tab> {
    let tab = |medium: Medium, path: &str| Tab {
        label: medium.label(),
        href: format!("/registers/copies/{path}?{}={}", source.kind, source.id),
        is_current: medium == to,
    };
    vec![tab(Medium::Paper, "new"), tab(Medium::Electronic, "electronic")]
}

/// Who may sign or decide copies, to choose from.
pub(super) async fn signer_choices(app: &App, who: &Who) -> AppResult<Vec<Choice>> {
    let (_, signers) = signers(app, who.agency()).await?;
    Ok(signers
        .iter()
        .map(|signer| Choice::new(signer.post.to_string(), signer.name.as_str()).hint(signer.title.as_str()))
        .collect())
}

#[derive(Template)]
#[template(path = "registers/copies/form.html")]
struct CopyForm {
    page: Page,
    command_id: Uuid,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    facts: Vec<Fact>,
    tabs: Vec<Tab>,
    back: String,
    kinds: Vec<Choice>,
    signers: Vec<Choice>,
    typed: MakeCopy,
    source_id: String,
    kind: String,
    signer: String,
    copies: String,
}

/// `GET /registers/copies/new`.
pub async fn form(State(app): State<App>, who: Who, jar: CookieJar, Query(of): Query<Of>) -> Reply {
    let (source_kind, id) = of.target()?;
    let typed = MakeCopy {
        source_kind: source_kind.to_owned(),
        source: Some(id),
        kind: Some(CopyKind::SaoY),
        copies: 1,
        ..MakeCopy::default()
    };
    render(&shown(&app, &who, &jar, typed, None).await?)
}

/// `POST /registers/copies/new`.
pub async fn submit(State(app): State<App>, jar: CookieJar, form: Submitted<MakeCopy>) -> Reply {
    match make(&app, &form.who, form.command, &form.data).await {
        Ok(made) => Ok(see_other(
            &app,
            "/registers/copies",
            &format!("Đã đăng ký bản sao số {}.", made.number_and_symbol),
        )),
        Err(AppError::Refused(refusal)) => {
            Stay::on(&shown(&app, &form.who, &jar, form.data, Some(refusal)).await?)
        }
        Err(error) => Err(error),
    }
}

async fn shown(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    typed: MakeCopy,
    refusal: Option<Refusal>,
) -> AppResult<CopyForm> {
    super::super::may_read(who)?;
    let id = typed.source.ok_or(AppError::NotFound)?;
    let seen = source(app, who, &typed.source_kind, id).await?;
    let signers = signer_choices(app, who).await?;
    let mut errors = FieldErrors::none();
    let refusal = refusal.map(|refusal| errors.tell(refusal.into()));
    Ok(CopyForm {
        page: frame(app, who, jar, "Sao văn bản", "copies").await?,
        command_id: app.ids.next(),
        refusal,
        errors,
        facts: vec![
            Fact::new("Văn bản được sao", seen.name.as_str()),
            Fact::new("Văn bản là", seen.medium.label()),
            Fact::new("Bản sao là", Medium::Paper.label()),
        ],
        tabs: tabs(&seen, Medium::Paper),
        back: format!("/{}/{id}", seen.kind),
        kinds: CopyKind::ALL
            .iter()
            .map(|kind| Choice::new(kind.as_str(), kind.label()))
            .collect(),
        signers,
        source_id: id.to_string(),
        kind: typed
            .kind
            .map(|kind| kind.as_str().to_owned())
            .unwrap_or_default(),
        signer: typed.signer.map(|post| post.to_string()).unwrap_or_default(),
        copies: typed.copies.to_string(),
        typed,
    })
}
