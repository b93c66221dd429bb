//! Theo dõi nơi nhận (CN-217, QD28-8.2): the recipients of the agency's documents that have not accepted them after some hours,
//! returned them, or could not be reached.

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::{SignedDuration, Timestamp};
use rules::{
    access::{Action, ObjectFacts},
    exchange::DeliveryState,
    ids::OutgoingId,
};
use serde::{Deserialize, Serialize};
use store::{Row, args, sql};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access,
    context::{App, Who},
    error::AppResult,
    web::{
        Reply, format, frame,
        page::{Badge, Page, Tone},
        render,
    },
};

/// How long a recipient usually may take: a working day.
const HOURS: u16 = 8;
/// Lines of one page.
const PAGE: usize = 50;

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct FollowingQuery {
    /// Lines that were sent at least so many hours ago; 8 when left out. Returned and failed ones are shown at once.
    pub hours: Option<u16>,
    /// Continue after this line: the `next` of the page before.
    pub after: Option<Uuid>,
}

/// A recipient that has not accepted a document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FollowedLine {
    /// The document.
    pub id: Uuid,
    /// The delivery line.
    pub delivery: Uuid,
    /// Số và ký hiệu.
    pub number_and_symbol: String,
    /// Trích yếu.
    pub subject: String,
    /// Nơi nhận.
    pub recipient: String,
    /// `pending`, `sending`, `failed`, `sent`, `arrived`, `refused`.
    pub state: String,
    /// The state in Vietnamese.
    pub state_label: String,
    /// Reason of a return or a failure.
    pub reason: Option<String>,
    /// When it was issued, RFC 3339.
    pub issued_at: String,
    #[serde(skip)]
    #[schema(ignore)]
    moment: Timestamp,
}

/// A page of such recipients, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Following {
    /// The lines.
    pub items: Vec<FollowedLine>,
    /// Pass as `after` for the next page; absent on the last.
    pub next: Option<Uuid>,
}

/// Reads a page for a clerk or leader of the agency.
async fn read(app: &App, who: &Who, query: &FollowingQuery) -> AppResult<Following> {
    access::may(who, Action::ViewRegister, &ObjectFacts::agency(who.agency()))?;
    let hours = i64::from(query.hours.unwrap_or(HOURS));
    let before = app.clock.now() - SignedDuration::from_hours(hours);
    let rows = app
        .db
        .all(
            sql!(
                "SELECT d.id, d.outgoing_id, d.recipient_name, d.state, d.reason, o.number, o.symbol, o.subject, o.issued_at \
                 FROM delivery d JOIN outgoing o ON o.id = d.outgoing_id WHERE d.agency_id = $1 \
                 AND d.state IN ('pending', 'sending', 'failed', 'sent', 'arrived', 'refused') \
                 AND (d.state IN ('failed', 'refused') OR o.issued_at <= $2) AND o.recalled_at IS NULL \
                 AND (d.id < $3 OR $3 IS NULL) ORDER BY d.id DESC LIMIT $4"
            ),
            args![who.agency(), before, query.after, PAGE as i64 + 1],
        )
        .await?;
    let mut items = rows.iter().map(line).collect::<store::Result<Vec<_>>>()?;
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    Ok(Following {
        next: items.last().map(|line| line.delivery).filter(|_| more),
        items,
    })
}

fn line(row: &Row) -> store::Result<FollowedLine> {
    let state: DeliveryState = row.parse("state")?;
    let moment: Timestamp = row.get("issued_at")?;
    let number: Option<u32> = row.get("number")?;
    let symbol: Option<String> = row.get("symbol")?;
    Ok(FollowedLine {
        id: row.get::<OutgoingId>("outgoing_id")?.as_uuid(),
        delivery: row.get("id")?,
        number_and_symbol: number
            .zip(symbol)
            .map(|(number, symbol)| rules::numbering::number_and_symbol(number, &symbol))
            .unwrap_or_default(),
        subject: row.get("subject")?,
        recipient: row.get("recipient_name")?,
        state: state.as_str().to_owned(),
        state_label: state.label().to_owned(),
        reason: row
            .get::<Option<String>>("reason")?
            .filter(|text| !text.is_empty()),
        issued_at: format::machine(moment),
        moment,
    })
}

/// Recipients of the agency's documents that have not accepted them.
#[utoipa::path(get, path = "/api/v1/outgoing/following", tag = "outgoing", params(FollowingQuery),
    responses((status = 200, body = Following), (status = 409, description = "Chỉ văn thư và lãnh đạo cơ quan được theo dõi")))]
pub async fn api_following(
    State(app): State<App>,
    who: Who,
    Query(query): Query<FollowingQuery>,
) -> AppResult<Json<Following>> {
    Ok(Json(read(&app, &who, &query).await?))
}

struct ShownLine {
    href: String,
    document: String,
    subject: String,
    recipient: String,
    state: Badge,
    reason: String,
    issued: String,
}

#[derive(Template)]
#[template(path = "outgoing/after_issue/following.html")]
struct FollowingPage {
    page: Page,
    hours: u16,
    lines: Vec<ShownLine>,
    next: String,
}

/// `GET /outgoing/following`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<FollowingQuery>,
) -> Reply {
    let found = read(&app, &who, &query).await?;
    let hours = query.hours.unwrap_or(HOURS);
    render(&FollowingPage {
        page: frame(&app, &who, &jar, "Theo dõi nơi nhận", "following").await?,
        hours,
        next: found
            .next
            .map(|after| format!("/outgoing/following?hours={hours}&after={after}"))
            .unwrap_or_default(),
        lines: found.items.into_iter().map(shown).collect(),
    })
}

fn shown(line: FollowedLine) -> ShownLine {
    let tone = match line.state.as_str() {
        "failed" | "refused" => Tone::Bad,
        _ => Tone::Warn,
    };
    ShownLine {
        href: format!("/outgoing/{}", line.id),
        document: line.number_and_symbol,
        subject: line.subject,
        recipient: line.recipient,
        state: Badge::new(line.state_label, tone),
        reason: line.reason.unwrap_or_default(),
        issued: format::moment(line.moment),
    }
}
