//! Writes the files and pages of PDF from which fuzzing begins: `make_pdf_seeds TARGET FOLDER`.
#![expect(clippy::unwrap_used, reason = "a tool for development")]

use std::{env, fs, path::Path};

use the_thuc::{Body, Composer, Issuer, Kind, OfficialDocument, SignatureBlock};

fn main() {
    let mut arguments = env::args().skip(1);
    let (target, folder) = (arguments.next().unwrap(), arguments.next().unwrap());
    let folder = Path::new(&folder);
    if target == "instructions" {
        for (name, text) in [
            ("line", "BT /F 14 Tf 100 700 Td (ABBA) Tj ET"),
            (
                "array",
                "BT /F 14 Tf 1 0 0 1 70 800 Tm [(A) -250 (BB)] TJ T* (A) ' ET",
            ),
            ("nested", "q 1 0 0 -1 0 842 cm BT /F 9 Tf 2 Tr (AB) Tj ET Q"),
        ] {
            fs::write(folder.join(name), text).unwrap();
        }
        return;
    }
    let findings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/findings");
    for entry in fs::read_dir(findings).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    let composer = Composer::new(&[]).unwrap();
    let moment = "2026-03-05T01:00:00Z".parse().unwrap();
    let kinds = [
        Kind::Letter {
            subject: "báo cáo chuyển đổi số".to_owned(),
        },
        Kind::Named {
            type_name: "Quyết định".to_owned(),
            subject: "Ban hành Quy chế làm việc".to_owned(),
        },
    ];
    for (nth, kind) in kinds.into_iter().enumerate() {
        let issuer = Issuer {
            parent_name: Some("Ủy ban nhân dân tỉnh Đắk Nông".to_owned()),
            name: "Sở Nội vụ".to_owned(),
        };
        let mut document = OfficialDocument::new(issuer, "SNV-VP", "Đắk Nông", kind);
        document.number = Some("05".to_owned());
        document.date = Some(jiff::civil::date(2026, 3, 5));
        document.addressees = vec!["Sở Tư pháp".to_owned()];
        document.body = Body::parse("Đề nghị Quý cơ quan báo cáo.");
        document.signature = SignatureBlock {
            lines: vec!["GIÁM ĐỐC".to_owned()],
            title_above_name: None,
            name: "Nguyễn Thị Bình".to_owned(),
        };
        document.recipients = vec!["Như trên".to_owned()];
        let composed = composer.compose(&document, moment).unwrap();
        fs::write(folder.join(format!("composed-{nth}.pdf")), composed.pdf).unwrap();
    }
}
