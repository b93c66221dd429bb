//! An incremental update written by hand, so that it can be as wrong as an attacker wants.

use pdf_signature::document::{Document, Object, XrefForm};

use super::base::write_stream;

/// What to append to a file.
pub struct Forge<'a> {
    base: &'a [u8],
    body: Vec<u8>,
    /// Number and offset; `None` frees the number.
    entries: Vec<(u32, Option<usize>)>,
    /// Number, object stream, index in it.
    packed: Vec<(u32, u32, u8)>,
    root: u32,
    info: u32,
    next: u32,
    form: XrefForm,
    previous: usize,
}

impl<'a> Forge<'a> {
    pub fn on(base: &'a [u8]) -> Self {
        let document = Document::open(base).unwrap();
        let view = document.latest();
        let section = &document.sections()[0];
        let info = view
            .trailer()
            .get("Info")
            .and_then(Object::reference)
            .map_or(0, |id| id.number);
        let mut body = Vec::new();
        if !base.ends_with(b"\n") {
            body.push(b'\n');
        }
        Self {
            base,
            body,
            entries: Vec::new(),
            packed: Vec::new(),
            root: view.root().unwrap().number,
            info,
            next: document.next_number(),
            form: section.form,
            previous: section.offset,
        }
    }

    /// A number that is not in use.
    pub fn fresh(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    /// Writes an object.
    pub fn object(mut self, number: u32, body: &str) -> Self {
        self.entries
            .push((number, Some(self.base.len() + self.body.len())));
        self.body
            .extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
        self.next = self.next.max(number + 1);
        self
    }

    /// Writes a stream; the dictionary without its brackets.
    pub fn stream(mut self, number: u32, dictionary: &str, data: &str) -> Self {
        self.entries
            .push((number, Some(self.base.len() + self.body.len())));
        write_stream(&mut self.body, number, dictionary, data.as_bytes());
        self.next = self.next.max(number + 1);
        self
    }

    /// Frees a number.
    pub fn free(mut self, number: u32) -> Self {
        self.entries.push((number, None));
        self
    }

    /// Says that an object is at an offset of the file.
    pub fn entry(mut self, number: u32, offset: usize) -> Self {
        self.entries.push((number, Some(offset)));
        self
    }

    /// Says that an object is in an object stream; for files whose sections are streams.
    pub fn packed(mut self, number: u32, container: u32, index: u8) -> Self {
        assert_eq!(self.form, XrefForm::Stream);
        self.packed.push((number, container, index));
        self
    }

    /// Another catalog.
    pub fn root(mut self, number: u32) -> Self {
        self.root = number;
        self
    }

    /// Another information dictionary.
    pub fn info(mut self, number: u32) -> Self {
        self.info = number;
        self
    }

    /// Objects only, without section, trailer or end.
    pub fn objects_only(self) -> Vec<u8> {
        [self.base, &self.body].concat()
    }

    /// The previous section, where `startxref` of the file pointed.
    pub fn previous(&self) -> usize {
        self.previous
    }

    /// The whole file.
    pub fn finish(mut self) -> Vec<u8> {
        self.entries.sort_unstable();
        let at = self.base.len() + self.body.len();
        let (root, info, previous) = (self.root, self.info, self.previous);
        if self.form == XrefForm::Stream {
            let own = self.next;
            self.entries.push((own, Some(at)));
            self.entries.sort_unstable();
            let mut rows = Vec::new();
            let mut index = String::new();
            for (number, offset) in &self.entries {
                index += &format!("{number} 1 ");
                rows.push(u8::from(offset.is_some()));
                rows.extend(u32::try_from(offset.unwrap_or(0)).unwrap().to_be_bytes());
                rows.push(0);
            }
            for (number, container, place) in &self.packed {
                index += &format!("{number} 1 ");
                rows.push(2);
                rows.extend(container.to_be_bytes());
                rows.push(*place);
            }
            let dictionary = format!(
                "/Type /XRef /Size {} /W [1 4 1] /Index [{index}] /Root {root} 0 R /Info {info} 0 R /Prev {previous}",
                own + 1
            );
            let mut body = std::mem::take(&mut self.body);
            body.extend(format!("{own} 0 obj\n<< {dictionary} /Length {} >>\nstream\n", rows.len()).bytes());
            body.extend(rows);
            body.extend(b"\nendstream\nendobj\n");
            self.body = body;
        } else {
            self.body.extend(b"xref\n");
            for (number, offset) in &self.entries {
                let row = match offset {
                    Some(offset) => format!("{number} 1\n{offset:010} 00000 n \n"),
                    None => format!("{number} 1\n0000000000 00001 f \n"),
                };
                self.body.extend(row.bytes());
            }
            let size = self.next;
            self.body.extend(
                format!("trailer\n<< /Size {size} /Root {root} 0 R /Info {info} 0 R /Prev {previous} >>\n")
                    .bytes(),
            );
        }
        self.body.extend(format!("startxref\n{at}\n%%EOF\n").bytes());
        [self.base, &self.body].concat()
    }
}
