//! A document of a given size: one page and one large stream, as a scan would be.

/// At least `size` bytes; not compressible, so that nobody saves time by it.
pub fn of_size(size: usize) -> Vec<u8> {
    let mut filler = Vec::with_capacity(size);
    let mut state = 0x2026_0115_u64;
    while filler.len() < size.saturating_sub(700) {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        filler.extend_from_slice(&state.to_be_bytes()[..7]);
    }
    let mut objects: Vec<Vec<u8>> = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>",
        "<< /Length 9 >>\nstream\n0 0 m h S\nendstream",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    let mut stream = format!("<< /Length {} >>\nstream\n", filler.len()).into_bytes();
    stream.extend(filler);
    stream.extend(b"\nendstream");
    objects.push(stream);
    let mut pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", pdf.len());
        pdf.extend(format!("{} 0 obj\n", number + 1).as_bytes());
        pdf.extend(object);
        pdf.extend(b"\nendobj\n");
    }
    let start = pdf.len();
    let id = "<30313233343536373839616263646566>";
    table += &format!(
        "trailer\n<< /Size {} /Root 1 0 R /ID [{id} {id}] >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    pdf.extend(table.as_bytes());
    pdf
}
