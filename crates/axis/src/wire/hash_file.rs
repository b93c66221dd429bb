//! `hash-file`: SHA-256 of the file that is sent, with the oddity of the axis' own client (spec edxml 12.2).

use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

/// How the digest is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HashForm {
    /// Each byte without a leading zero, as the axis' own client does; 64 characters or fewer.
    #[default]
    Unpadded,
    /// The usual 64 characters.
    Padded,
}

/// The digest of a file, computed as it is read.
pub struct FileHash(Context);

impl Default for FileHash {
    fn default() -> Self {
        Self(Context::new(&SHA256))
    }
}

impl std::fmt::Debug for FileHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileHash")
    }
}

impl FileHash {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest.
    pub fn finish(self) -> [u8; 32] {
        let mut sum = [0; 32];
        sum.copy_from_slice(self.0.finish().as_ref());
        sum
    }

    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> [u8; 32] {
        let mut hash = Self::default();
        hash.update(bytes);
        hash.finish()
    }
}

impl HashForm {
    /// Prints a digest.
    pub fn print(self, sum: &[u8; 32]) -> String {
        match self {
            Self::Padded => hex::encode(sum),
            Self::Unpadded => sum.iter().fold(String::new(), |mut text, byte| {
                // Writing to a String cannot fail.
                let _ = write!(text, "{byte:x}");
                text
            }),
        }
    }

    /// Whether `text` is this digest in either form: a server must accept what the axis' own client sends.
    pub fn either(text: &str, sum: &[u8; 32]) -> bool {
        text.eq_ignore_ascii_case(&Self::Padded.print(sum))
            || text.eq_ignore_ascii_case(&Self::Unpadded.print(sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edxml_12_2_the_vectors_of_the_specification() {
        let sum = FileHash::of(b"abc");
        let padded = HashForm::Padded.print(&sum);
        assert!(padded.starts_with("ba7816bf8f01cfea"));
        assert_eq!(padded.len(), 64);
        let unpadded = HashForm::Unpadded.print(&sum);
        assert_eq!(
            unpadded,
            "ba7816bf8f1cfea414140de5dae2223b0361a396177a9cb410ff61f2015ad"
        );
        assert_eq!(unpadded.len(), 61);
        assert!(HashForm::either(&padded, &sum) && HashForm::either(&unpadded, &sum));
        assert!(!HashForm::either("ba7816bf", &sum));
    }

    #[test]
    fn a_digest_does_not_depend_on_how_the_bytes_come() {
        let mut hash = FileHash::default();
        hash.update(b"a");
        hash.update(b"bc");
        assert_eq!(hash.finish(), FileHash::of(b"abc"));
    }
}
