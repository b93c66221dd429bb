//! The DOCX as LibreOffice prints it, beside the PDF of the same fields.

use the_thuc::{
    OfficialDocument,
    reading::{ReadField, ReadFields, ReadLimits, read_pdf},
};

use crate::{
    docx::docx,
    office, samples,
    support::{MM, Opened, Word, compose, edges, find_in, long_letter},
};

/// First words of a part, the least and the greatest size that Phụ lục I Mục IV gives it, whether it is bold, whether italic.
type Look = (&'static str, [u32; 2], bool, bool);

const SMALL: [u32; 2] = [12, 13];
const LARGE: [u32; 2] = [13, 14];

const OF_ALL: [Look; 11] = [
    ("ỦY BAN NHÂN DÂN", SMALL, false, false),
    ("SỞ THÔNG TIN", SMALL, true, false),
    ("CỘNG HÒA XÃ HỘI", SMALL, true, false),
    ("Độc lập", LARGE, true, false),
    ("Số:", [13, 13], false, false),
    ("Nông, ngày 05", LARGE, false, true),
    ("Nơi nhận:", [12, 12], true, true),
    ("Lưu:", [11, 11], false, false),
    ("KT. GIÁM ĐỐC", LARGE, true, false),
    ("PHÓ GIÁM ĐỐC", LARGE, true, false),
    ("Trần Văn Bình", LARGE, true, false),
];

/// The parts of a document whose look is compared; of some documents none.
fn looks(name: &str) -> Vec<Look> {
    let more: &[Look] = match name {
        "1.2" => &[
            ("QUYẾT ĐỊNH", LARGE, true, false),
            ("Về việc giao", LARGE, true, false),
            ("GIÁM ĐỐC SỞ", LARGE, true, false),
            ("Căn cứ Luật", LARGE, false, true),
        ],
        "1.5" => &[
            ("V/v triển khai", SMALL, false, false),
            ("Kính gửi:", LARGE, false, false),
            ("Thực hiện Quyết định", LARGE, false, false),
        ],
        "2.1" => &[
            ("KẾ HOẠCH", LARGE, true, false),
            ("Chuyển đổi số", LARGE, true, false),
            ("MỤC ĐÍCH", LARGE, true, false),
            ("Nâng cao chất lượng", LARGE, false, false),
            ("Phụ lục", LARGE, true, false),
            ("DANH MỤC", LARGE, true, false),
            ("Nhiệm vụ", LARGE, true, false),
            ("Ký số", LARGE, false, false),
        ],
        "tờ trình" => &[
            ("TỜ TRÌNH", LARGE, true, false),
            ("Về việc phê duyệt", LARGE, true, false),
            ("Kính gửi:", LARGE, false, false),
            ("Sở Thông tin", LARGE, false, false),
        ],
        _ => return Vec::new(),
    };
    OF_ALL.iter().chain(more).copied().collect()
}

fn documents() -> Vec<(&'static str, OfficialDocument)> {
    let mut all = samples::all();
    all.push(("tờ trình", samples::proposal()));
    all.push(("công văn dài", long_letter()));
    all
}

/// A document on paper.
struct Printed {
    pdf: Vec<u8>,
    file: Opened,
    words: Vec<Word>,
}

impl Printed {
    fn new(pdf: Vec<u8>) -> Self {
        let file = Opened::new(&pdf);
        let words = file.drawn();
        Self { pdf, file, words }
    }

    fn pages(&self) -> usize {
        let info = self.file.info();
        let line = info.lines().find_map(|line| line.strip_prefix("Pages:"));
        line.expect("a number of pages").trim().parse().expect("a number")
    }

    /// What stands in the top margin: the numbers of pages.
    fn numbers(&self) -> Vec<(usize, String)> {
        let above = self.words.iter().filter(|word| word.y0 <= 18.0 * MM);
        above.map(|word| (word.page, word.text.clone())).collect()
    }

    /// Every other sign as it is drawn, without blanks: where lines are broken does not matter. Ô 4 is left out: beside ô 3 it is
    /// drawn before ô 5b by us, after it by others.
    fn signs(&self) -> String {
        let text: String = self
            .words
            .iter()
            .filter(|word| word.y0 > 18.0 * MM)
            .flat_map(|word| word.text.chars())
            .filter(|sign| !sign.is_whitespace())
            .collect();
        text.replacen("ĐắkNông,ngày05tháng01năm2022", "", 1)
    }

    fn first(&self, phrase: &str) -> Word {
        let found = find_in(&self.words, phrase).and_then(|words| words.into_iter().next());
        found.unwrap_or_else(|| panic!("“{phrase}” is not printed: {}", self.signs()))
    }
}

/// A document on both ways to paper.
struct Pair {
    name: &'static str,
    own: Printed,
    office: Printed,
}

impl Pair {
    /// Paper, margins and numbers of pages (PL1-G1, G3, G7). The last page of a part need not be full.
    fn same_pages(&self, is_one_part: bool) {
        let name = self.name;
        for printed in [&self.own, &self.office] {
            let info = printed.file.info();
            assert!(info.contains("(A4)"), "{name}: {info}");
        }
        let pages = self.own.pages();
        assert_eq!(self.office.pages(), pages, "{name}: pages");
        assert_eq!(
            self.office.numbers(),
            self.own.numbers(),
            "{name}: numbers of pages"
        );
        for page in 1..=pages {
            // the boxes of words are up to 1 mm lower than their lines
            let [left, right, top, bottom] = edges(&self.office.words, page);
            let place =
                format!("{name}, page {page}: left {left}, right {right}, top {top}, bottom {bottom}");
            assert!(left >= 29.5 && right >= 14.5 && bottom >= 19.0, "{place}");
            assert!((19.5..=26.0).contains(&top), "{place}");
            if page == 1 || (is_one_part && page < pages) {
                assert!(left <= 35.5 && right <= 20.5, "{place}");
            }
        }
    }

    /// Sizes and styles (PL1 Mục IV).
    fn same_looks(&self, looks: &[Look]) {
        for &(phrase, [least, most], bold, italic) in looks {
            let [own, office] = [&self.own, &self.office].map(|printed| {
                let run = printed.file.run_of(phrase);
                (run.size, run.bold, run.italic)
            });
            let name = self.name;
            assert_eq!(office, own, "{name}: “{phrase}”");
            assert!(
                (least..=most).contains(&office.0),
                "{name}: “{phrase}” {office:?}"
            );
            assert_eq!((office.1, office.2), (bold, italic), "{name}: “{phrase}”");
        }
    }

    /// Each part stands on the same page, on the same side and about as high: office programs break some names sooner.
    fn same_places(&self, looks: &[Look]) {
        let name = self.name;
        for &(phrase, ..) in looks {
            let (own, office) = (self.own.first(phrase), self.office.first(phrase));
            assert_eq!(office.page, own.page, "{name}: “{phrase}”");
            let [ours, theirs] = [own.x0, office.x0].map(|x| x < 105.0 * MM);
            assert_eq!(theirs, ours, "{name}: side of “{phrase}”, {own:?}, {office:?}");
            let lower = (office.y0 - own.y0) / MM;
            assert!(lower.abs() <= 15.0, "{name}: “{phrase}” is {lower} mm lower");
        }
        for printed in [&self.own, &self.office] {
            let [number, day] = ["Số:", "Nông, ngày 05"].map(|phrase| printed.first(phrase).y1);
            assert!(
                (number - day).abs() <= 0.5,
                "{name}: ô 3 and ô 4 stand on one line"
            );
            let room = (printed.first("Trần Văn Bình").y0 - printed.first("PHÓ GIÁM ĐỐC").y1) / MM;
            assert!((20.0..=35.0).contains(&room), "{name}: {room} mm for ô 7c");
        }
    }

    /// The reader of arriving documents finds the same in both.
    fn same_fields(&self) {
        let [own, office] = [&self.own, &self.office].map(|printed| {
            let read = read_pdf(&printed.pdf, &ReadLimits::default()).expect("it has text");
            values(read)
        });
        assert_eq!(office, own, "{}", self.name);
    }
}

fn values(read: ReadFields) -> Vec<String> {
    fn value<T: std::fmt::Debug>(field: Option<ReadField<T>>) -> String {
        format!("{:?}", field.map(|field| field.value))
    }
    vec![
        value(read.number),
        value(read.symbol),
        value(read.place),
        value(read.issued_on),
        value(read.agency),
        value(read.parent_agency),
        value(read.document_type),
        value(read.subject),
        value(read.signer_name),
        value(read.signer_title),
        value(read.authority),
        value(read.recipients),
    ]
}

#[test]
fn pl1_docx_printed_by_libreoffice_is_the_document_of_the_pdf() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let documents = documents();
    let files: Vec<String> = (0..documents.len())
        .map(|index| format!("{index}.docx"))
        .collect();
    for (file, (_, document)) in files.iter().zip(&documents) {
        std::fs::write(folder.path().join(file), docx(document)).expect("the file is written");
    }
    office::convert(folder.path(), "pdf", &files);
    for (file, (name, document)) in files.iter().zip(&documents) {
        let path = folder.path().join(file).with_extension("pdf");
        let pair = Pair {
            name,
            own: Printed::new(compose(document).pdf),
            office: Printed::new(std::fs::read(path).expect("LibreOffice printed it")),
        };
        pair.same_pages(document.parts.is_empty());
        assert_eq!(pair.office.signs(), pair.own.signs(), "{name}");
        let looks = looks(name);
        if !looks.is_empty() {
            pair.same_looks(&looks);
            pair.same_places(&looks);
            pair.same_fields();
        }
    }
}
