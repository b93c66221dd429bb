//! Văn bản đến: from delivery to the end of handling (ND30 Điều 20 to 24, QD28 Điều 9).

mod states;

pub use states::{AssignmentRole, AssignmentState, IncomingEvent, IncomingState};
