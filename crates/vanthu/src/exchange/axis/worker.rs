//! The workers of the connections: each round sends what waits and fetches what came.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Semaphore, watch},
    task::{Id, JoinHandle, JoinSet},
};
use uuid::Uuid;

use super::{connections, directory, lease, receive, send};
use crate::{context::App, error::AppResult};

/// How long to sleep when nothing wakes the workers: another node may have left work.
const NAP: Duration = Duration::from_secs(2);

/// Between two rounds of sending while packets are received.
const BREATH: Duration = Duration::from_millis(250);

/// So many connections are worked on at once; the others take their turn in order.
const AT_ONCE: usize = 16;

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
        let mut crew = Crew::new(&app, stopped.clone());
        while !*stopped.borrow() {
            if let Err(error) = crew.set_to_work().await {
                tracing::warn!(%error, "the connections could not be worked on; tried again");
            }
            crew.until_called(&mut stopped).await;
        }
        crew.finish().await;
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

/// One task for each connection that is worked on: a slow one holds nobody up, not even the next round of the others.
struct Crew {
    app: App,
    stopped: watch::Receiver<bool>,
    places: Arc<Semaphore>,
    tasks: JoinSet<()>,
    /// Which connection each task works on.
    at_work: HashMap<Id, Uuid>,
    /// Connections for which more came while they were being worked on.
    called: HashSet<Uuid>,
}

impl Crew {
    fn new(app: &App, stopped: watch::Receiver<bool>) -> Self {
        Self {
            app: app.clone(),
            stopped,
            places: Arc::new(Semaphore::new(AT_ONCE)),
            tasks: JoinSet::new(),
            at_work: HashMap::new(),
            called: HashSet::new(),
        }
    }

    /// Begins a round over every connection on which nobody works.
    async fn set_to_work(&mut self) -> AppResult<()> {
        let busy: HashSet<Uuid> = self.at_work.values().copied().collect();
        for connection in connections::all(&self.app).await? {
            if !connection.is_working() || busy.contains(&connection.id) {
                continue;
            }
            self.called.remove(&connection.id);
            let (app, places, stopped) = (self.app.clone(), self.places.clone(), self.stopped.clone());
            let task = self.tasks.spawn(async move {
                // The places are never closed; without one nothing is done in this round.
                let Ok(_place) = places.acquire().await else { return };
                if *stopped.borrow() {
                    return;
                }
                if let Err(error) = both_ways(&app, connection.id).await {
                    tracing::warn!(connection = %connection.name, %error, "a connection could not be worked on; tried again");
                }
            });
            self.at_work.insert(task.id(), connection.id);
        }
        Ok(())
    }

    /// Waits until somebody calls, or it is time to look by oneself. The end of a round is no reason to begin the next one,
    /// unless somebody called meanwhile.
    async fn until_called(&mut self, stopped: &mut watch::Receiver<bool>) {
        let app = self.app.clone();
        let nap = tokio::time::sleep(NAP);
        tokio::pin!(nap);
        loop {
            tokio::select! {
                () = app.axis.wake.notified() => {
                    self.called.extend(self.at_work.values());
                    return;
                }
                () = &mut nap => return,
                _ = stopped.changed() => return,
                Some(ended) = self.tasks.join_next_with_id() => {
                    let id = match ended {
                        Ok((id, ())) => id,
                        Err(error) => {
                            tracing::error!(%error, "the work on a connection broke off");
                            error.id()
                        }
                    };
                    if self.at_work.remove(&id).is_some_and(|connection| self.called.contains(&connection)) {
                        return;
                    }
                }
            }
        }
    }

    /// Waits for the rounds under way.
    async fn finish(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Sends and receives over one connection at the same time, so that many packets one way do not hold up the other. `None`
/// when another node does.
async fn both_ways(app: &App, id: Uuid) -> AppResult<Option<usize>> {
    let connection = connections::one(app, id).await?;
    if !connection.is_working() {
        return Ok(Some(0));
    }
    lease::hold(app, id, async {
        let has_received = AtomicBool::new(false);
        let sending = async {
            let mut sent = 0;
            loop {
                sent += send::round(app, &connection).await?;
                if has_received.load(Ordering::Relaxed) {
                    return AppResult::Ok(sent);
                }
                tokio::time::sleep(BREATH).await;
            }
        };
        let receiving = async {
            let received = receive::round(app, &connection).await;
            has_received.store(true, Ordering::Relaxed);
            received
        };
        // Trouble with one way does not hold the other up.
        let (sent, received) = tokio::join!(sending, receiving);
        Ok(sent? + received?)
    })
    .await
}

/// Sends, then receives, over one connection: what happens has an order. `None` when another node does.
async fn one(app: &App, id: Uuid) -> AppResult<Option<usize>> {
    let connection = connections::one(app, id).await?;
    if !connection.is_working() {
        return Ok(Some(0));
    }
    lease::hold(app, id, async {
        let sent = send::round(app, &connection).await;
        // The sending may have found out that the settings are wrong; trouble with it does not hold the receiving up.
        let connection = connections::one(app, id).await?;
        if !connection.is_working() {
            return sent;
        }
        let received = receive::round(app, &connection).await?;
        Ok(sent? + received)
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
