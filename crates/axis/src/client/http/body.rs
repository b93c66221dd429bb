//! The body of an answer, read by a thread that may wait while the network's task fills it.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Buf, Bytes};
use reqwest::Response;
use tokio::sync::mpsc;

use super::next_chunk;
use crate::client::{AxisError, Operation};

/// What the reading thread and its caller share.
#[derive(Debug, Default)]
pub(in crate::client) struct Progress {
    failed: Mutex<Option<AxisError>>,
    since_row: AtomicU64,
}

impl Progress {
    /// Why the body broke off, if it did.
    pub(in crate::client) fn failure(&self) -> Option<AxisError> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// A row has been read; the next one may be as long again.
    pub(in crate::client) fn row_read(&self) {
        self.since_row.store(0, Ordering::Relaxed);
    }
}

/// Reads the body as it comes, with a limit for the whole and one for each row.
pub(in crate::client) struct BodyReader {
    pieces: mpsc::Receiver<Option<Bytes>>,
    current: Bytes,
    ended: bool,
    row_limit: u64,
    progress: Arc<Progress>,
}

/// Limits of a body.
#[derive(Debug, Clone, Copy)]
pub(in crate::client) struct Sizes {
    pub(in crate::client) whole: u64,
    pub(in crate::client) row: u64,
}

/// Starts to read the body.
pub(in crate::client) fn start(
    operation: Operation,
    mut response: Response,
    idle: Duration,
    sizes: Sizes,
) -> (BodyReader, Arc<Progress>) {
    let progress = Arc::new(Progress::default());
    let (sender, pieces) = mpsc::channel(8);
    let shared = progress.clone();
    tokio::spawn(async move {
        let mut total = 0;
        let failure = loop {
            match next_chunk(operation, &mut response, idle).await {
                Ok(Some(piece)) => {
                    total += piece.len() as u64;
                    if total > sizes.whole {
                        let limit = sizes.whole;
                        break AxisError::TooLarge { operation, limit };
                    }
                    if sender.send(Some(piece)).await.is_err() {
                        return;
                    }
                }
                Ok(None) => {
                    // The end is said: a body that just stops is none.
                    let _ = sender.send(None).await;
                    return;
                }
                Err(error) => break error,
            }
        };
        *shared.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
    });
    let reader = BodyReader {
        pieces,
        current: Bytes::new(),
        ended: false,
        row_limit: sizes.row,
        progress: progress.clone(),
    };
    (reader, progress)
}

impl Read for BodyReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() && !self.ended {
            match self.pieces.blocking_recv() {
                Some(Some(piece)) => self.current = piece,
                Some(None) => self.ended = true,
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let n = self.current.len().min(buffer.len());
        buffer[..n].copy_from_slice(&self.current[..n]);
        self.current.advance(n);
        let row = self.progress.since_row.fetch_add(n as u64, Ordering::Relaxed) + n as u64;
        if row > self.row_limit {
            return Err(io::Error::other("a row is too long"));
        }
        Ok(n)
    }
}
