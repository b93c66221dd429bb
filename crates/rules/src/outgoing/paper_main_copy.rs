//! Bản chính văn bản giấy from an electronic document (ND30 Điều 18.5, 19.2c; CN-222): the clerk prints what was signed
//! digitally and seals it; that it was done, how often and what for is on record.

use super::{OutgoingFacts, OutgoingState};
use crate::people::Actor;
use crate::{Decision, Refusal};

/// So many sheets with the seal at once; more is a mistake in typing.
const MOST_COPIES: u32 = 1000;

/// What is looked at beside the document.
#[derive(Debug, Clone, Copy)]
pub struct PaperMainCopy<'a> {
    /// Whether the person with authority signed it digitally.
    pub is_signed: bool,
    /// Whether it was recalled.
    pub is_recalled: bool,
    /// How many were printed and sealed.
    pub copies: u32,
    /// What for: to be kept, or for whom.
    pub purpose: &'a str,
}

/// Records that main copies on paper were made.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the agency; `ND30-18.5` for a document that is not issued or was not signed digitally,
/// or without number or purpose; `ND30-18.4b` for a recalled one.
pub fn paper_main_copy(actor: &Actor, doc: &OutgoingFacts, made: &PaperMainCopy<'_>) -> Decision<()> {
    super::issue::must_be_clerk(actor, doc)?;
    let refuse = |clause, code, message: &str| Err(Refusal::new(clause, code, message));
    if doc.state != OutgoingState::Issued {
        return refuse(
            "ND30-18.5",
            "outgoing.not_issued",
            "Chỉ in, đóng dấu bản chính giấy của văn bản điện tử đã ban hành.",
        );
    }
    if !made.is_signed {
        return refuse(
            "ND30-18.5",
            "outgoing.not_signed",
            "Văn bản không có chữ ký số của người có thẩm quyền nên không tạo được bản chính giấy bằng cách in, đóng dấu.",
        );
    }
    if made.is_recalled {
        return refuse(
            "ND30-18.4b",
            "outgoing.recalled",
            "Văn bản đã thu hồi nên không tạo thêm bản chính giấy.",
        );
    }
    if made.copies == 0 || made.copies > MOST_COPIES {
        return Err(Refusal::new(
            "ND30-18.5",
            "outgoing.paper_copies",
            format!("Số bản phải từ 1 đến {MOST_COPIES}."),
        )
        .on("copies"));
    }
    if made.purpose.trim().is_empty() {
        return Err(Refusal::new(
            "ND30-18.5",
            "outgoing.paper_purpose",
            "Vui lòng ghi mục đích: lưu tại văn thư, lưu hồ sơ hoặc nơi nhận bản giấy.",
        )
        .on("purpose"));
    }
    Ok(())
}
