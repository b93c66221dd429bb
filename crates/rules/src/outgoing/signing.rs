//! Ký số và cấp số theo thứ tự của pháp luật (ND30 Điều 13.7, 14, 15.3, 32.2).
//!
//! The person signs first; number and day are given by the system after that; the agency's signature comes last. Whether a
//! key may be used at all (certificate, custody, signatures found) is asked of [`crate::signing`].

use super::facts::must_be_in;
use super::issue::{must_be_clerk, ready};
use super::review::both_sign_offs_must_stand;
use super::{IssueFacts, Mark, OutgoingEvent, OutgoingFacts, OutgoingPlan, OutgoingState};
use crate::legal_value::SignatureVerdict;
use crate::people::Actor;
use crate::{Decision, Refusal};

/// The signer approves by signing digitally (ND30-11.1, ND30-13.7). The approval is given only when the signature is there.
///
/// # Errors
/// As [`super::approve`].
pub fn begin_signing(actor: &Actor, doc: &OutgoingFacts) -> Decision<OutgoingPlan> {
    super::approve(actor, doc)?;
    Ok(OutgoingPlan::step(
        doc,
        OutgoingState::Signing,
        OutgoingEvent::SigningBegun,
    ))
}

/// The signature of the signer is there: the document is approved. `version` is the one that was signed.
///
/// # Errors
/// `ND30-11.1` for anybody else or at another step, `ND30-11.2` when another version was signed, `ND30-12.1` /
/// `ND30-12.2` when a sign-off does not stand, `ND30-13.7` for a signature that is not valid.
pub fn complete_signing(
    actor: &Actor,
    doc: &OutgoingFacts,
    version: u32,
    signature: SignatureVerdict,
) -> Decision<OutgoingPlan> {
    if !doc.is_signer(actor) {
        return Err(Refusal::new(
            "ND30-11.1",
            "outgoing.not_signer",
            "Chỉ người có thẩm quyền ký văn bản này được ký số.",
        ));
    }
    must_be_in(doc, OutgoingState::Signing, "ND30-13.7")?;
    if doc.version != version {
        return Err(Refusal::new(
            "ND30-11.2",
            "outgoing.changed_meanwhile",
            "Dự thảo đã thay đổi sau khi chuẩn bị ký số nên chữ ký không được nhận. Vui lòng xem lại rồi ký lại.",
        ));
    }
    both_sign_offs_must_stand(doc)?;
    if signature != SignatureVerdict::Valid {
        return Err(Refusal::new(
            "ND30-13.7",
            "outgoing.signature_invalid",
            "Chữ ký số vừa tạo không đạt khi hệ thống tự kiểm tra nên không được ghi nhận. Vui lòng kiểm tra chứng thư số rồi ký lại.",
        ));
    }
    let plan = OutgoingPlan::step(doc, OutgoingState::Approved, OutgoingEvent::Signed);
    Ok(OutgoingPlan {
        approval: Mark::Give,
        ..plan
    })
}

/// The signature did not come about (expired, rejected, cancelled, failed): the document is with the signer again.
///
/// # Errors
/// `ND30-13.7` at another step.
pub fn abandon_signing(doc: &OutgoingFacts) -> Decision<OutgoingPlan> {
    must_be_in(doc, OutgoingState::Signing, "ND30-13.7")?;
    Ok(OutgoingPlan::step(
        doc,
        OutgoingState::Approval,
        OutgoingEvent::SigningEnded,
    ))
}

/// Gives number and day to a document that its signer has signed (ND30-14, ND30-15.3). The agency's signature follows; until
/// then the document waits with its number, which stays its own unless [`void_number`] gives it back.
///
/// # Errors
/// Those of [`super::issue`] but for the agency's signature; `ND30-32.2d` without the signer's valid signature.
pub fn take_number(actor: &Actor, doc: &OutgoingFacts, facts: &IssueFacts<'_>) -> Decision<OutgoingPlan> {
    must_be_clerk(actor, doc)?;
    must_be_in(doc, OutgoingState::Approved, "QD28-8.1")?;
    ready(doc, facts)?;
    crate::signing::person_first(facts.person_signature)?;
    Ok(OutgoingPlan::step(
        doc,
        OutgoingState::Numbered,
        OutgoingEvent::NumberTaken,
    ))
}

/// What is known of a number that is made void before issue; by default it stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GivenNumber {
    /// The agency decided that such a number is used again (setting `numbering.void_again`).
    pub agency_uses_it_again: bool,
    /// It was given today.
    pub is_of_today: bool,
    /// No later number of its series was given or reserved.
    pub is_last: bool,
    /// It had been reserved: it is a line of the register on its own.
    pub was_reserved: bool,
    /// The agency's key has signed a file that bears it.
    pub is_signed: bool,
}

impl GivenNumber {
    /// Whether the next document gets the number. A number of an earlier day would turn the order of dates back, one before others would be
    /// a day late, and what was signed bears its number for ever (ND30-15.1, CN-227).
    #[must_use]
    pub const fn goes_back(self) -> bool {
        self.agency_uses_it_again && self.is_of_today && self.is_last && !self.was_reserved && !self.is_signed
    }
}

/// Takes the number from a document before issue, with a reason; the document goes no further, and what it says is drafted anew. The number is
/// void: a fact of the register (Ghi chú), not given again. Where the agency decided so and nothing stands against it, the number goes back to its
/// series instead, and the document is a draft that was given up.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk, `ND30-15.3` at another step or without a reason.
pub fn void_number(
    actor: &Actor,
    doc: &OutgoingFacts,
    reason: &str,
    number: GivenNumber,
) -> Decision<OutgoingPlan> {
    must_be_clerk(actor, doc)?;
    must_be_in(doc, OutgoingState::Numbered, "ND30-15.3")?;
    if reason.trim().is_empty() {
        return Err(Refusal::new(
            "ND30-15.3",
            "outgoing.no_reason",
            "Vui lòng ghi lý do hủy số; lý do được ghi vào cột Ghi chú của sổ đăng ký văn bản đi.",
        )
        .on("reason"));
    }
    let next = if number.goes_back() {
        OutgoingState::Cancelled
    } else {
        OutgoingState::Voided
    };
    Ok(OutgoingPlan::step(doc, next, OutgoingEvent::NumberVoided).voiding_all())
}

/// Why a document that is being signed, or has its number, is not taken back.
pub(super) fn held(doc: &OutgoingFacts, doing: &str) -> Refusal {
    if doc.state == OutgoingState::Numbered {
        Refusal::new(
            "ND30-15.3",
            "outgoing.numbered",
            format!(
                "Văn bản đã được cấp số nên không {doing} được. Vui lòng hoàn tất ký số của cơ quan, hoặc hủy số kèm lý do."
            ),
        )
    } else {
        Refusal::new(
            "ND30-13.7",
            "outgoing.being_signed",
            format!(
                "Văn bản đang được ký số nên chưa {doing} được. Vui lòng chờ ký xong hoặc hủy yêu cầu ký số."
            ),
        )
    }
}
