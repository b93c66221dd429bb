//! Documents are composed or laid out by another program, and their fields read back from the PDF.

#![expect(
    clippy::expect_used,
    reason = "helpers of tests, whose failure is the failure of the test"
)]

mod agencies;
mod bare;
mod composed;
mod corpus;
mod elsewhere;
mod kept;
mod layouts;
#[path = "../office/mod.rs"]
mod office;
mod oracle;
mod refused;
mod verdict;
