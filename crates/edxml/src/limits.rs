//! How much of a foreign file is read before it is refused.

use serde::{Deserialize, Serialize};

/// Limits of reading. The defaults fit messages of a provincial axis: some files of 50 MB in one message (QC01-8.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Largest file, in bytes, before and after unpacking a gzip or base64 around the whole of it.
    pub file: u64,
    /// Largest attachment, in bytes, decoded and also unpacked.
    pub attachment: u64,
    /// Largest sum of all attachments, in bytes, unpacked.
    pub attachments_total: u64,
    /// How many times larger an unpacked content, or the whole file without its gzip, may be than the packed one; asked only
    /// above [`Limits::RATIO_FREE`].
    pub ratio: u64,
    /// Most attachments in one message.
    pub attachments: usize,
    /// Most elements.
    pub elements: usize,
    /// Deepest nesting of elements.
    pub depth: usize,
    /// Longest single text, tag, comment or instruction, in bytes.
    pub text: u64,
    /// Longest sum of all texts outside the attachments, in bytes.
    pub texts_total: u64,
    /// Most warnings that are kept; further ones are dropped and counted in a last one.
    pub warnings: usize,
}

impl Limits {
    /// Up to this size, in bytes, the ratio of an unpacked content is not asked: short texts pack well.
    pub const RATIO_FREE: u64 = 10 * 1024 * 1024;
}

impl Default for Limits {
    fn default() -> Self {
        const MB: u64 = 1024 * 1024;
        Self {
            file: 256 * MB,
            attachment: 100 * MB,
            attachments_total: 256 * MB,
            ratio: 200,
            attachments: 200,
            elements: 100_000,
            depth: 64,
            text: MB,
            texts_total: 8 * MB,
            warnings: 200,
        }
    }
}
