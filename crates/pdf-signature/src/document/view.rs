//! The document as it was at one of its revisions.

use std::rc::Rc;

use super::Document;
use super::error::ReadError;
use super::object::{Dictionary, Indirect, Object, ObjectId};
use super::xref::Place;

/// The document as it was at one of its revisions.
#[derive(Clone, Copy)]
pub struct View<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    /// Index of the revision, from 0.
    pub revision: usize,
}

impl<'d, 'a> View<'d, 'a> {
    /// The whole document.
    pub fn document(&self) -> &'d Document<'a> {
        self.document
    }

    /// Trailer of this revision.
    pub fn trailer(&self) -> &'d Dictionary {
        self.document.trailer(self.revision)
    }

    /// Where an object number is, if any section up to this revision lists it.
    pub fn place(&self, number: u32) -> Option<Place> {
        self.document
            .sections_until(self.revision)
            .find_map(|section| section.place(number))
    }

    /// An object; `None` when it is free, unknown, or has another generation (all count as null).
    pub fn get(&self, id: ObjectId) -> Result<Option<Rc<Indirect>>, ReadError> {
        match self.place(id.number) {
            None | Some(Place::Free) => Ok(None),
            Some(Place::At { generation, .. }) if generation != id.generation => Ok(None),
            Some(Place::In { .. }) if id.generation != 0 => Ok(None),
            Some(place) => self.load(id.number, place),
        }
    }

    /// An object by its number alone.
    pub fn get_number(&self, number: u32) -> Result<Option<Rc<Indirect>>, ReadError> {
        self.place(number)
            .map_or(Ok(None), |place| self.load(number, place))
    }

    /// Follows references until there is a value. A stream counts as its dictionary.
    pub fn resolve(&self, value: &Object) -> Result<Object, ReadError> {
        let mut value = value.clone();
        for _ in 0..32 {
            let Object::Reference(id) = value else {
                return Ok(value);
            };
            value = self.get(id)?.map_or(Object::Null, |found| found.value.clone());
        }
        Err(ReadError::Limit("chuỗi tham chiếu"))
    }

    /// Value of a key with references followed; `Null` when missing.
    pub fn value(&self, dictionary: &Dictionary, key: &str) -> Result<Object, ReadError> {
        dictionary
            .get(key)
            .map_or(Ok(Object::Null), |value| self.resolve(value))
    }

    /// Number of the catalog.
    pub fn root(&self) -> Result<ObjectId, ReadError> {
        self.trailer()
            .get("Root")
            .and_then(Object::reference)
            .ok_or(ReadError::DamagedXref("trailer thiếu Root"))
    }

    /// The catalog.
    pub fn catalog(&self) -> Result<Rc<Indirect>, ReadError> {
        let root = self.root()?;
        let damaged = ReadError::DamagedObject(root.number, "không phải danh mục của văn bản");
        let found = self.get(root)?.ok_or(damaged.clone())?;
        if found.dictionary().is_none() || found.stream.is_some() {
            return Err(damaged);
        }
        Ok(found)
    }
}
