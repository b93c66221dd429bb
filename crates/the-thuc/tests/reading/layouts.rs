//! Documents as people lay them out, written for LibreOffice: flat ODF and HTML.

use std::fmt::Write as _;

use rules::urgency::Urgency;
use the_thuc::day_in_words;
use unicode_normalization::UnicodeNormalization;

use crate::corpus::Written;

/// How a document is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Both columns of the heading and of the end in tables.
    Tables,
    /// The columns made with centring tabs.
    Tabs,
    /// Tables with a row for each line, blanks in the number, decomposed letters.
    RowsAndBlanks,
    /// As `Tables`, in another typeface and other sizes.
    Sans,
    /// Not as prescribed: the agency above is bold too and shortened, trích yếu is not bold, "(Đã ký)" stands above the name, and
    /// signing programs have written their notes on the page.
    Worn,
}

/// What stands under Quốc hiệu and beside it, as it is printed.
struct Printed {
    parent: Vec<String>,
    agency: Vec<String>,
    number: String,
    day: String,
}

fn printed(written: &Written, layout: Layout, index: usize) -> Printed {
    let number = written.number.as_deref().unwrap_or_default();
    let wrap = |name: &str, width| {
        if layout == Layout::Tabs {
            wrapped(name, width)
        } else {
            vec![name.to_owned()]
        }
    };
    let blanks = layout == Layout::RowsAndBlanks;
    Printed {
        parent: written
            .parent
            .iter()
            .flat_map(|name| wrap(&name.to_uppercase(), 26))
            .collect(),
        agency: wrap(&written.agency.to_uppercase(), 26),
        number: match (blanks, index % 3) {
            (true, 0) => format!("Số:    {number}/{}", written.symbol),
            (true, 1) => format!("Số: {number} / {}", written.symbol),
            (true, _) => format!("Số:{number}/{}", written.symbol.replace('-', " - ")),
            _ => format!("Số: {number}/{}", written.symbol),
        },
        day: match blanks {
            true => format!(
                "{}, {}",
                written.place,
                day_in_words(written.issued_on).replace(' ', "  ")
            ),
            false => format!("{}, {}", written.place, day_in_words(written.issued_on)),
        },
    }
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one");
        if !line.is_empty() && line.chars().count() + word.chars().count() >= width {
            lines.push(word.to_owned());
        } else {
            let space = if line.is_empty() { "" } else { " " };
            let _ = write!(line, "{space}{word}");
        }
    }
    lines
}

fn mark(written: &Written) -> Option<&'static str> {
    written.urgency.and_then(|mark| match mark {
        Urgency::Normal => None,
        Urgency::Urgent => Some("KHẨN"),
        Urgency::VeryUrgent => Some("THƯỢNG KHẨN"),
        Urgency::Express => Some("HỎA TỐC"),
    })
}

/// A paragraph of the flat ODF file.
fn paragraph(style: &str, runs: &[(&str, &str)]) -> String {
    let mut xml = format!("<text:p text:style-name=\"{style}\">");
    for (run, text) in runs {
        let _ = write!(
            xml,
            "<text:span text:style-name=\"{run}\">{}</text:span>",
            escaped(text)
        );
    }
    xml + "</text:p>"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace("    ", " <text:s text:c=\"3\"/>")
        .replace("  ", " <text:s/>")
        .replace('\t', "<text:tab/>")
}

fn table(name: &str, columns: [&str; 2], rows: &[[String; 2]]) -> String {
    let mut xml = format!("<table:table table:name=\"{name}\" table:style-name=\"{name}\">");
    for style in columns {
        let _ = write!(xml, "<table:table-column table:style-name=\"{style}\"/>");
    }
    for [left, right] in rows {
        let _ = write!(
            xml,
            "<table:table-row><table:table-cell office:value-type=\"string\">{left}</table:table-cell>\
             <table:table-cell office:value-type=\"string\">{right}</table:table-cell></table:table-row>"
        );
    }
    xml + "</table:table>"
}

/// The flat ODF file of a layout; of `index` depends where the blanks of the number stand.
pub fn flat(written: &Written, layout: Layout, index: usize) -> String {
    let mut body = match layout {
        Layout::Worn => note(written, "10.5cm", "0.4cm") + &note(written, "11.5cm", "14cm"),
        _ => String::new(),
    };
    body += &head(written, layout, index);
    if !written.is_letter() {
        body += &paragraph("title", &[("b14", &written.type_name().to_uppercase())]);
        body += &paragraph(
            "centre",
            &[(
                if layout == Layout::Worn { "n14" } else { "b14" },
                &written.subject,
            )],
        );
        body += &paragraph("centre", &[("n6", "_____________")]);
    }
    body += &addressees(written);
    if written.type_key.starts_with("quyet_dinh") {
        body += &paragraph("spaced", &[("b14", &written.agency.to_uppercase())]);
    }
    for line in written.body.lines() {
        let style = if line.starts_with("Căn cứ") || line.starts_with("Theo đề nghị của Chánh") {
            "i14"
        } else {
            "n14"
        };
        match line.ends_with(':') && line.starts_with("QUYẾT") {
            true => body += &paragraph("spaced", &[("b14", line)]),
            false => body += &paragraph("body", &[(style, line.trim())]),
        }
    }
    body += &tail(written, layout);
    let text = DOCUMENT
        .replace(
            "FONT",
            if layout == Layout::Sans {
                "Liberation Sans"
            } else {
                "Liberation Serif"
            },
        )
        .replace("BODY", &body);
    match layout {
        Layout::RowsAndBlanks => text.nfd().collect(),
        _ => text,
    }
}

/// What a signing program writes beside its seal.
fn note(written: &Written, x: &str, y: &str) -> String {
    let lines = [
        format!("Người ký: {}", written.agency),
        "Email: vanthu@example.gov.vn".to_owned(),
        format!("Cơ quan: {}", written.place),
        "Thời gian ký: 05.03.2026 08:00:12 +07:00".to_owned(),
    ];
    let text: String = lines
        .iter()
        .map(|line| paragraph("plain", &[("n8", line)]))
        .collect();
    format!(
        "<draw:frame draw:style-name=\"note\" text:anchor-type=\"page\" text:anchor-page-number=\"1\" svg:x=\"{x}\" svg:y=\"{y}\" \
         svg:width=\"8cm\" svg:height=\"1.4cm\"><draw:text-box>{text}</draw:text-box></draw:frame>"
    )
}

fn head(written: &Written, layout: Layout, index: usize) -> String {
    let printed = printed(written, layout, index);
    let about = |width| wrapped(&format!("V/v {}", written.subject), width);
    if layout == Layout::Tabs {
        let left = printed
            .parent
            .iter()
            .map(|line| ("n12", line))
            .chain(printed.agency.iter().map(|line| ("b12", line)));
        let right = [
            ("b12", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            ("b13", "Độc lập - Tự do - Hạnh phúc"),
        ];
        let left: Vec<_> = left.collect();
        let mut body = String::new();
        for line in 0..left.len().max(2) {
            let mut runs = vec![("n12", "\t".to_owned())];
            runs.extend(left.get(line).map(|(style, text)| (*style, (*text).clone())));
            if let Some((style, text)) = right.get(line) {
                runs.push((style, format!("\t{text}")));
            }
            let runs: Vec<_> = runs.iter().map(|(style, text)| (*style, text.as_str())).collect();
            body += &paragraph("tabs", &runs);
        }
        body += &paragraph(
            "tabs",
            &[
                ("n13", &format!("\t{}", printed.number)),
                ("i13", &format!("\t{}", printed.day)),
            ],
        );
        if written.is_letter() {
            for line in about(30) {
                body += &paragraph("tabs", &[("n12", &format!("\t{line}"))]);
            }
        }
        if let Some(mark) = mark(written) {
            body += &paragraph("tabs", &[("b13", &format!("\t{mark}"))]);
        }
        return body;
    }
    let above = if layout == Layout::Worn { "b12" } else { "n12" };
    let mut names: String = printed
        .parent
        .iter()
        .map(|line| paragraph("centre", &[(above, line)]))
        .collect();
    names.extend(
        printed
            .agency
            .iter()
            .map(|line| paragraph("centre", &[("b12", line)])),
    );
    names += &paragraph("centre", &[("n6", "________")]);
    let nation = paragraph("centre", &[("b12", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")])
        + &paragraph("centre", &[("b13", "Độc lập - Tự do - Hạnh phúc")])
        + &paragraph("centre", &[("n6", "______________________")]);
    let mut number = paragraph("centre", &[("n13", &printed.number)]);
    if written.is_letter() {
        number += &paragraph("centre", &[("n12", &format!("V/v {}", written.subject))]);
    }
    if let Some(mark) = mark(written) {
        number += &paragraph("centre", &[("b13", mark)]);
    }
    let day = paragraph("centre", &[("i13", &printed.day)]);
    let rows = match layout {
        Layout::RowsAndBlanks => vec![[names, nation], [number, day]],
        _ => vec![[names + &number, nation + &day]],
    };
    table("head", ["left", "right"], &rows)
}

fn addressees(written: &Written) -> String {
    match written.addressees.as_slice() {
        [] => String::new(),
        [one] => paragraph("spaced", &[("n14", &format!("Kính gửi: {one}."))]),
        many => {
            let mut body = paragraph("spaced", &[("n14", "Kính gửi:")]);
            for name in many {
                body += &paragraph("indented", &[("n14", &format!("- {name};"))]);
            }
            body
        }
    }
}

fn tail(written: &Written, layout: Layout) -> String {
    let mut left = vec![("bi12", "Nơi nhận:".to_owned())];
    left.extend(
        written
            .recipients
            .iter()
            .map(|name| ("n11", format!("- {name};"))),
    );
    left.push(("n11", format!("- Lưu: {}.", written.keep)));
    let mut right: Vec<String> = written.signature_lines.clone();
    right.extend(vec![String::new(); 4]);
    if layout == Layout::Worn {
        right.push("(Đã ký)".to_owned());
    }
    right.push(written.signer_name.clone());
    if layout == Layout::Tabs {
        let left: Vec<_> = left
            .iter()
            .flat_map(|(style, line)| wrapped(line, 46).into_iter().map(|line| (*style, line)))
            .collect();
        let mut body = String::new();
        for line in 0..left.len().max(right.len()) {
            let (style, text) = left.get(line).cloned().unwrap_or(("n11", String::new()));
            let signer = right.get(line).cloned().unwrap_or_default();
            body += &paragraph("end", &[(style, &text), ("b14", &format!("\t{signer}"))]);
        }
        return body;
    }
    let left: String = left
        .iter()
        .map(|(style, line)| paragraph("plain", &[(style, line)]))
        .collect();
    let right: String = right
        .iter()
        .map(|line| paragraph("centre", &[("b14", line)]))
        .collect();
    paragraph("body", &[]) + &table("end", ["half", "half"], &[[left, right]])
}

/// As a web editor would export it.
pub fn html(written: &Written) -> String {
    let printed = printed(written, Layout::Tables, 0);
    let cell = |inner: String| format!("<td valign=top align=center>{inner}</td>");
    let names = printed
        .parent
        .iter()
        .map(|line| format!("{line}<br>"))
        .collect::<String>()
        + &format!("<b>{}</b><br>", printed.agency.join("<br>"));
    let about = if written.is_letter() {
        format!("<br><font size=2>V/v {}</font>", written.subject)
    } else {
        String::new()
    };
    let mark = mark(written)
        .map(|mark| format!("<br><b>{mark}</b>"))
        .unwrap_or_default();
    let title = match written.is_letter() {
        true => String::new(),
        false => format!(
            "<p align=center><b>{}</b></p><p align=center><b>{}</b></p>",
            written.type_name().to_uppercase(),
            written.subject
        ),
    };
    let to = match written.addressees.as_slice() {
        [] => String::new(),
        many => format!("<p align=center>Kính gửi: {}</p>", many.join("; ")),
    };
    let content: String = written
        .body
        .lines()
        .map(|line| format!("<p>{line}</p>"))
        .collect();
    let list: String = written
        .recipients
        .iter()
        .map(|name| format!("- {name};<br>"))
        .collect();
    format!(
        "<html><head><meta charset=utf-8><style>@page {{ size: 21cm 29.7cm; margin: 2cm 1.5cm 2cm 3cm }} \
         body {{ font-family: 'Liberation Serif'; font-size: 13pt }} p {{ margin: 4pt 0 }}</style></head><body>\
         <table width=100% border=0><tr>{}{}</tr><tr>{}{}</tr></table>{title}{to}{content}\
         <table width=100% border=0><tr><td valign=top width=50%><b><i>Nơi nhận:</i></b><br><font size=2>{list}- Lưu: {}.</font></td>{}</tr></table>\
         </body></html>",
        cell(names),
        cell("<b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</b>".to_owned()),
        cell(format!("{}{about}{mark}", printed.number)),
        cell(format!("<i>{}</i>", printed.day)),
        written.keep,
        cell(format!(
            "<b>{}<br><br><br><br>{}</b>",
            written.signature_lines.join("<br>"),
            written.signer_name
        )),
    )
}

const DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="F" svg:font-family="'FONT'"/></office:font-face-decls>
<office:styles><style:default-style style:family="paragraph"><style:text-properties style:font-name="F" fo:font-size="14pt" fo:language="vi" fo:country="VN"/></style:default-style></office:styles>
<office:automatic-styles>
<style:page-layout style:name="pl"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin-top="2cm" fo:margin-bottom="2cm" fo:margin-left="3cm" fo:margin-right="1.5cm"/></style:page-layout>
<style:style style:name="plain" style:family="paragraph"/>
<style:style style:name="centre" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/></style:style>
<style:style style:name="spaced" style:family="paragraph"><style:paragraph-properties fo:text-align="center" fo:margin-top="0.4cm" fo:margin-bottom="0.3cm"/></style:style>
<style:style style:name="title" style:family="paragraph"><style:paragraph-properties fo:text-align="center" fo:margin-top="0.5cm"/></style:style>
<style:style style:name="indented" style:family="paragraph"><style:paragraph-properties fo:margin-left="5cm"/></style:style>
<style:style style:name="body" style:family="paragraph"><style:paragraph-properties fo:text-align="justify" fo:text-indent="1.27cm" fo:margin-top="0.1cm" fo:margin-bottom="0.1cm"/></style:style>
<style:style style:name="tabs" style:family="paragraph"><style:paragraph-properties><style:tab-stops><style:tab-stop style:position="3.2cm" style:type="center"/><style:tab-stop style:position="11.6cm" style:type="center"/></style:tab-stops></style:paragraph-properties></style:style>
<style:style style:name="end" style:family="paragraph"><style:paragraph-properties><style:tab-stops><style:tab-stop style:position="12.5cm" style:type="center"/></style:tab-stops></style:paragraph-properties></style:style>
<style:style style:name="note" style:family="graphic"><style:graphic-properties style:wrap="run-through" style:run-through="foreground" style:horizontal-pos="from-left" style:horizontal-rel="page" style:vertical-pos="from-top" style:vertical-rel="page" draw:fill="none" draw:stroke="none"/></style:style>
<style:style style:name="n8" style:family="text"><style:text-properties fo:font-size="8pt"/></style:style>
<style:style style:name="n6" style:family="text"><style:text-properties fo:font-size="6pt"/></style:style>
<style:style style:name="n11" style:family="text"><style:text-properties fo:font-size="11pt"/></style:style>
<style:style style:name="n12" style:family="text"><style:text-properties fo:font-size="12pt"/></style:style>
<style:style style:name="n13" style:family="text"><style:text-properties fo:font-size="13pt"/></style:style>
<style:style style:name="n14" style:family="text"><style:text-properties fo:font-size="14pt"/></style:style>
<style:style style:name="b12" style:family="text"><style:text-properties fo:font-size="12pt" fo:font-weight="bold"/></style:style>
<style:style style:name="b13" style:family="text"><style:text-properties fo:font-size="13pt" fo:font-weight="bold"/></style:style>
<style:style style:name="b14" style:family="text"><style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style>
<style:style style:name="i13" style:family="text"><style:text-properties fo:font-size="13pt" fo:font-style="italic"/></style:style>
<style:style style:name="i14" style:family="text"><style:text-properties fo:font-size="14pt" fo:font-style="italic"/></style:style>
<style:style style:name="bi12" style:family="text"><style:text-properties fo:font-size="12pt" fo:font-weight="bold" fo:font-style="italic"/></style:style>
<style:style style:name="head" style:family="table"><style:table-properties style:width="16.5cm"/></style:style>
<style:style style:name="end" style:family="table"><style:table-properties style:width="16.5cm"/></style:style>
<style:style style:name="left" style:family="table-column"><style:table-column-properties style:column-width="6.7cm"/></style:style>
<style:style style:name="right" style:family="table-column"><style:table-column-properties style:column-width="9.8cm"/></style:style>
<style:style style:name="half" style:family="table-column"><style:table-column-properties style:column-width="8.25cm"/></style:style>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pl"/></office:master-styles>
<office:body><office:text>BODY</office:text></office:body>
</office:document>
"#;
