//! The report on the signatures of a document.
//!
//! [`verify`] takes bytes, a trust list, evidence and a time, and gives the same report for the same input:
//! no clock, no network. Whatever cannot be shown to be right is not called valid.

mod one;
mod overlay;
mod report;
mod store;

pub use report::{
    CertAtSigning, Coverage, Integrity, LaterChanges, Note, Profile, Report, RevocationReport,
    RevocationSource, RevocationStatus, Role, SignatureReport, SigningCertAttr, Verdict, VisibleArea,
};

use crate::{
    cms::SignedData,
    difference::{ChangeLevel, History},
    document::{Document, ReadError, SignatureField, SignatureFields, SignatureKind},
    pki::{Context, Evidence, Wanted, pool::Pool, reasons::Reason, sha256_hex, signed},
};
use one::{Around, Found};
use store::{Proof, Store, proven};

/// The name of this program in a report.
pub const ENGINE: &str = concat!("Vănthư pdf-signature ", env!("CARGO_PKG_VERSION"));

/// Checks every signature of a document at `ctx.now`. Never fails: what cannot be read is a report with `unreadable`.
#[must_use]
pub fn verify(pdf: &[u8], ctx: &Context<'_>) -> Report {
    examine(pdf, ctx).0
}

/// The certificates of all signers, in the order of signing; unreadable ones are left out.
#[must_use]
pub fn signer_certificates(pdf: &[u8]) -> Vec<Vec<u8>> {
    let Ok(fields) = Document::open(pdf).and_then(|document| document.signature_fields()) else {
        return Vec::new();
    };
    fields
        .signed
        .iter()
        .filter_map(|field| {
            let signed = SignedData::read(&field.contents).ok()?;
            signed::check(&signed, &[], &[])
                .signer
                .map(|cert| cert.der.to_vec())
        })
        .collect()
}

/// What a check could not decide for lack of revocation data, and where trusted chains say it can be had.
pub(crate) fn wanted(pdf: &[u8], ctx: &Context<'_>) -> Vec<Wanted> {
    let mut all = Vec::new();
    for found in examine(pdf, ctx).1 {
        for wanted in found.assessments.into_iter().flat_map(|one| one.wanted) {
            if !all.contains(&wanted) {
                all.push(wanted);
            }
        }
    }
    all
}

/// What a check rested on: certificates of all chains, lists and answers. This is what goes into the document for level B-LT.
#[must_use]
pub fn validation_data(pdf: &[u8], ctx: &Context<'_>) -> Evidence {
    let mut data = Evidence::default();
    let add = |list: &mut Vec<Vec<u8>>, der: &[u8]| {
        if !list.iter().any(|known| known == der) {
            list.push(der.to_vec());
        }
    };
    for assessment in examine(pdf, ctx)
        .1
        .into_iter()
        .flat_map(|found| found.assessments)
    {
        for certificate in &assessment.certificates {
            add(&mut data.certificates, certificate);
        }
        for crl in &assessment.crls {
            add(&mut data.crls, crl);
        }
        for ocsp in &assessment.ocsps {
            add(&mut data.ocsps, ocsp);
        }
    }
    data
}

fn examine(pdf: &[u8], ctx: &Context<'_>) -> (Report, Vec<Found>) {
    let mut report = Report {
        verdict: Verdict::Indeterminate,
        sub_reason: Some(Reason::NoSignature.code().into()),
        signatures: Vec::new(),
        warnings: Vec::new(),
        unreadable: None,
        checked_at: ctx.now,
        engine: ENGINE.into(),
        trust_list_version: ctx.trust.version.clone(),
        evidence_sha256: Vec::new(),
        file_sha256: sha256_hex(pdf),
        revisions: 0,
    };
    let read = Document::open(pdf).and_then(|document| {
        let fields = document.signature_fields()?;
        Ok((document, fields))
    });
    let (document, fields) = match read {
        Ok(read) => read,
        Err(error) => {
            unreadable(&mut report, &error);
            return (report, Vec::new());
        }
    };
    report.revisions = u32::try_from(fields.revisions).unwrap_or(u32::MAX);
    for gone in &fields.disappeared {
        report.warnings.push(Note::new(
            "signature_disappeared",
            format!(
                "Chữ ký tại trường “{}” có trong phiên bản {} của tệp nhưng đã bị gỡ khỏi phiên bản hiện tại.",
                gone.name,
                gone.revision + 1
            ),
        ));
    }
    let store = Store::of(&document);
    let mut found = all(pdf, &document, &fields, &store, ctx);
    overlay::judge(&mut found);
    report.warnings.extend(overlay::after_agency(&found));
    profiles(&mut found, &fields, &store);
    for (index, one) in found.iter_mut().enumerate() {
        conclude(one, index, fields.signed.len());
    }
    finish(&mut report, &found);
    if !fields.disappeared.is_empty() && report.verdict == Verdict::TotalPassed {
        report.verdict = Verdict::Indeterminate;
        report.sub_reason = Some("SIGNATURE_DISAPPEARED".into());
    }
    (report, found)
}

fn unreadable(report: &mut Report, error: &ReadError) {
    report.sub_reason = Some(Reason::FormatFailure.code().into());
    report.unreadable = Some(Note::new(
        error.code(),
        format!("Không đọc được cấu trúc tệp, không thể xác minh chữ ký số. {error}"),
    ));
}

/// Document time stamps first, the newest first: each proves when all before it existed.
fn all(
    pdf: &[u8],
    document: &Document<'_>,
    fields: &SignatureFields,
    store: &Store,
    ctx: &Context<'_>,
) -> Vec<Found> {
    let first = fields.signed.iter().map(|field| field.revision).min();
    let history = History::after(document, first.unwrap_or(0));
    let mut results: Vec<Option<Found>> = Vec::new();
    results.resize_with(fields.signed.len(), || None);
    let mut proofs: Vec<Proof> = Vec::new();
    let stamps = |field: &&SignatureField| field.kind == SignatureKind::DocumentTimestamp;
    let order = fields
        .signed
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, field)| stamps(field))
        .chain(
            fields
                .signed
                .iter()
                .enumerate()
                .filter(|(_, field)| !stamps(field)),
        );
    for (index, field) in order {
        let mut pool = Pool::of(ctx.evidence);
        store.fill(&mut pool, &proofs);
        let changes = history.since(field.revision).within(field.doc_mdp);
        let around = Around {
            pdf,
            ctx,
            pool: &pool,
            proven: proven(&proofs, field.revision),
        };
        let found = one::check(field, fields.revisions, changes, &around);
        if field.kind == SignatureKind::DocumentTimestamp
            && field.refusal.is_none()
            && let Some(at) = found.report.ts_time
        {
            proofs.push(Proof {
                revision: field.revision,
                at,
            });
        }
        if let Some(place) = results.get_mut(index) {
            *place = Some(found);
        }
    }
    results.into_iter().flatten().collect()
}

/// B-B … B-LTA: what holds, not what is only there.
fn profiles(found: &mut [Found], fields: &SignatureFields, store: &Store) {
    let stamps: Vec<usize> = found
        .iter()
        .zip(&fields.signed)
        .filter(|(one, field)| field.kind == SignatureKind::DocumentTimestamp && one.stamped)
        .map(|(one, _)| one.revision)
        .collect();
    for one in found {
        if one.report.profile != Profile::BaselineB {
            continue;
        }
        let later = stamps.iter().copied().filter(|revision| *revision > one.revision);
        if !one.stamped && later.clone().next().is_none() {
            continue;
        }
        one.report.profile = Profile::BaselineT;
        let data = one.used.iter().filter_map(|der| store.has(der)).min();
        if let Some(data) = data {
            one.report.profile = if later.clone().any(|revision| revision >= data) {
                Profile::BaselineLta
            } else {
                Profile::BaselineLt
            };
        }
    }
}

fn conclude(one: &mut Found, index: usize, total: usize) {
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let report = &mut one.report;
    report.order = number(index + 1);
    report.total = number(total);
    report.verdict = one.reason.map_or(Verdict::TotalPassed, Reason::verdict);
    report.sub_reason = one.reason.map(|reason| reason.code().to_owned());
    report.reason = match (one.reason, one.sentence.take()) {
        (Some(_), Some(sentence)) => sentence,
        (Some(reason), None) => reason.sentence().to_owned(),
        (None, _) if report.role == Role::Timestamp => {
            "Dấu thời gian hợp lệ và do đơn vị trong danh sách tin cậy cấp.".to_owned()
        }
        (None, _) if one.changes.level == ChangeLevel::None => {
            "Chữ ký số hợp lệ; văn bản nguyên vẹn từ khi ký.".to_owned()
        }
        (None, _) => "Chữ ký số hợp lệ; sau khi ký chỉ có những bổ sung được phép.".to_owned(),
    };
}

fn finish(report: &mut Report, found: &[Found]) {
    let mut evidence: Vec<String> = found
        .iter()
        .flat_map(|one| &one.used)
        .map(|der| sha256_hex(der))
        .collect();
    evidence.sort();
    evidence.dedup();
    report.evidence_sha256 = evidence;
    report.signatures = found.iter().map(|one| one.report.clone()).collect();
    let people = report.signatures.iter().any(|one| one.role != Role::Timestamp);
    if let Some(worst) = report.signatures.iter().map(|one| one.verdict).max()
        && people
    {
        report.verdict = worst;
        report.sub_reason = report
            .signatures
            .iter()
            .find(|one| one.verdict == worst)
            .and_then(|one| one.sub_reason.clone());
    }
}
