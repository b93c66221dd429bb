//! The order of the two signatures, and the gates before each key.

use crate::ids::AgencyId;
use crate::legal_value::SignatureVerdict;
use crate::names::named_enum;
use crate::people::Actor;
use crate::{Decision, Refusal};

named_enum! {
    /// Whose key signs.
    KeyOwner {
        /// The authorised person's (ND30-13.7).
        Person = "person", "Chữ ký số cá nhân";
        /// The agency's, in the clerk's hands (ND30-32).
        Agency = "agency", "Chữ ký số cơ quan";
    }
}

/// What the check of a certificate before signing found (KS-01, KS-06, KS-30).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateCheck {
    /// Path, validity, use and revocation are in order.
    Good,
    /// It must not sign: expired, revoked, of an unknown issuer, of a forbidden algorithm.
    Bad,
    /// It could not be told, for example because no revocation data can be had (KS-25: unknown is not valid).
    Unknown,
}

/// A key signs only under a certificate that is valid now; `reason` is the checker's sentence.
///
/// # Errors
/// `KS-01` for a certificate that is not valid, `KS-30` when that cannot be told.
pub fn may_use_certificate(owner: KeyOwner, check: CertificateCheck, reason: &str) -> Decision<()> {
    let whose = match owner {
        KeyOwner::Person => "của Ông/Bà",
        KeyOwner::Agency => "của cơ quan",
    };
    match check {
        CertificateCheck::Good => Ok(()),
        CertificateCheck::Bad => Err(Refusal::new(
            "KS-01",
            "signing.certificate_invalid",
            format!(
                "Chứng thư số {whose} không dùng để ký được: {reason} Vui lòng liên hệ quản trị để thay chứng thư số."
            ),
        )),
        CertificateCheck::Unknown => Err(Refusal::new(
            "KS-30",
            "signing.certificate_unknown",
            format!(
                "Chưa kiểm tra được hiệu lực chứng thư số {whose}: {reason} Vui lòng thử lại sau ít phút hoặc báo quản trị."
            ),
        )),
    }
}

/// The agency signs only what the authorised person has signed (ND30-32.2d; criteria NT-13, CN-209).
///
/// # Errors
/// `ND30-32.2d`.
pub fn person_first(person: SignatureVerdict) -> Decision<()> {
    let message = match person {
        SignatureVerdict::Valid => return Ok(()),
        SignatureVerdict::Absent => {
            "Văn bản chưa có chữ ký số của người có thẩm quyền nên chưa được cấp số, ký số của cơ quan. Vui lòng trả lại người ký để ký số."
        }
        SignatureVerdict::Invalid => {
            "Chữ ký số của người có thẩm quyền không hợp lệ nên không được ký số của cơ quan. Vui lòng trả lại người ký để ký lại."
        }
        SignatureVerdict::Undetermined => {
            "Chưa đủ căn cứ xác định chữ ký số của người có thẩm quyền là hợp lệ nên chưa được ký số của cơ quan. Vui lòng kiểm tra lại chữ ký sau ít phút."
        }
    };
    Err(Refusal::new("ND30-32.2d", "signing.person_first", message))
}

/// What the use of an agency's key looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealFacts {
    /// The agency whose key it is.
    pub agency: AgencyId,
    /// Whether a signed-in person asks, in their own session, now; a job, a timer or a message never is one.
    pub in_person: bool,
    /// Whether the custody record names this account as the holder of the agency's device on this day (ND30-32.2b).
    pub holds_device: bool,
    /// The authorised person's signature on the document.
    pub person: SignatureVerdict,
}

/// Whether the agency's key may sign a document that the agency issues.
///
/// # Errors
/// `ND30-32.2c` for anything but a clerk in person, `ND30-32.2b` for one who does not hold the device, `ND30-32.2d`
/// before the authorised person has signed.
pub fn may_seal(actor: &Actor, facts: &SealFacts) -> Decision<()> {
    seals_in_person(actor, facts.agency, facts.in_person)?;
    if !facts.holds_device {
        return Err(Refusal::new(
            "ND30-32.2b",
            "signing.not_holder",
            "Ông/Bà chưa được giao giữ thiết bị lưu khóa bí mật của cơ quan theo sổ giao nhận. Vui lòng lập biên bản bàn giao trước khi ký.",
        ));
    }
    person_first(facts.person)
}

/// Whether this is a clerk of the agency who works with its key in person.
///
/// # Errors
/// `ND30-32.2c` for anybody and anything else.
pub fn seals_in_person(actor: &Actor, agency: AgencyId, in_person: bool) -> Decision<()> {
    if in_person && actor.is_clerk_of(agency) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-32.2c",
        "signing.not_clerk",
        "Chỉ văn thư cơ quan trực tiếp ký số của cơ quan; việc này không giao cho người khác hoặc chạy tự động.",
    ))
}

/// How many documents one authorisation of a person may sign (KS-73).
///
/// # Errors
/// `KS-73` for none or for more than 50.
pub fn signs_at_once(documents: usize) -> Decision<()> {
    at_once(documents, 50, "ký")
}

/// How many documents a clerk may seal at once (KS-73).
///
/// # Errors
/// `KS-73` for none or for more than 10.
pub fn seals_at_once(documents: usize) -> Decision<()> {
    at_once(documents, 10, "phát hành")
}

fn at_once(documents: usize, most: usize, doing: &str) -> Decision<()> {
    if (1..=most).contains(&documents) {
        return Ok(());
    }
    Err(Refusal::new(
        "KS-73",
        "signing.too_many",
        format!("Mỗi lần {doing} từ 1 đến {most} văn bản. Vui lòng chọn lại."),
    )
    .on("ids"))
}
