//! What the acts of a slip share: what they answer, where the page goes on.

use axum_extra::extract::cookie::CookieJar;
use rules::{
    ids::SlipId,
    slip::{SlipFacts, SlipState},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::detail::{self, Typed};
use crate::{
    context::{App, Who},
    documents::state_secret::{self, Attempt},
    error::{AppError, AppResult},
    web::{Reply, Stay, see_other},
};

/// Where a slip stands after an act.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SlipMoved {
    /// The slip.
    pub id: Uuid,
    /// Its state: `draft`, `running`, `returned`, `approved`, `cancelled`.
    pub state: String,
    /// The state in Vietnamese.
    pub state_label: String,
    /// How often it was submitted.
    pub round: u32,
    /// Why the draft of an approved slip did not go on by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hindrance: Option<String>,
    /// The request for the leader's signature that is waited for: `GET /api/v1/signing/requests/{id}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Uuid>,
}

impl SlipMoved {
    /// The answer for a slip in `state`.
    pub fn new(id: SlipId, state: SlipState, round: u32) -> Self {
        Self {
            id: id.as_uuid(),
            state: state.as_str().to_owned(),
            state_label: state.label().to_owned(),
            round,
            hindrance: None,
            request: None,
        }
    }

    /// The answer for a slip that stays where it is.
    pub fn stays(id: SlipId, facts: &SlipFacts) -> Self {
        Self::new(id, facts.state, facts.round)
    }
}

/// After an act of the page of a slip: goes back to it with `sentence`, or shows it again with the refusal and what was typed.
///
/// # Errors
/// Everything but a refusal.
pub async fn after(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: SlipId,
    done: AppResult<SlipMoved>,
    typed: Typed,
    sentence: &str,
) -> Reply {
    match done {
        Ok(moved) => {
            let sentence = match moved.hindrance {
                Some(why) => format!("{sentence} {why}"),
                None => sentence.to_owned(),
            };
            Ok(see_other(app, &format!("/slips/{id}"), &sentence))
        }
        Err(AppError::Refused(refusal)) => {
            Stay::on(&detail::shown(app, who, jar, id, typed, Some(refusal)).await?)
        }
        Err(error) => Err(error),
    }
}

/// Passes the outcome of an act on; that the mark of a state secret was tried is journalled first (QC01-1.2).
///
/// # Errors
/// Those of `outcome`; when the database fails.
pub async fn guarded<T>(
    app: &App,
    who: &Who,
    act: &'static str,
    id: Option<SlipId>,
    outcome: AppResult<T>,
) -> AppResult<T> {
    let attempt = Attempt {
        act,
        doing: "lập, xử lý phiếu trình",
        object_kind: "slip",
        object: id.map(SlipId::as_uuid),
        file: None,
    };
    state_secret::journal_refusal(app, who, attempt, outcome).await
}
