//! An outgoing document as it is read: by people on the page, by programs through the API.

use jiff::{Timestamp, civil::Date};
use rules::{
    access::{self, Action},
    document_types,
    exchange::Purpose,
    ids::{AgencyId, OutgoingId},
    outgoing::{GivenNumber, OutgoingState},
    recipients::{Channel, is_without_paper},
};
use serde::Serialize;
use store::{args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    after_issue::{
        correct,
        delivery_lines::{DeliveryLine, deliveries},
        offers,
    },
    drafting::{
        consultation::{self, ConsultationLine, Round},
        content::{Content, Main},
    },
    issuing::{
        before_issue::{self, IssueCheckLine},
        term::{self, Term, Terms},
    },
    load::{self, Document},
    recipients,
    signing::sign,
};
use crate::{
    context::{App, Who},
    documents::{self, FileOfSet},
    error::AppResult,
    organization,
    signing::requests,
    slips,
    web::format,
};

/// A word of a reviewer on one version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignOffLine {
    /// `content`, `form`, `approval`.
    pub kind: String,
    /// `agreed`, `returned`, `voided`.
    pub decision: String,
    /// The version it is about.
    pub version: u32,
    /// Who.
    pub who: String,
    /// Ý kiến.
    pub comment: Option<String>,
    /// When, RFC 3339.
    pub at: String,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) moment: Timestamp,
}

/// A version of the content.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionLine {
    /// Its number, from 1.
    pub version: u32,
    /// Who saved it.
    pub author: String,
    /// When, RFC 3339.
    pub at: String,
    /// Its main file.
    pub main_file: Option<Uuid>,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) moment: Timestamp,
}

/// A file, as the API tells it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileLine {
    /// Its id, for `GET /api/v1/files/{id}`.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// `main` or `attachment`.
    pub role: String,
    /// What it is, by content.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256, hex.
    pub sha256: String,
}

/// The request for signatures that holds a document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenSigning {
    /// The request: `GET /api/v1/signing/requests/{id}`, for the person who signs.
    pub request: Uuid,
    /// Who signs.
    pub signer: String,
    /// Until when, RFC 3339.
    pub expires_at: String,
    /// Whether it waits for the caller.
    pub is_mine: bool,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) moment: Timestamp,
}

/// An outgoing document whole (QĐ 28 Điều 10).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutgoingView {
    /// The document.
    pub id: Uuid,
    /// Its state.
    pub state: String,
    /// The state in Vietnamese.
    pub state_label: String,
    /// Key of its kind.
    pub type_key: String,
    /// Name of its kind.
    pub type_name: String,
    /// Trích yếu.
    pub subject: String,
    /// Mức độ khẩn.
    pub urgency: String,
    /// Hạn trả lời.
    #[schema(value_type = Option<String>)]
    pub respond_by: Option<Date>,
    /// The incoming document answered.
    pub reply_to: Option<Uuid>,
    /// The current version.
    pub version: u32,
    /// Số, once issued.
    pub number: Option<u32>,
    /// Ký hiệu, once issued.
    pub symbol: Option<String>,
    /// Both as printed.
    pub number_and_symbol: Option<String>,
    /// Ngày ban hành.
    #[schema(value_type = Option<String>)]
    pub issued_on: Option<Date>,
    /// Mã định danh văn bản.
    pub document_code: Option<String>,
    /// Pages of the main file.
    pub pages: Option<i64>,
    /// `equivalent_to_paper` or `for_reference`.
    pub legal_value: String,
    /// The same in Vietnamese.
    pub legal_value_label: String,
    /// Who drafts.
    pub drafter: String,
    /// Who helps to write it.
    pub co_drafters: Vec<String>,
    /// Who signs.
    pub signer: String,
    /// In what authority.
    pub authority: String,
    /// Names of recipients.
    pub recipients: Vec<String>,
    /// Delivery, once issued.
    pub deliveries: Vec<DeliveryLine>,
    /// Điện tử, không kèm bản giấy: issued, of a kind of the list of công văn 775/VPCP-KSTT, and to nobody on paper.
    pub without_paper: bool,
    /// Words of reviewers, oldest first.
    pub sign_offs: Vec<SignOffLine>,
    /// Versions, newest first.
    pub versions: Vec<VersionLine>,
    /// Files of the current version.
    pub files: Vec<FileLine>,
    /// Electronic copies whose files are among them and go along as they are.
    pub copies: Vec<Uuid>,
    /// Whether the agency issues only digitally signed documents: `approve` signs, `issue` seals.
    pub signatures_required: bool,
    /// The request for signatures that holds the document now.
    pub signing: Option<OpenSigning>,
    /// Lý do hủy số.
    pub void_reason: Option<String>,
    /// When the signer approved or signed what stands now, RFC 3339.
    pub signed_at: Option<String>,
    /// By when it must be issued and sent, RFC 3339 (ND30-18.1, QD28-6.2).
    pub issue_by: Option<String>,
    /// While it is not issued, or not sent to everybody: `in_time`, `today`, `late`.
    pub timeliness: Option<String>,
    /// When it was recalled, RFC 3339: frozen since then.
    pub recalled_at: Option<String>,
    /// The later document that takes its place.
    pub replaced_by: Option<Uuid>,
    /// Earlier documents that this one replaces.
    pub replaces: Vec<Uuid>,
    /// Earlier documents whose form this letter corrects.
    pub corrects: Vec<Uuid>,
    /// The issued letters that correct the form of this one, oldest first.
    pub corrected_by: Vec<Uuid>,
    /// Rounds of questions about the draft, oldest first.
    pub consultations: Vec<ConsultationLine>,
    /// What the caller may do now: `recall`, `update`, `consult`, `set_co_drafters`, `edit`, `submit`, `sign_off_content`, `sign_off_form`, `approve`, `return`, `issue`, `cancel`, `void_number`, `place`.
    pub may: Vec<&'static str>,
    /// The submission slip that holds the draft now: it is not changed, submitted or given up meanwhile.
    pub slip: Option<Uuid>,
    /// What a clerk looks at before issuing, as long as the document waits for it (CN-226); empty for everybody else.
    pub checks: Vec<IssueCheckLine>,
    /// Why the caller cannot take the next step, when they cannot.
    pub why_not: Option<String>,
}

/// Everything that the page shows.
pub struct Whole {
    /// The document with its facts.
    pub document: Document,
    /// The files.
    pub files: Vec<FileOfSet>,
    /// Rounds of questions about the draft, oldest first.
    pub consultations: Vec<Round>,
    /// The term of issue, once signed.
    pub term: Option<Term>,
    /// Whether it is a draft whose text the program lays out, so that there is a DOCX of it.
    pub has_docx: bool,
    /// The submission slip that holds the draft.
    pub carrier: Option<slips::Carrier>,
    /// The view.
    pub view: OutgoingView,
}

/// What is not done to a draft while a submission slip carries it (CN-303).
const FROZEN: [&str; 5] = ["edit", "submit", "cancel", "set_co_drafters", "place"];

/// Reads a document whole for somebody who may see it.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] when there is none or it may not be seen.
pub async fn read(app: &App, who: &Who, id: OutgoingId) -> AppResult<Whole> {
    let document = load::for_view(app, who, id).await?;
    let content = load::content(app, id, document.facts.version).await?;
    let files = documents::files_of(app, document.file_set).await?;
    let kind = document_types::by_key(&document.type_key);
    let consultations = consultation::rounds(app, id).await?;
    let term = match document.signed_at {
        Some(signed) => {
            let terms = Terms::of(app, document.facts.agency).await?;
            Some(terms.term(signed, document.urgency, document.on_paper))
        }
        None => None,
    };
    let carrier = if document.state() == OutgoingState::Draft {
        slips::carrier(app, who, id).await?
    } else {
        None
    };
    let is_open = term::waits_for_issue(document.state())
        || (document.state() == OutgoingState::Issued
            && document.recalled_at.is_none()
            && term::is_unsent(app, who, id).await?);
    let deliveries = deliveries(app, id).await?;
    let view = OutgoingView {
        id: id.as_uuid(),
        state: document.state().as_str().to_owned(),
        state_label: document.state().label().to_owned(),
        type_key: document.type_key.clone(),
        type_name: kind.map_or_else(|| document.type_key.clone(), |kind| kind.name.to_owned()),
        subject: document.subject.clone(),
        urgency: document.urgency.as_str().to_owned(),
        respond_by: document.respond_by,
        reply_to: document.reply_to.map(rules::ids::IncomingId::as_uuid),
        version: document.facts.version,
        number: document.number,
        symbol: document.symbol.clone(),
        number_and_symbol: document.number_and_symbol(),
        issued_on: document.issued_on,
        document_code: document.document_code.clone(),
        pages: document.pages.or_else(|| {
            files
                .iter()
                .find(|item| item.is_main)
                .and_then(|item| item.file.pages)
        }),
        legal_value: document.legal_value.as_str().to_owned(),
        legal_value_label: document.legal_value.label().to_owned(),
        drafter: person(app, document.facts.drafter).await?,
        co_drafters: co_drafters(app, &document).await?,
        signer: match document.signer() {
            Some(signer) => person(app, signer).await?,
            None => String::new(),
        },
        authority: document.authority.label().to_owned(),
        recipients: recipients(app, document.facts.agency, &content).await?,
        without_paper: document.state() == OutgoingState::Issued
            && document
                .issued_on
                .is_some_and(|day| is_without_paper(&document.type_key, day, &ways(&deliveries))),
        deliveries,
        signed_at: document.signed_at.map(format::machine),
        issue_by: term.map(|term| term.machine()),
        timeliness: term
            .filter(|_| is_open)
            .map(|term| term.stands.as_str().to_owned()),
        recalled_at: document.recalled_at.map(format::machine),
        replaced_by: document.replaced_by.map(OutgoingId::as_uuid),
        replaces: content.replaces.iter().map(|id| id.as_uuid()).collect(),
        corrects: content.corrects.iter().map(|id| id.as_uuid()).collect(),
        corrected_by: if document.state() == OutgoingState::Issued {
            let letters = correct::corrected_by(app, id).await?;
            letters.iter().map(|id| id.as_uuid()).collect()
        } else {
            Vec::new()
        },
        sign_offs: sign_offs(app, id).await?,
        versions: versions(app, id).await?,
        files: files.iter().map(file_line).collect(),
        copies: content.copies.iter().map(|sent| sent.copy).collect(),
        signatures_required: sign::required(app, document.facts.agency).await?,
        signing: requests::lock(app, id).await?.map(|lock| OpenSigning {
            request: lock.batch,
            is_mine: lock.account == who.account(),
            signer: lock.open.signer,
            expires_at: format::machine(lock.open.expires_at),
            moment: lock.open.expires_at,
        }),
        void_reason: document.void_reason.clone(),
        consultations: consultations.iter().map(consultation::line).collect(),
        may: allowed(who, &document, &content, app.clock.today()),
        slip: carrier.as_ref().map(|carrier| carrier.id.as_uuid()),
        checks: Vec::new(),
        why_not: None,
    };
    let mut view = view;
    if view.signing.is_some() {
        // While it waits for a signature nothing else is done to it.
        view.may.clear();
    }
    if carrier.is_some() {
        view.may.retain(|act| !FROZEN.contains(act));
    }
    view.may.extend(offers::allowed(app, who, &document).await?);
    if view.may.contains(&"issue") {
        view.checks = before_issue::lines(app, who, &document, &view.signer).await?;
    }
    let why_not = why_not(who, &document, &view.may);
    Ok(Whole {
        has_docx: document.state().is_open() && matches!(content.main, Main::Text { .. }),
        document,
        files,
        consultations,
        term,
        carrier,
        view: OutgoingView { why_not, ..view },
    })
}

fn ways(lines: &[DeliveryLine]) -> Vec<Channel> {
    lines
        .iter()
        .filter_map(|line| line.channel.parse().ok())
        .collect()
}

fn file_line(item: &FileOfSet) -> FileLine {
    FileLine {
        id: item.file.id.as_uuid(),
        name: item.file.name.clone(),
        role: if item.is_main { "main" } else { "attachment" }.to_owned(),
        media_type: item.file.media_type.clone(),
        size: item.file.size,
        sha256: item.file.digest.to_string(),
    }
}

async fn co_drafters(app: &App, document: &Document) -> AppResult<Vec<String>> {
    let mut names = Vec::with_capacity(document.facts.co_drafters.len());
    for post in &document.facts.co_drafters {
        names.push(person(app, *post).await?);
    }
    Ok(names)
}

pub(super) async fn person(app: &App, post: rules::ids::PostId) -> AppResult<String> {
    let post = organization::post(app, post).await?;
    Ok(format!("{}, {}", post.name, post.title))
}

/// Names of recipients, with the way to each that is not reached inside the installation.
pub(super) async fn recipients(app: &App, own: AgencyId, content: &Content) -> AppResult<Vec<String>> {
    let name = |address: recipients::Address| {
        let name = match address.channel {
            Channel::Internal => address.name,
            Channel::Axis => format!("{} (trục liên thông)", address.name),
            Channel::Paper => format!("{} (bản giấy)", address.name),
        };
        for_purpose(name, address.purpose)
    };
    let addresses = recipients::addresses(app, own, content).await?;
    Ok(addresses.into_iter().map(name).collect())
}

/// A recipient as lists name it: to act needs no word.
pub fn for_purpose(name: String, purpose: Purpose) -> String {
    match purpose {
        Purpose::Act => name,
        Purpose::Know => format!("{name} (để biết)"),
    }
}

async fn sign_offs(app: &App, id: OutgoingId) -> AppResult<Vec<SignOffLine>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT s.version, s.kind, s.decision, s.comment, s.at, a.full_name, p.title, \
                 (SELECT min(j.actor) FROM journal j WHERE j.object_id = s.outgoing_id AND j.on_behalf_of = s.post_id \
                 AND j.at = s.at) AS in_place FROM sign_off s \
                 JOIN post p ON p.id = s.post_id JOIN account a ON a.id = p.account_id \
                 WHERE s.outgoing_id = $1 ORDER BY s.id"
            ),
            args![id],
        )
        .await?;
    let line = |row: &store::Row| {
        let moment: Timestamp = row.get("at")?;
        Ok(SignOffLine {
            kind: row.get("kind")?,
            decision: row.get("decision")?,
            version: row.get("version")?,
            who: match row.get("in_place")? {
                Some(label) => label,
                None => format!(
                    "{}, {}",
                    row.get::<String>("full_name")?,
                    row.get::<String>("title")?
                ),
            },
            comment: row.get("comment")?,
            at: format::machine(moment),
            moment,
        })
    };
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}

pub(super) async fn versions(app: &App, id: OutgoingId) -> AppResult<Vec<VersionLine>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT v.version, v.at, a.full_name, i.file_id FROM outgoing_version v \
                 JOIN post p ON p.id = v.author_post JOIN account a ON a.id = p.account_id \
                 LEFT JOIN file_set_item i ON i.set_id = v.file_set AND i.sort = 0 \
                 WHERE v.outgoing_id = $1 ORDER BY v.version DESC"
            ),
            args![id],
        )
        .await?;
    let line = |row: &store::Row| {
        let moment: Timestamp = row.get("at")?;
        Ok(VersionLine {
            version: row.get("version")?,
            author: row.get("full_name")?,
            at: format::machine(moment),
            main_file: row.get("file_id")?,
            moment,
        })
    };
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}

/// What this person may do now, by the very rules that the acts ask.
fn allowed(who: &Who, document: &Document, content: &Content, today: Date) -> Vec<&'static str> {
    let (actor, facts) = (&who.actor, &document.facts);
    let near = |action| access::decide(actor, action, &document.object).is_ok();
    let at = |state| document.state() == state;
    let fields = content.fields(today);
    let is_drafter = actor.post == facts.drafter;
    let all = [
        (
            "submit",
            near(Action::Submit) && at(OutgoingState::Draft) && is_drafter,
        ),
        (
            "sign_off_content",
            rules::outgoing::sign_off_content(actor, facts).is_ok(),
        ),
        (
            "sign_off_form",
            rules::outgoing::sign_off_form(actor, facts).is_ok(),
        ),
        ("approve", rules::outgoing::approve(actor, facts).is_ok()),
        (
            "issue",
            near(Action::Issue) && (at(OutgoingState::Approved) || at(OutgoingState::Numbered)),
        ),
        (
            "place",
            matches!(content.main, Main::File { .. })
                && document.state().is_open()
                && !at(OutgoingState::Numbered)
                && near(Action::EditDraft),
        ),
        (
            "void_number",
            rules::outgoing::void_number(actor, facts, "x", GivenNumber::default()).is_ok(),
        ),
        (
            "edit",
            rules::outgoing::save_draft(actor, Some(facts), &fields, true).is_ok(),
        ),
        (
            "return",
            rules::outgoing::return_with_comment(actor, facts, "x").is_ok(),
        ),
        ("cancel", rules::outgoing::cancel(actor, facts, "x").is_ok()),
        (
            "set_co_drafters",
            rules::outgoing::set_co_drafters(actor, facts, &[]).is_ok(),
        ),
        ("consult", rules::outgoing::may_consult(actor, facts).is_ok()),
    ];
    all.into_iter()
        .filter(|(_, may)| *may)
        .map(|(act, _)| act)
        .collect()
}

/// The step that the state waits for.
pub const fn next_step(state: OutgoingState) -> Option<(&'static str, Action)> {
    match state {
        OutgoingState::Draft => Some(("submit", Action::Submit)),
        OutgoingState::ContentReview => Some(("sign_off_content", Action::SignOffContent)),
        OutgoingState::FormReview => Some(("sign_off_form", Action::SignOffForm)),
        OutgoingState::Approval => Some(("approve", Action::Approve)),
        OutgoingState::Approved | OutgoingState::Numbered => Some(("issue", Action::Issue)),
        OutgoingState::Signing | OutgoingState::Issued | OutgoingState::Cancelled | OutgoingState::Voided => {
            None
        }
    }
}

fn why_not(who: &Who, document: &Document, may: &[&str]) -> Option<String> {
    let (step, action) = next_step(document.state())?;
    if may.contains(&step) {
        return None;
    }
    let explanation = access::explain(&who.actor, action, &document.object);
    (!explanation.allowed).then(|| format!("{} ({})", explanation.reason, format::clause(explanation.clause)))
}
