//! Is a time stamp (RFC 3161) over these bytes, and can its authority be trusted?

use jiff::{SignedDuration, Timestamp};

use super::{
    Context, Purpose,
    assess::{Assessment, Moment, assess},
    cert::Cert,
    pool::Pool,
    reasons::Reason,
    signed::{self, Core, Outcome},
};
use crate::{
    cms::{SignedData, TstInfo},
    verify::{CertAtSigning, SigningCertAttr},
};

const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// What was found about a token.
pub(crate) struct Stamp<'a> {
    /// `None` when it holds.
    pub reason: Option<Reason>,
    /// What it says, if it could be read.
    pub at: Option<Timestamp>,
    pub authority: Option<String>,
    pub core: Option<Core<'a>>,
    pub assessment: Option<Assessment>,
    /// Lists, answers and the token itself.
    pub used: Vec<Vec<u8>>,
}

impl Stamp<'_> {
    fn refused(reason: Reason) -> Self {
        Self {
            reason: Some(reason),
            at: None,
            authority: None,
            core: None,
            assessment: None,
            used: Vec::new(),
        }
    }

    /// The time, if it can be relied on.
    pub(crate) fn trusted_time(&self) -> Option<Timestamp> {
        self.at.filter(|_| self.reason.is_none())
    }
}

/// Checks a token over the pieces. `known_at` is the earliest time at which the token is proven to have existed (a trusted time
/// stamp over it), otherwise the time of the check: by then its authority must still have been good.
pub(crate) fn verify<'a>(
    token: &'a [u8],
    stamped: &[&[u8]],
    known_at: Timestamp,
    ctx: &Context<'_>,
    pool: &Pool<'a>,
) -> Stamp<'a> {
    let Ok(signed) = SignedData::read(token) else {
        return Stamp::refused(Reason::FormatFailure);
    };
    let Ok(info) = TstInfo::of(&signed) else {
        return Stamp::refused(Reason::FormatFailure);
    };
    let content = signed.content.clone().unwrap_or_default();
    let core = signed::check(&signed, &[&content], &pool.certificates);
    let mut stamp = Stamp {
        reason: core_reason(&core),
        at: Some(info.at),
        authority: core.signer.as_ref().map(Cert::name),
        core: None,
        assessment: None,
        used: vec![token.get(..signed.length).unwrap_or(token).to_vec()],
    };
    if stamp.reason.is_none() {
        stamp.reason = imprint_reason(&info, stamped, ctx);
    }
    // an authority's clock may be a little ahead of ours
    let latest = if known_at < ctx.now {
        known_at
    } else {
        known_at.saturating_add(SKEW).unwrap_or(known_at)
    };
    if stamp.reason.is_none() && info.at > latest {
        // a time after the check, or after a time stamp over it
        stamp.reason = Some(Reason::NotYetValid);
    }
    if let Some(signer) = &core.signer {
        let mut pool = pool.clone();
        for certificate in &signed.certificates {
            pool.certificate(certificate);
        }
        for crl in &signed.crls {
            pool.crl(crl, None);
        }
        let moment = Moment {
            at: known_at,
            proven: known_at < ctx.now,
            told: info.at.min(known_at),
            claimed: Some(info.at),
        };
        let assessment = assess(signer, &pool, ctx, Purpose::TimeStamping, moment);
        let (key, bits) = super::key(&signer.parsed);
        let weak = ctx
            .policy
            .refusal(key.name(), bits, info.at)
            .or_else(|| ctx.policy.refusal(signed.digest.name(), 0, info.at))
            .or_else(|| ctx.policy.refusal(signed.scheme.hash().name(), 0, info.at));
        stamp.reason = stamp.reason.or(weak).or(assessment.reason).or_else(|| {
            (!signer.valid_at(info.at) && assessment.validity == CertAtSigning::Valid)
                .then_some(Reason::OutOfBoundsNoPoe)
        });
        stamp.used.extend(assessment.used.iter().cloned());
        stamp.assessment = Some(assessment);
    }
    stamp.core = Some(core);
    stamp
}

fn core_reason(core: &Core<'_>) -> Option<Reason> {
    match core.outcome {
        Outcome::Good if core.without_attributes => Some(Reason::FormatFailure),
        Outcome::Good => match core.attribute {
            SigningCertAttr::V1 | SigningCertAttr::V2 => None,
            // RFC 3161, 2.4.2: the attribute is required
            SigningCertAttr::Absent | SigningCertAttr::Mismatch => Some(Reason::NoSigningCertificateFound),
        },
        Outcome::Hash => Some(Reason::HashFailure),
        Outcome::Signature => Some(Reason::SigCryptoFailure),
        Outcome::Unsupported => Some(Reason::CryptoConstraints),
        Outcome::NoCertificate => Some(Reason::NoSigningCertificateFound),
        Outcome::Attributes => Some(Reason::FormatFailure),
    }
}

fn imprint_reason(info: &TstInfo, stamped: &[&[u8]], ctx: &Context<'_>) -> Option<Reason> {
    let Some(digest) = info.hash.digest(stamped) else {
        return Some(Reason::CryptoConstraints);
    };
    if digest != info.imprint {
        return Some(Reason::HashFailure);
    }
    ctx.policy.refusal(info.hash.name(), 0, info.at)
}
