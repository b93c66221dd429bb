//! Cấp số, đăng ký, phát hành; hủy dự thảo (ND30 Điều 14 to 18, QD28 Điều 8).

use super::facts::must_be_in;
use super::review::both_sign_offs_must_stand;
use super::signing::held;
use super::{OutgoingEvent, OutgoingFacts, OutgoingPlan, OutgoingState};
use crate::legal_value::SignatureVerdict;
use crate::people::Actor;
use crate::secrecy::{self, SecretMarks};
use crate::{Decision, Refusal};

/// What issuing looks at beside the document itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueFacts<'a> {
    /// Whether the main file is PDF by its content (QC01-8.3b).
    pub main_file_is_pdf: bool,
    /// How many recipients the document has.
    pub recipients: usize,
    /// Whether the agency issues only documents with both digital signatures (setting).
    pub signatures_required: bool,
    /// The signer's digital signature on the main file.
    pub person_signature: SignatureVerdict,
    /// The agency's digital signature on the main file.
    pub agency_signature: SignatureVerdict,
    /// Declared secrecy, trích yếu, file names and text, looked through once more before anything leaves.
    pub secrecy: SecretMarks<'a>,
}

/// Issues an approved document. The number and date come from [`crate::numbering`] in the same transaction.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the agency, `QD28-8.1` before approval or without required signatures,
/// `ND30-11.2` when the approved version is not the current one, `ND30-12.1` / `ND30-12.2` for a stale sign-off,
/// `QC01-8.3b` when the main file is not PDF, `ND30-8.2i` without a recipient, `QD28-1.2` for a state secret.
pub fn issue(actor: &Actor, doc: &OutgoingFacts, facts: &IssueFacts<'_>) -> Decision<OutgoingPlan> {
    must_be_clerk(actor, doc)?;
    if doc.state != OutgoingState::Numbered {
        must_be_in(doc, OutgoingState::Approved, "QD28-8.1")?;
    }
    ready(doc, facts)?;
    signatures(doc, facts)?;
    Ok(OutgoingPlan::step(
        doc,
        OutgoingState::Issued,
        OutgoingEvent::Issued,
    ))
}

/// Refuses everybody but the clerks of the issuing agency.
pub(super) fn must_be_clerk(actor: &Actor, doc: &OutgoingFacts) -> Decision<()> {
    if actor.is_clerk_of(doc.agency) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-4.2b",
        "outgoing.not_clerk",
        "Chỉ văn thư của cơ quan ban hành được cấp số và phát hành văn bản.",
    ))
}

/// What must hold of the document itself before it gets its number and before it leaves, signatures apart.
pub(super) fn ready(doc: &OutgoingFacts, facts: &IssueFacts<'_>) -> Decision<()> {
    if !doc.stands(doc.approval) {
        return Err(Refusal::new(
            "ND30-11.2",
            "outgoing.approval_stale",
            "Dự thảo đã thay đổi sau khi duyệt. Vui lòng trình lại người ký xem xét, quyết định trước khi phát hành.",
        ));
    }
    both_sign_offs_must_stand(doc)?;
    secrecy::refuse_state_secret(&facts.secrecy).map_err(|refusal| Refusal {
        clause: "QD28-1.2",
        ..refusal
    })?;
    if !facts.main_file_is_pdf {
        return Err(Refusal::new(
            "QC01-8.3b",
            "outgoing.main_file_not_pdf",
            "Tệp văn bản chính khi phát hành phải là PDF. Vui lòng chuyển đổi sang PDF rồi trình duyệt lại.",
        )
        .on("main_file"));
    }
    if facts.recipients == 0 {
        return Err(Refusal::new(
            "ND30-8.2i",
            "outgoing.no_recipient",
            "Văn bản chưa có nơi nhận. Vui lòng trả lại để bổ sung nơi nhận trước khi phát hành.",
        )
        .on("recipients"));
    }
    Ok(())
}

/// Gives up a document before issue, with a reason: the drafter while drafting, the head of the drafting unit and the
/// signer at any step.
///
/// # Errors
/// `ND30-18.4` after issue (recall instead), `ND30-15.3` once numbered (the number is made void instead), `ND30-10.3` for another person or without a reason.
pub fn cancel(actor: &Actor, doc: &OutgoingFacts, reason: &str) -> Decision<OutgoingPlan> {
    if doc.state == OutgoingState::Issued {
        return Err(Refusal::new(
            "ND30-18.4",
            "outgoing.issued",
            "Văn bản đã ban hành không hủy được. Vui lòng thu hồi bằng văn bản thông báo thu hồi.",
        ));
    }
    if matches!(doc.state, OutgoingState::Signing | OutgoingState::Numbered) {
        return Err(held(doc, "hủy"));
    }
    if matches!(doc.state, OutgoingState::Cancelled | OutgoingState::Voided) {
        return Err(Refusal::new(
            "ND30-10.3",
            "outgoing.cancelled",
            "Dự thảo này đã được hủy trước đó.",
        ));
    }
    let drafting = doc.state == OutgoingState::Draft && actor.post == doc.drafter;
    if !(drafting || doc.answers_for_content(actor) || doc.is_signer(actor)) {
        return Err(Refusal::new(
            "ND30-10.3",
            "outgoing.may_not_cancel",
            "Chỉ người soạn thảo (khi còn là dự thảo), người đứng đầu đơn vị soạn thảo hoặc người ký được hủy dự thảo.",
        ));
    }
    if reason.trim().is_empty() {
        return Err(Refusal::new(
            "ND30-10.3",
            "outgoing.no_reason",
            "Vui lòng ghi lý do hủy dự thảo.",
        )
        .on("reason"));
    }
    Ok(OutgoingPlan::step(doc, OutgoingState::Cancelled, OutgoingEvent::Cancelled).voiding_all())
}

/// A signature that is there must be valid; both must be there when the agency requires them, and on every document that
/// was numbered to be signed.
fn signatures(doc: &OutgoingFacts, facts: &IssueFacts<'_>) -> Decision<()> {
    let broken = [facts.person_signature, facts.agency_signature].contains(&SignatureVerdict::Invalid);
    let missing = [facts.person_signature, facts.agency_signature]
        .iter()
        .any(|v| *v != SignatureVerdict::Valid);
    if broken {
        return Err(Refusal::new(
            "QD28-8.1",
            "outgoing.signature_invalid",
            "Văn bản có chữ ký số không hợp lệ. Vui lòng ký lại trước khi phát hành.",
        ));
    }
    if (facts.signatures_required || doc.state == OutgoingState::Numbered) && missing {
        return Err(Refusal::new(
            "QD28-8.1",
            "outgoing.not_signed",
            "Văn bản chưa có đủ chữ ký số hợp lệ của người có thẩm quyền và của cơ quan nên chưa được gửi đi. Vui lòng hoàn tất ký số.",
        ));
    }
    Ok(())
}
