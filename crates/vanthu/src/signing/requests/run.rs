//! Between the prepared bytes and the raw signature: the provider is asked, waited for, answered. A batch is asked for as
//! one authorisation; each of its documents ends for itself.

use std::sync::Arc;

use jiff::Timestamp;
use rules::{
    ids::CommandId,
    signing::{KeyOwner, RequestState, accepts_answer, advance, lifetime, seals_in_person},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use signing_providers::{HashItem, HashRequest, Progress, Provider, ProviderError, Secret, UserStep};
use uuid::Uuid;

use super::{
    end, finish,
    row::{self, Batch, Request, unhex},
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    signing::keys,
};

/// What happens to a batch now.
#[derive(Debug, Clone)]
pub enum Event {
    /// The key is asked for the first time.
    Start,
    /// The provider is asked whether it is ready.
    Poll,
    /// What the person did: typed a PIN, confirmed at the token.
    Answer(Value),
}

/// Wrong PINs and codes that a batch endures; the key itself may be locked by fewer.
const PATIENCE: i64 = 3;

/// Carries a batch on as far as it goes now: to the end, or to where it waits again.
///
/// # Errors
/// [`AppError::NotFound`] for anybody but the person who asked; [`AppError::Gone`] for a late answer; what the database fails.
pub async fn carry(app: &App, who: &Who, id: Uuid, event: Event) -> AppResult<Batch> {
    // Two windows of one person must not finish the same round twice.
    let _turn = app.turn(&id).await;
    let mut batch = mine(app, who, id).await?;
    if let Event::Answer(answer) = &event {
        in_person(who, &batch)?;
        asked_for(&batch, answer)?;
        let fingerprint = fingerprint(answer);
        let is_known = fingerprint.is_some() && batch.answered == fingerprint;
        // A PIN sent by a double click finds everything signed: nothing is left to do with it.
        let is_done = fingerprint.is_none() && batch.state == RequestState::Committed;
        if is_known || is_done {
            return Ok(batch);
        }
        if let Err(refusal) = accepts_answer(batch.state, batch.expires_at, app.clock.now()) {
            end::note_late(app, who, &batch).await?;
            return Err(AppError::Gone(refusal));
        }
        batch.answered = fingerprint;
    }
    if batch.state.is_final() {
        return Ok(batch);
    }
    if app.clock.now() >= batch.expires_at {
        end::batch(app, Some(who), &batch, RequestState::Expired, EXPIRED).await?;
        return row::batch(app, id).await;
    }
    let Some(bound) = binding(app, &batch).await? else {
        end::batch(app, Some(who), &batch, RequestState::Failed, OTHER_CERTIFICATE).await?;
        return row::batch(app, id).await;
    };
    if batch.provider == super::WHOLE_FILE {
        // The agent comes by itself, with a ticket.
        if matches!(event, Event::Start) {
            batch.round = 1;
            batch.state = moved(batch.state, RequestState::WaitingUser)?;
            row::keep(app, &batch).await?;
        }
        return row::batch(app, id).await;
    }
    let mut event = event;
    loop {
        let requests = open_requests(app, id).await?;
        let asked = hash_request(&batch, &bound, &requests)?;
        let progress = ask(&bound.provider, &mut batch, &asked, event, app.clock.now()).await;
        match progress {
            Ok(Some(Progress::Done(raws))) => {
                batch.step = None;
                // Before anything ends: the same answer sent again must find itself.
                row::keep(app, &batch).await?;
                let again = finish::round(app, who, &mut batch, &bound, requests, raws).await?;
                if !again {
                    break;
                }
                batch.transaction = None;
                event = Event::Start;
            }
            Ok(Some(Progress::Pending {
                transaction,
                poll_after,
                expires_at,
            })) => {
                batch.transaction = Some(transaction);
                batch.step = None;
                batch.state = moved(batch.state, RequestState::Polling)?;
                batch.poll_at =
                    Some(app.clock.now() + jiff::SignedDuration::try_from(poll_after).unwrap_or_default());
                batch.expires_at = batch.expires_at.min(expires_at);
                row::keep(app, &batch).await?;
                break;
            }
            Ok(Some(Progress::NeedsUser {
                transaction,
                step,
                expires_at,
            })) => {
                batch.transaction = Some(transaction);
                batch.step = Some(step);
                batch.state = moved(batch.state, RequestState::WaitingUser)?;
                batch.poll_at = None;
                batch.expires_at = batch.expires_at.min(expires_at);
                row::keep(app, &batch).await?;
                break;
            }
            Ok(None) => break,
            Err(error) if may_try_again(&error) && batch.attempts + 1 < PATIENCE && batch.step.is_some() => {
                batch.attempts += 1;
                batch.answered = None;
                batch.error = Some(error.to_string());
                row::keep(app, &batch).await?;
                break;
            }
            Err(error) => {
                let ended = ended_by(&error);
                tracing::warn!(batch = %batch.id, code = error.code(), "a request for signatures ended: {error}");
                end::batch(app, Some(who), &batch, ended, (error.code(), &error.to_string())).await?;
                break;
            }
        }
    }
    row::batch(app, id).await
}

/// By what the same answer sent again is known. PINs and one-time codes leave no trace, not even a digest: from one they are
/// guessed at once, and the next round rightly takes the same PIN again.
fn fingerprint(answer: &Value) -> Option<Vec<u8>> {
    let is_secret = ["pin", "otp"].iter().any(|field| answer.get(field).is_some());
    (!is_secret).then(|| Sha256::digest(answer.to_string().as_bytes()).to_vec())
}

/// A code of a remote service is taken only with what was sent along to it, or it may be of another request.
fn asked_for(batch: &Batch, answer: &Value) -> AppResult<()> {
    let Some(sent) = batch.sent_along() else {
        return Ok(());
    };
    if answer.get("code").is_none() || answer.get("state").and_then(Value::as_str) == Some(&sent) {
        return Ok(());
    }
    Err(AppError::BadInput(
        "Xác nhận của dịch vụ ký số không thuộc yêu cầu này. Vui lòng thực hiện lại từ trang ký số."
            .to_owned(),
    ))
}

/// What the agency's key waits for is done by a person at a browser, never by a program with a token (ND30-32.2c).
fn in_person(who: &Who, batch: &Batch) -> AppResult<()> {
    match batch.owner {
        KeyOwner::Agency => Ok(seals_in_person(&who.actor, batch.agency, who.in_person)?),
        KeyOwner::Person => Ok(()),
    }
}

const EXPIRED: (&str, &str) = (
    "signing.expired",
    "Quá thời hạn ký; chưa có chữ ký nào được ghi nhận.",
);
const OTHER_CERTIFICATE: (&str, &str) = (
    "signing.certificate_changed",
    "Chứng thư số đã thay đổi sau khi chuẩn bị ký. Vui lòng ký lại.",
);

/// The same state may come again: a person is asked for a PIN twice.
fn moved(from: RequestState, to: RequestState) -> AppResult<RequestState> {
    let from = match from {
        // Asked and answered within this call.
        RequestState::Prepared => advance(from, RequestState::Sent)?,
        other => other,
    };
    if from == to {
        Ok(to)
    } else {
        Ok(advance(from, to)?)
    }
}

/// Asks the provider; `None` when it is not yet time to ask again.
async fn ask(
    provider: &Arc<dyn Provider>,
    batch: &mut Batch,
    asked: &HashRequest,
    event: Event,
    now: Timestamp,
) -> Result<Option<Progress>, ProviderError> {
    let transaction = batch.transaction.clone();
    match (event, transaction) {
        (Event::Start, _) => {
            batch.round += 1;
            or_pin(provider.start(asked).await, batch).map(Some)
        }
        (Event::Answer(answer), Some(transaction)) if transaction == TYPED_HERE => {
            let asked = HashRequest {
                authorization: secret_of(&answer),
                ..asked.clone()
            };
            provider.start(&asked).await.map(Some)
        }
        (Event::Poll, Some(transaction))
            if batch.state == RequestState::Polling && batch.poll_at.is_none_or(|at| at <= now) =>
        {
            provider.poll(&transaction, asked).await.map(Some)
        }
        (Event::Answer(answer), Some(transaction)) if batch.step.is_some() => {
            let asked = HashRequest {
                authorization: secret_of(&answer),
                ..asked.clone()
            };
            provider.answer(&transaction, &asked, answer).await.map(Some)
        }
        _ => Ok(None),
    }
}

/// The transaction of a token of the server that waits for the PIN of its owner: nothing has begun at the provider.
const TYPED_HERE: &str = "pin";

fn or_pin(asked: Result<Progress, ProviderError>, batch: &Batch) -> Result<Progress, ProviderError> {
    match asked {
        Err(ProviderError::PinNeeded) => Ok(Progress::NeedsUser {
            transaction: TYPED_HERE.to_owned(),
            step: UserStep::Pin,
            expires_at: batch.expires_at,
        }),
        other => other,
    }
}

/// A PIN goes along as the authorisation as well; it is kept nowhere.
fn secret_of(answer: &Value) -> Option<Secret> {
    answer.get("pin").and_then(Value::as_str).map(Secret::new)
}

fn may_try_again(error: &ProviderError) -> bool {
    matches!(
        error,
        ProviderError::WrongPin
            | ProviderError::WrongOtp
            | ProviderError::Unavailable(_)
            | ProviderError::Timeout(_)
    )
}

fn ended_by(error: &ProviderError) -> RequestState {
    match error {
        ProviderError::Expired => RequestState::Expired,
        ProviderError::Rejected(_) => RequestState::Rejected,
        _ => RequestState::Failed,
    }
}

/// The batch, for the person who asked for it.
///
/// # Errors
/// [`AppError::NotFound`] for anybody else.
pub async fn mine(app: &App, who: &Who, id: Uuid) -> AppResult<Batch> {
    let batch = row::batch(app, id).await?;
    let is_mine = batch.account == who.account() && batch.post == who.post();
    if is_mine {
        Ok(batch)
    } else {
        Err(AppError::NotFound)
    }
}

/// The binding of a batch, when it still is the one whose certificate the prepared bytes name.
pub async fn binding(app: &App, batch: &Batch) -> AppResult<Option<keys::Binding>> {
    let bound = keys::in_force(app, batch.binding).await?;
    Ok(bound.filter(|bound| bound.sha256 == batch.certificate))
}

/// The documents of a batch that are still under way.
///
/// # Errors
/// When the database fails.
pub async fn open_requests(app: &App, batch: Uuid) -> AppResult<Vec<Request>> {
    let mut requests = row::requests(app, batch).await?;
    requests.retain(|request| !request.state.is_final());
    Ok(requests)
}

fn hash_request(batch: &Batch, bound: &keys::Binding, requests: &[Request]) -> AppResult<HashRequest> {
    let mut items = Vec::new();
    for request in requests {
        for (file, open) in request.work.open() {
            let hash: [u8; 32] = unhex(&open.hash)?
                .try_into()
                .map_err(|_| anyhow::anyhow!("a hash of another length"))?;
            items.push(HashItem {
                hash,
                description: file.name.clone(),
                message: Some(unhex(&open.attributes)?),
            });
        }
    }
    Ok(HashRequest {
        key: bound.key.clone(),
        certificate: bound.certificate().to_vec(),
        items,
        expires_at: batch.expires_at,
        authorization: None,
    })
}

/// A batch that is about to be opened. Its id comes from the command and the account: the same sent twice is one batch, and
/// no other account can take its place.
pub fn new_batch(app: &App, who: &Who, command: CommandId, owner: KeyOwner, bound: &keys::Binding) -> Batch {
    let provider = bound.kind.as_str();
    Batch {
        id: command.part(who.account().as_uuid()).as_uuid(),
        owner,
        agency: who.agency(),
        account: who.account(),
        post: who.post(),
        binding: bound.id,
        certificate: Sha256::digest(bound.certificate()).to_vec(),
        provider: provider.to_owned(),
        transaction: None,
        step: None,
        state: RequestState::Prepared,
        round: 0,
        attempts: 0,
        answered: None,
        poll_at: None,
        expires_at: expires_at(app, provider),
        error: None,
    }
}

/// Until when a batch of this provider waits.
fn expires_at(app: &App, provider: &str) -> jiff::Timestamp {
    app.clock.now() + lifetime(provider == "csc")
}
