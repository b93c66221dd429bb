//! A list that is read as it comes.

use tokio::sync::mpsc;

use super::{AxisError, Operation};

/// How many rows may wait between the reader of an answer and its user.
const WAITING: usize = 256;

enum Event<T> {
    Row(T),
    End(Result<(), AxisError>),
}

/// Rows of a list of any length, in bounded memory. It is whole only when [`Listing::next`] has returned `Ok(None)`.
#[derive(Debug)]
pub struct Listing<T> {
    operation: Operation,
    rows: mpsc::Receiver<Event<T>>,
    ended: bool,
}

/// The other end of a [`Listing`], for implementations of a transport.
#[derive(Debug)]
pub struct ListingSender<T>(mpsc::Sender<Event<T>>);

impl<T> Clone for ListingSender<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Listing<T> {
    /// A listing and its other end.
    pub fn channel(operation: Operation) -> (ListingSender<T>, Self) {
        let (sender, rows) = mpsc::channel(WAITING);
        let listing = Self {
            operation,
            rows,
            ended: false,
        };
        (ListingSender(sender), listing)
    }

    /// The next row; `None` after the last one of a whole list.
    ///
    /// # Errors
    /// When the list broke off, or the axis said at its end that it failed. Rows until then were given already.
    pub async fn next(&mut self) -> Result<Option<T>, AxisError> {
        if self.ended {
            return Ok(None);
        }
        match self.rows.recv().await {
            Some(Event::Row(row)) => Ok(Some(row)),
            Some(Event::End(result)) => {
                self.ended = true;
                result.map(|()| None)
            }
            // A reader that vanished without a word has not finished.
            None => {
                self.ended = true;
                Err(AxisError::BadAnswer {
                    operation: self.operation,
                    cause: "danh sách bị ngắt giữa chừng".to_owned(),
                })
            }
        }
    }

    /// All rows, when there are `limit` of them at most.
    ///
    /// # Errors
    /// When the list is not whole, or longer.
    pub async fn all(mut self, limit: usize) -> Result<Vec<T>, AxisError> {
        let mut rows = Vec::new();
        while let Some(row) = self.next().await? {
            if rows.len() == limit {
                return Err(AxisError::BadAnswer {
                    operation: self.operation,
                    cause: format!("danh sách dài quá {limit} dòng; thu hẹp khoảng thời gian"),
                });
            }
            rows.push(row);
        }
        Ok(rows)
    }
}

impl<T> ListingSender<T> {
    /// Gives a row; `false` when nobody listens any more.
    pub async fn row(&self, row: T) -> bool {
        self.0.send(Event::Row(row)).await.is_ok()
    }

    /// The same from a thread that may wait.
    pub fn blocking_row(&self, row: T) -> bool {
        self.0.blocking_send(Event::Row(row)).is_ok()
    }

    /// Says that the list is whole, or why it is not.
    pub async fn end(self, result: Result<(), AxisError>) {
        // Nobody listens: nobody to tell.
        let _ = self.0.send(Event::End(result)).await;
    }

    /// The same from a thread that may wait.
    pub fn blocking_end(self, result: Result<(), AxisError>) {
        let _ = self.0.blocking_send(Event::End(result));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_listing_that_breaks_off_is_not_whole() {
        let (sender, listing) = Listing::channel(Operation::ListAgencies);
        assert!(sender.row(1).await);
        drop(sender);
        assert!(listing.all(10).await.is_err());
    }

    #[tokio::test]
    async fn a_whole_listing_ends_once() {
        let (sender, mut listing) = Listing::channel(Operation::ListAgencies);
        assert!(sender.row(1).await);
        sender.end(Ok(())).await;
        assert_eq!(listing.next().await.unwrap(), Some(1));
        assert_eq!(listing.next().await.unwrap(), None);
        assert_eq!(listing.next().await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_listing_longer_than_its_limit_is_refused() {
        let (sender, listing) = Listing::channel(Operation::ListSent);
        for n in 0..3 {
            assert!(sender.row(n).await);
        }
        sender.end(Ok(())).await;
        assert!(listing.all(2).await.unwrap_err().to_string().contains("2 dòng"));
    }
}
