//! Rules that an agency chose for itself, each with the day from which it holds (table `agency_setting`).

use jiff::civil::Date;
use rules::ids::AgencyId;
use serde::de::DeserializeOwned;
use store::{Act, Sql, args, sql};

use crate::{context::App, error::AppResult};

const NEWEST: Sql = sql!(
    "SELECT value FROM agency_setting WHERE agency_id = $1 AND key = $2 AND valid_from <= $3 ORDER BY valid_from DESC LIMIT 1"
);

/// The value of `key` that holds on `day`; `None` when the agency chose nothing.
///
/// # Errors
/// When the value is not what the program expects or the database fails.
pub async fn read<T: DeserializeOwned>(
    app: &App,
    agency: AgencyId,
    key: &str,
    day: Date,
) -> AppResult<Option<T>> {
    let row = app.db.opt(NEWEST, args![agency, key, day]).await?;
    Ok(row.map(|row| row.json("value")).transpose()?)
}

/// The same within an act, on its day.
///
/// # Errors
/// As [`read`].
pub async fn read_in<T: DeserializeOwned>(
    act: &mut Act,
    agency: AgencyId,
    key: &str,
) -> AppResult<Option<T>> {
    let today = act.today();
    let row = act.opt(NEWEST, args![agency, key, today]).await?;
    Ok(row.map(|row| row.json("value")).transpose()?)
}
