//! Subject names of certificates.

use const_oid::ObjectIdentifier;
use der::asn1::{Any, SetOfVec};
use der::{Encode as _, Tag};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

use crate::Error;

/// A person who signs (chứng thư số của cá nhân trong cơ quan nhà nước). Empty fields are left out of the subject.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Họ và tên.
    pub name: String,
    /// Chức vụ.
    pub title: String,
    /// The agency where the person works.
    pub org: String,
    /// Mã định danh of that agency.
    pub org_id: String,
    /// Số định danh cá nhân or the number of the official in the province.
    pub uid: String,
}

/// An agency with its own certificate (chứng thư số của cơ quan, tổ chức).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agency {
    /// Its official name.
    pub name: String,
    /// The agency above it, "" when there is none.
    pub parent: String,
    /// Mã định danh.
    pub org_id: String,
    /// The province, "" when not known.
    pub locality: String,
}

const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const LOCALITY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.7");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
const TITLE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.12");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANIZATION_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.97");
const UID: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.1");

/// Stands in every certificate, so that nobody takes one for real.
const WARNING: &str = "CHỨNG THƯ THỬ NGHIỆM, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ";

impl Person {
    pub(crate) fn subject(&self) -> Result<Name, Error> {
        name(&[
            (ORGANIZATION, &self.org),
            (ORGANIZATION_ID, &self.org_id),
            (UNIT, WARNING),
            (TITLE, &self.title),
            (UID, &self.uid),
            (COMMON_NAME, &self.name),
        ])
    }
}

impl Agency {
    pub(crate) fn subject(&self) -> Result<Name, Error> {
        name(&[
            (LOCALITY, &self.locality),
            (UNIT, &self.parent),
            (UNIT, WARNING),
            (ORGANIZATION, &self.name),
            (ORGANIZATION_ID, &self.org_id),
            (COMMON_NAME, &self.name),
        ])
    }
}

/// The name of one of the authorities themselves.
pub(crate) fn authority(common_name: &str) -> Result<Name, Error> {
    name(&[
        (ORGANIZATION, "Vănthư, tỉnh thử nghiệm"),
        (UNIT, WARNING),
        (COMMON_NAME, common_name),
    ])
}

/// `C=VN` and the attributes in order, the empty ones left out.
fn name(attributes: &[(ObjectIdentifier, &str)]) -> Result<Name, Error> {
    let mut parts = vec![part(COUNTRY, Tag::PrintableString, "VN")?];
    for (oid, value) in attributes {
        let value = value.trim();
        if !value.is_empty() {
            parts.push(part(*oid, Tag::Utf8String, value)?);
        }
    }
    Ok(RdnSequence(parts))
}

fn part(oid: ObjectIdentifier, tag: Tag, value: &str) -> Result<RelativeDistinguishedName, Error> {
    let value = Any::new(tag, value.as_bytes())?;
    let mut set = SetOfVec::new();
    set.insert(AttributeTypeAndValue { oid, value })?;
    Ok(RelativeDistinguishedName(set))
}

/// The DER of a name, over which OCSP hashes.
pub(crate) fn encoded(name: &Name) -> Result<Vec<u8>, Error> {
    Ok(name.to_der()?)
}
