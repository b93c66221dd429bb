//! A report as its page, its print and the check page show it.

use pdf_signature::verify::Report;

use super::words::{self, Group};
use crate::web::page::{Badge, Fact};

/// A report on one file.
#[derive(Debug, Clone)]
pub struct ReportView {
    /// Name of the file.
    pub name: String,
    /// Where the file is, or empty.
    pub href: String,
    /// The conclusion.
    pub headline: Badge,
    /// One sentence.
    pub sentence: String,
    /// About the check and the file.
    pub facts: Vec<Fact>,
    /// About the document as a whole.
    pub warnings: Vec<String>,
    /// Each signature.
    pub signatures: Vec<SignatureView>,
    /// SHA-256 of the lists, answers and time stamps that were used.
    pub evidence: Vec<String>,
}

/// One signature.
#[derive(Debug, Clone)]
pub struct SignatureView {
    /// `Chữ ký thứ 1 / 2`.
    pub title: String,
    /// Who signed.
    pub signer: String,
    /// The conclusion.
    pub badge: Badge,
    /// Why, a sentence.
    pub reason: String,
    /// The reason's code (ETSI EN 319 102-1), or empty.
    pub code: String,
    /// Changes after the signature and other remarks.
    pub notes: Vec<String>,
    /// The facts.
    pub groups: Vec<Group>,
}

/// Prepares a report for the screen.
pub fn view(report: &Report, name: &str, href: &str, by: &str) -> ReportView {
    let mut facts = vec![Fact::new("Kiểm tra lúc", words::second(report.checked_at))];
    if !by.is_empty() {
        facts.push(Fact::new("Người kiểm tra", by));
    }
    facts.extend([
        Fact::new("Phần mềm", report.engine.as_str()),
        Fact::new("Danh sách tin cậy", report.trust_list_version.as_str()),
        Fact::new("Số phiên bản trong tệp", report.revisions.to_string()),
        Fact::new("SHA-256 của tệp", report.file_sha256.as_str()),
    ]);
    ReportView {
        name: name.to_owned(),
        href: href.to_owned(),
        headline: words::headline(report),
        sentence: words::sentence(report),
        facts,
        warnings: report.warnings.iter().map(|note| note.sentence.clone()).collect(),
        signatures: report
            .signatures
            .iter()
            .map(|one| SignatureView {
                title: format!("Chữ ký thứ {} / {}", one.order, one.total),
                signer: words::signer(one),
                badge: words::badge(one.verdict),
                reason: one.reason.clone(),
                code: one.sub_reason.clone().unwrap_or_default(),
                notes: one
                    .change_notes
                    .iter()
                    .map(|note| note.sentence.clone())
                    .collect(),
                groups: words::groups(one),
            })
            .collect(),
        evidence: report.evidence_sha256.clone(),
    }
}
