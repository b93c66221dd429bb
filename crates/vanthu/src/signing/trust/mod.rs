//! Danh sách tin cậy: whom the province trusts, for what, from when to when (KS-05), and which algorithms hold; with the
//! evidence at hand it is what every check of a signature is judged by.

mod algorithms;
mod anchors;
mod overview;
mod pages;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError};

use axum::{Router, routing::get, routing::post};
use jiff::Timestamp;
use pdf_signature::pki::{AlgorithmPolicy, Anchor, Context, Evidence, TrustStore};
use store::{Act, Row, args, sql};

pub use algorithms::{NewRule, add_rule};
pub use anchors::{NewAnchor, add, insert};
pub use pages::fingerprint;

use super::evidence;
use crate::{context::App, error::AppResult};

/// `/administration/signing…` of trust.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/administration/signing", get(overview::page))
        .route(
            "/administration/signing/trust",
            get(pages::list).post(pages::submit),
        )
        .route("/administration/signing/trust/{id}", get(pages::detail))
        .route("/administration/signing/trust/{id}/remove", post(pages::remove))
        .route(
            "/administration/signing/algorithms",
            get(algorithms::page).post(algorithms::submit),
        )
        .route(
            "/administration/signing/algorithms/{id}/remove",
            post(algorithms::remove),
        )
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

/// The trust list with its evidence, as last read, and of which state that was.
pub struct Loaded {
    version: i64,
    evidence_version: i64,
    trust: Arc<TrustStore>,
    policy: Arc<AlgorithmPolicy>,
    evidence: Arc<Evidence>,
}

/// Everything that a check knows beside the document. Cheap to clone.
#[derive(Debug, Clone)]
pub struct OwnedContext {
    /// Whom we trust.
    pub trust: Arc<TrustStore>,
    /// What is at hand.
    pub evidence: Arc<Evidence>,
    /// Which algorithms hold.
    pub policy: Arc<AlgorithmPolicy>,
    /// The time of the check.
    pub now: Timestamp,
}

impl OwnedContext {
    /// As the library takes it.
    pub fn borrow(&self) -> Context<'_> {
        Context {
            trust: &self.trust,
            evidence: &self.evidence,
            now: self.now,
            policy: &self.policy,
        }
    }
}

/// What signatures are judged by now. The trust list and the evidence stay in memory until one of them changes.
///
/// # Errors
/// When the database fails.
pub async fn context(app: &App) -> AppResult<OwnedContext> {
    let state = app
        .db
        .one(
            sql!("SELECT version, evidence, changed_at FROM trust_state WHERE id = 1"),
            args![],
        )
        .await?;
    let (version, evidence_version): (i64, i64) = (state.get("version")?, state.get("evidence")?);
    let known = {
        let known = app.signing.trust.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .clone()
            .filter(|known| known.version == version && known.evidence_version == evidence_version)
    };
    let loaded = match known {
        Some(known) => known,
        None => {
            let loaded = Arc::new(Loaded {
                version,
                evidence_version,
                trust: Arc::new(TrustStore {
                    version: version_name(version, state.get("changed_at")?),
                    anchors: anchors::in_use(app).await?,
                }),
                policy: Arc::new(algorithms::load(app).await?),
                evidence: Arc::new(evidence::load(app).await?),
            });
            let mut known = app.signing.trust.lock().unwrap_or_else(PoisonError::into_inner);
            *known = Some(loaded.clone());
            loaded
        }
    };
    Ok(OwnedContext {
        trust: loaded.trust.clone(),
        evidence: loaded.evidence.clone(),
        policy: loaded.policy.clone(),
        now: app.clock.now(),
    })
}

/// The dated policy of algorithms: the administrator's rows, or the built-in ones.
///
/// # Errors
/// When the database fails.
pub async fn policy(app: &App) -> AppResult<Arc<AlgorithmPolicy>> {
    Ok(context(app).await?.policy)
}

/// How reports name the trust list: `12 (08/01/2026)`.
fn version_name(version: i64, changed_at: Timestamp) -> String {
    if version == 0 {
        return "0".to_owned();
    }
    format!(
        "{version} ({})",
        crate::web::format::date(store::vietnam(changed_at).date())
    )
}

/// Counts the version of the trust list up: within every act that changes it. Acts on it wait for one another here.
async fn count_up(act: &mut Act) -> AppResult<i64> {
    let now = act.now();
    let row = act
        .one(
            sql!(
                "UPDATE trust_state SET version = version + 1, changed_at = $1 WHERE id = 1 RETURNING version"
            ),
            args![now],
        )
        .await?;
    Ok(row.get("version")?)
}

/// An anchor as the library takes it.
fn anchor(row: &Row) -> store::Result<Anchor> {
    Ok(Anchor {
        certificate: row.get("certificate")?,
        label: row.get("label")?,
        purposes: row.json("purposes")?,
        valid_from: row.get("valid_from")?,
        valid_to: row.get("valid_to")?,
    })
}
