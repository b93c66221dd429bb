//! Sổ đăng ký văn bản as printed (NĐ 30 Phụ lục IV).

use crate::support::{MM, Opened, composer, moment};
use jiff::civil::date;
use the_thuc::{Issuer, RegisterBook, RegisterSheet};

fn sheet(book: RegisterBook, rows: usize) -> RegisterSheet {
    let row = |number: usize| -> Vec<String> {
        let subject = "Công văn về việc triển khai Hệ thống quản lý văn bản và điều hành";
        let number = format!("{number:02}");
        let numbered = format!("{number}/STTTT-CNTT");
        let cells: &[&str] = match book {
            RegisterBook::Outgoing => &[
                &numbered,
                "05/01/2022",
                subject,
                "Trần Văn Bình",
                "Các sở, ban, ngành",
                "VT, CNTT",
                "1",
                "05/01/2022",
                "",
                "",
            ],
            RegisterBook::Incoming => &[
                "05/01/2022",
                &number,
                "UBND tỉnh Đắk Nông",
                "12/UBND-KGVX",
                "04/01/2022",
                subject,
                "Phòng Công nghệ thông tin",
                "05/01/2022",
                "",
                "",
            ],
            RegisterBook::Post => &["05/01/2022", &numbered, "Hội Cựu chiến binh tỉnh", "1"],
            RegisterBook::KeptCopies => &[
                "05/01/2022",
                "Nguyễn Văn An",
                &numbered,
                subject,
                "01.CNTT",
                "",
                "07/01/2022",
                "Trần Văn Bình",
            ],
            RegisterBook::Handling => &[
                &number,
                "Công văn 12/UBND-KGVX ngày 04/01/2022 của UBND tỉnh",
                "Phòng Công nghệ thông tin",
                "10/01/2022",
                "Đã hoàn thành ngày 09/01/2022",
                &numbered,
                "Đúng hạn",
            ],
        };
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    };
    RegisterSheet {
        book,
        agency: Issuer {
            parent_name: Some("Ủy ban nhân dân tỉnh Đắk Nông".into()),
            name: "Sở Thông tin và Truyền thông".into(),
        },
        year: 2022,
        days: Some((date(2022, 1, 1), date(2022, 12, 31))),
        numbers: Some(("01".into(), format!("{rows:02}"))),
        volume: Some(1),
        rows: (1..=rows).map(row).collect(),
    }
}

fn open(book: RegisterBook, rows: usize) -> (Opened, u32) {
    let composed = composer()
        .register(&sheet(book, rows), moment())
        .expect("the register composes");
    (Opened::new(&composed.pdf), composed.pages)
}

#[test]
fn nd30_16_2b_outgoing_register_prints_all_ten_columns_with_their_numbers_on_every_page() {
    let (file, pages) = open(RegisterBook::Outgoing, 60);
    assert!(pages >= 4);
    for page in 2..=pages {
        let page = page.to_string();
        let text = file.run("pdftotext", &["-raw", "-f", &page, "-l", &page], &["-"]);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for number in 1..=10 {
            assert!(
                text.contains(&format!("({number})")),
                "column ({number}) on page {page}: {text}"
            );
        }
        for title in RegisterBook::Outgoing.columns() {
            assert!(text.contains(title), "“{title}” on page {page}: {text}");
        }
    }
}

#[test]
fn nd30_22_2_incoming_register_prints_its_ten_columns() {
    let (file, _) = open(RegisterBook::Incoming, 3);
    let flow = file.flow();
    for title in RegisterBook::Incoming.columns() {
        assert!(flow.contains(title), "“{title}”: {flow}");
    }
}

#[test]
fn pl4_cover_names_agency_book_year_span_and_volume() {
    let (file, _) = open(RegisterBook::Incoming, 3);
    let cover = file.run("pdftotext", &["-raw", "-l", "1"], &["-"]);
    for line in [
        "ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG",
        "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
        "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN",
        "Năm: 2022",
        "Từ ngày 01/01/2022 đến ngày 31/12/2022",
        "Từ số 01 đến số 03",
        "Quyển số: 01",
    ] {
        assert!(
            cover.lines().any(|printed| printed.trim() == line),
            "“{line}”: {cover}"
        );
    }
}

#[test]
fn pages_are_landscape_and_every_row_is_printed_in_order() {
    let (file, _) = open(RegisterBook::Outgoing, 60);
    let info = file.info();
    assert!(
        info.contains("841.89 x 595.28") || info.contains("841.89 x 595.276"),
        "{info}"
    );
    let words = file.words();
    let numbers: Vec<_> = words
        .iter()
        .filter(|word| word.text.ends_with("/STTTT-"))
        .map(|word| &word.text)
        .collect();
    let whole: Vec<_> = words
        .iter()
        .filter(|word| word.text.ends_with("/STTTT-CNTT"))
        .map(|word| &word.text)
        .collect();
    let printed: Vec<_> = numbers
        .iter()
        .chain(&whole)
        .map(|text| text[..2].to_owned())
        .collect();
    let expected: Vec<_> = (1..=60).map(|number| format!("{number:02}")).collect();
    assert_eq!(printed, expected);
    assert!(words.iter().all(|word| word.x1 <= (297.0 - 14.5) * MM));
}

#[test]
fn an_empty_register_says_so() {
    let (file, pages) = open(RegisterBook::Outgoing, 0);
    assert_eq!(pages, 2);
    assert!(file.flow().contains("Không có văn bản nào trong thời gian này."));
}

#[test]
fn pl4_the_other_books_print_every_column_of_their_form() {
    for (book, columns) in [
        (RegisterBook::Post, 6),
        (RegisterBook::KeptCopies, 9),
        (RegisterBook::Handling, 7),
    ] {
        assert_eq!((book.columns().len(), book.widths().len()), (columns, columns));
        let (file, pages) = open(book, 3);
        assert_eq!(pages, 2);
        let flow = file.flow();
        for title in book.columns() {
            assert!(flow.contains(title), "“{title}”: {flow}");
        }
        assert!(flow.contains(&format!("({columns})")) && !flow.contains(&format!("({})", columns + 1)));
        assert_eq!(flow.contains("Từ số"), book.has_numbers(), "{flow}");
    }
}
