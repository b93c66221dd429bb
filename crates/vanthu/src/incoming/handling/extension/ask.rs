//! Xin gia hạn, by the holder of a part.

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    Refusal,
    access::Action,
    ids::{CommandId, IncomingId},
    incoming::{self, AssignmentFacts, AssignmentRole, ExtensionState, IncomingEvent, Wish},
};
use serde::{Deserialize, Serialize};
use store::{Begun, args, sql};
use utoipa::ToSchema;

use super::super::assign;
use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{
        detail::{self, Typed},
        load::{self, Doc},
        step::{self, Done, Told},
    },
    web::{Reply, Submitted, blank_as_none, clean, format, see_other},
};

/// A wish for a later deadline of the own part.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Extend {
    /// Lý do xin gia hạn.
    pub why: String,
    /// Thời hạn đề nghị.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub wanted_on: Option<Date>,
}

/// Asks whoever gave the own part for a later deadline.
///
/// # Errors
/// The refusals of [`incoming::ask_extension`].
pub async fn ask(app: &App, who: &Who, command: CommandId, id: IncomingId, data: Extend) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::Handle).await?;
    let own = held(who, &doc);
    let asked = super::of_part(&mut act, own.id).await?;
    let policy = super::policy(&mut act, who.agency()).await?;
    let why = clean(&data.why);
    let until = data.wanted_on.ok_or_else(no_day)?;
    let wish = Wish {
        reason: &why,
        until,
        today: act.today(),
    };
    let plan = incoming::ask_extension(&who.actor, &doc.facts, &own, &asked, wish, policy)?;
    let (extension, now) = (act.new_id(), act.now());
    act.run(
        sql!(
            "INSERT INTO extension (id, incoming_id, assignment_id, asked_by, asked_at, reason, old_due_on, wanted_on, state) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        args![
            extension,
            id,
            own.id,
            who.post(),
            now,
            why.as_str(),
            own.deadline,
            until,
            ExtensionState::Asked.as_str()
        ],
    )
    .await?;
    let done = step::take(
        &mut act,
        &doc,
        plan,
        Told {
            act: act_names::ASK_EXTENSION,
            summary: format!(
                "{} ({}): từ {} đến {}",
                IncomingEvent::ExtensionAsked.label(),
                own.role.label(),
                format::date_opt(own.deadline),
                format::date(until)
            ),
            note: &why,
            for_sender: "",
            details: serde_json::json!({
                "extension": extension, "assignment": own.id, "old_due_on": own.deadline, "wanted_on": until,
            }),
        },
    )
    .await?;
    app.commit(act, &done).await?;
    Ok(done)
}

/// The part whose deadline the person means: the open one, else the one that was passed on.
fn held(who: &Who, doc: &Doc) -> AssignmentFacts {
    let own = assign::held(who, doc);
    if own.state.is_active() && own.role != AssignmentRole::Inform {
        return own;
    }
    doc.assignments
        .iter()
        .filter(|part| part.state.is_active() && part.is_held_by(&who.actor))
        .min_by_key(|part| part.role)
        .copied()
        .unwrap_or(own)
}

fn no_day() -> Refusal {
    Refusal::new(
        "ND30-24.2",
        "incoming.no_wanted_day",
        "Vui lòng chọn thời hạn đề nghị.",
    )
    .on("wanted_on")
}

/// `POST /incoming/{id}/extend`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Extend>,
) -> Reply {
    let typed = Typed {
        act: "extend",
        why: form.data.why.clone(),
        wanted_on: form.data.wanted_on.map(|day| day.to_string()).unwrap_or_default(),
        ..Typed::default()
    };
    match ask(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(
            &app,
            &detail::href(id),
            "Đã gửi đề nghị gia hạn đến người giao việc.",
        )),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Ask for a later deadline of the own part.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/extend", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = Extend,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn ask_api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Extend>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        ask(&app, &command.who, command.command, id, command.data).await?,
    ))
}
