//! Texts in headers.

/// A text as a header value may carry it: Vietnamese without accents, everything else that is not visible ASCII as `?`,
/// line breaks and runs of spaces as one space, 200 characters at most. The axis' own client cannot send anything else.
pub fn ascii(text: &str) -> String {
    let plain = viet_text::strip_accents(text);
    let words: Vec<&str> = plain.split_whitespace().collect();
    words
        .join(" ")
        .chars()
        .map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' })
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn edxml_12_1_a_vietnamese_reason_becomes_ascii() {
        assert_eq!(
            ascii("Không đọc được\r\n gói tin — sai XML"),
            "Khong doc duoc goi tin ? sai XML"
        );
        assert_eq!(ascii(""), "");
        assert_eq!(ascii(&"ữ".repeat(500)).len(), 200);
    }

    proptest! {
        #[test]
        fn whatever_the_text_it_fits_into_a_header(text in ".*") {
            let value = ascii(&text);
            prop_assert!(value.len() <= 200);
            prop_assert!(value.bytes().all(|b| (b' '..=b'~').contains(&b)));
            prop_assert_eq!(value.trim(), value.as_str());
        }
    }
}
