//! Phiếu giải quyết văn bản đến (NĐ 30 Phụ lục IV mẫu VII) and the stamp “ĐẾN” (mẫu V).

use jiff::civil::Date;
use serde::Serialize;

use crate::dates::day_in_words;
use crate::document::Issuer;
use crate::text::{capitals, clean, metadata};

/// Phiếu giải quyết văn bản đến: what leaders of the agency, leaders of a unit and those who handle said about a document. A part in
/// which nobody said anything is printed with room for writing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HandlingSlip {
    /// Cơ quan chủ quản trực tiếp and the agency.
    pub agency: Issuer,
    /// Địa danh.
    pub place: String,
    /// The day of printing; room for it when it is not known.
    pub date: Option<Date>,
    /// The document: kind, number and symbol, day, issuing body, trích yếu.
    pub document: String,
    /// Ý kiến của lãnh đạo cơ quan, tổ chức.
    pub leaders: Vec<SlipEntry>,
    /// Ý kiến của lãnh đạo đơn vị.
    pub heads: Vec<SlipEntry>,
    /// Ý kiến đề xuất của người giải quyết.
    pub handlers: Vec<SlipEntry>,
}

/// What one person said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SlipEntry {
    /// Name and title.
    pub who: String,
    /// Ngày cho ý kiến.
    pub date: Option<Date>,
    /// The words.
    pub opinion: String,
    /// Who leads, who co-operates, each with the deadline.
    pub lines: Vec<String>,
}

/// The stamp “ĐẾN”, 50 mm wide and 35 mm high.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArrivalStamp {
    /// Tên cơ quan, tổ chức.
    pub agency: String,
    /// Số đến.
    pub number: String,
    /// Ngày đến.
    pub date: Option<Date>,
    /// Chuyển: to whom it goes.
    pub handed_to: String,
    /// Số và ký hiệu hồ sơ.
    pub file_symbol: String,
}

/// Longer than this the words do not fit into their line of the stamp.
const STAMP_LINE: usize = 64;

const DOTS: &str = "………";

#[derive(Debug, Serialize)]
pub(crate) struct SlipView {
    title: String,
    author: String,
    parent: Option<String>,
    agency: String,
    place_date: String,
    document: String,
    blocks: Vec<BlockView>,
}

#[derive(Debug, Serialize)]
struct BlockView {
    title: &'static str,
    entries: Vec<EntryView>,
}

#[derive(Debug, Serialize)]
pub(crate) struct EntryView {
    who: String,
    day: String,
    opinion: String,
    lines: Vec<String>,
}

impl SlipView {
    pub fn new(slip: &HandlingSlip) -> Self {
        let day = slip
            .date
            .map_or_else(|| format!("ngày {DOTS} tháng {DOTS} năm {DOTS}"), day_in_words);
        let blocks = [
            ("Ý kiến của lãnh đạo cơ quan, tổ chức:", &slip.leaders),
            ("Ý kiến của lãnh đạo đơn vị:", &slip.heads),
            ("Ý kiến đề xuất của người giải quyết:", &slip.handlers),
        ];
        Self {
            title: metadata(&format!("Phiếu giải quyết văn bản đến: {}", slip.document)),
            author: metadata(&slip.agency.name),
            parent: slip.agency.parent_name.as_deref().map(capitals),
            agency: capitals(&slip.agency.name),
            place_date: clean(&format!("{}, {day}", slip.place)),
            document: clean(&slip.document),
            blocks: blocks
                .into_iter()
                .map(|(title, entries)| BlockView {
                    title,
                    entries: entries.iter().map(entry).collect(),
                })
                .collect(),
        }
    }
}

/// What one person said, ready for the layout.
pub(crate) fn entry(entry: &SlipEntry) -> EntryView {
    EntryView {
        who: clean(&entry.who),
        day: entry
            .date
            .map(day_in_words)
            .map(|day| capitalised(&day))
            .unwrap_or_default(),
        opinion: clean(&entry.opinion),
        lines: entry.lines.iter().map(|line| clean(line)).collect(),
    }
}

/// `ngày …` at the beginning of a line.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

#[derive(Debug, Serialize)]
pub(crate) struct StampView {
    title: String,
    author: String,
    agency: String,
    number: String,
    day: String,
    handed_to: String,
    file_symbol: String,
}

impl StampView {
    pub fn new(stamp: &ArrivalStamp) -> Self {
        let day = stamp.date.map_or_else(
            || DOTS.to_owned(),
            |date| format!("{:02}/{:02}/{}", date.day(), date.month(), date.year()),
        );
        Self {
            title: metadata(&format!("Dấu đến, số {}", stamp.number)),
            author: metadata(&stamp.agency),
            agency: capitals(&stamp.agency),
            number: clean(&format!("Số: {}", stamp.number)),
            day: format!("Ngày: {day}"),
            handed_to: clean(&format!("Chuyển: {}", short(&stamp.handed_to))),
            file_symbol: clean(&format!("Số và ký hiệu HS: {}", short(&stamp.file_symbol))),
        }
    }
}

fn short(text: &str) -> String {
    if text.chars().count() <= STAMP_LINE {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(STAMP_LINE - 1).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_do_not_fit_into_the_stamp_are_cut() {
        assert_eq!(short("Phòng Bưu chính"), "Phòng Bưu chính");
        let long = short(&"Phòng Bưu chính; ".repeat(9));
        assert_eq!(long.chars().count(), STAMP_LINE);
        assert!(long.ends_with('…'));
    }
}
