//! The OpenAPI document, put together from the handlers.

use axum::Json;
use utoipa::OpenApi;

use crate::{
    administration, calendar, delegations, desk, directory, documents, exchange, finding, incoming, links,
    notices, outgoing, processes, registers, reports, sign_in, signing, slips,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Vănthư", description = "Hệ thống quản lý văn bản và điều hành: cùng các thao tác như trên trang, dành cho chương trình."),
    components(schemas(super::problems::ProblemBody)),
    modifiers(&Bearer)
)]
struct Base;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("token", scheme);
    }
}

/// The whole document: each room brings its own part.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut whole = Base::openapi();
    for part in [
        sign_in::api_document(),
        desk::api_document(),
        documents::api_document(),
        incoming::api_document(),
        outgoing::api_document(),
        slips::api_document(),
        signing::api_document(),
        exchange::axis::api_document(),
        registers::api_document(),
        administration::api_document(),
        directory::api_document(),
        finding::api_document(),
        links::api_document(),
        calendar::api_document(),
        processes::api_document(),
        notices::api_document(),
        delegations::api_document(),
        reports::api_document(),
    ] {
        whole.merge(part);
    }
    whole
}

/// `GET /api/v1/openapi.json`.
pub async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
