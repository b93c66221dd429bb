//! How requests end without a signature: expired, rejected, cancelled, failed. The document is free again, the journal says
//! why; a late answer is written down and dropped.

use std::time::Duration;

use rules::{
    ids::CommandId,
    signing::{RequestState, advance},
};
use serde_json::json;
use store::{Act, Actor, Begun, Entry, Job};
use uuid::Uuid;

use super::{
    made,
    row::{self, Batch, Request},
    subject::{self, Subject},
};
use crate::{
    act_names,
    context::{App, Who},
    error::AppResult,
};

/// Kind of the job that tells a provider that nobody waits any more.
pub const LET_GO: &str = "signing.let_go";

/// How often the reaper looks.
const EVERY: Duration = Duration::from_secs(30);

/// Ends every open document of a batch.
///
/// # Errors
/// When the database fails.
pub async fn batch(
    app: &App,
    who: Option<&Who>,
    batch: &Batch,
    state: RequestState,
    error: (&str, &str),
) -> AppResult<()> {
    for request in super::run::open_requests(app, batch.id).await? {
        self::request(app, who, &request, state, error).await?;
    }
    Ok(())
}

/// Ends one document's request: in the name of the person, or of the system when the time is over.
///
/// # Errors
/// When it has ended already or the database fails.
pub async fn request(
    app: &App,
    who: Option<&Who>,
    request: &Request,
    state: RequestState,
    error: (&str, &str),
) -> AppResult<()> {
    advance(request.state, state)?;
    let command = CommandId::from_uuid(Uuid::new_v5(&request.id, b"end"));
    let Begun::Now(mut act) = begin(app, who, command).await? else {
        return made::tell(app, who, request, state).await;
    };
    match ended(&mut act, request, state, error).await {
        Ok(()) => app.commit(act, &true).await,
        Err(refused) => {
            // Another node ended it. What the key has signed here is told all the same.
            drop(act);
            if let Err(error) = made::tell(app, who, request, state).await {
                tracing::warn!(%error, request = %request.id, "a use of a key could not be told");
            }
            Err(refused)
        }
    }
}

/// An act of the person, or of the system.
pub(super) async fn begin(app: &App, who: Option<&Who>, command: CommandId) -> AppResult<Begun<bool>> {
    match who {
        Some(who) => app.begin(who, command).await,
        None => Ok(Act::begin(&app.db, &app.clock, &app.ids, Actor::system(), command).await?),
    }
}

/// The document first, then its request: the order of locks is told in [`row`].
async fn ended(act: &mut Act, request: &Request, state: RequestState, error: (&str, &str)) -> AppResult<()> {
    subject::ended(act, request, state, error).await?;
    row::end(act, request, state, None, Some(error)).await?;
    made::log(act, request, state).await?;
    Ok(())
}

/// Ends what is open about a subject within an act that makes the signature pointless; the room of the subject says so in the journal.
/// What the key has signed for it already, before the program stopped perhaps, is told.
///
/// # Errors
/// When it has ended meanwhile or the database fails.
pub async fn end_open(act: &mut Act, subject: Subject, error: (&str, &str)) -> AppResult<()> {
    let Some(request) = row::open_of(act, subject).await? else {
        return Ok(());
    };
    let state = advance(request.state, RequestState::Cancelled)?;
    row::end(act, &request, state, None, Some(error)).await?;
    subject::ended(act, &request, state, error).await?;
    made::log(act, &request, state).await?;
    Ok(())
}

/// Tells the provider of a batch that has ended that nobody waits any more. That it does not hear changes nothing.
pub async fn let_go(app: &App, id: Uuid) {
    let told = async {
        let found = row::batch(app, id).await?;
        if let (true, Some(transaction)) = (found.state.is_final(), &found.transaction)
            && let Some(bound) = super::run::binding(app, &found).await?
        {
            bound.provider.cancel(transaction).await;
        }
        AppResult::Ok(())
    };
    if let Err(error) = told.await {
        tracing::warn!(batch = %id, %error, "the provider was not told that a request has ended");
    }
}

/// Orders the same in an act that ends what is open about a subject and that others commit: a worker tells the provider afterwards. To be
/// called before [`end_open`].
///
/// # Errors
/// When the database fails.
pub async fn let_go_later(act: &mut Act, subject: Subject) -> AppResult<()> {
    if let Some(request) = row::open_of(act, subject).await? {
        act.enqueue(LET_GO, &request.batch).await?;
    }
    Ok(())
}

/// Carries out such an order. The provider hears it before the job goes away: after a stop in between it hears it once more.
///
/// # Errors
/// When the database fails.
pub async fn perform_let_go(app: &App, job: &Job) -> AppResult<()> {
    let_go(app, job.payload()?).await;
    let Some(act) = Act::begin_job(&app.db, &app.clock, &app.ids, job).await? else {
        return Ok(());
    };
    Ok(act.nothing_to_do().await?)
}

/// Cancels a batch for its person.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] for anybody else; when it has ended already.
pub async fn cancel(app: &App, who: &Who, id: Uuid) -> AppResult<Batch> {
    let _turn = app.turn(&id).await;
    let found = super::run::mine(app, who, id).await?;
    advance(found.state, RequestState::Cancelled)?;
    if let Some(transaction) = &found.transaction
        && let Some(bound) = super::run::binding(app, &found).await?
    {
        bound.provider.cancel(transaction).await;
    }
    batch(
        app,
        Some(who),
        &found,
        RequestState::Cancelled,
        ("signing.cancelled", "Người ký đã hủy yêu cầu ký số."),
    )
    .await?;
    row::batch(app, id).await
}

/// Writes down that an answer came too late; it changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn note_late(app: &App, who: &Who, batch: &Batch) -> AppResult<()> {
    let command = CommandId::from_uuid(app.ids.next());
    let Begun::Now(mut act) = app.begin::<bool>(who, command).await? else {
        return Ok(());
    };
    for request in row::requests(app, batch.id).await? {
        act.journal(Entry {
            act: act_names::SIGN_LATE,
            object_kind: request.subject.kind(),
            object: request.subject.id(),
            agency: None,
            summary: "Bỏ qua câu trả lời ký số đến muộn.".to_owned(),
            details: json!({ "request": request.id, "state": batch.state.as_str(), "expires_at": batch.expires_at.to_string() }),
        })
        .await?;
    }
    app.commit(act, &true).await
}

/// Ends what is overdue, once.
///
/// # Errors
/// When the database fails.
pub async fn reap(app: &App) -> AppResult<usize> {
    let mut ended = 0;
    for id in row::overdue(app).await? {
        let _turn = app.turn(&id).await;
        let found = row::batch(app, id).await?;
        if found.state.is_final() {
            continue;
        }
        batch(
            app,
            None,
            &found,
            RequestState::Expired,
            (
                "signing.expired",
                "Quá thời hạn ký; chưa có chữ ký nào được ghi nhận.",
            ),
        )
        .await?;
        ended += 1;
    }
    Ok(ended)
}

/// Ends what is overdue, every half minute, as long as the program runs.
pub async fn reap_regularly(app: App) {
    loop {
        tokio::time::sleep(EVERY).await;
        match reap(&app).await {
            Ok(0) => {}
            Ok(ended) => tracing::info!(ended, "requests for signatures expired"),
            Err(error) => tracing::warn!(%error, "expired requests could not be ended; tried again"),
        }
    }
}
