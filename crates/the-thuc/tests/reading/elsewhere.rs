//! The same kinds of documents laid out by LibreOffice as people lay them out: with tables, with tabs, from DOCX, from HTML; with
//! blanks in the number, in decomposed letters, in another typeface.

use the_thuc::reading::{ReadLimits, read_pdf};

use crate::{
    corpus::{Written, documents},
    layouts::{Layout, flat, html},
    office::convert,
    verdict::Tally,
};

/// `docx` documents are the same files after a way through DOCX.
const SETS: [(Layout, bool); 6] = [
    (Layout::Tables, false),
    (Layout::Tabs, false),
    (Layout::RowsAndBlanks, false),
    (Layout::Sans, false),
    (Layout::Tables, true),
    (Layout::Worn, false),
];

const EACH: usize = 14;

#[test]
fn cn_106_documents_laid_out_by_other_programs_are_read_right_in_every_field() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut all = documents(EACH * (SETS.len() + 1));
    for (index, written) in all.iter_mut().enumerate() {
        let worn = SETS
            .get(index / EACH)
            .is_some_and(|(layout, _)| *layout == Layout::Worn);
        if let (true, Some(parent)) = (worn, &mut written.parent) {
            *parent = parent.replace("Ủy ban nhân dân", "UBND");
        }
    }
    let mut files: Vec<(String, &Written)> = Vec::new();
    for (index, written) in all.iter().enumerate() {
        let name = match SETS.get(index / EACH) {
            Some((layout, docx)) => {
                let name = format!("{layout:?}{}-{index}", if *docx { "-docx" } else { "" });
                std::fs::write(
                    folder.path().join(format!("{name}.fodt")),
                    flat(written, *layout, index),
                )
                .expect("written");
                name
            }
            None => {
                let name = format!("Html-{index}");
                std::fs::write(folder.path().join(format!("{name}.html")), html(written)).expect("written");
                name
            }
        };
        files.push((name, written));
    }
    let named = |extension: &str, docx: bool| -> Vec<String> {
        let of = |name: &&(String, &Written)| {
            name.0.contains("-docx") == docx && name.0.starts_with("Html") == (extension == "html")
        };
        files
            .iter()
            .filter(of)
            .map(|(name, _)| format!("{name}.{extension}"))
            .collect()
    };
    convert(folder.path(), "pdf", &named("fodt", false));
    convert(folder.path(), "docx", &named("fodt", true));
    convert(folder.path(), "pdf", &named("docx", true));
    convert(folder.path(), "pdf:writer_web_pdf_Export", &named("html", false));

    let mut tally = Tally::default();
    for (name, written) in &files {
        let pdf = std::fs::read(folder.path().join(format!("{name}.pdf"))).expect("LibreOffice made it");
        if let Ok(kept) = std::env::var("KEEP_READ_FILES") {
            std::fs::write(format!("{kept}/{name}.pdf"), &pdf).expect("written");
        }
        let read = read_pdf(&pdf, &ReadLimits::default()).expect("it has text");
        tally.add(&format!("{name} ({})", written.type_key), written, &read);
    }
    tally.judge("laid out by LibreOffice");
}
