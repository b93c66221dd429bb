//! Elements with the literal prefix `edXML:`, two spaces deeper each, LF; empty ones are left out.

use std::{
    collections::HashSet,
    io::{self, Write},
};

use quick_xml::escape::partial_escape;

use crate::{
    NAMESPACE,
    text::{Lines, value},
};

/// The prefix that receivers look for, although the default namespace would say the same.
pub(super) const PREFIX: &str = "edXML:";

pub(super) struct Xml<W> {
    out: W,
    depth: usize,
}

impl<W: Write> Xml<W> {
    pub(super) const fn new(out: W) -> Self {
        Self { out, depth: 0 }
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    pub(super) fn raw(&mut self) -> &mut W {
        &mut self.out
    }

    /// A whole line at the present depth.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        self.indent()?;
        writeln!(self.out, "{text}")
    }

    pub(super) fn indent(&mut self) -> io::Result<()> {
        write!(self.out, "{:width$}", "", width = self.depth * 2)
    }

    /// The whole message: `header` fills the header of the envelope, `body` writes what follows it in the envelope, `last`
    /// what follows the envelope.
    pub(super) fn document<E: From<io::Error>>(
        &mut self,
        header: impl FnOnce(&mut Self) -> Result<(), E>,
        body: impl FnOnce(&mut Self) -> Result<(), E>,
        last: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        self.line(&format!("<edXML xmlns=\"{NAMESPACE}\">"))?;
        self.depth += 1;
        self.line(&format!("<edXML:edXMLEnvelope xmlns:edXML=\"{NAMESPACE}\">"))?;
        self.depth += 1;
        self.element("edXMLHeader", header)?;
        body(self)?;
        self.depth -= 1;
        self.line("</edXML:edXMLEnvelope>")?;
        last(self)?;
        self.depth -= 1;
        self.line("</edXML>")?;
        Ok(())
    }

    /// An element with a prefix around other elements.
    pub(super) fn element<E: From<io::Error>>(
        &mut self,
        name: &str,
        inside: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.tag(PREFIX, name, "", inside)
    }

    pub(super) fn tag<E: From<io::Error>>(
        &mut self,
        prefix: &str,
        name: &str,
        attributes: &str,
        inside: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.line(&format!("<{prefix}{name}{attributes}>"))?;
        self.depth += 1;
        inside(self)?;
        self.depth -= 1;
        self.line(&format!("</{prefix}{name}>"))?;
        Ok(())
    }

    /// An element around a text of one line, if there is one.
    pub(super) fn text(&mut self, name: &str, text: Option<&str>) -> io::Result<()> {
        self.leaf(PREFIX, name, text, Lines::One)
    }

    /// An element around a text that keeps its lines.
    pub(super) fn lines(&mut self, name: &str, text: Option<&str>) -> io::Result<()> {
        self.leaf(PREFIX, name, text, Lines::Many)
    }

    pub(super) fn number(&mut self, name: &str, number: Option<u32>) -> io::Result<()> {
        match number {
            Some(number) => self.line(&format!("<{PREFIX}{name}>{number}</{PREFIX}{name}>")),
            None => Ok(()),
        }
    }

    pub(super) fn flag(&mut self, name: &str, flag: Option<bool>) -> io::Result<()> {
        self.number(name, flag.map(u32::from))
    }

    pub(super) fn leaf(
        &mut self,
        prefix: &str,
        name: &str,
        text: Option<&str>,
        lines: Lines,
    ) -> io::Result<()> {
        match text.and_then(|text| value(text, lines)) {
            Some(text) => self.line(&format!(
                "<{prefix}{name}>{}</{prefix}{name}>",
                partial_escape(&text)
            )),
            None => Ok(()),
        }
    }

    /// Texts that repeat, each once.
    pub(super) fn texts(&mut self, name: &str, texts: &[String]) -> io::Result<()> {
        let mut written = HashSet::new();
        for text in texts.iter().filter_map(|text| value(text, Lines::One)) {
            if !written.contains(&text) {
                self.text(name, Some(&text))?;
                written.insert(text);
            }
        }
        Ok(())
    }
}

/// Whether any of these texts would be written.
pub(super) fn any(texts: &[Option<&str>]) -> bool {
    texts
        .iter()
        .flatten()
        .any(|text| value(text, Lines::One).is_some())
}
