//! Documents are composed and read back with poppler, the independent tool. One binary, because linking the layout engine is slow.

#![expect(
    clippy::expect_used,
    reason = "helpers of tests, whose failure is the failure of the test"
)]

mod blanks;
mod body;
mod copy;
mod decision;
mod docx;
mod envelope;
mod hostile;
mod issued;
#[path = "../../../pdf-signature/tests/judges/mod.rs"]
mod judges;
mod layout;
mod libreoffice;
mod lines;
mod mail;
#[path = "../office/mod.rs"]
mod office;
mod picture;
mod register;
mod samples;
mod signed;
mod slip;
mod submission;
mod support;
mod templates;
