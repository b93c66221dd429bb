//! Reading a message and the form of its signature. Everything that is not on a short list is refused here, before any
//! cryptography: a form nobody needs is a way for an attacker.

use base64::{Engine, prelude::BASE64_STANDARD};
use bergshamra::{
    c14n::{C14nMode, canonicalize_doc},
    core::algorithm,
    xml::{
        NodeSet,
        uppsala::{Document, NodeId, NodeKind, Parser},
    },
};

use crate::{DSIG, MAX_DEPTH, MAX_MESSAGE, XmlError};

/// Attributes that name an element; their values must be unique.
const ID_ATTRIBUTES: [&str; 3] = ["Id", "ID", "id"];

/// The text of a message within the limits.
pub(crate) fn text(message: &[u8]) -> Result<&str, XmlError> {
    if message.len() > MAX_MESSAGE {
        return Err(XmlError::TooLarge);
    }
    let text = std::str::from_utf8(message).map_err(|_| XmlError::Malformed)?;
    // The parser refuses it too; said here, because people get another sentence.
    if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
        return Err(XmlError::Dtd);
    }
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The tree, without document types, entities and deep nesting, with unique identifiers.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, XmlError> {
    let document = Parser::new()
        .with_max_depth(MAX_DEPTH)
        .with_forbid_dtd(true)
        .with_forbid_entities(true)
        .parse(text)
        .map_err(|_| XmlError::Malformed)?;
    let mut seen = std::collections::HashSet::new();
    for node in document.descendants(document.root()) {
        let Some(element) = document.element(node) else {
            continue;
        };
        for name in ID_ATTRIBUTES {
            if let Some(value) = element.get_attribute(name)
                && !seen.insert(value.to_owned())
            {
                return Err(XmlError::DuplicateId);
            }
        }
    }
    Ok(document)
}

/// What a signature covers and how, once its form was accepted.
pub(crate) struct Shape {
    /// The `Signature` element.
    pub signature: NodeId,
    /// The element that is covered, with everything below it but the signature.
    pub target: NodeId,
    /// The reference as written: empty, or `#` and an identifier.
    pub uri: String,
    /// How the covered part is written down before it is hashed.
    pub canonical: Canonical,
    /// Address of the digest algorithm.
    pub digest_method: String,
    /// The digest of the covered part, as the signature states it.
    pub digest: Vec<u8>,
    /// Address of the signature algorithm.
    pub signature_method: String,
    /// DER, as they stand in the message.
    pub certificates: Vec<Vec<u8>>,
}

/// A canonical form with its list of prefixes.
pub(crate) struct Canonical {
    mode: C14nMode,
    prefixes: Vec<String>,
}

/// Why a form was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No XMLDSig signature in the message.
    Absent,
    /// More than one.
    Several,
    /// A part is missing, double, or not known.
    Form,
    /// The reference leads elsewhere than to the message or to an element around the signature.
    Reference,
    /// A transform that is not on the list.
    Transform,
    /// No certificate that could be read.
    NoCertificate,
}

impl Canonical {
    /// The bytes of an element (or of the whole message) without the signature and without comments.
    pub(crate) fn bytes(
        &self,
        document: &Document<'_>,
        target: NodeId,
        without: Option<NodeId>,
    ) -> Option<Vec<u8>> {
        let mut nodes = NodeSet::tree_without_comments(target, document);
        if let Some(signature) = without {
            nodes = nodes.subtract(&NodeSet::tree_with_comments(signature, document));
        }
        canonicalize_doc(document, self.mode, Some(&nodes), &self.prefixes).ok()
    }

    /// The exclusive form, which we write.
    pub(crate) const fn exclusive() -> Self {
        Self {
            mode: C14nMode::Exclusive,
            prefixes: Vec::new(),
        }
    }

    fn read(document: &Document<'_>, method: NodeId) -> Option<Self> {
        let uri = document.element(method)?.get_attribute("Algorithm")?;
        let mode = match uri {
            algorithm::C14N => C14nMode::Inclusive,
            algorithm::EXC_C14N => C14nMode::Exclusive,
            _ => return None,
        };
        let mut prefixes = Vec::new();
        for child in elements(document, method) {
            let element = document.element(child)?;
            let is_list = mode == C14nMode::Exclusive
                && element.matches_name_ns(algorithm::EXC_C14N, "InclusiveNamespaces");
            if !is_list || !prefixes.is_empty() {
                return None;
            }
            let list = element.get_attribute("PrefixList")?;
            prefixes.extend(list.split_whitespace().map(str::to_owned));
        }
        Some(Self { mode, prefixes })
    }
}

impl Shape {
    /// Reads the one signature of a message.
    pub(crate) fn read(document: &Document<'_>) -> Result<Self, Fault> {
        let signatures = document.get_elements_by_tag_name_ns(DSIG, "Signature");
        let signature = match signatures[..] {
            [] => return Err(Fault::Absent),
            [one] => one,
            _ => return Err(Fault::Several),
        };
        let children = elements(document, signature);
        let [signed_info, value, key_info] = children[..] else {
            return Err(Fault::Form);
        };
        named(document, signed_info, "SignedInfo")?;
        named(document, value, "SignatureValue")?;
        only_text(document, value)?;
        named(document, key_info, "KeyInfo")?;

        let children = elements(document, signed_info);
        let [canonicalization, method, reference] = children[..] else {
            return Err(Fault::Form);
        };
        named(document, canonicalization, "CanonicalizationMethod")?;
        named(document, method, "SignatureMethod")?;
        named(document, reference, "Reference")?;
        Canonical::read(document, canonicalization).ok_or(Fault::Transform)?;
        if !elements(document, method).is_empty() {
            return Err(Fault::Form);
        }
        let signature_method = algorithm_of(document, method)?;

        let (uri, target) = target(document, signature, reference)?;
        let children = elements(document, reference);
        let [transforms, digest_method, digest_value] = children[..] else {
            return Err(Fault::Form);
        };
        named(document, transforms, "Transforms")?;
        named(document, digest_method, "DigestMethod")?;
        named(document, digest_value, "DigestValue")?;
        Ok(Self {
            signature,
            target,
            uri,
            canonical: transforms_of(document, transforms)?,
            digest_method: algorithm_of(document, digest_method)?,
            digest: base64(only_text(document, digest_value)?).ok_or(Fault::Form)?,
            signature_method,
            certificates: certificates(document, key_info)?,
        })
    }
}

/// `enveloped-signature` and at most one canonical form after it; without one the inclusive form holds (XMLDSig 4.4.3.2).
fn transforms_of(document: &Document<'_>, transforms: NodeId) -> Result<Canonical, Fault> {
    let list = elements(document, transforms);
    let (enveloped, rest) = list.split_first().ok_or(Fault::Transform)?;
    named(document, *enveloped, "Transform")?;
    if algorithm_of(document, *enveloped)? != algorithm::ENVELOPED_SIGNATURE
        || !elements(document, *enveloped).is_empty()
    {
        return Err(Fault::Transform);
    }
    match rest {
        [] => Ok(Canonical {
            mode: C14nMode::Inclusive,
            prefixes: Vec::new(),
        }),
        [one] => {
            named(document, *one, "Transform")?;
            Canonical::read(document, *one).ok_or(Fault::Transform)
        }
        _ => Err(Fault::Transform),
    }
}

/// The element that a reference leads to: the whole message, or an element that contains the signature.
fn target(document: &Document<'_>, signature: NodeId, reference: NodeId) -> Result<(String, NodeId), Fault> {
    let element = document.element(reference).ok_or(Fault::Form)?;
    let uri = element.get_attribute("URI").ok_or(Fault::Reference)?;
    if uri.is_empty() {
        return Ok((String::new(), document.root()));
    }
    let id = uri.strip_prefix('#').ok_or(Fault::Reference)?;
    let mut around = document.parent(signature);
    while let Some(node) = around {
        let is_it = document.element(node).is_some_and(|element| {
            ID_ATTRIBUTES
                .iter()
                .any(|name| element.get_attribute(name) == Some(id))
        });
        if is_it {
            return Ok((uri.to_owned(), node));
        }
        around = document.parent(node);
    }
    Err(Fault::Reference)
}

/// The certificates of `X509Data`. Other ways to name a key (a bare key, a place to fetch one from) are refused.
fn certificates(document: &Document<'_>, key_info: NodeId) -> Result<Vec<Vec<u8>>, Fault> {
    let mut found = Vec::new();
    for data in elements(document, key_info) {
        // A KeyName is a label for people.
        if named(document, data, "KeyName").is_ok() {
            continue;
        }
        named(document, data, "X509Data")?;
        for item in elements(document, data) {
            if named(document, item, "X509Certificate").is_ok() {
                let der = base64(only_text(document, item)?).ok_or(Fault::NoCertificate)?;
                if !found.contains(&der) {
                    found.push(der);
                }
            }
        }
    }
    if found.is_empty() {
        Err(Fault::NoCertificate)
    } else {
        Ok(found)
    }
}

fn algorithm_of(document: &Document<'_>, node: NodeId) -> Result<String, Fault> {
    let element = document.element(node).ok_or(Fault::Form)?;
    element
        .get_attribute("Algorithm")
        .map(str::to_owned)
        .ok_or(Fault::Form)
}

fn named(document: &Document<'_>, node: NodeId, name: &str) -> Result<(), Fault> {
    let is_it = document
        .element(node)
        .is_some_and(|element| element.matches_name_ns(DSIG, name));
    if is_it { Ok(()) } else { Err(Fault::Form) }
}

/// The child elements; text between them is left out.
pub(crate) fn elements(document: &Document<'_>, node: NodeId) -> Vec<NodeId> {
    document
        .children(node)
        .into_iter()
        .filter(|child| document.element(*child).is_some())
        .collect()
}

/// The text of an element that has nothing but one piece of text. Comments inside a value have fooled verifiers before.
fn only_text<'d>(document: &'d Document<'_>, node: NodeId) -> Result<&'d str, Fault> {
    let children = document.children(node);
    let [only] = children[..] else {
        return Err(Fault::Form);
    };
    match document.node_kind(only) {
        Some(NodeKind::Text(text)) => Ok(text),
        _ => Err(Fault::Form),
    }
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let packed: String = text
        .chars()
        .filter(|letter| !letter.is_ascii_whitespace())
        .collect();
    BASE64_STANDARD.decode(packed).ok()
}
