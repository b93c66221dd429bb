//! Files by content: the address of a blob is the SHA-256 of its bytes.
//!
//! A blob is written once and never changed. It is durable (fsync of the file and of its folder) before its
//! address is given out, and verified before it is read back. The folder layout `ab/cd/<hex>` is the same as the
//! key layout an object store would use, so that copying between them is a copy of files.

use std::{
    collections::BTreeSet,
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sha2::{Digest as _, Sha256};
use tokio::{
    fs,
    io::{AsyncReadExt, AsyncWriteExt},
};
use uuid::Uuid;

use crate::{Error, Ids, Result};

/// SHA-256 of a blob: its address.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of the bytes as stored in a column.
    ///
    /// # Errors
    /// When there are not 32 of them.
    pub fn from_slice(bytes: &[u8]) -> Result<Self> {
        bytes.try_into().map(Self).map_err(|_| Error::Column {
            column: "sha256".to_owned(),
            reason: format!("{} bytes instead of 32", bytes.len()),
        })
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A stored blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blob {
    /// Its address.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
}

/// The store of blobs in a local folder. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs {
    root: Arc<PathBuf>,
    ids: Ids,
}

impl Blobs {
    /// Opens the store in `root`, which is made when it does not exist. Leftovers of interrupted writes are removed
    /// after a day: another process may be writing just now.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(root: &Path, ids: Ids) -> Result<Self> {
        let unfinished = root.join("unfinished");
        std::fs::create_dir_all(&unfinished)?;
        for leftover in std::fs::read_dir(&unfinished)? {
            let leftover = leftover?;
            // A file that was finished or removed since the folder was listed is no leftover.
            let Ok(known) = leftover.metadata() else { continue };
            if is_older(&known, LEFTOVER)? {
                drop(std::fs::remove_file(leftover.path()));
            }
        }
        Ok(Self {
            root: Arc::new(root.to_owned()),
            ids,
        })
    }

    fn path(&self, digest: Digest) -> PathBuf {
        let name = digest.to_string();
        self.root.join(&name[..2]).join(&name[2..4]).join(name)
    }

    /// The blobs whose address begins with the byte `first` and that were stored (last) longer than `age` ago.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn older_than(&self, first: u8, age: Duration) -> Result<Vec<Digest>> {
        let mut found = Vec::new();
        let mut folders = match fs::read_dir(self.root.join(hex::encode([first]))).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            other => other?,
        };
        while let Some(folder) = folders.next_entry().await? {
            let mut files = fs::read_dir(folder.path()).await?;
            while let Some(file) = files.next_entry().await? {
                let digest = file.file_name().to_str().and_then(|name| hex::decode(name).ok());
                let digest = digest.and_then(|bytes| Digest::from_slice(&bytes).ok());
                if let (Some(digest), true) = (digest, is_older(&file.metadata().await?, age)?) {
                    found.push(digest);
                }
            }
        }
        Ok(found)
    }

    /// Moves a blob out of sight, to be removed or put back. `None` when it is not there, or was stored again within
    /// `age`.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub async fn set_aside(&self, digest: Digest, age: Duration) -> Result<Option<SetAside>> {
        let place = self.path(digest);
        let aside = self.root.join("unfinished").join(self.ids.next().to_string());
        match fs::rename(&place, &aside).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        }
        let moved = SetAside { place, aside };
        // Asked after the move, so that nobody can store it between.
        if is_older(&fs::metadata(&moved.aside).await?, age)? {
            return Ok(Some(moved));
        }
        moved.put_back().await?;
        Ok(None)
    }

    /// Begins to write a blob piece by piece.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub async fn writer(&self) -> Result<BlobWriter> {
        let name: Uuid = self.ids.next();
        let path = self.root.join("unfinished").join(name.to_string());
        let file = fs::File::create_new(&path).await?;
        Ok(BlobWriter {
            blobs: self.clone(),
            unfinished: Unfinished(path),
            file,
            hasher: Sha256::new(),
            size: 0,
        })
    }

    /// Stores `bytes` whole.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub async fn put(&self, bytes: &[u8]) -> Result<Blob> {
        let mut writer = self.writer().await?;
        writer.write(bytes).await?;
        writer.finish().await
    }

    /// Begins to store many blobs that become durable together.
    pub fn batch(&self) -> BlobBatch {
        BlobBatch {
            blobs: self.clone(),
            waiting: Vec::new(),
        }
    }

    /// Opens a blob for streaming, after its content was checked against its address.
    ///
    /// # Errors
    /// [`Error::MissingBlob`], [`Error::DamagedBlob`], or an I/O failure.
    pub async fn open_verified(&self, digest: Digest) -> Result<fs::File> {
        let path = self.path(digest);
        let mut file = match fs::File::open(&path).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::MissingBlob(digest.to_string()));
            }
            other => other?,
        };
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let n = file.read(&mut buffer).await?;
            if n == 0 {
                break;
            }
            hasher.update(&buffer[..n]);
        }
        if Digest(hasher.finalize().into()) != digest {
            return Err(Error::DamagedBlob(digest.to_string()));
        }
        Ok(fs::File::open(&path).await?)
    }

    /// Reads a blob whole, checked.
    ///
    /// # Errors
    /// As [`Blobs::open_verified`].
    pub async fn read(&self, digest: Digest) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open_verified(digest).await?.read_to_end(&mut bytes).await?;
        Ok(bytes)
    }

    /// Whether the blob is there and whole.
    ///
    /// # Errors
    /// Only on an I/O failure; missing and damaged are `false`.
    pub async fn is_intact(&self, digest: Digest) -> Result<bool> {
        match self.open_verified(digest).await {
            Ok(_) => Ok(true),
            Err(Error::MissingBlob(_) | Error::DamagedBlob(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Leftovers of interrupted writes are kept so long.
const LEFTOVER: Duration = Duration::from_secs(24 * 3600);

/// A file of the future, by a clock that was set back, is not old.
fn is_older(metadata: &std::fs::Metadata, age: Duration) -> io::Result<bool> {
    Ok(metadata.modified()?.elapsed().is_ok_and(|elapsed| elapsed >= age))
}

/// A blob that was moved out of sight.
#[derive(Debug)]
#[must_use = "a blob set aside is either removed or put back"]
pub struct SetAside {
    place: PathBuf,
    aside: PathBuf,
}

impl SetAside {
    /// Removes it for good.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub async fn remove(self) -> Result<()> {
        Ok(fs::remove_file(&self.aside).await?)
    }

    /// Puts it back where it was.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub async fn put_back(self) -> Result<()> {
        Ok(fs::rename(&self.aside, &self.place).await?)
    }
}

/// Removes the unfinished file when a write is given up.
#[derive(Debug)]
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After a finished write the file has moved away and there is nothing to remove.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A blob being written.
#[derive(Debug)]
pub struct BlobWriter {
    blobs: Blobs,
    unfinished: Unfinished,
    file: fs::File,
    hasher: Sha256,
    size: u64,
}

impl BlobWriter {
    /// Adds a piece.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.hasher.update(piece);
        self.size += piece.len() as u64;
        self.file.write_all(piece).await?;
        Ok(())
    }

    /// What was written so far, with its digest: to look at it before it is kept. A writer that is dropped instead of
    /// finished leaves nothing.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub async fn read_back(&mut self) -> Result<(Digest, Vec<u8>)> {
        self.file.flush().await?;
        let content = fs::read(&self.unfinished.0).await?;
        Ok((Digest(self.hasher.clone().finalize().into()), content))
    }

    /// Bytes written so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Makes the blob durable and gives its address. The same content stored twice is one blob.
    ///
    /// # Errors
    /// When the disk is full or fails; then nothing was stored.
    pub async fn finish(self) -> Result<Blob> {
        let mut batch = self.blobs.batch();
        let blob = batch.add(self).await?;
        batch.finish().await?;
        Ok(blob)
    }
}

/// Blobs made durable together, which costs little more than one of them. See [`Blobs::batch`].
#[derive(Debug)]
pub struct BlobBatch {
    blobs: Blobs,
    waiting: Vec<(Unfinished, fs::File, Digest)>,
}

impl BlobBatch {
    /// Writes `bytes` and gives their address, which must not be given on before [`BlobBatch::finish`].
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub async fn put(&mut self, bytes: &[u8]) -> Result<Blob> {
        let mut writer = self.blobs.writer().await?;
        writer.write(bytes).await?;
        self.add(writer).await
    }

    async fn add(&mut self, mut writer: BlobWriter) -> Result<Blob> {
        writer.file.flush().await?;
        let digest = Digest(writer.hasher.finalize().into());
        self.waiting.push((writer.unfinished, writer.file, digest));
        Ok(Blob {
            digest,
            size: writer.size,
        })
    }

    /// Makes everything put so far durable. The same content stored twice is one blob.
    ///
    /// # Errors
    /// When the disk is full or fails; then some of the blobs may not have been stored.
    pub async fn finish(&mut self) -> Result<()> {
        // All were written before the first is waited for: the file system brings them to the disk together.
        for (_, file, _) in &self.waiting {
            file.sync_all().await?;
        }
        let mut folders = BTreeSet::new();
        for (unfinished, _, digest) in std::mem::take(&mut self.waiting) {
            // Also over the same content stored before: that mends a damaged blob and makes an old one young again, so
            // that no sweep takes it from under the file that is about to name it.
            let path = self.blobs.path(digest);
            let folder = path.parent().unwrap_or(&self.blobs.root).to_owned();
            fs::create_dir_all(&folder).await?;
            fs::rename(&unfinished.0, &path).await?;
            // The name is durable only when its folder is, and the folder's when its parents are.
            folders.extend(folder.ancestors().take(3).map(Path::to_owned));
        }
        for folder in folders {
            fs::File::open(folder).await?.sync_all().await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Blobs) {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(dir.path(), Ids::Random).unwrap();
        (dir, blobs)
    }

    #[tokio::test]
    async fn what_is_stored_is_read_back() {
        let (_dir, blobs) = store();
        let blob = blobs.put("Công văn số 01".as_bytes()).await.unwrap();
        assert_eq!(blob.digest, Digest::of("Công văn số 01".as_bytes()));
        assert_eq!(
            blobs.read(blob.digest).await.unwrap(),
            "Công văn số 01".as_bytes()
        );
        assert_eq!(blobs.put("Công văn số 01".as_bytes()).await.unwrap(), blob);
    }

    #[tokio::test]
    async fn a_batch_stores_all_or_when_given_up_nothing() {
        let (dir, blobs) = store();
        let mut batch = blobs.batch();
        let first = batch.put(b"first").await.unwrap();
        let second = batch.put(b"second").await.unwrap();
        assert_eq!(batch.put(b"first").await.unwrap(), first);
        assert!(!blobs.is_intact(first.digest).await.unwrap());
        batch.finish().await.unwrap();
        assert_eq!(blobs.read(first.digest).await.unwrap(), b"first");
        assert_eq!(blobs.read(second.digest).await.unwrap(), b"second");
        let third = batch.put(b"third").await.unwrap();
        drop(batch);
        assert!(!blobs.is_intact(third.digest).await.unwrap());
        assert_eq!(
            std::fs::read_dir(dir.path().join("unfinished")).unwrap().count(),
            0
        );
    }

    #[tokio::test]
    async fn a_damaged_blob_is_detected_and_repaired_by_storing_it_again() {
        let (_dir, blobs) = store();
        let blob = blobs.put(b"original").await.unwrap();
        std::fs::write(blobs.path(blob.digest), b"0riginal").unwrap();
        assert!(matches!(
            blobs.read(blob.digest).await,
            Err(Error::DamagedBlob(_))
        ));
        blobs.put(b"original").await.unwrap();
        assert_eq!(blobs.read(blob.digest).await.unwrap(), b"original");
    }

    #[tokio::test]
    async fn a_blob_is_removed_only_when_it_was_not_stored_again() {
        let (_dir, blobs) = store();
        let blob = blobs.put(b"content").await.unwrap();
        let first = blob.digest.as_bytes()[0];
        let hour = Duration::from_secs(3600);
        assert!(blobs.older_than(first, hour).await.unwrap().is_empty());
        assert_eq!(
            blobs.older_than(first, Duration::ZERO).await.unwrap(),
            [blob.digest]
        );
        assert!(
            blobs
                .older_than(first ^ 1, Duration::ZERO)
                .await
                .unwrap()
                .is_empty()
        );
        // Stored again a moment ago: it stays.
        let aside = blobs.set_aside(blob.digest, hour).await.unwrap();
        assert!(aside.is_none() && blobs.is_intact(blob.digest).await.unwrap());
        let aside = blobs.set_aside(blob.digest, Duration::ZERO).await.unwrap();
        aside.unwrap().put_back().await.unwrap();
        assert!(blobs.is_intact(blob.digest).await.unwrap());
        let aside = blobs.set_aside(blob.digest, Duration::ZERO).await.unwrap();
        aside.unwrap().remove().await.unwrap();
        assert!(!blobs.is_intact(blob.digest).await.unwrap());
        let gone = blobs.set_aside(blob.digest, Duration::ZERO).await.unwrap();
        assert!(gone.is_none());
    }

    #[tokio::test]
    async fn another_process_that_opens_the_store_disturbs_no_writer() {
        let (dir, blobs) = store();
        let mut writer = blobs.writer().await.unwrap();
        writer.write(b"half").await.unwrap();
        Blobs::open(dir.path(), Ids::Random).unwrap();
        writer.write(b" and whole").await.unwrap();
        let blob = writer.finish().await.unwrap();
        assert_eq!(blobs.read(blob.digest).await.unwrap(), b"half and whole");
    }

    #[tokio::test]
    async fn a_given_up_write_leaves_nothing() {
        let (dir, blobs) = store();
        let mut writer = blobs.writer().await.unwrap();
        writer.write(b"half").await.unwrap();
        let seen = writer.read_back().await.unwrap();
        assert_eq!(seen, (Digest::of(b"half"), b"half".to_vec()));
        drop(writer);
        assert_eq!(
            std::fs::read_dir(dir.path().join("unfinished")).unwrap().count(),
            0
        );
        assert!(!blobs.is_intact(Digest::of(b"half")).await.unwrap());
    }
}
