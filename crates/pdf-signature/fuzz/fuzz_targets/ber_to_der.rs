//! BER to DER: what comes out is its own DER.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pdf_signature::cms::ber_to_der;

fuzz_target!(|data: &[u8]| {
    if let Ok(der) = ber_to_der(data) {
        assert_eq!(ber_to_der(&der).as_ref(), Ok(&der));
    }
});
