//! Phiếu trình: what was laid before leaders of an agency, and who answered what and when.

use jiff::civil::Date;
use serde::Serialize;

use crate::dates::day_in_words;
use crate::document::Issuer;
use crate::slip::{EntryView, SlipEntry, entry};
use crate::text::{capitals, clean, metadata};

/// A submission slip with its answers. It has no number: it is internal and stands in no book.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubmissionSlip {
    /// Cơ quan chủ quản trực tiếp and the agency.
    pub agency: Issuer,
    /// Địa danh.
    pub place: String,
    /// The day on which it was submitted last; room for it while it was not.
    pub date: Option<Date>,
    /// Kính gửi: the leaders in their order.
    pub addressees: Vec<String>,
    /// Nội dung trình.
    pub subject: String,
    /// Thuyết minh, one paragraph a line.
    pub body: String,
    /// What goes along: the draft, the incoming document, files.
    pub carries: Vec<String>,
    /// Who made it: name and title.
    pub maker: String,
    /// Every submission with its answers, oldest first.
    pub rounds: Vec<SubmissionRound>,
    /// What became of it.
    pub result: String,
}

/// One submission of a slip.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubmissionRound {
    /// The heading over its answers.
    pub title: String,
    /// What the leaders answered, in order.
    pub answers: Vec<SlipEntry>,
    /// Advice of others.
    pub advice: Vec<SlipEntry>,
    /// The leader (a place in `answers`) who is about to sign this print: room for the signature stands over the name, and
    /// [`crate::Places::signature`] tells where.
    pub signs: Option<usize>,
}

#[derive(Debug, Serialize)]
pub(crate) struct SubmissionView {
    title: String,
    author: String,
    parent: Option<String>,
    agency: String,
    place_date: String,
    addressees: Vec<String>,
    subject: String,
    body: Vec<String>,
    carries: Vec<String>,
    maker: String,
    rounds: Vec<RoundView>,
    result: String,
}

#[derive(Debug, Serialize)]
struct RoundView {
    title: String,
    answers: Vec<EntryView>,
    advice: Vec<EntryView>,
    signs: Option<usize>,
}

const DOTS: &str = "………";

impl SubmissionView {
    pub fn new(slip: &SubmissionSlip) -> Self {
        let day = slip
            .date
            .map_or_else(|| format!("ngày {DOTS} tháng {DOTS} năm {DOTS}"), day_in_words);
        Self {
            title: metadata(&format!("Phiếu trình: {}", slip.subject)),
            author: metadata(&slip.agency.name),
            parent: slip.agency.parent_name.as_deref().map(capitals),
            agency: capitals(&slip.agency.name),
            place_date: clean(&format!("{}, {day}", slip.place)),
            addressees: slip.addressees.iter().map(|line| clean(line)).collect(),
            subject: clean(&slip.subject),
            body: slip
                .body
                .lines()
                .map(|line| clean(line.trim()))
                .filter(|line| !line.is_empty())
                .collect(),
            carries: slip.carries.iter().map(|line| clean(line)).collect(),
            maker: clean(&slip.maker),
            rounds: slip
                .rounds
                .iter()
                .map(|round| RoundView {
                    title: clean(&round.title),
                    answers: round.answers.iter().map(entry).collect(),
                    advice: round.advice.iter().map(entry).collect(),
                    signs: round.signs,
                })
                .collect(),
            result: clean(&slip.result),
        }
    }
}
