//! Any bytes as a PDF: fields are read or a sentence says why not.
//!
//! A panic of the interpreter stops the fuzzer, although the product survives it: it is worth a report to its authors.
#![no_main]

#[path = "../../tests/reading/bare.rs"]
mod bare;
#[path = "../../tests/reading/oracle.rs"]
#[allow(dead_code, reason = "each target asks one question")]
mod oracle;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| oracle::file(bytes));
