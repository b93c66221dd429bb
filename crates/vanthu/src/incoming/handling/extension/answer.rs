//! Trả lời đề nghị gia hạn, by whoever gave the part.

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    access::Action,
    ids::{AssignmentId, CommandId, IncomingId},
    incoming::{self, ExtensionState, IncomingEvent, Wish},
};
use serde::{Deserialize, Serialize};
use store::{Begun, args, sql};
use utoipa::ToSchema;

use super::super::part;
use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{
        detail::{self, Typed},
        load,
        step::{self, Done, Told},
    },
    web::{Reply, Submitted, blank_as_none, clean, format, see_other},
};

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Đồng ý.
    Grant,
    /// Không đồng ý.
    #[default]
    Refuse,
}

/// The answer to a wish for a later deadline.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct AnswerExtension {
    /// The part.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub assignment: Option<AssignmentId>,
    /// `grant` or `refuse`.
    pub verdict: Verdict,
    /// Thời hạn mới; the day that was wished for when left out.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub granted_on: Option<Date>,
    /// Ý kiến; needed for a refusal.
    pub reason: String,
}

/// Grants or refuses.
///
/// # Errors
/// The refusals of [`incoming::grant_extension`] and [`incoming::refuse_extension`].
pub async fn answer(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: AnswerExtension,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::Amend).await?;
    let chosen = part::chosen(&doc, data.assignment)?;
    part::is_anothers(who, &chosen)?;
    let asked = super::of_part(&mut act, chosen.id).await?;
    let reason = clean(&data.reason);
    let wanted = asked
        .iter()
        .find(|one| one.state == ExtensionState::Asked)
        .map(|one| one.wanted);
    let today = act.today();
    let (plan, state, granted) = if data.verdict == Verdict::Grant {
        let policy = super::policy(&mut act, who.agency()).await?;
        let wish = Wish {
            reason: &reason,
            until: data.granted_on.or(wanted).unwrap_or(today),
            today,
        };
        let plan = incoming::grant_extension(
            &who.actor,
            &doc.facts,
            &chosen,
            &doc.assignments,
            &asked,
            wish,
            policy,
        )?;
        (plan.step, ExtensionState::Granted, Some(plan.deadline))
    } else {
        let plan =
            incoming::refuse_extension(&who.actor, &doc.facts, &chosen, &doc.assignments, &asked, &reason)?;
        (plan, ExtensionState::Refused, None)
    };
    let now = act.now();
    act.run(
        sql!(
            "UPDATE extension SET state = $2, granted_on = $3, answer = $4, decided_by = $5, decided_at = $6 \
             WHERE assignment_id = $1 AND state = 'asked'"
        ),
        args![
            chosen.id,
            state.as_str(),
            granted,
            Some(reason.as_str())
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
            who.post(),
            now
        ],
    )
    .await?;
    if let Some(until) = granted {
        part::change(&mut act, chosen.id, chosen.role, Some(until)).await?;
        part::note_lead(&mut act, id).await?;
    }
    let holder = part::holder(&mut act, chosen.id).await?;
    let day = granted.map_or_else(
        || format!("giữ thời hạn {}", format::date_opt(chosen.deadline)),
        |until| {
            format!(
                "từ {} đến {}",
                format::date_opt(chosen.deadline),
                format::date(until)
            )
        },
    );
    let event = if granted.is_some() {
        IncomingEvent::ExtensionGranted
    } else {
        IncomingEvent::ExtensionRefused
    };
    let done = step::take(
        &mut act,
        &doc,
        plan,
        Told {
            act: if granted.is_some() {
                act_names::GRANT_EXTENSION
            } else {
                act_names::REFUSE_EXTENSION
            },
            summary: format!("{} cho {}: {day}", event.label(), holder.name),
            note: &reason,
            for_sender: "",
            details: serde_json::json!({
                "assignment": chosen.id, "old_due_on": chosen.deadline, "wanted_on": wanted, "granted_on": granted,
            }),
        },
    )
    .await?;
    // The desk of the holder shows that there is something new.
    part::call(&mut act, id, holder.post).await?;
    app.commit(act, &done).await?;
    Ok(done)
}

/// `POST /incoming/{id}/answer-extension`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<AnswerExtension>,
) -> Reply {
    let typed = Typed {
        act: "answer-extension",
        part: form
            .data
            .assignment
            .map(|part| part.to_string())
            .unwrap_or_default(),
        reason: form.data.reason.clone(),
        wanted_on: form
            .data
            .granted_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
        ..Typed::default()
    };
    let told = match form.data.verdict {
        Verdict::Grant => "Đã đồng ý gia hạn.",
        Verdict::Refuse => "Đã trả lời không đồng ý gia hạn.",
    };
    match answer(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), told)),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Grant or refuse a later deadline.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/answer-extension", tag = "incoming", params(("id" = uuid::Uuid, Path)),
    request_body = AnswerExtension,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn answer_api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<AnswerExtension>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        answer(&app, &command.who, command.command, id, command.data).await?,
    ))
}
