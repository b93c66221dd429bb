//! Kết thúc ủy quyền trước hạn: the substitute is in their own post again with the next click.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::{Timestamp, civil::Date};
use rules::{
    delegation,
    ids::{AgencyId, CommandId, PostId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::HREF;
use crate::{
    act_names, administration, api,
    context::{App, Who},
    error::{AppError, AppResult},
    web::{Reply, Submitted, see_other},
};

/// Ends a delegation; there is nothing to fill in.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Revoke {}

/// The answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Revoked {
    /// The delegation.
    pub id: Uuid,
}

/// Ends a delegation.
///
/// # Errors
/// [`AppError::NotFound`] for one of another agency; the refusals of [`delegation::end`].
pub async fn revoke(app: &App, who: &Who, command: CommandId, id: Uuid) -> AppResult<Revoked> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let row = act
        .opt(
            sql!(
                "UPDATE delegation SET basis = basis WHERE id = $1 \
                 RETURNING agency_id, giver_post, substitute_post, to_on, revoked_at"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let agency: AgencyId = row.get("agency_id")?;
    let administers = administration::manages(who, agency);
    let (giver, substitute): (PostId, PostId) = (row.get("giver_post")?, row.get("substitute_post")?);
    if !administers && ![giver, substitute].contains(&who.post()) {
        return Err(AppError::NotFound);
    }
    let (to, revoked): (Date, Option<Timestamp>) = (row.get("to_on")?, row.get("revoked_at")?);
    let (now, today) = (act.now(), act.today());
    delegation::end(
        &who.actor,
        administers,
        giver,
        substitute,
        to,
        revoked.is_some(),
        today,
    )?;
    act.run(
        sql!("UPDATE delegation SET revoked_at = $2, revoked_by = $3 WHERE id = $1"),
        args![id, now, who.label()],
    )
    .await?;
    act.journal(Entry {
        act: act_names::REVOKE_DELEGATION,
        object_kind: "delegation",
        object: id,
        agency: Some(agency),
        summary: "Kết thúc việc ủy quyền xử lý công việc.".to_owned(),
        details: json!({ "giver": giver, "substitute": substitute }),
    })
    .await?;
    act.touch(substitute.as_uuid());
    let answer = Revoked { id };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// `POST /delegations/{id}/revoke`.
pub async fn submit(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Revoke>) -> Reply {
    revoke(&app, &form.who, form.command, id).await?;
    Ok(see_other(&app, HREF, "Đã kết thúc việc ủy quyền."))
}

/// Ends a delegation before its last day.
#[utoipa::path(post, path = "/api/v1/delegations/{id}/revoke", tag = "delegations", params(("id" = Uuid, Path)), request_body = Revoke,
    responses((status = 200, body = Revoked), (status = 404), (status = 409, description = "Đã kết thúc")))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<Revoke>,
) -> AppResult<Json<Revoked>> {
    Ok(Json(revoke(&app, &sent.who, sent.command, id).await?))
}
