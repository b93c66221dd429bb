//! Chuyển trực tiếp: the clerk hands a registered document to the unit to which the work rules assign it, without presenting it
//! (ND30-23.1, CN-113). It is a direction like any other ([`direct`]), but the work rules are the head's decision: the part is the
//! head's to take back, to extend, to assign again.

use std::ops::ControlFlow;

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    ids::{CommandId, IncomingId, PostId, UnitId},
    incoming::{DirectionPolicy, IncomingState, WorkRule, fixed_handler},
};
use serde::{Deserialize, Serialize};
use store::{args, sql};
use utoipa::ToSchema;

use super::{assign::Directive, direct};
use crate::{
    act_names, agency_settings, api,
    context::{App, Who},
    error::{AppError, AppResult},
    incoming::{
        acts::ActKind,
        detail::{self, Typed},
        people,
        seen::Seen,
        step::Done,
    },
    organization,
    web::{Reply, Submitted, blank_as_none, see_other},
};

/// Which unit handles what, decided by the agency.
const WORK_RULES: &str = "incoming.work_rules";

/// What a clerk adds when handing on.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct HandOn {
    /// Nội dung chuyển; may be empty.
    pub text: String,
    /// Thời hạn giải quyết.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
}

/// To whom the work rules assign a document.
struct Fixed {
    unit: UnitId,
    unit_name: String,
    /// Who heads the unit.
    head: PostId,
    /// The head of the agency, whose decision it is.
    giver: PostId,
    basis: String,
}

/// Reads it; nothing when no line or lines of different units cover the document, or one of the two has no head.
async fn fixed(app: &App, who: &Who, id: IncomingId) -> AppResult<Option<Fixed>> {
    let rules: Vec<WorkRule> = agency_settings::read(app, who.agency(), WORK_RULES, app.clock.today())
        .await?
        .unwrap_or_default();
    let row = app
        .db
        .opt(
            sql!("SELECT type_key, sender_name, sender_code FROM incoming WHERE id = $1 AND agency_id = $2"),
            args![id, who.agency()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (kind, sender): (String, String) = (row.get("type_key")?, row.get("sender_name")?);
    let code: Option<String> = row.get("sender_code")?;
    let Some(rule) = fixed_handler(&rules, &kind, &sender, code.as_deref()) else {
        return Ok(None);
    };
    let posts = organization::posts_of(app, who.agency()).await?;
    let head = posts
        .iter()
        .find(|option| option.unit == Some(rule.unit) && people::is_head(option));
    let giver = posts.iter().find(|option| option.is_agency_head);
    Ok(head.zip(giver).map(|(head, giver)| Fixed {
        unit: rule.unit,
        unit_name: head.unit_name.clone().unwrap_or_default(),
        head: head.post,
        giver: giver.post,
        basis: rule.basis.clone(),
    }))
}

/// Offers the act first of all where it is possible; gives the sentence that says why.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn offer(
    app: &App,
    who: &Who,
    seen: &Seen,
    acts: &mut Vec<ActKind>,
) -> AppResult<String> {
    if !(who.is_clerk() && seen.facts.state == IncomingState::Registered) {
        return Ok(String::new());
    }
    let Some(fixed) = fixed(app, who, seen.id).await? else {
        return Ok(String::new());
    };
    acts.insert(0, ActKind::HandOn);
    Ok(format!(
        "Văn bản loại này được giao cho {} theo {}. Lãnh đạo thấy việc đã chuyển trong hộp “Đã xử lý”.",
        fixed.unit_name, fixed.basis
    ))
}

/// Hands a document on.
///
/// # Errors
/// The refusals of [`rules::incoming::direct`] to a clerk.
pub async fn hand_on(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: HandOn,
) -> AppResult<Done> {
    let fixed = fixed(app, who, id).await?;
    let said = fixed.as_ref().map_or_else(String::new, |fixed| {
        format!("Văn thư chuyển trực tiếp theo {}. {}", fixed.basis, data.text)
    });
    let order = Directive {
        text: said,
        lead: fixed.as_ref().map(|fixed| fixed.head),
        due_on: data.due_on,
        ..Directive::default()
    };
    let policy = DirectionPolicy {
        fixed_handler: fixed.as_ref().map(|fixed| fixed.unit),
    };
    let mut agreed = match direct::ask(app, who, command, id, &order, policy).await? {
        ControlFlow::Break(answer) => return Ok(answer),
        ControlFlow::Continue(agreed) => agreed,
    };
    let fixed = fixed.ok_or(AppError::NotFound)?;
    let saved = agreed.give(who, fixed.giver).await?;
    let summary = format!("Chuyển trực tiếp theo quy chế làm việc: {}", saved.names());
    let details = serde_json::json!({
        "assignments": saved.details, "basis": fixed.basis, "given_by": fixed.giver,
    });
    agreed.take(app, act_names::HAND_ON, summary, details).await
}

/// `POST /incoming/{id}/hand-on`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<HandOn>,
) -> Reply {
    let typed = Typed {
        act: "hand-on",
        text: form.data.text.clone(),
        due_on: form.data.due_on.map(|date| date.to_string()).unwrap_or_default(),
        ..Typed::default()
    };
    match hand_on(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã chuyển trực tiếp.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Hand on to the unit that the work rules of the agency name for this kind and sender (state 04).
#[utoipa::path(post, path = "/api/v1/incoming/{id}/hand-on", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = HandOn,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<HandOn>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        hand_on(&app, &command.who, command.command, id, command.data).await?,
    ))
}
