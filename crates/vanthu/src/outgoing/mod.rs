//! Văn bản đi: from draft to issue and what follows (NĐ 30 Điều 8–19). The rooms stand in the order of its life: `drafting`,
//! `recipients`, `signing`, `issuing`, `after_issue`. What all of them share stands beside them: how a document is loaded,
//! moved one step, read whole and shown.

mod after_issue;
mod detail;
mod drafting;
mod issuing;
mod load;
mod many;
mod recipients;
mod signing;
mod step;
#[cfg(test)]
pub(crate) mod tests;
mod view;
mod whole;
mod words;

use axum::{
    Router,
    routing::{get, post},
};
use rules::ids::{AgencyId, PostId, UnitId};
use store::{Act, args, sql};

pub use after_issue::{recall::RecallNotice, tasks::tasks_link};
pub(crate) use drafting::{
    carried, co_drafters,
    composing::{Pdf, record as record_composed, unprintable},
    consultation,
    content::printed_type,
    form::read as read_choice,
    save_draft::own_file,
};
pub use issuing::sealed::sealed;
pub(crate) use issuing::{series, term};
pub use load::may_view;
pub use recipients::groups::page::groups_link;
pub use signing::{
    authority::{Issuing, competence, printed_lines},
    ink::{ink, ink_of_text},
    key_log::named_in_log,
    places::Places,
    sign::{record as record_signed, required as signatures_required, signed_by_person, signing_ended},
};
pub(crate) use step::act_name;

use crate::{context::App, error::AppResult};

/// `/outgoing/…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/outgoing/{id}", get(detail::page))
        .route("/outgoing/sign", post(many::sign_page))
        .route("/outgoing/issue", post(many::issue_page))
        .merge(drafting::routes())
        .merge(recipients::routes())
        .merge(signing::routes())
        .merge(issuing::routes())
        .merge(after_issue::routes())
}

/// `/api/v1/outgoing/…`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/outgoing/{id}", get(detail::api_view))
        .route("/api/v1/outgoing/sign", post(many::api_sign))
        .route("/api/v1/outgoing/issue", post(many::api_issue))
        .merge(drafting::api_routes())
        .merge(recipients::api_routes())
        .merge(signing::api_routes())
        .merge(issuing::api_routes())
        .merge(after_issue::api_routes())
}

/// The part of outgoing documents in the OpenAPI document: each room brings its own.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(detail::api_view, many::api_sign, many::api_issue))]
    struct Document;
    let mut whole = Document::openapi();
    for part in [
        drafting::api_document(),
        recipients::api_document(),
        signing::api_document(),
        issuing::api_document(),
        after_issue::api_document(),
    ] {
        whole.merge(part);
    }
    whole
}

/// The agency as its documents print it, and everybody of it who may be named as signer, the head first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn signers(
    app: &App,
    agency: AgencyId,
) -> AppResult<(signing::authority::Issuing, Vec<signing::authority::Signer>)> {
    Ok((
        signing::authority::issuing(app, agency).await?,
        signing::authority::signers(app, agency).await?,
    ))
}

/// Who checks the content of drafts of a unit: its heads; without a unit or a head, the leaders of the agency
/// (ND30-12.1).
///
/// # Errors
/// When the database fails.
pub async fn content_reviewers(
    act: &mut Act,
    agency: AgencyId,
    unit: Option<UnitId>,
) -> AppResult<Vec<PostId>> {
    let today = act.today();
    let heads = act
        .all(
            sql!(
                "SELECT id FROM post WHERE unit_id = $1 AND role = 'unit_head' AND (valid_to IS NULL OR valid_to >= $2) ORDER BY id"
            ),
            args![unit, today],
        )
        .await?;
    let rows = if heads.is_empty() {
        act.all(
            sql!(
                "SELECT id FROM post WHERE agency_id = $1 AND role = 'leader' AND (valid_to IS NULL OR valid_to >= $2) ORDER BY id"
            ),
            args![agency, today],
        )
        .await?
    } else {
        heads
    };
    Ok(rows
        .iter()
        .map(|row| row.get("id"))
        .collect::<store::Result<_>>()?)
}
