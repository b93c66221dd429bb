//! Files on which fuzzing once found a defect, and the samples, asked what fuzzing asks.

#![expect(clippy::expect_used, reason = "tests")]

mod oracle;

use std::{fs, path::Path};

#[test]
fn edxml_19_findings_of_fuzzing_stay_mended() {
    let mut asked = 0;
    for folder in ["tests/samples", "tests/findings"] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let file = fs::read(entry.unwrap().path()).unwrap();
            oracle::read(&file);
            oracle::attachment(&file);
            oracle::roundtrip(&file);
            asked += 1;
        }
    }
    assert!(asked >= 4, "{asked}");
}
