//! Limits of the reader. Foreign files can cost no more than this.

/// Depth of nested arrays and dictionaries, of the page tree, of form fields.
pub const DEPTH: usize = 100;
/// Cross-reference sections.
pub const XREF_SECTIONS: usize = 500;
/// Bytes that all object and cross-reference streams together may inflate to.
pub const INFLATED: usize = 256 << 20;
/// Entries of all cross-reference sections together.
pub const XREF_ENTRIES: usize = 4_000_000;
/// Highest object number (ISO 32000-1, Annex C).
pub const OBJECT_NUMBER: u64 = 8_388_607;
/// Size of a file that is signed, in bytes.
pub const SIGNED_FILE: usize = 52_428_800;
/// Pages and nodes of the page tree.
pub const PAGES: usize = 400_000;
/// Form fields.
pub const FIELDS: usize = 100_000;
/// Signatures.
pub const SIGNATURES: usize = 100;
/// Keys of one dictionary. Names of glyphs, fonts and destinations stay far below.
pub const KEYS: usize = 10_000;
/// Values in one object, nested ones counted. A value takes some 50 bytes of memory, two bytes of a file.
pub const VALUES: usize = 1_000_000;
/// Values of all objects kept in memory; when there are more, all are forgotten and read again when needed.
pub const VALUES_REMEMBERED: usize = 2_000_000;
/// Values that are read of one document, repeated reading counted: half a minute of work.
pub const VALUES_READ: usize = 300_000_000;
