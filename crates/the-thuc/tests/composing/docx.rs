//! The DOCX of each template opened again: its texts against those of the PDF, its measures in twentieths of a point.

use std::io::{Cursor, Read};

use crate::samples;
use crate::support::{MM, Opened, compose, composer, letter};
use quick_xml::{Reader, events::Event};
use the_thuc::{OfficialDocument, Urgency};

/// One element with its attributes and what stands in it.
#[derive(Debug, Default, Clone)]
struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
    text: String,
}

impl Node {
    fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> i32 {
        self.attribute(name).parse().unwrap_or_default()
    }

    fn find<'a>(&'a self, name: &str, found: &mut Vec<&'a Node>) {
        if self.name == name {
            found.push(self);
        }
        for child in &self.children {
            child.find(name, found);
        }
    }

    fn all(&self, name: &str) -> Vec<&Node> {
        let mut found = Vec::new();
        self.find(name, &mut found);
        found
    }

    fn first(&self, name: &str) -> &Node {
        self.all(name)
            .first()
            .copied()
            .unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }

    fn words(&self) -> String {
        match self.name.as_str() {
            "w:t" => self.text.clone(),
            "w:br" => " ".to_owned(),
            _ => self.children.iter().map(Node::words).collect(),
        }
    }
}

fn part(file: &[u8], name: &str) -> Node {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("a ZIP");
    let mut text = String::new();
    let mut entry = archive.by_name(name).expect("the part is there");
    entry.read_to_string(&mut text).expect("UTF-8");
    let mut reader = Reader::from_str(&text);
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => open.push(node(&start)),
            Event::Empty(start) => {
                let node = node(&start);
                open.last_mut().expect("a parent").children.push(node);
            }
            Event::End(_) => {
                let done = open.pop().expect("an open element");
                open.last_mut().expect("a parent").children.push(done);
            }
            Event::Text(text) => open.last_mut().expect("a parent").text.push_str(&text),
            Event::GeneralRef(reference) => {
                let sign = quick_xml::escape::resolve_predefined_entity(&reference).expect("a known entity");
                open.last_mut().expect("a parent").text.push_str(sign);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    open.pop().expect("the root").children.pop().expect("one element")
}

fn node(start: &quick_xml::events::BytesStart<'_>) -> Node {
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.expect("an attribute");
        (attribute.key.0.to_owned(), attribute.value.into_owned())
    });
    Node {
        name: start.name().0.to_owned(),
        attributes: attributes.collect(),
        ..Node::default()
    }
}

pub fn docx(document: &OfficialDocument) -> Vec<u8> {
    composer().docx(document).expect("the document is written")
}

fn paragraphs(file: &[u8]) -> Vec<Node> {
    part(file, "word/document.xml")
        .all("w:p")
        .into_iter()
        .cloned()
        .collect()
}

fn paragraph(file: &[u8], words: &str) -> Node {
    let all = paragraphs(file);
    let found = all.iter().find(|paragraph| paragraph.words().contains(words));
    found
        .cloned()
        .unwrap_or_else(|| panic!("“{words}” is not in the file"))
}

/// Size in points, bold, italic of the run with these words.
fn look(file: &[u8], words: &str) -> (i32, bool, bool) {
    let paragraph = paragraph(file, words);
    let runs = paragraph.all("w:r");
    let run = runs
        .iter()
        .find(|run| run.words().contains(words))
        .unwrap_or_else(|| panic!("“{words}” is not in one run"));
    let bold = !run.all("w:b").is_empty();
    let italic = !run.all("w:i").is_empty();
    (run.first("w:sz").number("w:val") / 2, bold, italic)
}

fn sorted(text: &str) -> Vec<String> {
    let mut words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
    words.sort_unstable();
    words
}

#[test]
fn docx_says_word_by_word_what_the_pdf_of_each_template_says() {
    for (template, mut document) in samples::all() {
        document.circulation = Some("Lưu hành nội bộ".into());
        document.urgency = Some(Urgency::Urgent);
        document.contact_line = Some("Điện thoại: 0261.354.4669".into());
        let pdf = Opened::new(&compose(&document).pdf);
        let file = docx(&document);
        let body = part(&file, "word/document.xml")
            .all("w:p")
            .iter()
            .map(|p| p.words() + " ")
            .collect::<String>();
        let around = ["word/header2.xml", "word/footer2.xml"].map(|name| part(&file, name).words());
        let written = format!("{body} {} {}", around[0], around[1]);
        // numbers of pages are no words of the document
        let printed = pdf
            .words()
            .into_iter()
            .filter(|word| word.y1 > 19.5 * MM || word.text.len() > 1);
        let printed: Vec<_> = printed.map(|word| word.text).collect();
        assert_eq!(sorted(&written), sorted(&printed.join(" ")), "mẫu {template}");
    }
}

#[test]
fn docx_keeps_the_order_of_the_parts() {
    let file = docx(&samples::invitation());
    let text: String = paragraphs(&file).iter().map(|p| p.words() + "\n").collect();
    let mut at = 0;
    for words in [
        "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 05/GM-STTTT",
        "Đắk Nông, ngày 05 tháng 01 năm 2022",
        "GIẤY MỜI",
        "trân trọng kính mời:",
        "Tới dự",
        "Chủ trì:",
        "Thời gian:",
        "Địa điểm:",
        "đúng giờ./.",
        "Nơi nhận:",
        "Lưu: VT",
        "KT. GIÁM ĐỐC",
        "Trần Văn Bình",
    ] {
        let found = text[at..].find(words);
        at += found.unwrap_or_else(|| panic!("“{words}” is not where it belongs in {text}"));
    }
}

#[test]
fn docx_pl1_g1_g3_g4_g7_page_margins_typeface_and_numbers() {
    let file = docx(&letter());
    let document = part(&file, "word/document.xml");
    let section = document.first("w:sectPr");
    let (size, margins) = (section.first("w:pgSz"), section.first("w:pgMar"));
    assert_eq!((size.number("w:w"), size.number("w:h")), (11906, 16838), "A4");
    let sides = ["w:top", "w:bottom", "w:left", "w:right"].map(|side| margins.number(side));
    assert_eq!(sides, [1134, 1134, 1701, 850], "20, 20, 30 and 15 mm");
    assert_eq!(section.all("w:titlePg").len(), 1, "page 1 has its own header");
    let header = part(&file, "word/header1.xml");
    assert_eq!(header.first("w:fldSimple").attribute("w:instr").trim(), "PAGE");
    assert_eq!(header.first("w:jc").attribute("w:val"), "center");
    assert_eq!(header.first("w:sz").number("w:val"), 28);
    assert_eq!(part(&file, "word/header2.xml").words(), "", "no number on page 1");
    let styles = part(&file, "word/styles.xml");
    assert_eq!(styles.first("w:rFonts").attribute("w:ascii"), "Times New Roman");
    assert_eq!(styles.first("w:lang").attribute("w:val"), "vi-VN");
    assert!(document.all("w:rFonts").is_empty(), "no other typeface");
}

#[test]
fn docx_pl1_sizes_and_styles_of_the_boxes() {
    let file = docx(&letter());
    for (words, expected) in [
        ("ỦY BAN NHÂN DÂN", (12, false, false)),
        ("SỞ THÔNG TIN", (12, true, false)),
        ("CỘNG HÒA", (12, true, false)),
        ("Độc lập", (13, true, false)),
        ("Số: 05/STTTT-CNTT", (13, false, false)),
        ("ngày 05 tháng 01 năm 2022", (13, false, true)),
        ("V/v triển khai", (12, false, false)),
        ("Kính gửi:", (14, false, false)),
        ("Thực hiện Quyết định số", (14, false, false)),
        ("Nơi nhận:", (12, true, true)),
        ("Lưu: VT, CNTT.", (11, false, false)),
        ("KT. GIÁM ĐỐC", (14, true, false)),
        ("Trần Văn Bình", (14, true, false)),
    ] {
        assert_eq!(look(&file, words), expected, "{words}");
    }
    let body = paragraph(&file, "Thực hiện Quyết định số");
    assert_eq!(body.first("w:jc").attribute("w:val"), "both");
    assert_eq!(body.first("w:ind").number("w:firstLine"), 720, "1.27 cm");
    let spacing = body.first("w:spacing");
    assert_eq!(
        (spacing.number("w:line"), spacing.attribute("w:lineRule")),
        (276, "auto")
    );
    let second = paragraph(&file, "1. Gửi, nhận văn bản");
    assert_eq!(second.first("w:spacing").number("w:before"), 120, "6 pt");
    let subject = paragraph(&file, "V/v triển khai");
    assert_eq!(
        subject.first("w:spacing").number("w:before"),
        120,
        "6 pt under the number"
    );
}

#[test]
fn docx_pl1_1_2_5a_lines_under_motto_agency_and_title() {
    let file = docx(&samples::plan());
    let composed = Opened::new(&compose(&samples::plan()).pdf);
    let width = |words: &str| {
        let found = composed.find(words);
        (found[found.len() - 1].x1 - found[0].x0) * 20.0
    };
    let document = part(&file, "word/document.xml");
    let tables = document.all("w:tbl");
    let columns: Vec<_> = tables[0]
        .all("w:gridCol")
        .iter()
        .map(|column| column.number("w:w"))
        .collect();
    assert_eq!(columns.iter().sum::<i32>(), 11906 - 1701 - 850, "the whole width");
    assert!(tables[0].all("w:tblBorders").is_empty(), "no borders");
    let length = |paragraph: &Node, room: i32| {
        let indent = paragraph.first("w:ind");
        f64::from(room - indent.number("w:left") - indent.number("w:right"))
    };
    let rules: Vec<_> = document
        .all("w:p")
        .into_iter()
        .filter(|paragraph| !paragraph.all("w:bottom").is_empty())
        .collect();
    assert_eq!(rules.len(), 3);
    // The column of number and day is as wide as the day needs, so that a long name is broken sooner than in the PDF.
    let name = width("SỞ THÔNG TIN VÀ TRUYỀN THÔNG");
    // Office programs set words without kerning, a little wider.
    let line = name / (name * 1.03 / f64::from(columns[0])).ceil();
    let share = length(rules[0], columns[0]) / line;
    assert!((0.33..=0.5).contains(&share), "under the agency {share}");
    let share = length(rules[1], columns[2]) / width("Độc lập - Tự do - Hạnh phúc");
    assert!((0.98..=1.02).contains(&share), "under the motto {share}");
    let share = length(rules[2], 9355) / width("Chuyển đổi số năm 2022");
    assert!((0.33..=0.5).contains(&share), "under the subject {share}");
}

#[test]
fn docx_pl1_10b_11_13_marks_and_contact() {
    let mut document = letter();
    document.urgency = Some(Urgency::VeryUrgent);
    document.circulation = Some("Xem xong trả lại".into());
    document.contact_line = Some("Điện thoại: 0261.354.4669".into());
    let file = docx(&document);
    let whole = part(&file, "word/document.xml");
    let tables = whole.all("w:tbl");
    let mark = tables
        .iter()
        .rev()
        .find(|table| table.words() == "THƯỢNG KHẨN")
        .expect("a box of its own");
    assert_eq!(mark.first("w:gridCol").number("w:w"), 2268, "40 mm");
    assert_eq!(mark.first("w:trHeight").number("w:val"), 454, "8 mm");
    assert_eq!(mark.first("w:color").attribute("w:val"), "FF0000");
    assert_eq!(part(&file, "word/header2.xml").words(), "XEM XONG TRẢ LẠI");
    assert_eq!(
        part(&file, "word/footer2.xml").words(),
        "Điện thoại: 0261.354.4669"
    );
    assert_eq!(part(&file, "word/footer1.xml").words(), "");
}

#[test]
fn docx_pl1_a5_each_part_is_a_section_with_pages_from_one() {
    let file = docx(&samples::issuing_decision());
    let document = part(&file, "word/document.xml");
    let sections = document.all("w:sectPr");
    assert_eq!(sections.len(), 2);
    for section in sections {
        assert_eq!(section.first("w:pgNumType").number("w:start"), 1);
        assert_eq!(section.first("w:type").attribute("w:val"), "nextPage");
        assert_eq!(section.all("w:titlePg").len(), 1);
    }
    assert_eq!(look(&file, "QUY CHẾ"), (14, true, false));
}

#[test]
fn docx_mau_1_9_has_two_signatures_side_by_side() {
    let file = docx(&samples::minutes());
    let document = part(&file, "word/document.xml");
    let tables = document.all("w:tbl");
    let cells: Vec<_> = tables[tables.len() - 1]
        .all("w:tc")
        .iter()
        .map(|cell| cell.words())
        .collect();
    assert_eq!(cells, ["THƯ KÝNguyễn Thị Hoa", "", "CHỦ TỌATrần Văn Bình"]);
}

#[test]
fn docx_special_signs_are_data_and_equal_documents_are_equal_files() {
    let mut document = samples::invitation();
    document.body = the_thuc::Body::parse("Công ty A & B <b>\"x\"</b>, tại Tờ trình số 98/TTr-STTTT.");
    let file = docx(&document);
    assert_eq!(file, docx(&document));
    let found = paragraph(&file, "Công ty");
    assert_eq!(
        found.words(),
        "Công ty A & B <b>\"x\"</b>, tại Tờ trình số 98/TTr-STTTT./."
    );
}
