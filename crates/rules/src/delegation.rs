//! Ủy quyền xử lý công việc (CN-805, CN-806): what a person hands over to a colleague for a time, and what the colleague may do
//! then. Whoever handed it over keeps everything.
//!
//! The authority to sign never goes this way: it is handed over by a document of the head of the agency (ND30-13.3), and what was
//! handed over is not handed on.

mod grant;
mod scope;
#[cfg(test)]
mod tests;

pub use grant::{Grant, Party, end, grant};
pub use scope::{Function, Scope, checks_anothers_draft, decides_on_anothers_part, may_in_place, prepare};
