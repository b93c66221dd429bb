//! The verdict rules (signing levels, time, revocation, trust) on documents that we sign ourselves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod certificates;
mod documents;
mod evidence;
#[path = "../kit/mod.rs"]
mod kit;

use pdf_signature::verify::{Report, Verdict};

fn told(report: &Report) -> (Verdict, Option<&str>) {
    (report.verdict, report.sub_reason.as_deref())
}
