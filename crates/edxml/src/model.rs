//! A message as plain data: what the reader gives and the writer takes. Names follow the regulation where a term of ours
//! would say less; every text is trimmed NFC.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// One edXML file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Văn bản điện tử: new, revoked, updated or replacing.
    Document(Box<DocumentMessage>),
    /// Trạng thái xử lý of a document that was sent.
    Status(Box<StatusMessage>),
}

impl Message {
    /// The sender.
    #[must_use]
    pub fn from(&self) -> &Organ {
        match self {
            Self::Document(document) => &document.from,
            Self::Status(status) => &status.from,
        }
    }

    /// The addressed agencies; usually empty for a status.
    #[must_use]
    pub fn to(&self) -> &[Organ] {
        match self {
            Self::Document(document) => &document.to,
            Self::Status(status) => &status.to,
        }
    }

    /// The document, if it is one.
    #[must_use]
    pub fn as_document(&self) -> Option<&DocumentMessage> {
        match self {
            Self::Document(document) => Some(document),
            Self::Status(_) => None,
        }
    }

    /// The status, if it is one.
    #[must_use]
    pub fn as_status(&self) -> Option<&StatusMessage> {
        match self {
            Self::Status(status) => Some(status),
            Self::Document(_) => None,
        }
    }
}

/// Cơ quan gửi, cơ quan nhận (1.1, 1.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Organ {
    /// `OrganId`, mã định danh; empty when the message has none.
    pub organ_id: String,
    /// `OrganizationInCharge`, cơ quan chủ quản.
    pub organization_in_charge: Option<String>,
    /// `OrganName`, tên cơ quan.
    pub organ_name: Option<String>,
    /// `OrganAdd`, địa chỉ.
    pub organ_add: Option<String>,
    /// `Email`.
    pub email: Option<String>,
    /// `Telephone`.
    pub telephone: Option<String>,
    /// `Fax`.
    pub fax: Option<String>,
    /// `Website`.
    pub website: Option<String>,
}

/// A message that carries a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentMessage {
    /// 1.1 `From`.
    pub from: Organ,
    /// 1.2 `To`.
    pub to: Vec<Organ>,
    /// 1.14 `DocumentId`, mã định danh văn bản; see [`crate::DocumentIdentifier`].
    pub document_id: Option<String>,
    /// 1.3 `Code/CodeNumber`: a text, because real numbers have letters and leading zeros.
    pub code_number: Option<String>,
    /// 1.3 `Code/CodeNotation`, ký hiệu.
    pub code_notation: Option<String>,
    /// 1.4 `PromulgationInfo/Place`, địa danh.
    pub place: Option<String>,
    /// 1.4 `PromulgationInfo/PromulgationDate`.
    pub promulgation_date: Option<Date>,
    /// 1.5 `DocumentType`.
    pub document_type: DocumentType,
    /// 1.6 `Subject`, trích yếu.
    pub subject: Option<String>,
    /// 1.7 `Content`, nội dung tóm tắt; may have several lines.
    pub content: Option<String>,
    /// 1.8 `SignerInfo`.
    pub signer: Signer,
    /// 1.9 `DueDate`, hạn trả lời.
    pub due_date: Option<Date>,
    /// 1.10 `ToPlaces/Place`, nơi nhận as printed.
    pub to_places: Vec<String>,
    /// 1.11 `OtherInfo`.
    pub other: OtherInfo,
    /// 1.12 `ResponseFor`.
    pub response_for: Vec<ResponseFor>,
    /// 1.13 `SteeringType`, loại chỉ đạo; sources disagree about the values, so only a hint.
    pub steering_type: Option<u32>,
    /// The nodes that handled the message, the sender first as a rule.
    pub trace_headers: Vec<TraceHeader>,
    /// What is to be done with the document.
    pub business: Business,
    /// The files, in the order of the manifest.
    pub attachments: Vec<Attachment>,
    /// Whether the message brings a signature of its own; whether it is right is another question.
    pub message_signature: SignaturePresence,
}

impl DocumentMessage {
    /// Number and symbol as they are printed: `123/SVD-VP`. Nothing when both are missing.
    #[must_use]
    pub fn code(&self) -> Option<String> {
        match (&self.code_number, &self.code_notation) {
            (Some(number), Some(notation)) => Some(format!("{number}/{notation}")),
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
            (None, None) => None,
        }
    }

    /// The document that is revoked or updated: `Bussiness/DocumentId`, else that of the one `ResponseFor`; a revocation
    /// without either repeats the identifier of its target in the header (spec edxml 14).
    #[must_use]
    pub fn target_document_id(&self) -> Option<&str> {
        if !matches!(self.business.kind, BusinessKind::Revoke | BusinessKind::Update) {
            return None;
        }
        let answered = self
            .response_for
            .iter()
            .find_map(|response| response.document_id.as_deref());
        self.business
            .document_id
            .as_deref()
            .or(answered)
            .or(self.document_id.as_deref())
    }

    /// Place in [`DocumentMessage::attachments`] of the main document: nothing marks it, so the first PDF, else the first
    /// file that is there.
    #[must_use]
    pub fn main_attachment(&self) -> Option<usize> {
        let present = |attachment: &Attachment| attachment.content.is_some();
        self.attachments
            .iter()
            .position(|attachment| {
                attachment
                    .content
                    .as_ref()
                    .is_some_and(|content| content.media_type == "application/pdf")
            })
            .or_else(|| self.attachments.iter().position(present))
    }
}

/// Loại văn bản (1.5). Practice contradicts the table, so [`DocumentType::type_name`] is what counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentType {
    /// `Type`: 1 quy phạm pháp luật, 2 hành chính; others occur.
    pub type_group: Option<u32>,
    /// `TypeDetail`: ordinal in the group; 0 occurs.
    pub type_detail: Option<u32>,
    /// `TypeName`.
    pub type_name: Option<String>,
}

/// Người ký (1.8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signer {
    /// `Competence`, quyền hạn ký: `KT. GIÁM ĐỐC`.
    pub competence: Option<String>,
    /// `Position`, chức vụ.
    pub position: Option<String>,
    /// `FullName`, họ và tên.
    pub full_name: Option<String>,
}

/// Thông tin khác (1.11).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OtherInfo {
    /// `Priority`, mức độ khẩn 0–4.
    pub priority: Option<u32>,
    /// `SphereOfPromulgation`, phạm vi lưu hành.
    pub sphere: Option<String>,
    /// `TyperNotation`, ký hiệu người soạn thảo.
    pub typer_notation: Option<String>,
    /// `PromulgationAmount`, số lượng bản; 0 reads as unknown.
    pub promulgation_amount: Option<u32>,
    /// `PageAmount`, số trang; 0 reads as unknown.
    pub page_amount: Option<u32>,
    /// `Appendixes/Appendix`, phụ lục.
    pub appendixes: Vec<String>,
}

/// Văn bản được trả lời, liên quan (1.12); in a status the document that it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ResponseFor {
    /// `OrganId` of the agency that issued it.
    pub organ_id: Option<String>,
    /// `Code`: number and symbol in one text, `123/SVD-VP`.
    pub code: Option<String>,
    /// `PromulgationDate`.
    pub promulgation_date: Option<Date>,
    /// `DocumentId`.
    pub document_id: Option<String>,
}

/// A node that handled the message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct TraceHeader {
    /// `OrganId`: an agency or a node of the axis.
    pub organ_id: Option<String>,
    /// `Timestamp`; the wire has seconds and Vietnam time.
    pub timestamp: Option<Timestamp>,
}

/// Loại nghiệp vụ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BusinessKind {
    /// 0, văn bản điện tử mới.
    #[default]
    New,
    /// 1, thu hồi.
    Revoke,
    /// 2, cập nhật.
    Update,
    /// 3, thay thế.
    Replace,
}

impl BusinessKind {
    /// Every kind, by its value on the wire.
    pub const ALL: [Self; 4] = [Self::New, Self::Revoke, Self::Update, Self::Replace];

    /// The value of `BussinessDocType`.
    #[must_use]
    pub const fn value(self) -> u32 {
        match self {
            Self::New => 0,
            Self::Revoke => 1,
            Self::Update => 2,
            Self::Replace => 3,
        }
    }

    /// The kind with this value.
    #[must_use]
    pub fn from_value(value: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.value() == value)
    }

    /// Stable name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Revoke => "revoke",
            Self::Update => "update",
            Self::Replace => "replace",
        }
    }

    /// The Vietnamese term.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::New => "Văn bản điện tử mới",
            Self::Revoke => "Thu hồi văn bản",
            Self::Update => "Cập nhật văn bản",
            Self::Replace => "Thay thế văn bản",
        }
    }
}

/// `Bussiness`: what is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Business {
    /// `BussinessDocType`; absent reads as new.
    pub kind: BusinessKind,
    /// `DocumentId` of the document that is revoked or updated; ignored for a new one.
    pub document_id: Option<String>,
    /// `BussinessDocReason`; may have several lines.
    pub reason: Option<String>,
    /// `Paper`: a paper copy follows.
    pub paper: Option<bool>,
    /// `BussinessDocumentInfo/DocumentInfo`: the data of the document changed.
    pub document_info: Option<bool>,
    /// `BussinessDocumentInfo/DocumentReceiver`: the list of recipients changed.
    pub document_receiver: Option<bool>,
    /// `BussinessDocumentInfo/ReceiverList`.
    pub receivers: Vec<Receiver>,
    /// `ReplacementInfoList`.
    pub replacements: Vec<Replacement>,
    /// `StaffInfo`: who can be asked.
    pub staff: Staff,
}

/// A change of the list of recipients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Receiver {
    /// `OrganId`.
    pub organ_id: String,
    /// `ReceiverType`.
    pub change: Option<ReceiverChange>,
}

/// Loại thay đổi nơi nhận.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiverChange {
    /// 0, bỏ khỏi danh sách.
    Removed,
    /// 1, thêm vào.
    Added,
}

/// A replaced document and the agencies for which it is replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Replacement {
    /// `DocumentId` of the replaced document; entries without one are not read.
    pub document_id: String,
    /// `OrganIdList/OrganId`.
    pub organ_ids: Vec<String>,
}

/// Cán bộ phụ trách.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Staff {
    /// `Department`, đơn vị.
    pub department: Option<String>,
    /// `Staff`, họ và tên.
    pub staff: Option<String>,
    /// `Mobile`, điện thoại.
    pub mobile: Option<String>,
    /// `Email`.
    pub email: Option<String>,
}

impl Staff {
    /// Nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A file of the message. The bytes are in the sink.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// `ContentId` without `cid:`.
    pub content_id: Option<String>,
    /// `AttachmentName`: what a reader sees; foreign text, never a path.
    pub name: Option<String>,
    /// `Description`.
    pub description: Option<String>,
    /// `ContentType` as the sender wrote it.
    pub content_type: Option<String>,
    /// What was there; nothing when the file is missing or unreadable (thiếu tệp).
    pub content: Option<Content>,
}

/// The bytes of a file, after decoding and after unpacking the archive that senders put around a single file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Content {
    /// The number under which the sink got it.
    pub slot: usize,
    /// In bytes.
    pub size: u64,
    /// SHA-256.
    #[serde(with = "hex::serde")]
    pub sha256: [u8; 32],
    /// Media type by the content, not by what the sender says.
    pub media_type: String,
    /// It was packed on the wire (spec edxml 5).
    pub unpacked: bool,
}

/// Whether the message brings a signature of its own (spec edxml 7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignaturePresence {
    /// None.
    #[default]
    Absent,
    /// Elements that cannot be a signature: another namespace, no value, no certificate.
    Dummy,
    /// Something that may be judged.
    Present,
}

/// A message that tells the state of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatusMessage {
    /// Who tells.
    pub from: Organ,
    /// Addressed agencies; the axis form has none.
    pub to: Vec<Organ>,
    /// The document that it is about.
    pub response_for: ResponseFor,
    /// `StatusCode` as it stands: two digits, but others occur.
    pub status_code: String,
    /// `Description`; the reason of 02, 13 and 16. May have several lines.
    pub description: Option<String>,
    /// `Timestamp`.
    pub timestamp: Option<Timestamp>,
    /// Who handled it.
    pub staff: Staff,
}
