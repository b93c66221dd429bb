//! What a check of a document says: typed, serialisable, the same for the same input.
//!
//! The keys are those of the report that is stored with a document; labels for people stand beside them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The conclusion on one signature or on a document (ETSI EN 319 102-1). Ordered from good to bad, so the worst is the maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// Everything was checked and holds.
    #[serde(rename = "TOTAL-PASSED")]
    TotalPassed,
    /// Not enough is known for a conclusion.
    #[serde(rename = "INDETERMINATE")]
    Indeterminate,
    /// Something is proven to be wrong.
    #[serde(rename = "TOTAL-FAILED")]
    TotalFailed,
}

impl Verdict {
    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::TotalPassed => "HỢP LỆ",
            Self::TotalFailed => "KHÔNG HỢP LỆ",
            Self::Indeterminate => "KHÔNG ĐỦ CĂN CỨ",
        }
    }

    /// The word of the standard, as in the JSON report.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TotalPassed => "TOTAL-PASSED",
            Self::TotalFailed => "TOTAL-FAILED",
            Self::Indeterminate => "INDETERMINATE",
        }
    }
}

/// A remark: a stable code for programs, a Vietnamese sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable, `snake_case`.
    pub code: String,
    /// A whole sentence in Vietnamese.
    pub sentence: String,
}

impl Note {
    /// A note from its two parts.
    pub fn new(code: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            sentence: sentence.into(),
        }
    }
}

/// Who signs: a person, an agency, or an authority that states a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Chữ ký số của cá nhân.
    Person,
    /// Chữ ký số của cơ quan, tổ chức.
    Organization,
    /// Dấu thời gian trên tài liệu.
    Timestamp,
    /// The certificate could not be read.
    Unknown,
}

impl Role {
    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Person => "cá nhân",
            Self::Organization => "cơ quan, tổ chức",
            Self::Timestamp => "dấu thời gian",
            Self::Unknown => "không xác định",
        }
    }
}

/// Was the certificate within its period at the time that counts for the signature?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertAtSigning {
    /// Within its period.
    Valid,
    /// After its last day.
    Expired,
    /// Before its first day.
    NotYetValid,
    /// Could not be found out.
    Unknown,
}

impl CertAtSigning {
    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Valid => "còn hiệu lực",
            Self::Expired => "đã hết hiệu lực",
            Self::NotYetValid => "chưa có hiệu lực",
            Self::Unknown => "không xác định",
        }
    }
}

/// What is known about the revocation of the signer's certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationStatus {
    /// Not revoked.
    Good,
    /// Revoked or suspended.
    Revoked,
    /// No usable evidence.
    #[default]
    Unknown,
}

/// Where the knowledge comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationSource {
    /// A certificate revocation list.
    Crl,
    /// An answer of a status service.
    Ocsp,
}

/// Tình trạng thu hồi, with its source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationReport {
    /// Good, revoked or unknown.
    pub status: RevocationStatus,
    /// Since when, if revoked.
    #[serde(with = "vietnam_time")]
    pub revoked_at: Option<Timestamp>,
    /// The list or service that says so.
    pub source: Option<RevocationSource>,
    /// When the evidence was true.
    #[serde(with = "vietnam_time")]
    pub this_update: Option<Timestamp>,
    /// Until when newer evidence is promised.
    #[serde(with = "vietnam_time")]
    pub next_update: Option<Timestamp>,
}

impl RevocationReport {
    /// What people read.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self.status {
            RevocationStatus::Good => "còn hiệu lực",
            RevocationStatus::Revoked => "đã thu hồi",
            RevocationStatus::Unknown => "không xác định",
        }
    }
}

/// Are the signed bytes those that were signed?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Integrity {
    /// Digest and signature value fit.
    Intact,
    /// They do not.
    Changed,
    /// Could not be computed.
    Unknown,
}

impl Integrity {
    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Intact => "nguyên vẹn",
            Self::Changed => "đã bị thay đổi",
            Self::Unknown => "không xác định",
        }
    }
}

/// Which part of the file the signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// All bytes of the file.
    WholeFile,
    /// All bytes up to the end of an earlier revision.
    Revision,
    /// Not a whole revision: refused.
    Unclear,
}

/// The strongest kind of change after the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LaterChanges {
    /// Nothing was added.
    None,
    /// Only what keeps signatures checkable (certificates, revocation data, document time stamps).
    ValidationData,
    /// Further signatures.
    Signatures,
    /// Anything else: refused.
    Other,
}

impl LaterChanges {
    /// What people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::None => "không",
            Self::ValidationData => "dữ liệu xác thực lâu dài",
            Self::Signatures => "bổ sung chữ ký",
            Self::Other => "thay đổi khác",
        }
    }
}

/// Mức chữ ký.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    /// Basic.
    #[serde(rename = "PAdES B-B")]
    BaselineB,
    /// With a time stamp.
    #[serde(rename = "PAdES B-T")]
    BaselineT,
    /// With validation data in the document.
    #[serde(rename = "PAdES B-LT")]
    BaselineLt,
    /// With a document time stamp over the validation data.
    #[serde(rename = "PAdES B-LTA")]
    BaselineLta,
    /// `adbe.pkcs7.detached` and relatives, before PAdES.
    #[serde(rename = "PKCS#7")]
    Pkcs7,
    /// A time stamp over the document.
    #[serde(rename = "DocTimeStamp")]
    DocTimeStamp,
    /// Not recognised.
    #[serde(rename = "unknown")]
    Unknown,
}

impl Profile {
    /// The name in the report.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::BaselineB => "PAdES B-B",
            Self::BaselineT => "PAdES B-T",
            Self::BaselineLt => "PAdES B-LT",
            Self::BaselineLta => "PAdES B-LTA",
            Self::Pkcs7 => "PKCS#7",
            Self::DocTimeStamp => "Dấu thời gian tài liệu",
            Self::Unknown => "không xác định",
        }
    }
}

/// The signed attribute that binds the signature to one certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningCertAttr {
    /// signing-certificate-v2, and it names the signer's certificate.
    V2,
    /// The older signing-certificate (SHA-1), and it names the signer's certificate.
    V1,
    /// Not there.
    Absent,
    /// There, but it names another certificate.
    Mismatch,
}

/// Where the signature is seen: page from 1, millimetres from the upper left corner of the page as seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct VisibleArea {
    /// From 1.
    pub page: u32,
    /// From the left edge, mm.
    pub x: f64,
    /// From the upper edge, mm.
    pub y: f64,
    /// Millimetres.
    pub width: f64,
    /// Millimetres.
    pub height: f64,
}

/// One signature or document time stamp. Doc comments give the label of the screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignatureReport {
    /// Kết luận.
    pub verdict: Verdict,
    /// Lý do: the word of ETSI EN 319 102-1; none when passed.
    pub sub_reason: Option<String>,
    /// Lý do: a Vietnamese sentence.
    pub reason: String,
    /// Full name of the form field.
    pub field: String,
    /// Chữ ký thứ …, from 1, in the order of signing.
    pub order: u32,
    /// … of so many.
    pub total: u32,
    /// Loại chữ ký.
    pub role: Role,
    /// Người ký.
    pub signer_cn: Option<String>,
    /// Chức vụ.
    pub title: Option<String>,
    /// Cơ quan, tổ chức.
    pub org: Option<String>,
    /// Mã định danh.
    pub org_id: Option<String>,
    /// Số hiệu chứng thư, hexadecimal.
    pub cert_serial: Option<String>,
    /// SHA-256 of the certificate, hexadecimal.
    pub cert_sha256: Option<String>,
    /// Tổ chức cấp.
    pub issuer: Option<String>,
    /// Hiệu lực từ.
    #[serde(with = "vietnam_time")]
    pub valid_from: Option<Timestamp>,
    /// Hiệu lực đến.
    #[serde(with = "vietnam_time")]
    pub valid_to: Option<Timestamp>,
    /// Đường dẫn chứng thực: names from the signer up to the trust anchor; empty without a path.
    pub chain: Vec<String>,
    /// The label of the trust anchor at the end of the path.
    pub anchor: Option<String>,
    /// Hiệu lực chứng thư tại thời điểm ký.
    pub cert_at_signing: CertAtSigning,
    /// Tình trạng thu hồi.
    pub revocation: RevocationReport,
    /// Thời gian ký (theo máy người ký).
    #[serde(with = "vietnam_time")]
    pub claimed_time: Option<Timestamp>,
    /// Dấu thời gian: only of a time stamp that was itself found valid.
    #[serde(with = "vietnam_time")]
    pub ts_time: Option<Timestamp>,
    /// Đơn vị cấp dấu thời gian.
    pub ts_authority: Option<String>,
    /// Tính toàn vẹn của văn bản.
    pub integrity: Integrity,
    /// Phạm vi được ký.
    pub coverage: Coverage,
    /// The revision that the signature covers, from 1; 0 when unclear.
    pub revision: u32,
    /// Of so many revisions.
    pub revisions: u32,
    /// Thay đổi sau khi ký.
    pub later_changes: LaterChanges,
    /// What was changed, and other remarks.
    pub change_notes: Vec<Note>,
    /// Thuật toán băm.
    pub hash_alg: Option<String>,
    /// Thuật toán ký.
    pub sig_alg: Option<String>,
    /// Độ dài khóa.
    pub key_bits: Option<u32>,
    /// Mức chữ ký.
    pub profile: Profile,
    /// Thuộc tính chứng thư ký.
    pub signing_cert_attr: SigningCertAttr,
    /// Định dạng.
    pub subfilter: Option<String>,
    /// Vị trí hình ảnh; none for an invisible signature.
    pub visible_area: Option<VisibleArea>,
}

/// The report on a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The worst of the signatures; [`Verdict::Indeterminate`] with `NO_SIGNATURE` if there is none.
    pub verdict: Verdict,
    /// The reason of the signature that decided.
    pub sub_reason: Option<String>,
    /// In the order of signing.
    pub signatures: Vec<SignatureReport>,
    /// About the document as a whole.
    pub warnings: Vec<Note>,
    /// Set when the structure could not be read: then nothing was verified.
    pub unreadable: Option<Note>,
    /// Kiểm tra lúc.
    #[serde(with = "vietnam_time::always")]
    pub checked_at: Timestamp,
    /// Phần mềm.
    pub engine: String,
    /// Danh sách tin cậy.
    pub trust_list_version: String,
    /// Bằng chứng: SHA-256 of the lists, answers and time stamps that were used, sorted, hexadecimal.
    pub evidence_sha256: Vec<String>,
    /// SHA-256 of the file, hexadecimal.
    pub file_sha256: String,
    /// How many revisions the file has; 0 when unreadable.
    pub revisions: u32,
}

/// Times are written with the offset of Vietnam (ISO 8601), and read with any offset.
mod vietnam_time {
    use jiff::{Timestamp, tz::Offset};
    use serde::{Deserialize, Deserializer, Serializer};

    fn text(at: Timestamp) -> String {
        at.display_with_offset(Offset::constant(7)).to_string()
    }

    #[allow(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "the signature that serde asks for"
    )]
    pub fn serialize<S: Serializer>(at: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => to.serialize_str(&text(*at)),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
        Option::<Timestamp>::deserialize(from)
    }

    /// The same for a time that is always there.
    pub mod always {
        use super::text;
        use jiff::Timestamp;
        use serde::{Deserialize, Deserializer, Serializer};

        #[allow(
            clippy::trivially_copy_pass_by_ref,
            reason = "the signature that serde asks for"
        )]
        pub fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
            to.serialize_str(&text(*at))
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
            Timestamp::deserialize(from)
        }
    }
}
