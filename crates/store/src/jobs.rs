//! The outbox: consequences written by an act, carried out by workers at least once, in effect once.

use jiff::{SignedDuration, Timestamp};
use rules::ids::JobId;
use serde::de::DeserializeOwned;

use crate::{Db, Result, args, sql, sql_postgres};

/// How long a worker may work on a job before another takes it over.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// After so many failures a job waits for a person.
const MAX_ATTEMPTS: u32 = 12;

/// A consequence waiting to be carried out.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id, the same on every attempt.
    pub id: JobId,
    /// What to do: `exchange.deliver`.
    pub kind: String,
    /// JSON for the handler.
    pub payload: String,
    /// Attempts so far, this one included.
    pub attempts: u32,
}

impl Job {
    /// The payload in the handler's type.
    ///
    /// # Errors
    /// When the JSON does not fit.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.payload)?)
    }

    /// Takes up to `limit` due jobs for this worker, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim(db: &Db, now: Timestamp, limit: u32) -> Result<Vec<Self>> {
        let mut tx = db.begin().await?;
        let until = now + LEASE;
        let rows = if db.is_postgres() {
            tx.all(
                sql_postgres!(
                    "UPDATE job SET locked_until = $1, attempts = attempts + 1 WHERE id IN (SELECT id FROM job \
                     WHERE dead = 0 AND run_at <= $2 AND locked_until <= $2 ORDER BY run_at, id LIMIT $3 \
                     FOR UPDATE SKIP LOCKED) RETURNING id, kind, payload, attempts"
                ),
                args![until, now, limit],
            )
            .await?
        } else {
            tx.all(
                sql!(
                    "UPDATE job SET locked_until = $1, attempts = attempts + 1 WHERE id IN (SELECT id FROM job \
                     WHERE dead = 0 AND run_at <= $2 AND locked_until <= $2 ORDER BY run_at, id LIMIT $3) \
                     RETURNING id, kind, payload, attempts"
                ),
                args![until, now, limit],
            )
            .await?
        };
        tx.commit().await?;
        let mut jobs = rows
            .iter()
            .map(|row| {
                Ok(Self {
                    id: row.get("id")?,
                    kind: row.get("kind")?,
                    payload: row.get("payload")?,
                    attempts: row.get("attempts")?,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        jobs.sort_by_key(|job| job.id);
        Ok(jobs)
    }

    /// Notes a failure: the job comes back after a growing pause, or waits for a person after too many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failed(&self, db: &Db, now: Timestamp, reason: &str) -> Result<()> {
        let dead = self.attempts >= MAX_ATTEMPTS;
        let pause = SignedDuration::from_secs(1_i64 << self.attempts.min(10));
        let mut tx = db.begin().await?;
        tx.run(
            sql!("UPDATE job SET locked_until = 0, run_at = $2, last_error = $3, dead = $4 WHERE id = $1"),
            args![self.id, now + pause, reason, dead],
        )
        .await?;
        tx.commit().await
    }

    /// How many jobs wait, and how many are dead.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn backlog(db: &Db) -> Result<(i64, i64)> {
        let row = db
            .one(
                sql!(
                    "SELECT count(CASE WHEN dead = 0 THEN 1 END) AS waiting, \
                     count(CASE WHEN dead = 1 THEN 1 END) AS dead FROM job"
                ),
                args![],
            )
            .await?;
        Ok((row.get("waiting")?, row.get("dead")?))
    }
}
