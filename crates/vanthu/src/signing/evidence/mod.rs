//! Bằng chứng: revocation lists, status answers and issuers' certificates, kept as long as they are fresh, so that a check
//! seldom waits for the network and works without it. None of it is trusted: whoever uses it checks its signature.

mod content;
mod fetch;
mod pages;
#[cfg(test)]
mod tests;

use axum::{Router, routing::get, routing::post};
use jiff::Timestamp;
use pdf_signature::pki::{Evidence, is_signed_by};
use store::{Tx, args, sql};

pub use content::{Item, Kind, read};
pub use fetch::{EvidenceSettings, fetch, settings, tend, write_settings};

use crate::{context::App, error::AppResult};

/// `/administration/signing/evidence…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/administration/signing/evidence", get(pages::list))
        .route("/administration/signing/evidence/import", post(pages::import))
        .route(
            "/administration/signing/evidence/settings",
            post(pages::save_settings),
        )
        .route("/administration/signing/evidence/refresh", post(pages::refresh))
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

/// Everything at hand.
///
/// # Errors
/// When the database fails.
pub async fn load(app: &App) -> AppResult<Evidence> {
    let rows = app
        .db
        .all(
            sql!("SELECT kind, content FROM evidence ORDER BY sha256"),
            args![],
        )
        .await?;
    let mut evidence = Evidence::default();
    for row in &rows {
        let content = row.get("content")?;
        match row.parse("kind")? {
            Kind::Crl => evidence.crls.push(content),
            Kind::Ocsp => evidence.ocsps.push(content),
            Kind::Certificate => evidence.certificates.push(content),
        }
    }
    Ok(evidence)
}

/// Keeps a piece of evidence. A newer list of the same issuer takes the place of older ones, as it also names what they named.
/// A list that no known issuer signed takes the place only of such lists: whoever stands between us and the address of a list
/// must not be able to put the genuine one out of the way.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &mut Tx, item: &Item, source: &str, now: Timestamp) -> AppResult<()> {
    let sha256 = item.sha256();
    let new = tx
        .run(
            sql!(
                "INSERT INTO evidence (sha256, kind, content, subject, source, this_update, next_update, fetched_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (sha256) DO NOTHING"
            ),
            args![
                sha256.as_slice(),
                item.kind.as_str(),
                item.der.as_slice(),
                item.subject.as_str(),
                source,
                item.this_update,
                item.next_update,
                now,
            ],
        )
        .await?;
    if new == 0 {
        return Ok(());
    }
    if item.kind == Kind::Crl {
        replace_older(tx, item, source).await?;
    }
    tx.run(
        sql!("UPDATE trust_state SET evidence = evidence + 1 WHERE id = 1"),
        args![],
    )
    .await?;
    Ok(())
}

async fn replace_older(tx: &mut Tx, item: &Item, source: &str) -> AppResult<()> {
    let older = tx
        .all(
            sql!(
                "SELECT sha256, content FROM evidence WHERE kind = 'crl' AND subject = $1 AND source = $2 AND this_update < $3"
            ),
            args![item.subject.as_str(), source, item.this_update],
        )
        .await?;
    if older.is_empty() {
        return Ok(());
    }
    let issuers = known_issuers(tx).await?;
    let is_genuine = |list: &[u8]| issuers.iter().any(|issuer| is_signed_by(list, issuer));
    let replaces_all = is_genuine(&item.der);
    for row in &older {
        if replaces_all || !is_genuine(&row.get::<Vec<u8>>("content")?) {
            tx.run(
                sql!("DELETE FROM evidence WHERE sha256 = $1"),
                args![row.get::<Vec<u8>>("sha256")?],
            )
            .await?;
        }
    }
    Ok(())
}

/// Certificates whose keys are known: trust anchors, chains of bound certificates, and what these have signed among the
/// certificates at hand.
async fn known_issuers(tx: &mut Tx) -> AppResult<Vec<Vec<u8>>> {
    let mut known = Vec::new();
    let anchors = tx
        .all(
            sql!("SELECT certificate FROM trust_anchor WHERE removed_at IS NULL"),
            args![],
        )
        .await?;
    for row in &anchors {
        known.push(row.get::<Vec<u8>>("certificate")?);
    }
    let bound = tx
        .all(
            sql!("SELECT chain FROM key_binding WHERE revoked_at IS NULL"),
            args![],
        )
        .await?;
    for row in &bound {
        for der in super::keys::chain_of(row)? {
            if !known.contains(&der) {
                known.push(der);
            }
        }
    }
    let at_hand = tx
        .all(
            sql!("SELECT content FROM evidence WHERE kind = 'certificate'"),
            args![],
        )
        .await?;
    let mut signed = Vec::new();
    for row in &at_hand {
        let der = row.get::<Vec<u8>>("content")?;
        if known.iter().any(|issuer| is_signed_by(&der, issuer)) {
            signed.push(der);
        }
    }
    known.append(&mut signed);
    Ok(known)
}
