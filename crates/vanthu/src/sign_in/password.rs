//! Password hashes: argon2id, one at a time per permit, off the async threads.

use anyhow::Context;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::context::App;

/// Hashes a password on this thread; for commands and the demo province.
///
/// # Errors
/// When the system gives no randomness.
pub fn hash_blocking(password: &str) -> anyhow::Result<String> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
    Ok(hash.to_string())
}

/// Hashes a password.
///
/// # Errors
/// When the system gives no randomness.
pub async fn hash(app: &App, password: String) -> anyhow::Result<String> {
    let _permit = app.hashing.acquire().await?;
    tokio::task::spawn_blocking(move || hash_blocking(&password))
        .await
        .context("hashing")?
}

/// Whether `password` belongs to `hash`. Takes as long for an account that does not exist: pass `None`.
///
/// # Errors
/// When the stored hash is not readable.
pub async fn verify(app: &App, password: String, hash: Option<String>) -> anyhow::Result<bool> {
    // A hash of nothing, so that an unknown name costs as much as a wrong password.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHR2YW50aHU$y4qzbwTFhzcLSAN5DtKgM1jhQMJAmmyRRjvq5SMCDRo";
    let _permit = app.hashing.acquire().await?;
    tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let text = hash.unwrap_or_else(|| NOBODY.to_owned());
        let parsed =
            PasswordHash::new(&text).map_err(|error| anyhow::anyhow!("stored password hash: {error}"))?;
        let right = Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok();
        Ok(right && known)
    })
    .await
    .context("verifying")?
}
