//! The authorities and what they issue.

use const_oid::ObjectIdentifier;
use der::asn1::{Null, OctetString};
use der::{Decode as _, Encode as _};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use x509_cert::certificate::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::ext::{Extension, Extensions};
use x509_cert::name::Name;

use crate::certificate::{
    Content, DAY, ExtendedUsage, Signer, YEAR, authority_constraints, extension, key_identifier,
    key_identifiers, later, leaf_usages, locations,
};
use crate::keys::PrivateKey;
use crate::{Agency, CertificateOrder, Error, Key, Person, Subject, names};

/// Addresses written into certificates; without any, the certificates name none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Urls {
    /// CRL of the issuing authority, in certificates of signers and of the time-stamping authority.
    pub crl: Option<String>,
    /// CRL of the root, in the certificate of the issuing authority.
    pub root_crl: Option<String>,
    /// OCSP of the issuing authority.
    pub ocsp: Option<String>,
    /// Certificate of the issuing authority (DER).
    pub issuer: Option<String>,
    /// Certificate of the root (DER).
    pub root: Option<String>,
}

/// Kinds of keys and addresses of a new demo authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Key of the root.
    pub root: Key,
    /// Key of the issuing authority.
    pub issuing: Key,
    /// Key of the time-stamping authority.
    pub time_stamping: Key,
    /// Addresses in certificates.
    pub urls: Urls,
}

impl Default for Options {
    /// Root on P-384, the others on P-256: all made within milliseconds. No addresses.
    fn default() -> Self {
        Self {
            root: Key::P384,
            issuing: Key::P256,
            time_stamping: Key::P256,
            urls: Urls::default(),
        }
    }
}

/// One authority: its certificate and its key.
pub(crate) struct Authority {
    pub key: PrivateKey,
    pub certificate: Certificate,
}

impl Authority {
    pub fn signer(&self) -> Signer<'_> {
        Signer {
            name: self.name(),
            key: &self.key,
        }
    }

    pub fn name(&self) -> &Name {
        &self.certificate.tbs_certificate.subject
    }

    pub fn der(&self) -> Result<Vec<u8>, Error> {
        Ok(self.certificate.to_der()?)
    }
}

/// Root, issuing authority, OCSP responder and time-stamping authority of the demo.
///
/// Methods take `&self`: it keeps no list of what it issued; who calls knows the serial numbers and says which are revoked.
pub struct DemoPki {
    pub(crate) root: Authority,
    pub(crate) issuing: Authority,
    pub(crate) responder: Authority,
    pub(crate) time_stamping: Authority,
    pub(crate) urls: Urls,
}

impl std::fmt::Debug for DemoPki {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("DemoPki").finish_non_exhaustive()
    }
}

/// A certificate with its key and the way up.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued {
    /// The private key, PKCS#8 DER; empty when the certificate was issued for a public key from elsewhere.
    pub key_pkcs8: Vec<u8>,
    /// Certificates in DER, the leaf first, then the issuing authority; the root is not among them.
    pub chain: Vec<Vec<u8>>,
    /// Serial number of the leaf, hexadecimal in lower case.
    pub serial: String,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // the key stays out of logs
        formatter
            .debug_struct("Issued")
            .field("serial", &self.serial)
            .finish_non_exhaustive()
    }
}

impl DemoPki {
    /// Makes all keys and certificates anew, with the usual [`Options`]. Two calls give authorities of equal names and different
    /// keys, so the second is the rogue twin that tests need.
    ///
    /// # Errors
    /// [`Error::Time`] for a moment that certificates cannot express, [`Error::Key`] when the system gives no randomness.
    pub fn create(at: Timestamp) -> Result<Self, Error> {
        Self::create_with(at, Options::default())
    }

    /// The same with other keys and with addresses.
    ///
    /// # Errors
    /// As [`DemoPki::create`].
    pub fn create_with(at: Timestamp, options: Options) -> Result<Self, Error> {
        // clocks of those who verify may be behind
        let from = later(at, -DAY);
        let urls = options.urls;

        let key = PrivateKey::generate(options.root)?;
        let name = names::authority("Vănthư Demo Root CA")?;
        let public_key = key.public_key()?;
        let mut extensions = authority_constraints(None)?;
        extensions.push(extension(
            false,
            &SubjectKeyIdentifier(key_identifier(&public_key)?),
        )?);
        let certificate = Signer {
            name: &name,
            key: &key,
        }
        .certificate(Content {
            subject: name.clone(),
            public_key: &public_key,
            not_before: from,
            not_after: later(from, 20 * YEAR),
            extensions,
        })?;
        let root = Authority { key, certificate };

        let mut extensions = authority_constraints(Some(0))?;
        extensions.extend(locations(urls.root_crl.as_deref(), None, urls.root.as_deref())?);
        let issuing = below(
            &root,
            options.issuing,
            "Vănthư Demo Issuing CA",
            (from, 15 * YEAR),
            extensions,
        )?;

        let mut extensions = leaf_usages(true, &[ExtendedUsage::OcspSigning])?;
        extensions.push(no_check()?);
        let responder = below(
            &issuing,
            Key::P256,
            "Vănthư Demo OCSP",
            (from, 10 * YEAR),
            extensions,
        )?;

        let mut extensions = leaf_usages(true, &[ExtendedUsage::TimeStamping])?;
        extensions.extend(locations(
            urls.crl.as_deref(),
            urls.ocsp.as_deref(),
            urls.issuer.as_deref(),
        )?);
        let time_stamping = below(
            &issuing,
            options.time_stamping,
            "Vănthư Demo TSA",
            (from, 10 * YEAR),
            extensions,
        )?;

        Ok(Self {
            root,
            issuing,
            responder,
            time_stamping,
            urls,
        })
    }

    /// A key and certificate of a person, three years from `at`.
    ///
    /// # Errors
    /// As [`DemoPki::create`].
    pub fn person(&self, person: &Person, key: Key, at: Timestamp) -> Result<Issued, Error> {
        self.issue(&CertificateOrder::usual(Subject::Person(person.clone()), at), key)
    }

    /// A key and certificate of an agency, five years from `at`.
    ///
    /// # Errors
    /// As [`DemoPki::create`].
    pub fn agency(&self, agency: &Agency, key: Key, at: Timestamp) -> Result<Issued, Error> {
        self.issue(&CertificateOrder::usual(Subject::Agency(agency.clone()), at), key)
    }

    /// A new key with the certificate ordered.
    ///
    /// # Errors
    /// As [`DemoPki::create`].
    pub fn issue(&self, order: &CertificateOrder, key: Key) -> Result<Issued, Error> {
        let key = PrivateKey::generate(key)?;
        let mut issued = self.issue_for(order, &key.public_key()?)?;
        issued.key_pkcs8 = key.to_pkcs8()?;
        Ok(issued)
    }

    /// A certificate for a public key made elsewhere (a token, or a key too weak for our library).
    ///
    /// # Errors
    /// [`Error::Asn1`] when `public_key` is not a DER `SubjectPublicKeyInfo`; else as [`DemoPki::create`].
    pub fn issue_for(&self, order: &CertificateOrder, public_key: &[u8]) -> Result<Issued, Error> {
        let mut extensions = leaf_usages(order.may_sign, &order.extended_usages)?;
        extensions.extend(key_identifiers(public_key, &self.issuing.key.public_key()?)?);
        extensions.extend(locations(
            self.urls.crl.as_deref(),
            self.urls.ocsp.as_deref(),
            self.urls.issuer.as_deref(),
        )?);
        let certificate = self.issuing.signer().certificate(Content {
            subject: match &order.subject {
                Subject::Person(person) => person.subject()?,
                Subject::Agency(agency) => agency.subject()?,
            },
            public_key,
            not_before: order.not_before,
            not_after: order.not_after,
            extensions,
        })?;
        Ok(Issued {
            key_pkcs8: Vec::new(),
            serial: serial_hex(&certificate),
            chain: vec![certificate.to_der()?, self.issuing.der()?],
        })
    }

    /// The trust anchor: the certificate of the root, DER.
    ///
    /// # Errors
    /// [`Error::Asn1`] never in practice: the certificate was encoded before.
    pub fn root(&self) -> Result<Vec<u8>, Error> {
        self.root.der()
    }

    /// The certificate of the issuing authority, DER.
    ///
    /// # Errors
    /// As [`DemoPki::root`].
    pub fn issuing(&self) -> Result<Vec<u8>, Error> {
        self.issuing.der()
    }

    /// The certificate of the time-stamping authority, DER.
    ///
    /// # Errors
    /// As [`DemoPki::root`].
    pub fn time_stamping(&self) -> Result<Vec<u8>, Error> {
        self.time_stamping.der()
    }

    /// The certificate of the OCSP responder, DER.
    ///
    /// # Errors
    /// As [`DemoPki::root`].
    pub fn responder(&self) -> Result<Vec<u8>, Error> {
        self.responder.der()
    }
}

/// A certificate issued by `above` for a new key.
fn below(
    above: &Authority,
    key: Key,
    common_name: &str,
    (from, seconds): (Timestamp, i64),
    mut extensions: Extensions,
) -> Result<Authority, Error> {
    let key = PrivateKey::generate(key)?;
    let public_key = key.public_key()?;
    extensions.extend(key_identifiers(&public_key, &above.key.public_key()?)?);
    let certificate = above.signer().certificate(Content {
        subject: names::authority(common_name)?,
        public_key: &public_key,
        not_before: from,
        not_after: later(from, seconds),
        extensions,
    })?;
    Ok(Authority { key, certificate })
}

/// id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1): nobody needs to ask for the status of the responder itself.
fn no_check() -> Result<Extension, Error> {
    const NO_CHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");
    Ok(Extension {
        extn_id: NO_CHECK,
        critical: false,
        extn_value: OctetString::new(Null.to_der()?)?,
    })
}

pub(crate) fn serial_hex(certificate: &Certificate) -> String {
    let bytes = certificate.tbs_certificate.serial_number.as_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Authority {
    pub fn read(key_pkcs8: &[u8], certificate: &[u8]) -> Result<Self, Error> {
        Ok(Self {
            key: PrivateKey::from_pkcs8(key_pkcs8)?,
            certificate: Certificate::from_der(certificate)?,
        })
    }
}
