//! The signatures of a document, with what their structure alone says. No cryptography here.

use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;

use jiff::Timestamp;
use thiserror::Error;

use super::dates::parse_pdf_date;
use super::error::ReadError;
use super::form::Field;
use super::limits;
use super::object::{Dictionary, Indirect, Object, ObjectId};
use super::widgets::{WidgetArea, WidgetPlaces};
use super::{Document, gates};

/// What a signature dictionary is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureKind {
    /// Somebody's signature.
    Signature,
    /// A time stamp over the document (`/Type /DocTimeStamp`).
    DocumentTimestamp,
}

/// How much of the file a signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The file to its end.
    WholeFile,
    /// The file as it was at a revision (index from 0) out of `total`.
    Revision {
        /// Index from 0.
        revision: usize,
        /// How many revisions the file has.
        total: usize,
    },
}

/// Why the structure of a signature is refused: it does not say which bytes it stands for, or says it ambiguously.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StructureRefusal {
    /// The signature dictionary lies in an object stream or is no dictionary.
    #[error("Chữ ký không được ghi đúng cấu trúc trong tệp.")]
    NotPlain,
    /// `/ByteRange` is missing or is not four whole numbers from 0 upwards.
    #[error("Chữ ký không ghi rõ phạm vi được ký (ByteRange sai hoặc thiếu).")]
    BadByteRange,
    /// `/Contents` is missing, empty or no string.
    #[error("Chữ ký không có nội dung (Contents sai hoặc thiếu).")]
    BadContents,
    /// The gap of the range is not exactly the hexadecimal string of `/Contents`.
    #[error("Phần không được ký trong tệp không phải là chính chữ ký này.")]
    GapIsNotContents,
    /// The range does not end where the revision of the signature ends.
    #[error("Chữ ký không bao trọn phiên bản văn bản tại thời điểm ký.")]
    ShortCoverage,
    /// A signed revision refers to objects in the gap or behind its own end.
    #[error("Văn bản được ký tham chiếu tới dữ liệu nằm ngoài phần được ký.")]
    ReachesOutside,
    /// Another object lies around the gap.
    #[error("Phần không được ký nằm trong một đối tượng khác của văn bản.")]
    GapInsideObject,
    /// Two fields share one signature.
    #[error("Hai trường chữ ký dùng chung một chữ ký.")]
    Shared,
}

impl StructureRefusal {
    /// Stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPlain => "signature_not_plain",
            Self::BadByteRange => "bad_byte_range",
            Self::BadContents => "bad_contents",
            Self::GapIsNotContents => "gap_is_not_contents",
            Self::ShortCoverage => "short_coverage",
            Self::ReachesOutside => "reaches_outside",
            Self::GapInsideObject => "gap_inside_object",
            Self::Shared => "shared_signature",
        }
    }
}

/// A signature and what its structure says.
#[derive(Clone, Debug)]
pub struct SignatureField {
    /// Full name of its field.
    pub name: String,
    /// Object of the field.
    pub field: ObjectId,
    /// Object of the signature dictionary (of the field, when the dictionary stands in it).
    pub value: ObjectId,
    /// What it is for.
    pub kind: SignatureKind,
    /// The two signed parts of the file; `None` when the structure is refused before they are known.
    pub signed: Option<[Range<usize>; 2]>,
    /// Decoded `/Contents` with its padding; empty when missing.
    pub contents: Vec<u8>,
    /// `/Filter`.
    pub filter: String,
    /// `/SubFilter`, for example `ETSI.CAdES.detached`.
    pub sub_filter: String,
    /// `/M` as the signer's machine claims it.
    pub claimed_time: Option<Timestamp>,
    /// `/Name`.
    pub signer_name: Option<String>,
    /// `/Reason`.
    pub reason: Option<String>,
    /// `/Location`.
    pub location: Option<String>,
    /// Where it is seen; `None` when invisible.
    pub area: Option<WidgetArea>,
    /// Revision (index from 0) that the signature made and covers.
    pub revision: usize,
    /// How much of the file it covers, as far as the structure is not refused.
    pub coverage: Coverage,
    /// Why it cannot be valid whatever the cryptography says.
    pub refusal: Option<StructureRefusal>,
    /// `/P` of its DocMDP transform: 1 no changes, 2 forms and signatures, 3 annotations too.
    pub doc_mdp: Option<u8>,
    /// It has a FieldMDP transform, which is not evaluated.
    pub field_mdp: bool,
}

impl SignatureField {
    /// The signed bytes, in two parts; empty when the structure is refused.
    pub fn signed_bytes<'a>(&self, pdf: &'a [u8]) -> [&'a [u8]; 2] {
        let part = |index: usize| {
            self.signed
                .as_ref()
                .and_then(|parts| pdf.get(parts[index].clone()))
                .unwrap_or_default()
        };
        [part(0), part(1)]
    }
}

/// A signature that an earlier revision has and the document as it is now has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disappeared {
    /// Full name of its field.
    pub name: String,
    /// Last revision (index from 0) that has it.
    pub revision: usize,
}

/// All signatures of a document.
#[derive(Clone, Debug, Default)]
pub struct SignatureFields {
    /// Signatures in the order in which they were made.
    pub signed: Vec<SignatureField>,
    /// Full names of signature fields without signature.
    pub empty: Vec<String>,
    /// Signatures that later revisions took away.
    pub disappeared: Vec<Disappeared>,
    /// How many revisions the file has.
    pub revisions: usize,
}

impl Document<'_> {
    /// The signatures, with what their structure alone says.
    ///
    /// # Errors
    /// The form or the pages cannot be read; too many signatures.
    pub fn signature_fields(&self) -> Result<SignatureFields, ReadError> {
        let view = self.latest();
        let form = view.form()?;
        let mut found = SignatureFields {
            revisions: self.revisions().len(),
            ..SignatureFields::default()
        };
        let mut places = WidgetPlaces::of(view);
        let mut values = HashSet::new();
        for field in form
            .fields
            .iter()
            .filter(|field| field.is_signature() && !field.widget_only)
        {
            let Some((value, holder)) = self.signature_value(field)? else {
                if field.dictionary().contains("T") && !form.fields.iter().any(|kid| named_below(field, kid))
                {
                    found.empty.push(field.name.clone());
                }
                continue;
            };
            if found.signed.len() >= limits::SIGNATURES {
                return Err(ReadError::Limit("số chữ ký"));
            }
            let area = places.area_of(field, &form)?;
            let mut signature = self.read_signature(field, &value, &holder, area)?;
            if !values.insert(holder.id) {
                signature.refusal = Some(StructureRefusal::Shared);
            }
            found.signed.push(signature);
        }
        let order = |signature: &SignatureField| {
            (
                signature.revision,
                signature.signed.as_ref().map_or(usize::MAX, |parts| parts[1].end),
            )
        };
        found.signed.sort_by_key(order);
        found.disappeared = self.disappeared(&found.signed)?;
        Ok(found)
    }

    /// The strictest `/P` of all DocMDP transforms: 1 means that nothing may be added any more.
    ///
    /// # Errors
    /// The form cannot be read.
    pub fn certification(&self) -> Result<Option<u8>, ReadError> {
        let mut strictest: Option<u8> = None;
        for field in self
            .latest()
            .form()?
            .fields
            .iter()
            .filter(|field| field.is_signature())
        {
            let Some((value, _)) = self.signature_value(field)? else {
                continue;
            };
            let Some(dictionary) = value.dictionary() else {
                continue;
            };
            if let (Some(level), _) = self.transforms(dictionary)? {
                strictest = Some(strictest.map_or(level, |known| known.min(level)));
            }
        }
        Ok(strictest)
    }

    /// The signature dictionary of a field, and the object it stands in.
    fn signature_value(&self, field: &Field) -> Result<Option<(Object, Rc<Indirect>)>, ReadError> {
        let view = self.latest();
        match field.dictionary().get("V") {
            None | Some(Object::Null) => Ok(None),
            Some(Object::Reference(id)) => Ok(view
                .get(*id)?
                .filter(|found| found.value != Object::Null)
                .map(|found| (found.value.clone(), found))),
            Some(value) => Ok(Some((value.clone(), Rc::clone(&field.object)))),
        }
    }

    fn read_signature(
        &self,
        field: &Field,
        value: &Object,
        holder: &Rc<Indirect>,
        area: Option<WidgetArea>,
    ) -> Result<SignatureField, ReadError> {
        let view = self.latest();
        let empty = Dictionary::EMPTY;
        let dictionary = value.dictionary().unwrap_or(&empty);
        let text =
            |key: &str| -> Result<Option<String>, ReadError> { Ok(view.value(dictionary, key)?.text()) };
        let name = |key: &str| -> Result<String, ReadError> {
            Ok(view
                .value(dictionary, key)?
                .name()
                .map(|name| String::from_utf8_lossy(name).into_owned())
                .unwrap_or_default())
        };
        let sub_filter = name("SubFilter")?;
        let stamp = name("Type")? == "DocTimeStamp" || sub_filter == "ETSI.RFC3161";
        let (doc_mdp, field_mdp) = self.transforms(dictionary)?;
        let checked = gates::check(self, dictionary, holder);
        let revision = self
            .revisions()
            .iter()
            .position(|revision| revision.bytes.contains(&holder.span.start))
            .unwrap_or(self.revisions().len().saturating_sub(1));
        let total = self.revisions().len();
        let coverage = if revision + 1 == total {
            Coverage::WholeFile
        } else {
            Coverage::Revision { revision, total }
        };
        let (signed, refusal) = match checked {
            Ok(signed) => (Some(signed), None),
            Err(refusal) => (None, Some(refusal)),
        };
        Ok(SignatureField {
            name: field.name.clone(),
            field: field.id(),
            value: holder.id,
            kind: if stamp {
                SignatureKind::DocumentTimestamp
            } else {
                SignatureKind::Signature
            },
            signed,
            contents: dictionary
                .get("Contents")
                .and_then(Object::bytes)
                .unwrap_or_default()
                .to_vec(),
            filter: name("Filter")?,
            sub_filter,
            claimed_time: text("M")?.as_deref().and_then(parse_pdf_date),
            signer_name: text("Name")?,
            reason: text("Reason")?,
            location: text("Location")?,
            area,
            revision,
            coverage,
            refusal,
            doc_mdp,
            field_mdp,
        })
    }

    /// `/P` of DocMDP, and whether there is a FieldMDP.
    fn transforms(&self, signature: &Dictionary) -> Result<(Option<u8>, bool), ReadError> {
        let view = self.latest();
        let (mut doc_mdp, mut field_mdp) = (None, false);
        let references = view.value(signature, "Reference")?;
        for reference in references.array().unwrap_or_default() {
            let Object::Dictionary(reference) = view.resolve(reference)? else {
                continue;
            };
            let method = view.value(&reference, "TransformMethod")?;
            field_mdp |= method.is_name("FieldMDP");
            if !method.is_name("DocMDP") {
                continue;
            }
            let level = match view.value(&reference, "TransformParams")? {
                Object::Dictionary(parameters) => view.value(&parameters, "P")?.integer(),
                _ => None,
            };
            // ISO 32000-1, table 254: 2 when missing. What is no known level is taken as the strictest.
            let level = match level {
                None => 2,
                Some(level @ 1..=3) => u8::try_from(level).unwrap_or(1),
                Some(_) => 1,
            };
            doc_mdp = Some(doc_mdp.map_or(level, |known: u8| known.min(level)));
        }
        Ok((doc_mdp, field_mdp))
    }

    /// Signatures that earlier revisions have and the last one has not.
    fn disappeared(&self, now: &[SignatureField]) -> Result<Vec<Disappeared>, ReadError> {
        let mut gone: Vec<Disappeared> = Vec::new();
        for revision in 0..self.revisions().len().saturating_sub(1) {
            let view = self.at(revision);
            for field in view
                .form()?
                .fields
                .iter()
                .filter(|field| field.is_signature() && !field.widget_only)
            {
                let value = field.dictionary().get("V");
                let there = match value {
                    None | Some(Object::Null) => continue,
                    Some(Object::Reference(id)) => now
                        .iter()
                        .any(|known| known.name == field.name && known.value == *id),
                    Some(_) => now
                        .iter()
                        .any(|known| known.name == field.name && known.field == field.id()),
                };
                if there {
                    continue;
                }
                match gone.iter_mut().find(|known| known.name == field.name) {
                    Some(known) => known.revision = revision,
                    None => gone.push(Disappeared {
                        name: field.name.clone(),
                        revision,
                    }),
                }
            }
        }
        Ok(gone)
    }
}

fn named_below(field: &Field, kid: &Field) -> bool {
    kid.parent == Some(field.id()) && !kid.widget_only
}
