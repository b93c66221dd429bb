//! Drawn lines and boxes, and how titles are broken.

use crate::support::{MM, Opened, Word, compose, letter};
use the_thuc::{Issuer, Kind, OfficialDocument, Urgency};

/// A stroked path: its extent in points and the point it starts from.
#[derive(Debug)]
struct Stroke {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    red: bool,
}

fn strokes(file: &Opened) -> Vec<Stroke> {
    let svg = file.run("pdftocairo", &["-svg", "-f", "1", "-l", "1"], &["-"]);
    let inside = |line: &str, start: &str, end: char| {
        let after = line.split_once(start).map_or("", |(_, after)| after);
        after.split(end).next().unwrap_or_default().to_owned()
    };
    let numbers = |text: &str| -> Vec<f64> {
        text.split([' ', ','])
            .filter_map(|part| part.parse().ok())
            .collect()
    };
    let stroked = svg
        .lines()
        .filter(|line| line.contains("stroke-width:") && line.contains(" transform="));
    stroked
        .map(|line| {
            let points = numbers(&inside(line, " d=\"", '"'));
            let matrix = numbers(&inside(line, "matrix(", ')'));
            let extent = |offset: usize| {
                let along = points.iter().skip(offset).step_by(2);
                along.clone().fold(f64::MIN, |a, b| a.max(*b)) - along.fold(f64::MAX, |a, b| a.min(*b))
            };
            Stroke {
                x: matrix[4],
                y: matrix[5],
                width: extent(0),
                height: extent(1),
                red: line.contains("rgb(100%,0%,0%)"),
            }
        })
        .collect()
}

/// Width of a phrase and the line drawn right below it.
fn ruled(file: &Opened, phrase: &str) -> (f64, Stroke) {
    let words = file.find(phrase);
    let (left, right, foot) = (words[0].x0, words[words.len() - 1].x1, words[0].y1);
    let below = strokes(file).into_iter().find(|line| {
        line.height < 0.1 && (-4.0..10.0).contains(&(line.y - foot)) && line.x >= left - 3.0 && line.x < right
    });
    (
        right - left,
        below.unwrap_or_else(|| panic!("no line below “{phrase}”: {:?}", strokes(file))),
    )
}

fn plan() -> OfficialDocument {
    let mut document = letter();
    document.addressees.clear();
    document.kind = Kind::Named {
        type_name: "Quy chế".into(),
        subject: "Quản lý, vận hành và sử dụng Hệ thống quản lý văn bản và điều hành trong hoạt động của các cơ quan nhà nước trên địa bàn tỉnh Đắk Nông".into(),
    };
    document
}

#[test]
fn pl1_1_line_below_the_motto_is_as_long_as_its_text() {
    let (text, line) = ruled(
        &Opened::new(&compose(&letter()).pdf),
        "Độc lập - Tự do - Hạnh phúc",
    );
    assert!((line.width - text).abs() < 1.5, "line {} text {text}", line.width);
}

#[test]
fn pl1_2_5a_lines_below_agency_and_subject_are_a_third_to_a_half_of_the_text() {
    let file = Opened::new(&compose(&plan()).pdf);
    for (phrase, longest) in [
        ("SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG"),
        (
            "của các cơ quan nhà nước trên địa bàn tỉnh Đắk Nông",
            "Hệ thống quản lý văn bản và điều hành trong hoạt động",
        ),
    ] {
        let (_, line) = ruled(&file, phrase);
        let words = file.find(longest);
        let text = words[words.len() - 1].x1 - words[0].x0;
        let share = line.width / text;
        assert!((0.333..=0.5).contains(&share), "{share} below “{phrase}”");
        let centre = f64::midpoint(words[0].x0, words[words.len() - 1].x1);
        assert!(
            (line.x + line.width / 2.0 - centre).abs() < 1.5,
            "the line is centred"
        );
    }
}

#[test]
fn pl1_10b_urgency_marks_have_the_size_of_the_law() {
    for mark in [Urgency::Flash, Urgency::VeryUrgent, Urgency::Urgent] {
        let mut document = letter();
        document.urgency = Some(mark);
        let strokes = strokes(&Opened::new(&compose(&document).pdf));
        let boxes: Vec<_> = strokes.iter().filter(|stroke| stroke.red).collect();
        assert_eq!(boxes.len(), 1, "a single border");
        let (width, height) = mark.size_mm();
        let (drawn_width, drawn_height) = (boxes[0].width / MM, boxes[0].height / MM);
        assert!(
            (drawn_width - width).abs() < 0.1 && (drawn_height - height).abs() < 0.1,
            "{boxes:?}"
        );
    }
}

#[test]
fn titles_are_broken_where_no_compound_is_torn() {
    let file = Opened::new(&compose(&plan()).pdf);
    let one_line = |words: &[Word]| words.iter().all(|word| (word.y1 - words[0].y1).abs() < 0.5);
    for line in [
        "Quản lý, vận hành và sử dụng",
        "Hệ thống quản lý văn bản và điều hành trong hoạt động",
        "của các cơ quan nhà nước trên địa bàn tỉnh Đắk Nông",
    ] {
        assert!(one_line(&file.find(line)), "“{line}”");
    }
}

#[test]
fn a_long_agency_name_wraps_within_the_left_column() {
    let mut document = letter();
    document.issuing = Issuer {
        parent_name: None,
        name: "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh Đắk Nông".into(),
    };
    let file = Opened::new(&compose(&document).pdf);
    let (nation, number) = (file.find("CỘNG HÒA")[0].x0, file.find("Số:")[0].y0);
    let name: Vec<_> = file
        .words()
        .into_iter()
        .filter(|word| word.page == 1 && word.y1 < number && word.x1 < nation)
        .collect();
    let printed: Vec<_> = name.iter().map(|word| word.text.as_str()).collect();
    let mut expected: Vec<_> = "VĂN PHÒNG ĐOÀN ĐẠI BIỂU QUỐC HỘI VÀ HỘI ĐỒNG NHÂN DÂN TỈNH ĐẮK NÔNG"
        .split(' ')
        .collect();
    let mut sorted = printed.clone();
    sorted.sort_unstable();
    expected.sort_unstable();
    assert_eq!(sorted, expected, "the whole name stands left of ô 1");
    assert!(name.iter().all(|word| word.x0 > 29.5 * MM));
}
