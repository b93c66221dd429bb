//! How the exchange over the axis is, in numbers: for the page, the API, the command line and monitoring tools.

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use rules::{deadlines::working_hours_before, exchange::StatusCode};
use serde::Serialize;
use store::{Filter, Row, args, vietnam};
use utoipa::ToSchema;

use super::scope;
use crate::{
    context::{App, Who},
    error::AppResult,
    exchange::axis::connections,
    web::format,
};

/// How one connection is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConnectionCondition {
    /// What people call it.
    pub name: String,
    /// `working`, `unreachable`, `stopped` (settings are wrong), `no_codes` (nothing is received before a code of ours stands on
    /// it), `off` (by an administrator).
    pub state: &'static str,
    /// What is wrong, in a sentence.
    pub trouble: Option<String>,
    /// When the axis last answered, RFC 3339.
    pub polled_at: Option<String>,
}

/// How the exchange is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Condition {
    /// 0: good; 1: something is late; 2: a person has to act.
    pub level: u8,
    /// Each connection.
    pub connections: Vec<ConnectionCondition>,
    /// Packets that wait to be sent.
    pub waiting: i64,
    /// Age of the oldest of them, in seconds.
    pub oldest_seconds: i64,
    /// Packets whose outcome is not known yet.
    pub unknown: i64,
    /// Packets that the axis will not take, or that break a rule of the format.
    pub dead: i64,
    /// Acknowledgements of documents that were accepted here (03) that have not reached the axis.
    pub unacknowledged: i64,
    /// Those of them that are of an earlier day: they go out on the day of reception (ND30-21.2c).
    pub unacknowledged_before_today: i64,
    /// Packets that wait to be taken in.
    pub listed: i64,
    /// Packets that cannot be read.
    pub quarantined: i64,
    /// Packets addressed to none of our codes.
    pub misdirected: i64,
    /// Packets about documents that are not here.
    pub orphans: i64,
    /// Documents that no recipient's system has confirmed in time (no 01).
    pub not_arrived: i64,
    /// Documents that the recipient has neither accepted nor refused in time (no 03).
    pub not_received: i64,
}

/// Since when a document that was sent counts as stuck without 01, and without 03.
pub fn limits(app: &App) -> (Timestamp, Timestamp) {
    let now = app.clock.now();
    let minutes = SignedDuration::from_mins(i64::from(app.settings.exchange.arrival_minutes));
    let civil = vietnam(now);
    let since = working_hours_before(
        civil.datetime(),
        app.settings.exchange.reception_hours,
        &app.calendar,
    );
    let received = since
        .to_zoned(civil.time_zone().clone())
        .map_or(now, |moment| moment.timestamp());
    (now - minutes, received)
}

/// When today began.
fn today_began(app: &App) -> Timestamp {
    let now = app.clock.now();
    vietnam(now)
        .start_of_day()
        .map_or(now, |moment| moment.timestamp())
}

/// Looks at everything.
///
/// # Errors
/// When the database fails.
pub async fn condition(app: &App) -> AppResult<Condition> {
    counted(app, None).await
}

/// The same as far as this person follows it: counts tell nothing about the packets of other agencies (QC01-4.2).
///
/// # Errors
/// When the database fails.
pub async fn condition_for(app: &App, who: &Who) -> AppResult<Condition> {
    counted(app, Some(who)).await
}

/// The one row of a statement that counts.
async fn numbers(app: &App, filter: Filter) -> AppResult<Row> {
    let rows = app.db.filtered(filter).await?;
    Ok(rows.into_iter().next().context("a count gave no row")?)
}

async fn counted(app: &App, who: Option<&Who>) -> AppResult<Condition> {
    let now = app.clock.now();
    let agency = who.and_then(scope::agency);
    let out = Filter::select_with(
        "SELECT count(CASE WHEN state IN ('packing', 'waiting', 'sending') THEN 1 END) AS waiting, \
         count(CASE WHEN state = 'unknown' THEN 1 END) AS unknown, \
         count(CASE WHEN state IN ('dead', 'invalid') THEN 1 END) AS dead, \
         count(CASE WHEN status_code = $1 THEN 1 END) AS unacknowledged, \
         count(CASE WHEN status_code = $1 AND created_at < $2 THEN 1 END) AS unacknowledged_before_today, \
         min(CASE WHEN state IN ('packing', 'waiting', 'sending', 'unknown') THEN created_at END) AS oldest \
         FROM axis_outbox",
        args![StatusCode::Received.wire(), today_began(app)],
    )
    .and(
        "state IN ('packing', 'waiting', 'sending', 'unknown', 'dead', 'invalid')",
        args![],
    )
    .and_if("agency_id = ?", agency);
    let out = numbers(app, out).await?;
    let inbox = Filter::select(
        "SELECT count(CASE WHEN state = 'listed' THEN 1 END) AS listed, \
         count(CASE WHEN state = 'quarantined' THEN 1 END) AS quarantined, \
         count(CASE WHEN state = 'misdirected' THEN 1 END) AS misdirected, \
         count(CASE WHEN state = 'orphan' THEN 1 END) AS orphans \
         FROM axis_inbox",
    )
    .and(
        "state IN ('listed', 'quarantined', 'misdirected', 'orphan')",
        args![],
    );
    let inbox = match who {
        Some(who) => scope::received(inbox, who),
        None => inbox,
    };
    let inbox = numbers(app, inbox).await?;
    let (arrival, reception) = limits(app);
    let lines = Filter::select_with(
        "SELECT count(CASE WHEN state = 'sent' AND sent_at <= $1 THEN 1 END) AS not_arrived, \
         count(CASE WHEN state IN ('sent', 'arrived') AND sent_at <= $2 THEN 1 END) AS not_received \
         FROM delivery",
        args![arrival, reception],
    )
    .and("channel = 'axis' AND state IN ('sent', 'arrived')", args![])
    .and_if("agency_id = ?", agency);
    let lines = numbers(app, lines).await?;
    let connections = connections::all(app)
        .await?
        .into_iter()
        .map(|connection| ConnectionCondition {
            state: if !connection.is_enabled {
                "off"
            } else if connection.stopped_reason.is_some() {
                "stopped"
            } else if !connection.receives() {
                "no_codes"
            } else if connection.poll_error.is_some() || connection.failures > 0 {
                "unreachable"
            } else {
                "working"
            },
            trouble: connection.stopped_reason.or(connection.poll_error),
            polled_at: connection.polled_at.map(format::machine),
            name: connection.name,
        })
        .collect::<Vec<_>>();
    let oldest: Option<Timestamp> = out.get("oldest")?;
    let mut found = Condition {
        level: 0,
        connections,
        waiting: out.get("waiting")?,
        oldest_seconds: oldest.map_or(0, |at| now.duration_since(at).as_secs()),
        unknown: out.get("unknown")?,
        dead: out.get("dead")?,
        unacknowledged: out.get("unacknowledged")?,
        unacknowledged_before_today: out.get("unacknowledged_before_today")?,
        listed: inbox.get("listed")?,
        quarantined: inbox.get("quarantined")?,
        misdirected: inbox.get("misdirected")?,
        orphans: inbox.get("orphans")?,
        not_arrived: lines.get("not_arrived")?,
        not_received: lines.get("not_received")?,
    };
    let is = |state: &str| found.connections.iter().any(|one| one.state == state);
    found.level = if is("stopped") || found.dead > 0 || found.quarantined > 0 {
        2
    } else if is("unreachable")
        || is("no_codes")
        || found.unknown > 0
        || found.unacknowledged_before_today > 0
        || found.misdirected > 0
        || found.orphans > 0
        || found.not_arrived > 0
        || found.not_received > 0
    {
        1
    } else {
        0
    };
    Ok(found)
}
