//! The one way a rule says no.

use serde::Serialize;

/// What a rule returns: a plan, or a refusal that names its clause.
pub type Decision<T> = Result<T, Refusal>;

/// A refused act: which clause refuses it and, in Vietnamese, what the person can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message} ({clause})")]
pub struct Refusal {
    /// The clause, as `docs/compliance.md` writes it: `ND30-22.1`, `QD28-8.1`, `QC01-8.4`.
    pub clause: &'static str,
    /// Stable machine-readable name for API clients: `incoming.not_registered`.
    pub code: &'static str,
    /// One or two polite Vietnamese sentences: what is wrong and what to do.
    pub message: String,
    /// The form field that the message belongs to, when there is one.
    pub field: Option<&'static str>,
}

impl Refusal {
    /// A refusal of the whole act.
    pub fn new(clause: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            clause,
            code,
            message: message.into(),
            field: None,
        }
    }

    /// The same refusal, shown beside the form field `field`.
    #[must_use]
    pub fn on(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }
}
