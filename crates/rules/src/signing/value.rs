//! From the signatures that a check found to the two verdicts by which a document has its legal value.

use crate::legal_value::SignatureVerdict;

/// One signature, as the check of a document told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureSeen {
    /// What it is worth.
    pub verdict: SignatureVerdict,
    /// SHA-256 of its certificate, hex.
    pub certificate: String,
    /// Whether after it nothing but further signatures and validation data were added.
    pub only_signatures_after: bool,
}

/// The verdicts of person and agency: of the signatures made under certificates bound to them, the worst counts. A
/// signature of somebody else gives the document nothing.
#[must_use]
pub fn verdicts(
    seen: &[SignatureSeen],
    person: &[String],
    agency: &[String],
) -> (SignatureVerdict, SignatureVerdict) {
    let of = |bound: &[String]| {
        seen.iter()
            .filter(|signature| bound.contains(&signature.certificate))
            .map(worth)
            .max_by_key(|verdict| badness(*verdict))
            .unwrap_or(SignatureVerdict::Absent)
    };
    (of(person), of(agency))
}

/// Whether every signature stands and none was followed by anything but signatures and validation data (KS-64, KS-65).
#[must_use]
pub fn only_new_signatures(seen: &[SignatureSeen]) -> bool {
    !seen.is_empty()
        && seen
            .iter()
            .all(|signature| worth(signature) == SignatureVerdict::Valid)
}

fn worth(signature: &SignatureSeen) -> SignatureVerdict {
    if signature.verdict == SignatureVerdict::Valid && !signature.only_signatures_after {
        SignatureVerdict::Invalid
    } else {
        signature.verdict
    }
}

const fn badness(verdict: SignatureVerdict) -> u8 {
    match verdict {
        SignatureVerdict::Valid => 0,
        SignatureVerdict::Absent => 1,
        SignatureVerdict::Undetermined => 2,
        SignatureVerdict::Invalid => 3,
    }
}
