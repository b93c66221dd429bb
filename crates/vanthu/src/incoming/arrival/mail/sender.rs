//! Who wrote a message: the address is looked up in the directory; what a message says of itself is only a name.

use store::{args, sql};

use super::Taken;
use crate::{context::App, error::AppResult};

/// The name for the form of registration.
///
/// # Errors
/// When the database fails.
pub async fn name_of(app: &App, taken: &Taken) -> AppResult<String> {
    if let Some(known) = known(app, &taken.from_address).await? {
        return Ok(known);
    }
    Ok(match taken.from_name.as_str() {
        "" => taken.from_address.clone(),
        name => name.to_owned(),
    })
}

/// The organisation that this address belongs to: by the name that our own agency of that code has, else by its name in the directory.
/// An address that several have names nobody.
///
/// # Errors
/// When the database fails.
pub async fn known(app: &App, address: &str) -> AppResult<Option<String>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT e.name, a.name AS own_name FROM directory_entry e \
                 LEFT JOIN agency a ON a.code = e.code AND (a.valid_to IS NULL OR a.valid_to >= $2) \
                 WHERE lower(e.email) = $1 AND (e.valid_to IS NULL OR e.valid_to >= $2) ORDER BY e.id LIMIT 2"
            ),
            args![address, app.clock.today()],
        )
        .await?;
    let [row] = rows.as_slice() else {
        return Ok(None);
    };
    let own: Option<String> = row.get("own_name")?;
    Ok(Some(match own {
        Some(own) => own,
        None => row.get("name")?,
    }))
}
