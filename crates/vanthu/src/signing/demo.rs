//! The made-up authority of the demo, as the running program uses it: time stamps and revocation lists that need no network,
//! and images of seals and handwriting, drawn when they are first needed.

use std::{path::PathBuf, sync::Arc};

use demo_pki::{DemoPki, images};
use rules::ids::{AccountId, AgencyId, CommandId};
use store::{Act, Actor, Begun, args, sql};

use super::images::{NewImage, Owner, insert};
use crate::{context::App, error::AppResult};

/// Diameter of a seal in tenths of a millimetre, as those of agencies usually are.
const DIAMETER: u32 = 360;
/// Fine enough for print.
const DPI: f64 = 400.0;

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
    let loaded = loaded
        .await
        .map_err(anyhow::Error::from)?
        .map_err(anyhow::Error::from)?;
    Ok(loaded.map(|pki| app.signing.demo.get_or_init(|| Arc::new(pki)).clone()))
}

/// Draws the handwriting of a person of the demo, when they never had an image: one that was removed stays away.
pub(super) async fn draw_handwriting(app: &App, account: AccountId) -> AppResult<bool> {
    if !app.has_sample_data() {
        return Ok(false);
    }
    let row = app
        .db
        .opt(
            sql!(
                "SELECT a.full_name, (SELECT p.agency_id FROM post p WHERE p.account_id = a.id \
                 AND (p.valid_to IS NULL OR p.valid_to >= $2) ORDER BY p.id LIMIT 1) AS agency_id FROM account a \
                 WHERE a.id = $1 AND NOT EXISTS (SELECT 1 FROM signature_image i WHERE i.account_id = a.id \
                 AND i.owner = 'person')"
            ),
            args![account, app.clock.today()],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    let Some(agency) = row.get::<Option<AgencyId>>("agency_id")? else {
        return Ok(false);
    };
    let name: String = row.get("full_name")?;
    let drawn = app.heavy(move |_| images::handwriting_png(&name, 1)).await?;
    let png = drawn.map_err(anyhow::Error::from)?;
    let owner = Owner::Person(account);
    keep(app, NewImage { agency, owner, png }).await
}

/// Draws the seal of an agency of the demo, in the same way.
pub(super) async fn draw_seal(app: &App, agency: AgencyId) -> AppResult<bool> {
    if !app.has_sample_data() {
        return Ok(false);
    }
    let row = app
        .db
        .opt(
            sql!(
                "SELECT name, place_name FROM agency WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM signature_image i \
                 WHERE i.agency_id = $1 AND i.owner = 'agency')"
            ),
            args![agency],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    let (name, place): (String, String) = (row.get("name")?, row.get("place_name")?);
    let drawn = app
        .heavy(move |app| {
            let fonts = app.composer()?.serif_fonts()?;
            let diameter = f64::from(DIAMETER) / 10.0;
            anyhow::Ok(images::seal_png(&name, &place, diameter, DPI, &fonts.bold.bytes)?)
        })
        .await?;
    let owner = Owner::Agency { diameter: DIAMETER };
    let png = drawn?;
    keep(app, NewImage { agency, owner, png }).await
}

async fn keep(app: &App, new: NewImage) -> AppResult<bool> {
    let command = CommandId::from_uuid(app.ids.next());
    let Begun::Now(mut act) =
        Act::begin::<()>(&app.db, &app.clock, &app.ids, Actor::system(), command).await?
    else {
        return Ok(false);
    };
    insert(&mut act, new).await?;
    app.commit(act, &()).await?;
    Ok(true)
}
