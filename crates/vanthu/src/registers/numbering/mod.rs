//! Dãy số văn bản của cơ quan (ND30-15.1c; CN-211): the rule of series with the day from which it holds, how far each series is,
//! numbers given elsewhere, numbers that are void; and the hours by which the term of issue is counted (CN-214).

mod change_rule;
mod go_on;
mod hours;
mod page;
#[cfg(test)]
mod tests;
mod view;
mod withdraw_rule;

use axum::{
    Router,
    routing::{get, post},
};
use rules::{
    document_types,
    ids::AgencyId,
    numbering::{self, ARRIVAL_SERIES, COPY_SERIES, SeriesRule},
    people::Role,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    administration,
    context::{App, Who},
    error::{AppError, AppResult},
};

/// `/registers/numbering…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/registers/numbering", get(page::page))
        .route("/registers/numbering/rule", post(page::change_rule))
        .route("/registers/numbering/withdraw", post(page::withdraw_rule))
        .route("/registers/numbering/go-on", post(page::go_on))
        .route("/registers/numbering/hours", post(page::hours))
}

/// `/api/v1/registers/numbering…`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/registers/numbering", get(view::api_numbering))
        .route(
            "/api/v1/registers/numbering/rule",
            post(change_rule::api_change_rule),
        )
        .route(
            "/api/v1/registers/numbering/withdraw",
            post(withdraw_rule::api_withdraw_rule),
        )
        .route("/api/v1/registers/numbering/go-on", post(go_on::api_go_on))
        .route("/api/v1/registers/numbering/hours", post(hours::api_hours))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(
        view::api_numbering,
        change_rule::api_change_rule,
        withdraw_rule::api_withdraw_rule,
        go_on::api_go_on,
        hours::api_hours
    ))]
    struct Document;
    Document::openapi()
}

/// The agency whose series were changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SeriesKept {
    /// The agency.
    pub agency: Uuid,
}

/// A rule of series as it is stored: with the decision behind it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct StoredRule {
    #[serde(flatten)]
    rule: SeriesRule,
    /// Căn cứ.
    #[serde(default)]
    basis: String,
}

/// The agency that is asked for, if this person may see its series: its clerks, leaders and administrators.
fn seen(who: &Who, agency: Option<AgencyId>) -> AppResult<AgencyId> {
    let agency = agency.unwrap_or(who.agency());
    let own = agency == who.agency() && (super::may_read(who).is_ok() || who.role() == Role::Administrator);
    if own || administration::manages(who, agency) {
        return Ok(agency);
    }
    Err(AppError::NotFound)
}

/// The same for a change.
fn kept(who: &Who, agency: Option<AgencyId>) -> AppResult<AgencyId> {
    let agency = seen(who, agency)?;
    numbering::may_keep_series(&who.actor, agency)?;
    Ok(agency)
}

/// What a rule says, in one sentence.
fn rule_label(rule: &SeriesRule) -> String {
    match rule {
        SeriesRule::Common => "Một dãy số chung cho mọi loại văn bản hành chính".to_owned(),
        SeriesRule::PerType => "Mỗi loại văn bản hành chính một dãy số riêng".to_owned(),
        SeriesRule::Groups { groups } => {
            let groups: Vec<String> = groups
                .iter()
                .map(|group| {
                    let kinds: Vec<&str> = group
                        .document_types
                        .iter()
                        .filter_map(|key| document_types::by_key(key))
                        .map(|kind| kind.name)
                        .collect();
                    format!("{} ({})", group.key, kinds.join(", "))
                })
                .collect();
            format!(
                "Theo nhóm: {}; các loại còn lại dùng dãy số chung",
                groups.join("; ")
            )
        }
    }
}

/// The series that are not administrative documents' and that an agency may have.
fn other_series() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = document_types::SEED
        .iter()
        .filter(|kind| kind.class == document_types::DocumentClass::QuyPhamPhapLuat)
        .map(|kind| {
            (
                numbering::series_key(&SeriesRule::Common, kind),
                format!("Dãy số {}", kind.name.to_lowercase()),
            )
        })
        .collect();
    all.push((COPY_SERIES.to_owned(), "Dãy số bản sao".to_owned()));
    all.push((ARRIVAL_SERIES.to_owned(), "Số đến".to_owned()));
    all
}
