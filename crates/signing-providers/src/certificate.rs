//! The little that this crate has to know about certificates: whose key it is and how to order a chain.

use der::{Decode, Encode};
use x509_cert::Certificate;

use crate::ProviderError;

/// Certificates are small; anything larger is not read.
pub(crate) const MAX_CERTIFICATE: usize = 64 * 1024;

const RSA: &str = "1.2.840.113549.1.1.1";
const EC: &str = "1.2.840.10045.2.1";
const P256: &str = "1.2.840.10045.3.1.7";

/// A key we can work with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// RSA with this many bits.
    Rsa(usize),
    /// ECDSA on P-256.
    P256,
}

/// What was read from a certificate.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    pub kind: KeyKind,
    /// Content of the BIT STRING: RSAPublicKey in DER, or an uncompressed point.
    pub public_key: Vec<u8>,
    /// Subject: DER of the name.
    pub subject: Vec<u8>,
    /// Common name, or the whole subject when there is none.
    pub name: String,
}

fn malformed(what: &str) -> ProviderError {
    ProviderError::Protocol(format!("chứng thư số không đọc được: {what}"))
}

/// Names of a certificate, whatever its key is.
struct Names {
    subject: Vec<u8>,
    issuer: Vec<u8>,
}

fn parse(der: &[u8]) -> Result<Certificate, ProviderError> {
    if der.len() > MAX_CERTIFICATE {
        return Err(ProviderError::TooLarge(MAX_CERTIFICATE));
    }
    Certificate::from_der(der).map_err(|e| malformed(&e.to_string()))
}

fn names(der: &[u8]) -> Option<Names> {
    let certificate = parse(der).ok()?;
    Some(Names {
        subject: certificate.tbs_certificate.subject.to_der().ok()?,
        issuer: certificate.tbs_certificate.issuer.to_der().ok()?,
    })
}

/// Reads a signer's certificate and refuses keys that must not sign.
pub(crate) fn leaf(der: &[u8]) -> Result<Leaf, ProviderError> {
    let certificate = parse(der)?;
    let tbs = &certificate.tbs_certificate;
    let info = &tbs.subject_public_key_info;
    let public_key = info
        .subject_public_key
        .as_bytes()
        .ok_or_else(|| malformed("khóa công khai"))?
        .to_vec();
    let kind = match info.algorithm.oid.to_string().as_str() {
        RSA => {
            let key = rsa_modulus_bits(&public_key).ok_or_else(|| malformed("khóa RSA"))?;
            if key < 2048 {
                return Err(ProviderError::WeakOrUnknownKey(format!("RSA {key} bit")));
            }
            KeyKind::Rsa(key)
        }
        EC => {
            let curve = info
                .algorithm
                .parameters
                .as_ref()
                .and_then(|p| p.decode_as::<der::asn1::ObjectIdentifier>().ok())
                .map(|oid| oid.to_string())
                .unwrap_or_default();
            if curve != P256 {
                return Err(ProviderError::WeakOrUnknownKey(format!("đường cong {curve}")));
            }
            KeyKind::P256
        }
        other => return Err(ProviderError::WeakOrUnknownKey(other.to_owned())),
    };
    Ok(Leaf {
        kind,
        public_key,
        subject: tbs.subject.to_der().map_err(|e| malformed(&e.to_string()))?,
        name: common_name(&certificate),
    })
}

/// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
fn rsa_modulus(der: &[u8]) -> Option<Vec<u8>> {
    #[derive(der::Sequence)]
    struct RsaPublicKey<'a> {
        modulus: der::asn1::UintRef<'a>,
        _exponent: der::asn1::UintRef<'a>,
    }
    Some(RsaPublicKey::from_der(der).ok()?.modulus.as_bytes().to_vec())
}

fn rsa_modulus_bits(der: &[u8]) -> Option<usize> {
    let bytes = rsa_modulus(der)?;
    Some(bytes.len() * 8 - bytes.first()?.leading_zeros() as usize)
}

fn common_name(certificate: &Certificate) -> String {
    let subject = &certificate.tbs_certificate.subject;
    let found = subject
        .0
        .iter()
        .flat_map(|rdn| rdn.0.iter())
        .find(|a| a.oid.to_string() == "2.5.4.3");
    // UTF8String, PrintableString and TeletexString all carry readable bytes; BMPString is two bytes a letter.
    let text = found.map(|attribute| match attribute.value.tag_number_is_bmp() {
        true => char::decode_utf16(
            attribute
                .value
                .value()
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]])),
        )
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect(),
        false => String::from_utf8_lossy(attribute.value.value()).into_owned(),
    });
    text.filter(|t| !t.is_empty())
        .unwrap_or_else(|| subject.to_string())
}

trait IsBmp {
    fn tag_number_is_bmp(&self) -> bool;
}

impl IsBmp for der::Any {
    fn tag_number_is_bmp(&self) -> bool {
        use der::Tagged;
        self.tag() == der::Tag::BmpString
    }
}

/// The chain from `leaf` upwards as far as `pool` has issuers, by names. Whether it holds is for the verifier.
pub(crate) fn chain(leaf: &[u8], pool: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut chain = vec![leaf.to_vec()];
    let known: Vec<(&Vec<u8>, Names)> = pool.iter().filter_map(|der| Some((der, names(der)?))).collect();
    let mut current = names(leaf);
    while let Some(last) = current {
        if last.subject == last.issuer || chain.len() > 8 {
            break;
        }
        let Some((der, found)) = known
            .iter()
            .find(|(der, n)| n.subject == last.issuer && !chain.contains(*der))
        else {
            break;
        };
        current = Some(Names {
            subject: found.subject.clone(),
            issuer: found.issuer.clone(),
        });
        chain.push((*der).clone());
    }
    chain
}

/// Whether `issued` names the subject of `issuer` as its issuer.
pub(crate) fn is_issued_by(issued: &[u8], issuer: &Leaf) -> bool {
    names(issued).is_some_and(|n| n.issuer == issuer.subject)
}

/// Whether an RSA key has this modulus (big endian, leading zeros do not count).
pub(crate) fn has_modulus(leaf: &Leaf, modulus: &[u8]) -> bool {
    let trim = |bytes: &[u8]| bytes.iter().copied().skip_while(|b| *b == 0).collect::<Vec<_>>();
    rsa_modulus(&leaf.public_key).is_some_and(|own| trim(&own) == trim(modulus))
}
