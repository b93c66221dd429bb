//! Reader of PDF files: strict, lazy, knows the revisions.
//!
//! Opening a file reads its cross-reference sections only; objects are fetched when asked for. Nothing is repaired: what two
//! programs could read differently is refused, because a signature says something only about what everybody sees alike.

mod dates;
mod error;
mod filters;
mod form;
mod gates;
mod lexer;
pub mod limits;
mod load;
mod object;
mod pages;
mod signatures;
mod view;
mod widgets;
mod xref;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

pub use dates::{parse_pdf_date, pdf_date};
pub use error::ReadError;
pub use form::{Field, Form};
pub use lexer::{Lexer, is_space};
pub use object::{Dictionary, Entry, Indirect, Object, ObjectId, text_of};
pub use pages::{Page, PageTree};
pub use signatures::{
    Coverage, Disappeared, SignatureField, SignatureFields, SignatureKind, StructureRefusal,
};
pub use view::View;
pub use widgets::{POINTS_PER_MM, WidgetArea, WidgetPlaces};
pub use xref::{Place, Section, XrefForm};

/// One state of the file: the first one, or what an incremental update made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its own bytes: from behind the previous one to behind its `%%EOF`.
    pub bytes: Range<usize>,
    /// Behind the carriage returns and line feeds that follow `%%EOF`: they belong to no one.
    pub end_with_line_ends: usize,
    /// Its sections, as a range of [`Document::sections`].
    sections: Range<usize>,
}

/// A PDF file.
pub struct Document<'a> {
    bytes: &'a [u8],
    /// Newest first.
    sections: Vec<Section>,
    /// Oldest first.
    revisions: Vec<Revision>,
    objects: RefCell<HashMap<usize, Rc<Indirect>>>,
    object_streams: RefCell<HashMap<usize, Rc<load::ObjectStream>>>,
    inflatable: Cell<usize>,
    depth: Cell<usize>,
    /// Values of the objects in memory.
    remembered: Cell<usize>,
    /// Values read so far.
    values: Cell<usize>,
}

/// Objects kept in memory; more than this are forgotten and read again when needed.
const REMEMBERED: usize = 50_000;

impl<'a> Document<'a> {
    /// Reads the sections of a file.
    ///
    /// # Errors
    /// Not PDF, encrypted, damaged or ambiguous, over a limit.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(ReadError::NotPdf);
        }
        let (last, end) = xref::last_startxref(bytes)?;
        let mut budget = xref::Budget {
            inflated: limits::INFLATED,
            entries: limits::XREF_ENTRIES,
        };
        let sections = xref::chain(bytes, last, &mut budget)?;
        let revisions = revisions(bytes, &sections, end)?;
        let document = Self {
            bytes,
            sections,
            revisions,
            objects: RefCell::default(),
            object_streams: RefCell::default(),
            inflatable: Cell::new(budget.inflated),
            depth: Cell::new(0),
            remembered: Cell::new(0),
            values: Cell::new(0),
        };
        document.latest().catalog()?;
        Ok(document)
    }

    /// The whole file.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Revisions, oldest first; at least one.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// Sections, newest first; at least one.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Sections of one revision, newest first.
    pub fn sections_of(&self, revision: usize) -> &[Section] {
        self.revisions
            .get(revision)
            .and_then(|revision| self.sections.get(revision.sections.clone()))
            .unwrap_or_default()
    }

    fn sections_until(&self, revision: usize) -> impl Iterator<Item = &Section> {
        let first = self
            .revisions
            .get(revision)
            .map_or(self.sections.len(), |revision| revision.sections.start);
        self.sections.get(first..).unwrap_or_default().iter()
    }

    fn trailer(&self, revision: usize) -> &Dictionary {
        let first = self
            .revisions
            .get(revision)
            .map_or(0, |revision| revision.sections.start);
        // There is always at least one section; a revision names existing ones only.
        &self.sections[first.min(self.sections.len() - 1)].trailer
    }

    /// The document as it is now.
    pub fn latest(&self) -> View<'_, 'a> {
        self.at(self.revisions.len().saturating_sub(1))
    }

    /// The document as it was at a revision (index from 0).
    pub fn at(&self, revision: usize) -> View<'_, 'a> {
        View {
            document: self,
            revision: revision.min(self.revisions.len().saturating_sub(1)),
        }
    }

    /// Highest object number that any section lists or any trailer allows for, plus one.
    pub fn next_number(&self) -> u32 {
        let listed = self
            .sections
            .iter()
            .filter_map(|section| section.entries().last())
            .map(|entry| entry.0 + 1);
        let sizes = self
            .sections
            .iter()
            .filter_map(|section| section.trailer.get("Size")?.integer());
        let sizes = sizes.filter_map(|size| u32::try_from(size).ok());
        listed.chain(sizes).max().unwrap_or(1).max(1)
    }

    /// Counts values that were read.
    fn read(&self, values: usize) -> Result<(), ReadError> {
        let all = self.values.get().saturating_add(values);
        self.values.set(all);
        if all > limits::VALUES_READ {
            return Err(ReadError::Limit("số giá trị phải đọc"));
        }
        Ok(())
    }

    fn remember(&self, offset: usize, object: &Rc<Indirect>, values: usize) {
        let mut objects = self.objects.borrow_mut();
        let mut all = self.remembered.get().saturating_add(values);
        if objects.len() >= REMEMBERED || all > limits::VALUES_REMEMBERED {
            objects.clear();
            all = values;
        }
        self.remembered.set(all);
        objects.insert(offset, Rc::clone(object));
    }

    /// Objects needed to read another one (lengths, object streams) may need further ones, but not in a circle.
    fn deeper<T>(&self, work: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
        let depth = self.depth.get();
        if depth > 8 {
            return Err(ReadError::Limit("đối tượng phụ thuộc lẫn nhau"));
        }
        self.depth.set(depth + 1);
        let result = work();
        self.depth.set(depth);
        result
    }
}

/// Groups the sections (newest first) into revisions (oldest first).
///
/// Every section is closed by a `startxref` that names itself. The one exception is a linearised file, whose first
/// revision has two sections: that of the first page at the front (closed by `startxref 0` or not at all), the rest at the end.
fn revisions(bytes: &[u8], sections: &[Section], end: usize) -> Result<Vec<Revision>, ReadError> {
    let mut revisions = Vec::new();
    let mut start = 0;
    let mut index = sections.len();
    while index > 0 {
        let linearised = match (sections.get(index.wrapping_sub(2)), sections.get(index - 1)) {
            (Some(front), Some(back)) if index == sections.len() && back.offset > front.offset => {
                let closed = matches!(front.closing, None | Some(0))
                    && back.closing.map(as_offset) == Some(front.offset);
                if !closed || front.end > back.offset {
                    return Err(ReadError::DamagedXref("thứ tự các bảng tham chiếu sai"));
                }
                true
            }
            _ => false,
        };
        let first = if linearised { index - 2 } else { index - 1 };
        let (Some(newest), Some(last)) = (sections.get(first), sections.get(index - 1)) else {
            return Err(ReadError::DamagedXref("thứ tự các bảng tham chiếu sai"));
        };
        if !linearised && (last.closing.map(as_offset) != Some(last.offset) || last.offset < start) {
            return Err(ReadError::DamagedXref(
                "startxref không thuộc bảng tham chiếu đứng trước nó",
            ));
        }
        if newest.trailer.get("Root").and_then(Object::reference).is_none() {
            return Err(ReadError::DamagedXref("trailer thiếu Root"));
        }
        let line_ends = bytes.get(last.end..).unwrap_or_default();
        let line_ends = line_ends
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        revisions.push(Revision {
            bytes: start..last.end,
            end_with_line_ends: last.end + line_ends,
            sections: first..index,
        });
        start = last.end;
        index = first;
    }
    if start != end {
        return Err(ReadError::GarbageAtEnd("dữ liệu sau bảng tham chiếu cuối cùng"));
    }
    Ok(revisions)
}

fn as_offset(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
