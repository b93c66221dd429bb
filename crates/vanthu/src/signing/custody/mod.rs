//! Giao giữ con dấu, thiết bị lưu khóa bí mật (NĐ 30 Điều 32): which devices an agency has, who keeps each, how it changed
//! hands, and the question that comes before every use of the agency's key.

mod devices;
mod pages;
#[cfg(test)]
mod tests;

use axum::{Router, routing::get, routing::post};
use rules::{
    ids::{AgencyId, PostId},
    signing::custody::{self as rule, DeviceKind, Holding},
};
use store::{Act, Row, Sql, args, sql};

use crate::{
    context::{App, Who},
    error::AppResult,
};

pub use devices::{NewDevice, RecordHandover, add_device, hand_over};

/// `/administration/signing/custody…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route(
            "/administration/signing/custody",
            get(pages::list).post(pages::add),
        )
        .route("/administration/signing/custody/{id}", get(pages::detail))
        .route(
            "/administration/signing/custody/{id}/hand-over",
            post(pages::hand_over),
        )
        .route("/administration/signing/custody/{id}/retire", post(pages::retire))
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

/// The devices of `$1` of the kind `$2` in use, with who keeps them.
const HOLDINGS: Sql = sql!(
    "SELECT d.id, d.holder, d.since, a.full_name, p.title FROM custody_device d LEFT JOIN post p ON p.id = d.holder \
     LEFT JOIN account a ON a.id = p.account_id WHERE d.agency_id = $1 AND d.kind = $2 AND d.retired_at IS NULL \
     ORDER BY d.id"
);

/// Whether `who` may use the secret key of `agency` now: văn thư who keeps the device (ND30-32.2b, 32.2c).
///
/// # Errors
/// The refusal of [`rules::signing::custody::may_use`]; when the database fails.
pub async fn may_use(app: &App, who: &Who, agency: AgencyId) -> AppResult<()> {
    let rows = app
        .db
        .all(HOLDINGS, args![agency, DeviceKind::SecretKey.as_str()])
        .await?;
    decide(who, agency, &rows)
}

/// The same within an act that uses the key.
///
/// # Errors
/// As [`may_use`].
pub async fn may_use_in(act: &mut Act, who: &Who, agency: AgencyId) -> AppResult<()> {
    let rows = act
        .all(HOLDINGS, args![agency, DeviceKind::SecretKey.as_str()])
        .await?;
    decide(who, agency, &rows)
}

fn decide(who: &Who, agency: AgencyId, rows: &[Row]) -> AppResult<()> {
    let holdings = rows.iter().map(holding).collect::<store::Result<Vec<_>>>()?;
    // With several devices, the one in this person's hands counts.
    let own = holdings.iter().find(|holding| holding.holder == Some(who.post()));
    let held = own.or_else(|| holdings.iter().find(|holding| holding.holder.is_some()));
    Ok(rule::may_use(&who.actor, agency, held)?)
}

fn holding(row: &Row) -> store::Result<Holding> {
    let holder: Option<PostId> = row.get("holder")?;
    let name: Option<String> = row.get("full_name")?;
    let title: Option<String> = row.get("title")?;
    Ok(Holding {
        holder,
        label: [name, title].into_iter().flatten().collect::<Vec<_>>().join(", "),
        since: row.get("since")?,
    })
}
