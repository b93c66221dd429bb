//! Bản giấy kèm văn bản điện tử: the clerk notes that paper came too and hands it to whoever the document was given to, who signs for it;
//! it comes back to the clerk (ND30-23.3, 23.4).

use super::IncomingFacts;
use super::facts::{must_be_clerk, must_be_registered};
use crate::ids::PostId;
use crate::people::Actor;
use crate::{Decision, Refusal};

/// Where the paper of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperPlace {
    /// Nothing is known of paper.
    Unknown,
    /// With the clerks.
    Clerks,
    /// Handed to somebody.
    Holder {
        /// To whom.
        post: PostId,
        /// Whether they signed for it.
        is_received: bool,
    },
}

/// What the clerk notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaperGiven<'a> {
    /// What the paper is made of.
    pub description: &'a str,
    /// To whom it goes; `None`: the clerks keep it.
    pub to: Option<PostId>,
    /// Whether the document was presented or assigned to them.
    pub is_entitled: bool,
}

/// The clerk notes that there is paper beside the document, or hands it on.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the agency; `ND30-22.1` and the like for a document that is not registered or was recalled;
/// `ND30-23.4` without saying what the paper is, while somebody has it, without a holder, or for one who was not given the document.
pub fn hand_over_paper(
    actor: &Actor,
    doc: &IncomingFacts,
    place: PaperPlace,
    given: &PaperGiven<'_>,
) -> Decision<()> {
    must_be_clerk(actor, doc.agency)?;
    must_be_registered(doc)?;
    let refuse = |code, field, message: &str| Err(Refusal::new("ND30-23.4", code, message).on(field));
    match place {
        PaperPlace::Unknown if given.description.trim().is_empty() => {
            return refuse(
                "paper.no_description",
                "paper_description",
                "Vui lòng ghi bản giấy gồm những gì (số bản, số trang) để đối chiếu khi ký nhận, trả lại.",
            );
        }
        PaperPlace::Clerks if given.to.is_none() => {
            return refuse(
                "paper.no_holder",
                "paper_holder",
                "Vui lòng chọn người nhận bản giấy.",
            );
        }
        PaperPlace::Holder { .. } => {
            return refuse(
                "paper.with_somebody",
                "paper_holder",
                "Bản giấy đang ở người khác. Vui lòng ghi nhận đã trả lại văn thư trước khi chuyển tiếp.",
            );
        }
        PaperPlace::Unknown | PaperPlace::Clerks => {}
    }
    if given.to.is_some() && !given.is_entitled {
        return refuse(
            "paper.not_given",
            "paper_holder",
            "Chỉ chuyển bản giấy cho người đã được trình hoặc được giao xử lý văn bản này.",
        );
    }
    Ok(())
}

/// Whoever the paper was handed to signs for it (ký nhận).
///
/// # Errors
/// `ND30-23.3` for anybody else, and when it was signed for before.
pub fn receive_paper(actor: &Actor, place: PaperPlace) -> Decision<()> {
    match place {
        PaperPlace::Holder { post, is_received } if post == actor.post => {
            if is_received {
                return Err(Refusal::new(
                    "ND30-23.3",
                    "paper.received_before",
                    "Ông/Bà đã ký nhận bản giấy này.",
                ));
            }
            Ok(())
        }
        _ => Err(Refusal::new(
            "ND30-23.3",
            "paper.not_holder",
            "Chỉ người được chuyển bản giấy ký nhận.",
        )),
    }
}

/// The clerk notes that the paper is back.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk of the agency; `ND30-23.3` when nobody has it.
pub fn take_paper_back(actor: &Actor, doc: &IncomingFacts, place: PaperPlace) -> Decision<()> {
    must_be_clerk(actor, doc.agency)?;
    match place {
        PaperPlace::Holder { .. } => Ok(()),
        PaperPlace::Unknown | PaperPlace::Clerks => Err(Refusal::new(
            "ND30-23.3",
            "paper.not_out",
            "Bản giấy không ở ngoài văn thư nên không có gì để trả lại.",
        )),
    }
}
