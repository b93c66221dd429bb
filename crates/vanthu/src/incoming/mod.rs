//! Văn bản đến: from delivery to the end of handling (NĐ 30 Điều 20–24, QĐ 28 Điều 9).
//!
//! A document comes in at [`arrival`] and goes through [`handling`]; its sender may have [`requests`]. One file per act: [`load`] brings
//! the facts, `rules::incoming` decides, [`step`] saves what all acts have in common. [`seen`] brings what the [`page`] shows, and
//! [`at_once`] does the same with several documents.

mod arrival;
mod at_once;
mod handling;
mod load;
mod page;
mod requests;
mod seen;
mod step;
#[cfg(test)]
mod tests;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

pub use arrival::{
    arrive::{Announced, Arrival, Arrived, Origin, arrive},
    check::{Judged, judge, note_signatures},
    dossier::by_hand_link,
    late::count_late,
    replacement::link as link_replaced,
    unopened::{ENVELOPES, sees_envelope},
};
pub use at_once::bulk::{Bulk, bulk_of};
pub use handling::{assign::is_deputy, following::follow_link, start::reply_drafted};
pub use requests::request;
pub use seen::{may_view, printed, stand};

// Each room knows the others by the names of their files.
use arrival::{arrive, check, dossier, duplicates, mail, paper, paper_beside, refuse, register, unopened};
use at_once::{files, many, several};
use handling::{
    assign, assign_more, change_part, complete, direct, extension, finish, following, give_back, hand_on,
    mark_seen, opinion, part, pass_down, prepare_directive, present, start, take_back, urge,
};
use page::{acts, detail, people, slip};

use crate::context::App;

/// A scan with its attachments, each at most 50 MB.
const UPLOAD_LIMIT: usize = 320 * 1024 * 1024;

/// `/incoming/…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/incoming/register", post(register::many_page))
        .route(
            "/incoming/paper",
            get(paper::new_page)
                .post(paper::page)
                .layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
        .route(
            "/incoming/mail",
            get(mail::new_page)
                .post(mail::page)
                .layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
        .route(
            "/incoming/unopened",
            get(unopened::page).post(unopened::forward_page),
        )
        .route("/incoming/unopened/{id}/receive", post(unopened::receive_page))
        .route(
            "/incoming/unopened/{id}/hand-back",
            post(unopened::hand_back_page),
        )
        .route("/incoming/unopened/{id}/register", get(unopened::register_page))
        .route("/incoming/dossiers", get(dossier::page))
        .route("/incoming/dossiers/{id}/receive", post(dossier::receive_page))
        .route("/incoming/{id}/dossiers", post(dossier::note_page))
        .route("/incoming/{id}/paper-beside", post(paper_beside::hand_over_page))
        .route(
            "/incoming/{id}/paper-beside/receive",
            post(paper_beside::receive_page),
        )
        .route(
            "/incoming/{id}/paper-beside/back",
            post(paper_beside::take_back_page),
        )
        .route("/incoming/following", get(following::page))
        .route("/incoming/urge", post(urge::many_page))
        .route("/incoming/present", post(several::present_page))
        .route("/incoming/pass-down", post(several::pass_down_page))
        .route("/incoming/complete", post(several::complete_page))
        .route("/incoming/seen", post(several::mark_seen_page))
        .route("/incoming/files", post(files::page))
        .route("/incoming/{id}", get(detail::page))
        .route("/incoming/{id}/register", post(register::page))
        .route("/incoming/{id}/refuse", post(refuse::page))
        .route("/incoming/{id}/present", post(present::page))
        .route("/incoming/{id}/direct", post(direct::page))
        .route("/incoming/{id}/hand-on", post(hand_on::page))
        .route("/incoming/{id}/prepare-directive", post(prepare_directive::page))
        .route("/incoming/{id}/pass-down", post(pass_down::page))
        .route("/incoming/{id}/opinions", post(opinion::page))
        .route(
            "/incoming/{id}/requests/{request}/agree",
            post(requests::agree_page),
        )
        .route(
            "/incoming/{id}/requests/{request}/refuse",
            post(requests::refuse_page),
        )
        .route("/incoming/{id}/start", post(start::page))
        .route("/incoming/{id}/complete", post(complete::page))
        .route("/incoming/{id}/finish", post(finish::page))
        .route("/incoming/{id}/give-back", post(give_back::page))
        .route("/incoming/{id}/take-back", post(take_back::page))
        .route("/incoming/{id}/assign", post(assign_more::page))
        .route("/incoming/{id}/change", post(change_part::page))
        .route("/incoming/{id}/extend", post(extension::ask_page))
        .route("/incoming/{id}/answer-extension", post(extension::answer_page))
        .route("/incoming/{id}/urge", post(urge::page))
        .route("/incoming/{id}/slip.pdf", get(slip::slip_page))
        .route("/incoming/{id}/stamp.pdf", get(slip::stamp_page))
}

/// `/api/v1/incoming/…`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/incoming/register", post(register::many_api))
        .route("/api/v1/incoming/paper", post(paper::api))
        .route(
            "/api/v1/incoming/mail",
            post(mail::api).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
        .route(
            "/api/v1/incoming/unopened",
            get(unopened::api_list).post(unopened::api_forward),
        )
        .route(
            "/api/v1/incoming/unopened/{id}/receive",
            post(unopened::api_receive),
        )
        .route(
            "/api/v1/incoming/unopened/{id}/hand-back",
            post(unopened::api_hand_back),
        )
        .route("/api/v1/incoming/dossiers", get(dossier::api_list))
        .route(
            "/api/v1/incoming/dossiers/{id}/receive",
            post(dossier::api_receive),
        )
        .route("/api/v1/incoming/{id}/dossiers", post(dossier::api_note))
        .route(
            "/api/v1/incoming/{id}/paper-beside",
            get(paper_beside::api_read).post(paper_beside::api_hand_over),
        )
        .route(
            "/api/v1/incoming/{id}/paper-beside/receive",
            post(paper_beside::api_receive),
        )
        .route(
            "/api/v1/incoming/{id}/paper-beside/back",
            post(paper_beside::api_take_back),
        )
        .route("/api/v1/incoming/following", get(following::following_api))
        .route("/api/v1/incoming/urge", post(urge::many_api))
        .route("/api/v1/incoming/present", post(several::present_api))
        .route("/api/v1/incoming/pass-down", post(several::pass_down_api))
        .route("/api/v1/incoming/complete", post(several::complete_api))
        .route("/api/v1/incoming/seen", post(several::mark_seen_api))
        .route("/api/v1/incoming/{id}", get(detail::api))
        .route("/api/v1/incoming/{id}/register", post(register::api))
        .route("/api/v1/incoming/{id}/refuse", post(refuse::api))
        .route("/api/v1/incoming/{id}/present", post(present::api))
        .route("/api/v1/incoming/{id}/direct", post(direct::api))
        .route("/api/v1/incoming/{id}/hand-on", post(hand_on::api))
        .route(
            "/api/v1/incoming/{id}/prepare-directive",
            post(prepare_directive::api),
        )
        .route("/api/v1/incoming/{id}/pass-down", post(pass_down::api))
        .route("/api/v1/incoming/{id}/opinions", post(opinion::api))
        .route(
            "/api/v1/incoming/{id}/requests/{request}/agree",
            post(requests::api::agree_api),
        )
        .route(
            "/api/v1/incoming/{id}/requests/{request}/refuse",
            post(requests::api::refuse_api),
        )
        .route("/api/v1/incoming/{id}/start", post(start::api))
        .route("/api/v1/incoming/{id}/complete", post(complete::api))
        .route("/api/v1/incoming/{id}/finish", post(finish::api))
        .route("/api/v1/incoming/{id}/give-back", post(give_back::api))
        .route("/api/v1/incoming/{id}/take-back", post(take_back::api))
        .route("/api/v1/incoming/{id}/assign", post(assign_more::api))
        .route("/api/v1/incoming/{id}/change", post(change_part::api))
        .route("/api/v1/incoming/{id}/extend", post(extension::api::ask_api))
        .route(
            "/api/v1/incoming/{id}/answer-extension",
            post(extension::api::answer_api),
        )
        .route("/api/v1/incoming/{id}/urge", post(urge::one_api))
        .route("/api/v1/incoming/{id}/slip", get(slip::slip_api))
        .route("/api/v1/incoming/{id}/stamp", get(slip::stamp_api))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(
        detail::api,
        register::many_api,
        paper::api,
        register::api,
        refuse::api,
        present::api,
        direct::api,
        hand_on::api,
        prepare_directive::api,
        pass_down::api,
        opinion::api,
        requests::api::agree_api,
        requests::api::refuse_api,
        start::api,
        complete::api,
        finish::api,
        give_back::api,
        take_back::api,
        assign_more::api,
        change_part::api,
        extension::api::ask_api,
        extension::api::answer_api,
        urge::one_api,
        urge::many_api,
        several::present_api,
        several::pass_down_api,
        several::complete_api,
        several::mark_seen_api,
        following::following_api,
        slip::slip_api,
        slip::stamp_api,
        mail::api,
        unopened::api_list,
        unopened::api_forward,
        unopened::api_receive,
        unopened::api_hand_back,
        dossier::api_list,
        dossier::api_note,
        dossier::api_receive,
        paper_beside::api_read,
        paper_beside::api_hand_over,
        paper_beside::api_receive,
        paper_beside::api_take_back
    ))]
    struct Document;
    Document::openapi()
}
