//! A finished drawing as raw PDF objects, independent of the document it will be appended to.

use std::sync::Arc;

/// The content of a signature's appearance (`/AP /N`), with everything it needs.
///
/// References between its objects are placeholders made by [`placeholder`]; the writer gives the objects their numbers
/// in the document and replaces the placeholders.
#[derive(Clone, Debug, Default)]
pub struct FormXObject {
    /// Content stream, not compressed.
    pub content: Vec<u8>,
    /// `/BBox` in points: left, bottom, right, top.
    pub bbox: [f64; 4],
    /// The whole `/Resources` dictionary as PDF source, for example `<< /XObject << /Im0 <@0> >> >>`; empty for none.
    pub resources: Vec<u8>,
    /// The objects behind it; `<@n>` anywhere in `resources` or in a `dictionary` means the n-th of them, from 0.
    pub objects: Vec<RawObject>,
}

/// One object to append.
#[derive(Clone, Debug)]
pub struct RawObject {
    /// PDF source of the object, usually a dictionary `<< … >>`. For a stream without `/Length`: the writer adds it.
    pub dictionary: Vec<u8>,
    /// Data of the stream exactly as stored (already compressed if `/Filter` says so).
    pub stream: Option<Arc<[u8]>>,
}

/// How an object of the same [`FormXObject`] is referred to. No valid PDF source contains this by accident: `<@` cannot
/// begin a hexadecimal string.
pub fn placeholder(index: usize) -> String {
    format!("<@{index}>")
}
