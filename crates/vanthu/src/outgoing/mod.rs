//! Văn bản đi: from draft to issue (NĐ 30 Điều 10–19).

use rules::ids::{AgencyId, PostId, UnitId};
use store::{Act, args, sql};

use crate::error::AppResult;

/// Who checks the content of drafts of a unit: its heads; without a unit or a head, the leaders of the agency
/// (ND30-12.1).
///
/// # Errors
/// When the database fails.
pub async fn content_reviewers(
    act: &mut Act,
    agency: AgencyId,
    unit: Option<UnitId>,
) -> AppResult<Vec<PostId>> {
    let today = act.today();
    let heads = act
        .all(
            sql!(
                "SELECT id FROM post WHERE unit_id = $1 AND role = 'unit_head' AND (valid_to IS NULL OR valid_to >= $2) ORDER BY id"
            ),
            args![unit, today],
        )
        .await?;
    let rows = if heads.is_empty() {
        act.all(
            sql!(
                "SELECT id FROM post WHERE agency_id = $1 AND role = 'leader' AND (valid_to IS NULL OR valid_to >= $2) ORDER BY id"
            ),
            args![agency, today],
        )
        .await?
    } else {
        heads
    };
    Ok(rows
        .iter()
        .map(|row| row.get("id"))
        .collect::<store::Result<_>>()?)
}
