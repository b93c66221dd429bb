//! What the regulations say, as pure functions: no I/O, no clock, no randomness.
//!
//! Each module is one chapter of the law. A rule takes loaded facts and returns a plan of changes or a
//! [`Refusal`] that names its clause and says, in Vietnamese, what to do.

mod refusal;

pub use refusal::{Decision, Refusal};
