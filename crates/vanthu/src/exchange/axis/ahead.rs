//! Work that begins before its turn: waiting for the axis is most of receiving, so several calls are under way at once while what
//! they bring is still dealt with one after the other, in order.

use std::future::Future;

use futures_util::{Stream, StreamExt as _, stream};
use tokio_util::task::AbortOnDropHandle;

use crate::error::AppResult;

/// So many calls over one connection are under way at once.
pub const AT_ONCE: usize = 4;

/// Runs the works, some at once, and gives their results in the order of the works. Each is a task of its own: one that has
/// the database must go on while the others are waited for. Those under way end with the stream.
pub fn ahead<T, W>(works: Vec<W>) -> impl Stream<Item = AppResult<T>>
where
    T: Send + 'static,
    W: Future<Output = AppResult<T>> + Send + 'static,
{
    stream::iter(works)
        .map(|work| {
            let task = AbortOnDropHandle::new(tokio::spawn(work));
            async move {
                match task.await {
                    Ok(done) => done,
                    Err(broken) => Err(anyhow::Error::from(broken).into()),
                }
            }
        })
        .buffered(AT_ONCE)
}
