//! The act: the only way to change anything.
//!
//! `begin → load → decide → save → journal + outbox → commit`, in one transaction. An act cannot commit without a
//! journal entry. The same command sent twice has one effect and gets the same answer.

use std::ops::{Deref, DerefMut};

use jiff::{Timestamp, civil::Date};
use rules::ids::{AccountId, AgencyId, CommandId, PostId};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{Clock, Db, Error, Ids, Job, Result, Tx, args, sql, vietnam};

/// Who acts, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account that signed in; `None` for the program itself.
    pub account: Option<AccountId>,
    /// The post (chức vụ tại đơn vị) used.
    pub post: Option<PostId>,
    /// The agency of that post.
    pub agency: Option<AgencyId>,
    /// The post on whose behalf (ủy quyền) the person acts.
    pub on_behalf_of: Option<PostId>,
    /// Name and title as they were at that time: `Nguyễn Văn An, Chuyên viên`.
    pub label: String,
}

impl Actor {
    /// The program itself: timers, deliveries, states that return by themselves.
    pub fn system() -> Self {
        Self {
            account: None,
            post: None,
            agency: None,
            on_behalf_of: None,
            label: "Hệ thống".to_owned(),
        }
    }
}

/// One line of the journal (nhật ký nghiệp vụ), without who and when: the act knows those.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What was done: `incoming.register`.
    pub act: &'static str,
    /// Kind of the object: `incoming`, `outgoing`, `account`…
    pub object_kind: &'static str,
    /// The object.
    pub object: Uuid,
    /// The agency whose journal this belongs to, when it is not the actor's.
    pub agency: Option<AgencyId>,
    /// One Vietnamese sentence for the history that people read.
    pub summary: String,
    /// Everything else worth proving later, as JSON.
    pub details: serde_json::Value,
}

/// A begun act, or the answer of the same command given before.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "matched at once by every use case; a box would be one more name in each"
)]
pub enum Begun<T> {
    /// Go on and decide.
    Now(Act),
    /// This command was carried out before; this was its answer.
    Before(T),
}

/// A transaction that knows who, when and which command, and cannot commit without a journal entry.
#[derive(Debug)]
pub struct Act {
    tx: Tx,
    ids: Ids,
    now: Timestamp,
    actor: Actor,
    command: Option<(Uuid, CommandId)>,
    entries: u32,
    jobs: u32,
    touched: Vec<Uuid>,
}

/// What a committed act leaves to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Consequences that now wait in the outbox.
    pub jobs: u32,
    /// Owners of desks that changed.
    pub touched: Vec<Uuid>,
}

impl Act {
    /// Begins an act of a person. `command` is the id that came with the form or the API call.
    ///
    /// # Errors
    /// [`Error::CommandReused`] when the id came before with another request; otherwise when the database fails.
    pub async fn begin<T: DeserializeOwned>(
        db: &Db,
        clock: &Clock,
        ids: &Ids,
        actor: Actor,
        command: CommandId,
    ) -> Result<Begun<T>> {
        let mut tx = db.begin().await?;
        // After the write lock was taken: the time of an act follows the order of commits.
        let now = clock.now();
        let owner = actor.account.map_or(Uuid::nil(), AccountId::as_uuid);
        let fresh = tx
            .run(
                sql!(
                    "INSERT INTO command (owner_id, id, fingerprint, at, answer) VALUES ($1, $2, $3, $4, '') \
                     ON CONFLICT DO NOTHING"
                ),
                args![owner, command, command.fingerprint().as_slice(), now],
            )
            .await?;
        if fresh == 0 {
            let row = tx
                .one(
                    sql!("SELECT fingerprint, answer FROM command WHERE owner_id = $1 AND id = $2"),
                    args![owner, command],
                )
                .await?;
            tx.rollback().await?;
            if row.get::<Vec<u8>>("fingerprint")? != command.fingerprint() {
                return Err(Error::CommandReused);
            }
            return Ok(Begun::Before(row.json("answer")?));
        }
        let command = Some((owner, command));
        Ok(Begun::Now(Self {
            tx,
            ids: ids.clone(),
            now,
            actor,
            command,
            entries: 0,
            jobs: 0,
            touched: Vec::new(),
        }))
    }

    /// Begins the act of a job: the job's row goes away in the same transaction, so its effect happens once.
    /// `None` when another worker was faster.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_job(db: &Db, clock: &Clock, ids: &Ids, job: &Job) -> Result<Option<Self>> {
        let mut tx = db.begin().await?;
        let now = clock.now();
        let mine = tx
            .run(sql!("DELETE FROM job WHERE id = $1"), args![job.id])
            .await?;
        if mine == 0 {
            tx.rollback().await?;
            return Ok(None);
        }
        let actor = Actor::system();
        Ok(Some(Self {
            tx,
            ids: ids.clone(),
            now,
            actor,
            command: None,
            entries: 0,
            jobs: 0,
            touched: Vec::new(),
        }))
    }

    /// The time of this act.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The civil date of this act in Viet Nam.
    pub fn today(&self) -> Date {
        vietnam(self.now).date()
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// A new id.
    pub fn new_id(&self) -> Uuid {
        self.ids.next()
    }

    /// Notes that the desk of `owner` changed, for those who look at it now.
    pub fn touch(&mut self, owner: Uuid) {
        if !self.touched.contains(&owner) {
            self.touched.push(owner);
        }
    }

    /// Writes a journal entry.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn journal(&mut self, entry: Entry) -> Result<()> {
        let details = serde_json::to_string(&entry.details)?;
        let agency = entry.agency.or(self.actor.agency);
        self.tx
            .run(
                sql!(
                    "INSERT INTO journal (at, act, account_id, post_id, on_behalf_of, actor, agency_id, \
                     object_kind, object_id, command_id, summary, details) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
                ),
                args![
                    self.now,
                    entry.act,
                    self.actor.account,
                    self.actor.post,
                    self.actor.on_behalf_of,
                    self.actor.label.as_str(),
                    agency,
                    entry.object_kind,
                    entry.object,
                    self.command.map(|(_, id)| id),
                    entry.summary,
                    details,
                ],
            )
            .await?;
        self.entries += 1;
        Ok(())
    }

    /// Puts a consequence into the outbox; it runs after the commit, once in effect.
    ///
    /// # Errors
    /// When the payload is not JSON or the database fails.
    pub async fn enqueue(&mut self, kind: &'static str, payload: &impl Serialize) -> Result<()> {
        self.enqueue_at(kind, payload, self.now).await
    }

    /// The same for a consequence that is due later.
    ///
    /// # Errors
    /// When the payload is not JSON or the database fails.
    pub async fn enqueue_at(
        &mut self,
        kind: &'static str,
        payload: &impl Serialize,
        due: Timestamp,
    ) -> Result<()> {
        let payload = serde_json::to_string(payload)?;
        let id = self.ids.next();
        self.tx
            .run(
                sql!("INSERT INTO job (id, kind, payload, run_at, attempts, locked_until, dead) VALUES ($1, $2, $3, $4, 0, 0, 0)"),
                args![id, kind, payload, due],
            )
            .await?;
        self.jobs += 1;
        Ok(())
    }

    /// Many consequences of one kind, due now, in few statements.
    ///
    /// # Errors
    /// When a payload is not JSON or the database fails.
    pub async fn enqueue_all(&mut self, kind: &'static str, payloads: &[impl Serialize]) -> Result<()> {
        let mut rows = Vec::with_capacity(payloads.len());
        for payload in payloads {
            rows.push(args![
                self.ids.next(),
                kind,
                serde_json::to_string(payload)?,
                self.now,
                0_i64,
                0_i64,
                0_i64
            ]);
        }
        self.tx
            .bulk(
                sql!("INSERT INTO job (id, kind, payload, run_at, attempts, locked_until, dead) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
                rows,
            )
            .await?;
        self.jobs += u32::try_from(payloads.len()).unwrap_or(u32::MAX);
        Ok(())
    }

    /// Makes the act durable and keeps `answer` for the same command sent again.
    ///
    /// # Errors
    /// [`Error::NoJournalEntry`] when the act said nothing in the journal; otherwise when the database fails.
    /// In both cases nothing was changed.
    pub async fn commit(mut self, answer: &impl Serialize) -> Result<Committed> {
        if self.entries == 0 {
            self.tx.rollback().await?;
            return Err(Error::NoJournalEntry);
        }
        if let Some((owner, command)) = self.command {
            let answer = serde_json::to_string(answer)?;
            self.tx
                .run(
                    sql!("UPDATE command SET answer = $3 WHERE owner_id = $1 AND id = $2"),
                    args![owner, command, answer],
                )
                .await?;
        }
        self.tx.commit().await?;
        Ok(Committed {
            jobs: self.jobs,
            touched: self.touched,
        })
    }

    /// Ends a job that turned out to have nothing to do: its row goes, nothing else changes.
    ///
    /// # Errors
    /// [`Error::NoJournalEntry`] when used for anything but a job without effect.
    pub async fn nothing_to_do(self) -> Result<()> {
        if self.command.is_some() || self.entries > 0 {
            return Err(Error::NoJournalEntry);
        }
        self.tx.commit().await
    }
}

impl Deref for Act {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl DerefMut for Act {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}
