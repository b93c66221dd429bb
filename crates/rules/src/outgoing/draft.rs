//! Soạn thảo và trình (ND30 Điều 10, 11).

use super::facts::must_be_in;
use super::{DraftFields, OutgoingEvent, OutgoingFacts, OutgoingPlan, OutgoingState, Waiting};
use crate::document_types;
use crate::people::{Actor, Role};
use crate::secrecy;
use crate::{Decision, Refusal};

/// The longest trích yếu. Phụ lục VI gives the field Subject 500; real ones are longer, so they are kept whole and shortened only on the wire
/// (MD-31).
const MAX_SUBJECT_CHARS: usize = 2000;

/// Saves a draft: a new one (`doc` is `None`) or a new version of an existing one.
///
/// `content_changed` says whether anything that the document carries changed (text, files, any field of
/// ND30-10.2, recipients, signer). A change makes a new version and voids every sign-off; after approval the
/// document goes back to the drafter and must be approved again (ND30-11.2).
///
/// # Errors
/// `QC01-4.2` for a person who may not edit, `ND30-18.3` after issue, `ND30-10.2` for a missing field, `QC01-1.2`
/// for a state secret.
pub fn save_draft(
    actor: &Actor,
    doc: Option<&OutgoingFacts>,
    fields: &DraftFields<'_>,
    content_changed: bool,
) -> Decision<OutgoingPlan> {
    match doc {
        None => may_draft(actor)?,
        Some(doc) => may_edit(actor, doc)?,
    }
    required_fields(fields)?;
    let Some(doc) = doc else {
        return Ok(OutgoingPlan {
            next: OutgoingState::Draft,
            version: 1,
            content_sign_off: super::Mark::Void,
            form_sign_off: super::Mark::Void,
            approval: super::Mark::Void,
            event: OutgoingEvent::DraftSaved,
            waiting: Waiting::Drafter(actor.post),
        });
    };
    if !content_changed {
        return Ok(OutgoingPlan::step(doc, doc.state, OutgoingEvent::DraftSaved));
    }
    let next = match doc.state {
        OutgoingState::Draft | OutgoingState::Approved => OutgoingState::Draft,
        // A reviewer's own correction goes through the checks again, from the first one.
        _ => OutgoingState::ContentReview,
    };
    let reviewed = doc
        .content_sign_off
        .or(doc.form_sign_off)
        .or(doc.approval)
        .is_some();
    let event = if reviewed {
        OutgoingEvent::ChangedAfterReview
    } else {
        OutgoingEvent::DraftSaved
    };
    let plan = OutgoingPlan::step(doc, next, event).voiding_all();
    Ok(OutgoingPlan {
        version: doc.version + 1,
        ..plan
    })
}

/// Submits a draft to the head of the drafting unit (ND30-12.1).
///
/// # Errors
/// `ND30-10.4` for anybody but the drafter, `ND30-10.2` for a missing field, signer, recipient or main file,
/// `QC01-1.2` for a state secret.
pub fn submit(actor: &Actor, doc: &OutgoingFacts, fields: &DraftFields<'_>) -> Decision<OutgoingPlan> {
    if actor.post != doc.drafter {
        return Err(Refusal::new(
            "ND30-10.4",
            "outgoing.not_drafter",
            "Chỉ người soạn thảo được trình dự thảo này.",
        ));
    }
    must_be_in(doc, OutgoingState::Draft, "ND30-10.2")?;
    required_fields(fields)?;
    let missing = |code, field, message: &str| Err(Refusal::new("ND30-10.2", code, message).on(field));
    if !fields.has_main_file {
        return missing(
            "outgoing.no_main_file",
            "main_file",
            "Dự thảo chưa có tệp nội dung chính. Vui lòng đính kèm hoặc soạn nội dung trước khi trình.",
        );
    }
    if fields.signer.is_none() {
        return missing(
            "outgoing.no_signer",
            "signer",
            "Vui lòng chọn người ký văn bản trước khi trình.",
        );
    }
    if fields.recipients == 0 {
        return missing(
            "outgoing.no_recipient",
            "recipients",
            "Vui lòng chọn ít nhất một nơi nhận trước khi trình.",
        );
    }
    Ok(OutgoingPlan::step(doc, OutgoingState::ContentReview, OutgoingEvent::Submitted).voiding_all())
}

/// Administrators manage the system and take no part in documents.
fn may_draft(actor: &Actor) -> Decision<()> {
    if actor.role == Role::Administrator {
        return Err(Refusal::new(
            "QC01-4.2",
            "outgoing.administrator",
            "Tài khoản quản trị không soạn thảo văn bản. Vui lòng dùng tài khoản nghiệp vụ.",
        ));
    }
    Ok(())
}

/// Who may change the text: the drafter and who helps them while drafting, the drafter and after approval, each reviewer at their own step.
pub(super) fn may_edit(actor: &Actor, doc: &OutgoingFacts) -> Decision<()> {
    let allowed = match doc.state {
        OutgoingState::Draft => actor.post == doc.drafter || doc.co_drafters.contains(&actor.post),
        OutgoingState::ContentReview => doc.answers_for_content(actor),
        OutgoingState::FormReview => doc.answers_for_form(actor),
        OutgoingState::Approval => doc.is_signer(actor),
        OutgoingState::Approved => actor.post == doc.drafter || doc.is_signer(actor),
        OutgoingState::Issued => {
            return Err(Refusal::new(
                "ND30-18.3",
                "outgoing.issued",
                "Văn bản đã ban hành không được sửa. Sai về nội dung thì sửa đổi, thay thế bằng văn bản có hình thức tương đương; sai về thể thức thì đính chính bằng công văn.",
            ));
        }
        OutgoingState::Signing | OutgoingState::Numbered => return Err(super::signing::held(doc, "sửa")),
        OutgoingState::Cancelled | OutgoingState::Voided => {
            return Err(Refusal::new(
                "ND30-10.4",
                "outgoing.cancelled",
                "Dự thảo đã hủy, không sửa được. Vui lòng soạn dự thảo mới.",
            ));
        }
    };
    if allowed {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-10.3",
        "outgoing.not_your_step",
        format!(
            "Văn bản đang ở bước “{}”. Ông/Bà không phải người đang giữ dự thảo nên không sửa được; vui lòng đề nghị người đang giữ trả lại.",
            doc.state.label()
        ),
    ))
}

/// The fields without which a draft cannot even be saved.
fn required_fields(fields: &DraftFields<'_>) -> Decision<()> {
    secrecy::refuse_state_secret(&secrecy::SecretMarks {
        declared: fields.secrecy,
        texts: &[fields.subject],
        ..secrecy::SecretMarks::default()
    })?;
    document_types::usable(fields.document_type, fields.today)?;
    let refuse = |code, field, message: String| Err(Refusal::new("ND30-10.2", code, message).on(field));
    let subject = fields.subject.trim();
    if subject.is_empty() {
        return refuse(
            "outgoing.no_subject",
            "subject",
            "Vui lòng nhập trích yếu nội dung văn bản.".into(),
        );
    }
    if subject.chars().count() > MAX_SUBJECT_CHARS {
        return refuse(
            "outgoing.subject_too_long",
            "subject",
            format!("Trích yếu dài quá {MAX_SUBJECT_CHARS} ký tự. Vui lòng viết gọn lại."),
        );
    }
    if fields.urgency.is_none() {
        return refuse(
            "outgoing.no_urgency",
            "urgency",
            "Vui lòng chọn mức độ khẩn của văn bản.".into(),
        );
    }
    Ok(())
}

/// The longest text that is laid out by the program: about two hundred pages.
pub const MAX_TEXT_CHARS: usize = 400_000;

/// Whether a text is laid out by the program. Longer documents come as a file (QC01-8.4 bounds those).
///
/// # Errors
/// `QC01-8.4` for a text of more than [`MAX_TEXT_CHARS`].
pub fn may_compose(text: &str) -> Decision<()> {
    if text.chars().count() <= MAX_TEXT_CHARS {
        return Ok(());
    }
    Err(Refusal::new(
        "QC01-8.4",
        "outgoing.text_too_long",
        "Nội dung quá dài để soạn trực tiếp trong hệ thống (khoảng 200 trang). Vui lòng soạn thành tệp PDF rồi tải lên, hoặc tách phần phụ lục thành tệp kèm theo.",
    )
    .on("main_text"))
}
