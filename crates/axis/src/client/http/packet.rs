//! Packets on their way to a writer, a piece at a time.

use std::io::{self, Read};
use std::time::Duration;

use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::read::DecoderReader;
use reqwest::Response;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

use super::body::{self, BodyReader, Sizes};
use super::json::{Unread, unreadable};
use crate::client::{AxisError, Fetched, Operation};
use crate::wire::FileHash;

/// Padding and loose last bits are not worth losing a packet.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Writes what comes, counts and hashes it, and stops at a limit.
pub(in crate::client) struct Writing<'a> {
    operation: Operation,
    to: &'a mut (dyn AsyncWrite + Send + Unpin),
    hash: FileHash,
    bytes: u64,
    limit: u64,
}

impl<'a> Writing<'a> {
    pub(in crate::client) fn new(
        operation: Operation,
        to: &'a mut (dyn AsyncWrite + Send + Unpin),
        limit: u64,
    ) -> Self {
        Self {
            operation,
            to,
            hash: FileHash::default(),
            bytes: 0,
            limit,
        }
    }

    pub(in crate::client) async fn write(&mut self, piece: &[u8]) -> Result<(), AxisError> {
        let operation = self.operation;
        self.bytes += piece.len() as u64;
        if self.bytes > self.limit {
            let limit = self.limit;
            return Err(AxisError::TooLarge { operation, limit });
        }
        self.hash.update(piece);
        self.to
            .write_all(piece)
            .await
            .map_err(|cause| AxisError::Local { operation, cause })
    }

    pub(in crate::client) async fn finish(self) -> Result<Fetched, AxisError> {
        let operation = self.operation;
        if self.bytes == 0 {
            let cause = "gói tin rỗng".to_owned();
            return Err(AxisError::BadAnswer { operation, cause });
        }
        self.to
            .flush()
            .await
            .map_err(|cause| AxisError::Local { operation, cause })?;
        Ok(Fetched {
            sha256: self.hash.finish(),
            bytes: self.bytes,
        })
    }
}

/// Takes a packet out of the answer that it stands in. `read` goes through the answer on a thread that may wait and hands the
/// pieces of the packet on; it says whether the answer is a success.
pub(in crate::client) async fn fetch<F>(
    operation: Operation,
    response: Response,
    idle: Duration,
    to: &mut (dyn AsyncWrite + Send + Unpin),
    limit: u64,
    read: F,
) -> Result<Fetched, AxisError>
where
    F: FnOnce(BodyReader, &mpsc::Sender<Vec<u8>>) -> Result<Result<(), AxisError>, Unread> + Send + 'static,
{
    // Base64 with line breaks written as \r\n, and the rest of the answer.
    let whole = limit.saturating_mul(3) / 2 + (1 << 20);
    let sizes = Sizes { whole, row: u64::MAX };
    let (body, progress) = body::start(operation, response, idle, sizes);
    let (sender, mut pieces) = mpsc::channel(4);
    let reading = tokio::task::spawn_blocking(move || {
        // The sender ends with this closure, and with it the pieces.
        read(body, &sender).unwrap_or_else(|unread| {
            Err(progress
                .failure()
                .unwrap_or_else(|| unreadable(operation, unread)))
        })
    });
    let mut writing = Writing::new(operation, to, limit);
    while let Some(piece) = pieces.recv().await {
        writing.write(&piece).await?;
    }
    reading.await.map_err(|_| AxisError::BadAnswer {
        operation,
        cause: "không đọc được trả lời".to_owned(),
    })??;
    writing.finish().await
}

/// Gives the bytes that a text in base64 stands for, piece by piece.
pub(in crate::client) fn decode(text: impl Read, to: &mpsc::Sender<Vec<u8>>) -> Result<(), Unread> {
    let mut decoder = DecoderReader::new(WithoutBlanks(text), &LENIENT);
    let mut buffer = vec![0; 64 << 10];
    loop {
        let n = decoder
            .read(&mut buffer)
            .map_err(|e| Unread::Bad(format!("base64: {e}")))?;
        if n == 0 {
            return Ok(());
        }
        if to.blocking_send(buffer[..n].to_vec()).is_err() {
            return Err(Unread::Unwanted);
        }
    }
}

/// Drops line breaks and spaces.
struct WithoutBlanks<R>(R);

impl<R: Read> Read for WithoutBlanks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = self.0.read(buffer)?;
            let mut kept = 0;
            for i in 0..n {
                if !buffer[i].is_ascii_whitespace() {
                    buffer[kept] = buffer[i];
                    kept += 1;
                }
            }
            // Nothing but blanks is not the end.
            if kept > 0 || n == 0 {
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Option<Vec<u8>> {
        let (sender, mut pieces) = mpsc::channel(100);
        decode(text.as_bytes(), &sender).ok()?;
        drop(sender);
        let mut all = Vec::new();
        while let Ok(piece) = pieces.try_recv() {
            all.extend(piece);
        }
        Some(all)
    }

    #[test]
    fn base64_is_read_with_line_breaks_and_without_padding() {
        assert_eq!(decoded("YW\r\nJj\n").unwrap(), b"abc");
        assert_eq!(decoded("YWI").unwrap(), b"ab");
        assert_eq!(decoded("YWI=").unwrap(), b"ab");
        assert_eq!(decoded(" \n ").unwrap(), b"");
        assert_eq!(decoded("Y*"), None);
    }
}
