//! What changed in a document after a signature: every change must be explained, otherwise it is refused.

use serde::{Deserialize, Serialize};

use crate::document::{Document, WidgetArea};

/// How far the changes after a signature go. Ordered: each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeLevel {
    /// Nothing changed.
    None,
    /// Validation data, document time stamps, metadata.
    ValidationData,
    /// Signature fields and signatures were added.
    NewSignatures,
    /// Values of form fields were changed. Refused: documents of the state have no forms.
    FormFilling,
    /// Anything else, or anything that no rule explains. Refused.
    Other,
}

/// One change and the rule that judged it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeNote {
    /// Revision (index from 0) that brought the change.
    pub revision: usize,
    /// Number of the object, 0 when it is about the file as a whole.
    pub object: u32,
    /// Stable name of the rule.
    pub rule: String,
    /// How far this change goes.
    pub level: ChangeLevel,
    /// Vietnamese sentence.
    pub text: String,
}

/// A signature field that was added or signed later and shows something on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct AddedWidget {
    /// Full name of its field.
    pub field: String,
    /// Revision (index from 0) that added it.
    pub revision: usize,
    /// Where it is seen.
    pub area: WidgetArea,
}

/// What changed after a revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// The furthest of all changes.
    pub level: ChangeLevel,
    /// Every change.
    pub notes: Vec<ChangeNote>,
    /// What later signatures show. Acceptable only if the signature of that very field is valid and trusted.
    pub added_widgets: Vec<AddedWidget>,
}

/// What changed after a revision (index from 0). Never fails: what cannot be read is [`ChangeLevel::Other`].
pub fn since(document: &Document<'_>, revision: usize) -> Changes {
    let level = if revision + 1 >= document.revisions().len() {
        ChangeLevel::None
    } else {
        ChangeLevel::Other
    };
    Changes {
        level,
        notes: Vec::new(),
        added_widgets: Vec::new(),
    }
}
