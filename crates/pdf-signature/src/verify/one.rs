//! One signature or document time stamp.

use jiff::{SignedDuration, Timestamp};

use super::{
    CertAtSigning, Coverage, Integrity, LaterChanges, Note, Profile, RevocationReport, Role, SignatureReport,
    SigningCertAttr, VisibleArea,
};
use crate::{
    cms::{SignedData, attributes, timestamp},
    difference::{ChangeLevel, Changes},
    document::{self, SignatureField, SignatureKind},
    pki::{
        Context, Purpose,
        assess::{Assessment, Moment, assess},
        cert::Cert,
        pool::Pool,
        reasons::Reason,
        signed::{self, Core, Outcome},
        stamp::{self, Stamp},
    },
};

/// What was found about one signature, before the document is judged as a whole.
pub(crate) struct Found {
    pub report: SignatureReport,
    /// `None` when everything about this signature holds.
    pub reason: Option<Reason>,
    /// A sentence instead of the usual one of the reason.
    pub sentence: Option<String>,
    /// Evidence on which the result rests.
    pub used: Vec<Vec<u8>>,
    pub assessments: Vec<Assessment>,
    /// Index of the revision, from 0.
    pub revision: usize,
    /// Where the signature is seen, exactly.
    pub area: Option<document::WidgetArea>,
    pub changes: Changes,
    pub signer: Option<Vec<u8>>,
    /// A trusted time stamp is over the signature value.
    pub stamped: bool,
}

/// Around a signature: the bytes, the evidence, the earliest proof that it existed.
pub(crate) struct Around<'c, 'p> {
    pub pdf: &'p [u8],
    pub ctx: &'c Context<'c>,
    pub pool: &'c Pool<'p>,
    pub proven: Option<Timestamp>,
}

/// Everything that does not depend on cryptography.
fn blank(field: &SignatureField, revisions: usize, changes: &Changes) -> SignatureReport {
    let coverage = match (&field.refusal, field.coverage) {
        (Some(_), _) => Coverage::Unclear,
        (None, document::Coverage::WholeFile) => Coverage::WholeFile,
        (None, document::Coverage::Revision { .. }) => Coverage::Revision,
    };
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    SignatureReport {
        verdict: super::Verdict::Indeterminate,
        sub_reason: None,
        reason: String::new(),
        field: field.name.clone(),
        order: 0,
        total: 0,
        role: match field.kind {
            SignatureKind::DocumentTimestamp => Role::Timestamp,
            SignatureKind::Signature => Role::Unknown,
        },
        signer_cn: None,
        title: None,
        org: None,
        org_id: None,
        cert_serial: None,
        cert_sha256: None,
        issuer: None,
        valid_from: None,
        valid_to: None,
        chain: Vec::new(),
        anchor: None,
        cert_at_signing: CertAtSigning::Unknown,
        revocation: RevocationReport::default(),
        claimed_time: field.claimed_time,
        ts_time: None,
        ts_authority: None,
        integrity: Integrity::Unknown,
        coverage,
        revision: if coverage == Coverage::Unclear {
            0
        } else {
            number(field.revision + 1)
        },
        revisions: number(revisions),
        later_changes: match changes.level {
            ChangeLevel::None => LaterChanges::None,
            ChangeLevel::ValidationData => LaterChanges::ValidationData,
            ChangeLevel::NewSignatures => LaterChanges::Signatures,
            ChangeLevel::FormFilling | ChangeLevel::Other => LaterChanges::Other,
        },
        change_notes: changes
            .notes
            .iter()
            .map(|note| Note::new(note.rule.clone(), note.text.clone()))
            .collect(),
        hash_alg: None,
        sig_alg: None,
        key_bits: None,
        profile: match (field.kind, field.sub_filter.as_str()) {
            (SignatureKind::DocumentTimestamp, _) => Profile::DocTimeStamp,
            (_, "ETSI.CAdES.detached") => Profile::BaselineB,
            (_, "adbe.pkcs7.detached" | "adbe.pkcs7.sha1") => Profile::Pkcs7,
            _ => Profile::Unknown,
        },
        signing_cert_attr: SigningCertAttr::Absent,
        subfilter: (!field.sub_filter.is_empty()).then(|| field.sub_filter.clone()),
        visible_area: field.area.map(|area| VisibleArea {
            page: area.page,
            x: hundredths(area.x),
            y: hundredths(area.y),
            width: hundredths(area.width),
            height: hundredths(area.height),
        }),
    }
}

/// A hundredth of a millimetre is finer than anybody prints, and survives being written and read.
fn hundredths(millimetres: f64) -> f64 {
    (millimetres * 100.0).round() / 100.0
}

/// Judges one signature with the evidence around it.
pub(crate) fn check(
    field: &SignatureField,
    revisions: usize,
    changes: Changes,
    around: &Around<'_, '_>,
) -> Found {
    let mut found = Found {
        report: blank(field, revisions, &changes),
        reason: None,
        sentence: None,
        used: Vec::new(),
        assessments: Vec::new(),
        revision: field.revision,
        area: field.area,
        signer: None,
        stamped: false,
        changes,
    };
    if field.field_mdp {
        found.note(
            "field_mdp",
            "Chữ ký có quy định khóa trường biểu mẫu (FieldMDP); quy định này chưa được đánh giá.",
        );
    }
    if let Some(refusal) = &field.refusal {
        found.reason = Some(Reason::FormatFailure);
        found.sentence = Some(refusal.to_string());
    }
    match field.kind {
        SignatureKind::Signature => found.signature(field, around),
        SignatureKind::DocumentTimestamp => found.document_timestamp(field, around),
    }
    let forbidden = matches!(found.changes.level, ChangeLevel::FormFilling | ChangeLevel::Other);
    let proven_wrong = found
        .reason
        .is_some_and(|reason| reason.verdict() == super::Verdict::TotalFailed);
    if forbidden && !proven_wrong {
        found.reason = Some(Reason::ForbiddenChange);
        found.sentence = None;
    }
    found
}

impl Found {
    fn note(&mut self, code: &str, sentence: &str) {
        self.report.change_notes.push(Note::new(code, sentence));
    }

    /// The first reason counts.
    fn because(&mut self, reason: Reason) {
        if self.reason.is_none() {
            self.reason = Some(reason);
        }
    }

    fn signature(&mut self, field: &SignatureField, around: &Around<'_, '_>) {
        let cades = match field.sub_filter.as_str() {
            "ETSI.CAdES.detached" => true,
            "adbe.pkcs7.detached" => false,
            // the content is only a SHA-1 of the document
            "adbe.pkcs7.sha1" | "adbe.x509.rsa_sha1" => {
                self.report.hash_alg = Some("SHA-1".into());
                return self.because(Reason::CryptoConstraints);
            }
            _ => return self.because(Reason::UnknownFormat),
        };
        let Ok(signed) = SignedData::read(&field.contents) else {
            return self.because(Reason::FormatFailure);
        };
        if signed.content_type != attributes::DATA || signed.content.is_some() {
            return self.because(Reason::FormatFailure);
        }
        if field
            .contents
            .get(signed.length..)
            .is_some_and(|padding| padding.iter().any(|byte| *byte != 0))
        {
            self.note(
                "padding",
                "Phần đệm sau dữ liệu chữ ký có nội dung khác 0; phần này không được ký.",
            );
        }
        if signed.certificates.iter().any(|der| Cert::read(der).is_none()) {
            self.note(
                "embedded_certificate_unreadable",
                "Trong dữ liệu chữ ký có chứng thư số kèm theo không đọc được; chứng thư đó không được sử dụng.",
            );
        }
        let pieces = field.signed_bytes(around.pdf);
        let core = signed::check(&signed, &pieces, &around.pool.certificates);
        self.describe(&signed, &core);
        if self.report.claimed_time.is_none() {
            self.report.claimed_time = claimed(&signed);
        }
        let Some(signer) = core.signer.clone() else {
            return self.because(Reason::NoSigningCertificateFound);
        };
        if let Some(reason) = core_reason(&core, cades) {
            self.because(reason);
        }
        let mut pool = around.pool.clone();
        for certificate in &signed.certificates {
            pool.certificate(certificate);
        }
        for crl in &signed.crls {
            pool.crl(crl, around.proven);
        }
        for ocsp in &signed.ocsps {
            pool.ocsp(ocsp, around.proven);
        }
        let stamped = self.stamps(&signed, &pool, around);
        let earliest = match (stamped, around.proven) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let moment = Moment {
            at: earliest.unwrap_or(around.ctx.now),
            proven: earliest.is_some(),
            told: earliest.unwrap_or(around.ctx.now),
            claimed: self.report.claimed_time,
        };
        self.strength(&signer, &signed, moment.at, around.ctx);
        self.judged(&signer, &pool, around.ctx, moment);
    }

    /// The time stamps over the signature value: the time of the first that holds.
    fn stamps(
        &mut self,
        signed: &SignedData<'_>,
        pool: &Pool<'_>,
        around: &Around<'_, '_>,
    ) -> Option<Timestamp> {
        let tokens = signed.timestamp_tokens().unwrap_or_default();
        let known_at = around.proven.unwrap_or(around.ctx.now);
        let mut problem = None;
        for token in tokens.into_iter().take(10) {
            let stamp = stamp::verify(token, &[&signed.signature], known_at, around.ctx, pool);
            let time = stamp.trusted_time();
            self.take(&stamp);
            if time.is_some() {
                self.report.ts_time = time;
                self.report.ts_authority = stamp.authority;
                self.stamped = true;
                return time;
            }
            problem = problem.or(stamp.reason);
        }
        if let Some(reason) = problem {
            let sentence = format!(
                "Dấu thời gian của chữ ký không được công nhận: {}",
                reason.sentence()
            );
            self.note("timestamp_refused", &sentence);
            if around.proven.is_none() && self.reason.is_none() {
                self.reason = Some(Reason::Timestamp(reason.code()));
                self.sentence = Some(sentence);
            }
        }
        None
    }

    fn take(&mut self, stamp: &Stamp<'_>) {
        self.used.extend(stamp.used.iter().cloned());
        self.assessments.extend(stamp.assessment.clone());
    }

    fn document_timestamp(&mut self, field: &SignatureField, around: &Around<'_, '_>) {
        let pieces = field.signed_bytes(around.pdf);
        if field.signed.is_none() {
            return;
        }
        let known_at = around.proven.unwrap_or(around.ctx.now);
        let stamp = stamp::verify(&field.contents, &pieces, known_at, around.ctx, around.pool);
        if let (Some(core), Ok(signed)) = (&stamp.core, SignedData::read(&field.contents)) {
            self.describe(&signed, core);
            self.report.role = Role::Timestamp;
            if stamp.reason == Some(Reason::HashFailure) {
                self.report.integrity = Integrity::Changed;
            }
        }
        if let Some(assessment) = &stamp.assessment {
            self.certificate_facts(assessment);
        }
        self.report.ts_time = stamp.trusted_time();
        self.report.ts_authority.clone_from(&stamp.authority);
        self.stamped = stamp.trusted_time().is_some();
        if let Some(reason) = stamp.reason {
            self.because(reason);
        }
        self.take(&stamp);
    }

    /// Names, numbers and algorithms.
    fn describe(&mut self, signed: &SignedData<'_>, core: &Core<'_>) {
        let report = &mut self.report;
        report.hash_alg = Some(signed.digest.name().into());
        report.sig_alg = Some(signed.scheme.label());
        report.signing_cert_attr = core.attribute;
        report.integrity = match core.outcome {
            Outcome::Good => Integrity::Intact,
            Outcome::Hash | Outcome::Signature => Integrity::Changed,
            Outcome::Unsupported | Outcome::NoCertificate | Outcome::Attributes => Integrity::Unknown,
        };
        let Some(cert) = &core.signer else { return };
        self.signer = Some(cert.der.to_vec());
        let Some(facts) = cert.facts() else { return };
        report.role = facts.role;
        report.signer_cn = facts.subject_cn;
        report.title = facts.title;
        report.org = facts.org;
        report.org_id = facts.org_id;
        report.cert_serial = Some(facts.serial);
        report.cert_sha256 = Some(facts.sha256);
        report.issuer = Some(facts.issuer);
        report.valid_from = Some(facts.not_before);
        report.valid_to = Some(facts.not_after);
        report.key_bits = (facts.key_bits > 0).then_some(facts.key_bits);
    }

    fn certificate_facts(&mut self, assessment: &Assessment) {
        self.report.chain.clone_from(&assessment.chain);
        self.report.anchor.clone_from(&assessment.anchor);
        self.report.cert_at_signing = assessment.validity;
        self.report.revocation.clone_from(&assessment.revocation);
        self.report.change_notes.extend(assessment.notes.iter().cloned());
    }

    /// A weak algorithm is told before a missing issuer: nothing that is fetched later mends it.
    fn strength(&mut self, signer: &Cert<'_>, signed: &SignedData<'_>, at: Timestamp, ctx: &Context<'_>) {
        let (key, bits) = crate::pki::key(&signer.parsed);
        let weak = ctx
            .policy
            .refusal(key.name(), bits, at)
            .or_else(|| ctx.policy.refusal(signed.digest.name(), 0, at))
            .or_else(|| ctx.policy.refusal(signed.scheme.hash().name(), 0, at));
        if let Some(reason) = weak {
            let told = self
                .reason
                .is_none_or(|reason| reason.verdict() != super::Verdict::TotalFailed);
            if told {
                self.reason = Some(reason);
                self.sentence = None;
            }
        }
    }

    fn judged(&mut self, signer: &Cert<'_>, pool: &Pool<'_>, ctx: &Context<'_>, moment: Moment) {
        let assessment = assess(signer, pool, ctx, Purpose::Signing, moment);
        self.certificate_facts(&assessment);
        match (self.reason, assessment.reason) {
            (None, Some(reason)) => self.reason = Some(reason),
            // proven wrong is worse than not proven
            (Some(first), Some(reason)) if reason.verdict() > first.verdict() => {
                self.reason = Some(reason);
                self.sentence = None;
            }
            _ => {}
        }
        if let (Some(claimed), Some(stamped)) = (moment.claimed, self.report.ts_time) {
            let late = claimed.duration_since(stamped) > SignedDuration::from_mins(10);
            if late {
                self.note(
                    "claimed_after_timestamp",
                    "Thời gian ký theo máy người ký muộn hơn dấu thời gian.",
                );
            }
        }
        self.used.extend(assessment.used.iter().cloned());
        self.assessments.push(assessment);
    }
}

fn core_reason(core: &Core<'_>, cades: bool) -> Option<Reason> {
    match core.outcome {
        Outcome::Hash => Some(Reason::HashFailure),
        Outcome::Signature => Some(Reason::SigCryptoFailure),
        Outcome::Unsupported => Some(Reason::CryptoConstraints),
        Outcome::NoCertificate => Some(Reason::NoSigningCertificateFound),
        Outcome::Attributes => Some(Reason::FormatFailure),
        Outcome::Good => match core.attribute {
            _ if core.without_attributes => Some(Reason::SigConstraintsFailure),
            SigningCertAttr::Mismatch => Some(Reason::NoSigningCertificateFound),
            SigningCertAttr::Absent if cades => Some(Reason::SigConstraintsFailure),
            SigningCertAttr::V1 | SigningCertAttr::V2 | SigningCertAttr::Absent => None,
        },
    }
}

/// The signing-time attribute of older signatures.
fn claimed(signed: &SignedData<'_>) -> Option<Timestamp> {
    let value = attributes::single(&signed.signed_attributes?, attributes::SIGNING_TIME).ok()??;
    timestamp::time(&value)
}
