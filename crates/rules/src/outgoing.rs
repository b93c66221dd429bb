//! Văn bản đi: from draft to issue (ND30 Điều 10 to 18).
//!
//! ```text
//! Draft ─submit─► ContentReview ─sign_off_content─► FormReview ─sign_off_form─► Approval ─approve─► Approved ─issue─► Issued
//!   ▲                 │  ▲                              │                           │                   │
//!   └────return───────┘  └───────────return─────────────┴───────────return──────────┘◄──────return──────┘
//! ```
//!
//! Where the agency signs digitally, the signer approves by signing, and the clerk's one button numbers, seals and issues:
//!
//! ```text
//! Approval ─begin_signing─► Signing ─complete_signing─► Approved ─take_number─► Numbered ─issue─► Issued
//!     ▲                        │                                                   │
//!     └──────abandon_signing───┘                                                   └─void_number─► Voided, or Cancelled
//! ```
//!
//! Every change of the text is a new version. Sign-offs and the approval name the version they were given for, so a
//! change voids them by itself; the plan says so too, for the history.

mod before_issue;
mod co_drafters;
mod consultation;
mod draft;
mod facts;
mod issue;
mod kept_copy;
mod paper_main_copy;
mod review;
mod signing;
mod states;
#[cfg(test)]
mod tests;
mod timeliness;

pub use before_issue::{CheckResult, IssueCheck, before_issue};
pub use co_drafters::{MAX_CO_DRAFTERS, set_co_drafters};
pub use consultation::{
    Consulted, MAX_CONSULTED, Manner, OpinionView, Round, RoundFacts, close_round, consult, is_discussed,
    may_consult, reply,
};
pub use draft::{MAX_TEXT_CHARS, may_compose, save_draft, submit};
pub use facts::{DraftFields, Mark, OutgoingFacts, OutgoingPlan, SignOff, Waiting};
pub use issue::{IssueFacts, cancel, issue};
pub use kept_copy::{KeptCopyUse, return_kept_copy, use_kept_copy};
pub use paper_main_copy::{PaperMainCopy, paper_main_copy};
pub use review::{approve, return_with_comment, sign_off_content, sign_off_form};
pub use signing::{GivenNumber, abandon_signing, begin_signing, complete_signing, take_number, void_number};
pub use states::{OutgoingEvent, OutgoingState};
pub use timeliness::{OfficeHours, Reach, Timeliness, issue_by, late_before, timeliness};
