//! Requests as they are stored: a batch is one authorisation of one key, a request is one document in it.
//!
//! On PostgreSQL rows are locked one by one, and two nodes may end the same request at the same moment: one commits the signature, the
//! other finds that the time is over. So every act takes its locks in one order: the document (the slip), then its request, then the
//! batch. In another order the two would wait for each other until the database ends one of them.

use jiff::Timestamp;
use rules::{
    ids::{AccountId, AgencyId, PostId},
    signing::{KeyOwner, OpenRequest, RequestState},
};
use signing_providers::UserStep;
use store::{Act, Digest, Row, Sql, args, sql};
use uuid::Uuid;

use super::{subject::Subject, work::Work};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
};

/// One authorisation of one key.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Its id.
    pub id: Uuid,
    /// Whose key.
    pub owner: KeyOwner,
    /// The agency.
    pub agency: AgencyId,
    /// Who asked, and alone may answer.
    pub account: AccountId,
    /// In which post.
    pub post: PostId,
    /// The bound certificate.
    pub binding: Uuid,
    /// SHA-256 of the certificate that was announced.
    pub certificate: Vec<u8>,
    /// Kind of provider.
    pub provider: String,
    /// What the provider calls it.
    pub transaction: Option<String>,
    /// What the person has to do now.
    pub step: Option<UserStep>,
    /// Where it stands.
    pub state: RequestState,
    /// How many times the key was asked.
    pub round: i64,
    /// Answers refused.
    pub attempts: i64,
    /// SHA-256 of the last answer taken; none of a PIN or a one-time code.
    pub answered: Option<Vec<u8>>,
    /// Not asked again before this.
    pub poll_at: Option<Timestamp>,
    /// Until when.
    pub expires_at: Timestamp,
    /// Why it ended without a signature.
    pub error: Option<String>,
}

impl Batch {
    /// What is sent along to the page of a remote service, which gives it back.
    pub fn sent_along(&self) -> Option<String> {
        let Some(UserStep::Redirect(address)) = &self.step else {
            return None;
        };
        let address = url::Url::parse(address).ok()?;
        let state = address.query_pairs().find(|(name, _)| name == "state")?.1;
        Some(state.into_owned()).filter(|state| !state.is_empty())
    }
}

/// The open batch of this person that sent `state` along to a remote service.
///
/// # Errors
/// When the database fails.
pub async fn returned_to(app: &App, who: &Who, state: &str) -> AppResult<Option<Uuid>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id FROM signing_batch WHERE account_id = $1 AND post_id = $2 AND finished_at IS NULL AND step IS NOT NULL \
                 ORDER BY id DESC LIMIT 50"
            ),
            args![who.account(), who.post()],
        )
        .await?;
    for row in &rows {
        let id = row.get("id")?;
        if batch(app, id)
            .await?
            .sent_along()
            .is_some_and(|sent| sent == state)
        {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// One document of a batch, one answer to a slip, or one electronic copy.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its id.
    pub id: Uuid,
    /// Its batch.
    pub batch: Uuid,
    /// What is signed.
    pub subject: Subject,
    /// The version that is signed; of a slip the round; a copy has one only.
    pub version: u32,
    /// The files that are signed; none for the print of a slip.
    pub base_set: Option<Uuid>,
    /// Where it stands.
    pub state: RequestState,
    /// What is to do.
    pub work: Work,
    /// Ý kiến of the signer.
    pub comment: String,
    /// Why it ended without a signature.
    pub error: Option<String>,
}

const BATCH: Sql = sql!(
    "SELECT id, owner, agency_id, account_id, post_id, binding_id, certificate, provider, provider_tx, step, state, round, \
     attempts, answered, poll_at, expires_at, error FROM signing_batch WHERE id = $1"
);

fn batch_of(row: &Row) -> store::Result<Batch> {
    Ok(Batch {
        id: row.get("id")?,
        owner: row.parse("owner")?,
        agency: row.get("agency_id")?,
        account: row.get("account_id")?,
        post: row.get("post_id")?,
        binding: row.get("binding_id")?,
        certificate: row.get("certificate")?,
        provider: row.get("provider")?,
        transaction: row.get("provider_tx")?,
        step: match row.get::<Option<String>>("step")? {
            Some(_) => Some(row.json("step")?),
            None => None,
        },
        state: row.parse("state")?,
        round: row.get("round")?,
        attempts: row.get("attempts")?,
        answered: row.get("answered")?,
        poll_at: row.get("poll_at")?,
        expires_at: row.get("expires_at")?,
        error: row.get("error")?,
    })
}

fn request_of(row: &Row) -> store::Result<Request> {
    Ok(Request {
        id: row.get("id")?,
        batch: row.get("batch_id")?,
        subject: Subject::of(row)?,
        version: row.get("version")?,
        base_set: row.get("base_set")?,
        state: row.parse("state")?,
        work: row.json("work")?,
        comment: row.get("comment")?,
        error: row.get("error")?,
    })
}

/// A batch.
///
/// # Errors
/// [`AppError::NotFound`] when there is none.
pub async fn batch(app: &App, id: Uuid) -> AppResult<Batch> {
    let row = app.db.opt(BATCH, args![id]).await?.ok_or(AppError::NotFound)?;
    Ok(batch_of(&row)?)
}

/// The documents of a batch, in the order in which they were chosen.
///
/// # Errors
/// When the database fails.
pub async fn requests(app: &App, batch: Uuid) -> AppResult<Vec<Request>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, batch_id, subject_kind, subject_id, part_id, version, base_set, state, work, comment, error FROM signing_request \
                 WHERE batch_id = $1 ORDER BY id"
            ),
            args![batch],
        )
        .await?;
    Ok(rows.iter().map(request_of).collect::<store::Result<_>>()?)
}

/// The open request that holds a document, with its batch.
#[derive(Debug, Clone)]
pub struct Lock {
    /// The batch.
    pub batch: Uuid,
    /// Who signs, until when.
    pub open: OpenRequest,
    /// Whose key.
    pub owner: KeyOwner,
    /// Who asked.
    pub account: AccountId,
}

const LOCK: Sql = sql!(
    "SELECT r.batch_id, b.owner, b.account_id, b.expires_at, a.full_name, p.title FROM signing_request r \
     JOIN signing_batch b ON b.id = r.batch_id JOIN account a ON a.id = b.account_id JOIN post p ON p.id = b.post_id \
     WHERE r.subject_id = $1 AND r.part_id = $2 AND r.finished_at IS NULL"
);

fn lock_of(row: &Row) -> store::Result<Lock> {
    Ok(Lock {
        batch: row.get("batch_id")?,
        owner: row.parse("owner")?,
        account: row.get("account_id")?,
        open: OpenRequest {
            signer: format!(
                "{}, {}",
                row.get::<String>("full_name")?,
                row.get::<String>("title")?
            ),
            expires_at: row.get("expires_at")?,
        },
    })
}

/// What holds a subject now, if anything.
///
/// # Errors
/// When the database fails.
pub async fn lock(app: &App, subject: impl Into<Subject>) -> AppResult<Option<Lock>> {
    let subject = subject.into();
    let row = app.db.opt(LOCK, args![subject.id(), subject.part()]).await?;
    Ok(row.as_ref().map(lock_of).transpose()?)
}

/// Refuses what waits for a signature; asked with the row of the document or slip locked.
///
/// # Errors
/// `KS-10`, with who signs and until when.
pub async fn not_locked(act: &mut Act, subject: impl Into<Subject>) -> AppResult<()> {
    let subject = subject.into();
    let row = act.opt(LOCK, args![subject.id(), subject.part()]).await?;
    let lock = row.as_ref().map(lock_of).transpose()?;
    Ok(rules::signing::not_locked(lock.as_ref().map(|lock| &lock.open))?)
}

/// The open request of a subject, within an act.
///
/// # Errors
/// When the database fails.
pub async fn open_of(act: &mut Act, subject: Subject) -> AppResult<Option<Request>> {
    let row = act
        .opt(
            sql!(
                "SELECT id, batch_id, subject_kind, subject_id, part_id, version, base_set, state, work, comment, error FROM signing_request \
                 WHERE subject_id = $1 AND part_id = $2 AND finished_at IS NULL"
            ),
            args![subject.id(), subject.part()],
        )
        .await?;
    Ok(row.as_ref().map(request_of).transpose()?)
}

/// Keeps where the provider's part of a batch stands. Nothing of the law happens here, so there is no act.
///
/// # Errors
/// When the database fails.
pub async fn keep(app: &App, batch: &Batch) -> AppResult<()> {
    let step = batch.step.as_ref().map(serde_json::to_string).transpose()?;
    let mut tx = app.db.begin().await?;
    // Requests before their batch, as everywhere.
    tx.run(
        sql!("UPDATE signing_request SET state = $2 WHERE batch_id = $1 AND finished_at IS NULL"),
        args![batch.id, batch.state.as_str()],
    )
    .await?;
    tx.run(
        sql!(
            "UPDATE signing_batch SET provider_tx = $2, step = $3, state = $4, round = $5, attempts = $6, answered = $7, \
             poll_at = $8, expires_at = $9, error = $10 WHERE id = $1 AND finished_at IS NULL"
        ),
        args![
            batch.id,
            batch.transaction.clone(),
            step,
            batch.state.as_str(),
            batch.round,
            batch.attempts,
            batch.answered.clone(),
            batch.poll_at,
            batch.expires_at,
            batch.error.clone(),
        ],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Keeps the work of a request between two rounds.
///
/// # Errors
/// When the database fails.
pub async fn keep_work(app: &App, request: &Request) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE signing_request SET work = $2 WHERE id = $1 AND finished_at IS NULL"),
        args![request.id, serde_json::to_string(&request.work)?],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Ends a request inside the act that says so in the journal; the document is free then, the bytes to add are forgotten.
///
/// # Errors
/// When it has ended already or the database fails.
pub async fn end(
    act: &mut Act,
    request: &Request,
    state: RequestState,
    signed_set: Option<Uuid>,
    error: Option<(&str, &str)>,
) -> AppResult<()> {
    let now = act.now();
    let ended = act
        .run(
            sql!(
                "UPDATE signing_request SET state = $2, work = '{}', signed_set = $3, finished_at = $4, error_code = $5, \
                 error = $6 WHERE id = $1 AND finished_at IS NULL"
            ),
            args![
                request.id,
                state.as_str(),
                signed_set,
                now,
                error.map(|error| error.0.to_owned()),
                error.map(|error| error.1.to_owned()),
            ],
        )
        .await?;
    if ended == 0 {
        return Err(rules::Refusal::new(
            "KS-74",
            "signing.late",
            "Yêu cầu ký số này đã kết thúc. Vui lòng tải lại trang để xem tình trạng mới nhất.",
        )
        .into());
    }
    if state == RequestState::Committed {
        // The room of the subject writes into the log of key uses what it keeps.
        act.run(
            sql!("DELETE FROM key_made WHERE request_id = $1"),
            args![request.id],
        )
        .await?;
    }
    act.run(
        sql!(
            "UPDATE signing_batch SET state = $2, finished_at = $3, step = NULL, error_code = $4, error = $5 WHERE id = $1 \
             AND finished_at IS NULL AND NOT EXISTS (SELECT 1 FROM signing_request WHERE batch_id = $1 AND finished_at IS NULL)"
        ),
        args![
            request.batch,
            state.as_str(),
            now,
            error.map(|error| error.0.to_owned()),
            error.map(|error| error.1.to_owned()),
        ],
    )
    .await?;
    Ok(())
}

/// Adds a batch, once, and a document to it. The unique index of open requests is the last word on the lock.
///
/// # Errors
/// `KS-74` when the key was asked already: the same command sent again for something else would open a request that nobody carries on
/// and nobody ends. When the database fails.
pub async fn add(act: &mut Act, batch: &Batch, request: &Request) -> AppResult<()> {
    let now = act.now();
    act.run(
        sql!(
            "INSERT INTO signing_batch (id, owner, agency_id, account_id, post_id, binding_id, certificate, provider, state, \
             round, attempts, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10, $11) \
             ON CONFLICT (id) DO NOTHING"
        ),
        args![
            batch.id,
            batch.owner.as_str(),
            batch.agency,
            batch.account,
            batch.post,
            batch.binding,
            batch.certificate.as_slice(),
            batch.provider.as_str(),
            batch.state.as_str(),
            batch.expires_at,
            now,
        ],
    )
    .await?;
    let is_fresh = act
        .opt(
            sql!("SELECT id FROM signing_batch WHERE id = $1 AND finished_at IS NULL AND round = 0"),
            args![batch.id],
        )
        .await?;
    if is_fresh.is_none() {
        return Err(rules::Refusal::new(
            "KS-74",
            "signing.begun_before",
            "Yêu cầu ký số này đã được gửi trước đó. Vui lòng tải lại trang để xem tình trạng mới nhất rồi ký lại.",
        )
        .into());
    }
    act.run(
        sql!(
            "INSERT INTO signing_request (id, batch_id, subject_kind, subject_id, part_id, version, base_set, state, work, comment, \
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        args![
            request.id,
            request.batch,
            request.subject.kind(),
            request.subject.id(),
            request.subject.part(),
            request.version,
            request.base_set,
            request.state.as_str(),
            serde_json::to_string(&request.work)?,
            request.comment.as_str(),
            now,
        ],
    )
    .await?;
    Ok(())
}

/// Open batches whose time is over.
///
/// # Errors
/// When the database fails.
pub async fn overdue(app: &App) -> AppResult<Vec<Uuid>> {
    let rows = app
        .db
        .all(
            sql!("SELECT id FROM signing_batch WHERE finished_at IS NULL AND expires_at <= $1 ORDER BY expires_at LIMIT 500"),
            args![app.clock.now()],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.get("id"))
        .collect::<store::Result<_>>()?)
}

/// A digest of hexadecimal digits.
///
/// # Errors
/// When the text is none.
pub fn digest(text: &str) -> AppResult<Digest> {
    Ok(Digest::from_slice(&unhex(text)?)?)
}

/// Bytes of hexadecimal digits.
///
/// # Errors
/// When the text is none.
pub fn unhex(text: &str) -> AppResult<Vec<u8>> {
    Ok(hex::decode(text).map_err(anyhow::Error::from)?)
}
