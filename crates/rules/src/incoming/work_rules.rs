//! What the work rules of an agency assign beforehand: such a document goes to its unit without being presented (ND30-23.1).

use serde::Deserialize;

use crate::ids::UnitId;

/// A line of the work rules: what is left out holds for all.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WorkRule {
    /// The unit that handles.
    pub unit: UnitId,
    /// Keys of kinds of documents.
    #[serde(default)]
    pub document_types: Vec<String>,
    /// Name or code of the sender.
    #[serde(default)]
    pub sender: Option<String>,
    /// Căn cứ.
    pub basis: String,
}

impl WorkRule {
    fn covers(&self, document_type: &str, sender: &str, sender_code: Option<&str>) -> bool {
        let is_sender = |wanted: &str| {
            viet_text::fold(wanted) == viet_text::fold(sender)
                || sender_code.is_some_and(|code| code.eq_ignore_ascii_case(wanted.trim()))
        };
        (self.document_types.is_empty() || self.document_types.iter().any(|key| key == document_type))
            && self.sender.as_deref().is_none_or(is_sender)
            // A line without its basis is no decision of the head.
            && !self.basis.trim().is_empty()
    }
}

/// The line that fixes who handles a document. Lines that name different units fix nothing: a leader decides.
#[must_use]
pub fn fixed_handler<'a>(
    rules: &'a [WorkRule],
    document_type: &str,
    sender: &str,
    sender_code: Option<&str>,
) -> Option<&'a WorkRule> {
    let mut covering = rules
        .iter()
        .filter(|rule| rule.covers(document_type, sender, sender_code));
    let first = covering.next()?;
    covering.all(|other| other.unit == first.unit).then_some(first)
}
