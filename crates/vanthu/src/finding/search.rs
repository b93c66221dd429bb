//! One search over incoming and outgoing documents of the reader.

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    document_types, incoming::IncomingState, numbering, outgoing::OutgoingState, people::Role,
    urgency::Urgency,
};
use serde::{Deserialize, Serialize};
use store::{Filter, Row, args};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    web::{
        Reply, clean, encode, format, frame,
        page::{Badge, DocRow, Page, Pager, Tone},
        render,
    },
};

/// Documents of a page.
const PAGE: usize = 25;
/// Words of a search; more are not looked at.
const WORDS: usize = 8;

/// One word of the search: in the folded subject, or in number and symbol. These are folded here, as symbols hold no
/// other Vietnamese letters than Đ and Ư. The number begins with a blank and stands there with and without its zero, so
/// that `5/` finds `5/` and `05/`, but not `15/`.
const MATCHES: &str = "(coalesce(i.folded_subject, o.folded_subject) LIKE ? OR \
    replace(replace(replace(replace(lower(' ' || ltrim(coalesce(i.number, cast(o.number AS text), ''), '0') || '/' \
    || coalesce(i.symbol, o.symbol, '') || ' 0' || ltrim(coalesce(i.number, cast(o.number AS text), ''), '0') || '/' \
    || coalesce(i.symbol, o.symbol, '')), 'Đ', 'd'), 'đ', 'd'), 'Ư', 'u'), 'ư', 'u') LIKE ?)";

macro_rules! of_scope {
    ($($source:literal),+) => {
        concat!(
            "SELECT s.id, CASE WHEN i.id IS NULL THEN 'outgoing' ELSE 'incoming' END AS kind, \
             coalesce(i.subject, o.subject) AS subject, coalesce(i.type_key, o.type_key) AS type_key, \
             coalesce(i.urgency, o.urgency) AS urgency, coalesce(i.state, o.state) AS state, i.arrival_number, \
             i.number AS own_number, o.number, coalesce(i.symbol, o.symbol) AS symbol, \
             coalesce(i.issued_on, o.issued_on) AS issued_on, \
             coalesce(i.issued_on, i.arrived_on, o.issued_on, '9999-12-31') AS on_day, coalesce(i.sender_name, a.full_name) AS party FROM (",
            $($source),+,
            ") s LEFT JOIN incoming i ON i.id = s.id LEFT JOIN outgoing o ON o.id = s.id \
             LEFT JOIN post p ON p.id = o.drafter_post LEFT JOIN account a ON a.id = p.account_id"
        )
    };
}

/// Own part in a document; `$1` is the post.
const OF_POST: &str = of_scope!(
    "SELECT id FROM (SELECT object_id AS id FROM participant WHERE post_id = $1 ORDER BY object_id DESC LIMIT 20000) own"
);
/// Own part and that of the unit; `$2` is the unit that the post heads.
const OF_UNIT: &str = of_scope!(
    "SELECT id FROM (SELECT object_id AS id FROM participant WHERE post_id = $1 ORDER BY object_id DESC LIMIT 20000) own \
     UNION SELECT id FROM (SELECT object_id AS id FROM participant WHERE unit_id = $2 ORDER BY object_id DESC LIMIT 20000) unit"
);
/// Own part and both registers; `$2` is the agency that the post leads.
const OF_LEADER: &str = of_scope!(
    "SELECT id FROM (SELECT object_id AS id FROM participant WHERE post_id = $1 ORDER BY object_id DESC LIMIT 20000) own \
     UNION SELECT id FROM (SELECT id FROM incoming WHERE agency_id = $2 AND year > 0 \
     ORDER BY year DESC, arrival_number DESC LIMIT 20000) registered \
     UNION SELECT id FROM (SELECT id FROM outgoing WHERE agency_id = $2 AND year > 0 \
     ORDER BY year DESC, issued_at DESC LIMIT 20000) issued"
);
/// As a leader, what lies in the common boxes of the agency's clerks, and drafts that have come to the clerks and went on
/// from there to the signer.
const OF_CLERK: &str = of_scope!(
    "SELECT id FROM (SELECT object_id AS id FROM participant WHERE post_id = $1 ORDER BY object_id DESC LIMIT 20000) own \
     UNION SELECT id FROM (SELECT id FROM incoming WHERE agency_id = $2 AND year > 0 \
     ORDER BY year DESC, arrival_number DESC LIMIT 20000) registered \
     UNION SELECT id FROM (SELECT id FROM outgoing WHERE agency_id = $2 AND year > 0 \
     ORDER BY year DESC, issued_at DESC LIMIT 20000) issued \
     UNION SELECT id FROM (SELECT object_id AS id FROM desk WHERE owner_id = $2 LIMIT 20000) desk \
     UNION SELECT id FROM (SELECT id FROM outgoing WHERE agency_id = $2 \
     AND state IN ('form_review', 'approval', 'signing', 'approved', 'numbered') ORDER BY id DESC LIMIT 20000) drafts"
);

/// Where the search of this reader starts.
fn scope(who: &Who) -> Filter {
    let post = who.post();
    match (who.role(), who.unit()) {
        (Role::Clerk, _) => Filter::select_with(OF_CLERK, args![post, who.agency()]),
        _ if who.actor.leads(who.agency()) => Filter::select_with(OF_LEADER, args![post, who.agency()]),
        (Role::UnitHead, Some(unit)) => Filter::select_with(OF_UNIT, args![post, unit]),
        _ => Filter::select_with(OF_POST, args![post]),
    }
}

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct SearchQuery {
    /// Words of the subject, number and symbol whole or in part, in any order, with or without accents.
    pub q: String,
    /// Continue with older documents after this one: the `next` of the page before.
    pub after: String,
}

/// A document that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Found {
    /// Id of the document.
    pub id: Uuid,
    /// `incoming` or `outgoing`.
    pub kind: &'static str,
    /// Số, ký hiệu as printed; empty for a draft.
    pub symbol: String,
    /// Số đến of an incoming document.
    pub arrival_number: Option<i64>,
    /// Trích yếu.
    pub subject: String,
    /// Kind of document, `cong_van`.
    pub type_key: String,
    /// Who sent it (incoming) or who drafted it (outgoing).
    pub party: String,
    /// Date of the document, if it has one.
    #[schema(value_type = Option<String>, format = Date)]
    pub date: Option<Date>,
    /// Urgency.
    #[schema(value_type = String)]
    pub urgency: Urgency,
    /// State of the document.
    pub state: String,
    /// State in Vietnamese.
    pub state_label: &'static str,
}

/// A page of documents found, by date, the newest first: drafts, which have none yet, before everything else; what came
/// without a date by the day it came.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchPage {
    /// The documents.
    pub items: Vec<Found>,
    /// Pass as `after` for older ones; absent on the last page.
    pub next: Option<String>,
}

/// Finds documents that the reader may see.
///
/// # Errors
/// When the database fails.
pub async fn find(app: &App, who: &Who, query: &SearchQuery) -> AppResult<SearchPage> {
    let q = clean(&query.q);
    let words: Vec<String> = viet_text::fold(&q)
        .split_whitespace()
        .map(|word| word.replace(['%', '_', '\\'], ""))
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .collect();
    if words.is_empty() || who.role() == Role::Administrator {
        return Ok(SearchPage {
            items: Vec::new(),
            next: None,
        });
    }
    let mut filter = scope(who)
        .nested()
        .and("coalesce(i.agency_id, o.agency_id) = ?", args![who.agency()]);
    if let Some((day, id)) = parse_place(&query.after)? {
        filter = filter.and(BEFORE, args![day, id]);
    }
    for word in &words {
        let in_subject = format!("%{word}%");
        let in_symbol = if word.starts_with(|c: char| c.is_ascii_digit()) {
            format!("% {word}%")
        } else {
            in_subject.clone()
        };
        filter = filter.and(MATCHES, args![in_subject, in_symbol]);
    }
    let mut rows = app
        .db
        .filtered(filter.end(NEWEST_FIRST, args![PAGE as i64 + 1]))
        .await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let place = |row: &Row| {
        let (day, id): (String, Uuid) = (row.get("on_day")?, row.get("id")?);
        Ok::<_, store::Error>(format!("{day}_{id}"))
    };
    Ok(SearchPage {
        items: rows.iter().map(found).collect::<store::Result<_>>()?,
        next: rows.last().filter(|_| more).map(place).transpose()?,
    })
}

/// The order of results, and what comes after a place in it.
const NEWEST_FIRST: &str =
    "ORDER BY coalesce(i.issued_on, i.arrived_on, o.issued_on, '9999-12-31') DESC, s.id DESC LIMIT ?";
const BEFORE: &str = "(coalesce(i.issued_on, i.arrived_on, o.issued_on, '9999-12-31'), s.id) < (?, ?)";

/// A place in the results: `<day>_<id>`.
fn parse_place(text: &str) -> AppResult<Option<(String, Uuid)>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.split_once('_')
        .and_then(|(day, id)| Some((day.parse::<Date>().ok()?.to_string(), id.parse().ok()?)))
        .map(Some)
        .ok_or_else(|| AppError::BadInput("Đường dẫn trang không đúng. Vui lòng tìm lại từ đầu.".to_owned()))
}

fn found(row: &Row) -> store::Result<Found> {
    let is_incoming = row.get::<String>("kind")? == "incoming";
    let symbol = row.get::<Option<String>>("symbol")?.unwrap_or_default();
    let number = match row.get::<Option<String>>("own_number")? {
        Some(number) => Some(number),
        None => row.get::<Option<u32>>("number")?.map(numbering::printed_number),
    };
    let state_label = if is_incoming {
        row.parse::<IncomingState>("state")?.label()
    } else {
        row.parse::<OutgoingState>("state")?.label()
    };
    let parts = [number.unwrap_or_default(), symbol];
    Ok(Found {
        id: row.get("id")?,
        kind: if is_incoming { "incoming" } else { "outgoing" },
        symbol: parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("/"),
        arrival_number: row.get("arrival_number")?,
        subject: row.get("subject")?,
        type_key: row.get("type_key")?,
        party: row.get::<Option<String>>("party")?.unwrap_or_default(),
        date: row.get("issued_on")?,
        urgency: row.parse("urgency")?,
        state: row.get("state")?,
        state_label,
    })
}

fn doc_row(item: Found) -> DocRow {
    let kind = if item.kind == "incoming" { "Đến" } else { "Đi" };
    let mut marks = vec![Badge::new(kind, Tone::Info)];
    if item.urgency != Urgency::Normal {
        marks.push(Badge::new(item.urgency.label(), Tone::Bad));
    }
    if let Some(kind) = document_types::by_key(&item.type_key) {
        marks.push(Badge::new(kind.name, Tone::Neutral));
    }
    DocRow {
        id: item.id.to_string(),
        href: format!("/{}/{}", item.kind, item.id),
        number: item
            .arrival_number
            .map(|number| number.to_string())
            .unwrap_or_default(),
        symbol: item.symbol,
        subject: item.subject,
        party: item.party,
        date: if item.kind == "incoming" {
            format::date_or_none(item.date)
        } else {
            format::date_opt(item.date)
        },
        deadline: None,
        state: Badge::new(item.state_label, Tone::Neutral),
        marks,
        unread: false,
    }
}

#[derive(Template)]
#[template(path = "finding/search.html")]
struct ResultPage {
    page: Page,
    q: String,
    rows: Vec<DocRow>,
    pager: Pager,
    is_administrator: bool,
}

/// `GET /search`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<SearchQuery>,
) -> Reply {
    let found = find(&app, &who, &query).await?;
    let mut page = frame(&app, &who, &jar, "Tìm văn bản", "").await?;
    page.query.clone_from(&query.q);
    let q = encode(&query.q);
    render(&ResultPage {
        page,
        rows: found.items.into_iter().map(doc_row).collect(),
        pager: Pager {
            newer: None,
            older: found.next.map(|next| format!("/search?q={q}&after={next}")),
        },
        is_administrator: who.role() == Role::Administrator,
        q: clean(&query.q),
    })
}

/// Finds documents that the caller may see, newest first.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = SearchPage)))]
pub async fn api(
    State(app): State<App>,
    who: Who,
    Query(query): Query<SearchQuery>,
) -> AppResult<Json<SearchPage>> {
    Ok(Json(find(&app, &who, &query).await?))
}
