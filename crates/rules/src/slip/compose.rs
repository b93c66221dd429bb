//! Lập, trình, hủy phiếu trình: what its maker does (CN-302, CN-303).

use super::{SlipFacts, SlipState};
use crate::ids::{AccountId, PostId};
use crate::outgoing::{OutgoingFacts, OutgoingState};
use crate::people::{Actor, Role};
use crate::secrecy::{self, SecretMarks};
use crate::{Decision, Refusal};

/// The longest subject, as that of a document.
const MAX_SUBJECT_CHARS: usize = 500;
/// The longest text: what needs more comes as a file.
const MAX_BODY_CHARS: usize = 20_000;
/// More leaders than this are a mistake in choosing.
const MAX_DECIDERS: usize = 20;

/// A person of the slip as chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The post.
    pub post: PostId,
    /// Whose post it is; `None` for one that the agency does not have.
    pub account: Option<AccountId>,
    /// Whether the post is one of this agency, in force, and not an administrator's.
    pub is_of_agency: bool,
}

impl Member {
    /// Whether the two are one person, in whatever posts.
    #[must_use]
    pub fn is_same_person(&self, other: &Self) -> bool {
        self.post == other.post || (self.account.is_some() && self.account == other.account)
    }
}

/// What a slip says.
#[derive(Debug, Clone, Copy)]
pub struct SlipContent<'a> {
    /// Nội dung trình, in one sentence.
    pub subject: &'a str,
    /// The text.
    pub body: &'a str,
    /// The leaders by steps, in order.
    pub steps: &'a [Vec<Member>],
    /// Those of the leaders who are asked for “Ký duyệt”; the others are asked for “Phê duyệt”.
    pub signers: &'a [PostId],
    /// Whose advice is asked for.
    pub advisers: &'a [Member],
}

/// A draft that a slip wants to carry.
#[derive(Debug, Clone, Copy)]
pub struct CarriedDraft<'a> {
    /// The draft.
    pub facts: &'a OutgoingFacts,
    /// Whether another slip that runs carries it.
    pub is_carried: bool,
}

pub(super) fn refuse<T>(clause: &'static str, code: &'static str, message: &str) -> Decision<T> {
    Err(Refusal::new(clause, code, message))
}

/// Saves a slip that is not submitted, or that was returned. It may be incomplete.
///
/// # Errors
/// `CN-302` for an administrator, for anybody but its maker, for a slip that runs or is closed, without a subject; `QC01-1.2` for the
/// mark of a state secret.
pub fn save(actor: &Actor, slip: Option<&SlipFacts>, content: &SlipContent<'_>) -> Decision<()> {
    match slip {
        None if actor.role == Role::Administrator => {
            return refuse(
                "CN-302",
                "slip.administrator",
                "Tài khoản quản trị không lập phiếu trình. Vui lòng dùng tài khoản nghiệp vụ.",
            );
        }
        None => {}
        Some(slip) => may_write(actor, slip)?,
    }
    secrecy::refuse_state_secret(&SecretMarks {
        texts: &[content.subject, content.body],
        ..SecretMarks::default()
    })?;
    let on = |code, field, message: String| Err(Refusal::new("CN-302", code, message).on(field));
    if content.subject.trim().is_empty() {
        return on(
            "slip.no_subject",
            "subject",
            "Vui lòng nhập nội dung trình, viết gọn trong một câu.".to_owned(),
        );
    }
    if content.subject.chars().count() > MAX_SUBJECT_CHARS {
        return on(
            "slip.subject_too_long",
            "subject",
            format!(
                "Nội dung trình dài quá {MAX_SUBJECT_CHARS} ký tự. Vui lòng viết gọn, phần chi tiết ghi ở thuyết minh."
            ),
        );
    }
    if content.body.chars().count() > MAX_BODY_CHARS {
        return on(
            "slip.body_too_long",
            "body",
            format!("Thuyết minh dài quá {MAX_BODY_CHARS} ký tự. Vui lòng gửi phần dài thành tệp kèm theo."),
        );
    }
    people(actor, content)
}

/// Who is chosen: of the agency, not the maker, nobody twice, in whatever posts; who signs is one of the leaders.
fn people(actor: &Actor, content: &SlipContent<'_>) -> Decision<()> {
    let on = |code, field, message: &str| Err(Refusal::new("CN-302", code, message).on(field));
    let deciders: Vec<&Member> = content.steps.iter().flatten().collect();
    if deciders.len() > MAX_DECIDERS {
        return on(
            "slip.too_many",
            "person",
            "Phiếu trình có quá nhiều người phê duyệt (tối đa 20). Vui lòng bớt, người khác chỉ xin ý kiến.",
        );
    }
    let mut seen: Vec<&Member> = Vec::new();
    let all = deciders.into_iter().map(|one| (one, "person"));
    for (member, field) in all.chain(content.advisers.iter().map(|one| (one, "advisers"))) {
        if !member.is_of_agency {
            return on(
                "slip.stranger",
                field,
                "Có người được chọn không còn giữ chức vụ tại cơ quan. Vui lòng chọn lại.",
            );
        }
        if member.post == actor.post || member.account == Some(actor.account) {
            return on(
                "slip.oneself",
                field,
                "Người lập phiếu không tự phê duyệt, cho ý kiến phiếu của mình. Vui lòng chọn người khác.",
            );
        }
        if seen.iter().any(|other| other.is_same_person(member)) {
            return on(
                "slip.twice",
                field,
                "Mỗi người chỉ có mặt một lần trong phiếu trình. Vui lòng bỏ dòng trùng.",
            );
        }
        seen.push(member);
    }
    let leads = |post: &PostId| content.steps.iter().flatten().any(|one| one.post == *post);
    if !content.signers.iter().all(leads) {
        return on(
            "slip.signer_unknown",
            "person",
            "Có người được đề nghị ký duyệt không ở trong danh sách phê duyệt. Vui lòng chọn lại.",
        );
    }
    Ok(())
}

/// Submits a slip, or submits it anew after it was returned: a new round begins.
///
/// # Errors
/// As [`save`]; `CN-302` without a leader, or when more than one would have the last word.
pub fn submit(actor: &Actor, slip: &SlipFacts, content: &SlipContent<'_>) -> Decision<()> {
    save(actor, Some(slip), content)?;
    let on = |code, message: &str| Err(Refusal::new("CN-302", code, message).on("person"));
    match content.steps.last().map(Vec::len) {
        None | Some(0) => on(
            "slip.nobody",
            "Vui lòng chọn ít nhất một lãnh đạo phê duyệt trước khi trình.",
        ),
        Some(1) => Ok(()),
        Some(_) => on(
            "slip.last_together",
            "Người cuối cùng quyết định phiếu trình nên phải đứng một mình ở bước cuối. Vui lòng chuyển người quyết định sang bước tiếp theo.",
        ),
    }
}

/// Whether the slip may carry this draft: the own one, not submitted, not carried by another slip (CN-303).
///
/// # Errors
/// `CN-303`.
pub fn carry_draft(actor: &Actor, draft: &CarriedDraft<'_>) -> Decision<()> {
    let on = |code, message: &str| Err(Refusal::new("CN-303", code, message).on("draft"));
    if draft.facts.drafter != actor.post {
        return on(
            "slip.not_own_draft",
            "Chỉ kèm được dự thảo do chính người lập phiếu soạn. Vui lòng chọn dự thảo khác.",
        );
    }
    if draft.facts.state != OutgoingState::Draft {
        return on(
            "slip.draft_submitted",
            "Dự thảo này đã được trình hoặc đã kết thúc nên không kèm phiếu trình được nữa.",
        );
    }
    if draft.is_carried {
        return on(
            "slip.draft_carried",
            "Dự thảo này đang đi cùng một phiếu trình khác. Vui lòng chờ phiếu đó kết thúc, hoặc chọn dự thảo khác.",
        );
    }
    Ok(())
}

/// A draft that a running slip carries is not changed, submitted or given up: the leaders decide about what they see (CN-303).
///
/// # Errors
/// `CN-303` while it is carried.
pub fn leave_draft_alone(is_carried: bool) -> Decision<()> {
    if !is_carried {
        return Ok(());
    }
    refuse(
        "CN-303",
        "slip.draft_frozen",
        "Dự thảo đang đi cùng một phiếu trình chưa kết thúc nên chưa sửa, trình, hủy được. Cần sửa thì hủy phiếu trình, hoặc chờ lãnh đạo trả lại.",
    )
}

/// Gives a slip up; a draft that it carries is free again.
///
/// # Errors
/// `CN-302` for anybody but its maker, for a slip that is closed, without a reason.
pub fn cancel(actor: &Actor, slip: &SlipFacts, reason: &str) -> Decision<()> {
    made_by(actor, slip)?;
    if matches!(slip.state, SlipState::Approved | SlipState::Cancelled) {
        return refuse(
            "CN-302",
            "slip.closed",
            "Phiếu trình đã kết thúc nên không hủy được nữa.",
        );
    }
    if reason.trim().is_empty() {
        return Err(
            Refusal::new("CN-302", "slip.no_reason", "Vui lòng ghi lý do hủy phiếu trình.").on("reason"),
        );
    }
    Ok(())
}

fn made_by(actor: &Actor, slip: &SlipFacts) -> Decision<()> {
    if actor.post == slip.maker {
        return Ok(());
    }
    refuse(
        "CN-302",
        "slip.not_maker",
        "Chỉ người lập phiếu được sửa, trình, hủy phiếu trình này.",
    )
}

fn may_write(actor: &Actor, slip: &SlipFacts) -> Decision<()> {
    made_by(actor, slip)?;
    if slip.is_written() {
        return Ok(());
    }
    refuse(
        "CN-302",
        "slip.not_written",
        "Phiếu đang trình hoặc đã kết thúc nên không sửa được. Cần sửa phiếu đang trình thì hủy phiếu và lập phiếu mới.",
    )
}
