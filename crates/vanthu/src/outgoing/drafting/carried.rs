//! A draft that goes with a submission slip (CN-303): looked at, held, and submitted by itself once the slip is approved.

use rules::{
    Refusal,
    access::Action,
    ids::{AgencyId, OutgoingId, PostId, SlipId},
    outgoing::OutgoingFacts,
    people::Actor,
};
use serde_json::json;
use store::{Act, args, sql};

use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    outgoing::{load, signing::authority, step},
};

/// The draft as its reader sees it.
///
/// # Errors
/// [`AppError::NotFound`] when there is none or it may not be seen.
pub async fn seen(app: &App, who: &Who, id: OutgoingId) -> AppResult<OutgoingFacts> {
    Ok(load::for_view(app, who, id).await?.facts)
}

/// What a version of the draft is called (trích yếu).
///
/// # Errors
/// When the database fails.
pub async fn subject_of(app: &App, id: OutgoingId, version: u32) -> AppResult<String> {
    Ok(load::content(app, id, version).await?.subject)
}

/// The draft, locked until the act ends.
///
/// # Errors
/// As [`seen`]; `KS-10` while a request for a signature is open.
pub async fn locked(act: &mut Act, who: &Who, id: OutgoingId) -> AppResult<OutgoingFacts> {
    Ok(load::for_change(act, who, id, Action::View).await?.facts)
}

/// Whether the signer of the draft may sign it in the chosen authority (ND30-13), asked before the act: it reads settings.
///
/// # Errors
/// When the database fails; a refusal is the answer.
pub async fn signer_refusal(app: &App, agency: AgencyId, id: OutgoingId) -> AppResult<Option<Refusal>> {
    let row = app
        .db
        .one(
            sql!("SELECT signer_post, authority, type_key FROM outgoing WHERE id = $1 AND agency_id = $2"),
            args![id, agency],
        )
        .await?;
    let type_key: String = row.get("type_key")?;
    let checked = authority::check_named(
        app,
        agency,
        row.get("signer_post")?,
        row.parse("authority")?,
        &type_key,
    )
    .await;
    match checked {
        Ok(()) => Ok(None),
        Err(AppError::Refused(refusal)) => Ok(Some(refusal)),
        Err(error) => Err(error),
    }
}

/// Submits the draft in its drafter's name, because the slip that carried it was approved. When a rule refuses, the draft stays with its
/// drafter and the refusal is the answer.
///
/// # Errors
/// When the database fails.
pub async fn submit(
    act: &mut Act,
    who: &Who,
    id: OutgoingId,
    slip: SlipId,
    refused: Option<Refusal>,
) -> AppResult<Option<Refusal>> {
    if refused.is_some() {
        return Ok(refused);
    }
    let document = load::locked(act, id).await?;
    let drafter = drafter(act, document.facts.drafter).await?;
    let content = load::content_for_change(act, id, document.facts.version).await?;
    match rules::outgoing::submit(&drafter, &document.facts, &content.fields(act.today())) {
        Err(refusal) => Ok(Some(refusal)),
        Ok(plan) => {
            let comment = "Dự thảo được trình theo phiếu trình đã phê duyệt.";
            step::apply(act, who, &document, &plan, Some(comment), json!({ "slip": slip })).await?;
            Ok(None)
        }
    }
}

/// The drafter in the post in which they drafted.
async fn drafter(act: &mut Act, post: PostId) -> AppResult<Actor> {
    let row = act
        .one(
            sql!("SELECT account_id, agency_id, unit_id, role FROM post WHERE id = $1"),
            args![post],
        )
        .await?;
    Ok(Actor::new(
        row.get("account_id")?,
        post,
        row.get("agency_id")?,
        row.get("unit_id")?,
        row.parse("role")?,
    ))
}
