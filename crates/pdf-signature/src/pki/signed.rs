//! Does a SignedData fit its content and its signer's certificate? No trust is asked here.

use super::cert::Cert;
use crate::{
    cms::{Checked, Hash, SignedData, SignerIdentifier, attributes},
    verify::SigningCertAttr,
};

/// The answer of mathematics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Good,
    /// The content was changed.
    Hash,
    /// The signature value does not fit.
    Signature,
    /// An algorithm that is not computed here.
    Unsupported,
    /// The signer's certificate is not there.
    NoCertificate,
    /// Attributes missing or contradictory.
    Attributes,
}

pub(crate) struct Core<'a> {
    pub signer: Option<Cert<'a>>,
    pub outcome: Outcome,
    pub attribute: SigningCertAttr,
    /// The signature is directly over the content.
    pub without_attributes: bool,
}

/// Checks digest, attributes and signature value. `content` are the signed bytes in pieces, `expected_type` the type of content
/// that the attributes must name.
pub(crate) fn check<'a>(signed: &SignedData<'a>, content: &[&[u8]], others: &[&'a [u8]]) -> Core<'a> {
    let named = match &signed.signed_attributes {
        Some(attributes) => attributes::named_certificate(attributes),
        None => Ok(None),
    };
    let candidates: Vec<Cert<'a>> = signed
        .certificates
        .iter()
        .chain(others)
        .filter_map(|der| Cert::read(der))
        .filter(|cert| is_signer(cert, &signed.signer))
        .collect();
    let names = |cert: &Cert<'_>| {
        matches!(&named, Ok(Some(named))
            if named.hash.digest(&[cert.der]).as_deref() == Some(named.digest.as_slice()))
    };
    let signer = candidates
        .iter()
        .find(|cert| names(cert))
        .or_else(|| candidates.first())
        .cloned();
    let attribute = match (&named, &signer) {
        (Ok(Some(found)), Some(cert)) if names(cert) => {
            if found.v2 {
                SigningCertAttr::V2
            } else {
                SigningCertAttr::V1
            }
        }
        (Ok(None), _) => SigningCertAttr::Absent,
        _ => SigningCertAttr::Mismatch,
    };
    let outcome = outcome(signed, content, signer.as_ref());
    Core {
        outcome,
        attribute,
        without_attributes: signed.signed_attributes.is_none(),
        signer,
    }
}

fn is_signer(cert: &Cert<'_>, identifier: &SignerIdentifier<'_>) -> bool {
    match identifier {
        SignerIdentifier::IssuerAndSerial(issuer, serial) => cert.issuer == *issuer && cert.serial == *serial,
        SignerIdentifier::KeyIdentifier(id) => cert.key_identifier().as_deref() == Some(*id),
    }
}

fn outcome(signed: &SignedData<'_>, content: &[&[u8]], signer: Option<&Cert<'_>>) -> Outcome {
    if signed.digest == Hash::Other {
        return Outcome::Unsupported;
    }
    let Some(digest) = signed.digest.digest(content) else {
        return Outcome::Unsupported;
    };
    if let Some(attributes) = &signed.signed_attributes {
        let (Ok(Some(named)), Ok(Some(kind))) = (
            attributes::message_digest(attributes),
            attributes::content_type(attributes),
        ) else {
            return Outcome::Attributes;
        };
        if named != digest {
            return Outcome::Hash;
        }
        if kind != signed.content_type {
            return Outcome::Attributes;
        }
    }
    let Some(key) = signer.and_then(Cert::key) else {
        return Outcome::NoCertificate;
    };
    let forms = match signed.signed_bytes() {
        Ok(Some(forms)) => forms,
        Ok(None) => vec![content.concat()],
        Err(_) => return Outcome::Attributes,
    };
    let mut seen = Outcome::Signature;
    for form in &forms {
        match key.check(signed.scheme, form, &signed.signature) {
            Checked::Good => return Outcome::Good,
            Checked::Unsupported => seen = Outcome::Unsupported,
            Checked::Bad => {}
        }
    }
    seen
}
