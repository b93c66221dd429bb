//! The real Quyết định 01/2022/QĐ-UBND: split, composed and read back.

use crate::support::{MM, Opened, compose};
use jiff::civil::date;
use the_thuc::{Block, Body, Issuer, OfficialDocument, Rank, read_decision_markdown};

const TEXT: &str = include_str!("../samples/quy-che-01-2022.md");

fn decision() -> OfficialDocument {
    let issuing = Issuer {
        parent_name: None,
        name: "Ủy ban nhân dân\ntỉnh Đắk Nông".into(),
    };
    let mut document = read_decision_markdown(TEXT).into_document(issuing, "2022/QĐ-UBND", "Đắk Nông");
    document.number = Some("01".into());
    document.date = Some(date(2022, 1, 5));
    document
}

#[test]
fn the_decision_is_split_into_its_fields() {
    let read = read_decision_markdown(TEXT);
    assert_eq!(read.title, "Quyết định");
    assert!(
        read.subject
            .starts_with("Ban hành Quy chế quản lý, vận hành và sử dụng Hệ thống")
    );
    assert!(read.subject.ends_with("trên địa bàn tỉnh Đăk Nông"));
    assert_eq!(
        read.authority_line.as_deref(),
        Some("ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG")
    );
    assert_eq!(read.grounds.len(), 11);
    assert!(read.grounds[10].contains("Theo đề nghị của Giám đốc Sở Thông tin và Truyền thông"));
    assert_eq!(read.enacting.as_deref(), Some("QUYẾT ĐỊNH:"));
    assert_eq!(read.body.lines().count(), 3);
    assert_eq!(read.recipients.len(), 17);
    assert_eq!(read.recipients[0], "Như Điều 3");
    assert_eq!(read.keep_line.as_deref(), Some("VT, KGVX (Q)"));
    assert_eq!(read.signature.lines, ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]);
    assert_eq!(read.signature.name, "Hoàng Văn Mười");
    let part = read.attached.expect("the quy chế");
    assert_eq!(part.title, "Quy chế");
    assert!(part.subject.starts_with("Quản lý, vận hành") && part.subject.ends_with("tỉnh Đắk Nông"));
    let reference = part.reference.expect("a reference line");
    assert!(reference.starts_with("(Kèm theo Quyết định số 01/2022/QĐ-UBND\nngày 05 tháng 01 năm 2022"));
    assert!(reference.ends_with(')'));
}

#[test]
fn the_quy_che_has_its_four_chapters_and_twenty_three_articles() {
    let part = read_decision_markdown(TEXT).attached.expect("the quy chế");
    let blocks = Body::parse(&part.body).blocks;
    let divisions: Vec<_> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Division { rank, label, title } => Some((*rank, label.as_str(), title.is_empty())),
            _ => None,
        })
        .collect();
    assert_eq!(
        divisions,
        [
            (Rank::Chapter, "Chương I", false),
            (Rank::Chapter, "Chương II", false),
            (Rank::Chapter, "Chương III", false),
            (Rank::Chapter, "Chương IV", false),
            (Rank::Section, "Mục 1", false),
            (Rank::Section, "Mục 2", false),
        ]
    );
    let articles: Vec<_> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Article { label, titled, .. } => Some((label.clone(), *titled)),
            _ => None,
        })
        .collect();
    let expected: Vec<_> = (1..=23).map(|number| (format!("Điều {number}."), true)).collect();
    assert_eq!(articles, expected);
    assert!(
        !blocks
            .iter()
            .any(|block| matches!(block, Block::Subheading { .. })),
        "every heading is understood"
    );
}

#[test]
fn the_decision_is_composed_whole_and_its_text_can_be_copied() {
    let composed = compose(&decision());
    assert!((10..=18).contains(&composed.pages), "{} pages", composed.pages);
    let file = Opened::new(&composed.pdf);
    let flow = file.flow();
    for phrase in [
        "Số: 01/2022/QĐ-UBND",
        "Đắk Nông, ngày 05 tháng 01 năm 2022",
        "chịu trách nhiệm thi hành Quyết định này./.",
        "- Lưu: VT, KGVX (Q).",
        "Chương I QUY ĐỊNH CHUNG",
        "Điều 23. Trách nhiệm của các cơ quan, đơn vị",
        "điều chỉnh cho phù hợp./.",
    ] {
        assert!(flow.contains(phrase), "“{phrase}” is missing");
    }
    // nothing of the content is lost on the way: every word of the source is in the file
    let printed: std::collections::BTreeSet<_> = flow.to_lowercase().split(' ').map(letters).collect();
    for word in TEXT
        .to_lowercase()
        .split_whitespace()
        .map(letters)
        .filter(|word| !word.is_empty())
    {
        assert!(printed.contains(&word), "“{word}” is missing");
    }
}

fn letters(word: &str) -> String {
    word.chars().filter(|sign| sign.is_alphanumeric()).collect()
}

#[test]
fn signature_and_recipients_stand_together_on_a_page_with_provisions() {
    let composed = compose(&decision());
    let file = Opened::new(&composed.pdf);
    let signature = file.find("TM. ỦY BAN NHÂN DÂN");
    assert_eq!(signature[0].page, file.find("Hoàng Văn Mười")[0].page);
    assert_eq!(signature[0].page, file.find("Nơi nhận:")[0].page);
    assert_eq!(signature[0].page, file.find("Lưu: VT, KGVX")[0].page);
    assert_eq!(
        signature[0].page,
        file.find("Quyết định này./.")[0].page,
        "the last provision goes with the signature"
    );
    let place = composed.places.signature.expect("ô 7c");
    assert_eq!(usize::try_from(place.page).expect("a page"), signature[0].page);
}

#[test]
fn pl1_6_chapters_are_centred_capitals_and_articles_are_indented_and_bold() {
    let file = Opened::new(&compose(&decision()).pdf);
    let chapter = file.find("QUY ĐỊNH CHUNG");
    let middle = f64::midpoint(chapter[0].x0, chapter[2].x1) / MM;
    assert!((middle - 112.5).abs() < 0.5, "{middle}");
    assert!(file.run_of("QUY ĐỊNH CHUNG").bold);
    let article = file.find("Điều 1. Phạm vi điều chỉnh");
    assert!((article[0].x0 / MM - 42.7).abs() < 0.3);
    assert!(file.run_of("Phạm vi điều chỉnh").bold);
    let ground = file.run_of("Căn cứ Luật Giao dịch điện tử");
    assert!(ground.italic && !ground.bold && ground.size == 14);
}

#[test]
fn no_heading_stands_alone_at_the_foot_of_a_page() {
    let file = Opened::new(&compose(&decision()).pdf);
    let words = file.words();
    let pages = words.iter().map(|word| word.page).max().expect("pages");
    for page in 1..=pages {
        let last = words
            .iter()
            .filter(|word| word.page == page)
            .map(|word| word.y1)
            .fold(0.0, f64::max);
        let line: Vec<_> = words
            .iter()
            .filter(|word| word.page == page && last - word.y1 < 4.0)
            .collect();
        assert!(
            line[0].text != "Điều" || line[0].x0 / MM < 42.0,
            "Điều at the foot of page {page}"
        );
        assert!(
            line[0].text != "Chương" && line[0].text != "Mục",
            "{} at the foot of page {page}",
            line[0].text
        );
    }
}

#[test]
fn the_part_begins_a_page_with_its_own_numbering() {
    let file = Opened::new(&compose(&decision()).pdf);
    let start = file.find("QUY CHẾ")[0].page;
    let words = file.words();
    let numbers: Vec<_> = words
        .iter()
        .filter(|word| word.y1 < 19.5 * MM)
        .map(|word| (word.page, word.text.parse::<usize>().expect("a page number")))
        .collect();
    assert!(numbers.iter().all(|(page, _)| *page != start && *page != 1));
    assert!(numbers.contains(&(start + 1, 2)), "{numbers:?}");
}

#[test]
fn a_decision_pasted_as_plain_text_with_its_heading_is_read_too() {
    let read = read_decision_markdown(
        "ỦY BAN NHÂN DÂN\nTỈNH ĐẮK NÔNG\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\
         Số: 15/QĐ-UBND\nĐắk Nông, ngày 05 tháng 01 năm 2022\n\nQUYẾT ĐỊNH\nVề việc giao chỉ tiêu\n\
         CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH\nCăn cứ Luật A;\nXét đề nghị của Giám đốc Sở B.\nQUYẾT ĐỊNH:\n\
         Điều 1. Giao chỉ tiêu cho Sở B.\nĐiều 2. Sở B thi hành Quyết định này./.\n\
         KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(Đã ký)\nTrần Văn Bình\nNơi nhận:\n- Như Điều 2;\n- Lưu: VT.",
    );
    assert_eq!(read.title, "Quyết định");
    assert_eq!(read.subject, "Về việc giao chỉ tiêu");
    assert_eq!(
        read.authority_line.as_deref(),
        Some("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH")
    );
    assert_eq!(read.grounds.len(), 2);
    assert_eq!(read.body.lines().count(), 2);
    assert_eq!(read.signature.lines, ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]);
    assert_eq!(read.signature.name, "Trần Văn Bình");
    assert_eq!(read.recipients, ["Như Điều 2"]);
    assert_eq!(read.keep_line.as_deref(), Some("VT"));
    assert_eq!(read.attached, None);
    assert!(matches!(read.content().blocks[1], Block::Ground { .. }));
}

#[test]
fn text_that_is_no_decision_gives_empty_fields() {
    let read = read_decision_markdown("Kính gửi: Sở Nội vụ\nNội dung");
    assert_eq!(read, the_thuc::ParsedDecision::default());
}
