//! Chứng thư của cán bộ và cơ quan: where keys lie, which certificate belongs to which account or agency (KS-72), and every
//! use of an agency's key (NĐ 30 Điều 32).

mod bind;
mod binding_form;
mod binding_pages;
mod certificate;
mod provider_form;
mod provider_pages;
mod providers;
#[cfg(test)]
mod tests;
mod time_stamp;
mod time_stamp_page;
mod uses;
mod whole_file;

use std::sync::Arc;

use axum::{Router, routing::get, routing::post};
use base64::{Engine, engine::general_purpose::STANDARD};
use rules::ids::{AccountId, AgencyId};
use signing_providers::Provider;
use store::{Row, args, sql};
use uuid::Uuid;

pub use bind::{NewBinding, bind, unbind};
pub use certificate::{key_name, read_certificates, rule_facts};
#[cfg(test)]
pub use providers::replace_opened;
pub use providers::{NewProvider, ProviderKind, add_provider, clock, insert as insert_provider};
pub use time_stamp::{
    TimeStampService, WhenDown, service, set_service, time_stamper, when_down, write as write_service,
};
pub use uses::{Circumstances, KeyUse, Purpose, log_past_use, log_use};

use crate::{context::App, error::AppResult};

/// `/administration/signing/…` of keys.
pub fn routes() -> Router<App> {
    Router::new()
        .route(
            "/administration/signing/certificates",
            get(binding_pages::list).post(binding_form::submit),
        )
        .route(
            "/administration/signing/certificates/new",
            get(binding_form::form),
        )
        .route(
            "/administration/signing/certificates/{id}",
            get(binding_pages::detail),
        )
        .route(
            "/administration/signing/certificates/{id}/unbind",
            post(binding_pages::unbind),
        )
        .route(
            "/administration/signing/providers",
            get(provider_pages::list).post(provider_pages::submit),
        )
        .route("/administration/signing/providers/new", get(provider_pages::form))
        .route(
            "/administration/signing/providers/{id}/test",
            post(provider_pages::test),
        )
        .route(
            "/administration/signing/providers/{id}/retire",
            post(provider_pages::retire),
        )
        .route(
            "/administration/signing/time-stamp",
            get(time_stamp_page::page).post(time_stamp_page::submit),
        )
        .route(
            "/administration/signing/time-stamp/test",
            post(time_stamp_page::test),
        )
        .route("/administration/signing/uses", get(uses::page))
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

/// A certificate bound to a person or an agency, and where its key lies.
#[derive(Debug, Clone)]
pub struct Binding {
    /// Its id; [`log_use`] takes it.
    pub id: Uuid,
    /// The person; `None` for the certificate of an agency.
    pub account: Option<AccountId>,
    /// The agency, or the agency of the person.
    pub agency: AgencyId,
    /// What people read.
    pub label: String,
    /// Certificates, DER, the owner's first.
    pub chain: Vec<Vec<u8>>,
    /// SHA-256 of the owner's certificate.
    pub sha256: Vec<u8>,
    /// The provider's name of the key.
    pub key: String,
    /// What kind of place the key lies in.
    pub kind: ProviderKind,
    /// The place itself. That of [`ProviderKind::WholeFile`] signs no hashes.
    pub provider: Arc<dyn Provider>,
}

impl Binding {
    /// The owner's certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        self.chain.first().map(Vec::as_slice).unwrap_or_default()
    }
}

/// The certificate with which a person signs now: the one bound last among those in force. `None` when the administrator
/// has bound none.
///
/// # Errors
/// When the database fails or the place of the key cannot be opened.
pub async fn person(app: &App, account: AccountId) -> AppResult<Option<Binding>> {
    Ok(of_person(app, account).await?.into_iter().next())
}

/// All certificates of a person that are in force, the one bound last first: a token at the PC and a remote key, say.
///
/// # Errors
/// As [`person`].
pub async fn of_person(app: &App, account: AccountId) -> AppResult<Vec<Binding>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT b.id, b.account_id, b.agency_id, b.label, b.chain, b.sha256, b.key_name, b.provider_id \
                 FROM key_binding b JOIN signing_provider p ON p.id = b.provider_id \
                 WHERE b.account_id = $1 AND b.owner = 'person' AND b.revoked_at IS NULL AND p.retired_at IS NULL \
                 AND b.not_before <= $2 AND b.not_after > $2 ORDER BY b.bound_at DESC, b.id DESC"
            ),
            args![account, app.clock.now()],
        )
        .await?;
    open_all(app, &rows).await
}

/// The certificate with which an agency signs now. `None` when the administrator has bound none.
///
/// # Errors
/// As [`person`].
pub async fn agency(app: &App, agency: AgencyId) -> AppResult<Option<Binding>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT b.id, b.account_id, b.agency_id, b.label, b.chain, b.sha256, b.key_name, b.provider_id \
                 FROM key_binding b JOIN signing_provider p ON p.id = b.provider_id \
                 WHERE b.agency_id = $1 AND b.owner = 'agency' AND b.revoked_at IS NULL AND p.retired_at IS NULL \
                 AND b.not_before <= $2 AND b.not_after > $2 ORDER BY b.bound_at DESC, b.id DESC LIMIT 1"
            ),
            args![agency, app.clock.now()],
        )
        .await?;
    Ok(open_all(app, &rows).await?.into_iter().next())
}

/// A binding by its id, if it is still in force: a request that waits holds on to it.
///
/// # Errors
/// As [`person`].
pub async fn in_force(app: &App, id: Uuid) -> AppResult<Option<Binding>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT b.id, b.account_id, b.agency_id, b.label, b.chain, b.sha256, b.key_name, b.provider_id \
                 FROM key_binding b JOIN signing_provider p ON p.id = b.provider_id \
                 WHERE b.id = $1 AND b.revoked_at IS NULL AND p.retired_at IS NULL AND b.not_after > $2"
            ),
            args![id, app.clock.now()],
        )
        .await?;
    Ok(open_all(app, &rows).await?.into_iter().next())
}

async fn open_all(app: &App, rows: &[Row]) -> AppResult<Vec<Binding>> {
    let mut bindings = Vec::with_capacity(rows.len());
    for row in rows {
        let opened = providers::open(app, row.get("provider_id")?).await?;
        bindings.push(Binding {
            id: row.get("id")?,
            account: row.get("account_id")?,
            agency: row.get("agency_id")?,
            label: row.get("label")?,
            chain: chain_of(row)?,
            sha256: row.get("sha256")?,
            key: row.get("key_name")?,
            kind: opened.kind,
            provider: opened.provider,
        });
    }
    Ok(bindings)
}

/// Reads the column `chain` of a row.
///
/// # Errors
/// When it does not hold certificates.
pub fn chain_of(row: &Row) -> AppResult<Vec<Vec<u8>>> {
    let texts: Vec<String> = row.json("chain")?;
    let chain = texts
        .iter()
        .map(|text| STANDARD.decode(text))
        .collect::<Result<Vec<_>, _>>();
    Ok(chain.map_err(anyhow::Error::from)?)
}

/// What the column `chain` keeps.
fn chain_text(chain: &[Vec<u8>]) -> AppResult<String> {
    let texts: Vec<String> = chain.iter().map(|der| STANDARD.encode(der)).collect();
    Ok(serde_json::to_string(&texts)?)
}
