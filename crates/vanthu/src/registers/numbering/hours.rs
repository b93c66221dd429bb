//! Giờ tính thời hạn phát hành, gửi văn bản (QD28-6.2; CN-214): set by the agency, in force from the day on which it is set.

use axum::{Json, extract::State};
use jiff::civil::Time;
use rules::{
    Refusal,
    ids::{AgencyId, CommandId},
    outgoing::OfficeHours,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry};
use utoipa::ToSchema;

use super::{SeriesKept, kept};
use crate::{
    act_names, agency_settings, api,
    context::{App, Who},
    error::AppResult,
    outgoing::term::HOURS,
};

/// The hours of the agency.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SetHours {
    /// The agency; the own one when left out.
    #[serde(default, deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<Uuid>)]
    pub agency: Option<AgencyId>,
    /// Giờ kết thúc buổi sáng: `11:30`.
    #[serde(default, deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<String>)]
    pub morning_ends: Option<Time>,
    /// Giờ kết thúc ngày làm việc: `17:00`.
    #[serde(default, deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<String>)]
    pub day_ends: Option<Time>,
}

/// Sets the hours by which the term of issue is counted.
#[utoipa::path(post, path = "/api/v1/registers/numbering/hours", tag = "registers", request_body = SetHours,
    responses((status = 200, body = SeriesKept), (status = 404), (status = 409)))]
pub async fn api_hours(State(app): State<App>, sent: api::Command<SetHours>) -> AppResult<Json<SeriesKept>> {
    Ok(Json(set_hours(&app, &sent.who, sent.command, &sent.data).await?))
}

/// Sets the hours.
///
/// # Errors
/// Refusals of [`rules::numbering::may_keep_series`] and [`OfficeHours::checked`].
pub async fn set_hours(app: &App, who: &Who, command: CommandId, data: &SetHours) -> AppResult<SeriesKept> {
    let agency = kept(who, data.agency)?;
    let missing = |field| Refusal::new("QD28-6.2", "outgoing.office_hours", "Vui lòng nhập giờ.").on(field);
    let hours = OfficeHours {
        morning_ends: data.morning_ends.ok_or_else(|| missing("morning_ends"))?,
        day_ends: data.day_ends.ok_or_else(|| missing("day_ends"))?,
    }
    .checked()?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let today = act.today();
    agency_settings::choose(&mut act, agency, HOURS, today, &hours).await?;
    act.journal(Entry {
        act: act_names::OFFICE_HOURS,
        object_kind: "agency",
        object: agency.as_uuid(),
        agency: Some(agency),
        summary: format!(
            "Giờ tính thời hạn phát hành: buổi sáng đến {}, ngày làm việc đến {}.",
            hours.morning_ends.strftime("%H:%M"),
            hours.day_ends.strftime("%H:%M")
        ),
        details: json!({ "hours": hours }),
    })
    .await?;
    let done = SeriesKept {
        agency: agency.as_uuid(),
    };
    app.commit(act, &done).await?;
    Ok(done)
}
