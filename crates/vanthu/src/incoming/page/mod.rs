//! The page of a document: what it shows to whom, and which acts it offers.

pub(super) mod acts;
pub(super) mod detail;
pub(super) mod part_view;
pub(super) mod people;
pub(super) mod replies;
pub(super) mod slip;
pub(super) mod view;
