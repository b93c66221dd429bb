//! Cho ý kiến chỉ đạo, phân công (ND30-23.2).

use std::ops::ControlFlow;

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{CommandId, IncomingId, PostId},
    incoming::{self, DirectionPlan, DirectionPolicy, IncomingEvent},
};
use store::{Act, args, sql};

use super::assign::{self, Directive, Lines, Order, Saved};
use crate::{
    access, act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{
        detail,
        load::Doc,
        step::{self, Done, Told},
    },
    web::{Reply, Submitted, see_other},
};

/// A direction that the rules agreed to: a leader's own, or the one that the work rules make for a clerk.
pub(in crate::incoming) struct Agreed {
    pub act: Act,
    doc: Doc,
    words: String,
    lines: Lines,
    plan: DirectionPlan,
}

/// Begins a direction and asks the rules; breaks off with the answer that the same command got before.
///
/// # Errors
/// The refusals of [`incoming::direct`].
pub(in crate::incoming) async fn ask(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: &Directive,
    policy: DirectionPolicy,
) -> AppResult<ControlFlow<Done, Agreed>> {
    let begun = assign::begin(app, who, command, (id, Action::Direct), data, true).await?;
    let Order {
        act,
        doc,
        words,
        lines,
    } = match begun {
        ControlFlow::Break(answer) => return Ok(ControlFlow::Break(answer)),
        ControlFlow::Continue(order) => order,
    };
    let direction = lines.direction(&words, act.today());
    let plan = incoming::direct(&who.actor, &doc.facts, &direction, policy)?;
    Ok(ControlFlow::Continue(Agreed {
        act,
        doc,
        words,
        lines,
        plan,
    }))
}

impl Agreed {
    /// Stores the parts as given by `giver`, whose decision they are, and notes who leads and until when.
    ///
    /// # Errors
    /// When the database fails.
    pub(in crate::incoming) async fn give(&mut self, who: &Who, giver: PostId) -> AppResult<Saved> {
        let id = self.doc.id;
        let saved = assign::save_given_by(
            &mut self.act,
            (who, giver),
            id,
            &self.lines,
            &self.plan.assignments,
            &self.words,
        )
        .await?;
        let lead = saved.lead.as_ref();
        self.act
            .run(
                sql!("UPDATE incoming SET lead_post = $2, due_on = $3 WHERE id = $1"),
                args![
                    id,
                    lead.map(|(post, _, _)| *post),
                    lead.and_then(|(_, due, _)| *due).or(self.doc.due_on)
                ],
            )
            .await?;
        access::took_part(&mut self.act, id.as_uuid(), giver).await?;
        Ok(saved)
    }

    /// Takes the step, tells the history what was done, and ends the act.
    ///
    /// # Errors
    /// When the database fails.
    pub(in crate::incoming) async fn take(
        mut self,
        app: &App,
        act: &'static str,
        summary: String,
        details: serde_json::Value,
    ) -> AppResult<Done> {
        let told = Told {
            act,
            summary,
            note: &self.words,
            for_sender: "",
            details,
        };
        let done = step::take(&mut self.act, &self.doc, self.plan.step, told).await?;
        app.commit(self.act, &done).await?;
        Ok(done)
    }
}

/// Directs a registered document.
///
/// # Errors
/// The refusals of [`incoming::direct`].
pub async fn direct(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: Directive,
) -> AppResult<Done> {
    let asked = ask(app, who, command, id, &data, DirectionPolicy::default()).await?;
    let mut agreed = match asked {
        ControlFlow::Break(answer) => return Ok(answer),
        ControlFlow::Continue(agreed) => agreed,
    };
    let saved = agreed.give(who, who.post()).await?;
    agreed
        .act
        .run(
            sql!("UPDATE incoming SET reply_required = $2 WHERE id = $1"),
            args![id, data.reply_required],
        )
        .await?;
    let lead = saved.lead.as_ref();
    let summary = format!(
        "{}, chủ trì: {}",
        IncomingEvent::Directed.label(),
        lead.map(|(_, _, name)| name.as_str()).unwrap_or_default()
    );
    let details = serde_json::json!({
        "assignments": saved.details, "reply_required": data.reply_required,
    });
    agreed.take(app, act_names::DIRECT, summary, details).await
}

/// `POST /incoming/{id}/direct`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Directive>,
) -> Reply {
    let typed = form.data.typed("direct");
    match direct(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(
            &app,
            &detail::href(id),
            "Đã cho ý kiến chỉ đạo và chuyển xử lý.",
        )),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// A leader's directive: exactly one chủ trì (state 04).
#[utoipa::path(post, path = "/api/v1/incoming/{id}/direct", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = Directive,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Directive>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        direct(&app, &command.who, command.command, id, command.data).await?,
    ))
}
