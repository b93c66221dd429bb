//! Files on which fuzzing once found a defect.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod oracle;

use std::{fs, path::Path};

/// Every finding, whichever target found it.
#[test]
fn edxml_19_findings_of_fuzzing_stay_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/findings");
    let mut asked = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let file = fs::read(entry.unwrap().path()).unwrap();
        oracle::read(&file);
        oracle::attachment(&file);
        oracle::roundtrip(&file);
        asked += 1;
    }
    assert!(asked > 0);
}

/// The oracle itself on messages that are known to be right.
#[test]
fn edxml_19_samples_satisfy_the_oracle() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")).unwrap() {
        let file = fs::read(entry.unwrap().path()).unwrap();
        oracle::read(&file);
        oracle::roundtrip(&file);
    }
}
