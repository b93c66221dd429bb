//! Reading a foreign file: liberal in form, strict in what it may cost (spec edxml 13.1).

pub(crate) mod attachments;
pub(crate) mod base64_stream;
pub(crate) mod business;
pub(crate) mod content;
pub mod dates;
pub(crate) mod fields;
mod gzip;
pub(crate) mod header;
pub(crate) mod intake;
pub(crate) mod names;
pub(crate) mod node;
pub(crate) mod parser;
pub mod recipients;
pub(crate) mod source;
pub mod unpack;

use std::io::BufRead;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    AttachmentSink, InMemory, Limits, Message, ReadError, Warning,
    warning::{WarningCode, Warnings},
};

pub(crate) use unpack::ZIP_MAGIC;

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// How much is read at most.
    pub limits: Limits,
    /// The present, to tell times in the future (R6); not asked when absent.
    pub now: Option<Timestamp>,
}

/// What a file says, and what had to be tolerated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Received {
    /// The message.
    pub message: Message,
    /// In the order of the file, as a rule.
    pub warnings: Vec<Warning>,
}

/// Reads one edXML file. The attachments go to the sink while they are read: memory does not grow with their size.
///
/// # Errors
/// [`ReadError`]: the file cannot be taken in at all (spec edxml 13.1, hard refusals).
pub fn read<R: BufRead, S: AttachmentSink>(
    source: R,
    options: &ReadOptions,
    sink: &mut S,
) -> Result<Received, ReadError> {
    let mut warnings = Warnings::new(options.limits.warnings);
    let source = intake::open(source, &options.limits, &mut warnings)?;
    let root = parser::parse(source, &options.limits, &mut warnings, sink)?;
    let message = header::message(&root, options, &mut warnings)?;
    Ok(Received {
        message,
        warnings: warnings.into_vec(),
    })
}

/// [`read()`] for a file in memory; gives the contents of the attachments by slot.
///
/// # Errors
/// As [`read()`].
pub fn read_bytes(file: &[u8], options: &ReadOptions) -> Result<(Received, Vec<Vec<u8>>), ReadError> {
    let mut sink = InMemory::default();
    let received = read(file, options, &mut sink)?;
    Ok((received, sink.contents))
}

impl Received {
    /// Whether there is a warning of this kind.
    #[must_use]
    pub fn warns(&self, code: WarningCode) -> bool {
        self.warnings.iter().any(|warning| warning.code == code)
    }
}
