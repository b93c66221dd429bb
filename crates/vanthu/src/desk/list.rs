//! One box: its documents, newest and most urgent first, with filters and keyset paging.

use askama::Template;
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    routing::get,
};
use axum_extra::extract::cookie::CookieJar;
use jiff::{Timestamp, civil::Date};
use rules::{
    document_types,
    incoming::{CheckOutcome, IncomingState},
    numbering,
    outgoing::OutgoingState,
    slip::SlipState,
    urgency::Urgency,
};
use serde::{Deserialize, Serialize};
use store::Row;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    DeskBox, count,
    statement::{PAGE, statement},
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    incoming,
    outgoing::term::{self, Terms},
    web::{
        Reply, format, frame,
        page::{Badge, DocRow, Page, Pager, Tone},
        render,
    },
};

pub fn routes() -> Router<App> {
    Router::new().route("/boxes/{key}", get(page))
}

pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/boxes", get(api_boxes))
        .route("/api/v1/boxes/{key}", get(api_box))
}

/// Filters and place of a page of a box.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct BoxQuery {
    /// Text in the subject or the symbol, with or without accents.
    pub q: String,
    /// Only this urgency.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<String>)]
    pub urgency: Option<Urgency>,
    /// Continue after this place: the `next` of the page before.
    pub after: String,
    /// Go back to before this place.
    pub before: String,
}

/// A document in a box.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BoxItem {
    /// Id of the document.
    pub id: Uuid,
    /// `incoming`, `outgoing` or `slip`.
    pub kind: String,
    /// Số đến, or the number of an issued document.
    pub number: Option<i64>,
    /// Số, ký hiệu as printed: `12/BC-STTTT`.
    pub symbol: String,
    /// Trích yếu.
    pub subject: String,
    /// Kind of document, `cong_van`.
    pub type_key: String,
    /// Who sent it (incoming), who drafts it (outgoing) or who made it (a slip).
    pub party: String,
    /// Date of the document, if it has one.
    #[schema(value_type = Option<String>, format = Date)]
    pub date: Option<Date>,
    /// Deadline of this owner.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// By when a signed document must be issued and sent, RFC 3339; only while it is not (QĐ 28 Điều 6.2).
    pub issue_by: Option<String>,
    /// Urgency, `normal` … `express`.
    #[schema(value_type = String)]
    pub urgency: Urgency,
    /// State of the document.
    pub state: String,
    /// State in Vietnamese.
    pub state_label: String,
    /// Not opened yet.
    pub unread: bool,
    /// How often the person was urged to handle it.
    pub urged: i64,
    /// An incoming document of which a check failed (QĐ 28 Điều 9.1): a file missing or changed, a signature not valid.
    pub check_failed: bool,
    #[serde(skip)]
    rank: i64,
    #[serde(skip)]
    #[schema(ignore)]
    term: Option<Badge>,
}

/// A page of a box.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoxPage {
    /// The documents.
    pub items: Vec<BoxItem>,
    /// Pass as `after` for the next page; absent on the last.
    pub next: Option<String>,
    /// Pass as `before` for the page before; absent on the first.
    pub previous: Option<String>,
}

/// Reads a page of a box of this person.
///
/// # Errors
/// [`AppError::NotFound`] when the role has no such box.
pub async fn read(app: &App, who: &Who, desk_box: DeskBox, query: &BoxQuery) -> AppResult<BoxPage> {
    if !desk_box.is_there_for(who.role(), who.scope()) {
        return Err(AppError::NotFound);
    }
    let backwards = !query.before.is_empty();
    let place = parse_place(if backwards { &query.before } else { &query.after })?;
    let terms = Terms::of(app, who.agency()).await?;
    let rows = app
        .db
        .filtered(statement(app, who, &terms, desk_box, query, place, backwards)?)
        .await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        items.push(add_term(item(row)?, row, &terms, desk_box)?);
    }
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    if backwards {
        items.reverse();
    }
    let at = |item: Option<&BoxItem>| item.map(|item| format!("{}_{}", item.rank, item.id));
    let (has_next, has_previous) = if backwards {
        (true, more)
    } else {
        (more, place.is_some())
    };
    Ok(BoxPage {
        next: at(items.last()).filter(|_| has_next),
        previous: at(items.first()).filter(|_| has_previous),
        items,
    })
}

/// A place in a box: `<rank>_<id>`.
fn parse_place(text: &str) -> AppResult<Option<(i64, Uuid)>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.split_once('_')
        .and_then(|(rank, id)| Some((rank.parse().ok()?, id.parse().ok()?)))
        .map(Some)
        .ok_or_else(|| {
            AppError::BadInput("Đường dẫn trang không đúng. Mở lại hộp văn bản từ cột bên trái.".to_owned())
        })
}

/// The term of issue of a document that is signed and not out, and what is due of one that came and lies too long.
fn add_term(mut item: BoxItem, row: &Row, terms: &Terms<'_>, desk_box: DeskBox) -> store::Result<BoxItem> {
    if desk_box == DeskBox::LateArrivals {
        item.term = Some(late_arrival(&item));
        return Ok(item);
    }
    let signed: Option<Timestamp> = row.get("signed_at")?;
    let state = row.parse::<OutgoingState>("state");
    let waits =
        item.kind == "outgoing" && (desk_box == DeskBox::LateIssue || state.is_ok_and(term::waits_for_issue));
    if let (Some(signed), true) = (signed, waits) {
        let on_paper = row.get::<Option<bool>>("on_paper")?.unwrap_or_default();
        let due = terms.term(signed, item.urgency, on_paper);
        let verb = if item.state == OutgoingState::Issued.as_str() {
            "Gửi"
        } else {
            "Phát hành"
        };
        item.issue_by = Some(due.machine());
        item.term = Some(due.badge(verb));
        item.due_on = None;
    }
    Ok(item)
}

/// What is due of a document that should have been registered or presented.
fn late_arrival(item: &BoxItem) -> Badge {
    let due = if item.state == IncomingState::Delivered.as_str() {
        "vào sổ"
    } else {
        "trình"
    };
    let words = if item.urgency.is_urgent() {
        format!("Cần {due} ngay")
    } else {
        format!("Quá hạn {due}")
    };
    Badge::new(words, Tone::Bad).icon("alert-triangle")
}

fn item(row: &Row) -> store::Result<BoxItem> {
    let kind: String = row.get("kind")?;
    let state: String = row.get("state")?;
    let state_label = match kind.as_str() {
        "incoming" => row.parse::<IncomingState>("state")?.label(),
        "slip" => row.parse::<SlipState>("state")?.label(),
        _ => row.parse::<OutgoingState>("state")?.label(),
    };
    let symbol: Option<String> = row.get("symbol")?;
    let number = row
        .get::<Option<String>>("own_number")?
        .or(row.get::<Option<i64>>("number")?.map(printed));
    let printed_symbol = match (number, symbol) {
        (Some(number), Some(symbol)) if kind == "incoming" => incoming::printed(&number, &symbol),
        (Some(number), Some(symbol))
            if row
                .parse::<OutgoingState>("state")
                .is_ok_and(OutgoingState::is_registered) =>
        {
            format!("{number}/{symbol}")
        }
        (_, symbol) => symbol.unwrap_or_default(),
    };
    Ok(BoxItem {
        id: row.get("object_id")?,
        number: row.get("number")?,
        symbol: printed_symbol,
        subject: row.get("subject")?,
        type_key: row.get("type_key")?,
        party: row.get::<Option<String>>("party")?.unwrap_or_default(),
        date: row.get("issued_on")?,
        due_on: row.get("due_on")?,
        issue_by: None,
        term: None,
        urgency: row.parse("urgency")?,
        state,
        state_label: state_label.to_owned(),
        unread: !row.get::<bool>("seen")?,
        urged: row.get("urged")?,
        check_failed: ["completeness", "integrity", "authenticity"]
            .into_iter()
            .map(|check| row.get::<Option<String>>(check))
            .collect::<store::Result<Vec<_>>>()?
            .iter()
            .any(|outcome| outcome.as_deref() == Some(CheckOutcome::Failed.as_str())),
        rank: row.get("rank")?,
        kind,
    })
}

fn printed(number: i64) -> String {
    u32::try_from(number)
        .map(numbering::printed_number)
        .unwrap_or_default()
}

/// The row that lists draw.
pub fn doc_row(app: &App, item: BoxItem) -> DocRow {
    let mut marks = Vec::new();
    if item.urgency != Urgency::Normal {
        marks.push(Badge::new(item.urgency.label(), Tone::Bad));
    }
    if item.urged > 0 {
        marks.push(Badge::new("Được đôn đốc", Tone::Warn).icon("bell"));
    }
    if item.check_failed {
        marks.push(Badge::new("Không đạt kiểm tra", Tone::Bad).icon("shield-x"));
    }
    if let Some(kind) = document_types::by_key(&item.type_key) {
        marks.push(Badge::new(kind.name, Tone::Neutral));
    }
    DocRow {
        href: super::href(&item.kind, item.id),
        id: item.id.to_string(),
        number: item.number.map(printed).unwrap_or_default(),
        symbol: item.symbol,
        subject: item.subject,
        party: item.party,
        // A draft has no date yet; what came without one says so.
        date: if item.kind == "incoming" {
            format::date_or_none(item.date)
        } else {
            format::date_opt(item.date)
        },
        deadline: item
            .term
            .or_else(|| item.due_on.map(|due| count::deadline_badge(app, due))),
        state: Badge::new(item.state_label, Tone::Neutral),
        marks,
        unread: item.unread,
    }
}

#[derive(Template)]
#[template(path = "desk/list.html")]
struct ListPage {
    page: Page,
    desk_box: DeskBox,
    rows: Vec<DocRow>,
    pager: Pager,
    query: BoxQuery,
    command_id: Uuid,
    urgency: String,
    urgencies: Vec<crate::web::page::Choice>,
    bulk_signing: bool,
    bulk_issuing: bool,
    several: Option<incoming::Bulk>,
}

async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Path(key): Path<String>,
    Query(query): Query<BoxQuery>,
) -> Reply {
    let desk_box = DeskBox::by_key(&key).ok_or(AppError::NotFound)?;
    let found = read(&app, &who, desk_box, &query).await?;
    let urgency = query.urgency.map(Urgency::as_str).unwrap_or_default().to_owned();
    let keep = format!("q={}&urgency={urgency}", crate::web::encode(&query.q));
    let href =
        |name: &str, place: Option<String>| place.map(|place| format!("/boxes/{key}?{keep}&{name}={place}"));
    let pager = Pager {
        newer: href("before", found.previous),
        older: href("after", found.next),
    };
    let signed = matches!(desk_box, DeskBox::Signing | DeskBox::Issuing)
        && crate::outgoing::signatures_required(&app, who.agency()).await?;
    let several = incoming::bulk_of(&app, &who, desk_box).await?;
    render(&ListPage {
        bulk_signing: signed && desk_box == DeskBox::Signing,
        bulk_issuing: signed && desk_box == DeskBox::Issuing,
        several,
        page: frame(&app, &who, &jar, desk_box.label(), &key).await?,
        desk_box,
        rows: found.items.into_iter().map(|item| doc_row(&app, item)).collect(),
        pager,
        command_id: app.ids.next(),
        urgency,
        urgencies: Urgency::ALL
            .iter()
            .map(|u| crate::web::page::Choice::new(u.as_str(), u.label()))
            .collect(),
        query,
    })
}

/// A box with its counter.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoxCount {
    /// Stable name, for `/api/v1/boxes/{key}`.
    pub key: &'static str,
    /// Name on screen.
    pub label: &'static str,
    /// How many documents wait in it.
    pub count: i64,
}

/// The counted boxes of the person.
#[utoipa::path(get, path = "/api/v1/boxes", tag = "desk", responses((status = 200, body = Vec<BoxCount>)))]
pub async fn api_boxes(State(app): State<App>, who: Who) -> AppResult<Json<Vec<BoxCount>>> {
    let counts = count::counts(&app, &who).await?;
    Ok(Json(
        counts
            .into_iter()
            .map(|(known, count)| BoxCount {
                key: known.key(),
                label: known.label(),
                count,
            })
            .collect(),
    ))
}

/// The documents of a box, newest and most urgent first.
#[utoipa::path(get, path = "/api/v1/boxes/{key}", tag = "desk", params(("key" = String, Path, description = "Khóa của hộp"), BoxQuery),
    responses((status = 200, body = BoxPage), (status = 404, description = "Vai trò này không có hộp đó")))]
pub async fn api_box(
    State(app): State<App>,
    who: Who,
    Path(key): Path<String>,
    Query(query): Query<BoxQuery>,
) -> AppResult<Json<BoxPage>> {
    let desk_box = DeskBox::by_key(&key).ok_or(AppError::NotFound)?;
    Ok(Json(read(&app, &who, desk_box, &query).await?))
}
