//! What every step of the path does with its plan: state, sign-offs, history, desks.

use rules::{
    Decision,
    access::Action,
    ids::{CommandId, OutgoingId},
    outgoing::{Mark, OutgoingEvent, OutgoingFacts, OutgoingPlan, OutgoingState},
    people::Actor,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::load::{self, Document};
use crate::{
    access, act_names,
    context::{App, Who},
    desk,
    error::AppResult,
};

/// Where an outgoing document stands after an act.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Moved {
    /// The document.
    pub id: Uuid,
    /// Its state: `draft`, `content_review`, `form_review`, `approval`, `signing`, `approved`, `numbered`, `issued`,
    /// `cancelled`, `voided`.
    pub state: String,
    /// The state in Vietnamese.
    pub state_label: String,
    /// The current version of its content.
    pub version: u32,
    /// The request for signatures that is waited for: `GET /api/v1/signing/requests/{id}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Uuid>,
}

impl Moved {
    /// The answer for a document in `state`.
    pub fn new(id: OutgoingId, state: OutgoingState, version: u32) -> Self {
        Self {
            id: id.as_uuid(),
            state: state.as_str().to_owned(),
            state_label: state.label().to_owned(),
            version,
            request: None,
        }
    }
}

/// A whole step of the path with a few words, by which nothing but the document's place changes: begins the act, loads the
/// document within what `who` may do, asks `decide`, applies its plan, commits.
///
/// # Errors
/// Refusals of `decide`; when the document may not be seen or the database fails.
pub async fn decided(
    app: &App,
    who: &Who,
    command: CommandId,
    (id, action): (OutgoingId, Action),
    words: &str,
    decide: impl FnOnce(&Actor, &OutgoingFacts) -> Decision<OutgoingPlan>,
) -> AppResult<Moved> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = load::for_change(&mut act, who, id, action).await?;
    let plan = decide(&who.actor, &document.facts)?;
    let moved = apply(&mut act, who, &document, &plan, Some(words), json!({})).await?;
    app.commit(act, &moved).await?;
    Ok(moved)
}

/// Saves a plan: the state, the sign-offs that are given, returned or void, the history, the desks. Whoever acts took
/// part from then on.
///
/// # Errors
/// When the database fails.
pub async fn apply(
    act: &mut Act,
    who: &Who,
    document: &Document,
    plan: &OutgoingPlan,
    comment: Option<&str>,
    details: serde_json::Value,
) -> AppResult<Moved> {
    let now = act.now();
    let comment = comment.map(str::trim).filter(|comment| !comment.is_empty());
    let approved_version = match plan.approval {
        Mark::Give => Some(plan.version),
        Mark::Void => None,
        Mark::Keep => document.facts.approval.map(|approval| approval.version),
    };
    act.run(
        sql!("UPDATE outgoing SET state = $2, version = $3, approved_version = $4, updated_at = $5 WHERE id = $1"),
        args![document.id, plan.next.as_str(), plan.version, approved_version, now],
    )
    .await?;
    term_begins(act, document, plan).await?;
    let returned = (plan.event == OutgoingEvent::Returned).then(|| step_kind(document.state()));
    let marks = [
        ("content", plan.content_sign_off, document.facts.content_sign_off),
        ("form", plan.form_sign_off, document.facts.form_sign_off),
        ("approval", plan.approval, document.facts.approval),
    ];
    for (kind, mark, given) in marks {
        let decision = if returned == Some(kind) {
            "returned"
        } else {
            match (mark, given) {
                (Mark::Give, _) => "agreed",
                (Mark::Void, Some(_)) => "voided",
                _ => continue,
            }
        };
        let said = if decision == "voided" { None } else { comment };
        let id = act.new_id();
        act.run(
            sql!(
                "INSERT INTO sign_off (id, outgoing_id, version, kind, decision, post_id, comment, at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            ),
            args![
                id,
                document.id,
                document.facts.version,
                kind,
                decision,
                who.post(),
                said.map(str::to_owned),
                now
            ],
        )
        .await?;
    }
    let unsigned = plan.approval == Mark::Void && unsign(act, document, plan.version).await?;
    access::took_part(act, document.id.as_uuid(), who.post()).await?;
    desk::refresh_outgoing(act, document.id).await?;
    let mut all = json!({
        "from": document.state().as_str(),
        "to": plan.next.as_str(),
        "version": plan.version,
        "note": comment,
        "signature_void": unsigned,
    });
    if let (Some(all), serde_json::Value::Object(more)) = (all.as_object_mut(), details) {
        all.extend(more);
    }
    act.journal(Entry {
        act: act_name(plan.event),
        object_kind: "outgoing",
        object: document.id.as_uuid(),
        agency: None,
        summary: if unsigned {
            format!("{}; chữ ký số của người ký hết hiệu lực.", plan.event.label())
        } else {
            format!("{}.", plan.event.label())
        },
        details: all,
    })
    .await?;
    Ok(Moved::new(document.id, plan.next, plan.version))
}

/// Saves a plan of the program itself, or one by which nobody's sign-off changes: the state, the desks, the history.
///
/// # Errors
/// When the database fails.
pub async fn apply_plain(
    act: &mut Act,
    document: &Document,
    plan: &OutgoingPlan,
    mut details: serde_json::Value,
) -> AppResult<()> {
    let now = act.now();
    act.run(
        sql!("UPDATE outgoing SET state = $2, updated_at = $3 WHERE id = $1"),
        args![document.id, plan.next.as_str(), now],
    )
    .await?;
    desk::refresh_outgoing(act, document.id).await?;
    if let Some(all) = details.as_object_mut() {
        all.insert("from".to_owned(), json!(document.state().as_str()));
        all.insert("to".to_owned(), json!(plan.next.as_str()));
    }
    act.journal(Entry {
        act: act_name(plan.event),
        object_kind: "outgoing",
        object: document.id.as_uuid(),
        agency: Some(document.facts.agency),
        summary: format!("{}.", plan.event.label()),
        details,
    })
    .await?;
    Ok(())
}

/// Notes from when the term of issue runs: from the signer's approval, which a change takes away (ND30-18.1).
async fn term_begins(act: &mut Act, document: &Document, plan: &OutgoingPlan) -> AppResult<()> {
    let (signed_at, on_paper) = match plan.approval {
        Mark::Keep => return Ok(()),
        Mark::Void => (None, false),
        Mark::Give => {
            let content = load::content_for_change(act, document.id, plan.version).await?;
            (Some(act.now()), content.is_on_paper_alone())
        }
    };
    act.run(
        sql!("UPDATE outgoing SET signed_at = $2, on_paper = $3 WHERE id = $1"),
        args![document.id, signed_at, on_paper],
    )
    .await?;
    Ok(())
}

/// Takes the signer's signature off a document whose approval is void: its files are those of the version again. The signed
/// file stays in the store and in the history; it is not the document's any more. Gives whether there was a signature. A
/// document whose number is void keeps the files it had: they are part of that fact.
async fn unsign(act: &mut Act, document: &Document, version: u32) -> AppResult<bool> {
    if document.signed_set.is_none() || document.number.is_some() {
        return Ok(false);
    }
    act.run(
        sql!(
            "UPDATE outgoing SET signed_set = NULL, pages = NULL, file_set = (SELECT v.file_set FROM outgoing_version v \
             WHERE v.outgoing_id = $1 AND v.version = $2) WHERE id = $1"
        ),
        args![document.id, version],
    )
    .await?;
    Ok(true)
}

/// The kind of sign-off that a step is about.
const fn step_kind(state: OutgoingState) -> &'static str {
    match state {
        OutgoingState::FormReview => "form",
        OutgoingState::Approval
        | OutgoingState::Signing
        | OutgoingState::Approved
        | OutgoingState::Numbered => "approval",
        OutgoingState::ContentReview
        | OutgoingState::Draft
        | OutgoingState::Issued
        | OutgoingState::Cancelled
        | OutgoingState::Voided => "content",
    }
}

/// The name of an act in the journal.
pub const fn act_name(event: OutgoingEvent) -> &'static str {
    match event {
        OutgoingEvent::DraftSaved => act_names::SAVE_DRAFT,
        OutgoingEvent::ChangedAfterReview => act_names::CHANGE_AFTER_REVIEW,
        OutgoingEvent::Submitted => act_names::SUBMIT,
        OutgoingEvent::ContentSignedOff => act_names::SIGN_OFF_CONTENT,
        OutgoingEvent::FormSignedOff => act_names::SIGN_OFF_FORM,
        OutgoingEvent::Approved => act_names::APPROVE,
        OutgoingEvent::Returned => act_names::RETURN,
        OutgoingEvent::Issued => act_names::ISSUE,
        OutgoingEvent::Cancelled => act_names::CANCEL,
        OutgoingEvent::SigningBegun => act_names::SIGN_BEGIN,
        OutgoingEvent::Signed => act_names::SIGN,
        OutgoingEvent::SigningEnded => act_names::SIGN_END,
        OutgoingEvent::NumberTaken => act_names::NUMBER,
        OutgoingEvent::NumberVoided => act_names::VOID_NUMBER,
    }
}
