//! Nội dung văn bản (ô 6): the text as blocks, read from what officers write or paste.

mod inline;
mod lines;
mod parse;

use serde::Serialize;

pub use inline::Span;
pub(crate) use inline::{all_bold, plain};
pub(crate) use lines::{Line, lines};

/// The content of a document or of a part of it, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// The blocks from top to bottom.
    pub blocks: Vec<Block>,
}

impl Body {
    /// Reads the light text format. It never fails: what is not recognised is a paragraph.
    ///
    /// - Every line is a paragraph; a line ending with two spaces or a backslash continues in the next one (hard break).
    /// - `Căn cứ …;` at the beginning: căn cứ ban hành. `QUYẾT ĐỊNH:` and `QUYẾT NGHỊ:` are centred.
    /// - `Phần I`, `Chương II`, `Mục 1`, `Tiểu mục 1`: centred, with the title on the same or the next line.
    /// - `Điều 1. …`, `1. …`, `a) …`, `- …`, `+ …`, and `I. TÊN MỤC` of the phần-mục layout.
    /// - `**bold**`, `*italic*`, Markdown headings (`#`), pipe tables; a backslash takes the meaning from a sign.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        parse::body(text)
    }

    /// Whether there is nothing to print.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }
}

/// One block of the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "block", rename_all = "kebab-case")]
pub enum Block {
    /// A căn cứ ban hành or `Theo đề nghị của …`, italic, one per line.
    Ground {
        /// Its words.
        text: Vec<Span>,
    },
    /// `QUYẾT ĐỊNH:`, `QUYẾT NGHỊ:`, centred and bold.
    Enacting {
        /// The words in capitals with the colon.
        text: String,
    },
    /// Phần, chương, mục, tiểu mục: number line and title line, both centred and bold.
    Division {
        /// Which of the four.
        rank: Rank,
        /// "Chương II".
        label: String,
        /// The title, printed in capitals; empty when there is none.
        title: Vec<Span>,
    },
    /// `I. NHỮNG KẾT QUẢ ĐẠT ĐƯỢC` of the phần-mục layout, capitals and bold.
    Headline {
        /// "I."
        label: String,
        /// The title, printed in capitals.
        title: Vec<Span>,
    },
    /// Điều with its number.
    Article {
        /// "Điều 1."
        label: String,
        /// The title or the running text.
        text: Vec<Span>,
        /// Whether `text` is a title (bold, on its own line) or the provision itself.
        titled: bool,
    },
    /// Khoản.
    Clause {
        /// "1."
        label: String,
        /// Its words.
        text: Vec<Span>,
        /// Whether it is a title on its own line, printed bold.
        titled: bool,
    },
    /// Điểm.
    Point {
        /// "a)"
        label: String,
        /// Its words.
        text: Vec<Span>,
    },
    /// A line after a dash; `depth` 1 for `-`, 2 for `+`.
    Dash {
        /// 1 or 2.
        depth: u8,
        /// Its words.
        text: Vec<Span>,
    },
    /// A heading without number, bold.
    Subheading {
        /// Its words.
        text: Vec<Span>,
    },
    /// An ordinary paragraph.
    Paragraph {
        /// Its words.
        text: Vec<Span>,
    },
    /// A table; all rows have the same number of cells.
    Table {
        /// Whether the first row is the head, repeated on every page.
        head: bool,
        /// Rows of cells.
        rows: Vec<Vec<Vec<Span>>>,
    },
}

/// The centred divisions, from the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rank {
    /// Phần.
    Part,
    /// Chương.
    Chapter,
    /// Mục.
    Section,
    /// Tiểu mục.
    Subsection,
}
