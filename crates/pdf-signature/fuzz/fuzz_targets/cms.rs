//! Reading signatures and time stamps, and adding to them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pdf_signature::cms::{SignedData, TstInfo, signature_value, timestamp_token, with_timestamp};

fuzz_target!(|data: &[u8]| {
    if let Ok(signed) = SignedData::read(data) {
        assert!(signed.length <= data.len());
        assert_eq!(signature_value(data).as_ref(), Ok(&signed.signature));
    }
    let _ = TstInfo::of_token(data);
    let _ = timestamp_token(data, &[0; 32], 1);
    // two parts: a signature and a token for it
    let (cms, token) = data.split_at(data.len() / 2);
    if let Ok(stamped) = with_timestamp(cms, token) {
        assert_eq!(signature_value(&stamped), signature_value(cms));
    }
});
