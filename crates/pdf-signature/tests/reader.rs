//! The reader against damaged, endless and enormous files: an error, never a panic, a loop or all of the memory.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail as they do")]

mod attacks;

use std::time::{Duration, Instant};

use attacks::base::{self, Form, file};
use attacks::people::People;
use pdf_signature::difference::History;
use pdf_signature::document::{Document, Object, ReadError};
use proptest::prelude::*;

/// Everything that can be asked of a file.
fn ask(pdf: &[u8]) -> Result<(), ReadError> {
    let document = Document::open(pdf)?;
    let fields = document.signature_fields();
    let history = History::after(&document, 0);
    for revision in 0..document.revisions().len() {
        let _ = history.since(revision);
        let view = document.at(revision);
        let _ = (view.page_tree(), view.page(1), view.form());
    }
    fields.map(|_| ())
}

const PAGE_TREE: [(u32, &str); 3] = [
    (1, "<< /Type /Catalog /Pages 2 0 R >>"),
    (
        2,
        "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
    ),
    (3, "<< /Type /Page /Parent 2 0 R >>"),
];

#[test]
fn all_forms_give_the_same_objects() {
    let files = Form::ALL.map(base::document);
    let documents = files.each_ref().map(|bytes| Document::open(bytes).unwrap());
    for number in 1..=base::HIDDEN_CATALOG {
        let values: Vec<Option<Object>> = documents
            .iter()
            .map(|document| {
                document
                    .latest()
                    .get_number(number)
                    .unwrap()
                    .map(|found| found.value.clone())
            })
            .collect();
        assert_eq!(values[0].is_some(), number != base::DANGLING, "{number}");
        assert!(
            values.iter().all(|value| *value == values[0]),
            "{number}: {values:?}"
        );
    }
}

#[test]
fn v5_nesting_has_an_end() {
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let objects = [PAGE_TREE[0], PAGE_TREE[1], (3, deep.as_str())];
    let pdf = file(&objects, "/Root 1 0 R");
    assert_eq!(
        Document::open(&pdf).unwrap().latest().page_tree().unwrap_err(),
        ReadError::Limit("độ sâu")
    );
}

#[test]
fn v5_lengths_that_need_themselves_are_refused() {
    let objects = [
        PAGE_TREE[0],
        PAGE_TREE[1],
        PAGE_TREE[2],
        (4, "<< /Length 4 0 R >>\nstream\nx\nendstream"),
    ];
    let pdf = file(&objects, "/Root 1 0 R");
    let document = Document::open(&pdf).unwrap();
    assert!(document.latest().get_number(4).is_err());
}

#[test]
fn v5_sections_that_name_each_other_are_refused() {
    let mut pdf = file(&PAGE_TREE, "/Root 1 0 R /Prev 0000000000");
    let at = pdf.windows(4).rposition(|window| window == b"xref").unwrap();
    let at = pdf[..at]
        .windows(4)
        .rposition(|window| window == b"xref")
        .unwrap();
    let previous = pdf
        .windows(10)
        .rposition(|window| window == b"0000000000")
        .unwrap();
    pdf[previous..previous + 10].copy_from_slice(format!("{at:010}").as_bytes());
    assert_eq!(
        Document::open(&pdf).err().map(|error| error.code()),
        Some("damaged_xref")
    );
}

#[test]
fn v5_more_sections_than_the_limit_are_refused() {
    let mut pdf = file(&PAGE_TREE, "/Root 1 0 R");
    let mut previous = pdf.windows(5).position(|window| window == b"xref\n").unwrap();
    for revision in 1..=500 {
        assert_eq!(Document::open(&pdf).is_ok(), revision <= 500);
        let at = pdf.len();
        let section = format!(
            "xref\n0 0\ntrailer\n<< /Size 4 /Root 1 0 R /Prev {previous} >>\nstartxref\n{at}\n%%EOF\n"
        );
        pdf.extend(section.bytes());
        previous = at;
    }
    assert_eq!(
        Document::open(&pdf).err(),
        Some(ReadError::Limit("số bảng tham chiếu"))
    );
}

#[test]
fn v5_a_bomb_is_not_inflated() {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..300 {
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let at = pdf.len();
    base::write_stream(
        &mut pdf,
        1,
        "/Type /XRef /Size 2 /W [1 4 1] /Root 1 0 R /Filter /FlateDecode",
        &bomb,
    );
    pdf.extend(format!("startxref\n{at}\n%%EOF\n").bytes());
    assert_eq!(
        Document::open(&pdf).err(),
        Some(ReadError::Limit("dung lượng giải nén"))
    );
}

#[test]
fn s8_opening_is_lazy() {
    // One large stream, and many objects: opened by their sections alone.
    let stream = format!(
        "<< /Length {} >>\nstream\n{}\nendstream",
        10 << 20,
        " ".repeat(10 << 20)
    );
    let large = file(
        &[PAGE_TREE[0], PAGE_TREE[1], PAGE_TREE[2], (4, &stream)],
        "/Root 1 0 R",
    );
    let mut many: Vec<(u32, &str)> = PAGE_TREE.to_vec();
    many.extend((4..30_000).map(|number| (number, "<< /A [1 2 3] /B (chu) >>")));
    let many = file(&many, "/Root 1 0 R");
    // Measured against the work that is not done, on the same machine at the same time; the best of some runs.
    let best = |work: &dyn Fn()| {
        let run = || {
            let begin = Instant::now();
            work();
            begin.elapsed()
        };
        (0..3).map(|_| run()).min().unwrap()
    };
    let opened = |pdf: &[u8]| {
        let document = Document::open(pdf).unwrap();
        assert!(document.latest().page(1).unwrap().is_some());
    };
    let all_bytes = best(&|| assert!(large.iter().filter(|byte| **byte == b' ').count() > 10 << 20));
    let opening = best(&|| opened(&large));
    assert!(
        opening * 10 < all_bytes,
        "{opening:?} to open, {all_bytes:?} to look at every byte"
    );
    let all_objects = best(&|| {
        let document = Document::open(&many).unwrap();
        assert!((4..30_000).all(|number| document.latest().get_number(number).unwrap().is_some()));
    });
    let opening = best(&|| opened(&many));
    assert!(
        opening * 2 < all_objects,
        "{opening:?} to open, {all_objects:?} to read every object"
    );
}

#[test]
fn v5_every_truncation_is_an_error() {
    for form in Form::ALL {
        let pdf = attacks::victim(form);
        for end in (0..pdf.len() - 2).step_by(7) {
            let _ = ask(&pdf[..end]);
        }
        assert!(ask(&pdf).is_ok());
    }
}

/// Inputs that a fuzzer found. Each once made the reader panic, loop or take too long.
#[test]
fn v5_findings_of_fuzzing_stay_mended() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/findings");
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let pdf = std::fs::read(entry.unwrap().path()).unwrap();
        let begin = Instant::now();
        let _ = ask(&pdf);
        assert!(begin.elapsed() < Duration::from_secs(20));
    }
}

/// The archived document, whose structure has everything: two signatures, evidence, a time stamp.
fn archived(form: Form) -> Vec<u8> {
    let _ = People::trusted();
    attacks::benign(form)
        .into_iter()
        .find(|benign| benign.name == "archived")
        .unwrap()
        .pdf
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn v5_mutations_are_read_or_refused_without_panic(
        seed in 0..3usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..12),
    ) {
        static SEEDS: std::sync::LazyLock<[Vec<u8>; 3]> = std::sync::LazyLock::new(|| Form::ALL.map(archived));
        let mut pdf = SEEDS[seed].clone();
        for (place, byte, kind) in edits {
            let at = place.index(pdf.len());
            match kind {
                0 => pdf[at] = byte,
                1 => pdf.insert(at, byte),
                2 => { pdf.remove(at); }
                _ => pdf[at] = b"0123456789 <>[]()/%R"[usize::from(byte) % 20],
            }
        }
        let _ = ask(&pdf);
    }
}

/// Time and memory of a hostile file are bounded: no dictionary of a hundred thousand keys, no array of millions.
#[test]
fn v5_long_dictionaries_and_arrays_are_refused() {
    let keys = |count: usize| (0..count).map(|key| format!("/K{key} 0")).collect::<String>();
    let catalog = |more: &str| {
        let catalog = format!("<< /Type /Catalog /Pages 2 0 R {more} >>");
        let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 9 9] >>";
        let page = "<< /Type /Page /Parent 2 0 R >>";
        base::file(&[(1, &catalog), (2, pages), (3, page)], "/Root 1 0 R")
    };
    let opened = |pdf: &[u8]| Document::open(pdf).map(|_| ()).map_err(|error| error.code());
    assert_eq!(opened(&catalog(&keys(9_000))), Ok(()));
    assert_eq!(opened(&catalog(&keys(500_000))), Err("limit"));
    assert_eq!(
        opened(&catalog(&(keys(9_000) + "/K8999 1"))),
        Err("duplicate_key")
    );
    assert_eq!(opened(&catalog(&(keys(3) + "/K1 1"))), Err("duplicate_key"));
    assert_eq!(
        opened(&catalog(&format!("/A [{}]", "0 ".repeat(900_000)))),
        Ok(())
    );
    assert_eq!(
        opened(&catalog(&format!("/A [{}]", "0 ".repeat(1_100_000)))),
        Err("limit")
    );
}
