//! All settings of an agency: what each means, what holds today, what was decided and from when.

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::civil::Date;
use rules::{
    ids::AgencyId,
    organization::{AGENCY_SETTINGS, AgencySetting},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::choose::usual;
use crate::{
    agency_settings,
    context::{App, Who},
    error::AppResult,
    signing::scope::{self, Of},
};

/// A setting of an agency.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingLine {
    /// Its key.
    pub key: &'static str,
    /// Its name.
    pub label: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// The clause that leaves it to the agency.
    pub clause: &'static str,
    /// What holds today.
    #[schema(value_type = Object)]
    pub value: Value,
    /// Whether the agency decided it, or it is what usually holds.
    pub is_decided: bool,
    /// What was decided, newest first.
    pub versions: Vec<SettingVersion>,
}

/// What was decided for a day on.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingVersion {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub valid_from: Date,
    /// The value.
    #[schema(value_type = Object)]
    pub value: Value,
}

/// Every setting of an agency, with the setting itself.
///
/// # Errors
/// When the database fails.
pub(super) async fn all(
    app: &App,
    agency: AgencyId,
) -> AppResult<Vec<(&'static AgencySetting, SettingLine)>> {
    let today = app.clock.today();
    let mut lines = Vec::new();
    for setting in AGENCY_SETTINGS {
        let decided: Vec<(Date, Value)> = agency_settings::all(app, agency, setting.key).await?;
        let in_force = decided.iter().find(|(from, _)| *from <= today);
        lines.push((
            setting,
            SettingLine {
                key: setting.key,
                label: setting.label,
                meaning: setting.meaning,
                clause: setting.clause,
                value: in_force.map_or_else(|| usual(setting), |(_, value)| value.clone()),
                is_decided: in_force.is_some(),
                versions: decided
                    .into_iter()
                    .map(|(valid_from, value)| SettingVersion { valid_from, value })
                    .collect(),
            },
        ));
    }
    Ok(lines)
}

/// The settings of an agency that the caller administers; the own one when `agency` is left out.
#[utoipa::path(get, path = "/api/v1/agency-settings", tag = "administration",
    params(("agency" = Option<uuid::Uuid>, Query)),
    responses((status = 200, body = [SettingLine]), (status = 404), (status = 409)))]
pub async fn api_list(
    State(app): State<App>,
    who: Who,
    Query(of): Query<Of>,
) -> AppResult<Json<Vec<SettingLine>>> {
    let scope = scope::administered(&app, &who, of).await?;
    let lines = all(&app, scope.agency).await?;
    Ok(Json(lines.into_iter().map(|(_, line)| line).collect()))
}
