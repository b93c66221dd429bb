//! Sổ văn bản: the registers of outgoing and incoming documents (NĐ 30 Điều 16.2b, 22.2; Phụ lục IV mẫu I, VI), the book of
//! follow-up (mẫu VIII), the book of the post (mẫu III) and that of kept copies (mẫu IV).
//!
//! A register is no list of its own: it is what was issued and what was registered, read in the order of the book,
//! with the prescribed columns, on screen, in the API, on paper and as a spreadsheet.

mod copies;
mod handling;
mod incoming;
mod kept_copies;
mod numbering;
mod outgoing;
mod pages;
mod post;
mod print;
mod query;
mod reserved;
mod sheet;
#[cfg(test)]
pub(crate) mod tests;

use axum::{Router, routing::get};
use rules::access::{self, Action, ObjectFacts};
use the_thuc::RegisterBook;

pub use copies::{
    SentCopy, WAITING as COPIES_WAITING, among_files as electronic_copies, is_visible as may_see_copy,
    is_withheld as copy_is_withheld, may_go as copies_may_go, named_in_log as copy_named_in_log,
    own_recalled, signed as copy_signed, signing_ended as copy_signing_ended, source_recalled,
    to_choose as copies_to_choose, to_send as copies_to_send, waiting_for as copies_waiting,
    waiting_link as copies_waiting_link,
};
pub use incoming::IncomingLine;
pub use outgoing::OutgoingLine;
pub use query::RegisterQuery;
pub(crate) use reserved::{Offered, offered};

use crate::{
    context::{App, Who},
    error::AppResult,
    web::page::BoxLink,
};

/// `/registers/outgoing`, `/registers/incoming` and their printed books.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/registers/outgoing", get(pages::outgoing))
        .route("/registers/incoming", get(pages::incoming))
        .route("/registers/handling", get(pages::handling))
        .route("/registers/post", get(pages::post))
        .route("/registers/{file}", get(print::file))
        .merge(numbering::routes())
        .merge(copies::routes())
        .merge(kept_copies::routes())
        .merge(reserved::routes())
}

/// `/api/v1/registers…`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/registers/outgoing", get(outgoing::api))
        .route("/api/v1/registers/incoming", get(incoming::api))
        .route("/api/v1/registers/handling", get(handling::api))
        .route("/api/v1/registers/post", get(post::api))
        .merge(numbering::api_routes())
        .merge(copies::api_routes())
        .merge(kept_copies::api_routes())
        .merge(reserved::api_routes())
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(outgoing::api, incoming::api, handling::api, post::api))]
    struct Document;
    Document::openapi()
        .merge_from(numbering::api_document())
        .merge_from(copies::api_document())
        .merge_from(kept_copies::api_document())
        .merge_from(reserved::api_document())
}

/// The books that are shown, in the order of their tabs.
const SHOWN: [RegisterBook; 5] = [
    RegisterBook::Incoming,
    RegisterBook::Handling,
    RegisterBook::Outgoing,
    RegisterBook::Post,
    RegisterBook::KeptCopies,
];

/// Name of a book in addresses.
fn key(book: RegisterBook) -> &'static str {
    match book {
        RegisterBook::Outgoing => "outgoing",
        RegisterBook::Incoming => "incoming",
        RegisterBook::Post => "post",
        RegisterBook::KeptCopies => "kept-copies",
        RegisterBook::Handling => "handling",
    }
}

/// Name of a book on screen.
fn short_title(book: RegisterBook) -> &'static str {
    match book {
        RegisterBook::Outgoing => "Sổ văn bản đi",
        RegisterBook::Incoming => "Sổ văn bản đến",
        RegisterBook::Post => "Sổ gửi bưu điện",
        RegisterBook::KeptCopies => "Sổ sử dụng bản lưu",
        RegisterBook::Handling => "Sổ theo dõi giải quyết",
    }
}

/// Only clerks and leaders of the agency read its registers (ND30-6.3).
fn may_read(who: &Who) -> AppResult<()> {
    Ok(access::decide(
        &who.actor,
        Action::ViewRegister,
        &ObjectFacts::agency(who.agency()),
    )?)
}

/// The page of series, for the registers' readers and for administrators.
pub fn numbering_link() -> BoxLink {
    BoxLink::new("numbering", "Dãy số văn bản", "/registers/numbering", "numbers")
}

/// Links of the left column, for those who may read the registers.
pub fn links(who: &Who) -> Vec<BoxLink> {
    if may_read(who).is_err() {
        return Vec::new();
    }
    vec![
        BoxLink::new(
            "register-incoming",
            "Sổ văn bản đến",
            "/registers/incoming",
            "book-2",
        ),
        BoxLink::new(
            "register-outgoing",
            "Sổ văn bản đi",
            "/registers/outgoing",
            "book",
        ),
        BoxLink::new(
            "following",
            "Theo dõi nơi nhận",
            "/outgoing/following",
            "mail-forward",
        ),
        BoxLink::new("copies", "Sổ bản sao", "/registers/copies", "copy"),
        BoxLink::new("reserved", "Số giữ", "/registers/reserved", "hash"),
        numbering_link(),
    ]
}
