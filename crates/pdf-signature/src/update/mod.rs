//! Incremental writer: what is appended to a document. The bytes before it are never changed.
//!
//! An update has the same form of cross-references as the section before it: a table after a table or a hybrid, a stream
//! after a stream. Mixed chains are legal, but some readers stumble over them.

mod dss;
mod field;
mod form_xobject;
mod write;

use std::collections::BTreeMap;
use std::ops::Range;

use aws_lc_rs::digest;

pub(crate) use dss::add_validation_data;
pub(crate) use field::{NewField, add_signature_field};
pub use form_xobject::{FormXObject, RawObject, placeholder};
pub(crate) use write::{name, real, text, write};

use crate::document::{Dictionary, Document, Object, ObjectId, ReadError, XrefForm};

enum Body {
    Value(Object),
    /// Source of the object between `obj` and `endobj`.
    Source(Vec<u8>),
}

/// Objects to append to a document.
pub struct Update<'d, 'a> {
    document: &'d Document<'a>,
    bodies: BTreeMap<u32, (u16, Body)>,
    next: u32,
}

/// A finished update.
pub struct Tail {
    /// The bytes to append.
    pub bytes: Vec<u8>,
    /// Where the source of each object is, as ranges of `bytes`.
    pub sources: BTreeMap<u32, Range<usize>>,
}

impl<'d, 'a> Update<'d, 'a> {
    /// Nothing yet.
    pub fn new(document: &'d Document<'a>) -> Self {
        Self {
            document,
            bodies: BTreeMap::new(),
            next: document.next_number(),
        }
    }

    /// The document it is for.
    pub fn document(&self) -> &'d Document<'a> {
        self.document
    }

    /// Whether there is something to append.
    pub fn is_empty(&self) -> bool {
        self.bodies.is_empty()
    }

    /// A number that nothing uses.
    pub fn reserve(&mut self) -> ObjectId {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        ObjectId {
            number,
            generation: 0,
        }
    }

    /// Appends a new object.
    pub fn add(&mut self, value: Object) -> ObjectId {
        let id = self.reserve();
        self.set(id, value);
        id
    }

    /// Sets an object, new or not.
    pub fn set(&mut self, id: ObjectId, value: Object) {
        self.bodies.insert(id.number, (id.generation, Body::Value(value)));
    }

    /// Sets an object from source.
    pub fn set_source(&mut self, id: ObjectId, source: Vec<u8>) {
        self.bodies
            .insert(id.number, (id.generation, Body::Source(source)));
    }

    /// An object as it will be after the update.
    ///
    /// # Errors
    /// The object cannot be read, or is a stream, which is never edited.
    pub fn current(&self, id: ObjectId) -> Result<Object, ReadError> {
        if let Some((_, Body::Value(value))) = self.bodies.get(&id.number) {
            return Ok(value.clone());
        }
        let found = self.document.latest().get(id)?;
        match found {
            Some(found) if found.stream.is_none() => Ok(found.value.clone()),
            _ => Err(ReadError::DamagedObject(id.number, "không có hoặc sai kiểu")),
        }
    }

    /// Changes a dictionary object.
    ///
    /// # Errors
    /// As [`Update::current`]; the object is no dictionary.
    pub fn edit(&mut self, id: ObjectId, change: impl FnOnce(&mut Dictionary)) -> Result<(), ReadError> {
        let Object::Dictionary(mut dictionary) = self.current(id)? else {
            return Err(ReadError::DamagedObject(id.number, "sai kiểu"));
        };
        change(&mut dictionary);
        self.set(id, Object::Dictionary(dictionary));
        Ok(())
    }

    /// Appends an element to an array under a key: in the array's own object if it has one, else in the holder.
    ///
    /// # Errors
    /// As [`Update::edit`]; the value is no array.
    pub fn append(&mut self, holder: ObjectId, key: &str, element: Object) -> Result<(), ReadError> {
        let Object::Dictionary(dictionary) = self.current(holder)? else {
            return Err(ReadError::DamagedObject(holder.number, "sai kiểu"));
        };
        match dictionary.get(key) {
            None | Some(Object::Null) => {
                self.edit(holder, |holder| holder.set(key, Object::Array(vec![element])))
            }
            Some(Object::Array(items)) => {
                let mut items = items.clone();
                items.push(element);
                self.edit(holder, |holder| holder.set(key, Object::Array(items)))
            }
            Some(Object::Reference(id)) => match self.current(*id)? {
                Object::Array(mut items) => {
                    items.push(element);
                    self.set(*id, Object::Array(items));
                    Ok(())
                }
                _ => Err(ReadError::DamagedObject(id.number, "không phải mảng")),
            },
            Some(_) => Err(ReadError::DamagedObject(holder.number, "không phải mảng")),
        }
    }

    /// Appends a stream.
    pub fn add_stream(&mut self, dictionary: &[u8], data: &[u8]) -> ObjectId {
        let id = self.reserve();
        self.set_source(id, stream_source(dictionary, data));
        id
    }

    /// Appends a drawing; `matrix` turns it for a rotated page.
    pub fn add_form(&mut self, form: &FormXObject, matrix: [i8; 4]) -> ObjectId {
        let ids: Vec<ObjectId> = form.objects.iter().map(|_| self.reserve()).collect();
        for (object, id) in form.objects.iter().zip(&ids) {
            let dictionary = resolved(&object.dictionary, &ids);
            let source = match &object.stream {
                Some(data) => stream_source(&dictionary, data),
                None => dictionary,
            };
            self.set_source(*id, source);
        }
        let bbox: Vec<String> = form.bbox.iter().map(|side| real(*side)).collect();
        let mut dictionary = format!(
            "<< /Type /XObject /Subtype /Form /FormType 1 /BBox [{}]",
            bbox.join(" ")
        )
        .into_bytes();
        if matrix != [1, 0, 0, 1] {
            let [a, b, c, d] = matrix;
            dictionary.extend_from_slice(format!(" /Matrix [{a} {b} {c} {d} 0 0]").as_bytes());
        }
        if !form.resources.is_empty() {
            dictionary.extend_from_slice(b" /Resources ");
            dictionary.extend_from_slice(&resolved(&form.resources, &ids));
        }
        dictionary.extend_from_slice(b" >>");
        self.add_stream(&dictionary, &form.content)
    }

    /// The bytes to append.
    pub fn finish(mut self) -> Tail {
        let base = self.document.bytes();
        let mut bytes = Vec::new();
        if !matches!(base.last(), Some(b'\n' | b'\r')) {
            bytes.push(b'\n');
        }
        let mut sources = BTreeMap::new();
        let mut rows: BTreeMap<u32, (usize, u16)> = BTreeMap::new();
        for (number, (generation, body)) in &self.bodies {
            rows.insert(*number, (base.len() + bytes.len(), *generation));
            bytes.extend_from_slice(format!("{number} {generation} obj\n").as_bytes());
            let start = bytes.len();
            match body {
                Body::Value(value) => write(value, &mut bytes),
                Body::Source(source) => bytes.extend_from_slice(source),
            }
            sources.insert(*number, start..bytes.len());
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let section_at = base.len() + bytes.len();
        let form = self
            .document
            .sections()
            .first()
            .map_or(XrefForm::Table, |section| section.form);
        if form == XrefForm::Stream {
            let id = self.reserve();
            rows.insert(id.number, (section_at, 0));
            self.write_stream(&rows, id, &mut bytes);
        } else {
            self.write_table(&rows, &mut bytes);
        }
        bytes.extend_from_slice(format!("startxref\n{section_at}\n%%EOF\n").as_bytes());
        Tail { bytes, sources }
    }

    /// The keys of the last trailer that go on, with new size, predecessor and identifier.
    fn trailer(&self, written: &[u8]) -> Dictionary {
        let view = self.document.latest();
        let mut trailer = Dictionary::new();
        for entry in view.trailer().entries() {
            let key = String::from_utf8_lossy(&entry.key);
            let own = [
                "Size",
                "Prev",
                "ID",
                "XRefStm",
                "Type",
                "W",
                "Index",
                "Filter",
                "DecodeParms",
                "Length",
            ];
            if !own.contains(&key.as_ref()) {
                trailer.set(&key, entry.value.clone());
            }
        }
        trailer.set("Size", Object::Integer(i64::from(self.next)));
        let previous = self
            .document
            .sections()
            .first()
            .map_or(0, |section| section.offset);
        trailer.set("Prev", Object::Integer(i64::try_from(previous).unwrap_or(0)));
        // Deterministic: the same document with the same update has the same identifier.
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&self.document.bytes().len().to_be_bytes());
        let old = view.value(view.trailer(), "ID").ok();
        let old: Vec<&[u8]> = old
            .iter()
            .filter_map(Object::array)
            .flatten()
            .filter_map(Object::bytes)
            .collect();
        for part in &old {
            context.update(part);
        }
        context.update(written);
        let fresh = context.finish().as_ref().get(..16).unwrap_or_default().to_vec();
        let first = old.first().map_or(fresh.clone(), |first| first.to_vec());
        let string = |bytes| Object::String { bytes, hex: true };
        trailer.set("ID", Object::Array(vec![string(first), string(fresh)]));
        trailer
    }

    fn write_table(&self, rows: &BTreeMap<u32, (usize, u16)>, bytes: &mut Vec<u8>) {
        let trailer = self.trailer(bytes);
        bytes.extend_from_slice(b"xref\n");
        for (first, run) in runs(rows) {
            bytes.extend_from_slice(format!("{first} {}\n", run.len()).as_bytes());
            for (offset, generation) in run {
                bytes.extend_from_slice(format!("{offset:010} {generation:05} n\r\n").as_bytes());
            }
        }
        bytes.extend_from_slice(b"trailer\n");
        write(&Object::Dictionary(trailer), bytes);
        bytes.push(b'\n');
    }

    fn write_stream(&self, rows: &BTreeMap<u32, (usize, u16)>, id: ObjectId, bytes: &mut Vec<u8>) {
        let mut dictionary = self.trailer(bytes);
        let mut index = Vec::new();
        let mut data = Vec::new();
        for (first, run) in runs(rows) {
            index.push(Object::Integer(i64::from(first)));
            index.push(Object::Integer(i64::try_from(run.len()).unwrap_or(0)));
            for (offset, generation) in run {
                data.push(1);
                data.extend_from_slice(&offset.to_be_bytes());
                data.extend_from_slice(&generation.to_be_bytes());
            }
        }
        let width = i64::try_from(size_of::<usize>()).unwrap_or(8);
        dictionary.set("Type", name("XRef"));
        dictionary.set(
            "W",
            Object::Array(vec![
                Object::Integer(1),
                Object::Integer(width),
                Object::Integer(2),
            ]),
        );
        dictionary.set("Index", Object::Array(index));
        let mut source = Vec::new();
        write(&Object::Dictionary(dictionary), &mut source);
        bytes.extend_from_slice(format!("{id} obj\n").as_bytes());
        bytes.extend_from_slice(&stream_source(&source, &data));
        bytes.extend_from_slice(b"\nendobj\n");
    }
}

/// Runs of consecutive numbers.
fn runs(rows: &BTreeMap<u32, (usize, u16)>) -> Vec<(u32, Vec<(usize, u16)>)> {
    let mut runs: Vec<(u32, Vec<(usize, u16)>)> = Vec::new();
    let mut expected = None;
    for (number, row) in rows {
        match runs.last_mut() {
            Some((_, run)) if expected == Some(*number) => run.push(*row),
            _ => runs.push((*number, vec![*row])),
        }
        expected = number.checked_add(1);
    }
    runs
}

/// Source of a stream: its dictionary with `/Length`, and the data.
fn stream_source(dictionary: &[u8], data: &[u8]) -> Vec<u8> {
    let trimmed = dictionary.trim_ascii_end();
    let open = trimmed.strip_suffix(b">>").unwrap_or(trimmed);
    let mut source = Vec::with_capacity(open.len() + data.len() + 64);
    source.extend_from_slice(open);
    source.extend_from_slice(format!(" /Length {} >>\nstream\n", data.len()).as_bytes());
    source.extend_from_slice(data);
    source.extend_from_slice(b"\nendstream");
    source
}

/// Source with placeholders replaced by references.
fn resolved(source: &[u8], ids: &[ObjectId]) -> Vec<u8> {
    let mut out = Vec::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"<@") {
        let (before, marked) = rest.split_at(at);
        let end = marked.iter().position(|byte| *byte == b'>');
        let id = end
            .and_then(|end| {
                std::str::from_utf8(marked.get(2..end)?)
                    .ok()?
                    .parse::<usize>()
                    .ok()
            })
            .and_then(|index| ids.get(index));
        out.extend_from_slice(before);
        match (end, id) {
            (Some(end), Some(id)) => {
                out.extend_from_slice(format!("{id} R").as_bytes());
                rest = marked.get(end + 1..).unwrap_or_default();
            }
            _ => {
                out.extend_from_slice(b"null");
                rest = marked.get(end.map_or(2, |end| end + 1)..).unwrap_or_default();
            }
        }
    }
    out.extend_from_slice(rest);
    out
}
