//! The archive that senders put around a single file (spec edxml 5), taken off with limits.

use std::{
    cell::Cell,
    io::{self, Read, Seek, SeekFrom, Write},
};

use zip::{CompressionMethod, ZipArchive, result::ZipError};

use crate::{Limits, ReadError};

/// The first bytes of an archive with something in it.
pub(crate) const ZIP_MAGIC: &[u8] = b"PK\x03\x04";

/// Documents that are archives themselves: OOXML, ODF and the like.
const CONTAINERS: &[&str] = &[
    "docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "pptx", "pptm", "ppsx", "odt", "ods", "odp", "odg",
    "ott", "vsdx", "epub", "jar", "kmz",
];
/// With one of these entries an archive is a document.
const CONTAINER_MARKS: &[&str] = &[
    "[Content_Types].xml",
    "mimetype",
    "META-INF/MANIFEST.MF",
    "doc.kml",
];
/// An archive that is sent on purpose. Written otherwise (`.ZIP`) it may be packed once more.
const ARCHIVE: &str = "zip";
/// The directory of an archive with one entry is far smaller.
const MAX_DIRECTORY: u64 = 1024 * 1024;

/// What became of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpacked {
    /// It is the attachment itself; nothing was written.
    Itself,
    /// The single file in it was written.
    Single,
    /// It looks packed but could not be unpacked; what was written has to be dropped. A Vietnamese reason.
    Kept(&'static str),
}

/// Writes the single file in `archive` to `out`, if the archive is but a wrapping of the attachment called `name`. The name
/// inside the archive is looked at but never used.
///
/// # Errors
/// [`ReadError::ZipBomb`], [`ReadError::AttachmentTooLarge`] by `limits`; [`ReadError::Io`] of the storage.
pub fn unpack<A: Read + Seek, W: Write>(
    mut archive: A,
    name: &str,
    limits: &Limits,
    out: &mut W,
) -> Result<Unpacked, ReadError> {
    const BROKEN: Unpacked = Unpacked::Kept("tệp nén hỏng");
    let extension = viet_text::extension(name);
    if name.ends_with(".zip") {
        return Ok(Unpacked::Itself);
    }
    let is_archive = extension == ARCHIVE;
    let is_container = CONTAINERS.contains(&extension.as_str());
    let length = archive.seek(SeekFrom::End(0))?;
    let left = Cell::new(MAX_DIRECTORY);
    let mut archive = match ZipArchive::new(Capped {
        inner: archive,
        left: &left,
    }) {
        Ok(archive) => archive,
        Err(_) if left.get() == 0 || is_container || is_archive => return Ok(Unpacked::Itself),
        Err(_) => return Ok(BROKEN),
    };
    left.set(u64::MAX);
    if archive.len() != 1 {
        return Ok(if is_container || is_archive {
            Unpacked::Itself
        } else {
            Unpacked::Kept("tệp nén chứa nhiều tệp")
        });
    }
    let mut entry = match archive.by_index(0) {
        Ok(entry) => entry,
        Err(ZipError::UnsupportedArchive(_)) => {
            return Ok(Unpacked::Kept("tệp nén có mật khẩu hoặc cách nén lạ"));
        }
        Err(_) => return Ok(BROKEN),
    };
    let is_itself = match entry.name() {
        Ok(inner) if is_container => CONTAINER_MARKS.contains(&inner.as_ref()),
        Ok(inner) if is_archive => viet_text::extension(&inner) != ARCHIVE,
        Ok(_) => false,
        Err(_) => is_container || is_archive,
    };
    if is_itself {
        return Ok(Unpacked::Itself);
    }
    if entry.encrypted()
        || !entry.is_file()
        || !matches!(
            entry.compression(),
            CompressionMethod::Stored | CompressionMethod::Deflated
        )
    {
        return Ok(Unpacked::Kept("tệp nén có mật khẩu hoặc cách nén lạ"));
    }
    // An entry may claim to be larger than the archive that holds it.
    let packed = entry.compressed_size().min(length);
    let mut buffer = vec![0; 64 * 1024];
    let mut written = 0_u64;
    loop {
        // Whatever goes wrong here is the archive's fault: wrong sum, broken stream.
        let Ok(amount) = entry.read(&mut buffer) else {
            return Ok(BROKEN);
        };
        if amount == 0 {
            return Ok(Unpacked::Single);
        }
        written += amount as u64;
        if written > Limits::RATIO_FREE && written / limits.ratio.max(1) > packed {
            return Err(ReadError::ZipBomb);
        }
        if written > limits.attachment {
            return Err(ReadError::AttachmentTooLarge(limits.attachment));
        }
        out.write_all(&buffer[..amount])?;
    }
}

/// Ends after so many bytes: a directory with millions of entries is not loaded.
struct Capped<'a, R> {
    inner: R,
    left: &'a Cell<u64>,
}

impl<R: Read> Read for Capped<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        let amount = self.inner.read(buffer)?;
        self.left.set(self.left.get().saturating_sub(amount as u64));
        Ok(amount)
    }
}

impl<R: Seek> Seek for Capped<'_, R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}
