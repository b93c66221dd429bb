//! Splitting the pasted or scanned text of a decision into its parts.

use crate::body::{Body, Line, lines};
use crate::document::{Issuer, Kind, OfficialDocument, Part, PartKind, Reference, SignatureBlock};

/// A quyết định or nghị quyết split into its fields. Texts are in the format of [`Body::parse`], so that a form can show them for correction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParsedDecision {
    /// Tên loại in natural case: "Quyết định" or "Nghị quyết"; empty when no title line was found.
    pub title: String,
    /// Trích yếu nội dung.
    pub subject: String,
    /// Thẩm quyền ban hành, as written.
    pub authority_line: Option<String>,
    /// Căn cứ ban hành, `Theo đề nghị …` included, one per entry.
    pub grounds: Vec<String>,
    /// The line `QUYẾT ĐỊNH:` or `QUYẾT NGHỊ:`.
    pub enacting: Option<String>,
    /// The provisions.
    pub body: String,
    /// Nơi nhận without dashes and closing signs, without the line `Lưu`.
    pub recipients: Vec<String>,
    /// What stood after `Lưu`.
    pub keep_line: Option<String>,
    /// Signer.
    pub signature: SignatureBlock,
    /// The document issued with the decision.
    pub attached: Option<ParsedPart>,
}

/// The quy chế, quy định … that a decision issues.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParsedPart {
    /// Tên loại in natural case: "Quy chế".
    pub title: String,
    /// Trích yếu nội dung.
    pub subject: String,
    /// The line `(Kèm theo …)` with its brackets and line breaks.
    pub reference: Option<String>,
    /// The content, in the format of [`Body::parse`].
    pub body: String,
}

impl ParsedDecision {
    /// Grounds, enacting line and provisions as one body.
    #[must_use]
    pub fn content(&self) -> Body {
        let mut text = self.grounds.join("\n");
        for more in self.enacting.iter().chain([&self.body]) {
            text.push('\n');
            text.push_str(more);
        }
        Body::parse(&text)
    }

    /// A document with these fields; number and date are still open.
    #[must_use]
    pub fn into_document(
        self,
        issuing: Issuer,
        symbol: impl Into<String>,
        place: impl Into<String>,
    ) -> OfficialDocument {
        let body = self.content();
        let kind = Kind::Named {
            type_name: self.title,
            subject: self.subject,
        };
        let mut document = OfficialDocument::new(issuing, symbol, place, kind);
        document.authority_line = self.authority_line;
        document.body = body;
        document.signature = self.signature;
        document.recipients = self.recipients;
        document.keep_line = self.keep_line;
        document.parts = self.attached.map(ParsedPart::into_part).into_iter().collect();
        document
    }
}

impl ParsedPart {
    /// The part with the reference line as written, or blank when there was none.
    #[must_use]
    pub fn into_part(self) -> Part {
        Part {
            kind: PartKind::Attached {
                type_name: self.title,
            },
            subject: self.subject,
            reference: self.reference.map_or(Reference::Blank, Reference::Text),
            body: Body::parse(&self.body),
            closing_mark: true,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Heading,
    Subject,
    Grounds,
    Body,
    Closing,
    PartSubject,
    PartBody,
}

/// Reads the text of a decision, Markdown or plain, however irregular its headings are. It never fails: what is not found stays empty.
/// The heading of a pasted document (Quốc hiệu, agency, number, date) is passed over, because those are fields of their own.
#[must_use]
pub fn read_decision_markdown(text: &str) -> ParsedDecision {
    let mut read = ParsedDecision::default();
    let mut at = Where::Heading;
    for line in lines(text) {
        at = step(&mut read, at, &line);
    }
    read.body = read.body.trim_end().to_owned();
    if let Some(part) = &mut read.attached {
        part.body = part.body.trim_end().to_owned();
    }
    read
}

fn step(read: &mut ParsedDecision, at: Where, line: &Line) -> Where {
    let words = one_line(&line.plain());
    match at {
        Where::Heading => {
            if matches!(words.as_str(), "QUYẾT ĐỊNH" | "NGHỊ QUYẾT") {
                read.title = sentence_case(&words);
                return Where::Subject;
            }
            at
        }
        Where::Subject => {
            if starts_like_ground(&words) {
                return step(read, Where::Grounds, line);
            }
            if !read.subject.is_empty() && words == words.to_uppercase() {
                read.authority_line = Some(words);
                return Where::Grounds;
            }
            append_words(&mut read.subject, &words);
            at
        }
        Where::Grounds => {
            let name = words.trim_end_matches(':').trim_end();
            if matches!(name, "QUYẾT ĐỊNH" | "QUYẾT NGHỊ") {
                read.enacting = Some(format!("{name}:"));
                return Where::Body;
            }
            if words.starts_with("Điều 1") {
                return step(read, Where::Body, line);
            }
            read.grounds.push(words);
            at
        }
        Where::Body => {
            let signs = ["TM.", "KT.", "TL.", "TUQ.", "Q."];
            let is_signature =
                signs.iter().any(|sign| words.starts_with(sign)) && words == words.to_uppercase();
            if is_signature || words.starts_with("Nơi nhận") {
                return step(read, Where::Closing, line);
            }
            append_line(&mut read.body, line);
            at
        }
        Where::Closing => closing(read, line, words),
        Where::PartSubject | Where::PartBody => {
            let part = read.attached.get_or_insert_default();
            let is_reference = words.starts_with("(Kèm theo") || words.starts_with("(Ban hành kèm theo");
            if at == Where::PartSubject && is_reference {
                part.reference = Some(line.plain().trim().to_owned());
                return Where::PartBody;
            }
            if at == Where::PartSubject && part.subject.is_empty() {
                part.subject = words;
                return at;
            }
            append_line(&mut part.body, line);
            Where::PartBody
        }
    }
}

fn closing(read: &mut ParsedDecision, line: &Line, words: String) -> Where {
    let is_upper = words == words.to_uppercase();
    if words.starts_with("Nơi nhận") || words.trim_matches(['(', ')', '.', ' ']).to_lowercase() == "đã ký"
    {
        return Where::Closing;
    }
    if let Some(recipient) = words.strip_prefix(['-', '–']) {
        let recipient = recipient.trim().trim_end_matches([';', '.', ',']).trim_end();
        match recipient.strip_prefix("Lưu") {
            Some(keep) => read.keep_line = Some(keep.trim_start_matches([':', ' ']).to_owned()),
            None => read.recipients.push(recipient.to_owned()),
        }
        return Where::Closing;
    }
    if !read.signature.name.is_empty() && is_upper {
        read.attached = Some(ParsedPart {
            title: sentence_case(&words),
            ..ParsedPart::default()
        });
        return Where::PartSubject;
    }
    if is_upper {
        read.signature
            .lines
            .extend(line.plain().lines().map(|part| part.trim().to_owned()));
    } else if !read.signature.lines.is_empty() && read.signature.name.is_empty() {
        read.signature.name = words;
    }
    Where::Closing
}

fn starts_like_ground(words: &str) -> bool {
    words.starts_with("Căn cứ ") || words.starts_with("Theo đề nghị ")
}

fn append_words(text: &mut String, words: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(words);
}

fn append_line(text: &mut String, line: &Line) {
    if line.heading > 0 {
        text.push_str(&"#".repeat(line.heading));
        text.push(' ');
    }
    text.push_str(&line.raw.replace('\n', "  \n"));
    text.push('\n');
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn sentence_case(words: &str) -> String {
    let lower = words.to_lowercase();
    let mut signs = lower.chars();
    signs
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}
