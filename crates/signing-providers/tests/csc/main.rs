//! Remote signing in both releases, against the mock service that the project ships; `openssl` judges the signatures.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]
#![allow(
    clippy::needless_pass_by_value,
    reason = "settings of a test are written where they are used"
)]

mod access;
mod service;
mod signing;
#[path = "../support/mod.rs"]
mod support;
