//! Documents of the project's own templates.

use the_thuc::{
    Body, Composer, HeadingSize, Issuer, Kind, OfficialDocument, Part, PartKind, Reference, SignatureBlock,
    Urgency as Mark,
    reading::{ReadLimits, read_pdf},
};

use crate::{
    corpus::{Written, documents},
    verdict::Tally,
};
use rules::urgency::Urgency;

/// The document as the program composes it; odd ones in the larger size, some with parts, mark of circulation, address.
pub fn official(written: &Written, index: usize) -> OfficialDocument {
    let issuing = Issuer {
        parent_name: written.parent.clone(),
        name: written.agency.clone(),
    };
    let kind = match written.is_letter() {
        true => Kind::Letter {
            subject: written.subject.clone(),
        },
        false => Kind::Named {
            type_name: written.type_name().to_owned(),
            subject: written.subject.clone(),
        },
    };
    let mut document = OfficialDocument::new(issuing, &written.symbol, &written.place, kind);
    document.number = written.number.clone();
    document.date = Some(written.issued_on);
    document.addressees = written.addressees.clone();
    if written.type_key.starts_with("quyet_dinh") {
        document.authority_line = Some(match index % 2 {
            0 => written.agency.clone(),
            _ => format!("Giám đốc {}", written.agency),
        });
    }
    document.body = Body::parse(&written.body);
    document.signature = SignatureBlock {
        lines: written.signature_lines.clone(),
        title_above_name: (index % 17 == 5).then(|| "Trưởng Ban Chỉ đạo".to_owned()),
        name: written.signer_name.clone(),
    };
    document.recipients = written.recipients.clone();
    document.keep_line = Some(written.keep.clone());
    document.urgency = written.urgency.and_then(|mark| match mark {
        Urgency::Normal => None,
        Urgency::Urgent => Some(Mark::Urgent),
        Urgency::VeryUrgent => Some(Mark::VeryUrgent),
        Urgency::Express => Some(Mark::Flash),
    });
    document.circulation = (index % 11 == 3).then(|| "Lưu hành nội bộ".to_owned());
    document.drafter_mark = (index % 5 == 1).then(|| "PL.(300)".to_owned());
    document.contact_line = (index % 6 == 2).then(|| {
        "Số 01, đường 23 tháng 3; thư điện tử: vanthu@example.vn; điện thoại: 0261 000 000".to_owned()
    });
    if index % 2 == 1 {
        document.heading_size = HeadingSize::Thirteen;
    }
    if index % 4 == 2 {
        document.parts = vec![
            Part {
                kind: PartKind::Attached {
                    type_name: "Quy chế".to_owned(),
                },
                subject: "Làm việc của cơ quan".to_owned(),
                reference: Reference::Filled,
                body: Body::parse(
                    "Điều 1. Phạm vi điều chỉnh\nQuy chế này quy định việc làm việc của cơ quan.",
                ),
                closing_mark: false,
            },
            Part {
                kind: PartKind::Appendix { number: Some(1) },
                subject: "Danh sách kèm theo".to_owned(),
                reference: Reference::Blank,
                body: Body::parse("| TT | Họ tên |\n|---|---|\n| 1 | Nguyễn Thị Bình |"),
                closing_mark: true,
            },
        ];
    }
    document
}

#[test]
fn cn_106_the_projects_own_documents_are_read_right_in_every_field() {
    let composer = Composer::new(&[]).expect("Liberation Serif is installed");
    let moment = "2026-03-05T01:00:00Z".parse().expect("a timestamp");
    let mut tally = Tally::default();
    for (index, written) in documents(130).iter().enumerate() {
        let composed = composer
            .compose(&official(written, index), moment)
            .expect("it composes");
        if let Ok(folder) = std::env::var("KEEP_READ_FILES") {
            std::fs::write(format!("{folder}/own-{index}.pdf"), &composed.pdf).expect("written");
        }
        let read = read_pdf(&composed.pdf, &ReadLimits::default()).expect("it has text");
        tally.add(&format!("own {index} ({})", written.type_key), written, &read);
    }
    tally.judge("composed by the project");
}

/// A broken line of ô 5b that begins with "về việc" belongs to the subject before it.
#[test]
fn cn_106_the_subject_of_a_letter_is_read_to_its_end() {
    let subject = "đăng ký danh sách tập huấn về việc thực hiện Kế hoạch quản lý xử lý vi phạm hành chính quý IV năm 2026";
    let issuing = Issuer {
        parent_name: None,
        name: "Ủy ban nhân dân tỉnh Đắk Nông".to_owned(),
    };
    let kind = Kind::Letter {
        subject: subject.to_owned(),
    };
    let mut letter = OfficialDocument::new(issuing, "UBND-VP", "Đắk Nông", kind);
    letter.number = Some("71".to_owned());
    letter.date = Some(jiff::civil::date(2026, 11, 24));
    letter.addressees = vec!["Sở Nội vụ".to_owned()];
    letter.body = Body::parse("Đề nghị Quý cơ quan đăng ký danh sách.");
    letter.signature = SignatureBlock {
        lines: vec!["TM. ỦY BAN NHÂN DÂN".to_owned(), "CHỦ TỊCH".to_owned()],
        title_above_name: None,
        name: "Trần Quốc Khải".to_owned(),
    };
    letter.recipients = vec!["Như trên".to_owned()];
    letter.keep_line = Some("VT".to_owned());
    let composer = Composer::new(&[]).expect("Liberation Serif is installed");
    let moment = "2026-11-24T01:00:00Z".parse().expect("a timestamp");
    let composed = composer.compose(&letter, moment).expect("it composes");
    let read = read_pdf(&composed.pdf, &ReadLimits::default()).expect("it has text");
    let found = read.subject.expect("a subject").value;
    assert_eq!(found.to_lowercase(), subject.to_lowercase());
}
