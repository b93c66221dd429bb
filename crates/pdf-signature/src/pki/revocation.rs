//! Was a certificate revoked before a time? The answer from all evidence at hand.

use jiff::{SignedDuration, Timestamp};

use super::{
    AlgorithmPolicy,
    cert::Cert,
    crl::{self, Said, Statement},
    ocsp,
    pool::{Item, Pool},
};
use crate::{
    cms::tlv::Tlv,
    verify::{RevocationReport, RevocationSource, RevocationStatus},
};

/// Clocks of authorities may be a little ahead.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// An answer that does not say until when it holds is taken for so long.
const WITHOUT_NEXT_UPDATE: SignedDuration = SignedDuration::from_hours(24);

/// What is known, and from which evidence.
#[derive(Clone, Debug, Default)]
pub(crate) struct Status {
    pub report: RevocationReport,
    /// There was evidence on this certificate, but too old for the time asked about.
    pub stale: bool,
    /// What says "good" came with the document only.
    pub embedded: bool,
    /// The list that the answer rests on.
    pub crl: Option<Vec<u8>>,
    /// The answer of a service that it rests on. Both are kept: some validators take only the one, some only the other.
    pub ocsp: Option<Vec<u8>>,
}

impl Status {
    fn keep(&mut self, one: &Heard<'_>) {
        match one.source {
            RevocationSource::Crl => self.crl = Some(one.der.to_vec()),
            RevocationSource::Ocsp => self.ocsp = Some(one.der.to_vec()),
        }
    }
}

struct Heard<'p> {
    statement: Statement,
    source: RevocationSource,
    der: &'p [u8],
    embedded: bool,
}

/// Is the certificate revoked as of `when`? `when` is the proven time of the signature, or the time of the check.
///
/// Evidence counts if it is signed by the issuer (or by a responder that the issuer appointed), is not from the future, and
/// the issuer's certificate was still in its period when the evidence is proven to have existed. It shows "good" if it was
/// made at or after `when`, or before but still held then.
pub(crate) fn status(
    cert: &Cert<'_>,
    issuer: &Cert<'_>,
    pool: &Pool<'_>,
    when: Timestamp,
    now: Timestamp,
    policy: &AlgorithmPolicy,
) -> Status {
    let heard = hear(cert, issuer, pool, now, policy);
    let newest = heard.iter().map(|one| one.statement.this_update).max();
    let mut result = Status::default();
    // a revocation is for ever; a suspension counts while it lasts
    let revoked = heard
        .iter()
        .filter_map(|one| match one.statement.said {
            Said::Revoked { at, hold } => {
                let this_update = one.statement.this_update;
                let counts = !hold || Some(this_update) == newest || (at <= when && when <= this_update);
                counts.then_some((at, one))
            }
            Said::Good => None,
        })
        .min_by_key(|(at, one)| (*at, one.statement.this_update));
    if let Some((at, one)) = revoked {
        result.report = report(one, RevocationStatus::Revoked);
        result.report.revoked_at = Some(at);
        result.keep(one);
        return result;
    }
    let mut good: Vec<&Heard<'_>> = heard
        .iter()
        .filter(|one| one.statement.said == Said::Good && fresh(&one.statement, cert, when))
        .collect();
    good.sort_by_key(|one| (one.statement.this_update, one.source == RevocationSource::Ocsp));
    for one in &good {
        result.keep(one);
    }
    if let Some(one) = good.last() {
        result.report = report(one, RevocationStatus::Good);
        result.embedded = one.embedded;
    } else {
        result.stale = !heard.is_empty();
        if let Some(one) = heard.iter().max_by_key(|one| one.statement.this_update) {
            result.report = report(one, RevocationStatus::Unknown);
        }
    }
    result
}

/// Does a statement "good" tell about that time?
fn fresh(statement: &Statement, cert: &Cert<'_>, when: Timestamp) -> bool {
    let this = statement.this_update;
    // an authority may drop a certificate from its list once it has expired
    if this > cert.not_after {
        return false;
    }
    let until = statement
        .next_update
        .unwrap_or(this.saturating_add(WITHOUT_NEXT_UPDATE).unwrap_or(this));
    this >= when || until >= when
}

fn report(one: &Heard<'_>, status: RevocationStatus) -> RevocationReport {
    RevocationReport {
        status,
        revoked_at: None,
        source: Some(one.source),
        this_update: Some(one.statement.this_update),
        next_update: one.statement.next_update,
    }
}

fn hear<'p>(
    cert: &Cert<'_>,
    issuer: &Cert<'_>,
    pool: &Pool<'p>,
    now: Timestamp,
    policy: &AlgorithmPolicy,
) -> Vec<Heard<'p>> {
    let usable = |item: &Item<'_>| issuer.valid_at(item.proven.unwrap_or(now));
    let from_future =
        |statement: &Statement| statement.this_update > now.saturating_add(SKEW).unwrap_or(Timestamp::MAX);
    let mut heard = Vec::new();
    for item in pool.crls.iter().filter(|item| usable(item)) {
        if let Some(statement) = crl::statement(item.der, cert, issuer)
            && !from_future(&statement)
            && Tlv::only(item.der).is_ok_and(|outer| issuer.signed(&outer, policy, now))
        {
            heard.push(Heard {
                statement,
                source: RevocationSource::Crl,
                der: item.der,
                embedded: item.embedded,
            });
        }
    }
    for item in pool.ocsps.iter().filter(|item| usable(item)) {
        if let Some(answer) = ocsp::answer(item.der, cert, issuer, &pool.certificates, policy, now)
            && !from_future(&answer.statement)
            && !answer
                .responder
                .is_some_and(|responder| listed(&responder, issuer, pool, now, policy))
        {
            heard.push(Heard {
                statement: answer.statement,
                source: RevocationSource::Ocsp,
                der: item.der,
                embedded: item.embedded,
            });
        }
    }
    heard
}

/// Is a responder on a list of its issuer? Its own status is not asked of itself.
fn listed(
    responder: &Cert<'_>,
    issuer: &Cert<'_>,
    pool: &Pool<'_>,
    now: Timestamp,
    policy: &AlgorithmPolicy,
) -> bool {
    pool.crls.iter().any(|item| {
        crl::statement(item.der, responder, issuer)
            .is_some_and(|statement| matches!(statement.said, Said::Revoked { .. }))
            && Tlv::only(item.der).is_ok_and(|outer| issuer.signed(&outer, policy, now))
    })
}
