//! Trục liên thông văn bản quốc gia: the adapter that carries the hub contract to other systems (spec edxml 12).
//!
//! ```text
//! exchange::dispatch, exchange::report → queue → pack → send → axis
//! axis → list → fetch → read → one act (document | request | status) → acknowledge
//! ```
//!
//! One node at a time works on a connection ([`lease`]). Each step is committed before the next one, so it may stop anywhere
//! ([`faults`]); what arrives twice is known by the axis' id and by its content, for ever.

mod ahead;
mod calls;
mod connections;
mod directory;
mod faults;
mod lease;
mod lookup;
mod matching;
mod memory;
mod monitor;
mod pack;
mod queue;
mod receive;
mod send;
mod sent;
mod sent_lists;
mod states;
#[cfg(test)]
mod tests;
mod worker;

use axum::Router;
use jiff::SignedDuration;
use rules::ids::CommandId;
use store::{Act, Actor, Begun};

pub use memory::AxisMemory;
pub use monitor::{Condition, PacketNote, condition, link, notes_of_incoming, packets_of_outgoing};
pub use queue::{Recipient, dispatch, report};
pub use receive::forget_withdrawn;
pub use worker::{Workers, drain, start_workers};

use crate::{context::App, error::AppResult};

/// `/exchange/…`.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(connections::routes())
        .merge(monitor::routes())
}

/// `/api/v1/exchange/…`.
pub fn api_routes() -> Router<App> {
    monitor::api_routes()
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    monitor::api_document()
}

/// An act of the program itself that no job began.
async fn system_act(app: &App) -> AppResult<Act> {
    let command = CommandId::from_uuid(app.ids.next());
    match Act::begin::<()>(&app.db, &app.clock, &app.ids, Actor::system(), command).await? {
        Begun::Now(act) => Ok(act),
        Begun::Before(()) => Err(anyhow::anyhow!("a fresh command was known").into()),
    }
}

/// How long to wait after so many failures in a row: longer each time, an hour at most.
fn pause(failures: u32) -> SignedDuration {
    SignedDuration::from_secs((5_i64 << failures.min(10)).min(3600))
}
