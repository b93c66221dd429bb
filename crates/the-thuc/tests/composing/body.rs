//! The light text format.

use the_thuc::{Block, Body, Rank, Span};

fn words(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// Blocks in a short notation, for tables of examples.
fn shape(text: &str) -> Vec<String> {
    let short = |block: &Block| match block {
        Block::Ground { text } => format!("căn cứ: {}", words(text)),
        Block::Enacting { text } => format!("ban hành: {text}"),
        Block::Division { rank, label, title } => format!("{rank:?} {label} | {}", words(title)),
        Block::Headline { label, title } => format!("mục lớn {label} | {}", words(title)),
        Block::Article { label, text, titled } => format!("{label} {titled} | {}", words(text)),
        Block::Clause { label, text, titled } => format!("khoản {label} {titled} | {}", words(text)),
        Block::Point { label, text } => format!("điểm {label} | {}", words(text)),
        Block::Dash { depth, text } => format!("gạch {depth} | {}", words(text)),
        Block::Subheading { text } => format!("đề mục | {}", words(text)),
        Block::Paragraph { text } => format!("đoạn | {}", words(text)),
        Block::Table { head, rows } => format!("bảng {head} {} × {}", rows.len(), rows[0].len()),
    };
    Body::parse(text).blocks.iter().map(short).collect()
}

#[test]
fn numbered_lines_become_their_blocks() {
    assert_eq!(
        shape("Mở đầu.\n1. Khoản một\n2.1. Khoản nhỏ\na) Điểm a\nđ) Điểm đ\n- Gạch\n+ Cộng\n* Chấm"),
        [
            "đoạn | Mở đầu.",
            "khoản 1. false | Khoản một",
            "khoản 2.1. false | Khoản nhỏ",
            "điểm a) | Điểm a",
            "điểm đ) | Điểm đ",
            "gạch 1 | Gạch",
            "gạch 2 | Cộng",
            "gạch 1 | Chấm",
        ]
    );
}

#[test]
fn quantities_dates_and_references_are_not_numbers_of_provisions() {
    for line in [
        "1.500.000 đồng được cấp.",
        "1.5 triệu đồng.",
        "2022 là năm đầu.",
        "Điều 3 Quy chế này được sửa.",
        "Mục 1 Chương II của Nghị định quy định rõ.",
        "Phần mềm được cài đặt.",
        "Chương trình công tác năm.",
        "-5 độ.",
    ] {
        assert_eq!(shape(line), [format!("đoạn | {line}")]);
    }
}

#[test]
fn divisions_take_their_title_from_the_same_or_the_next_line() {
    let expected = ["Chapter Chương II | QUY ĐỊNH CHUNG"];
    for text in [
        "Chương II\nQUY ĐỊNH CHUNG",
        "## Chương II QUY ĐỊNH CHUNG",
        "## Chương II\n\n### **QUY ĐỊNH CHUNG**",
        "**CHƯƠNG II**\n**QUY ĐỊNH CHUNG**",
        "**Chương II. QUY ĐỊNH CHUNG**",
        "Chương II: QUY ĐỊNH CHUNG",
    ] {
        assert_eq!(shape(text), expected, "{text}");
    }
    assert_eq!(
        shape("**Chương IV**  \n**BẢO ĐẢM,**  \n**TỔ CHỨC**"),
        ["Chapter Chương IV | BẢO ĐẢM,\nTỔ CHỨC"]
    );
    let ranks = Body::parse("Phần I\nA\nChương I\nB\nMục 1\nC\nTiểu mục 1\nD");
    let ranks: Vec<_> = ranks
        .blocks
        .iter()
        .map(|block| match block {
            Block::Division { rank, .. } => *rank,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        ranks,
        [Rank::Part, Rank::Chapter, Rank::Section, Rank::Subsection]
    );
}

#[test]
fn an_article_has_a_title_or_runs_on() {
    assert_eq!(
        shape("#### Điều 1. Phạm vi điều chỉnh"),
        ["Điều 1. true | Phạm vi điều chỉnh"]
    );
    assert_eq!(
        shape("**Điều 17. Bảo đảm hạ tầng**"),
        ["Điều 17. true | Bảo đảm hạ tầng"]
    );
    assert_eq!(
        shape("Điều 2: Đối tượng áp dụng"),
        ["Điều 2. true | Đối tượng áp dụng"]
    );
    assert_eq!(
        shape("**Điều 1.** Ban hành Quy chế"),
        ["Điều 1. false | Ban hành Quy chế"]
    );
    assert_eq!(
        shape("Điều 2. Quyết định này có hiệu lực."),
        ["Điều 2. false | Quyết định này có hiệu lực."]
    );
    assert_eq!(shape("Điều 12a. Bổ sung"), ["Điều 12a. true | Bổ sung"]);
}

#[test]
fn grounds_stand_before_the_enacting_line_only() {
    assert_eq!(
        shape(
            "Căn cứ Luật A;\nCăn cứ Nghị định B;\n*Theo đề nghị của C.*\n**QUYẾT ĐỊNH:**\nĐiều 1. Giao việc."
        ),
        [
            "căn cứ: Căn cứ Luật A;",
            "căn cứ: Căn cứ Nghị định B;",
            "căn cứ: Theo đề nghị của C.",
            "ban hành: QUYẾT ĐỊNH:",
            "Điều 1. false | Giao việc.",
        ]
    );
    assert_eq!(shape("Căn cứ Luật A.\nQUYẾT NGHỊ")[0], "căn cứ: Căn cứ Luật A.");
    assert_eq!(
        shape("Căn cứ Kế hoạch số 5, Sở đề nghị:"),
        ["đoạn | Căn cứ Kế hoạch số 5, Sở đề nghị:"]
    );
}

#[test]
fn headlines_of_the_phan_muc_layout_are_capitals_or_stand_out() {
    assert_eq!(shape("I. KẾT QUẢ ĐẠT ĐƯỢC"), ["mục lớn I. | KẾT QUẢ ĐẠT ĐƯỢC"]);
    assert_eq!(shape("**II. Phương hướng**"), ["mục lớn II. | Phương hướng"]);
    assert_eq!(shape("I. Nguyễn Văn A"), ["đoạn | I. Nguyễn Văn A"]);
}

#[test]
fn a_list_sign_before_a_number_is_left_out() {
    assert_eq!(shape("- b) Văn bản được ký số"), ["điểm b) | Văn bản được ký số"]);
    assert_eq!(shape("\u{f0b7} Gạch của Word"), ["gạch 1 | Gạch của Word"]);
}

#[test]
fn pipe_tables_are_read_with_or_without_a_head() {
    assert_eq!(
        shape("| STT | Tên |\n|---|:---:|\n| 1 | A |\n| 2 | B | thừa |"),
        ["bảng true 3 × 3"]
    );
    assert_eq!(shape("| a | b |\n| c | d |"), ["bảng false 2 × 2"]);
    let Block::Table { rows, .. } = &Body::parse("| a \\| b | **c** |\n|  | d |").blocks[0] else {
        panic!("a table")
    };
    assert_eq!(rows[0][0], [Span::plain("a | b")]);
    assert!(rows[0][1][0].bold && rows[1][0].is_empty());
    assert_eq!(shape("| một dòng |"), ["đoạn | | một dòng |"]);
}

#[test]
fn nothing_gives_nothing() {
    assert!(Body::parse("\n \n---\n").is_empty());
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_loss_of_letters(text in "\\PC{0,80}(\n\\PC{0,80}){0,5}") {
        let letters = |text: &str| text.chars().filter(|sign| sign.is_alphabetic()).collect::<String>().to_lowercase();
        let read: String = Body::parse(&text).blocks.iter().map(|block| match block {
            Block::Ground { text } | Block::Subheading { text } | Block::Paragraph { text } => words(text),
            Block::Enacting { text } => text.clone(),
            Block::Division { label, title, .. } => format!("{label}{}", words(title)),
            Block::Headline { label, title } => format!("{label}{}", words(title)),
            Block::Article { label, text, .. } | Block::Clause { label, text, .. } | Block::Point { label, text } => {
                format!("{label}{}", words(text))
            }
            Block::Dash { text, .. } => words(text),
            Block::Table { rows, .. } => rows.iter().flatten().map(|cell| words(cell)).collect(),
        }).collect();
        proptest::prop_assert_eq!(letters(&read), letters(&text.replace("<br>", "").replace("<br/>", "")));
    }
}
