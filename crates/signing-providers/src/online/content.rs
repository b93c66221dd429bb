//! Whether what came is what was asked for. Whether it is true is for the verifier to say.

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use der::{Decode, Encode};
use x509_cert::Certificate;
use x509_cert::crl::CertificateList;
use x509_ocsp::{OcspResponse, OcspResponseStatus};

use crate::ProviderError;

/// Certificates in one answer.
const MAX_CERTIFICATES: usize = 20;

fn not(what: &'static str) -> ProviderError {
    ProviderError::Protocol(format!("nội dung nhận được không phải {what}"))
}

/// DER, also out of PEM.
fn der_of(bytes: &[u8], label: &str) -> Option<Vec<u8>> {
    if !bytes.starts_with(b"-----") {
        return Some(bytes.to_vec());
    }
    let (found, der) = der::pem::decode_vec(bytes.trim_ascii_end()).ok()?;
    (found == label).then_some(der)
}

pub(super) fn crl(bytes: &[u8]) -> Result<Vec<u8>, ProviderError> {
    let der = der_of(bytes, "X509 CRL").ok_or_else(|| not("CRL"))?;
    CertificateList::from_der(&der).map_err(|_| not("CRL"))?;
    Ok(der)
}

pub(super) fn ocsp(bytes: &[u8]) -> Result<Vec<u8>, ProviderError> {
    let response = OcspResponse::from_der(bytes).map_err(|_| not("OCSP"))?;
    match response.response_status {
        OcspResponseStatus::Successful if response.response_bytes.is_some() => Ok(bytes.to_vec()),
        OcspResponseStatus::TryLater | OcspResponseStatus::InternalError => Err(ProviderError::Unavailable(
            format!("OCSP {:?}", response.response_status),
        )),
        other => Err(ProviderError::Rejected(format!("OCSP {other:?}"))),
    }
}

/// One certificate in DER or PEM, several in PEM, or a PKCS#7 of certificates only (RFC 5280 4.2.2.1).
pub(super) fn certificates(bytes: &[u8]) -> Result<Vec<Vec<u8>>, ProviderError> {
    if let Some(found) = crate::software::certificates_of_pem(bytes) {
        return Ok(found.into_iter().take(MAX_CERTIFICATES).collect());
    }
    let der = der_of(bytes, "PKCS7").ok_or_else(|| not("chứng thư số"))?;
    let found = of_pkcs7(&der).ok_or_else(|| not("chứng thư số"))?;
    if found.is_empty() {
        Err(not("chứng thư số"))
    } else {
        Ok(found)
    }
}

fn of_pkcs7(der: &[u8]) -> Option<Vec<Vec<u8>>> {
    let info = ContentInfo::from_der(der).ok()?;
    let data: SignedData = info.content.decode_as().ok()?;
    let choices = data.certificates?;
    let certificates = choices.0.iter().filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Certificate::to_der(certificate).ok(),
        CertificateChoices::Other(_) => None,
    });
    Some(certificates.take(MAX_CERTIFICATES).collect())
}
