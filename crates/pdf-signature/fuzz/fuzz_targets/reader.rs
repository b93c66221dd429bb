//! Any bytes: opening, pages, form, signatures, every object.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pdf_signature::document::Document;

fuzz_target!(|pdf: &[u8]| {
    let Ok(document) = Document::open(pdf) else { return };
    let _ = document.signature_fields();
    let view = document.latest();
    let _ = (view.page_tree(), view.page(1), view.form());
    for number in 0..document.next_number().min(200) {
        if let Ok(Some(object)) = view.get_number(number) {
            let _ = view.stream_content(&object);
        }
    }
});
