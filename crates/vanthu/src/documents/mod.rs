//! Tệp tin của văn bản: intake by the file rules of Điều 8, sets of files, downloads, converting to PDF.

mod api;
mod convert;
mod download;
pub mod fields;
pub mod inspector;
mod intake;
pub mod mail;
pub mod scans;
mod sets;
pub mod state_secret;
pub mod sweep;
#[cfg(test)]
mod tests;
mod text;

use axum::Router;

pub use convert::convert_to_pdf;
pub use intake::{FileInfo, StoredFile, Upload, refuse_marks, take, take_delivered};
pub use sets::{FileOfSet, file_items, files_of, image_src, let_go_of_sets, new_set, stored, viewer_src};

use crate::context::App;

/// `/files/{id}`.
pub fn routes() -> Router<App> {
    download::routes()
}

/// `/api/v1/files`.
pub fn api_routes() -> Router<App> {
    api::routes()
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(api::upload, download::api_download, fields::api))]
    struct Document;
    Document::openapi()
}
