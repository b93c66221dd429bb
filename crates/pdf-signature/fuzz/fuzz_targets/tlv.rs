//! The tolerant reader: every value lies within its input, whatever the input.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pdf_signature::cms::tlv::Tlv;

fn walk(tlv: &Tlv<'_>, depth: usize) {
    assert!(tlv.value.len() <= tlv.raw.len());
    let _ = tlv.octets();
    if depth < 60 && tlv.tag & 0x20 != 0 {
        for child in tlv.children().flatten() {
            walk(&child, depth + 1);
        }
    }
}

fuzz_target!(|data: &[u8]| {
    if let Ok((tlv, rest)) = Tlv::read(data) {
        assert_eq!(tlv.raw.len() + rest.len(), data.len());
        walk(&tlv, 0);
    }
});
