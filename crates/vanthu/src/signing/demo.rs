//! The made-up authority of the demo, as the running program uses it: time stamps and revocation lists that need no network.

use std::{path::PathBuf, sync::Arc};

use demo_pki::DemoPki;

use crate::{context::App, error::AppResult};

/// Where it lies.
pub fn folder(app: &App) -> PathBuf {
    app.settings.data.folder.join("demo-pki")
}

/// Where the software keys of the demo lie.
pub fn keys_folder(app: &App) -> PathBuf {
    app.settings.data.folder.join("demo-keys")
}

/// The authority of the demo. `None` outside the demo, whatever lies in the data folder.
///
/// # Errors
/// When its folder cannot be read.
pub async fn demo_pki_of(app: &App) -> AppResult<Option<Arc<DemoPki>>> {
    if !app.has_sample_data() {
        return Ok(None);
    }
    if let Some(pki) = app.signing.demo.get() {
        return Ok(Some(pki.clone()));
    }
    let folder = folder(app);
    let loaded = tokio::task::spawn_blocking(move || {
        if folder.join("authority.json").exists() {
            DemoPki::load(&folder).map(Some)
        } else {
            Ok(None)
        }
    });
    let loaded = loaded.await.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
    Ok(loaded.map(|pki| app.signing.demo.get_or_init(|| Arc::new(pki)).clone()))
}
