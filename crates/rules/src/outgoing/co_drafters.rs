//! Phối hợp soạn thảo (ND30 Điều 10.1): colleagues who write with the drafter. They change the text; the drafter answers for it and
//! submits (ND30-10.4).

use super::{Consulted, OutgoingFacts, OutgoingState};
use crate::people::Actor;
use crate::{Decision, Refusal};

/// How many may write at one draft; more is a working group that agrees first.
pub const MAX_CO_DRAFTERS: usize = 20;

/// Says who helps to write a draft: the whole list, which may be empty.
///
/// # Errors
/// `ND30-10.4` for anybody but the drafter, `ND30-10.1` after the draft was submitted or for a person who cannot help.
pub fn set_co_drafters(actor: &Actor, doc: &OutgoingFacts, chosen: &[Consulted]) -> Decision<()> {
    if actor.post != doc.drafter {
        return Err(Refusal::new(
            "ND30-10.4",
            "outgoing.not_drafter",
            "Chỉ người soạn thảo được chọn người phối hợp soạn thảo dự thảo này.",
        ));
    }
    let refuse = |code, message: String| Err(Refusal::new("ND30-10.1", code, message).on("co_drafters"));
    if doc.state != OutgoingState::Draft {
        return refuse(
            "outgoing.wrong_state",
            format!(
                "Văn bản đang ở bước “{}” nên không đổi người phối hợp soạn thảo. Nếu cần sửa nội dung, vui lòng đề nghị trả lại dự thảo.",
                doc.state.label()
            ),
        );
    }
    if chosen.len() > MAX_CO_DRAFTERS {
        return refuse(
            "outgoing.too_many_co_drafters",
            format!("Một dự thảo có tối đa {MAX_CO_DRAFTERS} người phối hợp soạn thảo."),
        );
    }
    if chosen.iter().any(|one| one.post == doc.drafter) {
        return refuse(
            "outgoing.own_co_drafter",
            "Người soạn thảo không cần chọn chính mình. Vui lòng bỏ tên mình khỏi danh sách.".into(),
        );
    }
    if chosen.iter().any(|one| !one.may_be_asked) {
        return refuse(
            "outgoing.not_a_co_drafter",
            "Có người được chọn không còn công tác tại cơ quan hoặc là tài khoản quản trị. Vui lòng chọn lại."
                .into(),
        );
    }
    Ok(())
}
