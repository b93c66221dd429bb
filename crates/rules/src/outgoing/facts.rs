//! What the rules of outgoing documents look at, and what they answer.

use jiff::civil::Date;

use super::{OutgoingEvent, OutgoingState};
use crate::ids::{AgencyId, PostId, UnitId};
use crate::people::Actor;
use crate::secrecy::SecrecyLevel;
use crate::urgency::Urgency;
use crate::{Decision, Refusal};

/// A sign-off or an approval: by which post, of which version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignOff {
    /// Who gave it.
    pub post: PostId,
    /// The version of the document it was given for.
    pub version: u32,
}

/// An outgoing document as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingFacts {
    /// Where it stands.
    pub state: OutgoingState,
    /// The agency that will issue it.
    pub agency: AgencyId,
    /// Đơn vị chủ trì soạn thảo; `None` in an agency without units or when a leader drafts.
    pub drafting_unit: Option<UnitId>,
    /// The post of the drafter.
    pub drafter: PostId,
    /// The posts that help to write it (phối hợp soạn thảo).
    pub co_drafters: Vec<PostId>,
    /// The post of the named signer.
    pub signer: Option<PostId>,
    /// The current version, counted from 1.
    pub version: u32,
    /// The last content sign-off (ND30-12.1), also when it is of an older version.
    pub content_sign_off: Option<SignOff>,
    /// The last form sign-off (ND30-12.2).
    pub form_sign_off: Option<SignOff>,
    /// The last approval (ND30-11.1).
    pub approval: Option<SignOff>,
}

impl OutgoingFacts {
    /// Whether a sign-off stands: it exists and is of the current version.
    #[must_use]
    pub fn stands(&self, sign_off: Option<SignOff>) -> bool {
        sign_off.is_some_and(|given| given.version == self.version)
    }

    /// Whether the actor answers for content: the head of the drafting unit; without a unit, a leader of the agency.
    #[must_use]
    pub fn answers_for_content(&self, actor: &Actor) -> bool {
        actor.agency == self.agency
            && match self.drafting_unit {
                Some(unit) => actor.heads_unit(unit),
                None => actor.leads(self.agency),
            }
    }

    /// Whether the actor may check form: a clerk of the agency, or the person assigned to it.
    #[must_use]
    pub fn answers_for_form(&self, actor: &Actor) -> bool {
        actor.is_clerk_of(self.agency) || (actor.agency == self.agency && actor.checks_form)
    }

    /// Whether the actor is the named signer.
    #[must_use]
    pub fn is_signer(&self, actor: &Actor) -> bool {
        self.signer == Some(actor.post)
    }
}

/// The fields of a draft (ND30-10.2) at the moment of saving or submitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFields<'a> {
    /// Key of the kind of document, see [`crate::document_types`].
    pub document_type: &'a str,
    /// Trích yếu nội dung.
    pub subject: &'a str,
    /// Mức độ khẩn, always stated.
    pub urgency: Option<Urgency>,
    /// Độ mật as declared; anything but [`SecrecyLevel::None`] is refused.
    pub secrecy: SecrecyLevel,
    /// The named signer.
    pub signer: Option<PostId>,
    /// How many recipients (nơi nhận) are chosen.
    pub recipients: usize,
    /// Whether there is a main file.
    pub has_main_file: bool,
    /// The civil date of the act: the kind must be in force on it.
    pub today: Date,
}

/// What becomes of a sign-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Stays as it is.
    Keep,
    /// Given now by the actor for the current version.
    Give,
    /// Void from now on.
    Void,
}

/// Who the document waits for after the act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// The drafter.
    Drafter(PostId),
    /// The head of a unit.
    UnitHead(UnitId),
    /// A leader of the agency (there is no drafting unit).
    Leader(AgencyId),
    /// The clerks and form checkers of an agency.
    FormChecker(AgencyId),
    /// The named signer.
    Signer(PostId),
    /// The clerks of an agency, to number and issue.
    Clerk(AgencyId),
    /// Nobody.
    Nobody,
}

/// What an act does to an outgoing document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingPlan {
    /// The state after the act.
    pub next: OutgoingState,
    /// The version after the act.
    pub version: u32,
    /// What becomes of the content sign-off.
    pub content_sign_off: Mark,
    /// What becomes of the form sign-off.
    pub form_sign_off: Mark,
    /// What becomes of the approval.
    pub approval: Mark,
    /// The line in the history.
    pub event: OutgoingEvent,
    /// Who is next.
    pub waiting: Waiting,
}

impl OutgoingPlan {
    /// A step that leaves version and sign-offs as they are.
    pub(super) fn step(doc: &OutgoingFacts, next: OutgoingState, event: OutgoingEvent) -> Self {
        Self {
            next,
            version: doc.version,
            content_sign_off: Mark::Keep,
            form_sign_off: Mark::Keep,
            approval: Mark::Keep,
            event,
            waiting: waiting(doc, next),
        }
    }

    /// The same step with every sign-off void.
    pub(super) fn voiding_all(self) -> Self {
        Self {
            content_sign_off: Mark::Void,
            form_sign_off: Mark::Void,
            approval: Mark::Void,
            ..self
        }
    }
}

/// Who a document in `state` waits for.
fn waiting(doc: &OutgoingFacts, state: OutgoingState) -> Waiting {
    match state {
        OutgoingState::Draft => Waiting::Drafter(doc.drafter),
        OutgoingState::ContentReview => doc
            .drafting_unit
            .map_or(Waiting::Leader(doc.agency), Waiting::UnitHead),
        OutgoingState::FormReview => Waiting::FormChecker(doc.agency),
        OutgoingState::Approval | OutgoingState::Signing => {
            doc.signer.map_or(Waiting::Nobody, Waiting::Signer)
        }
        OutgoingState::Approved | OutgoingState::Numbered => Waiting::Clerk(doc.agency),
        OutgoingState::Issued | OutgoingState::Cancelled | OutgoingState::Voided => Waiting::Nobody,
    }
}

/// Refuses an act that does not belong to the document's state.
pub(super) fn must_be_in(doc: &OutgoingFacts, state: OutgoingState, clause: &'static str) -> Decision<()> {
    if doc.state == state {
        return Ok(());
    }
    Err(Refusal::new(
        clause,
        "outgoing.wrong_state",
        format!(
            "Văn bản đang ở bước “{}”, không thực hiện được thao tác của bước “{}”. Vui lòng tải lại trang để xem tình trạng mới nhất.",
            doc.state.label(),
            state.label()
        ),
    ))
}
