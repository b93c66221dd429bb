//! Taking a message in: one packet for each recipient.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;

use axis::client::{MessageKind, PacketStatus};
use jiff::{SignedDuration, Timestamp};

use crate::directory::{Directory, Whose};
use crate::faults::Fault;
use crate::reserialise::reserialise;
use crate::shelf::{Packet, Shelf};
use crate::xml::{Envelope, Summary};

/// A message that arrived in a file.
pub(crate) struct Arrived<'a> {
    pub(crate) file: &'a Path,
    pub(crate) bytes: u64,
    pub(crate) sha256: [u8; 32],
    pub(crate) system: &'a str,
    pub(crate) from: Option<String>,
    pub(crate) to: Vec<String>,
    pub(crate) kind: MessageKind,
    pub(crate) now: Timestamp,
}

/// How messages are handled.
#[derive(Debug, Clone)]
pub(crate) struct Handling {
    pub(crate) preserve_bytes: bool,
    pub(crate) strict: bool,
    pub(crate) node_code: String,
}

/// Why a message was not taken.
#[derive(Debug)]
pub(crate) enum NotTaken {
    /// `ErrorCode` and `ErrorDesc`.
    Refused(&'static str, String),
    /// Our own disk.
    Disk(io::Error),
}

impl From<io::Error> for NotTaken {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

fn refused<T>(code: &'static str, desc: impl Into<String>) -> Result<T, NotTaken> {
    Err(NotTaken::Refused(code, desc.into()))
}

/// What its envelope says; reading stops behind it, so that attachments cost nothing.
pub(crate) fn look(file: &Path) -> io::Result<Result<Summary, crate::xml::XmlError>> {
    let read = Envelope::read(BufReader::new(File::open(file)?));
    Ok(read.and_then(|envelope| Summary::of(&envelope.node).ok_or(crate::xml::XmlError::NoEnvelope)))
}

/// Takes a message; returns the id for the sender.
pub(crate) fn take(
    shelf: &mut Shelf,
    directory: &Directory,
    handling: &Handling,
    arrived: &Arrived<'_>,
    faults: &[Fault],
) -> Result<String, NotTaken> {
    if arrived.bytes == 0 {
        return refused("10", "Tệp rỗng");
    }
    let looked = look(arrived.file)?;
    if handling.strict
        && let Err(error) = &looked
    {
        return refused("22", format!("Sai định dạng edXML: {error}"));
    }
    let summary = looked.unwrap_or_default();
    let Some(from) = arrived.from.clone().or_else(|| summary.from.clone()) else {
        return refused("22", "Không có mã cơ quan gửi");
    };
    if directory.whose(&from) != Whose::Of(arrived.system) {
        return refused("19", format!("Cơ quan gửi {from} chưa đăng ký với hệ thống này"));
    }
    let to = if arrived.to.is_empty() {
        summary.to.clone()
    } else {
        arrived.to.clone()
    };
    if to.is_empty() {
        return refused("22", "Không có cơ quan nhận");
    }
    let mut receivers = Vec::new();
    for code in &to {
        match directory.whose(code) {
            Whose::Nobody => return refused("18", format!("Không có cơ quan nhận {code}")),
            Whose::Locked => return refused("23", format!("Cơ quan nhận {code} đang bị khóa")),
            Whose::Of(system) => receivers.push((code.clone(), system.to_owned())),
        }
    }

    let sender_doc_id = shelf.new_id();
    let file = shelf.folder().join(format!("{sender_doc_id}.edxml"));
    let sent_sha256 = hex::encode(arrived.sha256);
    let anew = !handling.preserve_bytes || faults.contains(&Fault::Reserialise);
    let written = anew && write_anew(arrived.file, &file, handling, arrived.now)?;
    let (sha256, bytes) = if written {
        digest(&file)?
    } else {
        std::fs::rename(arrived.file, &file)?;
        (sent_sha256.clone(), arrived.bytes)
    };

    let hidden = faults.iter().find_map(|fault| match fault {
        Fault::Hide { millis, from_sender } => {
            let length = SignedDuration::from_millis(i64::try_from(*millis).unwrap_or(i64::MAX));
            Some((
                arrived.now.checked_add(length).unwrap_or(Timestamp::MAX),
                *from_sender,
            ))
        }
        _ => None,
    });
    let times = if faults.contains(&Fault::Duplicate) { 2 } else { 1 };
    let document_id = match &summary.response_for {
        Some(answered) if summary.status_code.is_some() => answered.document_id.clone(),
        _ => summary.document_id.clone(),
    };
    for (to, receiver) in receivers.iter().flat_map(|r| std::iter::repeat_n(r, times)) {
        let receiver_doc_id = shelf.new_id();
        shelf.add(Packet {
            receiver_doc_id,
            sender_doc_id: sender_doc_id.clone(),
            kind: arrived.kind,
            from: from.clone(),
            to: to.clone(),
            sender: arrived.system.to_owned(),
            receiver: receiver.clone(),
            title: summary.title.clone().unwrap_or_default(),
            notation: summary.notation.clone().unwrap_or_default(),
            document_id: document_id.clone(),
            status_code: summary.status_code.clone(),
            sent_at: arrived.now,
            updated_at: arrived.now,
            status: PacketStatus::Initial,
            status_desc: String::new(),
            received_at: None,
            file: file.clone(),
            bytes,
            sent_sha256: sent_sha256.clone(),
            sha256: sha256.clone(),
            hidden_until: hidden.map(|(until, _)| until),
            hidden_from_sender: hidden.is_some_and(|(_, from_sender)| from_sender),
            was_damaged: false,
            fetched: 0,
        });
    }
    Ok(sender_doc_id)
}

fn write_anew(from: &Path, to: &Path, handling: &Handling, now: Timestamp) -> io::Result<bool> {
    let mut out = BufWriter::new(File::create(to)?);
    let written = reserialise(File::open(from)?, &mut out, &handling.node_code, now)?;
    out.flush()?;
    if written {
        std::fs::remove_file(from)?;
    }
    Ok(written)
}

fn digest(file: &Path) -> io::Result<(String, u64)> {
    let mut hash = axis::wire::FileHash::default();
    let mut total = 0;
    let mut reader = File::open(file)?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let n = io::Read::read(&mut reader, &mut buffer)?;
        if n == 0 {
            return Ok((hex::encode(hash.finish()), total));
        }
        hash.update(&buffer[..n]);
        total += n as u64;
    }
}
