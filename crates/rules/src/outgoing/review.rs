//! Kiểm tra, duyệt, trả lại (ND30 Điều 10.3, 11, 12).

use super::facts::must_be_in;
use super::{Mark, OutgoingEvent, OutgoingFacts, OutgoingPlan, OutgoingState};
use crate::people::Actor;
use crate::{Decision, Refusal};

/// The head of the drafting unit answers for content (ND30-12.1); the same person when they drafted it themselves.
///
/// # Errors
/// `ND30-12.1` for anybody else or at another step.
pub fn sign_off_content(actor: &Actor, doc: &OutgoingFacts) -> Decision<OutgoingPlan> {
    if !doc.answers_for_content(actor) {
        return Err(Refusal::new(
            "ND30-12.1",
            "outgoing.not_unit_head",
            "Chỉ người đứng đầu đơn vị chủ trì soạn thảo được xác nhận nội dung dự thảo này.",
        ));
    }
    must_be_in(doc, OutgoingState::ContentReview, "ND30-12.1")?;
    let plan = OutgoingPlan::step(doc, OutgoingState::FormReview, OutgoingEvent::ContentSignedOff);
    Ok(OutgoingPlan {
        content_sign_off: Mark::Give,
        ..plan
    })
}

/// The person assigned to check form answers for form and layout (ND30-12.2).
///
/// # Errors
/// `ND30-12.2` for anybody else, at another step, or without a content sign-off of the same version (`ND30-12.1`).
pub fn sign_off_form(actor: &Actor, doc: &OutgoingFacts) -> Decision<OutgoingPlan> {
    if !doc.answers_for_form(actor) {
        return Err(Refusal::new(
            "ND30-12.2",
            "outgoing.not_form_checker",
            "Chỉ văn thư hoặc người được giao kiểm tra thể thức được xác nhận thể thức dự thảo này.",
        ));
    }
    must_be_in(doc, OutgoingState::FormReview, "ND30-12.2")?;
    content_must_stand(doc)?;
    let plan = OutgoingPlan::step(doc, OutgoingState::Approval, OutgoingEvent::FormSignedOff);
    Ok(OutgoingPlan {
        form_sign_off: Mark::Give,
        ..plan
    })
}

/// The named signer approves (ND30-11.1); both sign-offs must be of the very same version.
///
/// # Errors
/// `ND30-11.1` for anybody else or at another step, `ND30-12.1` / `ND30-12.2` when a sign-off is missing or stale.
pub fn approve(actor: &Actor, doc: &OutgoingFacts) -> Decision<OutgoingPlan> {
    if !doc.is_signer(actor) {
        return Err(Refusal::new(
            "ND30-11.1",
            "outgoing.not_signer",
            "Chỉ người có thẩm quyền ký văn bản này được duyệt dự thảo.",
        ));
    }
    must_be_in(doc, OutgoingState::Approval, "ND30-11.1")?;
    both_sign_offs_must_stand(doc)?;
    let plan = OutgoingPlan::step(doc, OutgoingState::Approved, OutgoingEvent::Approved);
    Ok(OutgoingPlan {
        approval: Mark::Give,
        ..plan
    })
}

/// Sends a document back one level with a comment (ND30-10.3): signer and form checker to the head of the drafting
/// unit, that head to the drafter. After approval the clerk sends it back to the signer for decision (ND30-11.2).
///
/// # Errors
/// `ND30-10.3` without a comment, from a step with nothing below it, or for a person who does not hold the document.
pub fn return_with_comment(actor: &Actor, doc: &OutgoingFacts, comment: &str) -> Decision<OutgoingPlan> {
    let (holds, next) = match doc.state {
        OutgoingState::ContentReview => (doc.answers_for_content(actor), OutgoingState::Draft),
        OutgoingState::FormReview => (doc.answers_for_form(actor), OutgoingState::ContentReview),
        OutgoingState::Approval => (doc.is_signer(actor), OutgoingState::ContentReview),
        OutgoingState::Approved if doc.is_signer(actor) => (true, OutgoingState::ContentReview),
        OutgoingState::Approved => (actor.is_clerk_of(doc.agency), OutgoingState::Approval),
        OutgoingState::Signing | OutgoingState::Numbered => return Err(super::signing::held(doc, "trả lại")),
        OutgoingState::Draft | OutgoingState::Issued | OutgoingState::Cancelled | OutgoingState::Voided => {
            return Err(Refusal::new(
                "ND30-10.3",
                "outgoing.nothing_to_return",
                format!(
                    "Văn bản đang ở bước “{}”, không có bước trước để trả lại.",
                    doc.state.label()
                ),
            ));
        }
    };
    if !holds {
        return Err(Refusal::new(
            "ND30-10.3",
            "outgoing.not_your_step",
            "Chỉ người đang xem xét văn bản ở bước này được trả lại.",
        ));
    }
    if comment.trim().is_empty() {
        return Err(Refusal::new(
            "ND30-10.3",
            "outgoing.no_comment",
            "Vui lòng ghi ý kiến để người soạn thảo biết cần sửa những gì.",
        )
        .on("comment"));
    }
    let plan = OutgoingPlan::step(doc, next, OutgoingEvent::Returned);
    if next == OutgoingState::Approval {
        // The text has not changed: the signer decides whether it stands.
        return Ok(OutgoingPlan {
            approval: Mark::Void,
            ..plan
        });
    }
    Ok(plan.voiding_all())
}

/// Both sign-offs exist and are of the current version.
pub(super) fn both_sign_offs_must_stand(doc: &OutgoingFacts) -> Decision<()> {
    content_must_stand(doc)?;
    if doc.stands(doc.form_sign_off) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-12.2",
        "outgoing.form_not_signed_off",
        "Phiên bản hiện tại của dự thảo chưa được kiểm tra thể thức. Vui lòng trả lại để kiểm tra trước khi duyệt.",
    ))
}

fn content_must_stand(doc: &OutgoingFacts) -> Decision<()> {
    if doc.stands(doc.content_sign_off) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-12.1",
        "outgoing.content_not_signed_off",
        "Phiên bản hiện tại của dự thảo chưa được người đứng đầu đơn vị soạn thảo xác nhận nội dung. Vui lòng trả lại để xác nhận.",
    ))
}
