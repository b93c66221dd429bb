//! What must hold for any bytes: asked by fuzzing, and of every finding of fuzzing ever after.

use std::io::Cursor;

use edxml::{
    Limits, Message, ReadOptions,
    check::{Sending, before_sending, received},
    fingerprint,
    model::{Content, SignaturePresence},
    read::unpack::{Unpacked, unpack},
    read_bytes, write_bytes,
};
use jiff::civil::date;

/// Small, so that time is spent on variety.
fn limits() -> Limits {
    Limits {
        attachment: 4 * 1024 * 1024,
        attachments_total: 8 * 1024 * 1024,
        ..Limits::default()
    }
}

fn options() -> ReadOptions {
    ReadOptions {
        limits: limits(),
        now: "2026-01-08T01:00:00Z".parse().ok(),
    }
}

/// Reading and checking never panics, every content has its attachment, and no name hides anything.
pub fn read(file: &[u8]) {
    let Ok((message, contents)) = read_bytes(file, &options()) else {
        return;
    };
    let _ = received(&message);
    let _ = before_sending(&message.message, &Sending::on(date(2026, 1, 8)));
    if let Some(document) = message.message.as_document() {
        let _ = (
            document.main_attachment(),
            document.target_document_id(),
            document.code(),
        );
        let mut kept: Vec<usize> = Vec::new();
        for file in &document.attachments {
            if let Some(content) = &file.content {
                assert_eq!(contents[content.slot].len() as u64, content.size);
                kept.push(content.slot);
            }
            let hidden = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!file.name.as_deref().unwrap_or_default().contains(hidden));
        }
        // What the sink got is in the message, each once.
        kept.sort_unstable();
        assert!(kept.into_iter().eq(0..contents.len()));
    }
}

/// Unpacking never panics and never gives more than the limits. The first byte picks the name.
pub fn attachment(bytes: &[u8]) {
    const NAMES: [&str; 8] = [
        "a.xls", "a.xlsx", "a.zip", "a.ZIP", "a.pdf", "a", "a.odt", "a.kmz",
    ];
    let Some((pick, archive)) = bytes.split_first() else {
        return;
    };
    let name = NAMES[usize::from(*pick) % NAMES.len()];
    let mut out = Vec::new();
    if let Ok(outcome) = unpack(Cursor::new(archive), name, &limits(), &mut out) {
        assert!(out.len() as u64 <= limits().attachment);
        assert!(outcome != Unpacked::Itself || out.is_empty());
    }
}

/// What was read is written, and read as it was.
pub fn roundtrip(file: &[u8]) {
    let Ok((first, contents)) = read_bytes(file, &options()) else {
        return;
    };
    let mut message = first.message;
    let mut files = Vec::new();
    if let Message::Document(document) = &mut message {
        document.message_signature = SignaturePresence::Absent;
        document.attachments.retain(|attachment| {
            // An archive under another name is unpacked at every reading; a missing file cannot be written.
            attachment
                .content
                .as_ref()
                .is_some_and(|content| !contents[content.slot].starts_with(b"PK"))
        });
        for attachment in &mut document.attachments {
            attachment.content_id = None;
            if let Some(content) = &attachment.content {
                files.push(contents[content.slot].clone());
            }
        }
    }
    let written = write_bytes(&message, &files).expect("what was read can be written");
    let (second, contents) = read_bytes(&written, &options()).expect("what was written can be read");
    assert_eq!(fingerprint(&second.message), fingerprint(&message));
    let again = write_bytes(&second.message, &contents).expect("what was read can be written");
    assert_eq!(again, written);
    assert_eq!(normal(second.message), normal(message));
}

/// Without what only belongs to one file: numbers of slots, content ids and types, how it was packed.
fn normal(mut message: Message) -> Message {
    if let Message::Document(document) = &mut message {
        for attachment in &mut document.attachments {
            attachment.content_id = None;
            attachment.content_type = None;
            attachment.content = attachment.content.take().map(|content| Content {
                slot: 0,
                unpacked: false,
                ..content
            });
        }
    }
    message
}
