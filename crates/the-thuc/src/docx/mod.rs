//! The same document as an editable DOCX: what the layout engine prints, as paragraphs and tables that an office program changes.
//!
//! Widths of lines under titles depend on the text above them, so texts are measured with the typeface of the composer.

mod blocks;
mod package;
mod parts;
mod xml;

use std::io;

use crate::pieces::Piece;
use crate::view::{OfficialView, PartView, SignatureView};
use parts::{Lines, Paragraph, Style, Twips, borders, cell, mm, nothing, page_number, pt, row, rule, table};
use xml::{Element, el};

/// A4 and the margins of PL1-G3, as in the PDF.
const PAGE: (f64, f64) = (210.0, 297.0);
const MARGIN_TOP: f64 = 20.0;
const MARGIN_BOTTOM: f64 = 20.0;
const MARGIN_LEFT: f64 = 30.0;
const MARGIN_RIGHT: f64 = 15.0;
/// First-line indent.
const INDENT: Twips = 720;
/// What the body's line spacing adds between two lines: 0.15 lines of 14 pt.
const PITCH: Twips = 48;

/// Width of a text in points: text, size, bold.
pub(crate) type Measure<'a> = &'a dyn Fn(&str, i32, bool) -> f64;

/// Writes a document.
pub(crate) fn write(view: &OfficialView, measure: Measure<'_>) -> io::Result<Vec<u8>> {
    let writer = Writer { view, measure };
    let contact = view.contact.as_deref();
    let circulation = view.circulation.as_deref();
    package::Package {
        title: view.title.clone(),
        author: view.author.clone(),
        body: writer.body(),
        header: el("w:hdr").with(Paragraph::even().runs([page_number(Style::of(14))]).build()),
        first_header: el("w:hdr").with(writer.circulation(circulation)),
        empty_header: el("w:hdr").with(nothing().build()),
        footer: el("w:ftr").with(nothing().build()),
        first_footer: el("w:ftr").with(contact.map_or_else(
            || nothing().build(),
            |contact| {
                Paragraph::new("left", Lines::Single)
                    .ruled("w:top")
                    .run(contact, Style::of(11))
                    .build()
            },
        )),
    }
    .zip()
}

/// Paragraphs and tables from top to bottom; remembers how much room the last one asks for below it, because the larger of two
/// distances holds between two blocks, as in the PDF.
#[derive(Default)]
struct Flow {
    done: Vec<Element>,
    below: Twips,
}

impl Flow {
    fn push(&mut self, paragraph: Paragraph, above: Twips, below: Twips) {
        let before = if self.done.is_empty() {
            0
        } else {
            above.max(self.below)
        };
        self.done.push(paragraph.before(before).build());
        self.below = below;
    }

    /// A table, whose first paragraphs have the distance from what stands above in them.
    fn table(&mut self, table: Element) {
        self.done.push(table);
        self.below = 0;
    }
}

struct Writer<'a> {
    view: &'a OfficialView,
    measure: Measure<'a>,
}

impl Writer<'_> {
    fn width(&self) -> Twips {
        mm(PAGE.0) - mm(MARGIN_LEFT) - mm(MARGIN_RIGHT)
    }

    /// Width of the longest line of a text in `room`: lines that are broken are of about even length.
    fn longest(&self, text: &str, size: i32, bold: bool, room: Twips) -> Twips {
        let widths = text.split('\n').map(|line| {
            let whole = (self.measure)(line, size, bold) * 20.0;
            let room = f64::from(room);
            whole / (whole / room).ceil().max(1.0)
        });
        widths.fold(0.0, f64::max).round() as Twips
    }

    fn body(&self) -> Element {
        let view = self.view;
        let mut flow = Flow::default();
        flow.table(self.masthead(true));
        if view.letter {
            flow.below = pt(14);
            flow.done.push(nothing().build());
        } else {
            flow.done.push(nothing().build());
            self.title(&mut flow, &view.type_name, &[&view.subject], None, pt(17));
        }
        self.addressees(&mut flow);
        if let Some(authority) = &view.authority {
            let line = Paragraph::even().run(authority, Style::of(14).bold());
            flow.push(line, pt(14), pt(14));
        }
        self.telegram(&mut flow);
        blocks::write(&mut flow, &view.blocks, self.width(), true);
        self.closing(&mut flow);
        let last = view.parts.len();
        let mut section = nothing();
        for (index, part) in view.parts.iter().enumerate() {
            flow.done.push(section.section(self.section(index == 0)).build());
            section = nothing();
            self.part(&mut flow, part);
        }
        flow.done.push(section.build());
        flow.done.push(self.section(last == 0));
        el("w:body").all(flow.done)
    }

    /// Ô 1 to 5b and 10b.
    fn masthead(&self, numbered: bool) -> Element {
        let view = self.view;
        let (nation, motto) = (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
        );
        let sizes = &view.sizes;
        let (small, motto_size) = (i32::from(sizes.nation), i32::from(sizes.motto));
        let date = plain(&view.place_date);
        let gutter = mm(2.0);
        let mut right = self.longest(nation, small, true, self.width()) + mm(1.0);
        if numbered && view.dated {
            let day = self.longest(&date, i32::from(sizes.day), false, self.width()) + mm(1.0);
            right = right.max(day.min(self.width() - mm(45.0)));
        }
        let left = self.width() - gutter - right;

        let agency_size = i32::from(sizes.agency);
        let mut agency = Vec::new();
        if let Some(parent) = &view.parent {
            agency.push(Paragraph::even().run(parent, Style::of(agency_size)).build());
        }
        agency.push(
            Paragraph::even()
                .run(&view.agency, Style::of(agency_size).bold())
                .build(),
        );
        let longest = self.longest(&view.agency, agency_size, true, left);
        agency.push(rule(left, longest * 2 / 5).build());
        let state = vec![
            Paragraph::even().run(nation, Style::of(small).bold()).build(),
            Paragraph::even().run(motto, Style::of(motto_size).bold()).build(),
            rule(right, self.longest(motto, motto_size, true, right)).build(),
        ];
        let mut rows = vec![row([
            cell(left, agency),
            cell(gutter, Vec::new()),
            cell(right, state),
        ])];
        if numbered {
            let mut under = vec![
                Paragraph::even()
                    .before(pt(8))
                    .run(&plain(&view.number), Style::of(13))
                    .build(),
            ];
            if view.letter {
                under.push(
                    Paragraph::even()
                        .before(pt(6))
                        .run(&view.subject, Style::of(12))
                        .build(),
                );
            }
            if let Some(mark) = &view.urgency {
                under.push(nothing().before(pt(6)).build());
                under.push(urgency(mark.text, mark.width, mark.height));
                under.push(nothing().build());
            }
            let day = if view.dated {
                vec![
                    Paragraph::even()
                        .before(pt(8))
                        .run(&date, Style::of(i32::from(sizes.day)).italic())
                        .build(),
                ]
            } else {
                Vec::new()
            };
            rows.push(row([
                cell(left, under),
                cell(gutter, Vec::new()),
                cell(right, day),
            ]));
        }
        table(&[left, gutter, right], None, 0, false, rows)
    }

    /// Ô 11, in the top margin above ô 1.
    fn circulation(&self, words: Option<&str>) -> Element {
        let Some(words) = words else {
            return nothing().build();
        };
        let nation = self.longest("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, true, self.width());
        let style = Style {
            boxed: Some("000000"),
            ..Style::of(13).bold()
        };
        Paragraph::even()
            .indent(self.width() - nation, 0)
            .run(words, style)
            .build()
    }

    /// Ô 5a: type, trích yếu, the reference of an attached document, and the line below.
    fn title(&self, flow: &mut Flow, name: &str, bold: &[&str], reference: Option<&str>, above: Twips) {
        let heading = Paragraph::even()
            .sticky(true)
            .outline(1)
            .run(name, Style::of(14).bold());
        let is_alone = bold.iter().all(|line| line.is_empty()) && reference.is_none();
        flow.push(heading, above, if is_alone { pt(14) } else { 0 });
        if is_alone {
            return;
        }
        let side = self.width() * 6 / 100;
        let room = self.width() - 2 * side;
        let mut longest = 0;
        let bold = bold.iter().map(|line| (*line, Style::of(14).bold()));
        let italic = reference.map(|line| (line, Style::of(14).italic()));
        for (line, style) in bold.chain(italic).filter(|(line, _)| !line.is_empty()) {
            longest = longest.max(self.longest(line, 14, style.bold, room));
            let line = Paragraph::even().sticky(true).indent(side, side).run(line, style);
            flow.push(line, 0, 0);
        }
        let line = rule(self.width(), longest * 2 / 5).sticky(true);
        flow.push(line, 0, pt(14));
    }

    /// Ô 9a.
    fn addressees(&self, flow: &mut Flow) {
        const LABEL: &str = "Kính gửi:";
        let names = &self.view.addressees;
        let style = Style::of(14);
        match names.as_slice() {
            [] => {}
            [name] => {
                let line = format!("{LABEL} {name}");
                let paragraph = if self.longest(&line, 14, false, self.width() * 9 / 10)
                    == self.longest(&line, 14, false, Twips::MAX)
                {
                    Paragraph::even()
                } else {
                    let lead = self.longest("Kính gửi: ", 14, false, Twips::MAX);
                    Paragraph::new("left", Lines::Single)
                        .indent(mm(12.0) + lead, mm(12.0))
                        .first(-lead)
                };
                flow.push(paragraph.run(&line, style), pt(14), pt(14));
            }
            several => {
                let dash = self.longest("Kính gửi", 14, false, Twips::MAX);
                let sign = self.longest("- ", 14, false, Twips::MAX);
                let longest = several
                    .iter()
                    .map(|name| self.longest(name, 14, false, Twips::MAX))
                    .fold(0, Twips::max);
                let left = ((self.width() - dash - sign - longest) / 2).max(mm(12.0));
                let label = Paragraph::new("left", Lines::Single)
                    .indent(left, 0)
                    .sticky(true)
                    .run(LABEL, style);
                flow.push(label, pt(14), PITCH);
                let last = several.len() - 1;
                for (index, name) in several.iter().enumerate() {
                    let line = Paragraph::new("left", Lines::Single)
                        .indent(left + dash + sign, 0)
                        .first(-sign)
                        .run(&format!("- {name}"), style);
                    flow.push(line, PITCH, if index == last { pt(14) } else { PITCH });
                }
            }
        }
    }

    /// Mẫu 1.6.
    fn telegram(&self, flow: &mut Flow) {
        let Some(telegram) = &self.view.telegram else {
            return;
        };
        let style = Style::of(14);
        let line = Paragraph::even().sticky(true).run(&telegram.line, style);
        flow.push(line, pt(14), PITCH + pt(6));
        let sign = self.longest("- ", 14, false, Twips::MAX);
        for name in &telegram.receivers {
            let line = Paragraph::new("left", Lines::Single)
                .indent(mm(45.0) + sign, 0)
                .first(-sign)
                .run(&format!("- {name}"), style);
            flow.push(line, PITCH, PITCH);
        }
        flow.below = PITCH + pt(6);
    }

    /// Ô 7 and 9b.
    fn closing(&self, flow: &mut Flow) {
        let view = self.view;
        let above = PITCH + pt(12);
        let (left, gutter) = (self.width() * 45 / 100, mm(5.0));
        let right = self.width() - left - gutter;
        let signature = signed_by(&view.signature, above);
        let first = match &view.secretary {
            Some(secretary) => signed_by(secretary, above),
            None => self.recipients(above),
        };
        let closing = row([
            cell(left, first),
            cell(gutter, Vec::new()),
            cell(right, signature),
        ]);
        flow.table(table(&[left, gutter, right], None, 0, false, vec![closing]));
        if view.secretary.is_some() {
            flow.done.push(nothing().build());
            flow.done.extend(self.recipients(above));
        }
        if view.confirmation {
            flow.done.push(nothing().build());
            let words = "Xác nhận của cơ quan (tổ chức) hoặc chính quyền địa phương nơi nghỉ phép (nếu cần)";
            let indent = |paragraph: Paragraph| paragraph.indent(0, self.width() - left);
            let bold = Paragraph::even().run(words, Style::of(13).bold());
            flow.done.push(indent(bold).sticky(true).before(above).build());
            let italic = Paragraph::even().run("(Chữ ký, dấu)", Style::of(13).italic());
            flow.done.push(indent(italic).build());
        }
    }

    fn recipients(&self, above: Twips) -> Vec<Element> {
        if self.view.recipients.is_empty() {
            return Vec::new();
        }
        let label = Style::of(12).bold().italic();
        let heading = Paragraph::new("left", Lines::Single)
            .sticky(true)
            .before(above)
            .run("Nơi nhận:", label);
        let sign = self.longest("- ", 11, false, Twips::MAX);
        let lines = self.view.recipients.iter().map(|name| {
            Paragraph::new("left", Lines::Single)
                .indent(sign, 0)
                .first(-sign)
                .run(&format!("- {name}"), Style::of(11))
                .build()
        });
        std::iter::once(heading.build()).chain(lines).collect()
    }

    /// An appendix or an attached document, at the top of its own section.
    fn part(&self, flow: &mut Flow, part: &PartView) {
        flow.below = 0;
        if part.masthead {
            flow.table(self.masthead(false));
            flow.done.push(nothing().build());
        }
        let reference = Some(part.reference.as_str());
        match &part.label {
            Some(label) => self.title(flow, label, &[&part.title], reference, 0),
            None => self.title(flow, &part.title, &[&part.subject], reference, pt(17)),
        }
        blocks::write(flow, &part.blocks, self.width(), false);
    }

    /// Page size, margins, and pages numbered from 1 without a number on the first (PL1-G1, G3, G7, A5).
    fn section(&self, is_main: bool) -> Element {
        let reference = |name, kind: &str, id: &str| el(name).at("w:type", kind).at("r:id", id);
        // ô 11 and ô 13 stand on page 1 of the document alone
        let (first_header, first_footer) = if is_main {
            ("rIdFirstHeader", "rIdFirstFooter")
        } else {
            ("rIdEmptyHeader", "rIdFooter")
        };
        let size = el("w:pgSz").at("w:w", mm(PAGE.0)).at("w:h", mm(PAGE.1));
        let margins = el("w:pgMar")
            .at("w:top", mm(MARGIN_TOP))
            .at("w:right", mm(MARGIN_RIGHT))
            .at("w:bottom", mm(MARGIN_BOTTOM))
            .at("w:left", mm(MARGIN_LEFT))
            .at("w:header", mm(8.3))
            .at("w:footer", mm(10.0))
            .at("w:gutter", 0);
        el("w:sectPr")
            .with(reference("w:headerReference", "default", "rIdHeader"))
            .with(reference("w:headerReference", "first", first_header))
            .with(reference("w:footerReference", "default", "rIdFooter"))
            .with(reference("w:footerReference", "first", first_footer))
            .with(xml::val("w:type", "nextPage"))
            .with(size)
            .with(margins)
            .with(el("w:pgNumType").at("w:start", 1))
            .with(el("w:titlePg"))
    }
}

/// Title lines, room for the signature, name.
fn signed_by(signature: &SignatureView, above: Twips) -> Vec<Element> {
    let bold = Style::of(14).bold();
    let mut lines: Vec<Element> = Vec::new();
    for (index, line) in signature.lines.iter().enumerate() {
        let before = if index == 0 { above } else { 0 };
        lines.push(Paragraph::even().before(before).run(line, bold).build());
    }
    lines.push(Paragraph::new("center", Lines::Exact(mm(30.0))).build());
    let names = signature.above.iter().chain([&signature.name]);
    lines.extend(names.map(|line| Paragraph::even().run(line, bold).build()));
    lines
}

/// Ô 10b: a box of its prescribed size in bright red.
fn urgency(text: &str, width: f64, height: f64) -> Element {
    const RED: &str = "FF0000";
    let words = Paragraph::even().runs([parts::colored(text, Style::of(13).bold(), RED)]);
    let inner = el("w:tc")
        .with(
            el("w:tcPr")
                .with(el("w:tcW").at("w:w", mm(width)).at("w:type", "dxa"))
                .with(xml::val("w:vAlign", "center")),
        )
        .with(words.build());
    let height = el("w:trHeight").at("w:val", mm(height)).at("w:hRule", "exact");
    let line = el("w:tr").with(el("w:trPr").with(height)).with(inner);
    table(&[mm(width)], Some(borders(6, RED, false)), 0, true, vec![line])
}

/// A line in pieces; blanks are no-break spaces about as wide as in the PDF.
fn plain(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            // a space is a quarter of an em
            Piece::Blank("number" | "year") => "\u{a0}".repeat(8),
            Piece::Blank(_) => "\u{a0}".repeat(4),
        })
        .collect()
}
