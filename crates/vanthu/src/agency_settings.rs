//! Rules that an agency chose for itself, each with the day from which it holds (table `agency_setting`).

use jiff::civil::Date;
use rules::ids::AgencyId;
use serde::{Serialize, de::DeserializeOwned};
use store::{Act, Sql, args, sql};

use crate::{context::App, error::AppResult};

const NEWEST: Sql = sql!(
    "SELECT valid_from, value FROM agency_setting WHERE agency_id = $1 AND key = $2 AND valid_from <= $3 ORDER BY valid_from DESC LIMIT 1"
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

/// The same with the day from which it holds.
///
/// # Errors
/// As [`read`].
pub async fn in_force<T: DeserializeOwned>(
    app: &App,
    agency: AgencyId,
    key: &str,
    day: Date,
) -> AppResult<Option<(Date, T)>> {
    let row = app.db.opt(NEWEST, args![agency, key, day]).await?;
    Ok(row
        .map(|row| Ok::<_, store::Error>((row.get("valid_from")?, row.json("value")?)))
        .transpose()?)
}

/// Every value that was chosen, with the day from which it holds, newest first.
///
/// # Errors
/// As [`read`].
pub async fn all<T: DeserializeOwned>(app: &App, agency: AgencyId, key: &str) -> AppResult<Vec<(Date, T)>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT valid_from, value FROM agency_setting WHERE agency_id = $1 AND key = $2 ORDER BY valid_from DESC LIMIT 100"
            ),
            args![agency, key],
        )
        .await?;
    let one = |row: &store::Row| Ok((row.get("valid_from")?, row.json("value")?));
    Ok(rows.iter().map(one).collect::<store::Result<_>>()?)
}

/// Chooses a value from a day on; what was chosen for that very day before is overwritten.
///
/// # Errors
/// When the value is no JSON or the database fails.
pub async fn choose(
    act: &mut Act,
    agency: AgencyId,
    key: &str,
    from: Date,
    value: &impl Serialize,
) -> AppResult<()> {
    let value = serde_json::to_string(value)?;
    act.run(
        sql!(
            "INSERT INTO agency_setting (agency_id, key, valid_from, value) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (agency_id, key, valid_from) DO UPDATE SET value = $4"
        ),
        args![agency, key, from, value],
    )
    .await?;
    Ok(())
}

/// Takes a value back that was chosen for a day; gives whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn forget(act: &mut Act, agency: AgencyId, key: &str, from: Date) -> AppResult<bool> {
    let gone = act
        .run(
            sql!("DELETE FROM agency_setting WHERE agency_id = $1 AND key = $2 AND valid_from = $3"),
            args![agency, key, from],
        )
        .await?;
    Ok(gone > 0)
}

/// The same as [`read`] within an act, on its day.
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
