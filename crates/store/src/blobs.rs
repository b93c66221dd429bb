//! Files by content: the address of a blob is the SHA-256 of its bytes.
//!
//! A blob is written once and never changed. It is durable (fsync of the file and of its folder) before its
//! address is given out, and verified before it is read back. The folder layout `ab/cd/<hex>` is the same as the
//! key layout an object store would use, so that copying between them is a copy of files.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
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
    /// Opens the store in `root`, which is made when it does not exist. Leftovers of interrupted writes are removed.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(root: &Path, ids: Ids) -> Result<Self> {
        let unfinished = root.join("unfinished");
        match std::fs::remove_dir_all(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => std::fs::create_dir_all(&unfinished)?,
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
    pub async fn finish(mut self) -> Result<Blob> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let digest = Digest(self.hasher.finalize().into());
        let blob = Blob {
            digest,
            size: self.size,
        };
        if self.blobs.is_intact(digest).await? {
            return Ok(blob);
        }
        let path = self.blobs.path(digest);
        let folder = path.parent().unwrap_or(&self.blobs.root).to_owned();
        fs::create_dir_all(&folder).await?;
        fs::rename(&self.unfinished.0, &path).await?;
        // The name is durable only when its folder is, and the folder's when its parents are.
        for folder in folder.ancestors().take(3) {
            fs::File::open(folder).await?.sync_all().await?;
        }
        Ok(blob)
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
