//! Signing a message in two steps, so that the key may be anywhere: [`prepare`] gives the hash, [`Prepared::finish`] takes
//! the raw signature and checks it before the message leaves.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_STANDARD};
use bergshamra::xml::uppsala::{Document, NodeId};
use pdf_signature::pki::{KeyAlgorithm, certificate_facts};
use serde::{Deserialize, Serialize};

use crate::{
    DSIG, XmlError,
    shape::{self, Canonical},
    verify::value_fits,
};

/// Stands where the digest and the signature value will stand; not in the alphabet of base64.
const DIGEST_HERE: &str = "{digest}";
const VALUE_HERE: &str = "{value}";
/// Line length of base64 in the message.
const LINE: usize = 64;

/// What a signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covers<'a> {
    /// The whole message: `URI=""`.
    Message,
    /// The element with this `Id` around the place of the signature, for example the envelope without the attachments.
    Element(&'a str),
}

/// Where the signature is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Local name of the element whose last child the signature becomes; QCVN 102: `edXMLHeader`.
    pub parent: &'a str,
    /// What it covers.
    pub covers: Covers<'a>,
}

/// A message that waits for its signature. May be stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// The message with everything but the signature value.
    text: String,
    /// Where the signature begins in it.
    at: usize,
    /// DER of the certificate that was announced.
    certificate: Vec<u8>,
    /// SHA-256 of the canonical `SignedInfo`: the only thing that leaves the server.
    pub to_sign: [u8; 32],
}

/// Puts an empty signature into the message and computes what is to be signed: enveloped, exclusive canonical form,
/// RSA with SHA-256 (PKCS#1 v1.5), certificates in `X509Data`. No other byte of the message changes.
///
/// `chain` is DER, the signer's certificate first.
///
/// # Errors
/// [`XmlError`]: the message cannot be read, has a signature already, has not exactly one such place; the certificate does
/// not fit.
pub fn prepare(message: &[u8], place: Place<'_>, chain: &[Vec<u8>]) -> Result<Prepared, XmlError> {
    let certificate = chain.first().ok_or(XmlError::Certificate)?;
    let facts = certificate_facts(certificate).map_err(|_| XmlError::Certificate)?;
    if facts.key_algorithm != KeyAlgorithm::Rsa || facts.key_bits < 2048 {
        return Err(XmlError::Certificate);
    }
    let text = shape::text(message)?;
    let at = {
        let document = shape::parse(text)?;
        if !document.get_elements_by_tag_name_ns(DSIG, "Signature").is_empty() {
            return Err(XmlError::AlreadySigned);
        }
        place_for(&document, place)?
    };
    let uri = match place.covers {
        Covers::Message => String::new(),
        Covers::Element(id) => format!("#{}", escaped(id)),
    };
    let template = template(&uri, chain);
    let mut out = String::with_capacity(text.len() + template.len());
    out.push_str(&text[..at]);
    out.push_str(&template);
    out.push_str(&text[at..]);

    let canonical = Canonical::exclusive();
    let covered = {
        let document = shape::parse(&out)?;
        let signature = only(&document, "Signature")?;
        let target = match place.covers {
            Covers::Message => document.root(),
            Covers::Element(id) => around(&document, signature, id).ok_or_else(|| missing(place))?,
        };
        canonical
            .bytes(&document, target, Some(signature))
            .ok_or(XmlError::Internal)?
    };
    let stated = BASE64_STANDARD.encode(digest(&SHA256, &covered));
    replace_once(&mut out, at, DIGEST_HERE, &stated)?;
    let signed_info = {
        let document = shape::parse(&out)?;
        let node = only(&document, "SignedInfo")?;
        canonical.bytes(&document, node, None).ok_or(XmlError::Internal)?
    };
    let mut to_sign = [0; 32];
    to_sign.copy_from_slice(digest(&SHA256, &signed_info).as_ref());
    Ok(Prepared {
        text: out,
        at,
        certificate: certificate.clone(),
        to_sign,
    })
}

impl Prepared {
    /// The signed message. The raw signature (PKCS#1 v1.5 over [`Prepared::to_sign`]) is verified with the announced
    /// certificate first: a token with several keys may answer with another one.
    ///
    /// # Errors
    /// [`XmlError::WrongSignature`].
    pub fn finish(&self, raw: &[u8]) -> Result<Vec<u8>, XmlError> {
        let mut out = self.text.clone();
        replace_once(&mut out, self.at, VALUE_HERE, &lines(raw))?;
        let document = shape::parse(&out)?;
        if !value_fits(&document, &self.certificate) {
            return Err(XmlError::WrongSignature);
        }
        drop(document);
        Ok(out.into_bytes())
    }

    /// DER of the announced certificate.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }
}

/// The place in the text right before the end tag of the parent.
fn place_for(document: &Document<'_>, place: Place<'_>) -> Result<usize, XmlError> {
    let found: Vec<NodeId> = document
        .descendants(document.root())
        .into_iter()
        .filter(|node| {
            document
                .element(*node)
                .is_some_and(|element| element.name.local_name == place.parent)
        })
        .collect();
    let [parent] = found[..] else {
        return Err(missing(place));
    };
    if let Covers::Element(id) = place.covers {
        around_or_self(document, parent, id).ok_or_else(|| missing(place))?;
    }
    let range = document.node_range(parent).ok_or_else(|| missing(place))?;
    let source = document
        .input_text()
        .get(range.clone())
        .ok_or(XmlError::Internal)?;
    // An empty element (`<a/>`) has no end tag to stand before.
    if source.ends_with("/>") {
        return Err(missing(place));
    }
    let end_tag = source.rfind("</").ok_or_else(|| missing(place))?;
    Ok(range.start + end_tag)
}

fn missing(place: Place<'_>) -> XmlError {
    XmlError::Place(place.parent.to_owned())
}

fn around(document: &Document<'_>, node: NodeId, id: &str) -> Option<NodeId> {
    document
        .parent(node)
        .and_then(|parent| around_or_self(document, parent, id))
}

fn around_or_self(document: &Document<'_>, node: NodeId, id: &str) -> Option<NodeId> {
    let mut next = Some(node);
    while let Some(node) = next {
        if document.get_attribute(node, "Id") == Some(id) {
            return Some(node);
        }
        next = document.parent(node);
    }
    None
}

fn only(document: &Document<'_>, name: &str) -> Result<NodeId, XmlError> {
    match document.get_elements_by_tag_name_ns(DSIG, name)[..] {
        [one] => Ok(one),
        _ => Err(XmlError::Internal),
    }
}

/// Replaces the first `mark` at or after `at`.
fn replace_once(text: &mut String, at: usize, mark: &str, with: &str) -> Result<(), XmlError> {
    let offset = text
        .get(at..)
        .and_then(|rest| rest.find(mark))
        .ok_or(XmlError::Internal)?;
    text.replace_range(at + offset..at + offset + mark.len(), with);
    Ok(())
}

fn template(uri: &str, chain: &[Vec<u8>]) -> String {
    let certificates: String = chain
        .iter()
        .map(|der| format!("<ds:X509Certificate>{}</ds:X509Certificate>", lines(der)))
        .collect();
    format!(
        "<ds:Signature xmlns:ds=\"{DSIG}\"><ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>\
         <ds:Reference URI=\"{uri}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>\
         <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>\
         </ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\
         <ds:DigestValue>{DIGEST_HERE}</ds:DigestValue></ds:Reference></ds:SignedInfo>\
         <ds:SignatureValue>{VALUE_HERE}</ds:SignatureValue>\
         <ds:KeyInfo><ds:X509Data>{certificates}</ds:X509Data></ds:KeyInfo></ds:Signature>"
    )
}

fn lines(bytes: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(bytes);
    let mut out = String::with_capacity(text.len() + text.len() / LINE + 1);
    for (number, letter) in text.chars().enumerate() {
        if number > 0 && number % LINE == 0 {
            out.push('\n');
        }
        out.push(letter);
    }
    out
}

fn escaped(id: &str) -> String {
    id.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
