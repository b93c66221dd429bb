//! The print of a message.

use the_thuc::MailPrint;

use crate::support::{Opened, composer, moment};

#[test]
fn cn_101_a_message_is_printed_with_its_head_its_text_and_the_names_of_its_files() {
    let mail = MailPrint {
        subject: "Đề nghị hướng dẫn thủ tục".into(),
        from: "Công ty Minh Hòa <van.thu@minhhoa.example>".into(),
        to: "vanthu@stttt.example".into(),
        sent: "07:30 ngày 08/01/2026".into(),
        text: "Kính gửi Sở,\n\nCông ty gửi công văn số 15/CV-MH.\n".into(),
        files: vec!["cong-van-15.pdf".into()],
    };
    let composed = composer().mail(&mail, moment()).expect("it composes");
    assert_eq!(composed.pages, 1);
    let flow = Opened::new(&composed.pdf).flow();
    for said in [
        "THƯ ĐIỆN TỬ",
        "Đề nghị hướng dẫn thủ tục",
        "van.thu@minhhoa.example",
        "07:30 ngày 08/01/2026",
        "Kính gửi Sở,",
        "cong-van-15.pdf",
    ] {
        assert!(flow.contains(said), "“{said}” in {flow}");
    }
}

#[test]
fn cn_101_signs_that_no_font_has_do_not_keep_a_message_from_being_printed() {
    let mail = MailPrint {
        subject: "Chúc mừng \u{1f389}\u{fe0f}".into(),
        text: "\u{1f600} \u{e000} \u{200b} #set text(red) $x$ \u{fffd}\n".repeat(50),
        ..MailPrint::default()
    };
    let composed = composer().mail(&mail, moment()).expect("it composes");
    assert!(Opened::new(&composed.pdf).flow().contains("Chúc mừng ?"));
}
