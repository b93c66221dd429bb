//! What changed in a document after a signature: every change must be explained, otherwise it is refused.
//!
//! One revision is compared with the one before it ([`step`]). From the trailer downwards every part of the document has a
//! rule: what may be added or replaced there, and how far that goes. Everything else is frozen: no object that the update
//! overwrites, frees or brings into being may be reachable there. So an object that plays two parts must satisfy both.
//!
//! | Part | May change | Level |
//! |---|---|---|
//! | trailer | `/Info`, `/ID`, `/Size`, `/Prev` | validation data |
//! | catalog | `/DSS`, `/Metadata`, `/Extensions`, `/Version` upwards | validation data |
//! | form | new signature fields, signature fields signed now, `/SigFlags`, `/DR`, `/DA` | new signatures |
//! | pages | widgets of those fields, behind all annotations that were there | new signatures |
//! | other fields | value and appearance | form filling |
//! | anything else | nothing | other |

mod catalog;
mod form;
mod frozen;
mod pages;
mod step;
mod store;

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
    /// Which part of its page it takes, from 0 to 1.
    pub share: f64,
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

impl Changes {
    /// Nothing changed.
    pub const NONE: Self = Self {
        level: ChangeLevel::None,
        notes: Vec::new(),
        added_widgets: Vec::new(),
    };

    /// What a certification (`/P` of DocMDP, see [`crate::document::SignatureField::doc_mdp`]) makes of it: changes it
    /// does not allow become [`ChangeLevel::Other`].
    #[must_use]
    pub fn within(mut self, doc_mdp: Option<u8>) -> Self {
        let allowed = match doc_mdp {
            None | Some(2..) => ChangeLevel::FormFilling,
            Some(_) => ChangeLevel::ValidationData,
        };
        let forbidden = self
            .notes
            .iter()
            .find(|note| note.level > allowed && note.level < ChangeLevel::Other)
            .cloned();
        if let Some(note) = forbidden {
            self.level = ChangeLevel::Other;
            self.notes.push(ChangeNote {
                rule: "certification".to_owned(),
                level: ChangeLevel::Other,
                text: "Văn bản đã được chứng thực ở mức không cho phép thay đổi này.".to_owned(),
                ..note
            });
        }
        self
    }
}

/// The changes of all revisions, each judged once.
#[derive(Clone, Debug)]
pub struct History {
    /// What each revision changed; the first one has nothing before it.
    steps: Vec<Changes>,
}

impl History {
    /// Judges the revisions after one (index from 0). Never fails: what cannot be read is [`ChangeLevel::Other`].
    pub fn after(document: &Document<'_>, revision: usize) -> Self {
        let holders = step::Holders::of(document);
        let judged = (0..document.revisions().len()).map(|index| match index {
            0 => Changes::NONE,
            index if index <= revision => Changes::NONE,
            index => step::judge(document, index, &holders),
        });
        Self {
            steps: judged.collect(),
        }
    }

    /// What changed after a revision, which is not before the one of [`History::after`].
    pub fn since(&self, revision: usize) -> Changes {
        let mut all = Changes::NONE;
        for step in self.steps.iter().skip(revision.saturating_add(1)) {
            all.level = all.level.max(step.level);
            all.notes.extend(step.notes.iter().cloned());
            all.added_widgets.extend(step.added_widgets.iter().cloned());
        }
        all
    }
}

/// What changed after a revision (index from 0). Never fails: what cannot be read is [`ChangeLevel::Other`].
///
/// For several signatures of one document use [`History`].
pub fn since(document: &Document<'_>, revision: usize) -> Changes {
    History::after(document, revision).since(revision)
}
