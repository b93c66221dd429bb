//! The gate for files that come back signed from an agent which signs whole files (VGCA Sign Service).
//!
//! Such an agent is given the file and returns another one; nothing it says about it is believed. The gate compares the
//! returned bytes with those that were given out and lets exactly one thing through: the same document with exactly one
//! more signature, by the certificate that was expected, valid, and seen where it belongs.

use thiserror::Error;

use crate::{
    difference::{ChangeLevel, History},
    document::{Document, SignatureField, SignatureKind},
    pki::Context,
    verify::{LaterChanges, Report, SignatureReport, Verdict, verify},
};

/// What the returned file must be.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The file that was given out, exactly.
    pub base: &'a [u8],
    /// SHA-256 of the certificate of the person or agency that signs, hexadecimal.
    pub certificate_sha256: &'a str,
    /// The page (from 1) on which the signature is seen; `None` if none is asked for.
    pub page: Option<u32>,
}

/// A file that may go on.
#[derive(Clone, Debug, PartialEq)]
pub enum Admitted {
    /// The same document with one more signature: may become the next version.
    Signed {
        /// The new signature.
        signature: Box<SignatureReport>,
        /// The report on the whole file.
        report: Box<Report>,
    },
    /// The agent wrote the file anew. There was no signature before, so nothing was broken; but that it is still the same
    /// document must be seen by a person who compares both renderings.
    NeedsComparison {
        /// The new signature.
        signature: Box<SignatureReport>,
        /// The report on the whole file.
        report: Box<Report>,
    },
}

/// Why a file is not let through.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IntakeRefusal {
    /// The file cannot be read.
    #[error("Tệp nhận lại từ phần mềm ký số không đọc được: {0}")]
    Unreadable(String),
    /// The file was written anew although it carried signatures.
    #[error(
        "Phần mềm ký số đã ghi lại toàn bộ tệp, làm mất các chữ ký đã có. Văn bản không được tiếp nhận; đề nghị ký lại từ bản gốc trên hệ thống."
    )]
    Rewritten,
    /// Not exactly one more signature.
    #[error(
        "Tệp nhận lại phải có thêm đúng một chữ ký số (trước: {before}, sau: {after}). Đề nghị ký lại từ bản gốc trên hệ thống."
    )]
    NotOneMore {
        /// Signatures in the file that was given out.
        before: usize,
        /// Signatures in the file that came back.
        after: usize,
    },
    /// Something else was changed together with the signature.
    #[error(
        "Nội dung văn bản đã bị thay đổi cùng lúc ký ({0}). Văn bản không được tiếp nhận; đề nghị ký lại từ bản gốc trên hệ thống."
    )]
    Changed(String),
    /// The new signature is not valid.
    #[error("Chữ ký số mới chưa được công nhận hợp lệ: {sentence}")]
    NotValid {
        /// The word of ETSI EN 319 102-1.
        sub_reason: String,
        /// The sentence of the report.
        sentence: String,
    },
    /// An earlier signature does not hold any longer.
    #[error(
        "Chữ ký số đã có tại trường “{0}” không còn hợp lệ sau khi ký. Đề nghị ký lại từ bản gốc trên hệ thống."
    )]
    EarlierBroken(String),
    /// Signed by another certificate.
    #[error(
        "Văn bản được ký bằng chứng thư số khác với chứng thư đã đăng ký của người ký ({0}). Đề nghị chọn đúng thiết bị và ký lại."
    )]
    OtherSigner(String),
    /// Not seen where it belongs.
    #[error("Hình ảnh chữ ký không nằm trên trang {expected} như yêu cầu. Đề nghị đặt lại vị trí và ký lại.")]
    WrongPage {
        /// From 1.
        expected: u32,
        /// From 1; `None` if it is not seen at all.
        found: Option<u32>,
    },
}

impl IntakeRefusal {
    /// Stable, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "intake_unreadable",
            Self::Rewritten => "intake_rewritten",
            Self::NotOneMore { .. } => "intake_not_one_more",
            Self::Changed(_) => "intake_changed",
            Self::NotValid { .. } => "intake_not_valid",
            Self::EarlierBroken(_) => "intake_earlier_broken",
            Self::OtherSigner(_) => "intake_other_signer",
            Self::WrongPage { .. } => "intake_wrong_page",
        }
    }
}

/// Judges a returned file.
///
/// # Errors
/// [`IntakeRefusal`], the first rule that is broken.
pub fn admit(uploaded: &[u8], expected: &Expected<'_>, ctx: &Context<'_>) -> Result<Admitted, IntakeRefusal> {
    let unreadable = |error: crate::document::ReadError| IntakeRefusal::Unreadable(error.to_string());
    let base = Document::open(expected.base).map_err(unreadable)?;
    let before = base.signature_fields().map_err(unreadable)?.signed;
    let same = uploaded.starts_with(expected.base);
    if !same && !before.is_empty() {
        return Err(IntakeRefusal::Rewritten);
    }
    let document = Document::open(uploaded).map_err(unreadable)?;
    let after = document.signature_fields().map_err(unreadable)?.signed;
    let added = one_more(&before, &after).ok_or(IntakeRefusal::NotOneMore {
        before: before.len(),
        after: after.len(),
    })?;
    if same {
        unchanged(&document, base.revisions().len())?;
    }
    let report = verify(uploaded, ctx);
    let signature = report
        .signatures
        .iter()
        .find(|one| one.field == added.name)
        .cloned()
        .ok_or(IntakeRefusal::NotOneMore {
            before: before.len(),
            after: report.signatures.len(),
        })?;
    if signature.verdict != Verdict::TotalPassed {
        return Err(IntakeRefusal::NotValid {
            sub_reason: signature.sub_reason.unwrap_or_default(),
            sentence: signature.reason,
        });
    }
    let broken = report.signatures.iter().find(|one| {
        one.field != added.name
            && (one.verdict == Verdict::TotalFailed || one.later_changes == LaterChanges::Other)
    });
    if let Some(broken) = broken {
        return Err(IntakeRefusal::EarlierBroken(broken.field.clone()));
    }
    let signer = signature.cert_sha256.as_deref().unwrap_or_default();
    if !signer.eq_ignore_ascii_case(expected.certificate_sha256) {
        return Err(IntakeRefusal::OtherSigner(
            signature.signer_cn.unwrap_or_default(),
        ));
    }
    let found = signature.visible_area.map(|area| area.page);
    if let Some(page) = expected.page
        && found != Some(page)
    {
        return Err(IntakeRefusal::WrongPage {
            expected: page,
            found,
        });
    }
    let (signature, report) = (Box::new(signature), Box::new(report));
    Ok(if same {
        Admitted::Signed { signature, report }
    } else {
        Admitted::NeedsComparison { signature, report }
    })
}

/// The one signature that was not there before; all others are still there.
fn one_more<'f>(before: &[SignatureField], after: &'f [SignatureField]) -> Option<&'f SignatureField> {
    let known = |field: &SignatureField| {
        before
            .iter()
            .any(|old| old.name == field.name && old.contents == field.contents)
    };
    let mut added = after.iter().filter(|field| !known(field));
    let one = added.next()?;
    let only = added.next().is_none() && after.len() == before.len() + 1;
    (only && one.kind == SignatureKind::Signature).then_some(one)
}

/// What came after the bytes that were given out is nothing but the signature. When there was no signature before, no
/// signature says so: the revisions themselves are compared.
fn unchanged(document: &Document<'_>, revisions: usize) -> Result<(), IntakeRefusal> {
    let last = revisions.saturating_sub(1);
    let changes = History::after(document, last).since(last);
    if changes.level <= ChangeLevel::NewSignatures {
        return Ok(());
    }
    let told = changes
        .notes
        .into_iter()
        .filter(|note| note.level > ChangeLevel::NewSignatures)
        .map(|note| note.text)
        .next()
        .unwrap_or_default();
    Err(IntakeRefusal::Changed(told.trim_end_matches('.').to_owned()))
}
