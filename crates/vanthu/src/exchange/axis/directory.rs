//! The directory of the axis, taken over every night (CN-407): more than a hundred thousand entries, read as they come.

use std::time::Duration;

use axis::client::{Agency, AxisError, Operation};
use jiff::{SignedDuration, Timestamp};
use rules::directory::Source;
use store::{args, sql, vietnam};
use uuid::Uuid;

use super::{
    calls::{Call, noted},
    connections::{self, Connection},
};
use crate::{
    context::App,
    directory::{self, Load, Record, Report},
    error::AppResult,
};

/// How often the worker looks whether it is time.
pub const LOOK: Duration = Duration::from_secs(600);
/// Not more often than this.
const EVERY: SignedDuration = SignedDuration::from_hours(20);
/// After a failure it is asked again so much later.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// Hours of the night, in Viet Nam, in which it may be asked again.
const NIGHT: std::ops::Range<i8> = 0..5;

/// Takes the directory over from every connection for which it is time. A connection that never did is asked at once.
///
/// # Errors
/// When the database fails.
pub async fn when_due(app: &App) -> AppResult<()> {
    for connection in connections::all(app).await? {
        if connection.is_working() && claim(app, connection.id).await? {
            match synchronise(app, &connection).await? {
                Ok(report) => tracing::info!(
                    connection = %connection.name, report.added, report.changed, "the directory was taken over"
                ),
                Err(error) => {
                    tracing::warn!(connection = %connection.name, %error, "the directory could not be taken over");
                    postpone(app, connection.id).await?;
                }
            }
        }
    }
    Ok(())
}

/// Whether it is time, for this node alone.
async fn claim(app: &App, connection: Uuid) -> AppResult<bool> {
    let now = app.clock.now();
    let before = if NIGHT.contains(&vietnam(now).hour()) {
        now - EVERY
    } else {
        Timestamp::UNIX_EPOCH
    };
    let mut tx = app.db.begin().await?;
    let mine = tx
        .run(
            sql!(
                "UPDATE axis_connection SET directory_at = $2 WHERE id = $1 \
                 AND (directory_at IS NULL OR directory_at < $3)"
            ),
            args![connection, now, before],
        )
        .await?;
    tx.commit().await?;
    Ok(mine > 0)
}

async fn postpone(app: &App, connection: Uuid) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE axis_connection SET directory_at = $2 WHERE id = $1"),
        args![connection, app.clock.now() - EVERY + AGAIN],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Takes the directory over. What the axis no longer lists stays as it is: an administrator closes it. The inner error is the
/// axis': the list did not come whole, and nothing was changed.
///
/// # Errors
/// When the database fails.
pub async fn synchronise(app: &App, connection: &Connection) -> AppResult<Result<Report, AxisError>> {
    let client = match connections::open(app, connection).await? {
        Ok(client) => client,
        Err(error) => return Ok(Err(error)),
    };
    let mut load = Load::begin(app, Source::Axis, &connection.name, "Hệ thống").await?;
    let listed = noted(
        app,
        Call::of(connection.id, Operation::ListAgencies),
        client.list_agencies(),
        |_| Some("lấy danh mục".to_owned()),
    )
    .await;
    let mut listing = match listed {
        Ok(listing) => listing,
        Err(error) => return Ok(Err(error)),
    };
    loop {
        match listing.next().await {
            Ok(Some(agency)) => load.push(app, record(agency)).await?,
            Ok(None) => break,
            Err(error) => return Ok(Err(error)),
        }
    }
    let id = load.stage(app).await?;
    Ok(Ok(directory::apply(app, id, false).await?))
}

fn record(agency: Agency) -> Record {
    Record {
        code: agency.code,
        old_code: agency.old_code,
        name: agency.name,
        email: agency.mail,
        id: Some(agency.id),
        parent_id: agency.parent_id,
        ..Record::default()
    }
}
