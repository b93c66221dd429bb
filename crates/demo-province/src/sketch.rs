//! The plain data of a document and of what became of it. Every time is local time of Asia/Ho_Chi_Minh.

use jiff::civil::{Date, DateTime};
use rules::exchange::DeliveryState;
use rules::signing_authority::Authority;
use rules::urgency::Urgency;
use serde::Serialize;

/// A made-up document: enough to write an outgoing document, its deliveries and what each recipient did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentSketch {
    /// Its place in the history, from 0; documents come in order of `issued_at`.
    pub index: usize,
    /// Key of the issuing agency.
    pub from: usize,
    /// Key of the kind, as in `rules::document_types`: `cong_van`, `quyet_dinh`.
    pub type_key: &'static str,
    /// Trích yếu, with a capital first letter and no final stop. It never begins with a proper name, so the composer
    /// of a công văn may put `V/v` before it and lower its first letter.
    pub subject: String,
    /// Mức độ khẩn.
    pub urgency: Urgency,
    /// Key of the drafting unit.
    pub unit: usize,
    /// Key of the drafter's post, an officer of `unit`.
    pub drafter: usize,
    /// Key of the post that signs off the content: the head of `unit`.
    pub unit_head: usize,
    /// Key of the clerk who checks the form, numbers and issues.
    pub clerk: usize,
    /// Key of the signer's post.
    pub signer: usize,
    /// In what authority the signer signs.
    pub authority: Authority,
    /// The minute of issue, on a working day in office hours.
    pub issued_at: DateTime,
    /// The day by which the sender wants an answer.
    pub needs_reply_by: Option<Date>,
    /// `index` of the earlier document that this one answers.
    pub reply_to: Option<usize>,
    /// Paragraphs of the body, without `Kính gửi`, signature block and the closing `./.`.
    pub body: Vec<String>,
    /// One line per recipient; never empty, no recipient twice, never the sender.
    pub deliveries: Vec<Delivery>,
}

impl DocumentSketch {
    /// Keys of the recipients: agencies, sometimes partners.
    pub fn recipients(&self) -> impl Iterator<Item = usize> {
        self.deliveries.iter().map(|delivery| delivery.to)
    }
}

/// One recipient's line and what happened there up to the end of the period. Each step is present only when the step
/// before it is, except that a refused line has no later steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Key of the receiving agency or partner. A partner's line never gets further than `delivered_at`.
    pub to: usize,
    /// When it reached the recipient's system; `None` while it waits.
    pub delivered_at: Option<DateTime>,
    /// Từ chối nhận (trả lại).
    pub refused: Option<Refused>,
    /// Tiếp nhận, vào sổ văn bản đến.
    pub registered: Option<Registered>,
    /// Ý kiến chỉ đạo (bút phê).
    pub directed: Option<Directed>,
    /// Giao việc trong đơn vị chủ trì.
    pub assigned: Option<Assigned>,
    /// When the officer began.
    pub started_at: Option<DateTime>,
    /// Kết thúc xử lý.
    pub finished: Option<Finished>,
}

impl Delivery {
    /// The state that the sender sees.
    #[must_use]
    pub fn state(&self) -> DeliveryState {
        match self {
            Self { refused: Some(_), .. } => DeliveryState::Refused,
            Self {
                finished: Some(_), ..
            } => DeliveryState::Finished,
            Self {
                started_at: Some(_), ..
            } => DeliveryState::InProgress,
            Self {
                directed: Some(_), ..
            } => DeliveryState::Assigned,
            Self {
                registered: Some(_), ..
            } => DeliveryState::Received,
            Self {
                delivered_at: Some(_),
                ..
            } => DeliveryState::Arrived,
            Self { .. } => DeliveryState::Sent,
        }
    }

    /// Whether the work was, or on `day` is, late against the deadline of the directive.
    #[must_use]
    pub fn is_overdue(&self, day: Date) -> bool {
        let due = self.directed.as_ref().and_then(|directed| directed.due);
        let done = self.finished.as_ref().map_or(day, |finished| finished.at.date());
        due.is_some_and(|due| done > due)
    }
}

/// A document sent back by the recipient's clerk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// When.
    pub at: DateTime,
    /// Key of the clerk's post.
    pub clerk: usize,
    /// Why, in a sentence.
    pub reason: &'static str,
}

/// A registration in the register of incoming documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Registered {
    /// When.
    pub at: DateTime,
    /// Key of the clerk's post.
    pub clerk: usize,
}

/// What the document is to the recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Để xử lý.
    ToAct,
    /// Để biết.
    ToKnow,
}

/// A leader's directive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Directed {
    /// When.
    pub at: DateTime,
    /// Key of the leader's post.
    pub leader: usize,
    /// Bút phê.
    pub text: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Key of the unit in charge (đơn vị chủ trì).
    pub unit: usize,
    /// Keys of the units that cooperate (đơn vị phối hợp).
    pub cooperating: Vec<usize>,
    /// Thời hạn giải quyết.
    pub due: Option<Date>,
}

/// The head of the unit passes the work on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assigned {
    /// When.
    pub at: DateTime,
    /// Key of the unit head's post.
    pub unit_head: usize,
    /// Key of the officer's post.
    pub officer: usize,
    /// What the unit head wrote.
    pub text: &'static str,
}

/// The end of the work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finished {
    /// When.
    pub at: DateTime,
    /// Key of the officer's post.
    pub officer: usize,
    /// With what result.
    pub answer: Answer,
}

/// What came of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Answered by the document with this `index`.
    Document(usize),
    /// Closed with a note.
    Note(&'static str),
}
