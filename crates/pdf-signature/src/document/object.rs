//! Values of a PDF file.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

/// Number and generation of an indirect object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId {
    /// Object number, from 1.
    pub number: u32,
    /// Generation, nearly always 0.
    pub generation: u16,
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number, self.generation)
    }
}

/// One value. Strings and names are decoded.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// `null`, also what a missing object counts as.
    Null,
    /// `true`, `false`.
    Boolean(bool),
    /// Whole number.
    Integer(i64),
    /// Number with a fraction.
    Real(f64),
    /// String, decoded; `hex` tells how it was written.
    String {
        /// The bytes.
        bytes: Vec<u8>,
        /// Written as `<…>`, not as `(…)`.
        hex: bool,
    },
    /// Name without its slash, `#xx` decoded.
    Name(Vec<u8>),
    /// Array.
    Array(Vec<Object>),
    /// Dictionary.
    Dictionary(Dictionary),
    /// Reference to an indirect object.
    Reference(ObjectId),
}

impl Object {
    /// The whole number, if it is one.
    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, whole or not.
    pub fn number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "lengths on a page")]
            Self::Integer(value) => Some(*value as f64),
            Self::Real(value) => Some(*value),
            _ => None,
        }
    }

    /// The name, if it is one.
    pub fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// Whether it is this name.
    pub fn is_name(&self, name: &str) -> bool {
        self.name() == Some(name.as_bytes())
    }

    /// The bytes of the string, if it is one.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::String { bytes, .. } => Some(bytes),
            _ => None,
        }
    }

    /// The array, if it is one.
    pub fn array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The dictionary, if it is one.
    pub fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    /// What it refers to, if it is a reference.
    pub fn reference(&self) -> Option<ObjectId> {
        match self {
            Self::Reference(id) => Some(*id),
            _ => None,
        }
    }

    /// The text of a string: UTF-16 with a mark, UTF-8 with a mark, otherwise byte for byte.
    pub fn text(&self) -> Option<String> {
        self.bytes().map(text_of)
    }

    /// Whether both mean the same; how strings are written does not matter, nor does the order of keys.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::String { bytes: one, .. }, Self::String { bytes: two, .. }) => one == two,
            (Self::Array(one), Self::Array(two)) => {
                one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.same(two))
            }
            (Self::Dictionary(one), Self::Dictionary(two)) => one.same(two),
            (one, two) => one == two,
        }
    }
}

/// Text of a string's bytes (ISO 32000-1, 7.9.2.2).
pub fn text_of(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Vec<u16> = rest
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// One key of a dictionary.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Key without its slash.
    pub key: Vec<u8>,
    /// Value.
    pub value: Object,
    /// Where the value stands in what was parsed (the file, or a decoded object stream).
    pub span: Range<usize>,
}

/// Up to so many keys a search is faster than a map.
pub const FEW_KEYS: usize = 16;

/// Dictionary; no key occurs twice.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    entries: Vec<Entry>,
}

impl PartialEq for Dictionary {
    fn eq(&self, other: &Self) -> bool {
        self.same(other)
    }
}

impl Dictionary {
    /// Empty.
    pub const EMPTY: Self = Self { entries: Vec::new() };

    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// The entries in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Direct value of a key; a reference is not followed.
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key.as_bytes())
    }

    /// Whether the key is there.
    pub fn contains(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// Sets a key: replaces in place or appends.
    pub fn set(&mut self, key: &str, value: Object) {
        match self.entries.iter_mut().find(|entry| entry.key == key.as_bytes()) {
            Some(entry) => entry.value = value,
            None => self.entries.push(Entry {
                key: key.as_bytes().to_vec(),
                value,
                span: 0..0,
            }),
        }
    }

    /// The values by key, for whoever looks up many.
    pub fn by_key(&self) -> HashMap<&[u8], &Object> {
        self.entries
            .iter()
            .map(|entry| (entry.key.as_slice(), &entry.value))
            .collect()
    }

    /// Whether both have the same keys with the same values.
    pub fn same(&self, other: &Self) -> bool {
        if self.entries.len() != other.entries.len() {
            return false;
        }
        if self.entries.len() <= FEW_KEYS {
            return self.entries.iter().all(|entry| {
                other
                    .entries
                    .iter()
                    .find(|candidate| candidate.key == entry.key)
                    .is_some_and(|candidate| candidate.value.same(&entry.value))
            });
        }
        let others = other.by_key();
        self.entries.iter().all(|entry| {
            others
                .get(entry.key.as_slice())
                .is_some_and(|value| value.same(&entry.value))
        })
    }

    /// Of keys that were parsed, all different.
    pub(super) fn of(entries: Vec<Entry>) -> Self {
        Self { entries }
    }
}

/// An object with where it stands.
#[derive(Clone, Debug)]
pub struct Indirect {
    /// Number and generation.
    pub id: ObjectId,
    /// Its value; of a stream: the dictionary.
    pub value: Object,
    /// Raw data of a stream, as a range of the file.
    pub stream: Option<Range<usize>>,
    /// From `N G obj` to behind `endobj`, as a range of the file; of an object inside an object stream: of that stream.
    pub span: Range<usize>,
    /// Number of the object stream it lies in.
    pub container: Option<u32>,
}

impl Indirect {
    /// Its dictionary, also of a stream.
    pub fn dictionary(&self) -> Option<&Dictionary> {
        self.value.dictionary()
    }
}
