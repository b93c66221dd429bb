//! The envelopes of the agency for its clerks, one's own for everybody else.

use axum::{Json, extract::State};
use jiff::{Timestamp, civil::Date};
use rules::{
    ids::PostId,
    incoming::{AddresseeKind, UnopenedState},
};
use serde::Serialize;
use store::{Row, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
};

/// A list shows the newest; what still waits is always among them.
const MOST: i64 = 200;

/// An envelope.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnopenedMail {
    /// Its id.
    pub id: Uuid,
    /// `forwarded`, `received`, `handed_back` or `registered`.
    #[schema(value_type = String)]
    pub state: UnopenedState,
    /// `person` or `organisation`.
    #[schema(value_type = String)]
    pub addressee_kind: AddresseeKind,
    /// To whom, as it stands on the envelope.
    pub addressee: String,
    /// The person in the system.
    #[schema(value_type = Option<Uuid>)]
    pub addressee_post: Option<PostId>,
    /// From whom, as it stands on the envelope.
    pub sender: String,
    /// What else stands on it.
    pub marks: String,
    /// Ngày đến.
    #[schema(value_type = String, format = Date)]
    pub arrived_on: Date,
    /// When it was handed on.
    #[schema(value_type = String, format = DateTime)]
    pub forwarded_at: Timestamp,
    /// Who signed for it.
    pub received_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Timestamp>,
    /// Who gave it back.
    pub back_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub back_at: Option<Timestamp>,
    /// Why.
    pub back_reason: Option<String>,
    /// As what it was registered.
    pub incoming: Option<Uuid>,
}

fn mail(row: &Row) -> store::Result<UnopenedMail> {
    Ok(UnopenedMail {
        id: row.get("id")?,
        state: row.parse("state")?,
        addressee_kind: row.parse("addressee_kind")?,
        addressee: row.get("addressee")?,
        addressee_post: row.get("addressee_post")?,
        sender: row.get("sender")?,
        marks: row.get("marks")?,
        arrived_on: row.get("arrived_on")?,
        forwarded_at: row.get("forwarded_at")?,
        received_by: row.get("received_by")?,
        received_at: row.get("received_at")?,
        back_by: row.get("back_by")?,
        back_at: row.get("back_at")?,
        back_reason: row.get("back_reason")?,
        incoming: row.get("incoming_id")?,
    })
}

/// The envelopes that this person may see: what waits for văn thư first, then what waits for its addressee, then the rest, newest first.
///
/// # Errors
/// When the database fails.
pub(super) async fn seen(app: &App, who: &Who) -> AppResult<Vec<UnopenedMail>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, state, addressee_kind, addressee, addressee_post, sender, marks, arrived_on, forwarded_at, received_by, \
                 received_at, back_by, back_at, back_reason, incoming_id FROM unopened_mail \
                 WHERE agency_id = $1 AND ($2 = 1 OR addressee_post = $3) \
                 ORDER BY CASE state WHEN 'handed_back' THEN 0 WHEN 'forwarded' THEN 1 ELSE 2 END, id DESC LIMIT $4"
            ),
            args![who.agency(), i64::from(who.is_clerk()), who.post(), MOST],
        )
        .await?;
    Ok(rows.iter().map(mail).collect::<store::Result<_>>()?)
}

/// One of them.
///
/// # Errors
/// [`AppError::NotFound`] when it is not there for this person.
pub(super) async fn one(app: &App, who: &Who, id: Uuid) -> AppResult<UnopenedMail> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT id, state, addressee_kind, addressee, addressee_post, sender, marks, arrived_on, forwarded_at, received_by, \
                 received_at, back_by, back_at, back_reason, incoming_id FROM unopened_mail \
                 WHERE id = $1 AND agency_id = $2 AND ($3 = 1 OR addressee_post = $4)"
            ),
            args![id, who.agency(), i64::from(who.is_clerk()), who.post()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(mail(&row)?)
}

/// Whether this person may see an envelope. Who works in somebody's place does not: what is addressed by name is not handed over.
///
/// # Errors
/// When the database fails.
pub async fn sees_envelope(app: &App, who: &Who, id: Uuid) -> AppResult<bool> {
    if who.in_place.is_some() {
        return Ok(false);
    }
    match one(app, who, id).await {
        Ok(_) => Ok(true),
        Err(AppError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Envelopes that went on unopened: of the agency for its clerks, one's own for everybody else.
#[utoipa::path(get, path = "/api/v1/incoming/unopened", tag = "incoming",
    responses((status = 200, body = [UnopenedMail])))]
pub async fn api_list(State(app): State<App>, who: Who) -> AppResult<Json<Vec<UnopenedMail>>> {
    Ok(Json(seen(&app, &who).await?))
}
