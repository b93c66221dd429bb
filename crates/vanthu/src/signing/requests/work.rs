//! What a request still has to do: the files of a document and the signatures that each of them still needs.

use pdf_signature::appearance::{Area, Slot};
use rules::ids::FileId;
use serde::{Deserialize, Serialize};

/// One signature that a file still needs, with all that its appearance says. Everything visible is fixed before the hash is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "there are a handful of marks per act, read once from the database"
)]
pub enum Mark {
    /// The person's handwriting (PL1-7d).
    Handwriting {
        /// Where the image stands.
        area: Area,
    },
    /// Number and day in the blanks of ô 3 and ô 4, as the appearance of an agency signature.
    NumberAndDate(Numbered),
    /// The seal, of its real size (PL1-8a).
    Seal {
        /// Where the image stands.
        area: Area,
    },
    /// Số và ký hiệu; thời gian ký, on a separate attachment (PL1-8b).
    Note {
        /// Số và ký hiệu.
        number_and_symbol: String,
    },
    /// Hình thức sao; tên cơ quan sao; thời gian ký, on an electronic copy (Phụ lục I Phần II Mục I, mẫu 3.2).
    Copy {
        /// Hình thức sao: `SAO Y`.
        form: String,
        /// Tên cơ quan, tổ chức sao văn bản.
        agency: String,
    },
}

/// What is written into the blanks of the first page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Numbered {
    /// Số.
    pub number: (String, Slot),
    /// Day of issue, where the document has a place for it.
    #[serde(default)]
    pub day: Option<(String, Slot)>,
    /// Month of issue.
    #[serde(default)]
    pub month: Option<(String, Slot)>,
    /// Year of issue, where its place was left blank.
    pub year: Option<(String, Slot)>,
}

/// A signature under way: the bytes that will be added, without the signature itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Open {
    /// Length of the file that is signed.
    pub base_len: u64,
    /// The bytes to add, in the store of files.
    pub tail: String,
    /// Where in them the signature goes: its hexadecimal digits.
    pub hole: (usize, usize),
    /// SHA-256 of the signed ranges, hex.
    pub digest: String,
    /// The signed attributes, hex.
    pub attributes: String,
    /// What leaves the server: SHA-256 of the signed attributes, hex.
    pub hash: String,
}

/// A file of the document on its way through its signatures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkFile {
    /// The file as it was.
    pub base: FileId,
    /// Its name.
    pub name: String,
    /// Whether it is the main document.
    pub is_main: bool,
    /// Its pages.
    pub pages: Option<i64>,
    /// SHA-256 of the bytes signed so far, hex.
    pub content: String,
    /// Signatures still to make, in order.
    pub todo: Vec<Mark>,
    /// The one under way.
    pub open: Option<Open>,
    /// What the history has to tell: a signature without a time stamp.
    #[serde(default)]
    pub warning: Option<String>,
}

/// What a request still has to do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// Files that get signatures; empty once the request has ended.
    #[serde(default)]
    pub files: Vec<WorkFile>,
    /// Files that go along as they are: what has no pages, as the page says, and copies that the agency signed before.
    #[serde(default)]
    pub unsigned: Vec<FileId>,
    /// Where things stand on the main file, for the signatures that follow later.
    #[serde(default)]
    pub places: Option<crate::outgoing::Places>,
}

impl Work {
    /// The signatures under way, in the order of the files.
    pub fn open(&self) -> impl Iterator<Item = (&WorkFile, &Open)> {
        self.files
            .iter()
            .filter_map(|file| file.open.as_ref().map(|open| (file, open)))
    }
}
