//! The element table of Phụ lục I read back from the PDF with poppler.

use std::collections::BTreeSet;

use crate::support::{MM, Opened, Word, compose, edges, letter, long_letter};
use jiff::civil::date;
use the_thuc::{Body, HeadingSize, Kind, OfficialDocument, Part, PartKind, Place, Reference, Urgency};

fn open(document: &OfficialDocument) -> Opened {
    Opened::new(&compose(document).pdf)
}

fn centre(words: &[Word]) -> f64 {
    f64::midpoint(words[0].x0, words[words.len() - 1].x1)
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance
}

#[test]
fn pl1_g1_g3_paper_is_a4_and_text_keeps_the_margins() {
    let file = open(&long_letter());
    assert!(file.info().contains("(A4)"), "{}", file.info());
    let words = file.words();
    let pages = words.iter().map(|word| word.page).max().expect("pages");
    assert!(pages >= 2);
    for page in 1..=pages {
        let [left, right, top, bottom] = edges(&words, page);
        assert!((29.5..=35.5).contains(&left), "left margin {left} on page {page}");
        assert!(
            (14.5..=20.5).contains(&right),
            "right margin {right} on page {page}"
        );
        assert!((19.5..=26.0).contains(&top), "top margin {top} on page {page}");
        assert!(bottom >= 19.5, "bottom margin {bottom} on page {page}");
    }
}

#[test]
fn pl1_g4_only_times_new_roman_or_its_equal_is_used_and_embedded() {
    let fonts = open(&letter()).run("pdffonts", &[], &[]);
    let rows: Vec<_> = fonts.lines().skip(2).collect();
    assert!(rows.len() >= 3, "{fonts}");
    for row in rows {
        assert!(
            row.contains("TimesNewRoman") || row.contains("LiberationSerif"),
            "{fonts}"
        );
        // emb, sub, uni: embedded, in part, and with a table back to Unicode
        assert!(row.contains("yes yes yes"), "{fonts}");
    }
}

#[test]
fn pl1_g7_page_numbers_are_centred_in_the_top_margin_and_not_on_page_one() {
    let words = open(&long_letter()).words();
    let above: Vec<_> = words.iter().filter(|word| word.y1 < 19.5 * MM).collect();
    let pages = words.iter().map(|word| word.page).max().expect("pages");
    let numbers: Vec<_> = above.iter().map(|word| (word.page, word.text.clone())).collect();
    let expected: Vec<_> = (2..=pages).map(|page| (page, page.to_string())).collect();
    assert_eq!(numbers, expected);
    for number in above {
        let centre = f64::midpoint(number.x0, number.x1) / MM;
        assert!(
            near(centre, 30.0 + 165.0 / 2.0, 0.5),
            "page number at {centre} mm"
        );
    }
}

#[test]
fn pl1_g8_sizes_of_the_heading_go_together() {
    for (size, expected) in [
        (HeadingSize::Twelve, [12, 13, 13]),
        (HeadingSize::Thirteen, [13, 14, 14]),
    ] {
        let mut document = letter();
        document.heading_size = size;
        let file = open(&document);
        let sizes = ["CỘNG HÒA", "Độc lập", "ngày 05"].map(|phrase| file.run_of(phrase).size);
        assert_eq!(sizes, expected);
    }
}

#[test]
fn pl1_1_quoc_hieu_and_tieu_ngu_are_bold_and_centred_on_the_right() {
    let file = open(&letter());
    let nation = file.find("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    let motto = file.find("Độc lập - Tự do - Hạnh phúc");
    assert!(near(centre(&nation), centre(&motto), 1.0));
    assert!(nation[0].x0 > 105.0 * MM && nation[0].y0 < 26.0 * MM);
    assert!(
        near(motto[0].y0 - nation[0].y0, 1.149 * 13.0, 2.0),
        "single spacing between the two lines"
    );
    assert!(file.run_of("CỘNG HÒA").bold && file.run_of("Độc lập").bold);
}

#[test]
fn pl1_2_agency_is_bold_capitals_under_its_parent_which_is_not_bold() {
    let file = open(&letter());
    let parent = file.find("ỦY BAN NHÂN DÂN");
    let agency = file.find("SỞ THÔNG TIN VÀ TRUYỀN THÔNG");
    assert!(near(centre(&parent), centre(&agency), 1.0) && parent[0].y0 < agency[0].y0);
    assert!(!file.run_of("ỦY BAN NHÂN DÂN").bold);
    assert!(file.run_of("SỞ THÔNG TIN").bold);
    assert_eq!(file.run_of("SỞ THÔNG TIN").size, 12);
}

#[test]
fn pl1_3_4_number_and_date_stand_on_one_line_under_agency_and_motto() {
    let composed = compose(&letter());
    let file = Opened::new(&composed.pdf);
    let number = file.find("Số: 05/STTTT-CNTT");
    let day = file.find("Đắk Nông, ngày 05 tháng 01 năm 2022");
    assert!(near(number[0].y1, day[0].y1, 0.5), "one base line");
    assert!(near(
        centre(&number),
        centre(&file.find("SỞ THÔNG TIN VÀ TRUYỀN THÔNG")),
        1.0
    ));
    assert!(near(
        centre(&day),
        centre(&file.find("Độc lập - Tự do - Hạnh phúc")),
        1.0
    ));
    let run = file.run_of("ngày 05");
    assert!(run.italic && !run.bold && run.size == 13);
    assert_eq!(file.run_of("05/STTTT-CNTT").size, 13);
}

#[test]
fn unknown_number_and_date_leave_room() {
    let mut document = letter();
    document.number = None;
    document.date = None;
    document.blank_year = Some(2026);
    let file = open(&document);
    let number = file.find("Số: /STTTT-CNTT");
    assert!(number[1].x0 - number[0].x1 > 5.0 * MM, "room for the number");
    let day = file.find("Nông, ngày tháng năm 2026");
    assert!(day[2].x0 - day[1].x1 > 5.0 * MM, "room for the day");
    assert!(day[3].x0 - day[2].x1 > 5.0 * MM, "room for the month");
}

#[test]
fn a_long_place_name_stays_on_one_line() {
    let mut document = letter();
    document.place = "Thành phố Hồ Chí Minh".into();
    document.heading_size = HeadingSize::Thirteen;
    let file = open(&document);
    let day = file.find("Thành phố Hồ Chí Minh, ngày 05 tháng 01 năm 2022");
    assert!(day.iter().all(|word| near(word.y1, day[0].y1, 0.5)));
    assert!(day[day.len() - 1].x1 <= 195.5 * MM);
}

#[test]
fn pl1_5b_subject_of_a_letter_is_six_points_under_the_number() {
    let file = open(&letter());
    let number = file.find("Số: 05/STTTT-CNTT");
    let subject = file.find("V/v triển khai gửi,");
    let distance = subject[0].y0 - number[0].y1;
    assert!((4.5..=9.0).contains(&distance), "{distance} pt");
    let run = file.run_of("V/v triển khai");
    assert!(run.size == 12 && !run.bold && !run.italic);
    assert!(subject[0].x0 < 105.0 * MM);
}

#[test]
fn pl1_5a_named_document_has_type_and_subject_bold_and_centred() {
    let mut document = letter();
    document.addressees.clear();
    document.kind = Kind::Named {
        type_name: "Kế hoạch".into(),
        subject: "Chuyển đổi số năm 2022".into(),
    };
    let file = open(&document);
    let (title, subject) = (file.find("KẾ HOẠCH"), file.find("Chuyển đổi số năm 2022"));
    let middle = (30.0 + 165.0 / 2.0) * MM;
    assert!(near(centre(&title), middle, 1.0) && near(centre(&subject), middle, 1.0));
    for phrase in ["KẾ HOẠCH", "Chuyển đổi số"] {
        let run = file.run_of(phrase);
        assert!(run.bold && run.size == 14, "{run:?}");
    }
    assert!(subject[0].y0 > title[0].y1 - 3.0 && subject[0].y0 - title[0].y0 < 1.3 * 1.149 * 14.0);
}

#[test]
fn pl1_6_body_is_justified_indented_and_spaced() {
    let file = open(&long_letter());
    let words: Vec<_> = file
        .words()
        .into_iter()
        .filter(|word| word.page == 2 && word.y0 > 19.5 * MM)
        .collect();
    let mut lines: Vec<Vec<Word>> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if near(line[0].y0, word.y0, 1.0) => line.push(word),
            _ => lines.push(vec![word]),
        }
    }
    let first: Vec<_> = (1..lines.len())
        .filter(|at| lines[*at][0].text == "Các" && lines[*at][0].x0 > 40.0 * MM)
        .collect();
    assert!(first.len() >= 2);
    for at in first {
        assert!(
            near(lines[at][0].x0 / MM, 30.0 + 12.7, 0.3),
            "indent of the first line"
        );
        assert!(
            near(lines[at][lines[at].len() - 1].x1 / MM, 195.0, 0.3),
            "justified to the right margin"
        );
        assert!(
            near(lines[at + 1][0].x0 / MM, 30.0, 0.3),
            "other lines begin at the margin"
        );
        let pitch = lines[at + 1][0].y0 - lines[at][0].y0;
        let single = 1.149 * 14.0;
        assert!(
            (single - 0.2..=1.5 * single).contains(&pitch),
            "line pitch {pitch}"
        );
        let between = lines[at][0].y0 - lines[at - 1][0].y0;
        assert!(between - pitch >= 5.9, "paragraph spacing {}", between - pitch);
    }
}

#[test]
fn pl1_9a_one_addressee_stands_behind_the_colon() {
    let mut document = letter();
    document.addressees = vec!["Ủy ban nhân dân tỉnh Đắk Nông".into()];
    let line = open(&document).find("Kính gửi: Ủy ban nhân dân tỉnh Đắk Nông");
    assert!(line.iter().all(|word| near(word.y1, line[0].y1, 0.5)));
    assert!(near(centre(&line), (30.0 + 165.0 / 2.0) * MM, 1.0));
}

#[test]
fn pl1_9a_several_addressees_stand_on_lines_with_dashes_under_the_colon() {
    let file = open(&letter());
    let colon = file.find("Kính gửi:")[1].x1;
    let names = [
        file.find("- Các sở, ban, ngành;"),
        file.find("- Ủy ban nhân dân các huyện, thành phố;"),
        file.find("- Các đơn vị trực thuộc."),
    ];
    for (before, name) in names.iter().zip(&names[1..]) {
        assert!(name[0].y0 > before[0].y0 + 10.0);
    }
    for name in &names {
        assert!(
            near(name[0].x0, colon, 4.0),
            "dash at {} under the colon at {colon}",
            name[0].x0
        );
        assert!(near(name[0].x0, names[0][0].x0, 0.1), "dashes in one line");
    }
}

#[test]
fn pl1_7_signature_block_is_bold_centred_on_the_right_with_room_between() {
    let composed = compose(&letter());
    let file = Opened::new(&composed.pdf);
    let (first, second, name) = (
        file.find("KT. GIÁM ĐỐC"),
        file.find("PHÓ GIÁM ĐỐC"),
        file.find("Trần Văn Bình"),
    );
    for line in [&second, &name] {
        assert!(near(centre(line), centre(&first), 1.0));
    }
    assert!(first[0].x0 > 105.0 * MM && first[0].y0 < second[0].y0);
    assert!(file.run_of("PHÓ GIÁM").bold && file.run_of("Trần Văn").bold);
    let place = composed.places.signature.expect("ô 7c is found");
    assert!(
        place.y >= second[0].y1 / MM - 1.5 && place.y + place.height <= name[0].y0 / MM + 1.5,
        "{place:?}"
    );
    assert!(
        near(place.x + place.width / 2.0, centre(&first) / MM, 0.5),
        "{place:?}"
    );
    assert!(place.width >= 40.0 && place.height >= 20.0);
}

#[test]
fn places_of_number_and_date_contain_their_words() {
    let composed = compose(&letter());
    let file = Opened::new(&composed.pdf);
    let within = |place: Place, words: &[Word]| {
        words.iter().all(|word| {
            word.page == usize::try_from(place.page).expect("a page")
                && word.x0 / MM >= place.x - 0.2
                && word.x1 / MM <= place.x + place.width + 0.2
                && word.y0 / MM >= place.y - 0.6
                && word.y1 / MM <= place.y + place.height + 0.6
        })
    };
    assert!(within(
        composed.places.number.expect("ô 3"),
        &file.find("Số: 05/STTTT-CNTT")
    ));
    assert!(within(
        composed.places.place_date.expect("ô 4"),
        &file.find("Đắk Nông, ngày 05 tháng 01 năm 2022")
    ));
}

#[test]
fn pl1_9b_recipients_begin_level_with_the_signature_at_the_left_margin() {
    let file = open(&letter());
    let label = file.find("Nơi nhận:");
    assert!(near(label[0].y1, file.find("KT. GIÁM ĐỐC")[0].y1, 5.0) && near(label[0].x0 / MM, 30.0, 0.3));
    let run = file.run_of("Nơi nhận:");
    assert!(run.bold && run.italic && run.size == 12);
    let keep = file.find("- Lưu: VT, CNTT.");
    assert!(keep[0].y0 > file.find("- Như trên;")[0].y0);
    assert_eq!(
        (file.run_of("Lưu: VT").size, file.run_of("Lưu: VT").bold),
        (11, false)
    );
}

#[test]
fn pl1_12_drafter_mark_follows_the_keep_line() {
    let mut document = letter();
    document.drafter_mark = Some("PL.(300)".into());
    assert!(open(&document).flow().contains("- Lưu: VT, CNTT. PL.(300)"));
}

#[test]
fn pl1_13_contact_line_is_at_the_foot_of_page_one_only() {
    let mut document = long_letter();
    document.contact_line = Some("Địa chỉ: số 01 đường 23 tháng 3; Điện thoại: 0261.354.4669".into());
    let file = open(&document);
    let all: Vec<_> = file
        .words()
        .into_iter()
        .filter(|word| word.text == "0261.354.4669")
        .collect();
    assert_eq!(all.len(), 1);
    assert!(all[0].page == 1 && all[0].y1 / MM > 270.0);
    assert_eq!(file.run_of("Địa chỉ:").size, 11);
}

#[test]
fn pl1_10b_urgency_mark_is_bright_red_capitals() {
    for (mark, first) in [
        (Urgency::Flash, "HỎA"),
        (Urgency::VeryUrgent, "THƯỢNG"),
        (Urgency::Urgent, "KHẨN"),
    ] {
        let mut document = letter();
        document.urgency = Some(mark);
        let file = open(&document);
        let run = file.run_of(first);
        assert_eq!(
            (run.color.as_str(), run.bold, run.size),
            ("#ff0000", true, 13),
            "{run:?}"
        );
        let (width, _) = mark.size_mm();
        let words = file.find(mark.text());
        assert!(
            (words[words.len() - 1].x1 - words[0].x0) / MM < width,
            "the words fit into the box"
        );
        assert!(words[0].x1 < 105.0 * MM);
    }
}

#[test]
fn pl1_11_circulation_note_stands_above_the_heading() {
    let mut document = letter();
    document.circulation = Some("Lưu hành nội bộ".into());
    let file = open(&document);
    let note = file.find("LƯU HÀNH NỘI BỘ");
    assert!(note[0].y1 < file.find("CỘNG HÒA")[0].y0 && note[0].x0 > 105.0 * MM && note[0].y0 > 0.0);
}

#[test]
fn pl1_end_content_ends_with_the_closing_mark_once() {
    let mut document = letter();
    assert!(open(&document).flow().contains("phối hợp thực hiện./."));
    document.body = Body::parse("Kính đề nghị xem xét./.");
    let flow = open(&document).flow();
    assert!(flow.contains("xem xét./.") && !flow.contains("././."), "{flow}");
}

fn with_parts() -> OfficialDocument {
    let long = "Nội dung của phụ lục được trình bày theo mẫu. ".repeat(100);
    let mut document = letter();
    document.parts = (1..=2)
        .map(|number| Part {
            kind: PartKind::Appendix { number: Some(number) },
            subject: "Danh mục văn bản".into(),
            reference: if number == 1 {
                Reference::Blank
            } else {
                Reference::Filled
            },
            body: Body::parse(&long),
            closing_mark: true,
        })
        .collect();
    document
}

#[test]
fn pl1_a3_reference_line_is_blank_for_electronic_and_filled_for_paper() {
    let file = open(&with_parts());
    let flow = file.flow();
    assert!(
        flow.contains("(Kèm theo Công văn số 05/STTTT-CNTT ngày 05 tháng 01 năm 2022 của Sở Thông tin"),
        "{flow}"
    );
    assert!(
        flow.contains("(Kèm theo Công văn số /STTTT-CNTT ngày tháng năm của Sở Thông tin"),
        "{flow}"
    );
    let run = file.run_of("(Kèm theo Công văn");
    assert!(run.italic && (13..=14).contains(&run.size));
    assert!(file.run_of("Phụ lục I").bold && file.run_of("DANH MỤC").bold);
}

#[test]
fn pl1_a5_pages_of_each_appendix_are_numbered_apart() {
    let composed = compose(&with_parts());
    let words = Opened::new(&composed.pdf).words();
    let numbers: Vec<_> = words
        .iter()
        .filter(|word| word.y1 < 19.5 * MM)
        .map(|word| word.text.as_str())
        .collect();
    let starts: BTreeSet<_> = words
        .iter()
        .filter(|word| word.text == "Phụ")
        .map(|word| word.page)
        .collect();
    assert_eq!(starts.len(), 2, "each appendix begins on its own page");
    assert_eq!(
        numbers,
        ["2", "2"],
        "page 2 of each appendix; pages 1 bear no number"
    );
    assert_eq!(
        usize::try_from(composed.pages).expect("few pages"),
        words.last().expect("words").page
    );
}

#[test]
fn equal_input_gives_equal_bytes_and_the_time_is_that_of_the_act() {
    let (one, two) = (compose(&letter()), compose(&letter()));
    assert_eq!(one.pdf, two.pdf);
    let info = Opened::new(&one.pdf).run("pdfinfo", &["-isodates"], &[]);
    assert!(info.contains("2022-01-05T08:00:00+07"), "{info}");
}

#[test]
fn the_file_is_tagged_pdf_a_with_a_title() {
    let file = open(&letter());
    let info = file.info();
    assert!(
        info.lines()
            .any(|line| line.starts_with("Tagged:") && line.ends_with("yes")),
        "{info}"
    );
    assert!(
        info.contains("Công văn triển khai gửi, nhận văn bản điện tử"),
        "{info}"
    );
    let metadata = file.run("pdfinfo", &["-meta"], &[]);
    assert!(
        metadata.contains("pdfaid:part>2<") && metadata.contains("pdfaid:conformance>A<"),
        "{metadata}"
    );
}

#[test]
fn decomposed_letters_are_printed_and_copied_composed() {
    let mut document = letter();
    document.body = Body::parse("Ca\u{302}\u{301}p tho\u{323}\u{302}i");
    document.date = Some(date(2022, 2, 1));
    assert!(open(&document).flow().contains("Cấp thội./."));
}
