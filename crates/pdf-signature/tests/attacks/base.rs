//! Unsigned documents, in every form of cross-references.

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::{Compression, write::ZlibEncoder};

/// How the cross-references are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Table,
    Stream,
    Hybrid,
}

impl Form {
    pub const ALL: [Self; 3] = [Self::Table, Self::Stream, Self::Hybrid];

    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Stream => "stream",
            Self::Hybrid => "hybrid",
        }
    }
}

pub const CATALOG: u32 = 1;
pub const PAGES: u32 = 2;
pub const PAGE_1: u32 = 3;
pub const PAGE_2: u32 = 4;
pub const CONTENT_1: u32 = 5;
pub const FONT: u32 = 7;
pub const LINK: u32 = 8;
pub const METADATA: u32 = 9;
pub const ANNOTATIONS_2: u32 = 12;
pub const INFO: u32 = 14;
/// Page 1 refers to it, but it is free.
pub const DANGLING: u32 = 15;
/// An image-like drawing that lies over the text of page 1.
pub const OVERLAY: u32 = 16;
/// A second page tree that nothing refers to.
pub const HIDDEN_PAGES: u32 = 17;
/// A second catalog that nothing refers to, with the hidden pages.
pub const HIDDEN_CATALOG: u32 = 20;

/// Source of the catalog with more keys.
pub fn catalog(pages: u32, more: &str) -> String {
    format!("<< /Type /Catalog /Pages {pages} 0 R /Metadata 9 0 R /Outlines 10 0 R /Lang (vi-VN) {more}>>")
}

/// Source of page 1 with other content and more keys.
pub fn page_1(annotations: &str, more: &str) -> String {
    format!(
        "<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F1 7 0 R >> \
         /XObject << /Over 16 0 R /Gone 15 0 R >> >> /Annots [{annotations}] {more}>>"
    )
}

pub const XMP: &str = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"></x:xmpmeta>";

/// Bodies of the objects; streams with their data.
fn objects() -> BTreeMap<u32, (String, Option<String>)> {
    let plain = |body: &str| (body.to_owned(), None);
    let stream = |dictionary: &str, data: &str| (dictionary.to_owned(), Some(data.to_owned()));
    let page = "<< /Type /Page /Parent 2 0 R /Contents 6 0 R /Resources << /Font << /F1 7 0 R >> >> /Annots 12 0 R >>";
    BTreeMap::from([
        (CATALOG, (catalog(PAGES, ""), None)),
        (
            PAGES,
            plain("<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 595 842] >>"),
        ),
        (PAGE_1, (page_1("8 0 R", ""), None)),
        (PAGE_2, plain(page)),
        (
            CONTENT_1,
            stream(
                "",
                "BT /F1 13 Tf 90 700 Td (Chi 10.000.000 dong) Tj ET q /Over Do Q",
            ),
        ),
        (6, stream("", "BT /F1 13 Tf 90 700 Td (Trang hai) Tj ET")),
        (
            FONT,
            plain("<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>"),
        ),
        (
            LINK,
            plain(
                "<< /Type /Annot /Subtype /Link /Rect [90 690 200 710] /Border [0 0 0] /Dest [4 0 R /Fit] >>",
            ),
        ),
        (METADATA, stream("/Type /Metadata /Subtype /XML", XMP)),
        (
            10,
            plain("<< /Type /Outlines /First 11 0 R /Last 11 0 R /Count 1 >>"),
        ),
        (
            11,
            plain("<< /Title (Trang hai) /Parent 10 0 R /Dest [4 0 R /Fit] >>"),
        ),
        (ANNOTATIONS_2, plain("[13 0 R]")),
        (
            13,
            plain(
                "<< /Type /Annot /Subtype /Link /Rect [90 690 200 710] /Border [0 0 0] /Dest [3 0 R /Fit] >>",
            ),
        ),
        (INFO, plain("<< /Producer (kiem thu) /Title (Cong van) >>")),
        (
            OVERLAY,
            stream(
                "/Type /XObject /Subtype /Form /BBox [0 0 300 50]",
                "1 g 90 600 300 50 re f",
            ),
        ),
        (
            HIDDEN_PAGES,
            plain("<< /Type /Pages /Kids [18 0 R] /Count 1 /MediaBox [0 0 595 842] >>"),
        ),
        (
            18,
            plain("<< /Type /Page /Parent 17 0 R /Contents 19 0 R /Resources << /Font << /F1 7 0 R >> >> >>"),
        ),
        (
            19,
            stream("", "BT /F1 13 Tf 90 700 Td (Chi 99.000.000 dong) Tj ET"),
        ),
        (HIDDEN_CATALOG, (catalog(HIDDEN_PAGES, ""), None)),
    ])
}

/// Numbers from 0 up to, but not, this one are in the first section.
const SIZE: u32 = 21;

const ID: &str = "/ID [<30313233343536373839616263646566> <30313233343536373839616263646566>]";

/// The document in one form.
pub fn document(form: Form) -> Vec<u8> {
    let all = objects();
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets: BTreeMap<u32, usize> = BTreeMap::new();
    let packed: Vec<u32> = match form {
        Form::Table => Vec::new(),
        Form::Stream => all
            .iter()
            .filter(|(_, body)| body.1.is_none())
            .map(|(number, _)| *number)
            .collect(),
        Form::Hybrid => vec![LINK, 11],
    };
    for (number, (body, data)) in all.iter().filter(|(number, _)| !packed.contains(number)) {
        offsets.insert(*number, out.len());
        match data {
            Some(data) => write_stream(&mut out, *number, body, data.as_bytes()),
            None => out.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes()),
        }
    }
    if form == Form::Table {
        let at = out.len();
        write_table(&mut out, &offsets, SIZE);
        out.extend(format!("trailer\n<< /Size {SIZE} /Root 1 0 R /Info 14 0 R {ID} >>\n").bytes());
        out.extend(format!("startxref\n{at}\n%%EOF\n").bytes());
        return out;
    }
    let (container, section) = (SIZE, SIZE + 1);
    offsets.insert(container, out.len());
    let (mut index, mut bodies) = (String::new(), String::new());
    for number in &packed {
        index += &format!("{number} {} ", bodies.len());
        bodies += &format!("{}\n", all[number].0);
    }
    let dictionary = format!(
        "/Type /ObjStm /N {} /First {} /Filter /FlateDecode",
        packed.len(),
        index.len()
    );
    write_stream(
        &mut out,
        container,
        &dictionary,
        &deflated(format!("{index}{bodies}").as_bytes()),
    );
    let at = out.len();
    offsets.insert(section, at);
    let mut rows = Vec::new();
    let mut listed = String::new();
    for number in 0..=section {
        let place = packed.iter().position(|packed| *packed == number);
        let row: Option<(u8, usize, u8)> = match (place, offsets.get(&number)) {
            (Some(place), _) => Some((2, container as usize, u8::try_from(place).unwrap())),
            // The section of a hybrid file lists what the table hides.
            _ if form == Form::Hybrid => None,
            (None, Some(offset)) => Some((1, *offset, 0)),
            (None, None) => Some((0, 0, 0)),
        };
        if let Some((kind, second, third)) = row {
            listed += &format!("{number} 1 ");
            // Predictor 12 as most writers use it: each row is the difference to the one above.
            let row = [
                &[kind][..],
                &u32::try_from(second).unwrap().to_be_bytes(),
                &[third],
            ]
            .concat();
            rows.push(row);
        }
    }
    let data = deflated(&predicted(&rows));
    let root = if form == Form::Stream {
        format!("/Root 1 0 R /Info 14 0 R {ID}")
    } else {
        String::new()
    };
    let dictionary = format!(
        "/Type /XRef /Size {} /W [1 4 1] /Index [{listed}] {root} /Filter /FlateDecode \
         /DecodeParms << /Predictor 12 /Columns 6 >>",
        section + 1
    );
    write_stream(&mut out, section, &dictionary, &data);
    if form == Form::Stream {
        out.extend(format!("startxref\n{at}\n%%EOF\n").bytes());
        return out;
    }
    let table = out.len();
    write_table(&mut out, &offsets, section + 1);
    let size = section + 1;
    out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R /Info 14 0 R /XRefStm {at} {ID} >>\n").bytes());
    out.extend(format!("startxref\n{table}\n%%EOF\n").bytes());
    out
}

pub fn write_stream(out: &mut Vec<u8>, number: u32, dictionary: &str, data: &[u8]) {
    out.extend(
        format!(
            "{number} 0 obj\n<< {dictionary} /Length {} >>\nstream\n",
            data.len()
        )
        .bytes(),
    );
    out.extend(data);
    out.extend(b"\nendstream\nendobj\n");
}

fn write_table(out: &mut Vec<u8>, offsets: &BTreeMap<u32, usize>, size: u32) {
    out.extend(format!("xref\n0 {size}\n").bytes());
    for number in 0..size {
        match offsets.get(&number) {
            Some(offset) => out.extend(format!("{offset:010} 00000 n \n").bytes()),
            None => out.extend(b"0000000000 65535 f \n"),
        }
    }
}

fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn predicted(rows: &[Vec<u8>]) -> Vec<u8> {
    let mut above = vec![0; 6];
    let mut out = Vec::new();
    for row in rows {
        out.push(2);
        out.extend(
            row.iter()
                .zip(&above)
                .map(|(byte, above)| byte.wrapping_sub(*above)),
        );
        above.clone_from(row);
    }
    out
}

/// A file with these objects and this trailer, for tests that need something special.
pub fn file(objects: &[(u32, &str)], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = BTreeMap::new();
    for (number, body) in objects {
        offsets.insert(*number, out.len());
        out.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
    }
    let size = objects.iter().map(|(number, _)| number + 1).max().unwrap();
    let at = out.len();
    write_table(&mut out, &offsets, size);
    out.extend(format!("trailer\n<< /Size {size} {trailer} >>\nstartxref\n{at}\n%%EOF\n").bytes());
    out
}
