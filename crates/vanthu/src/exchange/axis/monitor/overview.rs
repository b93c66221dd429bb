//! Tổng quan: connections, numbers, and everything that a person has to decide.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use rules::exchange::DeliveryState;
use store::{Filter, Row, args};
use uuid::Uuid;

use super::{
    condition::{Condition, condition, limits},
    scope, tabs,
};
use crate::{
    context::{App, Who},
    error::AppResult,
    exchange::axis::{
        connections,
        states::{InboxState, OutboxState},
    },
    web::{
        Reply, format, frame,
        page::{Badge, Page, Tab},
        render,
    },
};

/// At most so many lines of each kind; the lists have all.
const LINES: i64 = 50;

/// One connection.
pub struct ConnectionLine {
    name: String,
    health: Badge,
    trouble: String,
    polled: String,
}

/// A packet that somebody has to look at.
pub struct PacketLine {
    /// Its page.
    pub href: String,
    /// Số, ký hiệu; the subject for clerks.
    pub what: String,
    /// From or to whom.
    pub party: String,
    /// When.
    pub at: String,
    /// Where it stands.
    pub state: Badge,
    /// Why.
    pub why: String,
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
        condition: condition(&app).await?,
        failed: failed(&app, &who).await?,
        misdirected: came(&app, &who, InboxState::Misdirected).await?,
        quarantined: came(&app, &who, InboxState::Quarantined).await?,
        orphans: came(&app, &who, InboxState::Orphan).await?,
        stuck: stuck(&app, &who).await?,
        arrival_minutes: settings.arrival_minutes,
        reception_hours: settings.reception_hours,
    })
}

/// A packet of ours as a line.
///
/// # Errors
/// When a column does not fit.
pub fn sent_line(who: &Who, row: &Row) -> store::Result<PacketLine> {
    let id: Uuid = row.get("id")?;
    let state: OutboxState = row.parse("state")?;
    let to: Vec<String> = row.json("to_codes")?;
    let (notation, title): (String, String) = (row.get("notation")?, row.get("title")?);
    let status: Option<String> = row.get("status_code")?;
    let what = match status {
        Some(code) => format!("Trạng thái {code} của {notation}"),
        None => notation,
    };
    Ok(PacketLine {
        href: format!("/exchange/sent/{id}"),
        what: if scope::reads_content(who) && !title.is_empty() {
            format!("{what}: {title}")
        } else {
            what
        },
        party: to.join(", "),
        at: format::moment(row.get("created_at")?),
        state: state.badge(),
        why: row.get::<Option<String>>("last_error")?.unwrap_or_default(),
    })
}

/// A packet of theirs as a line.
///
/// # Errors
/// When a column does not fit.
pub fn received_line(who: &Who, row: &Row) -> store::Result<PacketLine> {
    let id: Uuid = row.get("id")?;
    let state: InboxState = row.parse("state")?;
    let (doc_id, summary): (String, String) = (row.get("axis_doc_id")?, row.get("summary")?);
    let is_status = row.get::<String>("kind")? == "status";
    let what = if summary.is_empty() {
        format!("Gói tin {doc_id}")
    } else if is_status || scope::reads_content(who) {
        summary
    } else {
        summary.split(':').next().unwrap_or_default().to_owned()
    };
    let (name, from): (String, String) = (row.get("sender_name")?, row.get("from_code")?);
    Ok(PacketLine {
        href: format!("/exchange/received/{id}"),
        what,
        party: if name.is_empty() {
            from
        } else {
            format!("{name} ({from})")
        },
        at: format::moment(row.get("listed_at")?),
        state: state.badge(),
        why: row.get::<Option<String>>("last_error")?.unwrap_or_default(),
    })
}

async fn failed(app: &App, who: &Who) -> AppResult<Vec<PacketLine>> {
    let filter = Filter::select(
        "SELECT id, state, to_codes, notation, title, status_code, created_at, last_error FROM axis_outbox",
    )
    .and("state IN ('dead', 'invalid', 'unknown')", args![])
    .and_if("agency_id = ?", scope::agency(who))
    .end("ORDER BY id DESC LIMIT ?", args![LINES]);
    let rows = app.db.filtered(filter).await?;
    Ok(rows
        .iter()
        .map(|row| sent_line(who, row))
        .collect::<store::Result<_>>()?)
}

async fn came(app: &App, who: &Who, state: InboxState) -> AppResult<Vec<PacketLine>> {
    let mut filter = Filter::select(
        "SELECT id, axis_doc_id, kind, state, summary, sender_name, from_code, listed_at, last_error FROM axis_inbox",
    )
    .and("state = ?", args![state.as_str()]);
    if let Some(agency) = scope::agency(who) {
        filter = filter.and(
            "(agency_id = ? OR (agency_id IS NULL AND connection_id IN (SELECT connection_id FROM axis_own_code WHERE agency_id = ?)))",
            args![agency, agency],
        );
    }
    let rows = app
        .db
        .filtered(filter.end("ORDER BY id DESC LIMIT ?", args![LINES]))
        .await?;
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
