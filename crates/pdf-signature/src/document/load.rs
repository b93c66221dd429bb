//! Fetching single objects: from their offset, or out of an object stream.

use std::ops::Range;
use std::rc::Rc;

use super::error::ReadError;
use super::filters;
use super::lexer::Lexer;
use super::limits;
use super::object::{Indirect, Object, ObjectId};
use super::view::View;
use super::xref::Place;

/// An object stream, decoded.
pub struct ObjectStream {
    data: Vec<u8>,
    /// Number and offset in `data` of each object.
    index: Vec<(u32, usize)>,
    span: Range<usize>,
}

/// Takes `stream`, the data and `endstream endobj`, the lexer being behind the dictionary. Range of the data.
pub fn stream_data(lexer: &mut Lexer<'_>, length: usize) -> Option<Range<usize>> {
    lexer.skip_space_and_comments();
    if !lexer.take(b"stream") || !(lexer.take(b"\r\n") || lexer.take(b"\n")) {
        return None;
    }
    let start = lexer.at;
    let end = start.checked_add(length)?;
    lexer.at = end;
    lexer.skip_space();
    if !lexer.take_keyword(b"endstream") {
        return None;
    }
    lexer.skip_space_and_comments();
    lexer.take_keyword(b"endobj").then_some(start..end)
}

impl View<'_, '_> {
    /// Decoded data of a stream that is not encoded or encoded by Flate.
    ///
    /// # Errors
    /// Not a stream, another filter, damaged, over the limit of the document.
    pub fn stream_content(&self, object: &Indirect) -> Result<Vec<u8>, ReadError> {
        let (Some(dictionary), Some(range)) = (object.dictionary(), object.stream.clone()) else {
            return Err(ReadError::DamagedObject(
                object.id.number,
                "không phải luồng dữ liệu",
            ));
        };
        let raw = self.document.bytes.get(range).unwrap_or_default();
        let mut budget = self.document.inflatable.get();
        let data = filters::decode(dictionary, raw, &mut budget)?;
        self.document.inflatable.set(budget);
        Ok(data)
    }

    /// Loads what stands at a place.
    pub(super) fn load(&self, number: u32, place: Place) -> Result<Option<Rc<Indirect>>, ReadError> {
        match place {
            Place::Free => Ok(None),
            Place::At { offset, generation } => {
                self.load_at(ObjectId { number, generation }, offset).map(Some)
            }
            Place::In { container, index } => self.load_in(number, container, index).map(Some),
        }
    }

    fn load_at(&self, id: ObjectId, offset: usize) -> Result<Rc<Indirect>, ReadError> {
        if let Some(known) = self.document.objects.borrow().get(&offset)
            && known.id == id
        {
            return Ok(Rc::clone(known));
        }
        let damaged = |what| ReadError::DamagedObject(id.number, what);
        let mut lexer = Lexer::new(self.document.bytes, offset);
        if lexer.take_header() != Some(id) {
            return Err(damaged("không có tại vị trí đã ghi"));
        }
        let value = lexer.value();
        self.document.read(lexer.taken)?;
        let value = value?;
        let values = lexer.taken;
        lexer.skip_space_and_comments();
        let stream = if lexer.take_keyword(b"endobj") {
            None
        } else {
            let length = value.dictionary().and_then(|dictionary| dictionary.get("Length"));
            let length = match length {
                Some(Object::Integer(length)) => Some(*length),
                Some(Object::Reference(id)) => self
                    .document
                    .deeper(|| self.get(*id))?
                    .and_then(|found| found.value.integer()),
                _ => None,
            };
            let length = length.and_then(|length| usize::try_from(length).ok());
            let length = length.ok_or(damaged("thiếu endobj hoặc độ dài luồng"))?;
            Some(stream_data(&mut lexer, length).ok_or(damaged("độ dài luồng sai hoặc thiếu endobj"))?)
        };
        let found = Rc::new(Indirect {
            id,
            value,
            stream,
            span: offset..lexer.at,
            container: None,
        });
        self.document.remember(offset, &found, values);
        Ok(found)
    }

    fn load_in(&self, number: u32, container: u32, index: u32) -> Result<Rc<Indirect>, ReadError> {
        let damaged = |what| ReadError::DamagedObject(number, what);
        let stream = self.object_stream(container)?;
        let index = usize::try_from(index).map_err(|_| damaged("vị trí sai"))?;
        let Some((listed, at)) = stream.index.get(index).copied() else {
            return Err(damaged("không có trong luồng đối tượng"));
        };
        if listed != number {
            return Err(damaged("luồng đối tượng ghi số hiệu khác"));
        }
        let mut lexer = Lexer::new(&stream.data, at);
        let value = lexer.value();
        self.document.read(lexer.taken)?;
        let value = value?;
        let id = ObjectId {
            number,
            generation: 0,
        };
        Ok(Rc::new(Indirect {
            id,
            value,
            stream: None,
            span: stream.span.clone(),
            container: Some(container),
        }))
    }

    fn object_stream(&self, container: u32) -> Result<Rc<ObjectStream>, ReadError> {
        let damaged = |what| ReadError::DamagedObject(container, what);
        let Some(Place::At { offset, generation }) = self.place(container) else {
            return Err(damaged("luồng đối tượng không có"));
        };
        if let Some(known) = self.document.object_streams.borrow().get(&offset) {
            return Ok(Rc::clone(known));
        }
        let holder = self.document.deeper(|| {
            self.load_at(
                ObjectId {
                    number: container,
                    generation,
                },
                offset,
            )
        })?;
        let (Some(dictionary), Some(_)) = (holder.dictionary(), &holder.stream) else {
            return Err(damaged("không phải luồng đối tượng"));
        };
        if !dictionary.get("Type").is_some_and(|kind| kind.is_name("ObjStm")) {
            return Err(damaged("không phải luồng đối tượng"));
        }
        let data = self.stream_content(&holder)?;
        let number = |key: &str| {
            dictionary
                .get(key)
                .and_then(Object::integer)
                .and_then(|value| usize::try_from(value).ok())
        };
        let (Some(count), Some(first)) = (number("N"), number("First")) else {
            return Err(damaged("thiếu N hoặc First"));
        };
        if count > data.len() || first > data.len() {
            return Err(damaged("N hoặc First sai"));
        }
        let mut lexer = Lexer::new(&data, 0);
        let mut index = Vec::with_capacity(count);
        for _ in 0..count {
            lexer.skip_space();
            let listed = lexer
                .take_unsigned()
                .filter(|listed| *listed <= limits::OBJECT_NUMBER);
            lexer.skip_space();
            let at = lexer.take_unsigned().and_then(|at| usize::try_from(at).ok());
            let (Some(listed), Some(at)) = (listed.and_then(|listed| u32::try_from(listed).ok()), at) else {
                return Err(damaged("mục lục luồng đối tượng sai"));
            };
            index.push((listed, first.saturating_add(at)));
        }
        let stream = Rc::new(ObjectStream {
            data,
            index,
            span: holder.span.clone(),
        });
        self.document
            .object_streams
            .borrow_mut()
            .insert(offset, Rc::clone(&stream));
        Ok(stream)
    }
}
