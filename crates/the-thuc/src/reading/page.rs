//! Positioned text: pages of lines of words, in points from the upper left corner.

/// One page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Width, points.
    pub width: f64,
    /// Height, points.
    pub height: f64,
    /// Its lines from top to bottom.
    pub lines: Vec<Line>,
}

/// The words on one baseline, from left to right; columns side by side share their lines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// The baseline, points from the top.
    pub y: f64,
    /// Its words.
    pub words: Vec<Word>,
}

/// A word with its place and style.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Word {
    /// Left edge, points.
    pub x0: f64,
    /// Right edge, points.
    pub x1: f64,
    /// Size of the font, points.
    pub size: f64,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is italic.
    pub italic: bool,
    /// Whether it was drawn right after the word before it on the line, as words of one paragraph are.
    pub follows: bool,
    /// The letters, NFC.
    pub text: String,
}
