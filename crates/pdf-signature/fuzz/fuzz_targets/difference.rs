//! A document that is signed well, with an update of any bytes behind it: what is accepted must leave every page as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pdf_signature::difference::{ChangeLevel, since};
use pdf_signature::document::Document;

fuzz_target!(|pdf: &[u8]| {
    let Ok(document) = Document::open(pdf) else { return };
    let last = document.revisions().len() - 1;
    for revision in 0..last {
        if since(&document, revision).level > ChangeLevel::NewSignatures {
            continue;
        }
        let (before, after) = (document.at(revision), document.latest());
        let (Ok(old), Ok(new)) = (before.page_tree(), after.page_tree()) else {
            panic!("accepted, but the pages cannot be read");
        };
        assert_eq!(old.pages, new.pages, "accepted, but other pages");
        for page in old.pages {
            let content = |view: pdf_signature::document::View<'_, '_>| {
                let page = view.get(page).ok().flatten()?;
                let id = page.dictionary()?.get("Contents")?.reference()?;
                let content = view.get(id).ok().flatten()?;
                let range = content.stream.clone()?;
                Some(pdf[range].to_vec())
            };
            assert_eq!(content(before), content(after), "accepted, but other content");
        }
    }
});
