//! Reading a composed PDF back with poppler, the independent tool.

use std::path::PathBuf;
use std::process::Command;

use jiff::{Timestamp, civil::date};
use the_thuc::{Body, Composed, Composer, Issuer, Kind, OfficialDocument, SignatureBlock};

/// The moment written into every test file: 2022-01-05 08:00 in Vietnam.
pub fn moment() -> Timestamp {
    "2022-01-05T01:00:00Z".parse().expect("a fixed timestamp")
}

pub fn composer() -> Composer {
    static COMPOSER: std::sync::LazyLock<Composer> = std::sync::LazyLock::new(|| {
        Composer::new(&[]).expect("Times New Roman or Liberation Serif is installed")
    });
    COMPOSER.clone()
}

pub fn compose(document: &OfficialDocument) -> Composed {
    composer()
        .compose(document, moment())
        .expect("the document composes")
}

pub fn letter() -> OfficialDocument {
    let issuing = Issuer {
        parent_name: Some("Ủy ban nhân dân\ntỉnh Đắk Nông".into()),
        name: "Sở Thông tin và Truyền thông".into(),
    };
    let kind = Kind::Letter {
        subject: "triển khai gửi, nhận văn bản điện tử không gửi kèm văn bản giấy".into(),
    };
    let mut letter = OfficialDocument::new(issuing, "STTTT-CNTT", "Đắk Nông", kind);
    letter.number = Some("5".into());
    letter.date = Some(date(2022, 1, 5));
    letter.addressees = vec![
        "Các sở, ban, ngành".into(),
        "Ủy ban nhân dân các huyện, thành phố".into(),
        "Các đơn vị trực thuộc".into(),
    ];
    letter.body = Body::parse(
        "Thực hiện Quyết định số 28/2018/QĐ-TTg ngày 12 tháng 7 năm 2018 của Thủ tướng Chính phủ về việc gửi, nhận văn bản điện tử giữa các cơ quan trong hệ thống hành chính nhà nước, Sở Thông tin và Truyền thông đề nghị các cơ quan, đơn vị thực hiện một số nội dung sau:\n\
         1. Gửi, nhận văn bản trên Hệ thống quản lý văn bản và điều hành; không gửi kèm văn bản giấy đối với các loại văn bản đã được ký số theo quy định.\n\
         2. Phân công cán bộ đầu mối:\n\
         a) Mỗi cơ quan, đơn vị cử 01 văn thư và 01 cán bộ phụ trách công nghệ thông tin;\n\
         b) Gửi danh sách về Sở Thông tin và Truyền thông trước ngày 20 tháng 01 năm 2022.\n\
         Đề nghị các cơ quan, đơn vị quan tâm, phối hợp thực hiện.",
    );
    letter.signature = SignatureBlock {
        lines: vec!["KT. GIÁM ĐỐC".into(), "PHÓ GIÁM ĐỐC".into()],
        title_above_name: None,
        name: "Trần Văn Bình".into(),
    };
    letter.recipients = vec![
        "Chủ tịch, các PCT UBND tỉnh (báo cáo)".into(),
        "Ban Giám đốc Sở".into(),
    ];
    letter.keep_line = Some("VT, CNTT".into());
    letter
}

/// A letter of three pages.
pub fn long_letter() -> OfficialDocument {
    let mut letter = letter();
    let provision = "Các cơ quan, đơn vị tổ chức triển khai, thực hiện nghiêm túc các nội dung trên trong phạm vi quản lý. ";
    letter.body = Body::parse(&format!("{}\n", provision.repeat(5)).repeat(12));
    letter
}

/// A file that poppler can open; removed with the guard.
pub struct Opened {
    folder: tempfile::TempDir,
}

/// One word with its box in points from the upper left corner.
#[derive(Debug, Clone)]
pub struct Word {
    pub page: usize,
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
    pub text: String,
}

impl Opened {
    pub fn new(pdf: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("file.pdf"), pdf).expect("the file is written");
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("file.pdf")
    }

    pub fn run(&self, tool: &str, before: &[&str], after: &[&str]) -> String {
        let output = Command::new(tool)
            .args(before)
            .arg(self.path())
            .args(after)
            .output()
            .unwrap_or_else(|error| panic!("{tool} of poppler-utils is needed: {error}"));
        assert!(
            output.status.success(),
            "{tool}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("poppler writes UTF-8")
    }

    pub fn info(&self) -> String {
        self.run("pdfinfo", &[], &[])
    }

    /// Text in reading order with all white space as one space.
    pub fn flow(&self) -> String {
        self.run("pdftotext", &["-raw"], &["-"])
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The words as poppler thinks that they are read.
    pub fn words(&self) -> Vec<Word> {
        self.boxes(&["-bbox"])
    }

    /// The words in the order in which they are drawn.
    pub fn drawn(&self) -> Vec<Word> {
        self.boxes(&["-bbox", "-raw"])
    }

    fn boxes(&self, options: &[&str]) -> Vec<Word> {
        let html = self.run("pdftotext", options, &["-"]);
        let mut page = 0;
        let mut words = Vec::new();
        for line in html.lines() {
            if line.trim_start().starts_with("<page") {
                page += 1;
            }
            let Some(rest) = line.trim_start().strip_prefix("<word ") else {
                continue;
            };
            let (attributes, rest) = rest.split_once('>').expect("a word element");
            let values: Vec<f64> = attributes
                .split('"')
                .skip(1)
                .step_by(2)
                .map(|value| value.parse().expect("a number"))
                .collect();
            let text = rest.strip_suffix("</word>").expect("a word element");
            let text = text
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
            words.push(Word {
                page,
                x0: values[0],
                y0: values[1],
                x1: values[2],
                y1: values[3],
                text,
            });
        }
        words
    }

    /// The words of the first place where `phrase` stands.
    pub fn find(&self, phrase: &str) -> Vec<Word> {
        find_in(&self.words(), phrase)
            .unwrap_or_else(|| panic!("“{phrase}” is not in the file: {}", self.flow()))
    }
}

/// The words of the first place where `phrase` stands.
pub fn find_in(words: &[Word], phrase: &str) -> Option<Vec<Word>> {
    let wanted: Vec<_> = phrase.split_whitespace().collect();
    words
        .windows(wanted.len())
        .find(|window| {
            window
                .iter()
                .zip(&wanted)
                .all(|(word, wanted)| word.text == *wanted)
        })
        .map(<[Word]>::to_vec)
}

/// How far the text of a page stays from the edges of the paper in mm: left, right, top, bottom. What stands in the top margin
/// does not count.
pub fn edges(words: &[Word], page: usize) -> [f64; 4] {
    let text: Vec<&Word> = words
        .iter()
        .filter(|word| word.page == page && word.y0 > 18.0 * MM)
        .collect();
    let least = |of: fn(&Word) -> f64| text.iter().copied().map(of).fold(f64::MAX, f64::min) / MM;
    let most = |of: fn(&Word) -> f64| text.iter().copied().map(of).fold(0.0, f64::max) / MM;
    [
        least(|word| word.x0),
        210.0 - most(|word| word.x1),
        least(|word| word.y0),
        297.0 - most(|word| word.y1),
    ]
}

pub const MM: f64 = 72.0 / 25.4;

/// A run of text of one font as pdftohtml sees it.
#[derive(Debug, Clone)]
pub struct Run {
    pub size: u32,
    pub color: String,
    pub bold: bool,
    pub italic: bool,
    pub text: String,
}

impl Opened {
    pub fn runs(&self) -> Vec<Run> {
        let xml = self.run("pdftohtml", &["-xml", "-i", "-q", "-zoom", "1", "-stdout"], &[]);
        let attribute = |line: &str, name: &str| {
            let after = line
                .split(&format!(" {name}=\""))
                .nth(1)
                .unwrap_or_default()
                .to_owned();
            after.split('"').next().unwrap_or_default().to_owned()
        };
        let (mut fonts, mut runs) = (std::collections::BTreeMap::new(), Vec::new());
        for line in xml.lines().map(str::trim) {
            if line.starts_with("<fontspec ") {
                let size: u32 = attribute(line, "size").parse().expect("a size");
                fonts.insert(attribute(line, "id"), (size, attribute(line, "color")));
            } else if line.starts_with("<text ") {
                let (size, color) = fonts[&attribute(line, "font")].clone();
                let inner = line
                    .split_once('>')
                    .map_or("", |(_, inner)| inner)
                    .trim_end_matches("</text>");
                let (bold, italic) = (inner.contains("<b>"), inner.contains("<i>"));
                let text = ["<b>", "</b>", "<i>", "</i>"]
                    .iter()
                    .fold(inner.to_owned(), |text, tag| text.replace(tag, ""));
                let text = text
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&amp;", "&");
                runs.push(Run {
                    size,
                    color,
                    bold,
                    italic,
                    text,
                });
            }
        }
        runs
    }

    /// The run in which `phrase` stands.
    pub fn run_of(&self, phrase: &str) -> Run {
        let runs = self.runs();
        let found = runs.iter().find(|run| run.text.contains(phrase)).cloned();
        found.unwrap_or_else(|| panic!("no run with “{phrase}” in {runs:#?}"))
    }
}
