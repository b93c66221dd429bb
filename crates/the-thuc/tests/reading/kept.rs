//! PDFs that were made once and kept (fixtures/reading, with the script that made them): LibreOffice from DOCX, the ways of Word, heading
//! columns whose lines interleave, scans. Every field is to be right in nine of ten of each family.

use std::{collections::BTreeMap, path::PathBuf};

use rules::{document_types, signing_authority::Authority, urgency::Urgency};
use serde::Deserialize;
use the_thuc::reading::{ReadLimits, Unreadable, read_pdf};

use crate::{
    corpus::Written,
    verdict::{Tally, wrong_fields},
};

/// What is written in a file.
#[derive(Debug, Deserialize)]
struct Truth {
    file: String,
    family: String,
    number: String,
    symbol: String,
    place: String,
    issued_on: jiff::civil::Date,
    agency: String,
    parent: Option<String>,
    type_key: String,
    subject: String,
    signer_name: String,
    signer_title: String,
    authority: Authority,
    urgency: Option<Urgency>,
    recipients: Vec<String>,
}

impl Truth {
    fn written(&self) -> Written {
        Written {
            number: Some(self.number.clone()),
            symbol: self.symbol.clone(),
            place: self.place.clone(),
            issued_on: self.issued_on,
            agency: self.agency.clone(),
            parent: self.parent.clone(),
            type_key: document_types::by_key(&self.type_key).expect("a known kind").key,
            subject: self.subject.clone(),
            signature_lines: Vec::new(),
            signer_name: self.signer_name.clone(),
            signer_title: self.signer_title.clone(),
            authority: self.authority,
            urgency: self.urgency,
            addressees: Vec::new(),
            recipients: self.recipients.clone(),
            keep: String::new(),
            body: String::new(),
        }
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/reading")
}

fn truths() -> Vec<Truth> {
    let text = std::fs::read_to_string(folder().join("truth.json")).expect("truth.json is kept");
    serde_json::from_str(&text).expect("truth.json is whole")
}

#[test]
fn cn_106_files_of_other_programs_are_read_right_in_every_field_of_nine_in_ten() {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for truth in truths().iter().filter(|truth| truth.family != "scan") {
        let pdf = std::fs::read(folder().join(&truth.file)).expect("the file is kept");
        let read =
            read_pdf(&pdf, &ReadLimits::default()).unwrap_or_else(|error| panic!("{}: {error}", truth.file));
        let written = truth.written();
        let wrong = wrong_fields(&written, &read).len();
        println!("{:44} {}", truth.file, if wrong == 0 { "đúng" } else { "SAI" });
        tallies
            .entry(truth.family.clone())
            .or_default()
            .add(&truth.file, &written, &read);
    }
    assert_eq!(
        tallies.keys().map(String::as_str).collect::<Vec<_>>(),
        ["columns", "office", "word"]
    );
    for (family, tally) in &tallies {
        tally.judge(family);
    }
}

#[test]
fn cn_106_kept_scans_are_refused_politely() {
    let scans: Vec<Truth> = truths()
        .into_iter()
        .filter(|truth| truth.family == "scan")
        .collect();
    assert!(scans.len() >= 3);
    for scan in scans {
        let pdf = std::fs::read(folder().join(&scan.file)).expect("the file is kept");
        let refused = read_pdf(&pdf, &ReadLimits::default()).expect_err("a scan has no text");
        assert_eq!(refused, Unreadable::NoText, "{}", scan.file);
        assert!(
            refused
                .to_string()
                .contains("Đề nghị nhập thông tin theo văn bản")
        );
    }
}
