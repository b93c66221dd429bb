//! Sắp xếp đơn vị (CN-916): units are set up, renamed, and closed with a successor that takes over everything that is open.

pub(super) mod close;
mod minutes;
mod moving;
pub(super) mod name;
pub(super) mod page;

use jiff::civil::Date;
use rules::ids::{AgencyId, UnitId};
use store::{Act, args, sql};

use super::managed::{manages, must_administer};
use crate::{
    context::Who,
    error::{AppError, AppResult},
};

/// A unit that may be changed, its row locked.
pub(super) struct Unit {
    pub id: UnitId,
    pub agency: AgencyId,
    pub name: String,
    pub abbr: String,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
}

impl Unit {
    /// Whether it exists on this day.
    pub fn is_open(&self, today: Date) -> bool {
        self.valid_to.is_none_or(|last| last >= today)
    }
}

/// Locks a unit that this administrator manages.
///
/// # Errors
/// [`AppError::NotFound`] for one of another agency as for a missing one.
pub(super) async fn for_change(act: &mut Act, who: &Who, id: UnitId) -> AppResult<Unit> {
    must_administer(who)?;
    let row = act
        .opt(
            sql!("UPDATE unit SET sort = sort WHERE id = $1 RETURNING agency_id, name, abbr, valid_from, valid_to"),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let agency: AgencyId = row.get("agency_id")?;
    if !manages(who, agency) {
        return Err(AppError::NotFound);
    }
    Ok(Unit {
        id,
        agency,
        name: row.get("name")?,
        abbr: row.get("abbr")?,
        valid_from: row.get("valid_from")?,
        valid_to: row.get("valid_to")?,
    })
}
