//! Text of users is data: nothing in it is read as markup, nothing in it breaks the layout.

use crate::support::{MM, Opened, compose, composer, letter, moment};
use the_thuc::{Body, Error, Issuer, RegisterBook, RegisterSheet};

const HOSTILE: [&str; 12] = [
    "#import \"x.typ\": * và #read(\"/etc/passwd\")",
    "$ x^2 $ và giá 500$",
    "`mã` và <nhãn> và @tham-chiếu",
    "= Tiêu đề giả == nữa",
    "dấu _gạch dưới_ và __hai__",
    "#set page(fill: red) ] ) }",
    "// chú thích /* và */ nữa",
    "\"nháy\" 'đơn' ~ -- --- ... #emoji.face",
    "https://daknong.gov.vn/a?b=c&d=e#f",
    "<script>alert(1)</script> &amp;",
    "${jndi:ldap} %s {{7*7}}",
    "]] #panic() [[",
];

#[test]
fn markup_of_the_layout_engine_in_any_field_is_printed_as_written() {
    for hostile in HOSTILE {
        let mut document = letter();
        document.body = Body::parse(&format!("Trước\n{hostile}\n| a | {hostile} |\n| b | c |\nSau"));
        document.addressees = vec![hostile.into(), "Sở Nội vụ".into()];
        document.recipients = vec![hostile.into()];
        document.contact_line = Some(hostile.into());
        document.signature.name = hostile.into();
        let flow = Opened::new(&compose(&document).pdf).flow();
        let times = squeeze(&flow)
            .matches(&squeeze(hostile.trim_end_matches(['.', ';'])))
            .count();
        assert!(times >= 5, "“{hostile}” stands {times} times in {flow}");
    }
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace()).collect()
}

#[test]
fn stars_and_backslashes_that_are_no_emphasis_are_printed() {
    let mut document = letter();
    document.body = Body::parse(r"Tệp *.docx ở D:\vanban\2022; 5 * 3; \*không đậm\*; **chưa đóng");
    let flow = Opened::new(&compose(&document).pdf).flow();
    assert!(
        flow.contains(r"Tệp *.docx ở D:\vanban\2022; 5 * 3; *không đậm*; **chưa đóng./."),
        "{flow}"
    );
}

#[test]
fn a_word_of_a_hundred_thousand_letters_stays_within_the_margins() {
    let mut document = letter();
    document.body = Body::parse(&"x".repeat(100_000));
    let words = Opened::new(&compose(&document).pdf).words();
    let letters: usize = words.iter().map(|word| word.text.matches('x').count()).sum();
    assert_eq!(letters, 100_000);
    assert!(
        words
            .iter()
            .all(|word| word.x1 <= 195.5 * MM && word.x0 >= 29.5 * MM)
    );
}

#[test]
fn a_line_of_a_hundred_kilobytes_is_laid_out() {
    let mut document = letter();
    let line = "Văn bản điện tử được gửi, nhận trên Hệ thống. ".repeat(1700);
    document.body = Body::parse(&line);
    let composed = compose(&document);
    assert!(composed.pages > 20);
    let flow = Opened::new(&composed.pdf).flow();
    assert_eq!(flow.split(' ').filter(|word| *word == "Hệ").count(), 1700);
}

#[test]
fn control_and_direction_characters_are_left_out() {
    let mut document = letter();
    document.body = Body::parse("Nội\u{0}dung\u{1} \u{202e}đảo\u{202c}\u{200b}\u{feff} hết\tdòng");
    let flow = Opened::new(&compose(&document).pdf).flow();
    assert!(flow.contains("Nộidung đảo hết dòng./."), "{flow}");
}

#[test]
fn a_character_that_cannot_be_printed_is_refused_by_name() {
    for (sign, code) in [('\u{e123}', "U+E123"), ('\u{10ffff}', "U+10FFFF")] {
        let mut document = letter();
        document.body = Body::parse(&format!("Ký tự {sign} lạ"));
        let error = composer()
            .compose(&document, moment())
            .expect_err("not printable");
        assert!(matches!(error, Error::Unprintable { character, .. } if character == sign));
        assert!(error.to_string().contains(code), "{error}");
        let told = composer().check_text(&format!("Ký tự {sign} lạ"));
        assert!(matches!(told, Err(Error::Unprintable { character, .. }) if character == sign));
    }
    // What is left out of a print does not stand in its way.
    composer()
        .check_text("Nội\u{0}dung\u{1} \u{202e}đảo\u{202c}\u{200b}\u{feff} hết\tdòng")
        .expect("printable");
}

#[test]
fn empty_fields_give_a_document_all_the_same() {
    let mut document = letter();
    document.issuing = Issuer::default();
    document.addressees.clear();
    document.recipients.clear();
    document.keep_line = None;
    document.body = Body::default();
    document.signature = the_thuc::SignatureBlock::default();
    let composed = compose(&document);
    assert_eq!(composed.pages, 1);
    assert!(composed.places.signature.is_some());
}

#[test]
fn registers_print_hostile_cells_too() {
    let mut row = vec![String::new(); 10];
    row[2] = "#import \"x\" $ \\ * _ @ <nhãn>".into();
    let sheet = RegisterSheet {
        book: RegisterBook::Outgoing,
        agency: Issuer {
            parent_name: None,
            name: "#let x = 1".into(),
        },
        year: 2026,
        days: None,
        numbers: None,
        volume: None,
        rows: vec![row.clone()],
    };
    let composed = composer()
        .register(&sheet, moment())
        .expect("the register composes");
    let flow = Opened::new(&composed.pdf).flow();
    assert!(
        squeeze(&flow).contains(&squeeze(&row[2])) && flow.contains("#LET X = 1"),
        "{flow}"
    );
}
