//! The workers of the connections: each round sends what waits and fetches what came.

use std::time::Duration;

use tokio::{sync::watch, task::JoinHandle, task::JoinSet};
use uuid::Uuid;

use super::{connections, directory, lease, receive, send};
use crate::{context::App, error::AppResult};

/// How long to sleep when nothing wakes the workers: another node may have left work.
const NAP: Duration = Duration::from_secs(2);

/// The running workers.
pub struct Workers {
    stop: watch::Sender<bool>,
    handle: JoinHandle<()>,
    directory: JoinHandle<()>,
}

impl Workers {
    /// Finishes the packets at hand and stops; what takes longer than `patience` is broken off, as a stop of the machine
    /// would, and found again by the next start.
    pub async fn stop(self, patience: Duration) {
        let _ = self.stop.send(true);
        // A load that is broken off changes nothing, or is carried on.
        self.directory.abort();
        let mut handle = self.handle;
        if tokio::time::timeout(patience, &mut handle).await.is_err() {
            handle.abort();
        }
    }
}

/// Starts the workers of this process.
pub fn start_workers(app: &App) -> Workers {
    let (stop, mut stopped) = watch::channel(false);
    let directory = tokio::spawn(tend_directory(app.clone()));
    let app = app.clone();
    let handle = tokio::spawn(async move {
        while !*stopped.borrow() {
            if let Err(error) = round(&app, &stopped).await {
                tracing::warn!(%error, "the connections could not be worked on; tried again");
            }
            tokio::select! {
                () = app.axis.wake.notified() => {}
                () = tokio::time::sleep(NAP) => {}
                _ = stopped.changed() => {}
            }
        }
    });
    Workers {
        stop,
        handle,
        directory,
    }
}

async fn tend_directory(app: App) {
    loop {
        if let Err(error) = directory::when_due(&app).await {
            tracing::warn!(%error, "the directory could not be looked after; tried again");
        }
        tokio::time::sleep(directory::LOOK).await;
    }
}

/// One round over all connections, each by itself: a slow one does not hold up the others.
async fn round(app: &App, stopped: &watch::Receiver<bool>) -> AppResult<()> {
    let mut working = JoinSet::new();
    for connection in connections::all(app).await? {
        if !connection.is_working() || *stopped.borrow() {
            continue;
        }
        let app = app.clone();
        working.spawn(async move {
            if let Err(error) = one(&app, connection.id).await {
                tracing::warn!(connection = %connection.name, %error, "a connection could not be worked on; tried again");
            }
        });
    }
    while working.join_next().await.is_some() {}
    Ok(())
}

/// Sends, then receives, over one connection. `None` when another node does.
async fn one(app: &App, id: Uuid) -> AppResult<Option<usize>> {
    let connection = connections::one(app, id).await?;
    if !connection.is_working() {
        return Ok(Some(0));
    }
    lease::hold(app, id, async {
        let sent = send::round(app, &connection).await?;
        // The sending may have found out that the settings are wrong.
        let connection = connections::one(app, id).await?;
        if !connection.is_working() {
            return Ok(sent);
        }
        Ok(sent + receive::round(app, &connection).await?)
    })
    .await
}

/// Works over every connection once, also over those that are not due to be asked yet; for tests and commands. Gives how
/// many packets were worked on.
///
/// # Errors
/// When the database fails.
pub async fn drain(app: &App) -> AppResult<usize> {
    let mut worked = 0;
    for connection in connections::all(app).await? {
        connections::ask_now(app, connection.id).await?;
        worked += one(app, connection.id).await?.unwrap_or_default();
    }
    Ok(worked)
}
