//! Reading a signature tolerantly: what was signed stays as it stands.

use const_oid::ObjectIdentifier;

use super::{
    CmsError,
    algorithm::{Hash, Scheme, first_oid, oid},
    attributes,
    ber_to_der::ber_to_der,
    tlv::{Tlv, tag},
};

pub(crate) const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const OCSP_IN_CMS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.16.2");

/// At most so many certificates, lists or answers are taken from one signature.
const MAX_EMBEDDED: usize = 200;

/// Whose signature it is, as the SignerInfo says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignerIdentifier<'a> {
    /// Issuer name (DER) and serial number (content of the INTEGER).
    IssuerAndSerial(&'a [u8], &'a [u8]),
    /// Subject key identifier.
    KeyIdentifier(&'a [u8]),
}

/// A SignedData with exactly one signer.
#[derive(Clone, Debug)]
pub struct SignedData<'a> {
    /// What kind of content is signed.
    pub content_type: ObjectIdentifier,
    /// The content, if it is inside; `None` for a detached signature.
    pub content: Option<Vec<u8>>,
    /// Certificates, DER, in the order in which they stand.
    pub certificates: Vec<&'a [u8]>,
    /// Revocation lists, DER: those of the SignedData and of Adobe's attribute.
    pub crls: Vec<&'a [u8]>,
    /// Status answers, DER.
    pub ocsps: Vec<&'a [u8]>,
    /// The signer.
    pub signer: SignerIdentifier<'a>,
    /// Hash function over the content.
    pub digest: Hash,
    /// How the signature value was computed.
    pub scheme: Scheme,
    /// The signed attributes as they stand, with implicit tag `[0]`.
    pub signed_attributes: Option<Tlv<'a>>,
    /// The unsigned attributes as they stand, with implicit tag `[1]`.
    pub unsigned_attributes: Option<Tlv<'a>>,
    /// The signature value.
    pub signature: Vec<u8>,
    /// The length of the structure in the input; what follows in a PDF should be zeros.
    pub length: usize,
}

impl<'a> SignedData<'a> {
    /// Reads a ContentInfo with SignedData at the start of the input.
    ///
    /// # Errors
    /// [`CmsError::Malformed`], or [`CmsError::NotSignedData`] for another type or not exactly one signer.
    pub fn read(input: &'a [u8]) -> Result<Self, CmsError> {
        let (outer, rest) = Tlv::read(input)?;
        let length = input.len() - rest.len();
        let parts = outer.expect(tag::SEQUENCE)?.list()?;
        let [content_type, content] = parts.as_slice() else {
            return Err(CmsError::NotSignedData);
        };
        if oid(content_type)? != SIGNED_DATA {
            return Err(CmsError::NotSignedData);
        }
        let signed = Tlv::only(content.expect(0xa0)?.value)?;
        let mut data = Self::read_signed(&signed)?;
        data.length = length;
        Ok(data)
    }

    fn read_signed(signed: &Tlv<'a>) -> Result<Self, CmsError> {
        let parts = signed.expect(tag::SEQUENCE)?.list()?;
        let mut parts = parts.into_iter();
        let mut next = || parts.next().ok_or(CmsError::Malformed);
        next()?.expect(tag::INTEGER)?;
        next()?.expect(tag::SET)?;
        let encapsulated = next()?.expect(tag::SEQUENCE)?.list()?;
        let content_type = oid(encapsulated.first().ok_or(CmsError::Malformed)?)?;
        let content = match encapsulated.get(1) {
            None => None,
            Some(explicit) => Some(Tlv::only(explicit.expect(0xa0)?.value)?.octets()?),
        };
        let (mut certificates, mut crls, mut ocsps) = (Vec::new(), Vec::new(), Vec::new());
        let mut field = next()?;
        if field.tag == 0xa0 {
            for certificate in field.children() {
                let certificate = certificate?;
                // other forms (attribute certificates) are of no use here
                if certificate.tag == tag::SEQUENCE && certificates.len() < MAX_EMBEDDED {
                    certificates.push(certificate.raw);
                }
            }
            field = next()?;
        }
        if field.tag == 0xa1 {
            revocation(&field, &mut crls, &mut ocsps)?;
            field = next()?;
        }
        let signers = field.expect(tag::SET)?.list()?;
        let [signer] = signers.as_slice() else {
            return Err(CmsError::NotSignedData);
        };
        let mut data = Self {
            content_type,
            content,
            certificates,
            crls,
            ocsps,
            signer: SignerIdentifier::KeyIdentifier(&[]),
            digest: Hash::Other,
            scheme: Scheme::Other,
            signed_attributes: None,
            unsigned_attributes: None,
            signature: Vec::new(),
            length: 0,
        };
        data.read_signer(signer)?;
        Ok(data)
    }

    fn read_signer(&mut self, signer: &Tlv<'a>) -> Result<(), CmsError> {
        let parts = signer.expect(tag::SEQUENCE)?.list()?;
        let mut parts = parts.into_iter();
        let mut next = || parts.next().ok_or(CmsError::Malformed);
        next()?.expect(tag::INTEGER)?;
        let identifier = next()?;
        self.signer = match identifier.tag {
            tag::SEQUENCE => match identifier.list()?.as_slice() {
                [issuer, serial] => {
                    SignerIdentifier::IssuerAndSerial(issuer.raw, serial.expect(tag::INTEGER)?.value)
                }
                _ => return Err(CmsError::Malformed),
            },
            0x80 => SignerIdentifier::KeyIdentifier(identifier.value),
            _ => return Err(CmsError::Malformed),
        };
        self.digest = Hash::from_oid(first_oid(&next()?)?);
        let mut field = next()?;
        if field.tag == 0xa0 {
            self.signed_attributes = Some(field);
            field = next()?;
        }
        self.scheme = Scheme::read(&field, Some(self.digest))?;
        let value = next()?;
        if value.tag & !0x20 != tag::OCTET_STRING {
            return Err(CmsError::Malformed);
        }
        self.signature = value.octets()?;
        if let Some(unsigned) = parts.next() {
            self.unsigned_attributes = Some(unsigned.expect(0xa1)?);
        }
        if parts.next().is_some() {
            return Err(CmsError::Malformed);
        }
        if let Some(attributes) = self.signed_attributes
            && let Ok(Some(archive)) = attributes::single(&attributes, attributes::ADOBE_REVOCATION)
        {
            adobe(&archive, &mut self.crls, &mut self.ocsps)?;
        }
        Ok(())
    }

    /// The bytes over which the signature value was computed: the attributes as SET OF, as they stand first, then in DER
    /// if that differs. Signers that leave attributes unsorted hash them as they stand.
    pub(crate) fn signed_bytes(&self) -> Result<Option<Vec<Vec<u8>>>, CmsError> {
        let Some(attributes) = self.signed_attributes else {
            return Ok(None);
        };
        let mut as_it_stands = attributes.raw.to_vec();
        if let Some(first) = as_it_stands.first_mut() {
            *first = 0x31;
        }
        let der = ber_to_der(&as_it_stands)?;
        let mut forms = Vec::new();
        if !attributes.indefinite {
            forms.push(as_it_stands);
        }
        if forms.first() != Some(&der) {
            forms.push(der);
        }
        Ok(Some(forms))
    }

    /// The RFC 3161 tokens over the signature value, in DER.
    pub(crate) fn timestamp_tokens(&self) -> Result<Vec<&'a [u8]>, CmsError> {
        let Some(unsigned) = self.unsigned_attributes else {
            return Ok(Vec::new());
        };
        let mut tokens = Vec::new();
        for entry in unsigned.children() {
            let entry = entry?;
            if first_oid(&entry)? != attributes::TIMESTAMP_TOKEN {
                continue;
            }
            let set = entry.children().nth(1).ok_or(CmsError::Malformed)??;
            for value in set.expect(tag::SET)?.children() {
                tokens.push(value?.raw);
            }
        }
        Ok(tokens)
    }
}

/// RevocationInfoChoices: lists, and answers in the form of RFC 5940.
fn revocation<'a>(
    field: &Tlv<'a>,
    crls: &mut Vec<&'a [u8]>,
    ocsps: &mut Vec<&'a [u8]>,
) -> Result<(), CmsError> {
    for choice in field.children() {
        let choice = choice?;
        if crls.len() + ocsps.len() >= MAX_EMBEDDED {
            return Ok(());
        }
        if choice.tag == tag::SEQUENCE {
            crls.push(choice.raw);
        } else if choice.tag == 0xa1
            && let [format, info] = choice.list()?.as_slice()
            && oid(format)? == OCSP_IN_CMS
        {
            ocsps.push(info.raw);
        }
    }
    Ok(())
}

/// RevocationInfoArchival of ISO 32000.
fn adobe<'a>(archive: &Tlv<'a>, crls: &mut Vec<&'a [u8]>, ocsps: &mut Vec<&'a [u8]>) -> Result<(), CmsError> {
    for field in archive.expect(tag::SEQUENCE)?.children() {
        let field = field?;
        let into = match field.tag {
            0xa0 => &mut *crls,
            0xa1 => &mut *ocsps,
            _ => continue,
        };
        for item in Tlv::only(field.value)?.children() {
            if into.len() < MAX_EMBEDDED {
                into.push(item?.raw);
            }
        }
    }
    Ok(())
}
