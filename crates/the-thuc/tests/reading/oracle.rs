//! What must hold of any bytes: asked by tests, by fuzzing, and of every finding of fuzzing ever after.

use std::time::Duration;

use the_thuc::reading::{ReadFields, ReadLimits, read_pdf};

use crate::bare::{page, stream};

/// Small, so that time is spent on variety.
fn limits() -> ReadLimits {
    ReadLimits {
        time: Duration::from_secs(5),
        ..ReadLimits::default()
    }
}

/// Reading comes to an end without falling; what it gives goes whole through the pipe of the process that reads, and what it
/// does not give has a sentence.
pub fn file(content: &[u8]) {
    match read_pdf(content, &limits()) {
        Ok(fields) => kept(&fields),
        Err(why) => assert!(!why.to_string().is_empty()),
    }
}

/// The fields are the same when they come out of the pipe.
pub fn kept(fields: &ReadFields) {
    let piped = serde_json::to_vec(fields).expect("fields are JSON");
    let back: ReadFields = serde_json::from_slice(&piped).expect("JSON is fields");
    assert_eq!(&back, fields);
}

/// The content of a page, with a font that tells its letters: damage that no compression hides.
pub fn instructions(content: &[u8]) {
    let font = b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 65 /LastChar 66 \
        /Widths [500 500] /Encoding << /Differences [65 /A /B] >> /CharProcs << /A 6 0 R /B 6 0 R >> /ToUnicode 7 0 R >>"
        .to_vec();
    let map = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00> <ff> endcodespacerange \
        2 beginbfchar <41> <0053> <42> <1ED1> endbfchar endcmap end end";
    file(&page(
        content,
        "/Font << /F 5 0 R >>",
        vec![font, stream("", b"500 0 d0"), stream("", map)],
    ));
}
