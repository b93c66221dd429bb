//! CRLs and OCSP answers.

use aws_lc_rs::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use const_oid::db::rfc5912::{ID_SHA_1, ID_SHA_256};
use const_oid::db::rfc6960::ID_PKIX_OCSP_NONCE;
use der::asn1::{BitString, OctetString, Uint};
use der::{Decode as _, Encode as _};
use jiff::Timestamp;
use x509_cert::Version;
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::ext::pkix::CrlNumber;
use x509_cert::serial_number::SerialNumber;
use x509_ocsp::{
    BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspRequest, OcspResponse, ResponderId,
    ResponseData, RevokedInfo, SingleResponse,
};

use crate::authority::Authority;
use crate::certificate::{DAY, authority_key, date_time, extension, later, x509_time};
use crate::{DemoPki, Error, names};

/// How long CRLs and OCSP answers are good for.
const FRESH: i64 = 7 * DAY;

impl DemoPki {
    /// The CRL of the issuing authority (DER), good for seven days from `at`. `revoked` holds serial numbers in hexadecimal and
    /// the moments of revocation.
    ///
    /// # Errors
    /// [`Error::Asn1`] for a serial number that is not hexadecimal or too long, [`Error::Time`] for a moment out of range.
    pub fn crl(&self, revoked: &[(String, Timestamp)], at: Timestamp) -> Result<Vec<u8>, Error> {
        self.crl_until(revoked, at, later(at, FRESH))
    }

    /// The same with another end: one in the past gives the stale CRL that tests need.
    ///
    /// # Errors
    /// As [`DemoPki::crl`].
    pub fn crl_until(
        &self,
        revoked: &[(String, Timestamp)],
        at: Timestamp,
        next_update: Timestamp,
    ) -> Result<Vec<u8>, Error> {
        list(&self.issuing, revoked, at, next_update)
    }

    /// The CRL of the root (DER), which speaks of the issuing authority; empty and good for a year.
    ///
    /// # Errors
    /// As [`DemoPki::crl`].
    pub fn root_crl(&self, at: Timestamp) -> Result<Vec<u8>, Error> {
        self.root_crl_with(&[], at)
    }

    /// The CRL of the root with certificates revoked.
    ///
    /// # Errors
    /// As [`DemoPki::crl`].
    pub fn root_crl_with(&self, revoked: &[(String, Timestamp)], at: Timestamp) -> Result<Vec<u8>, Error> {
        list(&self.root, revoked, at, later(at, 365 * DAY))
    }

    /// The answer (DER `OCSPResponse`) of the delegated responder. Every serial number of the issuing authority that is not in
    /// `revoked` is good, those of other issuers are unknown. A request that cannot be read gets the answer `malformedRequest`.
    ///
    /// # Errors
    /// As [`DemoPki::crl`].
    pub fn ocsp(
        &self,
        request_der: &[u8],
        at: Timestamp,
        revoked: &[(String, Timestamp)],
    ) -> Result<Vec<u8>, Error> {
        self.answer(&self.responder, true, request_der, at, revoked)
    }

    /// The same signed by the issuing authority itself.
    ///
    /// # Errors
    /// As [`DemoPki::crl`].
    pub fn ocsp_by_issuer(
        &self,
        request_der: &[u8],
        at: Timestamp,
        revoked: &[(String, Timestamp)],
    ) -> Result<Vec<u8>, Error> {
        self.answer(&self.issuing, false, request_der, at, revoked)
    }

    fn answer(
        &self,
        signer: &Authority,
        delegated: bool,
        request_der: &[u8],
        at: Timestamp,
        revoked: &[(String, Timestamp)],
    ) -> Result<Vec<u8>, Error> {
        let Ok(request) = OcspRequest::from_der(request_der) else {
            return Ok(OcspResponse::malformed_request().to_der()?);
        };
        let produced_at = OcspGeneralizedTime::from(date_time(at)?);
        let next_update = OcspGeneralizedTime::from(date_time(later(at, FRESH))?);
        let revoked = parsed(revoked)?;
        let mut responses = Vec::new();
        for asked in &request.tbs_request.request_list {
            responses.push(SingleResponse {
                cert_id: asked.req_cert.clone(),
                cert_status: self.status(&asked.req_cert, &revoked)?,
                this_update: produced_at,
                next_update: Some(next_update),
                single_extensions: None,
            });
        }
        let nonce: Vec<_> = request
            .tbs_request
            .request_extensions
            .iter()
            .flatten()
            .filter(|extension| extension.extn_id == ID_PKIX_OCSP_NONCE)
            .cloned()
            .collect();
        let tbs_response_data = ResponseData {
            version: x509_ocsp::Version::V1,
            responder_id: ResponderId::ByKey(legacy_key_hash(signer)?),
            produced_at,
            responses,
            response_extensions: (!nonce.is_empty()).then_some(nonce),
        };
        let raw = signer
            .key
            .sign(&tbs_response_data.to_der()?, signer.key.usual())?;
        let response = BasicOcspResponse {
            tbs_response_data,
            signature_algorithm: signer.key.signature_identifier(),
            signature: BitString::from_bytes(&raw)?,
            certs: delegated.then(|| vec![signer.certificate.clone()]),
        };
        Ok(OcspResponse::successful(response)?.to_der()?)
    }

    fn status(&self, asked: &CertId, revoked: &[(SerialNumber, Timestamp)]) -> Result<CertStatus, Error> {
        let algorithm = match asked.hash_algorithm.oid {
            ID_SHA_1 => &SHA1_FOR_LEGACY_USE_ONLY,
            ID_SHA_256 => &SHA256,
            _ => return Ok(CertStatus::unknown()),
        };
        let name = digest(algorithm, &names::encoded(self.issuing.name())?);
        let key = subject_key_hash(algorithm, &self.issuing);
        if asked.issuer_name_hash.as_bytes() != name.as_ref() || asked.issuer_key_hash.as_bytes() != key {
            return Ok(CertStatus::unknown());
        }
        match revoked.iter().find(|(serial, _)| *serial == asked.serial_number) {
            Some((_, when)) => Ok(CertStatus::revoked(RevokedInfo {
                revocation_time: OcspGeneralizedTime::from(date_time(*when)?),
                revocation_reason: None,
            })),
            None => Ok(CertStatus::good()),
        }
    }
}

fn list(
    issuer: &Authority,
    revoked: &[(String, Timestamp)],
    at: Timestamp,
    next_update: Timestamp,
) -> Result<Vec<u8>, Error> {
    let mut entries = Vec::new();
    for (serial_number, when) in parsed(revoked)? {
        entries.push(RevokedCert {
            serial_number,
            revocation_date: x509_time(when)?,
            crl_entry_extensions: None,
        });
    }
    // grows with time, and needs no counter to be kept
    let number = CrlNumber(Uint::new(&at.as_millisecond().max(1).to_be_bytes())?);
    let tbs_cert_list = TbsCertList {
        version: Version::V2,
        signature: issuer.key.signature_identifier(),
        issuer: issuer.name().clone(),
        this_update: x509_time(at)?,
        next_update: Some(x509_time(next_update)?),
        revoked_certificates: (!entries.is_empty()).then_some(entries),
        crl_extensions: Some(vec![
            authority_key(&issuer.key.public_key()?)?,
            extension(false, &number)?,
        ]),
    };
    let raw = issuer.key.sign(&tbs_cert_list.to_der()?, issuer.key.usual())?;
    let list = CertificateList {
        signature_algorithm: tbs_cert_list.signature.clone(),
        tbs_cert_list,
        signature: BitString::from_bytes(&raw)?,
    };
    Ok(list.to_der()?)
}

fn parsed(revoked: &[(String, Timestamp)]) -> Result<Vec<(SerialNumber, Timestamp)>, Error> {
    revoked
        .iter()
        .map(|(serial, when)| Ok((serial_number(serial)?, *when)))
        .collect()
}

fn serial_number(text: &str) -> Result<SerialNumber, Error> {
    let malformed = || Error::Asn1(der::ErrorKind::Failed.into());
    if !text.is_ascii() || text.is_empty() {
        return Err(malformed());
    }
    let padded = if text.len().is_multiple_of(2) {
        text.to_owned()
    } else {
        format!("0{text}")
    };
    let bytes: Vec<u8> = (0..padded.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&padded[at..at + 2], 16))
        .collect::<Result<_, _>>()
        .map_err(|_| malformed())?;
    Ok(SerialNumber::new(&bytes)?)
}

fn subject_key_hash(algorithm: &'static Algorithm, authority: &Authority) -> Vec<u8> {
    let info = &authority.certificate.tbs_certificate.subject_public_key_info;
    digest(algorithm, info.subject_public_key.raw_bytes())
        .as_ref()
        .to_vec()
}

/// RFC 6960 fixes SHA-1 for naming the responder by its key.
fn legacy_key_hash(authority: &Authority) -> Result<OctetString, Error> {
    Ok(OctetString::new(subject_key_hash(
        &SHA1_FOR_LEGACY_USE_ONLY,
        authority,
    ))?)
}
