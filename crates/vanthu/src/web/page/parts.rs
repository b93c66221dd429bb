//! The small values that the macros of `web/ui.html` draw: badges, facts, files, rows, history.

use super::Tone;

/// A word with a tone: state, urgency, deadline, legal value, role in the handling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// The word itself.
    pub label: String,
    /// How loud it is.
    pub tone: Tone,
    /// Name of an icon of the sprite, or empty.
    pub icon: &'static str,
}

impl Badge {
    /// A badge without an icon.
    #[must_use]
    pub fn new(label: impl Into<String>, tone: Tone) -> Self {
        Self {
            label: label.into(),
            tone,
            icon: "",
        }
    }

    /// The same badge with an icon before the word.
    #[must_use]
    pub fn icon(mut self, icon: &'static str) -> Self {
        self.icon = icon;
        self
    }
}

/// One line of the facts of a document (thông tin văn bản, QĐ 28 Điều 10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Name of the fact, e.g. "Ngày ban hành".
    pub label: String,
    /// Its value as a reader sees it; empty shows as a dash.
    pub value: String,
    /// Where the value leads, or empty.
    pub href: String,
    /// Drawn as a badge of this tone instead of plain text.
    pub badge: Option<Tone>,
}

impl Fact {
    /// A plain fact.
    #[must_use]
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            href: String::new(),
            badge: None,
        }
    }

    /// The same fact as a link.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Self {
        self.href = href.into();
        self
    }

    /// The same fact as a badge.
    #[must_use]
    pub fn badge(mut self, tone: Tone) -> Self {
        self.badge = Some(tone);
        self
    }
}

/// One act in the history of a document, as the journal tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Local time, e.g. "08:15 20/10/2025".
    pub at: String,
    /// The same instant in RFC 3339 for machines.
    pub at_machine: String,
    /// Who did it, with post; on-behalf-of is part of the words.
    pub who: String,
    /// What was done, e.g. "Chuyển xử lý".
    pub act: String,
    /// What was said, or empty: bút phê, ý kiến, lý do.
    pub note: String,
    /// How loud it is.
    pub tone: Tone,
    /// Name of an icon of the sprite.
    pub icon: &'static str,
}

/// A file of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileItem {
    /// Name as stored.
    pub name: String,
    /// Where it downloads from.
    pub href: String,
    /// Size for readers, see [`file_size`].
    pub size: String,
    /// What the file is for, e.g. "Văn bản chính", or empty.
    pub role: String,
}

impl FileItem {
    /// Name of the sprite's icon for this kind of file, by extension.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        let extension = self
            .name
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension)
            .to_ascii_lowercase();
        match extension.as_str() {
            "pdf" => "file-type-pdf",
            "doc" | "docx" | "odt" | "rtf" | "txt" => "file-text",
            "xls" | "xlsx" | "ods" | "csv" => "file-spreadsheet",
            "jpg" | "jpeg" | "png" | "tif" | "tiff" | "gif" => "photo",
            "zip" | "rar" | "7z" => "file-zip",
            _ => "file",
        }
    }
}

/// A size in bytes for a Vietnamese reader: "812 B", "94 KB", "1,5 MB" (1 KB = 1024 B).
#[must_use]
pub fn file_size(bytes: u64) -> String {
    const KB: u64 = 1024;
    const MB: u64 = 1024 * KB;
    if bytes < KB {
        format!("{bytes} B")
    } else if bytes < MB {
        format!("{} KB", bytes.div_ceil(KB))
    } else {
        let tenths = (bytes * 10).div_ceil(MB);
        format!("{},{} MB", tenths / 10, tenths % 10)
    }
}

/// A step of the path to this page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Label on screen.
    pub label: String,
    /// Where it leads; empty for the page itself.
    pub href: String,
}

impl Crumb {
    /// A step.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
        }
    }
}

/// A value to choose in a select, radio or check list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the reader sees.
    pub label: String,
    /// Smaller words beside it (unit, post), or empty.
    pub hint: String,
}

impl Choice {
    /// A choice without a hint.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
        }
    }

    /// Whether this is the chosen value.
    #[must_use]
    pub fn is(&self, value: &str) -> bool {
        self.value == value
    }

    /// Whether this is among the chosen values.
    #[must_use]
    pub fn among(&self, values: &[String]) -> bool {
        values.contains(&self.value)
    }

    /// The same choice with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// Where the neighbouring pages of a keyset-paged list are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pager {
    /// Address of the newer page.
    pub newer: Option<String>,
    /// Address of the older page.
    pub older: Option<String>,
}

/// A row of a document list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocRow {
    /// What the check box sends.
    pub id: String,
    /// Where the row opens.
    pub href: String,
    /// Số đến, số đi or a dash.
    pub number: String,
    /// Số, ký hiệu.
    pub symbol: String,
    /// Trích yếu.
    pub subject: String,
    /// Cơ quan ban hành or nơi nhận.
    pub party: String,
    /// Date shown in the list, e.g. "20/10/2025".
    pub date: String,
    /// Deadline, loud when near or past.
    pub deadline: Option<Badge>,
    /// State of the document, or of the reader's part in it.
    pub state: Badge,
    /// Role and urgency, in this order; what is normal is left out.
    pub marks: Vec<Badge>,
    /// Not opened yet by this reader.
    pub unread: bool,
}

/// One of several pages that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its name.
    pub label: &'static str,
    /// Where it opens.
    pub href: String,
    /// Whether it is the one that is open.
    pub is_current: bool,
}

/// A refused act: what, by which clause, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalBox {
    /// Why it was refused, one sentence.
    pub sentence: String,
    /// The clause as a reader cites it, e.g. "Nghị định 30/2020/NĐ-CP, Điều 22".
    pub clause: String,
    /// What to do, or empty.
    pub what_to_do: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up_and_use_a_decimal_comma() {
        assert_eq!(file_size(812), "812 B");
        assert_eq!(file_size(1025), "2 KB");
        assert_eq!(file_size(1_572_864), "1,5 MB");
        assert_eq!(file_size(50 * 1024 * 1024), "50,0 MB");
    }

    #[test]
    fn a_file_shows_its_kind_whatever_the_case_of_its_extension() {
        let named = |name: &str| FileItem {
            name: name.into(),
            href: String::new(),
            size: String::new(),
            role: String::new(),
        };
        assert_eq!(named("QD01.PDF").icon(), "file-type-pdf");
        assert_eq!(named("phu.luc.xlsx").icon(), "file-spreadsheet");
        assert_eq!(named("khong_duoi").icon(), "file");
    }

    #[test]
    fn chosen_values_are_recognised() {
        let choice = Choice::new("cv", "Công văn");
        assert!(choice.is("cv") && !choice.is("CV"));
        assert!(choice.among(&["qd".into(), "cv".into()]) && !choice.among(&[]));
    }
}
