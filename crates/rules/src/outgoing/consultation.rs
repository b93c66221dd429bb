//! Xin ý kiến về dự thảo (ND30 Điều 10.2, 10.3; CN-207): colleagues are asked all at once or one after another, by a day;
//! every reply is kept, one that comes after the day is marked as late.

use jiff::civil::Date;

use super::draft::may_edit;
use super::{OutgoingFacts, OutgoingState};
use crate::ids::PostId;
use crate::names::named_enum;
use crate::people::Actor;
use crate::{Decision, Refusal};

named_enum! {
    /// In what order colleagues are asked.
    Manner {
        /// All at once.
        Parallel = "parallel", "Xin ý kiến đồng thời";
        /// One after another: the next is asked when the one before has replied.
        Sequential = "sequential", "Xin ý kiến lần lượt";
    }
}

named_enum! {
    /// What a reply says as a whole.
    OpinionView {
        /// Nhất trí.
        Agree = "agree", "Nhất trí";
        /// Nhất trí, with something to change.
        AgreeWithChanges = "agree_with_changes", "Nhất trí, có góp ý";
        /// Không nhất trí.
        Disagree = "disagree", "Không nhất trí";
    }
}

/// How many may be asked at once; a wider circle is asked by an official letter.
pub const MAX_CONSULTED: usize = 50;
/// The longest question or reply.
const MAX_TEXT_CHARS: usize = 4000;

/// A colleague who is to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consulted {
    /// The post.
    pub post: PostId,
    /// Whether the post is one of this agency, in force, and not an administrator's.
    pub may_be_asked: bool,
}

/// A round that is to be opened.
#[derive(Debug, Clone, Copy)]
pub struct Round<'a> {
    /// Whom, in order.
    pub members: &'a [Consulted],
    /// About what.
    pub question: &'a str,
    /// Until when.
    pub due_on: Date,
}

/// A round as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundFacts {
    /// Who asked.
    pub asked_by: PostId,
    /// In what order.
    pub manner: Manner,
    /// Until when.
    pub due_on: Date,
    /// Whether who asked has closed it.
    pub is_closed: bool,
    /// Whom, in order, each with whether they have replied.
    pub members: Vec<(PostId, bool)>,
}

impl RoundFacts {
    /// Whose reply is awaited now: everybody's who has not replied, or of those the first.
    #[must_use]
    pub fn awaited(&self) -> Vec<PostId> {
        if self.is_closed {
            return Vec::new();
        }
        let silent = self.members.iter().filter(|(_, replied)| !replied);
        let most = match self.manner {
            Manner::Parallel => usize::MAX,
            Manner::Sequential => 1,
        };
        silent.take(most).map(|(post, _)| *post).collect()
    }
}

/// Whether the actor may ask at all: who holds a draft that is not approved.
///
/// # Errors
/// `ND30-10.3`; `ND30-10.4` for somebody who only helps to write it.
pub fn may_consult(actor: &Actor, doc: &OutgoingFacts) -> Decision<()> {
    must_be_discussed(doc)?;
    may_edit(actor, doc)?;
    if doc.state == OutgoingState::Draft && actor.post != doc.drafter {
        return Err(Refusal::new(
            "ND30-10.4",
            "outgoing.not_drafter",
            "Người soạn thảo lấy ý kiến về dự thảo; người phối hợp soạn thảo sửa trực tiếp vào dự thảo.",
        ));
    }
    Ok(())
}

/// Asks colleagues for their opinion on a draft.
///
/// # Errors
/// `ND30-10.3` for somebody who does not hold the draft or a draft that is approved, `ND30-10.2` for a round without
/// members, question or a day to come, `QC01-1.2` for the mark of a state secret in the question.
pub fn consult(actor: &Actor, doc: &OutgoingFacts, round: &Round<'_>, today: Date) -> Decision<()> {
    may_consult(actor, doc)?;
    let refuse = |code, field, message: String| Err(Refusal::new("ND30-10.2", code, message).on(field));
    if round.members.is_empty() {
        return refuse(
            "outgoing.nobody_consulted",
            "members",
            "Vui lòng chọn ít nhất một người để xin ý kiến.".into(),
        );
    }
    if round.members.len() > MAX_CONSULTED {
        return refuse(
            "outgoing.too_many_consulted",
            "members",
            format!(
                "Mỗi lần xin ý kiến tối đa {MAX_CONSULTED} người. Vui lòng chia thành nhiều lần, hoặc gửi công văn lấy ý kiến."
            ),
        );
    }
    let twice = round
        .members
        .iter()
        .enumerate()
        .any(|(at, one)| round.members[..at].iter().any(|other| other.post == one.post));
    if twice {
        return refuse(
            "outgoing.consulted_twice",
            "members",
            "Có người được chọn hai lần. Vui lòng kiểm tra lại danh sách.".into(),
        );
    }
    if let Some(own) = round
        .members
        .iter()
        .find(|one| one.post == actor.post || !one.may_be_asked)
    {
        let message = if own.post == actor.post {
            "Ông/Bà không cần xin ý kiến của chính mình. Vui lòng bỏ tên mình khỏi danh sách."
        } else {
            "Có người được chọn không còn công tác tại cơ quan hoặc là tài khoản quản trị. Vui lòng chọn lại."
        };
        return refuse("outgoing.not_to_be_consulted", "members", message.into());
    }
    text_must_be_usable(
        round.question,
        "question",
        "Vui lòng ghi nội dung cần xin ý kiến.",
    )?;
    if round.due_on < today {
        return refuse(
            "outgoing.consultation_due",
            "due_on",
            "Hạn trả lời đã qua. Vui lòng chọn từ hôm nay trở đi.".into(),
        );
    }
    Ok(())
}

/// Replies to a round; gives whether the reply is late. A colleague who has replied may add to it while the round is open.
///
/// # Errors
/// `ND30-10.3` for somebody who was not asked, whose turn has not come, or after the round or the drafting has ended;
/// `ND30-10.2` without a text, unless it is a plain agreement; `QC01-1.2` for the mark of a state secret.
pub fn reply(
    actor: &Actor,
    doc: &OutgoingFacts,
    round: &RoundFacts,
    view: OpinionView,
    text: &str,
    today: Date,
) -> Decision<bool> {
    let refuse = |code, message: &str| Err(Refusal::new("ND30-10.3", code, message));
    let Some((_, replied)) = round.members.iter().find(|(post, _)| *post == actor.post) else {
        return refuse(
            "outgoing.not_consulted",
            "Ông/Bà không có trong danh sách được xin ý kiến lần này.",
        );
    };
    if round.is_closed {
        return refuse(
            "outgoing.consultation_closed",
            "Người xin ý kiến đã kết thúc lần lấy ý kiến này nên không nhận thêm trả lời.",
        );
    }
    must_be_discussed(doc)?;
    if !replied && !round.awaited().contains(&actor.post) {
        return refuse(
            "outgoing.not_your_turn",
            "Ý kiến được lấy lần lượt và chưa đến lượt Ông/Bà. Văn bản sẽ vào hộp “Xin ý kiến” khi đến lượt.",
        );
    }
    if view != OpinionView::Agree || !text.trim().is_empty() {
        text_must_be_usable(
            text,
            "text",
            "Vui lòng ghi nội dung góp ý hoặc lý do không nhất trí.",
        )?;
    }
    Ok(today > round.due_on)
}

/// Closes a round before everybody has replied, or after.
///
/// # Errors
/// `ND30-10.3` for anybody but who asked and the drafter, or when it is closed already.
pub fn close_round(actor: &Actor, doc: &OutgoingFacts, round: &RoundFacts) -> Decision<()> {
    let refuse = |code, message: &str| Err(Refusal::new("ND30-10.3", code, message));
    if actor.post != round.asked_by && actor.post != doc.drafter {
        return refuse(
            "outgoing.not_your_consultation",
            "Chỉ người xin ý kiến hoặc người soạn thảo được kết thúc lần lấy ý kiến này.",
        );
    }
    if round.is_closed {
        return refuse("outgoing.consultation_closed", "Lần lấy ý kiến này đã kết thúc.");
    }
    Ok(())
}

/// Whether a draft can still be discussed: it is not approved.
#[must_use]
pub fn is_discussed(doc: &OutgoingFacts) -> bool {
    must_be_discussed(doc).is_ok()
}

/// An approved draft is not discussed any more; what changes it goes back to its signer (ND30-11.2).
fn must_be_discussed(doc: &OutgoingFacts) -> Decision<()> {
    use OutgoingState::{Approval, ContentReview, Draft, FormReview};
    if matches!(doc.state, Draft | ContentReview | FormReview | Approval) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-10.3",
        "outgoing.not_discussed",
        format!(
            "Văn bản đang ở bước “{}” nên không lấy ý kiến nữa. Nếu cần sửa nội dung, vui lòng trả lại dự thảo trước.",
            doc.state.label()
        ),
    ))
}

fn text_must_be_usable(text: &str, field: &'static str, missing: &str) -> Decision<()> {
    crate::secrecy::refuse_state_secret(&crate::secrecy::SecretMarks {
        texts: &[text],
        ..crate::secrecy::SecretMarks::default()
    })?;
    if text.trim().is_empty() {
        return Err(Refusal::new("ND30-10.2", "outgoing.no_text", missing).on(field));
    }
    if text.chars().count() > MAX_TEXT_CHARS {
        return Err(Refusal::new(
            "ND30-10.2",
            "outgoing.text_too_long",
            format!("Nội dung dài quá {MAX_TEXT_CHARS} ký tự. Vui lòng viết gọn lại hoặc gửi thành tệp."),
        )
        .on(field));
    }
    Ok(())
}
