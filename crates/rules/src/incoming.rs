//! Văn bản đến: from delivery to the end of handling (ND30 Điều 20 to 24, QD28 Điều 9).
//!
//! ```text
//! Delivered ─accept_and_register─► Registered ─present─► Presented ─direct─► Assigned ─start─► InProgress ─finish─► Finished
//!     └─refuse─► Refused            ▲                                     └────pass_down────┘
//!              register_paper ──────┘
//! ```
//!
//! A part that was given can come back: [`give_back`] by its holder, [`take_back`] by its giver; [`assign_more`] and
//! [`change_part`] mend what was given, [`ask_extension`] asks for a later deadline, [`urge`] reminds.

mod amendment;
mod assignments;
mod delivery;
mod direction;
mod dossier;
mod extension;
mod facts;
mod handling;
mod paper_beside;
mod prefill;
mod reception;
mod states;
#[cfg(test)]
mod tests;
mod unopened;
mod urging;
mod work_rules;

pub use amendment::{
    Change, ChangePlan, Changed, GiveBackPlan, REASON_MOST, TakeBackPlan, assign_more, change_part,
    give_back, take_back,
};
pub use assignments::{Assignee, AssignmentFacts, AssignmentRequest, PlannedAssignment};
pub use delivery::{
    AnnouncedFile, CheckOutcome, CheckResult, DeliveryCheck, DeliveryFacts, ReceivedFile, SignedBy,
    check_delivery, names_agree,
};
pub use direction::{Direction, DirectionPlan, DirectionPolicy, direct, pass_down, present};
pub use dossier::{DossierFacts, note_dossier, receive_dossier};
pub use extension::{
    ExtensionFacts, ExtensionPolicy, GrantPlan, Wish, ask_extension, grant_extension, refuse_extension,
};
pub use facts::{IncomingFacts, IncomingPlan};
pub use handling::{
    CompletePlan, FinishPlan, FinishResult, complete_assignment, finish, mark_seen, opinion, start,
};
pub use paper_beside::{PaperGiven, PaperPlace, hand_over_paper, receive_paper, take_paper_back};
pub use prefill::{Agreement, FormValues, ReadValue, ReadValues, RegistrationField, agreement, prefill};
pub use reception::{
    LIKELY_DUPLICATE, PaperDocument, accept_and_register, refuse, register_despite_duplicates, register_paper,
};
pub use states::{
    AssignmentRole, AssignmentState, ExtensionState, IncomingEvent, IncomingState, PaperChannel,
};
pub use unopened::{
    AddresseeKind, Envelope, UnopenedFacts, UnopenedState, forward_unopened, hand_back_unopened,
    receive_unopened, register_unopened,
};
pub use urging::{UrgePlan, urge};
pub use work_rules::{WorkRule, fixed_handler};
