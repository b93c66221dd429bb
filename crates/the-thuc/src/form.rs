//! The templates of Phụ lục III that are composed from fields of their own: công điện, giấy mời, giấy giới thiệu, biên bản, giấy nghỉ
//! phép (mẫu 1.6–1.10). All others are their kind, their content and, for decisions, [`Body::decided`].

use jiff::civil::Date;

use crate::body::{Block, Body, Span};
use crate::dates::day_in_words;
use crate::document::{Part, PartKind, Reference};

/// What a document says besides the parts that every document has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Form {
    /// Nothing: the content says it all (mẫu 1.1–1.5).
    #[default]
    Plain,
    /// Công điện (mẫu 1.6).
    Telegram(Telegram),
    /// Giấy mời (mẫu 1.7).
    Invitation(Invitation),
    /// Giấy giới thiệu (mẫu 1.8).
    Introduction(Introduction),
    /// Biên bản (mẫu 1.9).
    Minutes(Minutes),
    /// Giấy nghỉ phép (mẫu 1.10).
    Leave(Leave),
}

/// Công điện: who wires whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Telegram {
    /// Cơ quan, tổ chức hoặc chức danh điện.
    pub sender: String,
    /// Those who receive it.
    pub receivers: Vec<String>,
}

/// Giấy mời; notes are the content of the document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Invitation {
    /// Who is invited.
    pub guests: Vec<String>,
    /// Tới dự.
    pub event: String,
    /// Chủ trì.
    pub chair: String,
    /// Thời gian.
    pub time: String,
    /// Địa điểm.
    pub venue: String,
}

/// Giấy giới thiệu.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Introduction {
    /// Ông (bà).
    pub bearer: String,
    /// Chức vụ.
    pub title: String,
    /// Được cử đến.
    pub sent_to: String,
    /// Về việc.
    pub errand: String,
    /// Có giá trị đến hết ngày; without it room is left.
    pub valid_until: Option<Date>,
}

/// Biên bản; the course of the meeting is the content of the document. The signer signs as CHỦ TỌA.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Minutes {
    /// Thời gian bắt đầu.
    pub begin: String,
    /// Địa điểm.
    pub venue: String,
    /// Thành phần tham dự.
    pub attendees: Vec<String>,
    /// Chủ trì (chủ tọa), with the title.
    pub chair: String,
    /// Thư ký (người ghi biên bản), whose name stands under the left signature.
    pub secretary: String,
    /// What it was: "Cuộc họp", "Hội nghị".
    pub meeting: String,
    /// When it ended.
    pub end: String,
}

/// Giấy nghỉ phép.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leave {
    /// The day of the request.
    pub applied_on: Option<Date>,
    /// Ông (bà).
    pub person: String,
    /// Chức vụ.
    pub title: String,
    /// How long: "05 ngày".
    pub days: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Where it is spent.
    pub place: String,
    /// What it counts as: "nghỉ phép năm 2026".
    pub counted: String,
    /// Whether the box for the confirmation of the place is printed.
    pub confirmation: bool,
}

impl Form {
    /// Whether ô 4 is printed; minutes tell when and where in their text.
    #[must_use]
    pub fn is_dated(&self) -> bool {
        !matches!(self, Self::Minutes(_))
    }

    /// Whether the trích yếu is printed below the type.
    #[must_use]
    pub fn prints_subject(&self) -> bool {
        !matches!(self, Self::Introduction(_) | Self::Leave(_))
    }

    /// What stands before and after the content, for the agency of this name.
    pub(crate) fn around(&self, agency: &str) -> (Vec<Block>, Vec<Block>) {
        match self {
            Self::Plain | Self::Telegram(_) => (Vec::new(), Vec::new()),
            Self::Invitation(form) => (form.opening(agency), Vec::new()),
            Self::Introduction(form) => (form.opening(agency), Vec::new()),
            Self::Minutes(form) => (form.opening(), vec![form.ending()]),
            Self::Leave(form) => (form.opening(agency), Vec::new()),
        }
    }
}

impl Invitation {
    fn opening(&self, agency: &str) -> Vec<Block> {
        let mut blocks = listed(&format!("{agency} trân trọng kính mời:"), &self.guests);
        blocks.push(line(&format!("Tới dự {}.", starting_small(&self.event))));
        blocks.push(told("Chủ trì", &self.chair));
        blocks.push(told("Thời gian", &self.time));
        blocks.push(told("Địa điểm", &self.venue));
        blocks
    }
}

impl Introduction {
    fn opening(&self, agency: &str) -> Vec<Block> {
        vec![
            line(&format!("{agency} trân trọng giới thiệu:")),
            told("Ông (bà)", &self.bearer),
            told("Chức vụ", &self.title),
            told("Được cử đến", &self.sent_to),
            told("Về việc", &self.errand),
            line("Đề nghị Quý cơ quan tạo điều kiện để ông (bà) có tên ở trên hoàn thành nhiệm vụ."),
            line(&format!("Giấy này có giá trị đến hết {}.", day(self.valid_until))),
        ]
    }
}

impl Minutes {
    fn opening(&self) -> Vec<Block> {
        let mut blocks = vec![
            told("Thời gian bắt đầu", &self.begin),
            told("Địa điểm", &self.venue),
        ];
        blocks.extend(listed("Thành phần tham dự:", &self.attendees));
        blocks.push(told("Chủ trì (chủ tọa)", &self.chair));
        blocks.push(told("Thư ký (người ghi biên bản)", &self.secretary));
        blocks.push(line(&format!(
            "Nội dung (theo diễn biến {}):",
            starting_small(&self.meeting)
        )));
        blocks
    }

    fn ending(&self) -> Block {
        line(&format!("{} kết thúc vào {}.", self.meeting, self.end))
    }
}

impl Leave {
    fn opening(&self, agency: &str) -> Vec<Block> {
        vec![
            line(&format!(
                "Xét Đơn đề nghị nghỉ phép {} của ông (bà) {},",
                day(self.applied_on),
                self.person
            )),
            line(&format!("{agency} cấp cho:")),
            told("Ông (bà)", &self.person),
            told("Chức vụ", &self.title),
            line(&format!(
                "Được nghỉ phép trong thời gian {}, kể từ {} đến hết {} tại {}.",
                self.days,
                day(self.from),
                day(self.until),
                self.place
            )),
            line(&format!(
                "Số ngày nghỉ phép nêu trên được tính vào thời gian {}.",
                self.counted
            )),
        ]
    }
}

impl Body {
    /// The content of a decision (mẫu 1.1, 1.2): căn cứ, `Theo đề nghị của …`, the line of enacting, then the provisions as in
    /// [`Body::parse`]. Grounds end with `;`, the last with a full stop (khoản 6a).
    #[must_use]
    pub fn decided(grounds: &[String], proposal: Option<&str>, enacting: &str, provisions: &str) -> Self {
        let mut all: Vec<String> = grounds.iter().map(|ground| bare(ground)).collect();
        all.extend(proposal.map(|who| {
            let who = bare(who);
            if who.to_lowercase().starts_with("theo đề nghị") {
                who
            } else {
                format!("Theo đề nghị của {who}")
            }
        }));
        all.retain(|ground| !ground.is_empty());
        let last = all.len().saturating_sub(1);
        let mut blocks: Vec<Block> = all
            .into_iter()
            .enumerate()
            .map(|(index, ground)| Block::Ground {
                text: vec![Span::plain(format!(
                    "{ground}{}",
                    if index == last { "." } else { ";" }
                ))],
            })
            .collect();
        blocks.push(Block::Enacting {
            text: enacting.to_owned(),
        });
        let provisions = Self::parse(provisions).blocks;
        blocks.extend(
            provisions
                .into_iter()
                .filter(|block| !matches!(block, Block::Enacting { .. })),
        );
        Self { blocks }
    }
}

impl Part {
    /// The appendices of a text in which each begins with a line `# Tên phụ lục`; they are numbered when there are several. Their
    /// reference line is left blank, as PL1-A3 asks of electronic documents.
    #[must_use]
    pub fn appendices(text: &str) -> Vec<Self> {
        let mut found: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            match (line.strip_prefix("# "), found.last_mut()) {
                (Some(name), _) => found.push((name.trim().to_owned(), String::new())),
                (None, Some((_, content))) => {
                    content.push_str(line);
                    content.push('\n');
                }
                (None, None) if line.trim().is_empty() => {}
                (None, None) => found.push((String::new(), format!("{line}\n"))),
            }
        }
        let several = found.len() > 1;
        (1..)
            .zip(found)
            .map(|(number, (name, content))| Self {
                kind: PartKind::Appendix {
                    number: several.then_some(number),
                },
                subject: name,
                reference: Reference::Blank,
                body: Body::parse(&content),
                closing_mark: true,
            })
            .collect()
    }
}

fn line(text: &str) -> Block {
    Block::Paragraph {
        text: vec![Span::plain(text)],
    }
}

/// `Nhãn: nội dung.`
fn told(label: &str, value: &str) -> Block {
    line(&format!("{label}: {}.", bare(value)))
}

/// One name on the line of its label, several below it after dashes.
fn listed(label: &str, names: &[String]) -> Vec<Block> {
    let names: Vec<String> = names
        .iter()
        .map(|name| bare(name))
        .filter(|name| !name.is_empty())
        .collect();
    if let [name] = names.as_slice() {
        return vec![line(&format!("{label} {name}."))];
    }
    let last = names.len().saturating_sub(1);
    std::iter::once(line(label))
        .chain(names.iter().enumerate().map(|(index, name)| Block::Dash {
            depth: 1,
            text: vec![Span::plain(format!(
                "{name}{}",
                if index == last { "." } else { ";" }
            ))],
        }))
        .collect()
}

/// Without a dash before and closing signs behind.
fn bare(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_prefix(['-', '–']).unwrap_or(text).trim_start();
    text.trim_end_matches([';', '.', ',', ' ']).to_owned()
}

fn day(date: Option<Date>) -> String {
    date.map_or_else(|| crate::dates::blank_day(None), day_in_words)
}

/// "Cuộc họp" inside a sentence; a name in capitals or of two capitals stays.
fn starting_small(text: &str) -> String {
    let text = bare(text);
    let is_common = ["Cuộc", "Hội", "Buổi", "Lễ", "Phiên", "Đại"]
        .iter()
        .any(|word| text.split(' ').next() == Some(*word));
    let mut signs = text.chars();
    match (is_common, signs.next()) {
        (true, Some(first)) => first.to_lowercase().chain(signs).collect(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::plain;

    fn words(blocks: &[Block]) -> Vec<String> {
        blocks
            .iter()
            .map(|block| match block {
                Block::Paragraph { text } | Block::Dash { text, .. } | Block::Ground { text } => plain(text),
                Block::Enacting { text } => text.clone(),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn pl3_1_7_one_guest_stands_on_the_line_several_below_it() {
        let mut form = Invitation {
            guests: vec!["Sở A;".into()],
            event: "Hội nghị tổng kết.".into(),
            ..Invitation::default()
        };
        assert_eq!(
            words(&form.opening("Sở B"))[..2],
            ["Sở B trân trọng kính mời: Sở A.", "Tới dự hội nghị tổng kết."]
        );
        form.guests.push("- Sở C".into());
        assert_eq!(
            words(&form.opening("Sở B"))[..3],
            ["Sở B trân trọng kính mời:", "Sở A;", "Sở C."]
        );
    }

    #[test]
    fn pl1_6a_grounds_end_with_semicolons_and_a_full_stop() {
        let grounds = ["Căn cứ Luật A;".to_owned(), "Căn cứ Luật B.".to_owned()];
        let body = Body::decided(
            &grounds,
            Some("Giám đốc Sở Nội vụ"),
            "QUYẾT ĐỊNH:",
            "Điều 1. Giao chỉ tiêu.",
        );
        assert_eq!(
            words(&body.blocks)[..4],
            [
                "Căn cứ Luật A;",
                "Căn cứ Luật B;",
                "Theo đề nghị của Giám đốc Sở Nội vụ.",
                "QUYẾT ĐỊNH:"
            ]
        );
        assert!(matches!(body.blocks[4], Block::Article { .. }));
    }

    #[test]
    fn pl3_2_1_appendices_are_split_at_their_names() {
        let one = Part::appendices("\n# Danh mục\nMột\nHai\n");
        assert_eq!(one.len(), 1);
        assert_eq!(
            (one[0].subject.as_str(), one[0].body.blocks.len()),
            ("Danh mục", 2)
        );
        assert_eq!(one[0].kind, PartKind::Appendix { number: None });
        let two = Part::appendices("# A\nMột\n# B\n| a | b |\n| c | d |");
        assert_eq!(two[1].kind, PartKind::Appendix { number: Some(2) });
        assert!(Part::appendices(" \n").is_empty());
    }
}
