//! Counters that move by themselves: server-sent events, and the same numbers for polling.

use std::{collections::BTreeMap, convert::Infallible, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
    routing::get,
};
use axum_extra::extract::cookie::CookieJar;
use futures_util::{Stream, stream};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::Interval,
};
use uuid::Uuid;

use super::count;
use crate::{
    context::{App, Who},
    error::AppResult,
    notices, registers, sign_in,
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/boxes.json", get(numbers))
        .route("/live", get(live))
}

type Numbers = BTreeMap<&'static str, i64>;

async fn read(app: &App, who: &Who) -> AppResult<Numbers> {
    let counts = count::counts(app, who).await?.into_iter();
    let mut numbers: Numbers = counts.map(|(known, count)| (known.key(), count)).collect();
    // The bell over every page.
    if let Some(unread) = notices::unread(app, who).await? {
        numbers.insert("notices", unread);
    }
    // The line over every page of a clerk.
    if let Some(urgent) = count::urgent_arrivals(app, who).await? {
        numbers.insert("urgent", urgent);
    }
    // The copies that a clerk has the agency sign; they are no documents of the desk.
    if let Some(copies) = registers::copies_waiting(app, who).await? {
        numbers.insert(registers::COPIES_WAITING, copies);
    }
    Ok(numbers)
}

async fn numbers(State(app): State<App>, who: Who) -> AppResult<Json<Numbers>> {
    Ok(Json(read(&app, &who).await?))
}

/// Changes closer together than this are told as one.
const CALM: Duration = Duration::from_millis(400);
/// An open tab is asked so often whether its session still is.
const RECHECK: Duration = Duration::from_secs(60);

/// An open tab that waits for changes.
struct Tab {
    app: App,
    jar: CookieJar,
    who: Who,
    changes: Receiver<Uuid>,
    recheck: Interval,
}

impl Tab {
    /// The next numbers to tell; `None` when the session ended or the program stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let changed = tokio::select! {
                () = self.app.stopping.cancelled() => return None,
                _ = self.recheck.tick() => false,
                changed = self.changes.recv() => match changed {
                    Ok(owner) if self.who.desks().contains(&owner) => true,
                    Ok(_) => continue,
                    // Some changes were missed: tell the numbers as they are now.
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => return None,
                },
            };
            if changed {
                tokio::time::sleep(CALM).await;
            }
            // Signed out, locked, moved to another post since: the browser asks again and is told.
            self.who = sign_in::who_of_session(&self.app, &self.jar).await.ok()?;
            if !changed {
                continue;
            }
            let Ok(numbers) = read(&self.app, &self.who).await else {
                continue;
            };
            if let Ok(event) = Event::default().event("boxes").json_data(&numbers) {
                return Some(event);
            }
        }
    }
}

async fn live(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let tab = Tab {
        changes: app.live.subscribe(),
        recheck: tokio::time::interval(RECHECK),
        app,
        jar,
        who,
    };
    let events = stream::unfold(tab, |mut tab| async move {
        let event = tab.next().await?;
        Some((Ok(event), tab))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Office;

    #[tokio::test]
    async fn an_open_tab_is_told_nothing_after_signing_out() {
        let office = Office::new().await;
        let person = office.person("annv.stttt").await;
        let open = {
            let person = person.clone();
            tokio::spawn(async move { person.get("/live").await })
        };
        while office.app.live.receiver_count() == 0 {
            tokio::task::yield_now().await;
        }
        let post = person.post.as_uuid();
        office.app.live.send(post).unwrap();
        tokio::time::sleep(CALM * 3).await;
        person.post("/sign-out", &[]).await.ok();
        office.app.live.send(post).unwrap();
        let told = tokio::time::timeout(Duration::from_secs(10), open)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(told.text.matches("event: boxes").count(), 1, "{}", told.text);
    }
}
