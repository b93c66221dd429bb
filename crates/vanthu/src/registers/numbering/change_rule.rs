//! Quy định về dãy số: what the head of the agency decided, from a day to come (ND30-15.1c).

use axum::{Json, extract::State};
use jiff::civil::Date;
use rules::{
    Refusal,
    ids::{AgencyId, CommandId},
    numbering::{self, SeriesRule},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry};
use utoipa::ToSchema;

use super::{SeriesKept, StoredRule, kept, rule_label};
use crate::{
    act_names, agency_settings, api,
    context::{App, Who},
    error::AppResult,
    outgoing::series::RULE,
    web::{clean, format},
};

/// A rule of series from a day on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChangeRule {
    /// The agency; the own one when left out.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub agency: Option<AgencyId>,
    /// `{"rule": "common"}`, `{"rule": "per_type"}` or
    /// `{"rule": "groups", "groups": [{"key": "qd", "document_types": ["quyet_dinh", "chi_thi"]}]}`.
    #[schema(value_type = Object)]
    pub rule: SeriesRule,
    /// The first day, ISO; not before tomorrow.
    #[schema(value_type = String, format = Date)]
    pub valid_from: Date,
    /// Căn cứ: the decision of the head of the agency. Never empty.
    pub basis: String,
}

/// Records how the agency numbers its documents from a day on.
#[utoipa::path(post, path = "/api/v1/registers/numbering/rule", tag = "registers", request_body = ChangeRule,
    responses((status = 200, body = SeriesKept), (status = 404), (status = 409)))]
pub async fn api_change_rule(
    State(app): State<App>,
    sent: api::Command<ChangeRule>,
) -> AppResult<Json<SeriesKept>> {
    Ok(Json(change_rule(&app, &sent.who, sent.command, sent.data).await?))
}

/// Records a rule of series.
///
/// # Errors
/// Refusals of [`numbering::may_keep_series`] and [`numbering::change_rule`]; `ND30-15.1c` without a basis.
pub async fn change_rule(
    app: &App,
    who: &Who,
    command: CommandId,
    data: ChangeRule,
) -> AppResult<SeriesKept> {
    let agency = kept(who, data.agency)?;
    let basis = clean(&data.basis);
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    numbering::change_rule(&data.rule, data.valid_from, act.today())?;
    if basis.is_empty() {
        return Err(Refusal::new(
            "ND30-15.1c",
            "numbering.no_basis",
            "Vui lòng ghi căn cứ: quyết định hoặc ý kiến của người đứng đầu cơ quan.",
        )
        .on("basis")
        .into());
    }
    let stored = StoredRule {
        rule: data.rule,
        basis,
    };
    agency_settings::choose(&mut act, agency, RULE, data.valid_from, &stored).await?;
    act.journal(Entry {
        act: act_names::CHANGE_NUMBER_RULE,
        object_kind: "agency",
        object: agency.as_uuid(),
        agency: Some(agency),
        summary: format!(
            "Quy định về dãy số từ ngày {}: {}.",
            format::date(data.valid_from),
            rule_label(&stored.rule).to_lowercase()
        ),
        details: json!({ "valid_from": data.valid_from, "rule": stored.rule, "note": stored.basis }),
    })
    .await?;
    let done = SeriesKept {
        agency: agency.as_uuid(),
    };
    app.commit(act, &done).await?;
    Ok(done)
}
