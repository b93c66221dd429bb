//! Checking a message: strictly before it is sent, leniently when it has come (spec edxml 13).

mod received;
mod sending;

use serde::{Deserialize, Serialize};

pub use received::received;
pub use sending::{Generation, Sending, before_sending};

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// For the clerk to know.
    Warning,
    /// Must not be sent, or lacks what a receiver needs.
    Error,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The path of the element, or the name of an attachment.
    pub element: String,
    /// Stable name of the rule.
    pub rule: String,
    /// How serious.
    pub severity: Severity,
    /// A Vietnamese sentence that says what to do.
    pub message: String,
}

/// Whether none of the findings is an error.
#[must_use]
pub fn acceptable(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Error)
}
