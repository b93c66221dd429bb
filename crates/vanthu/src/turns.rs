//! Whose turn it is within this process: one waits for another where that saves work. It protects nothing; what must be true is
//! decided by the locks of the act.

use std::{
    collections::HashMap,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::OwnedMutexGuard;

type Turn = tokio::sync::Mutex<()>;

/// The turns that somebody has or waits for, by the hash of their key. Each key has a turn of its own: whoever has one may wait for
/// another, which would never come if both were the same by chance.
#[derive(Default)]
pub struct Turns(Mutex<HashMap<u64, Weak<Turn>>>);

impl Turns {
    /// Waits for the turn of `key`; it ends with the guard.
    pub async fn of(&self, key: &impl Hash) -> OwnedMutexGuard<()> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(key);
        self.known(hash).lock_owned().await
    }

    fn known(&self, hash: u64) -> Arc<Turn> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = turns.get(&hash).and_then(Weak::upgrade) {
            return turn;
        }
        turns.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::default();
        turns.insert(hash, Arc::downgrade(&turn));
        turn
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn whoever_has_one_turn_gets_every_other_one() {
        let turns = Turns::default();
        let mut held = Vec::new();
        for key in 0..1000 {
            let turn = timeout(Duration::from_secs(5), turns.of(&("kind", key))).await;
            held.push(turn.expect("another key's turn is free"));
        }
    }

    #[tokio::test]
    async fn a_turn_is_waited_for_and_forgotten_afterwards() {
        let turns = Turns::default();
        let first = turns.of(&"series").await;
        assert!(
            timeout(Duration::from_millis(20), turns.of(&"series"))
                .await
                .is_err()
        );
        drop(first);
        drop(turns.of(&"series").await);
        drop(turns.of(&"another").await);
        assert_eq!(turns.0.lock().unwrap().len(), 1);
    }
}
