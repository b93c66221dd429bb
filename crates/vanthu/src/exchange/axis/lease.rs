//! One node at a time works on a connection. Two at once would do no harm, only twice the work.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use jiff::SignedDuration;
use store::{args, sql};
use uuid::Uuid;

use crate::{context::App, error::AppResult};

/// How the nodes take turns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// How long a node may be silent before another takes over.
    pub lease: SignedDuration,
    /// How often a node says that it is still there.
    pub renew: Duration,
}

const TIMES: Times = Times {
    lease: SignedDuration::from_secs(90),
    renew: Duration::from_secs(20),
};

async fn take(app: &App, connection: Uuid, times: Times) -> AppResult<bool> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let mine = tx
        .run(
            sql!(
                "UPDATE axis_connection SET lease_owner = $2, lease_until = $3 \
                 WHERE id = $1 AND (lease_owner = $2 OR lease_owner IS NULL OR lease_until < $4)"
            ),
            args![connection, app.axis.node, now + times.lease, now],
        )
        .await?;
    tx.commit().await?;
    Ok(mine > 0)
}

async fn give_back(app: &App, connection: Uuid) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE axis_connection SET lease_owner = NULL, lease_until = 0 WHERE id = $1 AND lease_owner = $2"),
        args![connection, app.axis.node],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Works on a connection as its only node; `None` when another one does. Work that outlives its lease is given up: what it
/// left is found again by the next.
///
/// # Errors
/// Those of the work; when the database fails.
pub async fn hold<T>(
    app: &App,
    connection: Uuid,
    work: impl Future<Output = AppResult<T>>,
) -> AppResult<Option<T>> {
    hold_for(app, connection, TIMES, work).await
}

/// [`hold`] with other times, for tests.
pub(super) async fn hold_for<T>(
    app: &App,
    connection: Uuid,
    times: Times,
    work: impl Future<Output = AppResult<T>>,
) -> AppResult<Option<T>> {
    let Times { lease, renew } = times;
    let _turn = app.turn(&("axis", connection)).await;
    if !take(app, connection, times).await? {
        return Ok(None);
    }
    let ends_after = lease.unsigned_abs();
    let renewed = async {
        let mut held = Instant::now();
        loop {
            tokio::time::sleep(renew).await;
            let asked = Instant::now();
            match tokio::time::timeout(renew, take(app, connection, times)).await {
                Ok(Ok(true)) => held = asked,
                Ok(Ok(false)) => return,
                // The database may be back before the lease ends.
                Ok(Err(error)) => tracing::warn!(%error, "a lease could not be renewed"),
                Err(_) => tracing::warn!("a lease could not be renewed in time"),
            }
            // Before another node takes over, not after.
            if held.elapsed() + renew >= ends_after {
                tracing::warn!(%connection, "the lease of a connection ends: the work on it is broken off");
                return;
            }
        }
    };
    let done = tokio::select! {
        done = work => done,
        () = renewed => return Ok(None),
    };
    give_back(app, connection).await?;
    done.map(Some)
}
