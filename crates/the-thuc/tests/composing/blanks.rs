//! The blanks of ô 3 and ô 4 stand exactly where number, day and month would have been set.

use jiff::civil::date;
use the_thuc::{Blank, HeadingSize};

use crate::support::{MM, Opened, compose, composer, letter};

/// A tenth of a millimetre, in points.
const TENTH: f64 = 0.1 * MM;

fn at_left_edge(blank: Option<Blank>, x0: f64) {
    let blank = blank.expect("the blank is told");
    assert!(
        (blank.x * MM - x0).abs() < TENTH,
        "{} mm and {} mm",
        blank.x,
        x0 / MM
    );
}

#[test]
fn blanks_stand_where_the_words_of_a_filled_document_stand() {
    for (heading, size) in [(HeadingSize::Twelve, 13.0), (HeadingSize::Thirteen, 14.0)] {
        let mut document = letter();
        document.heading_size = heading;
        // as wide as the blanks, so that both lines are centred alike
        document.number = Some("1234".into());
        document.date = Some(date(2026, 12, 25));
        let filled = compose(&document);
        assert_eq!(filled.places.blanks, the_thuc::Blanks::default());
        let file = Opened::new(&filled.pdf);

        document.number = None;
        document.date = None;
        document.blank_year = Some(2026);
        let blank = compose(&document);
        let blanks = blank.places.blanks;
        at_left_edge(blanks.number, file.find("1234/STTTT-CNTT")[0].x0);
        let words = file.find("ngày 25 tháng 12 năm 2026");
        at_left_edge(blanks.day, words[1].x0);
        at_left_edge(blanks.month, words[3].x0);
        assert_eq!(blanks.year, None);
        let (number, day) = (blanks.number.expect("a number"), blanks.day.expect("a day"));
        assert!((number.size, day.size) == (13.0, size));
        // two ems, one em
        assert!((number.width * MM - 26.0).abs() < TENTH && (day.width * MM - size).abs() < TENTH);
        // poppler's boxes reach from 0.891 em above the baseline to 0.216 em below
        assert!((day.baseline * MM - (words[1].y1 - 0.216 * size)).abs() < 2.0 * TENTH);
        assert!(number.page == 1 && blank.places.number.is_some() && blank.places.place_date.is_some());

        document.blank_year = None;
        let blanks = compose(&document).places.blanks;
        let year = blanks.year.expect("the year is blank too");
        assert!(year.x > blanks.month.expect("a month").x && (year.width * MM - 2.0 * size).abs() < TENTH);
    }
}

#[test]
fn lines_with_blanks_stay_on_one_line() {
    let mut document = letter();
    document.number = None;
    document.date = None;
    document.symbol = "BCĐXDCB-STTTT".into();
    document.place = "Thành phố Hồ Chí Minh".into();
    let composed = compose(&document);
    let file = Opened::new(&composed.pdf);
    let words = file.find("Thành phố Hồ Chí Minh, ngày tháng năm");
    assert!(words.iter().all(|word| (word.y1 - words[0].y1).abs() < 0.5));
    let words = file.find("Số: /BCĐXDCB-STTTT");
    assert!((words[0].y1 - words[1].y1).abs() < 0.5);
}

#[test]
fn the_fonts_of_the_documents_are_given_for_drawing() {
    let fonts = composer().serif_fonts().expect("all faces are installed");
    for font in [&fonts.regular, &fonts.italic, &fonts.bold] {
        assert!(font.bytes.len() > 100_000);
    }
    assert!(fonts.regular.bytes != fonts.italic.bytes && fonts.regular.bytes != fonts.bold.bytes);
}

/// Acrobat has been reported to refuse the first signature of a file whose first xref table has several sections.
#[test]
fn the_xref_table_is_one_whole() {
    let pdf = compose(&letter()).pdf;
    let text = String::from_utf8_lossy(&pdf);
    let tail = &text[text.rfind("startxref").expect("an end")..];
    let offset: usize = tail
        .split_whitespace()
        .nth(1)
        .and_then(|number| number.parse().ok())
        .expect("an offset");
    let table = String::from_utf8_lossy(&pdf[offset..]).into_owned();
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("xref"), "a classic table");
    let (first, count) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .expect("a section");
    let count: usize = count.trim().parse().expect("a count");
    assert_eq!(first, "0");
    assert!(
        lines
            .nth(count)
            .expect("what follows the entries")
            .starts_with("trailer")
    );
    assert_eq!(text.matches("startxref").count(), 1);
}
