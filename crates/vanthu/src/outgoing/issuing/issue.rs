//! Cấp số, đăng ký, phát hành (ND30 Điều 14–18): number, date, symbol and the final file in one act.
//!
//! The number is taken in the transaction that issues: a refusal, a failure or a crash leaves no gap. An uploaded PDF
//! stays as it is; a composed document is laid out with its number and date before the act, see [`super::series`].

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    Decision, Refusal,
    access::Action,
    document_types::{self, DocumentType},
    ids::{CommandId, FileId, OutgoingId},
    legal_value::{SignatureVerdict, legal_value},
    numbering::{self, IdentifierParts, IdentifierTemplate, Taken},
    outgoing::{IssueFacts, OutgoingState},
    secrecy::{SecrecyLevel, SecretMarks},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    deliveries, seal,
    series::{self, Series},
};
use crate::{
    access, act_names, api,
    context::{App, Who},
    documents::{
        self, FileOfSet,
        state_secret::{self, Attempt},
    },
    error::AppResult,
    exchange,
    outgoing::{
        after_issue::{correct, replace},
        detail,
        drafting::{
            composing::{self, Pdf},
            content::{Content, Main},
            layout::{self, Surroundings},
            save_draft::PDF,
        },
        load::{self, Document},
        recipients::{self, Address},
        signing::{authority, sign},
        step,
    },
    registers,
    web::{Reply, Submitted, see_other},
};

/// Cấp số, phát hành; needs nothing besides the document.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Issue {}

/// What was given at issue.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Issued {
    /// The document.
    pub id: Uuid,
    /// Số.
    pub number: u32,
    /// Ký hiệu.
    pub symbol: String,
    /// Số và ký hiệu as printed: `01/QĐ-UBND`.
    pub number_and_symbol: String,
    /// Ngày ban hành.
    #[schema(value_type = String)]
    pub issued_on: Date,
    /// Mã định danh văn bản.
    pub document_code: String,
    /// `issued`; `numbered` while the agency's signature is under way.
    #[serde(default = "issued_state")]
    pub state: String,
    /// The request for signatures that is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Uuid>,
}

fn issued_state() -> String {
    OutgoingState::Issued.as_str().to_owned()
}

/// `POST /outgoing/{id}/issue`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<Issue>,
) -> Reply {
    let done = issue(&app, &form.who, form.command, id).await;
    if let Ok(Issued {
        request: Some(request),
        ..
    }) = &done
    {
        return Ok(see_other(&app, &format!("/signing/requests/{request}"), ""));
    }
    let sentence = match &done {
        Ok(issued) => format!("Đã phát hành văn bản số {}.", issued.number_and_symbol),
        Err(_) => String::new(),
    };
    detail::after(&app, &form.who, &jar, id, done, String::new(), &sentence).await
}

/// Numbers and issues an approved document. Where signatures are required this is done on the page only, by the clerk in person: 409 with
/// ND30-32.2c.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/issue", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = Issue, responses((status = 200, body = Issued), (status = 404), (status = 409)))]
pub async fn api_issue(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<Issue>,
) -> AppResult<Json<Issued>> {
    Ok(Json(issue(&app, &sent.who, sent.command, id).await?))
}

/// What is read before the act, so that the act stays short.
pub(in crate::outgoing) struct Ready {
    version: u32,
    /// The year in which the version was laid out.
    pub(in crate::outgoing) version_year: Option<i16>,
    pub(in crate::outgoing) content: Content,
    /// How each recipient is reached.
    pub(in crate::outgoing) addresses: Vec<Address>,
    pub(in crate::outgoing) kind: &'static DocumentType,
    pub(in crate::outgoing) around: Surroundings,
    pub(in crate::outgoing) files: Vec<FileOfSet>,
    pub(in crate::outgoing) series: Series,
    pub(in crate::outgoing) template: IdentifierTemplate,
    signatures_required: bool,
}

impl Ready {
    /// Số và ký hiệu, and the symbol alone, of a number.
    pub(in crate::outgoing) fn printed(&self, taken: Taken) -> AppResult<(String, String)> {
        let symbol = self.around.symbol(&self.content, self.kind, taken.year)?;
        Ok((numbering::number_and_symbol(taken.number, &symbol), symbol))
    }

    /// Refuses a document that was changed since it was read.
    pub(in crate::outgoing) fn unchanged(&self, document: &Document) -> AppResult<()> {
        if document.facts.version == self.version {
            return Ok(());
        }
        Err(Refusal::new(
            "ND30-11.2",
            "outgoing.changed_meanwhile",
            "Dự thảo vừa được sửa trong lúc phát hành. Vui lòng tải lại trang để xem tình trạng mới nhất.",
        )
        .into())
    }

    /// Asks the rules with everything that they look at beside the document.
    pub(in crate::outgoing) fn with_facts<T>(
        &self,
        person: SignatureVerdict,
        agency: SignatureVerdict,
        decide: impl FnOnce(&IssueFacts<'_>) -> Decision<T>,
    ) -> AppResult<T> {
        let file_names: Vec<&str> = self.files.iter().map(|item| item.file.name.as_str()).collect();
        Ok(decide(&IssueFacts {
            main_file_is_pdf: self
                .files
                .iter()
                .any(|item| item.is_main && item.file.media_type == PDF),
            recipients: self.content.recipient_count(),
            signatures_required: self.signatures_required,
            person_signature: person,
            agency_signature: agency,
            secrecy: SecretMarks {
                declared: SecrecyLevel::None,
                symbols: &[&self.content.field_abbr],
                file_names: &file_names,
                texts: &self.content.texts(),
            },
        })?)
    }
}

/// A composed document with the number that it expects to get.
struct LaidOut {
    number: Taken,
    pdf: Pdf,
}

pub(in crate::outgoing) async fn ready(app: &App, who: &Who, id: OutgoingId) -> AppResult<Ready> {
    let document = load::for_view(app, who, id).await?;
    let content = load::content(app, id, document.facts.version).await?;
    let (agency, today) = (who.agency(), app.clock.today());
    let template: Option<String> = authority::setting(app, agency, "numbering.document_code", today).await?;
    let kind = document_types::usable(&content.type_key, today)?;
    let rule = series::rule(app, agency, today).await?;
    Ok(Ready {
        version: document.facts.version,
        version_year: load::version_year(app, id, document.facts.version).await?,
        around: layout::surroundings(app, agency, document.unit, &content).await?,
        addresses: recipients::addresses(app, agency, &content).await?,
        files: documents::files_of(app, document.file_set).await?,
        series: Series::of(agency, rule, kind).with_reserved(app, id).await?,
        kind,
        template: template
            .map(|text| IdentifierTemplate::parse(&text))
            .transpose()?
            .unwrap_or_default(),
        signatures_required: authority::setting(app, agency, "signing.required", today)
            .await?
            .unwrap_or_default(),
        content,
    })
}

/// Lays the document out with the number that it will get, if it is composed here.
async fn lay_out(app: &App, ready: &Ready) -> AppResult<Option<LaidOut>> {
    if !matches!(ready.content.main, Main::Text { .. }) {
        return Ok(None);
    }
    let number = ready.series.foresee(app).await?;
    let document = ready.around.document(
        &ready.content,
        ready.kind,
        Some(number.number),
        Some(number.date),
        number.year,
    )?;
    let pdf = composing::lay_out(app, document, app.clock.now()).await?;
    Ok(Some(LaidOut { number, pdf }))
}

/// So often another node may be faster in the same series; each time costs it a number and us a layout.
const ATTEMPTS: usize = 8;

/// Issues an approved document.
///
/// # Errors
/// Refusals of [`rules::outgoing::issue`] and [`numbering::next`].
pub async fn issue(app: &App, who: &Who, command: CommandId, id: OutgoingId) -> AppResult<Issued> {
    let issued = issue_checked(app, who, command, id).await;
    state_secret::journal_refusal(app, who, attempt(id), issued).await
}

/// What is journalled when a document that carries a mark of state secrets was about to be issued.
pub fn attempt(id: OutgoingId) -> Attempt<'static> {
    Attempt {
        act: act_names::ISSUE,
        doing: "phát hành",
        object_kind: "outgoing",
        object: Some(id.as_uuid()),
        file: None,
    }
}

async fn issue_checked(app: &App, who: &Who, command: CommandId, id: OutgoingId) -> AppResult<Issued> {
    if sign::required(app, who.agency()).await? {
        return seal::issue_signed(app, who, command, id).await;
    }
    let ready = ready(app, who, id).await?;
    // Who may not issue it must not keep others waiting for their number.
    access::may(who, Action::Issue, &load::for_view(app, who, id).await?.object)?;
    for _ in 0..ATTEMPTS {
        let _turn = ready.series.turn(app).await;
        let laid_out = lay_out(app, &ready).await?;
        if let Some(issued) = issue_with(app, who, command, id, &ready, laid_out).await? {
            return Ok(issued);
        }
    }
    Err(Refusal::new(
        "ND30-15.1",
        "numbering.busy",
        "Dãy số đang được cấp liên tục ở nơi khác. Vui lòng bấm phát hành lại sau ít phút.",
    )
    .into())
}

/// One attempt; `None` when the number that was laid out is taken meanwhile: then nothing was changed.
async fn issue_with(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    ready: &Ready,
    laid_out: Option<LaidOut>,
) -> AppResult<Option<Issued>> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(Some(answer)),
        Begun::Now(act) => act,
    };
    let document = load::for_change(&mut act, who, id, Action::Issue).await?;
    ready.unchanged(&document)?;
    registers::copies_may_go(&mut act, who.agency(), &ready.content.copies).await?;
    let (person, agency) = (SignatureVerdict::Absent, SignatureVerdict::Absent);
    let plan = ready.with_facts(person, agency, |facts| {
        rules::outgoing::issue(&who.actor, &document.facts, facts)
    })?;
    let taken = ready.series.take(&mut act).await?;
    if laid_out.as_ref().is_some_and(|made| made.number != taken) {
        return Ok(None);
    }
    let legal_value = legal_value(person, agency, true);
    let issued = write_down(
        &mut act,
        who,
        &document,
        ready,
        taken,
        laid_out.map(|made| made.pdf),
        legal_value.as_str(),
    )
    .await?;
    let paper = deliveries::write(&mut act, who, id, &ready.addresses).await?;
    let replaces = &ready.content.replaces;
    let business = replace::link(&mut act, who, id, &issued.number_and_symbol, replaces).await?;
    correct::link(&mut act, who, id, &issued.number_and_symbol, &ready.content).await?;
    let order = exchange::Order::new_document(id);
    exchange::dispatch(&mut act, exchange::Order { business, ..order }).await?;
    step::apply(
        &mut act,
        who,
        &document,
        &plan,
        Some(&format!(
            "Số {}, {}",
            issued.number_and_symbol,
            the_thuc::day_in_words(issued.issued_on)
        )),
        json!({ "issued": issued, "recipients": ready.content.recipients, "to_know": ready.content.to_know, "axis": ready.content.axis, "paper": paper }),
    )
    .await?;
    app.commit(act, &issued).await?;
    Ok(Some(issued))
}

/// Writes the number and the final files down.
async fn write_down(
    act: &mut Act,
    who: &Who,
    document: &Document,
    ready: &Ready,
    taken: Taken,
    pdf: Option<Pdf>,
    legal_value: &str,
) -> AppResult<Issued> {
    let (number_and_symbol, symbol) = ready.printed(taken)?;
    let document_code = ready.template.identifier(&IdentifierParts {
        agency_code: &ready.around.agency.code,
        date: taken.date,
        number: taken.number,
        symbol: &symbol,
    });
    let now = act.now();
    let (mut set, mut pages) = (document.file_set, main_pages(&ready.files));
    if let Some(pdf) = pdf {
        pages = Some(pdf.pages);
        let name = viet_text::corrected_file_name(&format!("{number_and_symbol}.pdf").replace('/', "-"));
        let file = composing::record(act, who, &pdf, &name).await?;
        let attachments: Vec<FileId> = ready
            .files
            .iter()
            .filter(|item| !item.is_main)
            .map(|item| item.file.id)
            .collect();
        set = Some(documents::new_set(act, Some(file), &attachments).await?);
    }
    act.run(
        sql!(
            "UPDATE outgoing SET file_set = $2, pages = $3, symbol = $4, series = $5, year = $6, number = $7, \
             issued_on = $8, issued_at = $9, document_code = $10, legal_value = $11 WHERE id = $1"
        ),
        args![
            document.id,
            set,
            pages,
            symbol.as_str(),
            ready.series.key(),
            taken.year,
            taken.number,
            taken.date,
            now,
            document_code.as_str(),
            legal_value,
        ],
    )
    .await?;
    Ok(Issued {
        id: document.id.as_uuid(),
        number: taken.number,
        symbol,
        number_and_symbol,
        issued_on: taken.date,
        document_code,
        state: issued_state(),
        request: None,
    })
}

fn main_pages(files: &[FileOfSet]) -> Option<i64> {
    files
        .iter()
        .find(|item| item.is_main)
        .and_then(|item| item.file.pages)
}
