//! One check: the trust list and the evidence at hand go into the checker; what it asks for is fetched, when fetching is
//! allowed, and the check is done once more.

use std::{collections::BTreeSet, ops::Deref};

use pdf_signature::{
    pki::Evidence,
    verify::{Report, Role, SignatureReport, Verdict},
};
use rules::legal_value::{Signatory, SignatureVerdict, signatories};
use store::Digest;

use super::worker::{self, Found};
use crate::{
    context::App,
    error::AppResult,
    signing::{
        evidence,
        trust::{self, OwnedContext},
    },
};

/// Something a check relied on, DER (KS-08).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// `certificate`, `crl` or `ocsp`.
    pub kind: &'static str,
    /// DER.
    pub content: Vec<u8>,
}

/// A report with what it relied on, ready to be kept by [`super::store`].
#[derive(Debug, Clone)]
pub struct Checked {
    /// The report.
    pub report: Report,
    /// Certificates of the signers, lists and answers used.
    pub material: Vec<Material>,
}

impl Deref for Checked {
    type Target = Report;
    fn deref(&self) -> &Report {
        &self.report
    }
}

/// Checks the signatures of a PDF now, by the trust list of this installation.
///
/// # Errors
/// When the database fails or no process can be started. What cannot be read or judged is a report that says so.
pub async fn verify(app: &App, document: impl AsRef<[u8]>) -> AppResult<Checked> {
    let document = document.as_ref();
    let mut basis = trust::context(app).await?;
    let mut found = worker::run(app, &basis, document).await?;
    // What is fetched goes into the evidence of the installation, so the next check finds it there.
    if !found.wanted.is_empty() && evidence::fetch(app, &found.wanted).await? > 0 {
        let now = basis.now;
        basis = trust::context(app).await?;
        basis.now = now;
        found = worker::run(app, &basis, document).await?;
    }
    Ok(checked(found, &basis))
}

/// Adds what is new; whether anything was.
pub fn add(known: &mut Evidence, more: Evidence) -> bool {
    fn join(known: &mut Vec<Vec<u8>>, more: Vec<Vec<u8>>) -> bool {
        let before = known.len();
        for one in more {
            if !known.contains(&one) {
                known.push(one);
            }
        }
        known.len() > before
    }
    let certificates = join(&mut known.certificates, more.certificates);
    let crls = join(&mut known.crls, more.crls);
    let ocsps = join(&mut known.ocsps, more.ocsps);
    certificates || crls || ocsps
}

/// Picks what the report names from what was at hand. What it names beside that lies in the document itself.
fn checked(found: Found, basis: &OwnedContext) -> Checked {
    let used: BTreeSet<&str> = found.report.evidence_sha256.iter().map(String::as_str).collect();
    let mut material: Vec<Material> = found
        .certificates
        .iter()
        .filter_map(|text| hex::decode(text).ok())
        .map(|content| Material {
            kind: "certificate",
            content,
        })
        .collect();
    let at_hand = [
        ("certificate", &basis.evidence.certificates),
        ("crl", &basis.evidence.crls),
        ("ocsp", &basis.evidence.ocsps),
    ];
    for (kind, parts) in at_hand {
        for content in parts {
            if used.contains(Digest::of(content).to_string().as_str()) {
                material.push(Material {
                    kind,
                    content: content.clone(),
                });
            }
        }
    }
    Checked {
        report: found.report,
        material,
    }
}

/// The rules' word for a verdict of the report.
pub const fn word(verdict: Verdict) -> SignatureVerdict {
    match verdict {
        Verdict::TotalPassed => SignatureVerdict::Valid,
        Verdict::TotalFailed => SignatureVerdict::Invalid,
        Verdict::Indeterminate => SignatureVerdict::Undetermined,
    }
}

const fn signatory(role: Role) -> Option<Signatory> {
    match role {
        Role::Person => Some(Signatory::Person),
        Role::Organization => Some(Signatory::Agency),
        Role::Timestamp | Role::Unknown => None,
    }
}

/// What the person's and the agency's signatures are worth, in this order, for [`rules::legal_value::legal_value`].
pub fn legal(report: &Report) -> (SignatureVerdict, SignatureVerdict) {
    if report.unreadable.is_some() {
        let word = word(report.verdict);
        return (word, word);
    }
    let found: Vec<_> = report
        .signatures
        .iter()
        .filter_map(|one| Some((signatory(one.role)?, word(one.verdict))))
        .collect();
    let (person, agency) = signatories(word(report.verdict), &found);
    if agency == SignatureVerdict::Valid && is_painted_over(report) {
        return (person, SignatureVerdict::Undetermined);
    }
    (person, agency)
}

/// What is said of a document that somebody else may have painted over.
pub const PAINTED_OVER: &str = "Sau chữ ký số của cơ quan ban hành còn có chữ ký hiển thị của người khác, có thể che nội dung trên \
    trang; chỉ để biết, tham khảo cho đến khi đối chiếu với bản của cơ quan ban hành.";

/// Whether somebody who is neither the issuing agency nor the signer put a visible signature on the pages after the agency had
/// signed. Its picture may show anything and lies over what was signed, while every signature holds.
pub fn is_painted_over(report: &Report) -> bool {
    let certificate = |one: &SignatureReport| one.cert_sha256.clone();
    // The agency that issues is the one that signed first.
    let Some(agency) = report
        .signatures
        .iter()
        .find(|one| one.role == Role::Organization)
        .map(certificate)
    else {
        return false;
    };
    let Some(last) = report
        .signatures
        .iter()
        .rposition(|one| one.role == Role::Organization && certificate(one) == agency)
    else {
        return false;
    };
    let (until, after) = report.signatures.split_at(last + 1);
    let is_known = |one: &SignatureReport| {
        one.cert_sha256.is_some()
            && until
                .iter()
                .any(|known| known.cert_sha256 == one.cert_sha256 && signatory(known.role).is_some())
    };
    after
        .iter()
        .any(|one| one.visible_area.is_some() && !is_known(one))
}

/// The signature that decides the verdict of one signatory: the worst, the first of these.
pub fn deciding(report: &Report, whose: Signatory) -> Option<&SignatureReport> {
    let own = || {
        report
            .signatures
            .iter()
            .filter(move |one| signatory(one.role) == Some(whose))
    };
    let worst = own().map(|one| one.verdict).max()?;
    own().find(|one| one.verdict == worst)
}

/// Reasons of ETSI EN 319 102-1 that say: not enough evidence was at hand. A later check may know more.
const LACKING: &[&str] = &["TRY_LATER"];

/// Whether the report is open only for lack of evidence or network: no signature failed, and each that is open is open for
/// such a reason.
pub fn lacks_evidence(report: &Report) -> bool {
    let open = || {
        report
            .signatures
            .iter()
            .filter(|one| one.verdict == Verdict::Indeterminate)
    };
    report.verdict == Verdict::Indeterminate
        && open().next().is_some()
        && open().all(|one| {
            one.sub_reason
                .as_deref()
                .is_some_and(|reason| LACKING.contains(&reason))
        })
}
