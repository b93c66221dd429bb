//! The judgement on a certificate: path, period, usage, strength, revocation, in this order.

use jiff::{SignedDuration, Timestamp};

use super::{
    Context, Purpose, Wanted,
    cert::Cert,
    ocsp,
    path::{self, Path, PathError},
    pool::Pool,
    reasons::Reason,
    revocation::{self, Status},
};
use crate::verify::{CertAtSigning, Note, RevocationReport, RevocationStatus};

/// The time for which a certificate is judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// The time that counts.
    pub at: Timestamp,
    /// A trusted time stamp proves that the signature existed then; otherwise `at` is the time of the check.
    pub proven: bool,
    /// The time about which revocation data must tell. Of a time-stamping authority it is the time of the stamp: what was
    /// stored with a document must be enough later on. Newer data is still asked for, and a later revocation still counts.
    pub told: Timestamp,
    /// When the signer says that it was made.
    pub claimed: Option<Timestamp>,
}

/// What was found.
#[derive(Clone, Debug)]
pub(crate) struct Assessment {
    /// `None` when everything holds.
    pub reason: Option<Reason>,
    pub chain: Vec<String>,
    pub anchor: Option<String>,
    pub validity: CertAtSigning,
    pub revocation: RevocationReport,
    pub notes: Vec<Note>,
    /// Lists and answers that the result rests on.
    pub used: Vec<Vec<u8>>,
    /// The certificates of the path, the trust anchor last.
    pub certificates: Vec<Vec<u8>>,
    /// The newest good lists about them.
    pub crls: Vec<Vec<u8>>,
    /// The newest good answers about them.
    pub ocsps: Vec<Vec<u8>>,
    /// What is missing, and where a path that ends in the trust store says it can be had.
    pub wanted: Vec<Wanted>,
}

pub(crate) fn assess(
    leaf: &Cert<'_>,
    pool: &Pool<'_>,
    ctx: &Context<'_>,
    purpose: Purpose,
    moment: Moment,
) -> Assessment {
    let mut result = Assessment {
        reason: None,
        chain: vec![leaf.name()],
        anchor: None,
        validity: validity(leaf, moment.at),
        revocation: RevocationReport::default(),
        notes: Vec::new(),
        used: Vec::new(),
        certificates: Vec::new(),
        crls: Vec::new(),
        ocsps: Vec::new(),
        wanted: Vec::new(),
    };
    let build = |at| path::build(leaf.der, &pool.certificates, ctx.trust, purpose, at, ctx.policy);
    let (path, problem) = match build(moment.at) {
        Ok(path) => (Some(path), None),
        Err(PathError::OutOfPeriod) => {
            // the chain is shown, and a revocation still counts
            (build(leaf.not_after).ok(), Some(out_of_period(result.validity)))
        }
        Err(PathError::NotFound) => (None, Some(Reason::NoCertificateChainFound)),
        Err(PathError::Constraint) => (None, Some(Reason::ChainConstraintsFailure)),
        Err(PathError::Weak(reason)) => (None, Some(reason)),
        Err(PathError::Malformed) => (None, Some(Reason::ChainGeneralFailure)),
    };
    result.reason = problem;
    let Some(path) = path else {
        return result;
    };
    result.chain = path.names();
    result.certificates = path.certificates.iter().map(|cert| cert.der.to_vec()).collect();
    result.anchor = Some(path.label.to_owned());
    let revoked = revocations(&path, pool, ctx, moment, &mut result);
    result.reason = match (revoked, problem) {
        // proven wrong is worse than out of its period
        (Some(reason @ (Reason::Revoked | Reason::RevokedNoPoe)), _) => Some(reason),
        (_, Some(problem)) => Some(problem),
        (other, None) => other,
    };
    result
}

fn validity(leaf: &Cert<'_>, at: Timestamp) -> CertAtSigning {
    if at < leaf.not_before {
        CertAtSigning::NotYetValid
    } else if at > leaf.not_after {
        CertAtSigning::Expired
    } else {
        CertAtSigning::Valid
    }
}

fn out_of_period(validity: CertAtSigning) -> Reason {
    match validity {
        CertAtSigning::NotYetValid => Reason::NotYetValid,
        CertAtSigning::Expired => Reason::OutOfBoundsNoPoe,
        CertAtSigning::Valid | CertAtSigning::Unknown => Reason::ChainOutOfBounds,
    }
}

/// Revocation of every certificate below the anchor.
fn revocations(
    path: &Path<'_>,
    pool: &Pool<'_>,
    ctx: &Context<'_>,
    moment: Moment,
    result: &mut Assessment,
) -> Option<Reason> {
    let mut worst = None;
    for (index, pair) in path.certificates.windows(2).enumerate() {
        let [cert, issuer] = pair else { continue };
        let about = |when| revocation::status(cert, issuer, pool, when, ctx.now, ctx.policy);
        let status = about(moment.told);
        let reason = if index == 0 {
            result.revocation = status.report.clone();
            leaf_reason(&status, moment)
        } else {
            issuer_reason(cert, &status, moment, &mut result.notes)
        };
        if about(moment.at).report.status == RevocationStatus::Unknown
            || !moment.proven && doubtful(&status, ctx.now)
        {
            result.wanted.extend(wanted(cert, issuer));
        }
        result.used.extend(status.crl.iter().chain(&status.ocsp).cloned());
        result.crls.extend(status.crl);
        result.ocsps.extend(status.ocsp);
        worst = worst.or(reason);
    }
    worst
}

/// Evidence is taken without asking again for so long after it was made: authorities publish at least once a day.
const ASKED_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Is "good" said only by what the maker of the document chose to put in, or some time ago? A revocation since then is known
/// to the authority only. It stays "good" until the answer is there, because the check itself asks nobody.
fn doubtful(status: &Status, now: Timestamp) -> bool {
    let old = status
        .report
        .this_update
        .is_none_or(|made| now.duration_since(made) > ASKED_AGAIN_AFTER);
    status.report.status == RevocationStatus::Good && (status.embedded || old)
}

/// Only addresses of a path that already ends in the trust store come here: nobody else may make the server call anywhere.
fn wanted(cert: &Cert<'_>, issuer: &Cert<'_>) -> Vec<Wanted> {
    let Some(facts) = cert.facts() else {
        return Vec::new();
    };
    let request = ocsp::request(cert, issuer);
    let answers = facts.ocsp_urls.into_iter().filter_map(|url| {
        Some(Wanted::Ocsp {
            url,
            request_der: request.clone()?,
            issuer: issuer.der.to_vec(),
            certificate: cert.der.to_vec(),
        })
    });
    let lists = facts.crl_urls.into_iter().map(|url| Wanted::Crl { url });
    answers.chain(lists).collect()
}

fn leaf_reason(status: &Status, moment: Moment) -> Option<Reason> {
    match status.report.status {
        RevocationStatus::Good => None,
        RevocationStatus::Unknown if status.stale => Some(Reason::TryLaterStale),
        RevocationStatus::Unknown => Some(Reason::TryLater),
        RevocationStatus::Revoked => {
            let since = status.report.revoked_at.unwrap_or(Timestamp::MIN);
            if since > moment.at {
                // the time stamp proves that the signature was there before
                None
            } else if moment.proven || moment.claimed.is_some_and(|claimed| claimed >= since) {
                Some(Reason::Revoked)
            } else {
                Some(Reason::RevokedNoPoe)
            }
        }
    }
}

/// An issuer's status is asked for if the issuer's certificate says where it can be had; a root's list is often not published.
fn issuer_reason(cert: &Cert<'_>, status: &Status, moment: Moment, notes: &mut Vec<Note>) -> Option<Reason> {
    match status.report.status {
        RevocationStatus::Good => None,
        RevocationStatus::Revoked => {
            let since = status.report.revoked_at.unwrap_or(Timestamp::MIN);
            (since <= moment.at).then_some(Reason::RevokedCaNoPoe)
        }
        RevocationStatus::Unknown => {
            let declares = cert
                .facts()
                .is_none_or(|facts| !facts.crl_urls.is_empty() || !facts.ocsp_urls.is_empty());
            if declares {
                return Some(Reason::TryLaterCa);
            }
            notes.push(Note::new(
                "ca_status_unknown",
                format!(
                    "Chứng thư số của tổ chức cấp ({}) không công bố nơi tra cứu tình trạng thu hồi.",
                    cert.name()
                ),
            ));
            None
        }
    }
}
