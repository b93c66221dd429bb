//! The content (ô 6).

use super::parts::{Lines, Paragraph, Style, Twips, borders, cell, pt, run, runs, table};
use super::xml::{Element, el};
use super::{Flow, INDENT, PITCH};
use crate::blocks::BlockView;
use crate::body::{Block, Span};

/// Between two paragraphs.
const GAP: Twips = 120;

/// Writes blocks; of signed ones the last stays with the signature.
pub(super) fn write(flow: &mut Flow, blocks: &[BlockView], width: Twips, signed: bool) {
    for (index, item) in blocks.iter().enumerate() {
        let sticky = signed && index + 1 == blocks.len() && item.short;
        block(flow, item, width, sticky);
    }
}

fn block(flow: &mut Flow, item: &BlockView, width: Twips, sticky: bool) {
    let body = Style::of(14);
    let text = |label: Option<(&str, Style)>, spans: &[Span], style: Style| {
        let label = label.map(|(label, style)| run(&format!("{label} "), style));
        let runs: Vec<Element> = label.into_iter().chain(runs(spans, style)).collect();
        Paragraph::new("both", Lines::Body)
            .first(INDENT)
            .sticky(sticky)
            .runs(runs)
    };
    let between = |flow: &mut Flow, paragraph: Paragraph| flow.push(paragraph, GAP, GAP);
    match &item.block {
        Block::Ground { text: spans } => between(flow, text(None, spans, body.italic())),
        Block::Enacting { text: words } => {
            let line = Paragraph::even().sticky(true).run(words, body.bold());
            flow.push(line, GAP + PITCH, GAP + PITCH);
        }
        Block::Division { label, title, .. } => {
            let heading = Paragraph::even()
                .sticky(true)
                .outline(item.level)
                .run(label, body.bold());
            flow.push(heading, pt(12), if title.is_empty() { GAP } else { 0 });
            if !title.is_empty() {
                let line = Paragraph::even().sticky(true).runs(runs(title, body.bold()));
                flow.push(line, 0, GAP);
            }
        }
        Block::Headline { label, title } => {
            let line = text(Some((label, body.bold())), title, body.bold());
            flow.push(line.sticky(true).outline(item.level), GAP + pt(3), GAP);
        }
        Block::Article {
            label,
            text: spans,
            titled: true,
        } => {
            let line = text(Some((label, body.bold())), spans, body.bold());
            flow.push(line.sticky(true).outline(item.level), GAP + pt(3), GAP);
        }
        Block::Article {
            label, text: spans, ..
        } => {
            between(flow, text(Some((label, body.bold())), spans, body));
        }
        Block::Clause {
            label,
            text: spans,
            titled: true,
        } => between(
            flow,
            text(Some((label, body.bold())), spans, body.bold()).sticky(true),
        ),
        Block::Clause {
            label, text: spans, ..
        }
        | Block::Point { label, text: spans } => {
            between(flow, text(Some((label, body)), spans, body));
        }
        Block::Dash { depth, text: spans } => {
            let sign = if *depth == 2 { "+" } else { "-" };
            between(flow, text(Some((sign, body)), spans, body));
        }
        Block::Subheading { text: spans } => between(flow, text(None, spans, body.bold()).sticky(true)),
        Block::Paragraph { text: spans } => between(flow, text(None, spans, body)),
        Block::Table { head, rows } => grid(flow, item, *head, rows, width),
    }
}

fn grid(flow: &mut Flow, item: &BlockView, head: bool, rows: &[Vec<Vec<Span>>], width: Twips) {
    let share: f64 = item.columns.iter().map(|column| column.width).sum();
    let widths: Vec<Twips> = item
        .columns
        .iter()
        .map(|column| (f64::from(width) * column.width / share.max(f64::EPSILON)) as Twips)
        .collect();
    let lines = rows.iter().enumerate().map(|(index, row)| {
        let is_head = head && index == 0;
        let style = if is_head {
            Style::of(13).bold()
        } else {
            Style::of(13)
        };
        let cells = row
            .iter()
            .zip(&widths)
            .zip(&item.columns)
            .map(|((spans, width), column)| {
                let align = if is_head || column.short { "center" } else { "left" };
                let words = Paragraph::new(align, Lines::Single).runs(runs(spans, style));
                cell(*width, vec![words.build()])
            });
        let properties = el("w:trPr")
            .with(el("w:cantSplit"))
            .maybe(is_head.then(|| el("w:tblHeader")));
        el("w:tr").with(properties).all(cells)
    });
    // two tables in a row would become one
    flow.push(Paragraph::new("left", Lines::Exact(pt(1))), pt(5), 0);
    flow.table(table(
        &widths,
        Some(borders(4, "000000", true)),
        80,
        false,
        lines.collect(),
    ));
    flow.push(Paragraph::new("left", Lines::Exact(pt(1))), 0, GAP);
}
