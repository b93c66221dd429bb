//! Hủy quy định về dãy số chưa áp dụng (ND30-15.1c).

use axum::{Json, extract::State};
use jiff::civil::Date;
use rules::{
    ids::{AgencyId, CommandId},
    numbering,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry};
use utoipa::ToSchema;

use super::{SeriesKept, kept};
use crate::{
    act_names, agency_settings, api,
    context::{App, Who},
    error::{AppError, AppResult},
    outgoing::series::RULE,
    web::format,
};

/// The rule that is taken back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WithdrawRule {
    /// The agency; the own one when left out.
    #[serde(default, deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<Uuid>)]
    pub agency: Option<AgencyId>,
    /// Its first day, ISO; after today.
    #[schema(value_type = String, format = Date)]
    pub valid_from: Date,
}

/// Takes a rule of series back that does not hold yet.
#[utoipa::path(post, path = "/api/v1/registers/numbering/withdraw", tag = "registers", request_body = WithdrawRule,
    responses((status = 200, body = SeriesKept), (status = 404), (status = 409)))]
pub async fn api_withdraw_rule(
    State(app): State<App>,
    sent: api::Command<WithdrawRule>,
) -> AppResult<Json<SeriesKept>> {
    Ok(Json(
        withdraw_rule(&app, &sent.who, sent.command, &sent.data).await?,
    ))
}

/// Takes a rule of series back.
///
/// # Errors
/// Refusals of [`numbering::may_keep_series`] and [`numbering::withdraw_change`]; [`AppError::NotFound`] when there is none.
pub async fn withdraw_rule(
    app: &App,
    who: &Who,
    command: CommandId,
    data: &WithdrawRule,
) -> AppResult<SeriesKept> {
    let agency = kept(who, data.agency)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    numbering::withdraw_change(data.valid_from, act.today())?;
    if !agency_settings::forget(&mut act, agency, RULE, data.valid_from).await? {
        return Err(AppError::NotFound);
    }
    act.journal(Entry {
        act: act_names::WITHDRAW_NUMBER_RULE,
        object_kind: "agency",
        object: agency.as_uuid(),
        agency: Some(agency),
        summary: format!(
            "Hủy quy định về dãy số dự kiến áp dụng từ ngày {}.",
            format::date(data.valid_from)
        ),
        details: json!({ "valid_from": data.valid_from }),
    })
    .await?;
    let done = SeriesKept {
        agency: agency.as_uuid(),
    };
    app.commit(act, &done).await?;
    Ok(done)
}
