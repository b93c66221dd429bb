//! The tree of what is understood.

use crate::{
    model::Content,
    text::{Lines, cleaned, value},
};

/// An element that is understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Node {
    /// As the regulation spells it.
    pub(crate) name: &'static str,
    /// All text directly inside, as it stands.
    pub(crate) text: String,
    pub(crate) children: Vec<Node>,
    /// What the sink got of this element.
    pub(crate) content: Option<Content>,
    /// It has the namespace of XMLDSig.
    pub(crate) is_dsig: bool,
}

impl Node {
    /// No value and nothing with a value inside (R2).
    pub(crate) fn is_empty(&self) -> bool {
        self.content.is_none()
            && self.children.iter().all(Self::is_empty)
            && value(&self.text, Lines::One).is_none()
    }

    pub(crate) fn cleaned(&self) -> String {
        cleaned(&self.text, Lines::One)
    }

    /// Every element of this name inside, at any depth, but not inside another of the name.
    pub(crate) fn found(&self, name: &str) -> Vec<&Self> {
        let mut all = Vec::new();
        self.collect(name, &mut all);
        all
    }

    fn collect<'n>(&'n self, name: &str, all: &mut Vec<&'n Self>) {
        for child in &self.children {
            if child.name == name {
                all.push(child);
            } else {
                child.collect(name, all);
            }
        }
    }

    /// The first value among the children of this name.
    pub(crate) fn child_value(&self, name: &str) -> Option<String> {
        self.children
            .iter()
            .filter(|child| child.name == name)
            .find_map(|child| value(&child.text, Lines::One))
    }
}
