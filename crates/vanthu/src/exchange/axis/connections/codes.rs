//! Mã định danh của cơ quan ta on the axis: which code is whose, over which connection.

use rules::ids::AgencyId;
use store::{Act, Row, args, sql};
use uuid::Uuid;

use crate::{context::App, error::AppResult};

/// A code of ours.
#[derive(Debug, Clone)]
pub struct OwnCode {
    /// The code, current or older form.
    pub code: String,
    /// Whose it is.
    pub agency: AgencyId,
    /// Name of that agency.
    pub agency_name: String,
    /// Whether the agency sends as this code.
    pub is_primary: bool,
}

fn read(row: &Row) -> store::Result<OwnCode> {
    Ok(OwnCode {
        code: row.get("code")?,
        agency: row.get("agency_id")?,
        agency_name: row.get("name")?,
        is_primary: row.get("is_primary")?,
    })
}

/// The codes that answer over a connection.
///
/// # Errors
/// When the database fails.
pub async fn own_codes(app: &App, connection: Uuid) -> AppResult<Vec<OwnCode>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT c.code, c.agency_id, c.is_primary, a.name FROM axis_own_code c JOIN agency a ON a.id = c.agency_id \
                 WHERE c.connection_id = $1 ORDER BY a.folded_name, c.is_primary DESC, c.code"
            ),
            args![connection],
        )
        .await?;
    Ok(rows.iter().map(read).collect::<store::Result<_>>()?)
}

/// The agency of ours that answers to `code` over `connection`.
///
/// # Errors
/// When the database fails.
pub async fn own_code(app: &App, connection: Uuid, code: &str) -> AppResult<Option<(AgencyId, String)>> {
    let row = app
        .db
        .opt(
            sql!("SELECT agency_id, code FROM axis_own_code WHERE connection_id = $1 AND code = $2"),
            args![connection, super::super::matching::plain_code(code)],
        )
        .await?;
    row.map(|row| Ok((row.get("agency_id")?, row.get("code")?)))
        .transpose()
}

/// What an agency sends as, and over which connection; `None` when it has none.
///
/// # Errors
/// When the database fails.
pub async fn primary_code(act: &mut Act, agency: AgencyId) -> AppResult<Option<(Uuid, String)>> {
    let row = act
        .opt(
            sql!(
                "SELECT c.connection_id, c.code FROM axis_own_code c JOIN axis_connection n ON n.id = c.connection_id \
                 WHERE c.agency_id = $1 ORDER BY n.enabled DESC, c.is_primary DESC, c.code LIMIT 1"
            ),
            args![agency],
        )
        .await?;
    row.map(|row| Ok((row.get("connection_id")?, row.get("code")?)))
        .transpose()
}
