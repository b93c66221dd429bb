//! The content (ô 6) as it is printed: capitals, closing mark, what a block needs to be laid out.

use serde::Serialize;

use crate::body::{Block, Body, Rank, Span, plain};
use crate::text::clean;

#[derive(Debug, Serialize)]
pub(crate) struct BlockView {
    #[serde(flatten)]
    pub block: Block,
    /// Level in the outline of the PDF.
    pub level: u8,
    /// Short enough to be moved to the next page together with the signature.
    pub short: bool,
    /// Longer than any reasonable paragraph.
    pub long: bool,
    /// The columns of a table.
    pub columns: Vec<ColumnView>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ColumnView {
    /// Relative to the other columns.
    pub width: f64,
    /// Numbers and dates, centred.
    pub short: bool,
}

/// The blocks of a content as they are printed, with `./.` at the end when it is asked for.
pub(crate) fn blocks(body: &Body, closing_mark: bool) -> Vec<BlockView> {
    let mut ranks: Vec<Rank> = Vec::new();
    let mut views: Vec<_> = body
        .blocks
        .iter()
        .map(|block| block_view(block, &mut ranks))
        .collect();
    if closing_mark {
        close(&mut views);
    }
    views
}

fn block_view(block: &Block, ranks: &mut Vec<Rank>) -> BlockView {
    let mut block = block.clone();
    for_each_text(&mut block, &mut |span| span.text = clean(&span.text));
    let below = |ranks: &[Rank]| u8::try_from(ranks.len()).unwrap_or(u8::MAX).saturating_add(2);
    let mut columns_of_table = Vec::new();
    let level = match &mut block {
        Block::Division { rank, title, .. } => {
            title
                .iter_mut()
                .for_each(|span| span.text = span.text.to_uppercase());
            ranks.retain(|above| above < rank);
            let level = below(ranks);
            ranks.push(*rank);
            level
        }
        Block::Headline { title, .. } => {
            title
                .iter_mut()
                .for_each(|span| span.text = span.text.to_uppercase());
            below(ranks)
        }
        Block::Table { rows, .. } => {
            columns_of_table = columns(rows);
            below(ranks)
        }
        _ => below(ranks),
    };
    let length = text_of(&block).map_or(1000, |text| plain(text).chars().count());
    BlockView {
        block,
        level,
        short: length <= 700,
        long: length > 10_000,
        columns: columns_of_table,
    }
}

fn columns(rows: &[Vec<Vec<Span>>]) -> Vec<ColumnView> {
    let longest = |column: usize, rows: &[Vec<Vec<Span>>]| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| plain(cell).chars().count()).max().unwrap_or(0)
    };
    let count = rows.first().map_or(0, Vec::len);
    (0..count)
        .map(|column| {
            let letters = u32::try_from(longest(column, rows).clamp(4, 120)).unwrap_or(120);
            let below_head = rows.get(1..).unwrap_or_default();
            ColumnView {
                width: f64::from(letters).powf(0.6),
                short: longest(column, below_head) <= 12,
            }
        })
        .collect()
}

/// Ends the content with `./.` in place of its last sign.
fn close(views: &mut Vec<BlockView>) {
    if views.is_empty() {
        return;
    }
    let last = views
        .last_mut()
        .and_then(|view| text_of_mut(&mut view.block))
        .and_then(|text| text.last_mut());
    match last {
        Some(span) => {
            let text = span.text.trim_end();
            let text = text
                .strip_suffix("./.")
                .unwrap_or(text)
                .trim_end_matches(['.', ';', ' ']);
            span.text = format!("{text}./.");
        }
        None => views.push(BlockView {
            block: Block::Paragraph {
                text: vec![Span::plain("./.")],
            },
            level: 2,
            short: true,
            long: false,
            columns: Vec::new(),
        }),
    }
}

/// The text of a block that is running text.
fn text_of(block: &Block) -> Option<&Vec<Span>> {
    match block {
        Block::Ground { text }
        | Block::Article { text, .. }
        | Block::Clause { text, .. }
        | Block::Point { text, .. }
        | Block::Dash { text, .. }
        | Block::Subheading { text }
        | Block::Paragraph { text } => Some(text),
        Block::Enacting { .. } | Block::Division { .. } | Block::Headline { .. } | Block::Table { .. } => {
            None
        }
    }
}

fn text_of_mut(block: &mut Block) -> Option<&mut Vec<Span>> {
    match block {
        Block::Ground { text }
        | Block::Article { text, .. }
        | Block::Clause { text, .. }
        | Block::Point { text, .. }
        | Block::Dash { text, .. }
        | Block::Subheading { text }
        | Block::Paragraph { text } => Some(text),
        Block::Enacting { .. } | Block::Division { .. } | Block::Headline { .. } | Block::Table { .. } => {
            None
        }
    }
}

fn for_each_text(block: &mut Block, act: &mut impl FnMut(&mut Span)) {
    match block {
        Block::Division { title, .. } | Block::Headline { title, .. } => title.iter_mut().for_each(act),
        Block::Table { rows, .. } => rows.iter_mut().flatten().flatten().for_each(act),
        Block::Enacting { text } => *text = clean(text),
        other => text_of_mut(other).into_iter().flatten().for_each(act),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_mark_replaces_the_last_sign_and_follows_a_table() {
        let last = |text: &str| match blocks(&Body::parse(text), true).pop().map(|view| view.block) {
            Some(Block::Paragraph { text }) => plain(&text),
            other => panic!("{other:?}"),
        };
        assert_eq!(last("Hết."), "Hết./.");
        assert_eq!(last("Hết./."), "Hết./.");
        assert_eq!(last("| a | b |\n| c | d |"), "./.");
        assert!(blocks(&Body::default(), true).is_empty());
    }
}
