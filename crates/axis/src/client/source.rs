//! Where the bytes of a packet that is sent come from. They are read twice: for the digest in the headers, then to send.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;

use async_trait::async_trait;
use tokio::io::AsyncRead;

/// A stream of bytes that may cross threads.
pub type Reader = Pin<Box<dyn AsyncRead + Send + Sync>>;

/// Bytes that can be read again from their beginning.
#[async_trait]
pub trait PacketSource: Send + Sync {
    /// Opens them at the beginning.
    ///
    /// # Errors
    /// When they cannot be read.
    async fn open(&self) -> io::Result<Reader>;
}

/// A file.
#[derive(Debug, Clone)]
pub struct FileSource(pub PathBuf);

#[async_trait]
impl PacketSource for FileSource {
    async fn open(&self) -> io::Result<Reader> {
        Ok(Box::pin(tokio::fs::File::open(&self.0).await?))
    }
}

/// Bytes in memory: status messages.
#[derive(Debug, Clone)]
pub struct BytesSource(pub Vec<u8>);

#[async_trait]
impl PacketSource for BytesSource {
    async fn open(&self) -> io::Result<Reader> {
        Ok(Box::pin(io::Cursor::new(self.0.clone())))
    }
}

/// SHA-256 and length.
pub(super) async fn digest(source: &dyn PacketSource) -> io::Result<([u8; 32], u64)> {
    let mut reader = source.open().await?;
    let mut hash = crate::wire::FileHash::default();
    let mut total = 0;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let n = tokio::io::AsyncReadExt::read(&mut reader, &mut buffer).await?;
        if n == 0 {
            return Ok((hash.finish(), total));
        }
        hash.update(&buffer[..n]);
        total += n as u64;
    }
}
