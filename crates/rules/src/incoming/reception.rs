//! Tiếp nhận, đăng ký, từ chối (ND30 Điều 21, 22; QD28 Điều 5.4, 9).

use jiff::civil::Date;

use super::facts::{must_be_clerk, wrong_state};
use super::{DeliveryCheck, IncomingEvent, IncomingFacts, IncomingPlan, IncomingState};
use crate::document_types;
use crate::ids::AgencyId;
use crate::people::Actor;
use crate::secrecy::{SecretMarks, refuse_state_secret};
use crate::{Decision, Refusal};

/// Accepts a delivered document and registers it; the arrival number comes from [`crate::numbering`] in the same
/// transaction.
///
/// What failed a check is returned to its sender (ND30-21.2b), or taken with an explicit reason (`despite`), which stays
/// with the document; what is not meant for this agency is always returned.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the receiving agency, `QD28-9.1` in another state or when a check failed and
/// there is no reason to take the document despite it, `ND30-21.2b` for another agency's document, `QC01-1.2` for a
/// state secret.
pub fn accept_and_register(
    actor: &Actor,
    doc: &IncomingFacts,
    check: &DeliveryCheck,
    despite: &str,
    secrecy: &SecretMarks<'_>,
) -> Decision<IncomingPlan> {
    must_be_clerk(actor, doc.agency)?;
    if doc.state != IncomingState::Delivered {
        return Err(wrong_state(doc, "QD28-9.1", "tiếp nhận"));
    }
    refuse_state_secret(secrecy)?;
    if !check.is_addressed_to_us {
        return Err(Refusal::new(
            "ND30-21.2b",
            "incoming.wrong_recipient",
            "Văn bản gửi không đúng cơ quan nhận. Vui lòng từ chối nhận để trả lại bên gửi.",
        ));
    }
    if !check.acceptable() && despite.trim().is_empty() {
        return Err(Refusal::new(
            "QD28-9.1",
            "incoming.check_failed",
            format!(
                "Văn bản không đạt kiểm tra trước khi tiếp nhận: {} Vui lòng từ chối nhận để trả lại bên gửi, hoặc ghi rõ lý do vẫn tiếp nhận.",
                check.reasons().join(" ")
            ),
        )
        .on("despite"));
    }
    Ok(IncomingPlan::step(
        doc,
        IncomingState::Registered,
        IncomingEvent::Registered,
    ))
}

/// The code of the refusal that warns of a document registered before.
pub const LIKELY_DUPLICATE: &str = "incoming.likely_duplicate";

/// Whether a document is registered although others that look the same were registered before: with a reason (`despite`),
/// which stays with the document. `known` says of each of them where it stands in the register and what is the same.
///
/// # Errors
/// `PL6-III.1` when there is such a document and no reason.
pub fn register_despite_duplicates(known: &[String], despite: &str) -> Decision<()> {
    if known.is_empty() || !despite.trim().is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        "PL6-III.1",
        LIKELY_DUPLICATE,
        format!(
            "Có thể văn bản này đã vào sổ: {}. Vui lòng đối chiếu; nếu vẫn vào sổ thì ghi rõ lý do.",
            known.join("; ")
        ),
    )
    .on("despite"))
}

/// Returns a delivered document to its sender with a reason, before it is accepted.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the receiving agency, `QD28-5.4` in another state or without a reason.
pub fn refuse(actor: &Actor, doc: &IncomingFacts, reason: &str) -> Decision<IncomingPlan> {
    must_be_clerk(actor, doc.agency)?;
    if doc.state != IncomingState::Delivered {
        return Err(wrong_state(doc, "QD28-5.4", "từ chối nhận"));
    }
    if reason.trim().is_empty() {
        return Err(Refusal::new(
            "QD28-5.4",
            "incoming.no_reason",
            "Vui lòng ghi lý do từ chối để phản hồi cho bên gửi.",
        )
        .on("reason"));
    }
    Ok(IncomingPlan::step(
        doc,
        IncomingState::Refused,
        IncomingEvent::Refused,
    ))
}

/// A paper document registered by hand (ND30-22, Phụ lục VI Phần II Mục II).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperDocument<'a> {
    /// Key of the kind; `None` for letters and petitions that bear no kind.
    pub document_type: Option<&'a str>,
    /// Số of the document; letters and invitations may have none.
    pub number: &'a str,
    /// Ký hiệu of the document; letters and invitations may have none.
    pub symbol: &'a str,
    /// Date of the document; what people write may bear none. Registered is what stands on the paper.
    pub issued_on: Option<Date>,
    /// Who issued it (tác giả).
    pub issuer: &'a str,
    /// Trích yếu.
    pub subject: &'a str,
    /// Day of arrival.
    pub arrived_on: Date,
    /// The civil date of the act.
    pub today: Date,
    /// Declared level, symbol, file names, texts.
    pub secrecy: SecretMarks<'a>,
}

/// Registers a paper document that came to the desk.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the agency, `ND30-22.1` for a missing or impossible field, `QC01-1.2` for a
/// state secret.
pub fn register_paper(actor: &Actor, agency: AgencyId, paper: &PaperDocument<'_>) -> Decision<IncomingPlan> {
    must_be_clerk(actor, agency)?;
    refuse_state_secret(&paper.secrecy)?;
    let refuse = |code, field, message: &str| Err(Refusal::new("ND30-22.1", code, message).on(field));
    if paper.issuer.trim().is_empty() {
        return refuse(
            "incoming.no_issuer",
            "issuer",
            "Vui lòng nhập cơ quan, tổ chức hoặc cá nhân gửi văn bản.",
        );
    }
    if paper.subject.trim().is_empty() {
        return refuse(
            "incoming.no_subject",
            "subject",
            "Vui lòng nhập trích yếu nội dung văn bản.",
        );
    }
    if let Some(key) = paper.document_type
        && document_types::by_key(key).is_none()
    {
        return refuse(
            "incoming.unknown_type",
            "document_type",
            "Loại văn bản không có trong danh mục. Vui lòng chọn lại.",
        );
    }
    if paper.arrived_on > paper.today {
        return refuse(
            "incoming.arrival_in_future",
            "arrived_on",
            "Ngày đến không được sau ngày hôm nay.",
        );
    }
    if paper.issued_on.is_some_and(|issued| issued > paper.arrived_on) {
        return refuse(
            "incoming.issued_after_arrival",
            "issued_on",
            "Ngày văn bản không được sau ngày đến.",
        );
    }
    Ok(IncomingPlan {
        next: IncomingState::Registered,
        event: IncomingEvent::Registered,
        status: None,
    })
}
