//! The act: a value from a day on.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use jiff::civil::Date;
use rules::{
    ids::{AgencyId, CommandId},
    numbering::IdentifierTemplate,
    organization::{
        AgencySetting, Chosen, SettingGiven, SettingKind, SettingValue, agency_setting, choose_setting,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Begun, Entry};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    super::{manages, must_administer},
    rows::{self, Nameable, SentRow},
};
use crate::{
    act_names, agency_settings, api,
    context::{App, Who},
    error::{AppError, AppResult},
    web::{clean, format},
};

/// A choice.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseSetting {
    /// The agency; the own one when left out.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub agency: Option<AgencyId>,
    /// The setting, from `GET /api/v1/agency-settings`.
    pub key: String,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub valid_from: Date,
    /// Căn cứ.
    pub basis: String,
    /// Of settings that are yes or no.
    #[serde(default)]
    pub flag: Option<bool>,
    /// Of settings that are numbers.
    #[serde(default)]
    pub numbers: BTreeMap<String, u32>,
    /// Of settings that are words.
    #[serde(default)]
    pub text: String,
    /// Of settings that are tables: every row that shall hold.
    #[serde(default)]
    pub rows: Vec<SentRow>,
}

/// What was chosen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SettingChosen {
    /// The agency.
    pub agency: Uuid,
    /// The setting.
    pub key: String,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub valid_from: Date,
}

/// Records a choice.
///
/// # Errors
/// The refusals of [`choose_setting`]; [`AppError::NotFound`] for an agency of somebody else.
pub async fn choose(
    app: &App,
    who: &Who,
    command: CommandId,
    data: ChooseSetting,
) -> AppResult<SettingChosen> {
    must_administer(who)?;
    let agency = data.agency.unwrap_or(who.agency());
    if !manages(who, agency) {
        return Err(AppError::NotFound);
    }
    let setting = agency_setting(&data.key)?;
    let known = match setting.kind {
        SettingKind::Rows(_) => Nameable::of(app, agency).await?,
        _ => Nameable::default(),
    };
    let given = SettingGiven {
        flag: data.flag,
        numbers: data.numbers,
        text: clean(&data.text),
        rows: data.rows.iter().map(SentRow::row).collect(),
        units: known.units.iter().map(|(id, _)| *id).collect(),
        people: known.people.iter().map(|(id, _)| *id).collect(),
    };
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let basis = clean(&data.basis);
    let chosen = choose_setting(
        &who.actor,
        agency,
        setting,
        &given,
        Chosen {
            from: data.valid_from,
            today: act.today(),
            basis: &basis,
        },
    )?;
    let value = stored(setting, &chosen, &known);
    agency_settings::choose(&mut act, agency, setting.key, data.valid_from, &value).await?;
    act.journal(Entry {
        act: act_names::AGENCY_SETTING,
        object_kind: "agency",
        object: agency.as_uuid(),
        agency: Some(agency),
        summary: format!(
            "{}: {}, áp dụng từ ngày {}, theo {basis}",
            setting.label,
            said(setting, &value),
            format::date(data.valid_from)
        ),
        details: json!({ "key": setting.key, "value": value, "valid_from": data.valid_from, "note": basis }),
    })
    .await?;
    let answer = SettingChosen {
        agency: agency.as_uuid(),
        key: setting.key.to_owned(),
        valid_from: data.valid_from,
    };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// As the readers of the setting expect it.
fn stored(setting: &AgencySetting, chosen: &SettingValue, known: &Nameable) -> Value {
    match chosen {
        SettingValue::Flag(flag) => Value::Bool(*flag),
        SettingValue::Numbers(numbers) => numbers
            .iter()
            .map(|(name, number)| ((*name).to_owned(), Value::from(*number)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        SettingValue::Text(text) => Value::from(text.as_str()),
        SettingValue::Rows(given) => match setting.kind {
            SettingKind::Rows(kind) => rows::stored(kind, given, known),
            _ => Value::Null,
        },
    }
}

/// What holds when nothing was decided.
pub(super) fn usual(setting: &AgencySetting) -> Value {
    match setting.kind {
        SettingKind::Flag { usual } => Value::Bool(usual),
        SettingKind::Numbers(numbers) => numbers
            .iter()
            .map(|number| (number.name.to_owned(), Value::from(number.usual)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        SettingKind::IdentifierTemplate => Value::from(IdentifierTemplate::default().as_str()),
        SettingKind::Rows(_) => Value::Array(Vec::new()),
    }
}

/// A value in words.
pub(super) fn said(setting: &AgencySetting, value: &Value) -> String {
    match setting.kind {
        SettingKind::Flag { .. } => match value.as_bool() {
            Some(true) => "Có".to_owned(),
            _ => "Không".to_owned(),
        },
        SettingKind::Numbers(numbers) => numbers
            .iter()
            .enumerate()
            .map(|(at, number)| {
                // labels begin with a capital; in a sentence only the first does
                let label = match at {
                    0 => number.label.to_owned(),
                    _ => number.label.to_lowercase(),
                };
                format!("{label} {}", number_of(value, number.name, number.usual))
            })
            .collect::<Vec<_>>()
            .join(", "),
        SettingKind::IdentifierTemplate => value.as_str().unwrap_or_default().to_owned(),
        SettingKind::Rows(kind) => rows::said(kind, value),
    }
}

/// One of the numbers of a value.
pub(super) fn number_of(value: &Value, name: &str, usual: u32) -> u64 {
    value
        .get(name)
        .and_then(Value::as_u64)
        .unwrap_or_else(|| u64::from(usual))
}

/// Records what an agency decided where law leaves it open, from a day on.
#[utoipa::path(post, path = "/api/v1/agency-settings", tag = "administration", request_body = ChooseSetting,
    responses((status = 200, body = SettingChosen), (status = 404), (status = 409, description = "Quy tắc không cho phép")))]
pub async fn api_choose(
    State(app): State<App>,
    sent: api::Command<ChooseSetting>,
) -> AppResult<Json<SettingChosen>> {
    Ok(Json(choose(&app, &sent.who, sent.command, sent.data).await?))
}
