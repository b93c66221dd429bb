//! The signature of the message itself (spec edxml 7). The axis serialises messages anew, so such a signature can hardly
//! arrive in one piece: a missing or broken one never leads to a refusal. What counts legally are the signatures in the PDF.

use pdf_signature::{pki::Context, verify::Verdict};
use serde::{Deserialize, Serialize};
use xml_signature::{Covers, Place, Prepared, Report, XmlError, verify};

use crate::model::SignaturePresence;

/// What can be said about the message signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureState {
    /// None.
    Absent,
    /// Elements that cannot be a signature, as templates carry them.
    Dummy,
    /// It may be right, but that cannot be shown: unknown certificate, odd transform, unreadable as a whole.
    Unverifiable,
    /// As before, and its algorithms are too weak to show anything (SHA-1).
    Weak,
    /// Wrong: changed content, wrong value, revoked certificate.
    Invalid,
    /// Right.
    Valid,
}

impl SignatureState {
    /// Stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Dummy => "dummy",
            Self::Unverifiable => "unverifiable",
            Self::Weak => "weak",
            Self::Invalid => "invalid",
            Self::Valid => "valid",
        }
    }

    /// The Vietnamese term.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Absent => "Không có chữ ký thông điệp",
            Self::Dummy => "Chữ ký thông điệp chỉ là mẫu",
            Self::Unverifiable => "Không kiểm tra được chữ ký thông điệp",
            Self::Weak => "Chữ ký thông điệp dùng thuật toán yếu",
            Self::Invalid => "Chữ ký thông điệp không đúng",
            Self::Valid => "Chữ ký thông điệp hợp lệ",
        }
    }
}

/// Judges the signature of a file as it was received. `presence` is what reading found; a present one is verified at
/// `ctx.now` with anchors for XML, and the report comes along.
#[must_use]
pub fn state(
    file: &[u8],
    presence: SignaturePresence,
    ctx: &Context<'_>,
) -> (SignatureState, Option<Report>) {
    match presence {
        SignaturePresence::Absent => (SignatureState::Absent, None),
        SignaturePresence::Dummy => (SignatureState::Dummy, None),
        SignaturePresence::Present => {
            let report = verify(file, ctx);
            (judged(&report), Some(report))
        }
    }
}

fn judged(report: &Report) -> SignatureState {
    match (report.code.as_str(), report.verdict) {
        ("valid", Verdict::TotalPassed) => SignatureState::Valid,
        ("weak_algorithm", _) => SignatureState::Weak,
        // The wrong address of exclusive canonicalisation that the library of the axis writes, or a part that is signed.
        ("transform" | "reference" | "form" | "absent" | "no_certificate", _) => SignatureState::Unverifiable,
        (_, Verdict::TotalFailed) => SignatureState::Invalid,
        _ => SignatureState::Unverifiable,
    }
}

/// Prepares the signature of a written message: enveloped, exclusive canonical form, RSA with SHA-256, over the whole of it,
/// at the end of the header. `chain` is DER, the signer first. The message that [`Prepared::finish`] gives reads as before.
///
/// # Errors
/// [`XmlError`].
pub fn prepare(file: &[u8], chain: &[Vec<u8>]) -> Result<Prepared, XmlError> {
    let place = Place {
        parent: "edXMLHeader",
        covers: Covers::Message,
    };
    xml_signature::prepare(file, place, chain)
}
