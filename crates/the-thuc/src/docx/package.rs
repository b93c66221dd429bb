//! The container: parts of an OPC package in a ZIP.

use std::io::{self, Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::xml::{Element, el, val};

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// What differs between documents.
pub(super) struct Package {
    pub title: String,
    pub author: String,
    pub body: Element,
    pub header: Element,
    pub first_header: Element,
    pub empty_header: Element,
    pub footer: Element,
    pub first_footer: Element,
}

impl Package {
    /// The whole file. Its parts carry no time, so that equal documents are equal files.
    pub fn zip(self) -> io::Result<Vec<u8>> {
        let document = spaced(el("w:document")).with(self.body);
        let parts: [(&str, Vec<u8>); 11] = [
            ("[Content_Types].xml", content_types().document()?),
            ("_rels/.rels", package_relations().document()?),
            (
                "docProps/core.xml",
                properties(&self.title, &self.author).document()?,
            ),
            ("word/document.xml", document.document()?),
            ("word/_rels/document.xml.rels", document_relations().document()?),
            ("word/styles.xml", styles().document()?),
            ("word/header1.xml", spaced(self.header).document()?),
            ("word/header2.xml", spaced(self.first_header).document()?),
            ("word/header3.xml", spaced(self.empty_header).document()?),
            ("word/footer1.xml", spaced(self.footer).document()?),
            ("word/footer2.xml", spaced(self.first_footer).document()?),
        ];
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        for (name, bytes) in parts {
            archive.start_file(name, options)?;
            archive.write_all(&bytes)?;
        }
        Ok(archive.finish()?.into_inner())
    }
}

fn spaced(root: Element) -> Element {
    root.at("xmlns:w", W).at("xmlns:r", R)
}

fn content_types() -> Element {
    let default =
        |extension: &str, kind: &str| el("Default").at("Extension", extension).at("ContentType", kind);
    let part = |name: &str, kind: String| el("Override").at("PartName", name).at("ContentType", kind);
    let of_word = |kind: &str| format!("{WORD}.{kind}+xml");
    el("Types")
        .at("xmlns", format!("{PACKAGE}/content-types"))
        .with(default(
            "rels",
            "application/vnd.openxmlformats-package.relationships+xml",
        ))
        .with(default("xml", "application/xml"))
        .with(part("/word/document.xml", of_word("document.main")))
        .with(part("/word/styles.xml", of_word("styles")))
        .with(part("/word/header1.xml", of_word("header")))
        .with(part("/word/header2.xml", of_word("header")))
        .with(part("/word/header3.xml", of_word("header")))
        .with(part("/word/footer1.xml", of_word("footer")))
        .with(part("/word/footer2.xml", of_word("footer")))
        .with(part(
            "/docProps/core.xml",
            "application/vnd.openxmlformats-package.core-properties+xml".to_owned(),
        ))
}

fn relation(id: &str, kind: String, target: &str) -> Element {
    el("Relationship")
        .at("Id", id)
        .at("Type", kind)
        .at("Target", target)
}

fn package_relations() -> Element {
    el("Relationships")
        .at("xmlns", format!("{PACKAGE}/relationships"))
        .with(relation(
            "rIdDocument",
            format!("{R}/officeDocument"),
            "word/document.xml",
        ))
        .with(relation(
            "rIdProperties",
            format!("{PACKAGE}/relationships/metadata/core-properties"),
            "docProps/core.xml",
        ))
}

fn document_relations() -> Element {
    el("Relationships")
        .at("xmlns", format!("{PACKAGE}/relationships"))
        .with(relation("rIdStyles", format!("{R}/styles"), "styles.xml"))
        .with(relation("rIdHeader", format!("{R}/header"), "header1.xml"))
        .with(relation("rIdFirstHeader", format!("{R}/header"), "header2.xml"))
        .with(relation("rIdEmptyHeader", format!("{R}/header"), "header3.xml"))
        .with(relation("rIdFooter", format!("{R}/footer"), "footer1.xml"))
        .with(relation("rIdFirstFooter", format!("{R}/footer"), "footer2.xml"))
}

fn properties(title: &str, author: &str) -> Element {
    el("cp:coreProperties")
        .at("xmlns:cp", format!("{PACKAGE}/metadata/core-properties"))
        .at("xmlns:dc", "http://purl.org/dc/elements/1.1/")
        .with(el("dc:title").text(title))
        .with(el("dc:creator").text(author))
        .with(el("dc:language").text("vi-VN"))
}

/// Times New Roman 14, Vietnamese (PL1-G4); everything else stands with the paragraphs.
fn styles() -> Element {
    const FONT: &str = "Times New Roman";
    let fonts = el("w:rFonts")
        .at("w:ascii", FONT)
        .at("w:hAnsi", FONT)
        .at("w:eastAsia", FONT)
        .at("w:cs", FONT);
    let language = val("w:lang", "vi-VN")
        .at("w:eastAsia", "vi-VN")
        .at("w:bidi", "ar-SA");
    let run = el("w:rPr")
        .with(fonts)
        .with(val("w:color", "000000"))
        .with(val("w:sz", 28))
        .with(val("w:szCs", 28))
        .with(language);
    let paragraph = el("w:pPr").with(el("w:widowControl"));
    let normal = el("w:style")
        .at("w:type", "paragraph")
        .at("w:default", "1")
        .at("w:styleId", "Normal")
        .with(val("w:name", "Normal"));
    el("w:styles")
        .at("xmlns:w", W)
        .with(
            el("w:docDefaults")
                .with(el("w:rPrDefault").with(run))
                .with(el("w:pPrDefault").with(paragraph)),
        )
        .with(normal)
}
