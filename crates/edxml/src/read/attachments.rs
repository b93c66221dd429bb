//! Files of a message: measured while they pass, and joined with what the manifest announces (spec edxml 5, R11).

use std::io::{self, Write};

use file_format::{FileFormat, Kind};
use sha2::{Digest, Sha256};

use super::{
    fields::{Fields, join},
    node::Node,
};
use crate::{
    model::{Attachment, Content},
    text::{Lines, plain, quoted, shown, value},
    warning::{WarningCode, Warnings},
};

/// So many bytes tell the media type.
const BEGIN: usize = 4096;

/// Writes to a spool; knows size, digest and the first bytes.
pub(crate) struct Measured<W> {
    pub(crate) out: W,
    pub(crate) size: u64,
    pub(crate) begin: Vec<u8>,
    hash: Sha256,
}

impl<W: Write> Measured<W> {
    pub(crate) fn new(out: W) -> Self {
        Self {
            out,
            size: 0,
            begin: Vec::new(),
            hash: Sha256::new(),
        }
    }

    /// What was written, under this slot.
    pub(crate) fn content(&self, slot: usize, name: &str, unpacked: bool) -> Content {
        Content {
            slot,
            size: self.size,
            sha256: self.hash.clone().finalize().into(),
            media_type: media_type(&self.begin, name),
            unpacked,
        }
    }
}

impl<W: Write> Write for Measured<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let amount = self.out.write(bytes)?;
        let written = &bytes[..amount];
        self.size += amount as u64;
        self.hash.update(written);
        let room = BEGIN.saturating_sub(self.begin.len()).min(amount);
        self.begin.extend_from_slice(&written[..room]);
        Ok(amount)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The media type by the first bytes; the name only tells the documents apart that share a container.
pub(crate) fn media_type(begin: &[u8], name: &str) -> String {
    const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    let extension = viet_text::extension(name);
    let by_name = if begin.starts_with(super::ZIP_MAGIC) {
        match extension.as_str() {
            "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "odt" => "application/vnd.oasis.opendocument.text",
            "ods" => "application/vnd.oasis.opendocument.spreadsheet",
            "odp" => "application/vnd.oasis.opendocument.presentation",
            _ => "application/zip",
        }
    } else if begin.starts_with(OLE) {
        match extension.as_str() {
            "doc" => "application/msword",
            "xls" => "application/vnd.ms-excel",
            "ppt" => "application/vnd.ms-powerpoint",
            _ => "application/x-cfb",
        }
    } else {
        ""
    };
    if !by_name.is_empty() {
        return by_name.to_owned();
    }
    let format = FileFormat::from_bytes(begin);
    if format == FileFormat::ArbitraryBinaryData || format.kind() == Kind::Other && begin.is_empty() {
        "application/octet-stream".to_owned()
    } else {
        format.media_type().to_owned()
    }
}

/// `cid:` is often missing on one of the two sides.
pub(crate) fn content_id(text: &str) -> Option<String> {
    let text = value(text, Lines::One)?;
    let plain = match text.split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("cid:") => rest.trim(),
        _ => &text,
    };
    (!plain.is_empty()).then(|| plain.to_owned())
}

/// The content id of a file or of an entry of the manifest.
pub(crate) fn id_of(node: &Node) -> Option<String> {
    content_id(&node.child_value("ContentId")?)
}

/// The name of a file or of an entry of the manifest, as it may be shown.
pub(crate) fn name_of(node: &Node) -> Option<String> {
    plain(&node.child_value("AttachmentName")?)
}

/// The files of the message in the order of the manifest, then those that are not announced, then those in odd places.
pub(crate) fn joined(root: &Node, warnings: &mut Warnings) -> Vec<Attachment> {
    let announced = announced(root, warnings);
    let (mut here, mut odd) = present(root, warnings);
    let mut all = Vec::new();
    for reference in announced {
        let at_its_place = take(&mut here, &reference);
        let file = at_its_place.or_else(|| {
            let file = take(&mut odd, &reference)?;
            warn_odd(warnings, &file);
            Some(file)
        });
        let file = match file {
            Some(file) => Attachment {
                content_id: file.content_id.or(reference.content_id),
                name: file.name.or(reference.name),
                description: file.description.or(reference.description),
                content_type: file.content_type.or(reference.content_type),
                content: file.content,
            },
            None => reference,
        };
        warn_missing(warnings, &file);
        all.push(file);
    }
    for file in here {
        warn_missing(warnings, &file);
        warnings.add(
            WarningCode::UnlistedFile,
            shown(&title(&file)),
            format!(
                "Tệp {} có trong thông điệp nhưng không được kê trong danh mục tệp.",
                quoted(&title(&file))
            ),
        );
        all.push(file);
    }
    for file in odd {
        warn_odd(warnings, &file);
        warn_missing(warnings, &file);
        all.push(file);
    }
    all
}

/// What the manifest says: the first one of the first body with something in it (R3). Some write no manifest around.
fn announced(root: &Node, warnings: &mut Warnings) -> Vec<Attachment> {
    let mut fields = Fields::new(warnings, None);
    let mut found = Vec::new();
    let Some(body) = first_filled(root, "edXMLBody") else {
        return found;
    };
    let listed = first_filled(body, "edXMLManifest").map_or_else(Vec::new, |list| list.found("Reference"));
    let alone = body.children.iter().filter(|child| child.name == "Reference");
    for reference in listed.into_iter().chain(alone) {
        let attachment = described(&mut fields, reference, "edXMLBody/edXMLManifest/Reference");
        if attachment != Attachment::default() && !found.contains(&attachment) {
            found.push(attachment);
        }
    }
    found
}

fn first_filled<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    node.found(name).into_iter().find(|found| !found.is_empty())
}

/// The files at their place, and those elsewhere.
fn present(root: &Node, warnings: &mut Warnings) -> (Vec<Attachment>, Vec<Attachment>) {
    let mut fields = Fields::new(warnings, None);
    let mut here = Vec::new();
    let mut odd = Vec::new();
    for (node, is_at_its_place) in attachments(root) {
        let attachment = described(&mut fields, node, "AttachmentEncoded/Attachment");
        if attachment != Attachment::default() {
            if is_at_its_place { &mut here } else { &mut odd }.push(attachment);
        }
    }
    for body in root.found("edXMLBody") {
        let contents = body.children.iter().filter(|node| node.name == "Content");
        odd.extend(
            contents
                .filter_map(|node| node.content.clone())
                .map(|content| Attachment {
                    content: Some(content),
                    ..Attachment::default()
                }),
        );
    }
    (here, odd)
}

/// Every attachment, and whether it stands where the regulation puts it.
fn attachments(root: &Node) -> Vec<(&Node, bool)> {
    fn collect<'n>(node: &'n Node, is_at_its_place: bool, all: &mut Vec<(&'n Node, bool)>) {
        for child in &node.children {
            if child.name == "Attachment" {
                all.push((child, is_at_its_place));
            } else {
                collect(child, is_at_its_place || child.name == "AttachmentEncoded", all);
            }
        }
    }
    let mut all = Vec::new();
    collect(root, false, &mut all);
    all
}

fn described(fields: &mut Fields<'_>, node: &Node, path: &str) -> Attachment {
    let id = fields.text(node, path, "ContentId");
    Attachment {
        content_id: id.and_then(|id| content_id(&id)),
        name: shown_name(fields, node, path),
        description: fields.text(node, path, "Description"),
        content_type: fields.text(node, path, "ContentType"),
        content: node.content.clone(),
    }
}

/// The name without what nobody sees: it stands on pages and in names of files that people keep.
fn shown_name(fields: &mut Fields<'_>, node: &Node, path: &str) -> Option<String> {
    let name = fields.text(node, path, "AttachmentName")?;
    let plain = plain(&name);
    if plain.as_ref() != Some(&name) {
        fields.warnings.add(
            WarningCode::Characters,
            join(path, "AttachmentName"),
            format!(
                "Tên tệp {} có ký tự điều khiển hoặc ký tự ẩn; hệ thống đã bỏ các ký tự đó.",
                quoted(&name)
            ),
        );
    }
    plain
}

/// Takes the file that a reference means: by its identifier, else by its name; one with content rather than one without.
fn take(files: &mut Vec<Attachment>, reference: &Attachment) -> Option<Attachment> {
    let by_id = |file: &Attachment| reference.content_id.is_some() && file.content_id == reference.content_id;
    let by_name = |file: &Attachment| {
        reference.name.is_some()
            && file.name == reference.name
            && (file.content_id.is_none() || reference.content_id.is_none())
    };
    let find = |fits: &dyn Fn(&Attachment) -> bool| {
        let filled = |file: &Attachment| fits(file) && file.content.is_some();
        files
            .iter()
            .position(filled)
            .or_else(|| files.iter().position(fits))
    };
    let at = find(&by_id).or_else(|| find(&by_name))?;
    Some(files.remove(at))
}

fn title(file: &Attachment) -> String {
    file.name
        .clone()
        .or_else(|| file.content_id.clone())
        .unwrap_or_else(|| "(không tên)".to_owned())
}

fn warn_missing(warnings: &mut Warnings, file: &Attachment) {
    if file.content.is_some() {
        return;
    }
    warnings.add(
        WarningCode::MissingFile,
        shown(&title(file)),
        format!(
            "Thiếu tệp {}: thông điệp không có nội dung đọc được của tệp này. Đề nghị bên gửi gửi lại.",
            quoted(&title(file))
        ),
    );
}

fn warn_odd(warnings: &mut Warnings, file: &Attachment) {
    warnings.add(
        WarningCode::OddPlace,
        shown(&title(file)),
        format!(
            "Tệp {} nằm ở vị trí không theo QCVN 102; hệ thống vẫn đọc.",
            quoted(&title(file))
        ),
    );
}
