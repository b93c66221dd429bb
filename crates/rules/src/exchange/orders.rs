//! Thu hồi, cập nhật, thay thế, gửi lại: what an agency orders about a document that it issued (ND30 Điều 18, QD28 Điều 8.2).

use super::{Business, DeliveryState, RecallState};
use crate::document_types::OFFICIAL_LETTER;
use crate::ids::AgencyId;
use crate::outgoing::OutgoingState;
use crate::people::Actor;
use crate::{Decision, Refusal};

/// A document of the agency, as far as orders about it care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IssuedFacts {
    /// The agency that issued it.
    pub agency: AgencyId,
    /// Where it stands.
    pub state: OutgoingState,
    /// Whether it was recalled: since then it is frozen (PL6-III.8a).
    pub is_recalled: bool,
    /// Whether a later document took its place.
    pub is_replaced: bool,
    /// Whether recipients still owe an answer to an update.
    pub awaits_update: bool,
}

/// The agency's choice about recalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecallPolicy {
    /// Whether a recall needs an issued document as văn bản thông báo thu hồi (ND30-18.4b); else a reason is enough.
    pub notice_required: bool,
}

impl Default for RecallPolicy {
    fn default() -> Self {
        Self {
            notice_required: true,
        }
    }
}

/// The document chosen as văn bản thông báo thu hồi.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeFacts {
    /// The agency that issued it.
    pub agency: AgencyId,
    /// Where it stands.
    pub state: OutgoingState,
    /// Whether it was itself recalled.
    pub is_recalled: bool,
    /// Whether it is the very document to be recalled.
    pub is_the_document: bool,
}

/// A recall as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecallOrder<'a> {
    /// Lý do, told to the recipients.
    pub reason: &'a str,
    /// Who decided it: the signer or a leader, and in what form.
    pub decision: &'a str,
    /// Văn bản thông báo thu hồi.
    pub notice: Option<NoticeFacts>,
}

/// Recalls an issued document from all its recipients and freezes it.
///
/// An update that recipients have not answered yet is no obstacle: the recall takes its place.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the issuing agency, `ND30-18.4` before issue, `PL6-III.8` when it was recalled
/// before, `QD28-8.2` without a reason, `ND30-18.4` without who decided, `ND30-18.4b` without a usable notice.
pub fn recall(
    actor: &Actor,
    doc: &IssuedFacts,
    policy: RecallPolicy,
    order: &RecallOrder<'_>,
) -> Decision<()> {
    must_be_clerk(actor, doc.agency)?;
    must_be_issued(doc)?;
    if doc.is_recalled {
        return Err(Refusal::new(
            "PL6-III.8",
            "outgoing.recalled_before",
            "Văn bản này đã được thu hồi. Với nơi nhận chưa đồng ý, vui lòng bấm “Gửi lại yêu cầu thu hồi” ở dòng của nơi nhận đó.",
        ));
    }
    if order.reason.trim().is_empty() {
        return Err(no_reason("Vui lòng ghi lý do thu hồi để thông báo cho nơi nhận."));
    }
    if order.decision.trim().is_empty() {
        return Err(Refusal::new(
            "ND30-18.4",
            "outgoing.recall_undecided",
            "Vui lòng ghi người ký hoặc lãnh đạo đã quyết định thu hồi và căn cứ của quyết định đó.",
        )
        .on("decision"));
    }
    match order.notice {
        None if policy.notice_required => Err(unusable_notice(
            "Vui lòng chọn văn bản thông báo thu hồi đã phát hành. Nếu chưa có, đề nghị soạn thảo, trình ký và phát hành văn bản thông báo thu hồi trước.",
        )),
        Some(notice) if notice.is_the_document => Err(unusable_notice(
            "Văn bản thông báo thu hồi phải là một văn bản khác với văn bản bị thu hồi.",
        )),
        Some(notice)
            if notice.agency != doc.agency || notice.state != OutgoingState::Issued || notice.is_recalled =>
        {
            Err(unusable_notice(
                "Văn bản thông báo thu hồi phải do chính cơ quan phát hành và còn hiệu lực. Vui lòng chọn lại.",
            ))
        }
        _ => Ok(()),
    }
}

/// What a recall does to one recipient's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineRecall {
    /// It was not sent yet: it never leaves, nobody is asked.
    Drop,
    /// The recipient may have it: the recipient is asked (13).
    Ask,
    /// It went on paper: the notice goes on paper, the recipient sends the document back (ND30-18.4a).
    Paper,
    /// There is nothing to recall.
    Nothing,
}

/// What a recall does to a line in `state`. Nobody knows of a failed sending that it did not arrive, so it is asked for too.
#[must_use]
pub const fn recall_line(state: DeliveryState) -> LineRecall {
    match state {
        DeliveryState::Pending => LineRecall::Drop,
        DeliveryState::Dropped => LineRecall::Nothing,
        DeliveryState::Paper => LineRecall::Paper,
        DeliveryState::Sending
        | DeliveryState::Failed
        | DeliveryState::Sent
        | DeliveryState::Arrived
        | DeliveryState::Refused
        | DeliveryState::Received
        | DeliveryState::Assigned
        | DeliveryState::InProgress
        | DeliveryState::Finished => LineRecall::Ask,
    }
}

/// Corrects facts of an issued document at its recipients (CN-221). The issued file itself never changes (ND30-18.3).
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the issuing agency, `ND30-18.4` before issue, `PL6-III.8` for a recalled document,
/// `CN-221` while an earlier update is not answered or when nothing changes, `QD28-8.2` without a reason.
pub fn update(actor: &Actor, doc: &IssuedFacts, reason: &str, changes_something: bool) -> Decision<()> {
    must_be_clerk(actor, doc.agency)?;
    must_be_issued(doc)?;
    must_not_be_frozen(doc)?;
    if doc.awaits_update {
        return Err(Refusal::new(
            "CN-221",
            "outgoing.update_open",
            "Còn nơi nhận chưa trả lời lần cập nhật trước. Vui lòng chờ trả lời rồi cập nhật tiếp.",
        ));
    }
    if reason.trim().is_empty() {
        return Err(no_reason(
            "Vui lòng ghi lý do cập nhật để thông báo cho nơi nhận.",
        ));
    }
    if changes_something {
        return Ok(());
    }
    Err(Refusal::new(
        "CN-221",
        "outgoing.nothing_changed",
        "Thông tin chưa có gì thay đổi so với văn bản đã phát hành. Vui lòng sửa ít nhất một mục.",
    ))
}

/// Whether `target` may be replaced by a document of `agency`; asked when the draft is saved and again when it is issued.
///
/// # Errors
/// `ND30-18.3` for a document that is not one of the agency's own issued ones, for the replacing document itself, and for a
/// document that was replaced before; `PL6-III.8` for a recalled one.
pub fn replace(agency: AgencyId, target: &IssuedFacts, is_the_document: bool) -> Decision<()> {
    let refuse = |code, message: &str| Err(Refusal::new("ND30-18.3", code, message).on("replaces"));
    if target.agency != agency || target.state != OutgoingState::Issued {
        return refuse(
            "outgoing.not_replaceable",
            "Chỉ thay thế được văn bản do chính cơ quan đã phát hành. Vui lòng chọn lại văn bản bị thay thế.",
        );
    }
    if is_the_document {
        return refuse(
            "outgoing.replaces_itself",
            "Văn bản không thể thay thế chính nó. Vui lòng chọn lại văn bản bị thay thế.",
        );
    }
    if target.is_replaced {
        return refuse(
            "outgoing.replaced_before",
            "Văn bản được chọn đã bị một văn bản khác thay thế. Vui lòng chọn văn bản đang có hiệu lực.",
        );
    }
    must_not_be_frozen(target).map_err(|refusal| refusal.on("replaces"))
}

/// Whether a document of `agency`, of the kind `type_key`, may correct `target` (công văn đính chính); asked when the draft is saved and
/// again when it is issued. A document that was replaced may still be corrected; several letters may correct one document.
///
/// # Errors
/// `ND30-18.3` for anything but an official letter, for a document that is not one of the agency's own issued ones and for the letter itself;
/// `PL6-III.8` for a recalled one.
pub fn correct(
    agency: AgencyId,
    type_key: &str,
    target: &IssuedFacts,
    is_the_document: bool,
) -> Decision<()> {
    let refuse = |code, message: &str| Err(Refusal::new("ND30-18.3", code, message).on("corrects"));
    if type_key != OFFICIAL_LETTER {
        return refuse(
            "outgoing.correction_by_letter",
            "Sai sót về thể thức, kỹ thuật trình bày, thủ tục ban hành được đính chính bằng công văn; sai sót về nội dung thì ban hành văn bản sửa đổi, thay thế có hình thức tương đương.",
        );
    }
    if target.agency != agency || target.state != OutgoingState::Issued || is_the_document {
        return refuse(
            "outgoing.not_correctable",
            "Chỉ đính chính được văn bản do chính cơ quan đã phát hành. Vui lòng chọn lại văn bản được đính chính.",
        );
    }
    must_not_be_frozen(target).map_err(|refusal| refusal.on("corrects"))
}

/// Sends once more what one recipient returned, what did not leave, or the recall that was not agreed to (CN-217). Gives what
/// the packet is about: the same document as an update, the document as new, or the recall again.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the issuing agency, `ND30-18.4` before issue, `PL6-III.8` for a recalled document,
/// `CN-217` for a line that needs nothing, `QD28-8.2` without a word about what changed.
pub fn resend(
    actor: &Actor,
    doc: &IssuedFacts,
    line: DeliveryState,
    recall: RecallState,
    reason: &str,
) -> Decision<Business> {
    must_be_clerk(actor, doc.agency)?;
    must_be_issued(doc)?;
    let business = match (doc.is_recalled, line, recall) {
        (true, _, RecallState::Refused) => Business::Recall,
        (true, _, _) => {
            must_not_be_frozen(doc)?;
            Business::Recall
        }
        (false, DeliveryState::Refused, _) => Business::Update,
        (false, DeliveryState::Failed, _) => Business::New,
        _ => {
            return Err(Refusal::new(
                "CN-217",
                "outgoing.no_resend",
                "Chỉ gửi lại cho nơi nhận đã trả lại văn bản hoặc khi lần gửi trước bị lỗi.",
            ));
        }
    };
    if business != Business::New && reason.trim().is_empty() {
        return Err(no_reason(
            "Vui lòng ghi nội dung giải trình để nơi nhận biết vì sao văn bản được gửi lại.",
        ));
    }
    Ok(business)
}

fn must_be_clerk(actor: &Actor, agency: AgencyId) -> Decision<()> {
    if actor.is_clerk_of(agency) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-4.2b",
        "outgoing.not_clerk",
        "Chỉ văn thư của cơ quan ban hành được thu hồi, cập nhật, gửi lại văn bản đã phát hành.",
    ))
}

fn must_be_issued(doc: &IssuedFacts) -> Decision<()> {
    if doc.state == OutgoingState::Issued {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-18.4",
        "outgoing.not_issued",
        "Văn bản chưa phát hành nên chưa có gì để thu hồi, cập nhật hay gửi lại.",
    ))
}

fn must_not_be_frozen(doc: &IssuedFacts) -> Decision<()> {
    if !doc.is_recalled {
        return Ok(());
    }
    Err(Refusal::new(
        "PL6-III.8",
        "outgoing.frozen",
        "Văn bản đã thu hồi nên được đóng băng cùng dữ liệu đặc tả: chỉ xem, không sửa, không gửi, không thay thế được nữa.",
    ))
}

fn no_reason(message: &str) -> Refusal {
    Refusal::new("QD28-8.2", "outgoing.no_reason", message).on("reason")
}

fn unusable_notice(message: &str) -> Refusal {
    Refusal::new("ND30-18.4b", "outgoing.recall_notice", message).on("notice")
}

#[cfg(test)]
mod tests;
