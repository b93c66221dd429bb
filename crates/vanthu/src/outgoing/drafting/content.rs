//! What one version of an outgoing document says: every field that a change of makes a new version.

use jiff::civil::Date;
use rules::{
    document_types::DocumentType,
    exchange::Purpose,
    ids::{AgencyId, FileId, IncomingId, OutgoingId, PostId},
    outgoing::DraftFields,
    secrecy::{SecrecyLevel, SecretMarks, refuse_state_secret},
    signing_authority::Authority,
    templates::Filled,
    urgency::Urgency,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{error::AppResult, registers::SentCopy};

/// Một nơi nhận bản giấy: outside the installation, with the reason why it goes on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PaperRecipient {
    /// Name as printed under `Nơi nhận`.
    pub name: String,
    /// Why on paper.
    #[serde(default)]
    pub reason: String,
    /// `act` (để thực hiện) or `know` (để biết).
    #[serde(default = "to_act")]
    #[schema(value_type = Option<String>)]
    pub purpose: Purpose,
}

/// Một nơi nhận trên trục liên thông: outside the installation, by its code in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AxisRecipient {
    /// Mã định danh; any code of the recipient when sent, the one in use once saved.
    pub code: String,
    /// Its name in the directory when the version was saved; not read when sent.
    #[serde(default)]
    pub name: String,
    /// `act` (để thực hiện) or `know` (để biết).
    #[serde(default = "to_act")]
    #[schema(value_type = Option<String>)]
    pub purpose: Purpose,
}

/// What a recipient is for when nothing is said.
pub fn to_act() -> Purpose {
    Purpose::Act
}

/// The main content, by one of three ways.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Main {
    /// Nothing yet.
    #[default]
    None,
    /// Text in the light format of `the_thuc::Body`, composed to PDF by the program.
    Text {
        /// The text as written or pasted.
        text: String,
    },
    /// A PDF that stays as it is, byte by byte.
    File {
        /// The PDF.
        file: FileId,
    },
}

impl Main {
    /// The text, when it is composed.
    pub fn text(&self) -> &str {
        match self {
            Self::Text { text } => text,
            Self::None | Self::File { .. } => "",
        }
    }
}

/// Everything that a version carries (ND30-10.2). Equal contents are the same version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Tên loại, see [`rules::document_types`].
    pub type_key: String,
    /// Trích yếu nội dung.
    pub subject: String,
    /// Mức độ khẩn.
    pub urgency: Urgency,
    /// Hạn trả lời.
    pub respond_by: Option<Date>,
    /// Người ký.
    pub signer: PostId,
    /// Thẩm quyền ký.
    pub authority: Authority,
    /// The incoming document answered.
    pub reply_to: Option<IncomingId>,
    /// Earlier documents of the agency that this one replaces (ND30-18.3).
    #[serde(default)]
    pub replaces: Vec<OutgoingId>,
    /// Earlier documents of the agency whose form this letter corrects (ND30-18.3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrects: Vec<OutgoingId>,
    /// Recipients in the installation, to act (nơi nhận để thực hiện).
    pub recipients: Vec<AgencyId>,
    /// Recipients in the installation, to know (nơi nhận để biết).
    #[serde(default)]
    pub to_know: Vec<AgencyId>,
    /// Recipients outside the installation, over the axis.
    #[serde(default)]
    pub axis: Vec<AxisRecipient>,
    /// Recipients on paper.
    pub paper: Vec<PaperRecipient>,
    /// Chữ viết tắt of the unit or field in the symbol of a công văn; empty takes the drafting unit's.
    pub field_abbr: String,
    /// Main content.
    pub main: Main,
    /// What the template of the kind asks for besides, see [`rules::templates`]; only with a composed text.
    #[serde(default, skip_serializing_if = "Filled::is_empty")]
    pub own: Filled,
    /// Attachments.
    pub attachments: Vec<FileId>,
    /// Electronic copies of the agency that go along as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<SentCopy>,
}

impl Content {
    /// Recipients in the installation with what it is sent to them for, those to act first.
    pub fn agencies(&self) -> impl Iterator<Item = (AgencyId, Purpose)> {
        let act = self.recipients.iter().map(|id| (*id, Purpose::Act));
        act.chain(self.to_know.iter().map(|id| (*id, Purpose::Know)))
    }

    /// Every file that goes along with the main document.
    pub fn attached(&self) -> impl Iterator<Item = FileId> {
        let copies = self.copies.iter().map(|sent| sent.file);
        self.attachments.iter().copied().chain(copies)
    }

    /// How many recipients there are.
    pub fn recipient_count(&self) -> usize {
        self.recipients.len() + self.to_know.len() + self.axis.len() + self.paper.len()
    }

    /// Whether everybody gets it on paper: then the term of issue is that of paper (ND30-18.1), else that of QD28-6.2. Whoever was
    /// chosen from a list counts as served electronically: the stricter term.
    pub fn is_on_paper_alone(&self) -> bool {
        self.recipients.is_empty() && self.to_know.is_empty() && self.axis.is_empty()
    }

    /// The fields as the rules look at them on `today`.
    pub fn fields(&self, today: Date) -> DraftFields<'_> {
        DraftFields {
            document_type: &self.type_key,
            subject: &self.subject,
            urgency: Some(self.urgency),
            secrecy: SecrecyLevel::None,
            signer: Some(self.signer),
            recipients: self.recipient_count(),
            has_main_file: self.main != Main::None,
            today,
        }
    }

    /// Everything that the drafter wrote and that is printed.
    pub fn texts(&self) -> Vec<&str> {
        let mut texts = vec![self.subject.as_str(), self.main.text()];
        texts.extend(self.own.values().map(String::as_str));
        texts
    }

    /// Refuses a state-secret mark in any text of the version (QC01-1.2).
    ///
    /// # Errors
    /// The refusal of [`refuse_state_secret`].
    pub fn refuse_state_secret(&self) -> AppResult<()> {
        let mut texts = self.texts();
        texts.extend(self.paper.iter().map(|paper| paper.name.as_str()));
        let symbols = [self.field_abbr.as_str()];
        Ok(refuse_state_secret(&SecretMarks {
            texts: &texts,
            symbols: &symbols,
            ..SecretMarks::default()
        })?)
    }
}

/// Whether a kind of document is addressed by `Kính gửi`.
pub fn is_addressed(kind: &DocumentType) -> bool {
    kind.is_official_letter() || kind.key == "to_trinh"
}

/// The name of a kind as it is printed: without what tells it from another kind in lists.
pub fn printed_type(kind: &DocumentType) -> &'static str {
    let name = kind.name;
    let name = name.split(" (").next().unwrap_or(name);
    name.split(" của ").next().unwrap_or(name)
}

/// Whether a pasted text of this kind may be a whole decision with its heading, signature and attached document.
pub fn may_be_whole_decision(kind: &DocumentType) -> bool {
    matches!(
        kind.key,
        "quyet_dinh" | "nghi_quyet" | "quyet_dinh_qppl" | "nghi_quyet_qppl"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_printed_by_their_plain_name() {
        let printed = |key| rules::document_types::by_key(key).map(printed_type);
        assert_eq!(printed("quyet_dinh"), Some("Quyết định"));
        assert_eq!(printed("nghi_quyet_qppl"), Some("Nghị quyết"));
        assert_eq!(printed("to_trinh"), Some("Tờ trình"));
    }
}
