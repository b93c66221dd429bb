//! Phiếu trình (CN-302 to CN-305): an officer lays a matter before leaders, who approve it one after another or side by side;
//! the last one decides.
//!
//! ```text
//! Draft ─submit─► Running ─decide (the last approves)─► Approved
//!                 ▲     │
//!              submit   └─decide (anybody returns)─► Returned
//! ```
//!
//! Each leader is asked for “Phê duyệt”, without a signature, or for “Ký duyệt”, with their digital signature on the slip as it lies
//! before them; nobody gives the one for the other.
//!
//! No law orders a slip: it is internal, has no number and stands in no book. A refusal gives the whole slip back to its maker, who
//! changes it and submits it anew; each submission is a round that is kept. Advice of others never holds it up. A draft that it carries
//! is frozen while it runs, and goes on by the rules of outgoing documents once it is approved.

mod compose;
mod decide;
mod facts;
mod sight;
#[cfg(test)]
mod tests;

pub use compose::{CarriedDraft, Member, SlipContent, cancel, carry_draft, leave_draft_alone, save, submit};
pub use decide::{advise, ask_advice, decide, in_person};
pub use facts::{Decider, SlipAnswer, SlipAsked, SlipFacts, SlipPlan, SlipState};
pub use sight::{goes_on_seeing_draft, rounds_seen};
