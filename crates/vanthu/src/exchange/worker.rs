//! Workers of the outbox: at least once tried, in effect once, because the job's row goes in the act of its effect.

use std::time::Duration;

use store::{Act, Job};
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use crate::{
    context::App,
    error::AppResult,
    signing::{requests, verdicts},
};

/// Jobs taken at once.
const BATCH: u32 = 32;
/// How long to sleep when nothing wakes the worker: another node may have left work.
const NAP: Duration = Duration::from_secs(2);

/// Checks of signatures and calls of providers at work or waiting for a process: while there are more, no further jobs are taken.
const CHECKS: usize = 32;

/// The running workers.
pub struct Workers {
    stop: watch::Sender<bool>,
    handle: JoinHandle<()>,
}

impl Workers {
    /// Finishes the job at hand and stops.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.handle.await;
    }
}

/// Starts the workers of this process.
pub fn start_workers(app: &App) -> Workers {
    let (stop, mut stopped) = watch::channel(false);
    let app = app.clone();
    let handle = tokio::spawn(async move {
        let mut checks = JoinSet::new();
        while !*stopped.borrow() {
            while checks.try_join_next().is_some() {}
            if checks.len() > CHECKS {
                checks.join_next().await;
                continue;
            }
            match round(&app, &mut checks).await {
                Ok(0) => {
                    tokio::select! {
                        () = app.wake.notified() => {}
                        () = tokio::time::sleep(NAP) => {}
                        _ = stopped.changed() => {}
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the outbox could not be read; tried again");
                    tokio::time::sleep(NAP).await;
                }
            }
        }
    });
    Workers { stop, handle }
}

/// Carries out everything that is due, also what that causes; for tests and commands.
///
/// # Errors
/// When the database fails or a job does.
pub async fn drain(app: &App) -> AppResult<usize> {
    let mut done = 0;
    loop {
        let jobs = Job::claim(&app.db, app.clock.now(), BATCH).await?;
        if jobs.is_empty() {
            return Ok(done);
        }
        for job in jobs {
            perform(app, &job).await?;
            done += 1;
        }
    }
}

async fn round(app: &App, checks: &mut JoinSet<()>) -> AppResult<usize> {
    let jobs = Job::claim(&app.db, app.clock.now(), BATCH).await?;
    let count = jobs.len();
    for job in jobs {
        if [verdicts::KIND, requests::LET_GO].contains(&job.kind.as_str()) {
            // Takes seconds, perhaps asks the network: a delivery does not wait behind it.
            let app = app.clone();
            checks.spawn(async move {
                if let Err(error) = carry_out(&app, &job).await {
                    tracing::warn!(job = %job.id, %error, "a failed job could not be noted");
                }
            });
        } else {
            carry_out(app, &job).await?;
        }
    }
    Ok(count)
}

/// One job; a failure is noted, and the job comes back after a pause.
async fn carry_out(app: &App, job: &Job) -> AppResult<()> {
    if let Err(error) = perform(app, job).await {
        tracing::warn!(job = %job.id, kind = job.kind, %error, "a job failed and will be tried again");
        job.failed(&app.db, app.clock.now(), &error.to_string()).await?;
    }
    Ok(())
}

/// One job, in an act of its own.
async fn perform(app: &App, job: &Job) -> AppResult<()> {
    if job.kind == verdicts::KIND {
        // Works long before it writes, so it begins its act itself.
        return verdicts::perform(app, job).await;
    }
    if job.kind == requests::LET_GO {
        return requests::perform_let_go(app, job).await;
    }
    let Some(act) = Act::begin_job(&app.db, &app.clock, &app.ids, job).await? else {
        return Ok(());
    };
    super::perform(app, act, job).await
}
