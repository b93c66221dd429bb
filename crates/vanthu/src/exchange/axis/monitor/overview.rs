//! Tổng quan: connections, numbers, and everything that a person has to decide.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use rules::exchange::DeliveryState;
use store::{Filter, args};
use uuid::Uuid;

use super::{
    condition::{Condition, condition_for, limits},
    lines::{self, PacketLine, Wanted, received_line, sent_line},
    scope, tabs,
};
use crate::{
    context::{App, Who},
    error::AppResult,
    exchange::axis::{connections, states::InboxState},
    web::{
        Reply, format, frame,
        page::{Badge, Page, Tab},
        render,
    },
};

/// At most so many lines of each kind; the lists have all.
const LINES: i64 = 50;
/// The newest of each kind.
const WANTED: Wanted = Wanted {
    before: None,
    limit: LINES,
};

/// One connection.
pub struct ConnectionLine {
    name: String,
    health: Badge,
    trouble: String,
    polled: String,
}

/// A recipient that says nothing.
struct StuckLine {
    href: String,
    code: String,
    recipient: String,
    sent: String,
    state: Badge,
}

#[derive(Template)]
#[template(path = "exchange/axis/monitor/overview.html")]
struct OverviewPage {
    page: Page,
    tabs: Vec<Tab>,
    connections: Vec<ConnectionLine>,
    condition: Condition,
    failed: Vec<PacketLine>,
    misdirected: Vec<PacketLine>,
    quarantined: Vec<PacketLine>,
    orphans: Vec<PacketLine>,
    stuck: Vec<StuckLine>,
    arrival_minutes: u32,
    reception_hours: u32,
}

/// `GET /exchange`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    scope::must_follow(&who)?;
    let connections = connections::all(&app)
        .await?
        .into_iter()
        .map(|connection| ConnectionLine {
            health: connections::health(&connection),
            trouble: connections::trouble(&connection),
            polled: connection.polled_at.map(format::moment).unwrap_or_default(),
            name: connection.name,
        })
        .collect();
    let settings = &app.settings.exchange;
    render(&OverviewPage {
        page: frame(&app, &who, &jar, "Trục liên thông", "exchange").await?,
        tabs: tabs(&who, "overview"),
        connections,
        condition: condition_for(&app, &who).await?,
        failed: failed(&app, &who).await?,
        misdirected: came(&app, &who, InboxState::Misdirected).await?,
        quarantined: came(&app, &who, InboxState::Quarantined).await?,
        orphans: came(&app, &who, InboxState::Orphan).await?,
        stuck: stuck(&app, &who).await?,
        arrival_minutes: settings.arrival_minutes,
        reception_hours: settings.reception_hours,
    })
}

async fn failed(app: &App, who: &Who) -> AppResult<Vec<PacketLine>> {
    let rows = lines::sent(app, who, true, WANTED).await?;
    Ok(rows
        .iter()
        .map(|row| sent_line(who, row))
        .collect::<store::Result<_>>()?)
}

async fn came(app: &App, who: &Who, state: InboxState) -> AppResult<Vec<PacketLine>> {
    let rows = lines::received(app, who, Some(state), WANTED).await?;
    Ok(rows
        .iter()
        .map(|row| received_line(who, row))
        .collect::<store::Result<_>>()?)
}

async fn stuck(app: &App, who: &Who) -> AppResult<Vec<StuckLine>> {
    let (arrival, reception) = limits(app);
    let filter = Filter::select(
        "SELECT d.outgoing_id, d.recipient_name, d.sent_at, d.state, o.document_code, o.agency_id FROM delivery d \
         JOIN outgoing o ON o.id = d.outgoing_id",
    )
    .and("d.channel = 'axis'", args![])
    .and(
        "((d.state = 'sent' AND d.sent_at <= ?) OR (d.state IN ('sent', 'arrived') AND d.sent_at <= ?))",
        args![arrival, reception],
    )
    .and_if("d.agency_id = ?", scope::agency(who))
    .end("ORDER BY d.sent_at, d.id LIMIT ?", args![LINES]);
    let mut lines = Vec::new();
    for row in app.db.filtered(filter).await? {
        let state: DeliveryState = row.parse("state")?;
        let tone = crate::web::page::Tone::Warn;
        lines.push(StuckLine {
            href: format!("/outgoing/{}", row.get::<Uuid>("outgoing_id")?),
            code: row.get::<Option<String>>("document_code")?.unwrap_or_default(),
            recipient: row.get("recipient_name")?,
            sent: row
                .get::<Option<Timestamp>>("sent_at")?
                .map(format::moment)
                .unwrap_or_default(),
            state: Badge::new(state.label(), tone),
        });
    }
    Ok(lines)
}
