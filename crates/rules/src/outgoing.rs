//! Văn bản đi: from draft to issue (ND30 Điều 10 to 18).

mod states;

pub use states::{OutgoingEvent, OutgoingState};
