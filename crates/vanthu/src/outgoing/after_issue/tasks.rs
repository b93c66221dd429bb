//! Theo dõi nhiệm vụ giao trong văn bản đi (QC01-14.3b, CN-218): whoever drafted an issued document sees how far its recipients are who
//! have something to do, by the states that come back from inside the installation and over the axis.

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::ids::OutgoingId;
use serde::{Deserialize, Serialize};
use store::{Row, args, sql};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    desk,
    error::AppResult,
    web::{
        Reply, format, frame,
        page::{Badge, BoxLink, Page},
        render,
    },
};

/// Where the page is.
const HREF: &str = "/outgoing/tasks";
/// Documents of one page.
const PAGE: usize = 25;

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct TasksQuery {
    /// Also documents that every recipient has finished.
    #[serde(deserialize_with = "crate::web::checked")]
    #[param(value_type = bool)]
    pub all: bool,
    /// Continue after this document: the `next` of the page before.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<Uuid>)]
    pub after: Option<Uuid>,
}

/// An issued document whose recipients have something to do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GivenTask {
    /// The document.
    pub id: Uuid,
    /// Số và ký hiệu.
    pub number_and_symbol: String,
    /// Trích yếu.
    pub subject: String,
    /// Ngày ban hành.
    #[schema(value_type = Option<String>, format = Date)]
    pub issued_on: Option<Date>,
    /// Hạn trả lời.
    #[schema(value_type = Option<String>, format = Date)]
    pub respond_by: Option<Date>,
    /// Recipients who have something to do.
    pub recipients: i64,
    /// Of them: accepted and registered (03) or further.
    pub received: i64,
    /// Of them: directed to somebody (04) or further.
    pub assigned: i64,
    /// Of them: finished (06).
    pub finished: i64,
    /// Of them: returned or not reached.
    pub stuck: i64,
}

/// A page of them, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct GivenTasks {
    /// The documents.
    pub items: Vec<GivenTask>,
    /// Pass as `after` for the next page; absent on the last.
    pub next: Option<Uuid>,
}

/// The link of the left column.
pub fn tasks_link() -> BoxLink {
    BoxLink::new("given-tasks", "Nhiệm vụ đã giao", HREF, "progress-check")
}

async fn read(app: &App, who: &Who, query: &TasksQuery) -> AppResult<GivenTasks> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT o.id, o.number, o.symbol, o.subject, o.issued_on, o.respond_by, n.recipients, n.received, n.assigned, n.finished, \
                 n.stuck FROM (SELECT o.id AS outgoing_id, count(*) AS recipients, \
                 sum(CASE WHEN d.state IN ('received', 'assigned', 'in_progress', 'finished') THEN 1 ELSE 0 END) AS received, \
                 sum(CASE WHEN d.state IN ('assigned', 'in_progress', 'finished') THEN 1 ELSE 0 END) AS assigned, \
                 sum(CASE WHEN d.state = 'finished' THEN 1 ELSE 0 END) AS finished, \
                 sum(CASE WHEN d.state IN ('refused', 'failed') THEN 1 ELSE 0 END) AS stuck \
                 FROM participant t JOIN outgoing o ON o.id = t.object_id AND o.drafter_post = $1 AND o.state = 'issued' \
                 AND o.recalled_at IS NULL JOIN delivery d ON d.outgoing_id = o.id AND d.purpose = 'act' \
                 AND d.state NOT IN ('paper', 'dropped') WHERE t.post_id = $1 AND (t.object_id < $2 OR $2 IS NULL) GROUP BY o.id) n \
                 JOIN outgoing o ON o.id = n.outgoing_id WHERE $3 = 1 OR n.finished < n.recipients ORDER BY o.id DESC LIMIT $4"
            ),
            args![who.post(), query.after, query.all, PAGE as i64 + 1],
        )
        .await?;
    let mut items = rows.iter().map(task).collect::<store::Result<Vec<_>>>()?;
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    Ok(GivenTasks {
        next: items.last().map(|task| task.id).filter(|_| more),
        items,
    })
}

fn task(row: &Row) -> store::Result<GivenTask> {
    let number: Option<u32> = row.get("number")?;
    let symbol: Option<String> = row.get("symbol")?;
    Ok(GivenTask {
        id: row.get::<OutgoingId>("id")?.as_uuid(),
        number_and_symbol: number
            .zip(symbol)
            .map(|(number, symbol)| rules::numbering::number_and_symbol(number, &symbol))
            .unwrap_or_default(),
        subject: row.get("subject")?,
        issued_on: row.get("issued_on")?,
        respond_by: row.get("respond_by")?,
        recipients: row.get("recipients")?,
        received: row.get("received")?,
        assigned: row.get("assigned")?,
        finished: row.get("finished")?,
        stuck: row.get("stuck")?,
    })
}

/// Documents that the person drafted and whose recipients have something to do.
#[utoipa::path(get, path = "/api/v1/outgoing/tasks", tag = "outgoing", params(TasksQuery),
    responses((status = 200, body = GivenTasks)))]
pub async fn api_tasks(
    State(app): State<App>,
    who: Who,
    Query(query): Query<TasksQuery>,
) -> AppResult<Json<GivenTasks>> {
    Ok(Json(read(&app, &who, &query).await?))
}

struct Line {
    href: String,
    document: String,
    subject: String,
    issued: String,
    due: Option<Badge>,
    recipients: i64,
    received: i64,
    assigned: i64,
    finished: i64,
    stuck: String,
    stuck_href: String,
}

#[derive(Template)]
#[template(path = "outgoing/after_issue/tasks.html")]
struct TasksPage {
    page: Page,
    lines: Vec<Line>,
    all: bool,
    next: String,
}

/// `GET /outgoing/tasks`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<TasksQuery>,
) -> Reply {
    let found = read(&app, &who, &query).await?;
    let keep = if query.all { "all=on&" } else { "" };
    render(&TasksPage {
        page: frame(
            &app,
            &who,
            &jar,
            "Nhiệm vụ đã giao trong văn bản đi",
            "given-tasks",
        )
        .await?,
        all: query.all,
        next: found
            .next
            .map(|after| format!("{HREF}?{keep}after={after}"))
            .unwrap_or_default(),
        lines: found.items.into_iter().map(|task| shown(&app, task)).collect(),
    })
}

fn shown(app: &App, task: GivenTask) -> Line {
    let is_done = task.finished == task.recipients;
    Line {
        href: format!("/outgoing/{}#recipients", task.id),
        stuck_href: format!("/outgoing/{}?state=refused#recipients", task.id),
        due: task
            .respond_by
            .filter(|_| !is_done)
            .map(|due| desk::deadline_badge(app, due)),
        document: task.number_and_symbol,
        subject: task.subject,
        issued: format::date_opt(task.issued_on),
        recipients: task.recipients,
        received: task.received,
        assigned: task.assigned,
        finished: task.finished,
        stuck: if task.stuck > 0 {
            format!("{} nơi trả lại hoặc chưa gửi được", task.stuck)
        } else {
            String::new()
        },
    }
}
