//! Counters that move by themselves: server-sent events, and the same numbers for polling.

use std::{collections::BTreeMap, convert::Infallible, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
    routing::get,
};
use futures_util::{Stream, stream};
use tokio::sync::broadcast::error::RecvError;

use super::count;
use crate::{
    context::{App, Who},
    error::AppResult,
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/boxes.json", get(numbers))
        .route("/live", get(live))
}

type Numbers = BTreeMap<&'static str, i64>;

async fn read(app: &App, who: &Who) -> AppResult<Numbers> {
    Ok(count::counts(app, who)
        .await?
        .into_iter()
        .map(|(known, count)| (known.key(), count))
        .collect())
}

async fn numbers(State(app): State<App>, who: Who) -> AppResult<Json<Numbers>> {
    Ok(Json(read(&app, &who).await?))
}

/// Changes closer together than this are told as one.
const CALM: Duration = Duration::from_millis(400);

async fn live(State(app): State<App>, who: Who) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = app.live.subscribe();
    let desks = who.desks();
    let events = stream::unfold(
        (app, who, desks, changes),
        |(app, who, desks, mut changes)| async move {
            loop {
                match changes.recv().await {
                    Ok(owner) if desks.contains(&owner) => {}
                    Ok(_) => continue,
                    // Some changes were missed: tell the numbers as they are now.
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                }
                tokio::time::sleep(CALM).await;
                let Ok(numbers) = read(&app, &who).await else {
                    continue;
                };
                let Ok(event) = Event::default().event("boxes").json_data(&numbers) else {
                    continue;
                };
                return Some((Ok(event), (app, who, desks, changes)));
            }
        },
    );
    Sse::new(events).keep_alive(KeepAlive::default())
}
