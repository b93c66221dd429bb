//! Phê duyệt, trả lại, cho ý kiến (CN-302, CN-304).

use super::compose::refuse;
use super::{Member, SlipAnswer, SlipAsked, SlipFacts, SlipPlan, SlipState};
use crate::people::Actor;
use crate::secrecy::{self, SecretMarks};
use crate::{Decision, Refusal};

/// The longest comment or advice.
const MAX_TEXT_CHARS: usize = 4000;

/// A leader answers. When anybody returns, the whole slip goes back; when the last one approves, it is approved.
///
/// # Errors
/// `CN-302` for a slip that does not run, for whom it does not wait for, for its own maker in another post, for another kind of
/// approval than was asked for, for a return without a reason; `ND30-13.3` for a signature in somebody's place; `QC01-1.2` for the
/// mark of a state secret.
pub fn decide(actor: &Actor, slip: &SlipFacts, answer: SlipAnswer, comment: &str) -> Decision<SlipPlan> {
    runs(slip, "CN-302")?;
    let Some(step) = slip.current_step() else {
        return refuse("CN-302", "slip.not_running", NOT_RUNNING);
    };
    let own = slip.deciders.iter().find(|one| one.post == actor.post);
    match own {
        Some(own) if own.answer.is_some() => {
            return refuse(
                "CN-302",
                "slip.answered",
                "Ông/Bà đã trả lời phiếu trình này rồi.",
            );
        }
        Some(own) if own.step == step => {}
        Some(_) => {
            return refuse(
                "CN-302",
                "slip.not_your_turn",
                "Phiếu trình chưa đến lượt Ông/Bà: người ở bước trước chưa trả lời.",
            );
        }
        None => {
            return refuse(
                "CN-302",
                "slip.not_decider",
                "Ông/Bà không có trong danh sách phê duyệt của phiếu trình này.",
            );
        }
    }
    if actor.account == slip.maker_account {
        return refuse(
            "CN-302",
            "slip.oneself",
            "Người lập phiếu không tự phê duyệt phiếu của mình, kể cả khi giữ chức vụ khác. Vui lòng hủy phiếu và trình người khác.",
        );
    }
    if let Some(own) = own {
        as_asked(actor, own.asked, answer)?;
    }
    text(comment, "comment")?;
    if answer == SlipAnswer::Return {
        if comment.trim().is_empty() {
            return Err(Refusal::new(
                "CN-302",
                "slip.no_comment",
                "Vui lòng ghi ý kiến khi trả lại, để người lập phiếu biết cần sửa gì.",
            )
            .on("comment"));
        }
        return Ok(SlipPlan {
            next: SlipState::Returned,
            ends_round: true,
            begins_step: None,
        });
    }
    let others = slip
        .deciders
        .iter()
        .filter(|one| one.post != actor.post && one.answer.is_none());
    let next_step = others.map(|one| one.step).min();
    Ok(match next_step {
        None => SlipPlan {
            next: SlipState::Approved,
            ends_round: true,
            begins_step: None,
        },
        Some(next) => SlipPlan {
            next: SlipState::Running,
            ends_round: false,
            begins_step: (next != step).then_some(next),
        },
    })
}

/// Nobody gives “Phê duyệt” for “Ký duyệt”, or the other way round; a return needs no signature.
fn as_asked(actor: &Actor, asked: SlipAsked, answer: SlipAnswer) -> Decision<()> {
    match (asked, answer) {
        (_, SlipAnswer::Return) | (SlipAsked::Approve, SlipAnswer::Approve) => Ok(()),
        (SlipAsked::Sign, SlipAnswer::Sign) => in_person(actor),
        (SlipAsked::Sign, SlipAnswer::Approve) => refuse(
            "CN-302",
            "slip.signature_asked",
            "Phiếu này đề nghị Ông/Bà ký duyệt bằng chữ ký số nên không phê duyệt không ký được. Vui lòng chọn “Ký duyệt”, hoặc trả lại phiếu.",
        ),
        (SlipAsked::Approve, SlipAnswer::Sign) => refuse(
            "CN-302",
            "slip.signature_not_asked",
            "Phiếu này đề nghị Ông/Bà phê duyệt, không yêu cầu chữ ký số. Vui lòng chọn “Phê duyệt”, hoặc trả lại phiếu để người lập đề nghị ký duyệt.",
        ),
    }
}

/// A leader signs in person: the authority to sign does not go with work that was handed over.
///
/// # Errors
/// `ND30-13.3` for whoever acts in somebody's place.
pub fn in_person(actor: &Actor) -> Decision<()> {
    if actor.in_place.is_none() {
        return Ok(());
    }
    refuse(
        "ND30-13.3",
        "delegation.signing",
        "Người xử lý thay không ký duyệt phiếu trình thay người được ủy quyền. Vui lòng để người đó tự ký duyệt, hoặc đề nghị người lập hủy phiếu và trình người có thẩm quyền khác.",
    )
}

/// Somebody who was asked gives their advice. It never holds the slip up.
///
/// # Errors
/// `CN-304` for a slip that does not run, for whom was not asked, without words.
pub fn advise(actor: &Actor, slip: &SlipFacts, advice: &str) -> Decision<()> {
    runs(slip, "CN-304")?;
    if !slip.advisers.contains(&actor.post) {
        return refuse(
            "CN-304",
            "slip.not_asked",
            "Ông/Bà không được xin ý kiến ở phiếu trình này.",
        );
    }
    if advice.trim().is_empty() {
        return Err(Refusal::new("CN-304", "slip.no_advice", "Vui lòng nhập ý kiến.").on("text"));
    }
    text(advice, "text")
}

/// The maker or a leader of the round asks more people for their advice.
///
/// # Errors
/// `CN-304` for a slip that does not run, for anybody else, for nobody chosen or somebody who is on the slip already.
pub fn ask_advice(actor: &Actor, slip: &SlipFacts, members: &[Member]) -> Decision<()> {
    runs(slip, "CN-304")?;
    if actor.post != slip.maker && !slip.deciders.iter().any(|one| one.post == actor.post) {
        return refuse(
            "CN-304",
            "slip.may_not_ask",
            "Chỉ người lập phiếu và lãnh đạo trong danh sách phê duyệt được xin thêm ý kiến.",
        );
    }
    let on = |code, message: &str| Err(Refusal::new("CN-304", code, message).on("members"));
    if members.is_empty() {
        return on(
            "slip.nobody_asked",
            "Vui lòng chọn ít nhất một người để xin ý kiến.",
        );
    }
    for (at, member) in members.iter().enumerate() {
        if !member.is_of_agency {
            return on(
                "slip.stranger",
                "Có người được chọn không còn giữ chức vụ tại cơ quan. Vui lòng chọn lại.",
            );
        }
        let twice = members[..at].iter().any(|other| other.is_same_person(member));
        let is_maker = member.post == slip.maker || member.account == Some(slip.maker_account);
        if twice || is_maker || slip.is_on(member.post) {
            return on(
                "slip.asked_twice",
                "Có người được chọn đã ở trong phiếu trình. Vui lòng bỏ chọn người đó.",
            );
        }
    }
    Ok(())
}

const NOT_RUNNING: &str =
    "Phiếu trình chưa trình hoặc đã kết thúc nên không nhận thêm ý kiến, phê duyệt. Vui lòng tải lại trang.";

fn runs(slip: &SlipFacts, clause: &'static str) -> Decision<()> {
    if slip.state == SlipState::Running {
        return Ok(());
    }
    refuse(clause, "slip.not_running", NOT_RUNNING)
}

fn text(text: &str, field: &'static str) -> Decision<()> {
    secrecy::refuse_state_secret(&SecretMarks {
        texts: &[text],
        ..SecretMarks::default()
    })?;
    if text.chars().count() <= MAX_TEXT_CHARS {
        return Ok(());
    }
    Err(Refusal::new(
        "CN-302",
        "slip.text_too_long",
        format!("Ý kiến dài quá {MAX_TEXT_CHARS} ký tự. Vui lòng viết gọn lại."),
    )
    .on(field))
}
