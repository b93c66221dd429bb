//! Where the bytes of attachments go.

use std::{
    fs::{File, OpenOptions, remove_file},
    io::{self, Cursor, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use tempfile::SpooledTempFile;

/// Takes the attachments of a message while it is read. A content is first written to a spool as it was on the wire; if it
/// is an archive around a single file, that file is written to a second spool and the first one dropped.
///
/// When reading ends with a refusal, what was kept before is still there: the caller throws the sink away.
pub trait AttachmentSink {
    /// One content in the making.
    type Spool: Read + Write + Seek;

    /// A new, empty spool.
    ///
    /// # Errors
    /// Of the underlying storage; ends reading.
    fn open(&mut self) -> io::Result<Self::Spool>;

    /// The content is complete; `slot` is its number in [`crate::model::Content::slot`]. Slots come in order from 0.
    ///
    /// # Errors
    /// Of the underlying storage; ends reading.
    fn keep(&mut self, slot: usize, spool: Self::Spool) -> io::Result<()>;
}

/// Keeps nothing: for looking at a message. Sizes and digests are still computed.
#[derive(Debug, Default)]
pub struct Discard;

/// A spool that keeps only archives, which have to be read twice, and those beyond 1 MB in an unnamed temporary file.
#[derive(Debug)]
pub struct DiscardSpool {
    begin: Vec<u8>,
    archive: Option<SpooledTempFile>,
    decided: bool,
}

impl DiscardSpool {
    const IN_MEMORY: usize = 1024 * 1024;
    /// As many bytes tell an archive from other content.
    const TELLING: usize = 4;
}

impl AttachmentSink for Discard {
    type Spool = DiscardSpool;

    fn open(&mut self) -> io::Result<DiscardSpool> {
        Ok(DiscardSpool {
            begin: Vec::new(),
            archive: None,
            decided: false,
        })
    }

    fn keep(&mut self, _slot: usize, _spool: DiscardSpool) -> io::Result<()> {
        Ok(())
    }
}

impl Write for DiscardSpool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.decided {
            if let Some(archive) = &mut self.archive {
                archive.write_all(bytes)?;
            }
            return Ok(bytes.len());
        }
        self.begin.extend_from_slice(bytes);
        if self.begin.len() >= Self::TELLING {
            self.decided = true;
            if self.begin.starts_with(crate::read::ZIP_MAGIC) {
                let mut archive = SpooledTempFile::new(Self::IN_MEMORY);
                archive.write_all(&self.begin)?;
                self.archive = Some(archive);
            }
            self.begin = Vec::new();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for DiscardSpool {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.archive.as_mut().map_or(Ok(0), |archive| archive.read(bytes))
    }
}

impl Seek for DiscardSpool {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.archive
            .as_mut()
            .map_or(Ok(0), |archive| archive.seek(position))
    }
}

/// Keeps everything in memory, up to the limits of reading.
#[derive(Debug, Default)]
pub struct InMemory {
    /// The contents, by slot.
    pub contents: Vec<Vec<u8>>,
}

impl AttachmentSink for InMemory {
    type Spool = Cursor<Vec<u8>>;

    fn open(&mut self) -> io::Result<Self::Spool> {
        Ok(Cursor::default())
    }

    fn keep(&mut self, _slot: usize, spool: Self::Spool) -> io::Result<()> {
        self.contents.push(spool.into_inner());
        Ok(())
    }
}

/// Writes every content to a file of its own in a folder that exists. The names are numbers: nothing of the message gets
/// into a path.
#[derive(Debug)]
pub struct TempFolder {
    folder: PathBuf,
    opened: usize,
    files: Vec<PathBuf>,
}

impl TempFolder {
    /// Files go into this folder.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            opened: 0,
            files: Vec::new(),
        }
    }

    /// The files, by slot.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The file of this slot.
    #[must_use]
    pub fn file(&self, slot: usize) -> Option<&Path> {
        self.files.get(slot).map(PathBuf::as_path)
    }
}

/// A file that is removed unless it is kept.
#[derive(Debug)]
pub struct TempSpool {
    file: File,
    path: Option<PathBuf>,
}

impl AttachmentSink for TempFolder {
    type Spool = TempSpool;

    fn open(&mut self) -> io::Result<TempSpool> {
        let path = self.folder.join(format!("attachment-{:04}", self.opened));
        self.opened += 1;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)?;
        Ok(TempSpool {
            file,
            path: Some(path),
        })
    }

    fn keep(&mut self, _slot: usize, mut spool: TempSpool) -> io::Result<()> {
        spool.file.flush()?;
        self.files.extend(spool.path.take());
        Ok(())
    }
}

impl Drop for TempSpool {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // Left behind at worst in a folder that the caller removes.
            let _ = remove_file(path);
        }
    }
}

impl Write for TempSpool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Read for TempSpool {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.file.read(bytes)
    }
}

impl Seek for TempSpool {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.file.seek(position)
    }
}
