//! The axis' lists of sent packets, asked for once for all packets that wait for an answer (spec edxml 12.6): after a trouble of the
//! axis many are in doubt at once, and a list covers half a day. A long one is not asked for again at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axis::client::SentRow;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// For so many rows a list is left alone for one second: reading lists stays a small part of the work however long they get.
const ROWS_A_SECOND: usize = 500;

/// A list as the axis gave it.
#[derive(Debug)]
pub struct SentList {
    /// Just before it was asked for.
    pub asked_at: Timestamp,
    /// It tells of packets since then.
    pub from: Timestamp,
    /// What the axis lists.
    pub rows: Vec<SentRow>,
}

impl SentList {
    /// Whether it says as much about a packet that is in doubt since `due` as one asked for now: it was asked for later, and
    /// reaches back far enough.
    pub fn serves(&self, due: Timestamp, from: Timestamp) -> bool {
        self.asked_at > due && self.from <= from
    }

    /// When the next one may be asked for.
    pub fn next_at(&self) -> Timestamp {
        let seconds = i64::try_from(self.rows.len() / ROWS_A_SECOND).unwrap_or(i64::MAX);
        self.asked_at
            .saturating_add(SignedDuration::from_secs(seconds))
            .unwrap_or(Timestamp::MAX)
    }
}

/// The newest list of each connection, of documents and of statuses.
#[derive(Default)]
pub struct SentLists(Mutex<HashMap<(Uuid, bool), Arc<SentList>>>);

impl SentLists {
    /// The newest list of a connection.
    pub fn newest(&self, connection: Uuid, of_statuses: bool) -> Option<Arc<SentList>> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.get(&(connection, of_statuses)).cloned()
    }

    /// Keeps a list in place of the one before.
    pub fn keep(&self, connection: Uuid, of_statuses: bool, list: SentList) -> Arc<SentList> {
        let list = Arc::new(list);
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.insert((connection, of_statuses), list.clone());
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn edxml_12_6_a_list_serves_only_what_was_in_doubt_before_it_was_asked_for() {
        let list = SentList {
            asked_at: at(100),
            from: at(10),
            rows: Vec::new(),
        };
        assert!(list.serves(at(99), at(10)));
        assert!(
            !list.serves(at(100), at(10)),
            "the axis may have taken it meanwhile"
        );
        assert!(!list.serves(at(99), at(9)), "it does not reach back so far");
        assert_eq!(
            list.next_at(),
            at(100),
            "a short list is asked for as often as one likes"
        );
    }
}
