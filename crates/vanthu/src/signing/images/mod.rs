//! Hình ảnh chữ ký của cán bộ (màu xanh, khoản 7d) và con dấu của cơ quan (màu đỏ, đúng kích thước, khoản 8a Mục II Phụ lục I
//! NĐ 30): kept by the administrator, encoded anew, one in force per owner.

mod acts;
mod encode;
mod pages;
#[cfg(test)]
mod tests;

use axum::{Router, routing::get, routing::post};
use pdf_signature::appearance::SealImage;
use rules::ids::{AccountId, AgencyId};
use store::{Row, args, sql};

pub use acts::{NewImage, Owner, insert, set};

use super::demo;
use crate::{context::App, error::AppResult};

/// `/administration/signing/images…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route(
            "/administration/signing/images",
            get(pages::list).post(pages::submit),
        )
        .route("/administration/signing/images/new", get(pages::form))
        .route("/administration/signing/images/{id}", get(pages::picture))
        .route("/administration/signing/images/{id}/remove", post(pages::remove))
}

/// Its part of the API: none.
pub fn api_routes() -> Router<App> {
    Router::new()
}

/// Its part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths())]
    struct Document;
    Document::openapi()
}

/// The seal of an agency as it is drawn.
#[derive(Debug, Clone)]
pub struct Seal {
    /// The picture.
    pub image: SealImage,
    /// Its real diameter.
    pub diameter_mm: f64,
}

/// The image of a person's handwriting. `None`: the administrator has set none.
///
/// # Errors
/// When the database fails or the image kept there cannot be read.
pub async fn handwriting(app: &App, account: AccountId) -> AppResult<Option<SealImage>> {
    let mut row = handwriting_row(app, account).await?;
    if row.is_none() && demo::draw_handwriting(app, account).await? {
        row = handwriting_row(app, account).await?;
    }
    let Some(row) = row else { return Ok(None) };
    Ok(Some(decode(app, row.get("png")?).await?))
}

async fn handwriting_row(app: &App, account: AccountId) -> AppResult<Option<Row>> {
    let found = app
        .db
        .opt(
            sql!("SELECT png FROM signature_image WHERE account_id = $1 AND owner = 'person' AND removed_at IS NULL"),
            args![account],
        )
        .await?;
    Ok(found)
}

/// The seal of an agency. `None`: the administrator has set none.
///
/// # Errors
/// As [`handwriting`].
pub async fn seal(app: &App, agency: AgencyId) -> AppResult<Option<Seal>> {
    let mut row = seal_row(app, agency).await?;
    if row.is_none() && demo::draw_seal(app, agency).await? {
        row = seal_row(app, agency).await?;
    }
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Seal {
        image: decode(app, row.get("png")?).await?,
        diameter_mm: f64::from(row.get::<u32>("diameter")?) / 10.0,
    }))
}

async fn seal_row(app: &App, agency: AgencyId) -> AppResult<Option<Row>> {
    let found = app
        .db
        .opt(
            sql!(
                "SELECT png, diameter FROM signature_image WHERE agency_id = $1 AND owner = 'agency' AND removed_at IS NULL"
            ),
            args![agency],
        )
        .await?;
    Ok(found)
}

/// Decoding and compressing an image takes tens of milliseconds.
async fn decode(app: &App, png: Vec<u8>) -> AppResult<SealImage> {
    let image = app.heavy(move |_| SealImage::from_png(&png)).await?;
    Ok(image.map_err(anyhow::Error::from)?)
}
