//! Văn bản đi: from draft to issue (NĐ 30 Điều 10–19).

mod after_issue;
mod approve;
mod before_issue;
mod cancel;
pub(crate) mod carried;
pub(crate) mod co_drafters;
mod comparison;
mod composing;
pub(crate) mod consultation;
mod content;
mod correct;
mod deliveries;
mod delivery_lines;
mod detail;
mod docx;
mod envelope;
mod following;
mod form;
mod form_fields;
mod ink;
mod issue;
mod issued;
mod key_log;
mod layout;
mod load;
mod many;
mod paper_copy;
mod place;
mod places;
mod recall;
mod recipient_groups;
mod recipient_search;
mod recipient_texts;
mod recipients;
mod replace;
mod resend;
mod return_draft;
mod save_draft;
mod seal;
mod sealed;
mod sent_lines;
pub(crate) mod series;
mod sign;
mod sign_off_content;
mod sign_off_form;
mod signing;
mod step;
mod submit;
mod tasks;
mod template;
pub(crate) mod term;
#[cfg(test)]
pub(crate) mod tests;
mod update;
mod view;
mod void_number;
mod words;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use rules::ids::{AgencyId, PostId, UnitId};
use store::{Act, args, sql};

pub(crate) use composing::{Pdf, record as record_composed, unprintable};
pub(crate) use content::printed_type;
pub(crate) use form::read as read_choice;
pub use ink::{ink, ink_of_text};
pub use key_log::named_in_log;
pub use load::may_view;
pub use places::Places;
pub use recall::RecallNotice;
pub use recipient_groups::page::groups_link;
pub(crate) use save_draft::own_file;
pub use sealed::sealed;
pub use sign::{record as record_signed, required as signatures_required, signed_by_person, signing_ended};
pub use signing::{Issuing, competence, printed_lines};
pub(crate) use step::act_name;
pub use tasks::tasks_link;

use crate::{context::App, error::AppResult};

/// A draft with its files, each at most 50 MB.
const UPLOAD_LIMIT: usize = 320 * 1024 * 1024;

/// `/outgoing/…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/outgoing/new", get(form::new_page))
        .route("/outgoing/recipients", get(recipient_search::rows))
        .route(
            "/outgoing/groups",
            get(recipient_groups::page::list).post(recipient_groups::page::create),
        )
        .route("/outgoing/groups/new", get(recipient_groups::page::new_page))
        .route(
            "/outgoing/groups/{id}",
            get(recipient_groups::page::open_page).post(recipient_groups::page::change),
        )
        .route(
            "/outgoing/groups/{id}/remove",
            post(recipient_groups::page::remove),
        )
        .route(
            "/outgoing",
            post(form::create).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
        .route("/outgoing/following", get(following::page))
        .route("/outgoing/tasks", get(tasks::page))
        .route("/outgoing/{id}", get(detail::page))
        .route(
            "/outgoing/{id}/edit",
            get(form::edit_page)
                .post(form::edit)
                .layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
        .route("/outgoing/{id}/submit", post(submit::page))
        .route("/outgoing/{id}/sign-off-content", post(sign_off_content::page))
        .route("/outgoing/{id}/sign-off-form", post(sign_off_form::page))
        .route("/outgoing/{id}/approve", post(approve::page))
        .route("/outgoing/{id}/return", post(return_draft::page))
        .route("/outgoing/{id}/cancel", post(cancel::page))
        .route("/outgoing/{id}/issue", post(issue::page))
        .route("/outgoing/{id}/void-number", post(void_number::page))
        .route("/outgoing/{id}/recall", post(recall::page))
        .route("/outgoing/{id}/update", post(update::page))
        .route("/outgoing/{id}/deliveries/{delivery}/resend", post(resend::page))
        .route("/outgoing/{id}/paper-copies", post(paper_copy::page))
        .route("/outgoing/{id}/envelope.pdf", get(envelope::page))
        .route("/outgoing/{id}/compare", get(comparison::page))
        .route("/outgoing/{id}/draft.docx", get(docx::page))
        .route("/outgoing/{id}/co-drafters", post(co_drafters::page))
        .route("/outgoing/{id}/consultations", post(consultation::ask::page))
        .route(
            "/outgoing/{id}/consultations/{consultation}/reply",
            post(consultation::reply::page),
        )
        .route(
            "/outgoing/{id}/consultations/{consultation}/close",
            post(consultation::close::page),
        )
        .route("/outgoing/{id}/place", get(place::page).post(place::submit))
        .route("/outgoing/sign", post(many::sign_page))
        .route("/outgoing/issue", post(many::issue_page))
}

/// `/api/v1/outgoing/…`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/outgoing", post(save_draft::api_create))
        .route("/api/v1/outgoing/following", get(following::api_following))
        .route("/api/v1/outgoing/tasks", get(tasks::api_tasks))
        .route(
            "/api/v1/outgoing/groups",
            get(recipient_groups::api::api_groups).post(recipient_groups::api::api_save_group),
        )
        .route(
            "/api/v1/outgoing/groups/{id}",
            get(recipient_groups::api::api_group).post(recipient_groups::api::api_change_group),
        )
        .route(
            "/api/v1/outgoing/groups/{id}/remove",
            post(recipient_groups::api::api_remove_group),
        )
        .route("/api/v1/outgoing/{id}", get(detail::api_view))
        .route("/api/v1/outgoing/{id}/edit", post(save_draft::api_edit))
        .route("/api/v1/outgoing/{id}/submit", post(submit::api_submit))
        .route(
            "/api/v1/outgoing/{id}/sign-off-content",
            post(sign_off_content::api_sign_off_content),
        )
        .route(
            "/api/v1/outgoing/{id}/sign-off-form",
            post(sign_off_form::api_sign_off_form),
        )
        .route("/api/v1/outgoing/{id}/approve", post(approve::api_approve))
        .route(
            "/api/v1/outgoing/{id}/return",
            post(return_draft::api_return_draft),
        )
        .route("/api/v1/outgoing/{id}/cancel", post(cancel::api_cancel))
        .route("/api/v1/outgoing/{id}/issue", post(issue::api_issue))
        .route(
            "/api/v1/outgoing/{id}/void-number",
            post(void_number::api_void_number),
        )
        .route("/api/v1/outgoing/{id}/recall", post(recall::api_recall))
        .route("/api/v1/outgoing/{id}/update", post(update::api_update))
        .route(
            "/api/v1/outgoing/{id}/deliveries/{delivery}/resend",
            post(resend::api_resend),
        )
        .route(
            "/api/v1/outgoing/{id}/paper-copies",
            post(paper_copy::api_paper_copy),
        )
        .route("/api/v1/outgoing/{id}/envelope", get(envelope::api_envelope))
        .route("/api/v1/outgoing/{id}/compare", get(comparison::api_compare))
        .route(
            "/api/v1/outgoing/{id}/co-drafters",
            post(co_drafters::api_co_drafters),
        )
        .route(
            "/api/v1/outgoing/{id}/consultations",
            post(consultation::ask::api_ask),
        )
        .route(
            "/api/v1/outgoing/{id}/consultations/{consultation}/reply",
            post(consultation::reply::api_reply),
        )
        .route(
            "/api/v1/outgoing/{id}/consultations/{consultation}/close",
            post(consultation::close::api_close),
        )
        .route("/api/v1/outgoing/{id}/place", post(place::api_place))
        .route("/api/v1/outgoing/sign", post(many::api_sign))
        .route("/api/v1/outgoing/issue", post(many::api_issue))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(
        save_draft::api_create,
        save_draft::api_edit,
        detail::api_view,
        submit::api_submit,
        sign_off_content::api_sign_off_content,
        sign_off_form::api_sign_off_form,
        approve::api_approve,
        return_draft::api_return_draft,
        cancel::api_cancel,
        issue::api_issue,
        void_number::api_void_number,
        following::api_following,
        tasks::api_tasks,
        recipient_groups::api::api_groups,
        recipient_groups::api::api_group,
        recipient_groups::api::api_save_group,
        recipient_groups::api::api_change_group,
        recipient_groups::api::api_remove_group,
        recall::api_recall,
        update::api_update,
        resend::api_resend,
        paper_copy::api_paper_copy,
        envelope::api_envelope,
        comparison::api_compare,
        co_drafters::api_co_drafters,
        consultation::ask::api_ask,
        consultation::reply::api_reply,
        consultation::close::api_close,
        place::api_place,
        many::api_sign,
        many::api_issue
    ))]
    struct Document;
    Document::openapi()
}

/// The agency as its documents print it, and everybody of it who may be named as signer, the head first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn signers(
    app: &App,
    agency: AgencyId,
) -> AppResult<(signing::Issuing, Vec<signing::Signer>)> {
    Ok((
        signing::issuing(app, agency).await?,
        signing::signers(app, agency).await?,
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
