//! Văn bản đến: from delivery to the end of handling (ND30 Điều 20 to 24, QD28 Điều 9).
//!
//! ```text
//! Delivered ─accept_and_register─► Registered ─present─► Presented ─direct─► Assigned ─start─► InProgress ─finish─► Finished
//!     └─refuse─► Refused            ▲                                     └────pass_down────┘
//!              register_paper ──────┘
//! ```

mod assignments;
mod delivery;
mod direction;
mod facts;
mod handling;
mod prefill;
mod reception;
mod states;
#[cfg(test)]
mod tests;

pub use assignments::{Assignee, AssignmentFacts, AssignmentRequest, PlannedAssignment};
pub use delivery::{
    AnnouncedFile, CheckOutcome, CheckResult, DeliveryCheck, DeliveryFacts, ReceivedFile, SignedBy,
    check_delivery, names_agree,
};
pub use direction::{Direction, DirectionPlan, DirectionPolicy, direct, pass_down, present};
pub use facts::{IncomingFacts, IncomingPlan};
pub use handling::{FinishPlan, FinishResult, complete_assignment, finish, opinion, start};
pub use prefill::{Agreement, FormValues, ReadValue, ReadValues, RegistrationField, agreement, prefill};
pub use reception::{PaperDocument, accept_and_register, refuse, register_paper};
pub use states::{AssignmentRole, AssignmentState, IncomingEvent, IncomingState};
