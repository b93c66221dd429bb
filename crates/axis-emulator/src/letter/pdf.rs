//! The smallest PDF that programs open.

/// A PDF of one page. Bytes that make it large stand in a comment before the table of objects.
pub(super) fn pdf(text: &str, size: usize) -> Vec<u8> {
    let plain = viet_text::strip_accents(text).replace(['(', ')', '\\'], " ");
    let content = format!("BT /F1 14 Tf 72 770 Td ({plain}) Tj ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend_from_slice(format!("{} 0 obj{object}\nendobj\n", i + 1).as_bytes());
    }
    while out.len() < size {
        out.extend_from_slice(b"% ");
        let n = (size - out.len()).min(4000);
        out.extend(std::iter::repeat_n(b'x', n));
        out.push(b'\n');
    }
    let table = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let trailer = format!(
        "trailer<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    );
    out.extend_from_slice(trailer.as_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_pdf_has_its_size_and_its_table() {
        let bytes = pdf("Văn bản", 100_000);
        assert!((100_000..101_000).contains(&bytes.len()));
        let text = String::from_utf8(bytes).unwrap();
        let table: usize = text.lines().rev().nth(1).unwrap().parse().unwrap();
        assert!(text[table..].starts_with("xref"));
    }
}
