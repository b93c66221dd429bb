//! Paragraphs, runs and tables with the measures of Phụ lục I. Lengths are twentieths of a point, sizes are points.

use super::xml::{Element, el, val};
use crate::body::Span;

/// Twentieths of a point.
pub(super) type Twips = i32;

/// Points as twips.
pub(super) const fn pt(points: i32) -> Twips {
    points * 20
}

/// Millimetres as twips, rounded.
pub(super) fn mm(millimetres: f64) -> Twips {
    (millimetres * 1440.0 / 25.4).round() as Twips
}

/// How a run looks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Style {
    pub size: i32,
    pub bold: bool,
    pub italic: bool,
    /// A single border around it, in this colour.
    pub boxed: Option<&'static str>,
}

impl Style {
    pub fn of(size: i32) -> Self {
        Self {
            size,
            ..Self::default()
        }
    }

    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub fn italic(self) -> Self {
        Self { italic: true, ..self }
    }
}

/// A run of text; a line feed in it is a break.
pub(super) fn run(text: &str, style: Style) -> Element {
    run_with(text, style, style.boxed)
}

fn run_with(text: &str, style: Style, color: Option<&'static str>) -> Element {
    let properties = el("w:rPr")
        .maybe(style.bold.then(|| el("w:b")))
        .maybe(style.italic.then(|| el("w:i")))
        .maybe(color.map(|color| val("w:color", color)))
        .with(val("w:sz", style.size * 2))
        .with(val("w:szCs", style.size * 2))
        .maybe(style.boxed.map(|color| border("w:bdr", 6, 3, color)));
    let mut run = el("w:r").with(properties);
    // the marks of the layout engine say nothing to an editor
    let text = text.replace(['\u{1}', '\u{2}'], "");
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            run = run.with(el("w:br"));
        }
        if !line.is_empty() {
            run = run.with(el("w:t").at("xml:space", "preserve").text(line));
        }
    }
    run
}

/// A run in a colour.
pub(super) fn colored(text: &str, style: Style, color: &'static str) -> Element {
    run_with(text, style, Some(color))
}

/// Runs of text with emphasis on top of `style`.
pub(super) fn runs(spans: &[Span], style: Style) -> Vec<Element> {
    let styled = |span: &Span| Style {
        bold: style.bold || span.bold,
        italic: style.italic || span.italic,
        ..style
    };
    spans.iter().map(|span| run(&span.text, styled(span))).collect()
}

/// The number of the page.
pub(super) fn page_number(style: Style) -> Element {
    el("w:fldSimple").at("w:instr", " PAGE ").with(run("2", style))
}

pub(super) fn border(name: &'static str, eighths: i32, space: i32, color: &str) -> Element {
    val(name, "single")
        .at("w:sz", eighths)
        .at("w:space", space)
        .at("w:color", color)
}

/// How the lines of a paragraph stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    /// Single spacing.
    Single,
    /// 1.15 lines, as the body has.
    Body,
    /// Exactly so high.
    Exact(Twips),
}

/// A paragraph under construction.
#[derive(Debug, Clone)]
pub(super) struct Paragraph {
    align: &'static str,
    left: Twips,
    right: Twips,
    first: Twips,
    before: Twips,
    lines: Lines,
    sticky: bool,
    outline: Option<u8>,
    rule: Option<&'static str>,
    section: Option<Element>,
    runs: Vec<Element>,
}

impl Paragraph {
    pub fn new(align: &'static str, lines: Lines) -> Self {
        Self {
            align,
            left: 0,
            right: 0,
            first: 0,
            before: 0,
            lines,
            sticky: false,
            outline: None,
            rule: None,
            section: None,
            runs: Vec::new(),
        }
    }

    /// Centred, single spacing: titles.
    pub fn even() -> Self {
        Self::new("center", Lines::Single)
    }

    pub fn run(mut self, text: &str, style: Style) -> Self {
        self.runs.push(run(text, style));
        self
    }

    pub fn runs(mut self, runs: impl IntoIterator<Item = Element>) -> Self {
        self.runs.extend(runs);
        self
    }

    pub fn before(self, before: Twips) -> Self {
        Self { before, ..self }
    }

    pub fn indent(self, left: Twips, right: Twips) -> Self {
        Self { left, right, ..self }
    }

    /// First line further in, or hanging when negative.
    pub fn first(self, first: Twips) -> Self {
        Self { first, ..self }
    }

    /// Stays on the page of what follows.
    pub fn sticky(self, sticky: bool) -> Self {
        Self { sticky, ..self }
    }

    /// Its place in the outline, from 1.
    pub fn outline(self, level: u8) -> Self {
        Self {
            outline: Some(level.clamp(1, 9) - 1),
            ..self
        }
    }

    /// With a line over (`w:top`) or below it (`w:bottom`).
    pub fn ruled(self, side: &'static str) -> Self {
        Self {
            rule: Some(side),
            ..self
        }
    }

    /// The last of its section.
    pub fn section(self, section: Element) -> Self {
        Self {
            section: Some(section),
            ..self
        }
    }

    pub fn build(self) -> Element {
        let (line, rule) = match self.lines {
            Lines::Single => (240, "auto"),
            Lines::Body => (276, "auto"),
            Lines::Exact(height) => (height, "exact"),
        };
        let spacing = el("w:spacing")
            .at("w:before", self.before)
            .at("w:after", 0)
            .at("w:line", line)
            .at("w:lineRule", rule);
        let indent = el("w:ind").at("w:left", self.left).at("w:right", self.right);
        let indent = match self.first {
            0 => indent,
            first if first > 0 => indent.at("w:firstLine", first),
            hanging => indent.at("w:hanging", -hanging),
        };
        // the order of these is that of the schema
        let properties = el("w:pPr")
            .maybe(self.sticky.then(|| el("w:keepNext")))
            .maybe(
                self.rule
                    .map(|side| el("w:pBdr").with(border(side, 5, 0, "000000"))),
            )
            .with(spacing)
            .with(indent)
            .with(val("w:jc", self.align))
            .maybe(self.outline.map(|level| val("w:outlineLvl", i32::from(level))))
            .maybe(self.section);
        el("w:p").with(properties).all(self.runs)
    }
}

/// A solid line `length` long in the middle of `room`, 3 pt below the text above it.
pub(super) fn rule(room: Twips, length: Twips) -> Paragraph {
    let side = ((room - length) / 2).max(0);
    Paragraph::new("center", Lines::Exact(pt(3)))
        .indent(side, side)
        .ruled("w:bottom")
}

/// A paragraph that nobody sees: a table must be followed by one.
pub(super) fn nothing() -> Paragraph {
    Paragraph::new("left", Lines::Exact(pt(1)))
}

/// One cell.
pub(super) fn cell(width: Twips, content: Vec<Element>) -> Element {
    let content = if content.is_empty() {
        vec![nothing().build()]
    } else {
        content
    };
    el("w:tc")
        .with(el("w:tcPr").with(el("w:tcW").at("w:w", width).at("w:type", "dxa")))
        .all(content)
}

/// A row that is not broken between pages.
pub(super) fn row(cells: impl IntoIterator<Item = Element>) -> Element {
    el("w:tr").with(el("w:trPr").with(el("w:cantSplit"))).all(cells)
}

/// A table of fixed widths with cells without margins.
pub(super) fn table(
    widths: &[Twips],
    borders: Option<Element>,
    margin: Twips,
    centred: bool,
    rows: Vec<Element>,
) -> Element {
    let side = |name| el(name).at("w:w", margin).at("w:type", "dxa");
    let properties = el("w:tblPr")
        .with(
            el("w:tblW")
                .at("w:w", widths.iter().sum::<Twips>())
                .at("w:type", "dxa"),
        )
        .maybe(centred.then(|| val("w:jc", "center")))
        .with(el("w:tblInd").at("w:w", 0).at("w:type", "dxa"))
        .maybe(borders)
        .with(el("w:tblLayout").at("w:type", "fixed"))
        .with(el("w:tblCellMar").with(side("w:left")).with(side("w:right")));
    let grid = el("w:tblGrid").all(widths.iter().map(|width| el("w:gridCol").at("w:w", *width)));
    el("w:tbl").with(properties).with(grid).all(rows)
}

/// All borders of a table, outside and inside.
pub(super) fn borders(eighths: i32, color: &str, inside: bool) -> Element {
    let sides = ["w:top", "w:left", "w:bottom", "w:right"];
    let more = ["w:insideH", "w:insideV"];
    let names = sides.into_iter().chain(more.into_iter().filter(|_| inside));
    el("w:tblBorders").all(names.map(|name| border(name, eighths, 0, color)))
}
