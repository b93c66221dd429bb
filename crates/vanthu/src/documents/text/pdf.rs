//! PDF: pages, and the text of the first ones.

use lopdf::{Document, LoadOptions};
use rules::file_rules::ScanFacts;

use super::scan;

/// A mark of secrecy stands on the first page.
const PAGES_READ: usize = 2;
/// No stream that is unpacked while loading is larger.
const MAX_STREAM: usize = 32 * 1024 * 1024;
/// A PDF with more objects is not taken apart.
const MAX_OBJECTS: usize = 500_000;

/// Pages, text and how it was scanned; `None` for a file that cannot be opened.
pub fn read(content: &[u8]) -> Option<(i64, String, Option<ScanFacts>)> {
    // The parser is a library over foreign bytes: should it panic, the file cannot be read.
    std::panic::catch_unwind(|| {
        let options = LoadOptions {
            max_decompressed_size: Some(MAX_STREAM),
            ..LoadOptions::default()
        };
        let document = Document::load_mem_with_options(content, options).ok()?;
        if document.objects.len() > MAX_OBJECTS {
            return None;
        }
        let pages = document.get_pages();
        let first: Vec<u32> = pages.keys().copied().take(PAGES_READ).collect();
        // Text in fonts without a map to letters is like text in an image: there is none to read.
        let text = document.extract_text(&first).unwrap_or_default();
        let count = i64::try_from(pages.len()).ok().filter(|count| *count > 0)?;
        Some((count, text, scan::measured(&document, &pages)))
    })
    .ok()
    .flatten()
}
