//! Quá hạn vào sổ, trình (ND30-4.2c, 23.1; CN-004): what came and was not registered, or was registered and not presented, by the next
//! working day; what is urgent, at once. As with the term of issue no deadline is stored, see [`Terms`].

use store::{args, sql};

use crate::{
    context::{App, Who},
    error::AppResult,
    outgoing::term::Terms,
};

/// How many documents of the person's agency are late, `most` at most.
///
/// # Errors
/// When the database fails.
pub async fn count_late(app: &App, who: &Who, most: i64) -> AppResult<i64> {
    let (delivered, registered) = Terms::of(app, who.agency()).await?.arrivals_late_before()?;
    let row = app
        .db
        .one(
            sql!(
                "SELECT count(*) AS late FROM (SELECT 1 FROM desk d JOIN incoming i ON i.id = d.object_id \
                 WHERE d.owner_id = $1 AND d.box IN ('reception', 'presenting') AND (i.urgency <> 'normal' \
                 OR (d.box = 'reception' AND i.delivered_at < $2) \
                 OR (d.box = 'presenting' AND i.arrived_on < $3)) LIMIT $4) late"
            ),
            args![who.agency(), delivered, registered, most],
        )
        .await?;
    Ok(row.get("late")?)
}
