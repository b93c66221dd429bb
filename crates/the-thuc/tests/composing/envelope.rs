//! Envelopes of documents on paper.

use the_thuc::{Envelope, EnvelopeSize, Issuer, Urgency};

use crate::support::{MM, Opened, composer, moment};

fn envelope(size: EnvelopeSize) -> Envelope {
    Envelope {
        size,
        sender: Issuer {
            parent_name: Some("Ủy ban nhân dân tỉnh Đắk Nông".into()),
            name: "Sở Thông tin và Truyền thông".into(),
        },
        sender_place: "Đắk Nông".into(),
        number_and_symbol: "05/STTTT-BCVT".into(),
        urgency: Some(Urgency::Flash),
        recipients: vec!["Công ty TNHH Minh Hòa".into(), "Báo Đắk Nông".into()],
    }
}

#[test]
fn nd30_18_1_an_envelope_has_sender_number_mark_and_a_page_for_each_recipient() {
    for size in EnvelopeSize::ALL {
        let composed = composer()
            .envelope(&envelope(size), moment())
            .expect("it composes");
        assert_eq!(composed.pages, 2, "{size:?}");
        let flow = Opened::new(&composed.pdf).flow();
        for said in [
            "ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG",
            "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
            "Số: 05/STTTT-BCVT",
            "HỎA TỐC",
            "Kính gửi:",
            "Công ty TNHH Minh Hòa",
            "Báo Đắk Nông",
        ] {
            assert!(flow.contains(said), "{size:?}: “{said}” in {flow}");
        }
        let (width, height) = size.millimetres();
        let words = Opened::new(&composed.pdf).words();
        assert!(
            words
                .iter()
                .all(|word| word.x1 <= f64::from(width) * MM && word.y1 <= f64::from(height) * MM),
            "{size:?}: something runs over the edge"
        );
    }
}

#[test]
fn nd30_18_1_a_name_of_any_length_stays_on_its_envelope() {
    let long = Envelope {
        recipients: vec!["Ban Quản lý dự án đầu tư xây dựng các công trình giao thông ".repeat(4)],
        urgency: None,
        ..envelope(EnvelopeSize::Dl)
    };
    let composed = composer().envelope(&long, moment()).expect("it composes");
    assert_eq!(composed.pages, 1);
}
