//! Which process holds: the newest one that the agency decided for the day, or the standard one.

use jiff::{Timestamp, civil::Date};
use rules::{
    access::Action,
    ids::{AgencyId, IncomingId},
    incoming::IncomingState,
    process::{self, Process},
};
use serde::{Deserialize, Serialize};
use store::{Act, args, sql, vietnam};

use crate::{agency_settings, context::App, error::AppResult};

/// The setting of an agency.
pub(super) const KEY: &str = "process.incoming";

/// A process as it is kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The paper by which the head of the agency decided it.
    pub basis: String,
    /// Who put it in, name and title.
    pub decided_by: String,
    /// Its steps.
    #[serde(flatten)]
    pub process: Process,
}

/// The process that the agency decided for `day`; `None` when the standard one holds.
pub(super) async fn of_agency(app: &App, agency: AgencyId, day: Date) -> AppResult<Option<Kept>> {
    agency_settings::read(app, agency, KEY, day).await
}

/// A process with the day from which it holds.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub valid_from: Date,
    pub kept: Kept,
}

/// The processes of an agency, the newest first.
pub(super) async fn versions(app: &App, agency: AgencyId) -> AppResult<Vec<Version>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT valid_from, value FROM agency_setting WHERE agency_id = $1 AND key = $2 \
                 ORDER BY valid_from DESC LIMIT 20"
            ),
            args![agency, KEY],
        )
        .await?;
    let version = |row: &store::Row| {
        Ok(Version {
            valid_from: row.get("valid_from")?,
            kept: row.json("value")?,
        })
    };
    Ok(rows.iter().map(version).collect::<store::Result<_>>()?)
}

/// Holds a person to the process of the day on which the document came. Where the agency decided none, only the law holds.
///
/// # Errors
/// `QC01-12` for an act that the step does not have.
pub async fn allows(
    act: &mut Act,
    id: IncomingId,
    agency: AgencyId,
    state: IncomingState,
    with_unit: bool,
    action: Action,
) -> AppResult<()> {
    let Some(stage) = process::stage_of(state, with_unit) else {
        return Ok(());
    };
    let row = act
        .opt(sql!("SELECT delivered_at FROM incoming WHERE id = $1"), args![id])
        .await?;
    let Some(row) = row else { return Ok(()) };
    let day = vietnam(row.get::<Timestamp>("delivered_at")?).date();
    let kept = act
        .opt(
            sql!(
                "SELECT value FROM agency_setting WHERE agency_id = $1 AND key = $2 AND valid_from <= $3 \
                 ORDER BY valid_from DESC LIMIT 1"
            ),
            args![agency, KEY, day],
        )
        .await?;
    if let Some(kept) = kept {
        let kept: Kept = kept.json("value")?;
        process::allows(&kept.process, stage, action)?;
    }
    Ok(())
}
