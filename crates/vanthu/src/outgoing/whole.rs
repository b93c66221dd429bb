//! An outgoing document whole, as one reader sees it: the facts of its page, its view, what this person may do now.

use jiff::civil::Date;
use rules::{
    access::{self, Action},
    document_types,
    ids::OutgoingId,
    outgoing::{GivenNumber, OutgoingState},
    recipients::{Channel, is_without_paper},
};

use super::{
    after_issue::{
        correct,
        delivery_lines::{DeliveryLine, deliveries},
        offers,
    },
    drafting::{
        consultation::{self, Round},
        content::{Content, Main},
    },
    issuing::{
        before_issue,
        term::{self, Term, Terms},
    },
    load::{self, Document},
    signing::sign,
    view::{OpenSigning, OutgoingView, file_line, person, recipients, sign_offs, versions},
};
use crate::{
    context::{App, Who},
    documents::{self, FileOfSet},
    error::AppResult,
    signing::requests,
    slips,
    web::format,
};

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

async fn co_drafters(app: &App, document: &Document) -> AppResult<Vec<String>> {
    let mut names = Vec::with_capacity(document.facts.co_drafters.len());
    for post in &document.facts.co_drafters {
        names.push(person(app, *post).await?);
    }
    Ok(names)
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
