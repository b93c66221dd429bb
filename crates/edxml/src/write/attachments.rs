//! The manifest and the encoded files (spec edxml 5).

use std::io::{self, Read, Write};

use base64::{prelude::BASE64_STANDARD, write::EncoderWriter};
use sha2::{Digest, Sha256};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{OpenContent, WriteError, xml::Xml};
use crate::{
    NAMESPACE,
    model::{Attachment, DocumentMessage},
    text::{Lines, value},
};

/// Whether a file is packed on the wire, and the `ContentType` that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrapping {
    /// It goes into an archive of its own.
    pub packed: bool,
    /// What the element says.
    pub content_type: &'static str,
}

/// What the library of the axis sends as it is, by case-sensitive extension; the misspelt ones are its own. Everything else
/// is packed: a receiver with the same library unpacks just that.
const AS_IT_IS: &[(&str, &str)] = &[
    ("pdf", "application/pdf"),
    ("doc", "application/doc"),
    ("docx", "application/docx"),
    ("xsl", "application/xsl"),
    ("xslx", "application/xslx"),
    ("zip", "application/zip"),
];

/// How a file of this name is sent.
#[must_use]
pub fn wrapping(name: &str) -> Wrapping {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match AS_IT_IS.iter().find(|(as_it_is, _)| *as_it_is == extension) {
        Some((_, content_type)) => Wrapping {
            packed: false,
            content_type,
        },
        None => Wrapping {
            packed: true,
            content_type: "application/zip",
        },
    }
}

/// An attachment with everything that the wire needs.
pub(super) struct File<'m> {
    attachment: &'m Attachment,
    name: String,
    id: String,
    wrapping: Wrapping,
}

pub(super) fn described(message: &DocumentMessage) -> Vec<File<'_>> {
    message
        .attachments
        .iter()
        .enumerate()
        .map(|(place, attachment)| {
            let name = attachment.name.clone().unwrap_or_default();
            File {
                attachment,
                id: attachment
                    .content_id
                    .clone()
                    .unwrap_or_else(|| content_id(message, place)),
                wrapping: wrapping(&name),
                name,
            }
        })
        .collect()
}

/// The content id of an attachment that has none: derived from the identifier of the document, the place, the name and, if
/// known, the digest of the file. In the form of a UUID (version 8).
#[must_use]
pub fn content_id(message: &DocumentMessage, place: usize) -> String {
    let attachment = message.attachments.get(place);
    let mut hash = Sha256::new();
    for part in [
        "content-id".as_bytes(),
        message.document_id.as_deref().unwrap_or_default().as_bytes(),
        &(place as u64).to_be_bytes(),
        attachment
            .and_then(|file| file.name.as_deref())
            .unwrap_or_default()
            .as_bytes(),
        attachment
            .and_then(|file| file.content.as_ref())
            .map_or(&[], |content| content.sha256.as_slice()),
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    uuid(hash.finalize().into())
}

fn uuid(digest: [u8; 32]) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex::encode(bytes);
    format!(
        "{}-{}-{}-{}-{}",
        &text[..8],
        &text[8..12],
        &text[12..16],
        &text[16..20],
        &text[20..]
    )
}

pub(super) fn manifest<W: Write>(xml: &mut Xml<W>, files: &[File<'_>]) -> Result<(), WriteError> {
    if files.is_empty() {
        return Ok(());
    }
    xml.element("edXMLBody", |xml| {
        xml.tag("edXML:", "edXMLManifest", " version=\"1.0\"", |xml| {
            for file in files {
                xml.element("Reference", |xml| -> io::Result<()> {
                    xml.text("ContentId", Some(&format!("cid:{}", file.id)))?;
                    xml.text("ContentType", Some(file.wrapping.content_type))?;
                    xml.text("Description", file.attachment.description.as_deref())?;
                    xml.text("AttachmentName", Some(&file.name))
                })?;
            }
            Ok(())
        })
    })
}

pub(super) fn contents<W: Write>(
    xml: &mut Xml<W>,
    files: &[File<'_>],
    open: &mut OpenContent<'_, '_>,
) -> Result<(), WriteError> {
    if files.is_empty() {
        return Ok(());
    }
    xml.tag("", "AttachmentEncoded", "", |xml| {
        for (place, file) in files.iter().enumerate() {
            xml.tag("", "Attachment", "", |xml| {
                xml.leaf("", "ContentId", Some(&format!("cid:{}", file.id)), Lines::One)?;
                xml.leaf("", "AttachmentName", Some(&file.name), Lines::One)?;
                xml.leaf(
                    "",
                    "Description",
                    file.attachment.description.as_deref(),
                    Lines::One,
                )?;
                xml.leaf("", "ContentType", Some(file.wrapping.content_type), Lines::One)?;
                content(xml, place, file, open)
            })?;
        }
        Ok(())
    })
}

fn content<W: Write>(
    xml: &mut Xml<W>,
    place: usize,
    file: &File<'_>,
    open: &mut OpenContent<'_, '_>,
) -> Result<(), WriteError> {
    let unreadable = |error: &io::Error| WriteError::Content {
        name: file.name.clone(),
        reason: error.to_string(),
    };
    let mut reader = open(place, file.attachment).map_err(|error| unreadable(&error))?;
    xml.indent()?;
    write!(
        xml.raw(),
        "<edXML:ContentTransferEncoded xmlns:edXML=\"{NAMESPACE}\">"
    )?;
    {
        let mut base64 = EncoderWriter::new(xml.raw(), &BASE64_STANDARD);
        if file.wrapping.packed {
            let mut archive = ZipWriter::new_stream(&mut base64);
            // No clock: the same file gives the same archive.
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .last_modified_time(DateTime::default())
                .large_file(false);
            archive
                .start_file(entry_name(file), options)
                .map_err(io::Error::from)?;
            copy(&mut reader, &mut archive, unreadable)?;
            archive.finish().map_err(io::Error::from)?;
        } else {
            copy(&mut reader, &mut base64, unreadable)?;
        }
        base64.finish()?;
    }
    writeln!(xml.raw(), "</edXML:ContentTransferEncoded>")?;
    Ok(())
}

/// `<uuid>.<extension>`, as the library of the axis names the one entry.
fn entry_name(file: &File<'_>) -> String {
    let id = uuid(Sha256::digest(format!("entry {}", file.id)).into());
    match value(&viet_text::extension(&file.name), Lines::One) {
        Some(extension) => format!("{id}.{extension}"),
        None => id,
    }
}

fn copy(
    reader: &mut dyn Read,
    out: &mut impl Write,
    unreadable: impl Fn(&io::Error) -> WriteError,
) -> Result<(), WriteError> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let amount = match reader.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other.map_err(|error| unreadable(&error))?,
        };
        if amount == 0 {
            return Ok(());
        }
        out.write_all(&buffer[..amount])?;
    }
}
