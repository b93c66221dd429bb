//! The report on the signature of a message.

use aws_lc_rs::digest::{self, SHA256, SHA384, SHA512};
use bergshamra::{
    DsigContext, KeysManager, core::algorithm, dsig::verify::verify_document_with_source,
    keys::loader::load_x509_cert_der, xml::uppsala::Document,
};
use jiff::Timestamp;
use pdf_signature::{
    pki::{CertificateVerdict, Context, Purpose, certificate_facts, check_certificate_for},
    verify::Verdict,
};
use serde::{Deserialize, Serialize};

use crate::{
    XmlError,
    shape::{self, Fault, Shape},
};

/// What the check of a message found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Passed, failed, or not enough known.
    pub verdict: Verdict,
    /// `valid`, `absent`, `several_signatures`, `form`, `reference`, `transform`, `no_certificate`, `weak_algorithm`,
    /// `digest`, `signature`, `certificate`, or a code of [`XmlError`].
    pub code: String,
    /// A Vietnamese sentence.
    pub reason: String,
    /// The signer's certificate: path, validity, revocation. Absent when it did not come to that.
    pub certificate: Option<CertificateVerdict>,
    /// What was referred to: empty for the whole message, or `#` and the identifier of an element.
    pub reference: Option<String>,
    /// Address of the signature algorithm.
    pub algorithm: Option<String>,
    /// The time of the check, which is also the time for which the certificate was judged: a message proves no other.
    pub checked_at: Timestamp,
    /// The canonical XML that the signature covers, without the signature. Present only when digest and signature value are
    /// right. A program that acts on a signed message must read it from here and not from the message.
    #[serde(skip)]
    pub content: Option<Vec<u8>>,
}

/// Checks the one signature of a message at `ctx.now`. Anchors count only with the purpose [`Purpose::Xml`]. Never fails:
/// what cannot be read is a report too.
///
/// A message without a signature is `INDETERMINATE` with the code `absent`; whether it may be accepted is the caller's rule.
#[must_use]
pub fn verify(message: &[u8], ctx: &Context<'_>) -> Report {
    let read = shape::text(message).and_then(|text| shape::parse(text).map(|document| (text, document)));
    match read {
        Ok((text, document)) => judge(text, &document, ctx),
        Err(error) => unread(&error, ctx),
    }
}

fn judge(text: &str, document: &Document<'_>, ctx: &Context<'_>) -> Report {
    let shape = match Shape::read(document) {
        Ok(shape) => shape,
        Err(fault) => return refused(fault, ctx),
    };
    let mut report = Report {
        reference: Some(shape.uri.clone()),
        algorithm: Some(shape.signature_method.clone()),
        ..blank(ctx)
    };
    let Some(hash) = accepted(&shape) else {
        return told(report, Verdict::Indeterminate, "weak_algorithm", WEAK);
    };
    let covered = shape
        .canonical
        .bytes(document, shape.target, Some(shape.signature));
    let Some(covered) = covered.filter(|bytes| digest::digest(hash, bytes).as_ref() == shape.digest) else {
        return told(report, Verdict::TotalFailed, "digest", DIGEST);
    };
    let Some(signer) = signer(text, document, &shape.certificates) else {
        return told(report, Verdict::TotalFailed, "signature", SIGNATURE);
    };
    report.content = Some(covered);

    let mut chain = shape.certificates;
    chain.swap(0, signer);
    let certificate = check_certificate_for(Purpose::Xml, &chain, ctx.now, ctx);
    let verdict = certificate.verdict;
    let reason = certificate.reason.clone();
    report.certificate = Some(certificate);
    if verdict == Verdict::TotalPassed {
        return told(report, verdict, "valid", VALID);
    }
    Report {
        verdict,
        code: "certificate".to_owned(),
        reason,
        ..report
    }
}

const VALID: &str = "Chữ ký số của thông điệp hợp lệ.";
const WEAK: &str = "Thuật toán của chữ ký số không được chấp nhận (cần SHA-256 trở lên). Đề nghị bên gửi ký lại bằng thuật toán được phép.";
const DIGEST: &str =
    "Nội dung thông điệp đã bị thay đổi sau khi ký. Không sử dụng thông điệp này; đề nghị bên gửi gửi lại.";
const SIGNATURE: &str = "Giá trị chữ ký số không đúng với chứng thư số trong thông điệp. Không sử dụng thông điệp này; đề nghị bên gửi gửi lại.";

/// The digest function of a signature whose algorithms are on the list; nothing else is.
fn accepted(shape: &Shape) -> Option<&'static digest::Algorithm> {
    let is_listed = matches!(
        shape.signature_method.as_str(),
        algorithm::RSA_SHA256
            | algorithm::RSA_SHA384
            | algorithm::RSA_SHA512
            | algorithm::ECDSA_SHA256
            | algorithm::ECDSA_SHA384
            | algorithm::ECDSA_SHA512
    );
    match shape.digest_method.as_str() {
        algorithm::SHA256 if is_listed => Some(&SHA256),
        algorithm::SHA384 if is_listed => Some(&SHA384),
        algorithm::SHA512 if is_listed => Some(&SHA512),
        _ => None,
    }
}

/// The place in the list of the certificate whose key made the signature. Certificates of authorities are not asked.
fn signer(text: &str, document: &Document<'_>, certificates: &[Vec<u8>]) -> Option<usize> {
    certificates
        .iter()
        .position(|certificate| certificate_facts(certificate).is_ok() && fits(text, document, certificate))
}

/// Digest and signature value are right with the key of this certificate and no other: keys that the message brings along
/// are not asked.
fn fits(text: &str, document: &Document<'_>, certificate: &[u8]) -> bool {
    let Ok(key) = load_x509_cert_der(certificate) else {
        return false;
    };
    let mut keys = KeysManager::new();
    keys.add_key(key);
    let context = DsigContext::new(keys);
    verify_document_with_source(&context, document, Some(text))
        .is_ok_and(|result| result.is_valid() && result.all_reference_digests_verified())
}

/// For signing: is the signature that was just put in that of the announced certificate?
pub(crate) fn value_fits(document: &Document<'_>, certificate: &[u8]) -> bool {
    fits(document.input_text(), document, certificate)
}

fn blank(ctx: &Context<'_>) -> Report {
    Report {
        verdict: Verdict::Indeterminate,
        code: String::new(),
        reason: String::new(),
        certificate: None,
        reference: None,
        algorithm: None,
        checked_at: ctx.now,
        content: None,
    }
}

fn told(report: Report, verdict: Verdict, code: &str, reason: &str) -> Report {
    Report {
        verdict,
        code: code.to_owned(),
        reason: reason.to_owned(),
        ..report
    }
}

fn unread(error: &XmlError, ctx: &Context<'_>) -> Report {
    let verdict = match error {
        // Two elements of one name are how signed content is exchanged for other content.
        XmlError::DuplicateId => Verdict::TotalFailed,
        _ => Verdict::Indeterminate,
    };
    told(blank(ctx), verdict, error.code(), &error.to_string())
}

fn refused(fault: Fault, ctx: &Context<'_>) -> Report {
    let (verdict, code, reason) = match fault {
        Fault::Absent => (Verdict::Indeterminate, "absent", "Thông điệp không có chữ ký số."),
        Fault::Several => (
            Verdict::TotalFailed,
            "several_signatures",
            "Thông điệp có nhiều chữ ký số nên không xác định được phần được ký. Đề nghị bên gửi chỉ ký một lần.",
        ),
        Fault::Form => (
            Verdict::TotalFailed,
            "form",
            "Cấu trúc chữ ký số của thông điệp không đúng quy định. Đề nghị bên gửi kiểm tra phần mềm ký và gửi lại.",
        ),
        Fault::Reference => (
            Verdict::TotalFailed,
            "reference",
            "Chữ ký số không bao trùm thông điệp hoặc phần bao ngoài chữ ký. Đề nghị bên gửi ký lại toàn bộ thông điệp.",
        ),
        Fault::Transform => (
            Verdict::TotalFailed,
            "transform",
            "Chữ ký số dùng phép biến đổi không được chấp nhận. Đề nghị bên gửi ký lại theo quy định.",
        ),
        Fault::NoCertificate => (
            Verdict::Indeterminate,
            "no_certificate",
            "Chữ ký số không kèm chứng thư số đọc được nên không xác định được bên ký.",
        ),
    };
    told(blank(ctx), verdict, code, reason)
}
