//! Ai được xem, được làm gì: one engine for pages, API, lists and notices (QC01-4.2, PL6 I.3).
//!
//! [`decide`] answers yes or no, [`explain`] also says why. Whether an act fits the document's state in every detail is
//! the business of [`crate::outgoing`] and [`crate::incoming`]; here stands who may come near it at all.
//!
//! Who sees a document:
//! - nobody outside the owning agency, and no administrator;
//! - persons who took part: the drafter, the holders of assignments, whoever reviewed or directed;
//! - heads of units that took part;
//! - clerks: everything that came in, everything issued, drafts from form check on;
//! - persons assigned to check form: drafts that wait for it;
//! - leaders: everything registered or issued, and drafts that reached them for signing.

mod facts;
mod policy;
#[cfg(test)]
mod tests;

pub use facts::{Action, Explanation, Ground, ObjectFacts, ObjectKind};
pub use policy::{decide, explain, hidden};
