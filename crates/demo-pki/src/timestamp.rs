//! Time stamps, RFC 3161.

use aws_lc_rs::digest::{SHA256, digest};
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{
    ID_AA_SIGNING_CERTIFICATE_V_2, ID_CONTENT_TYPE, ID_MESSAGE_DIGEST, ID_SIGNED_DATA,
};
use const_oid::db::rfc5912::{ID_SHA_256, ID_SHA_384, ID_SHA_512};
use der::asn1::{Any, BitString, GeneralizedTime, Int, OctetString, SetOfVec};
use der::{Decode as _, Encode, Sequence, Tag};
use jiff::Timestamp;
use x509_cert::attr::Attribute;
use x509_tsp::{Accuracy, TimeStampReq, TspVersion, TstInfo};

use crate::certificate::date_time;
use crate::{DemoPki, Error};

/// id-ct-TSTInfo.
const ID_CT_TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// The policy of the demo: below the number that RFC 5612 reserves for examples.
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1.3161");

/// `PKIFailureInfo` of RFC 3161: the number of the bit.
#[derive(Clone, Copy)]
enum Failure {
    BadAlgorithm = 0,
    BadDataFormat = 5,
    UnacceptedPolicy = 15,
    UnacceptedExtension = 16,
}

#[derive(Sequence)]
struct Response {
    status: Status,
    #[asn1(optional = "true")]
    token: Option<ContentInfo>,
}

#[derive(Sequence)]
struct Status {
    status: u8,
    #[asn1(optional = "true")]
    fail_info: Option<BitString>,
}

/// RFC 5035 `SigningCertificateV2`; the hash algorithm is left out because SHA-256 is its default.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
}

#[derive(Sequence)]
struct EssCertIdV2 {
    cert_hash: OctetString,
}

impl DemoPki {
    /// The answer (DER `TimeStampResp`) to a request: a token of accuracy one second with the serial number given, or a refusal
    /// with its reason for another digest than SHA-256, SHA-384, SHA-512, an unknown policy or any extension.
    ///
    /// # Errors
    /// [`Error::Time`] for a moment out of range, [`Error::Key`] when signing fails.
    pub fn timestamp(&self, request_der: &[u8], at: Timestamp, serial: u64) -> Result<Vec<u8>, Error> {
        let Ok(request) = TimeStampReq::from_der(request_der) else {
            return refusal(Failure::BadDataFormat);
        };
        let imprint = &request.message_imprint;
        let length = match imprint.hash_algorithm.oid {
            ID_SHA_256 => 32,
            ID_SHA_384 => 48,
            ID_SHA_512 => 64,
            _ => return refusal(Failure::BadAlgorithm),
        };
        if imprint.hashed_message.as_bytes().len() != length {
            return refusal(Failure::BadDataFormat);
        }
        if request.req_policy.is_some_and(|policy| policy != POLICY) {
            return refusal(Failure::UnacceptedPolicy);
        }
        if request.extensions.is_some() {
            return refusal(Failure::UnacceptedExtension);
        }
        let info = TstInfo {
            version: TspVersion::V1,
            policy: POLICY,
            message_imprint: request.message_imprint,
            serial_number: positive(serial)?,
            gen_time: GeneralizedTime::from_date_time(date_time(at)?),
            accuracy: Some(Accuracy {
                seconds: Some(1),
                millis: None,
                micros: None,
            }),
            ordering: false,
            nonce: request.nonce,
            tsa: None,
            extensions: None,
        };
        let response = Response {
            status: Status {
                status: 0,
                fail_info: None,
            },
            token: Some(self.token(&info.to_der()?, request.cert_req)?),
        };
        Ok(response.to_der()?)
    }

    fn token(&self, info: &[u8], with_certificates: bool) -> Result<ContentInfo, Error> {
        let authority = &self.time_stamping;
        let certificate = authority.der()?;
        let (digest_alg, algorithm) = authority.key.digest_identifier();
        let essential = SigningCertificateV2 {
            certs: vec![EssCertIdV2 {
                cert_hash: OctetString::new(digest(&SHA256, &certificate).as_ref())?,
            }],
        };
        let mut signed_attrs = SetOfVec::new();
        for (oid, value) in [
            (ID_CONTENT_TYPE, Any::encode_from(&ID_CT_TST_INFO)?),
            (
                ID_MESSAGE_DIGEST,
                Any::new(Tag::OctetString, digest(algorithm, info).as_ref())?,
            ),
            (ID_AA_SIGNING_CERTIFICATE_V_2, Any::encode_from(&essential)?),
        ] {
            signed_attrs.insert(Attribute {
                oid,
                values: SetOfVec::try_from(vec![value])?,
            })?;
        }
        let raw = authority
            .key
            .sign(&signed_attrs.to_der()?, authority.key.usual())?;
        let tbs = &authority.certificate.tbs_certificate;
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: tbs.issuer.clone(),
                serial_number: tbs.serial_number.clone(),
            }),
            digest_alg: digest_alg.clone(),
            signed_attrs: Some(signed_attrs),
            signature_algorithm: authority.key.signature_identifier(),
            signature: OctetString::new(raw)?,
            unsigned_attrs: None,
        };
        let certificates = if with_certificates {
            let chain = [&authority.certificate, &self.issuing.certificate];
            let chain: Vec<_> = chain
                .map(|one| CertificateChoices::Certificate(one.clone()))
                .into();
            Some(CertificateSet(SetOfVec::try_from(chain)?))
        } else {
            None
        };
        let data = SignedData {
            // RFC 5652 5.1: the content is not id-data
            version: CmsVersion::V3,
            digest_algorithms: SetOfVec::try_from(vec![digest_alg])?,
            encap_content_info: EncapsulatedContentInfo {
                econtent_type: ID_CT_TST_INFO,
                econtent: Some(Any::new(Tag::OctetString, info)?),
            },
            certificates,
            crls: None,
            signer_infos: SignerInfos(SetOfVec::try_from(vec![signer])?),
        };
        Ok(ContentInfo {
            content_type: ID_SIGNED_DATA,
            content: Any::encode_from(&data)?,
        })
    }
}

fn refusal(failure: Failure) -> Result<Vec<u8>, Error> {
    let bit = failure as usize;
    let mut bytes = vec![0_u8; bit / 8 + 1];
    bytes[bit / 8] = 0x80 >> (bit % 8);
    let unused = 7 - u8::try_from(bit % 8).unwrap_or(7);
    let response = Response {
        status: Status {
            status: 2,
            fail_info: Some(BitString::new(unused, bytes)?),
        },
        token: None,
    };
    Ok(response.to_der()?)
}

/// An INTEGER that is not negative, in the shortest form.
fn positive(number: u64) -> Result<Int, Error> {
    let mut bytes = vec![0];
    bytes.extend(number.to_be_bytes());
    while bytes.len() > 1 && bytes[0] == 0 && bytes[1] < 0x80 {
        bytes.remove(0);
    }
    Ok(Int::new(&bytes)?)
}
