//! Theo dõi giải quyết (ND30-24.1, CN-129): who has what still to do, the soonest deadline first, and urging on a selection.

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::{Timestamp, civil::Date};
use rules::{
    deadlines::DeadlineState,
    ids::{AssignmentId, IncomingId, UnitId},
    incoming::{AssignmentRole, IncomingState},
    numbering,
    people::Role,
};
use serde::{Deserialize, Serialize};
use store::{Arg, Filter, Row, args, sql};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    desk,
    error::{AppError, AppResult},
    incoming::{detail, seen::printed},
    web::{
        Reply, clean, encode, frame,
        page::{Badge, BoxLink, Choice, Page, Pager, Tone},
        render,
    },
};

/// Where the page is.
pub(in crate::incoming) const HREF: &str = "/incoming/following";

/// Parts of one page.
const PAGE: usize = 25;

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct FollowingQuery {
    /// Only what is `overdue`, `due_soon`, `on_time` or has `no_deadline`.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<String>)]
    pub deadline: Option<DeadlineState>,
    /// Only people of this unit.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<Uuid>)]
    pub unit: Option<UnitId>,
    /// Text in the subject, the symbol or the name of who handles it, with or without accents.
    pub q: String,
    /// Continue after this place: the `next` of the page before.
    pub after: String,
    /// Go back to before this place.
    pub before: String,
}

/// A part that somebody has still to do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FollowedPart {
    /// The part, to be urged or taken back.
    pub assignment: Uuid,
    /// The document.
    pub id: Uuid,
    /// Số đến.
    pub arrival_number: Option<i64>,
    /// Số, ký hiệu văn bản.
    pub number_and_symbol: String,
    /// Trích yếu.
    pub subject: String,
    /// State of the document.
    pub state: String,
    /// Who handles it, name and title.
    pub holder: String,
    /// The unit of the person.
    pub unit: Option<String>,
    /// `lead` or `cooperate`.
    pub role: String,
    /// Who gave it.
    pub given_by: String,
    /// Whether its holder has opened the document.
    pub opened: bool,
    /// Thời hạn.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// `no_deadline`, `on_time`, `due_soon` or `overdue`.
    pub deadline_state: &'static str,
    /// Working days until the deadline; less than zero once it is over.
    pub days_left: Option<i64>,
    /// How often its holder was urged.
    pub urged: i64,
    #[serde(skip)]
    place: String,
}

/// A page of such parts, the soonest deadline first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Followed {
    /// The parts.
    pub items: Vec<FollowedPart>,
    /// Pass as `after` for later deadlines; absent on the last page.
    pub next: Option<String>,
    /// Pass as `before` for sooner ones; absent on the first page.
    pub previous: Option<String>,
}

/// The link of the left column, for those who give work to others or follow it up.
pub fn follow_link(who: &Who) -> Option<BoxLink> {
    matches!(who.role(), Role::Clerk | Role::Leader | Role::UnitHead).then(|| {
        BoxLink::new(
            "incoming-following",
            "Theo dõi giải quyết",
            HREF,
            "progress-check",
        )
    })
}

/// Reads a page: of the whole agency for leaders and clerks, of the unit and of what they gave for heads, of what they gave for
/// everybody else.
///
/// # Errors
/// [`AppError::BadInput`] for a place that is none; when the database fails.
pub async fn read(app: &App, who: &Who, query: &FollowingQuery) -> AppResult<Followed> {
    let backwards = !query.before.is_empty();
    let place = place_of(if backwards { &query.before } else { &query.after })?;
    let rows = app
        .db
        .filtered(statement(app, who, query, place, backwards))
        .await?;
    let mut items = rows
        .iter()
        .map(|row| part(app, row))
        .collect::<store::Result<Vec<_>>>()?;
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    if backwards {
        items.reverse();
    }
    let (has_next, has_previous) = if backwards {
        (true, more)
    } else {
        (more, !query.after.is_empty())
    };
    let at = |part: Option<&FollowedPart>| part.map(|part| part.place.clone());
    Ok(Followed {
        next: at(items.last()).filter(|_| has_next),
        previous: at(items.first()).filter(|_| has_previous),
        items,
    })
}

/// A place in the list: `<deadline>_<part>`.
fn place_of(text: &str) -> AppResult<Option<(String, Uuid)>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.split_once('_')
        .and_then(|(day, id)| Some((day.parse::<Date>().ok()?.to_string(), id.parse().ok()?)))
        .map(Some)
        .ok_or_else(|| {
            AppError::BadInput("Đường dẫn trang không đúng. Mở lại trang từ cột bên trái.".to_owned())
        })
}

fn statement(
    app: &App,
    who: &Who,
    query: &FollowingQuery,
    place: Option<(String, Uuid)>,
    backwards: bool,
) -> Filter {
    let today = app.clock.today();
    let soon = desk::soon(app, today);
    let mut filter = Filter::select(
        "SELECT s.id, s.incoming_id, s.role, s.due_on, s.seen_at, coalesce(s.due_on, '9999-12-31') AS due_key, \
         d.arrival_number, d.number, d.symbol, d.subject, d.state, a.full_name, p.title, u.name AS unit_name, \
         ga.full_name AS giver, gp.title AS giver_title, \
         (SELECT count(*) FROM urging g WHERE g.assignment_id = s.id) AS urged \
         FROM assignment s JOIN incoming d ON d.id = s.incoming_id JOIN post p ON p.id = s.post_id \
         JOIN account a ON a.id = p.account_id LEFT JOIN unit u ON u.id = p.unit_id \
         JOIN post gp ON gp.id = s.given_by JOIN account ga ON ga.id = gp.account_id",
    )
    .and(
        "s.agency_id = ? AND s.state = 'open' AND s.role <> 'inform' AND d.state IN ('assigned', 'in_progress')",
        args![who.agency()],
    );
    filter = match (who.role(), who.unit()) {
        (Role::Clerk | Role::Leader, _) => filter,
        (Role::UnitHead, Some(unit)) => {
            filter.and("(s.given_by = ? OR p.unit_id = ?)", args![who.post(), unit])
        }
        _ => filter.and("s.given_by = ?", args![who.post()]),
    };
    filter = match query.deadline {
        Some(DeadlineState::Overdue) => filter.and("s.due_on < ?", args![today]),
        Some(DeadlineState::DueSoon) => filter.and("s.due_on >= ? AND s.due_on <= ?", args![today, soon]),
        Some(DeadlineState::OnTime) => filter.and("s.due_on > ?", args![soon]),
        Some(DeadlineState::NoDeadline) => filter.and("s.due_on IS NULL", args![]),
        None => filter,
    };
    filter = filter.and_if("p.unit_id = ?", query.unit);
    let q = clean(&query.q);
    if !q.is_empty() {
        let like = format!("%{}%", viet_text::fold(&q).replace(['%', '_'], " "));
        let exact = format!("%{}%", q.to_uppercase().replace(['%', '_'], " "));
        let name = format!("%{}%", q.replace(['%', '_'], " "));
        filter = filter.and(
            "(d.folded_subject LIKE ? OR upper(d.number || '/' || d.symbol) LIKE ? OR a.full_name LIKE ?)",
            args![like, exact, name],
        );
    }
    if let Some((day, id)) = place {
        let condition = if backwards {
            "(coalesce(s.due_on, '9999-12-31'), s.id) < (?, ?)"
        } else {
            "(coalesce(s.due_on, '9999-12-31'), s.id) > (?, ?)"
        };
        filter = filter.and(condition, args![day, id]);
    }
    let order = if backwards {
        "ORDER BY coalesce(s.due_on, '9999-12-31') DESC, s.id DESC LIMIT ?"
    } else {
        "ORDER BY coalesce(s.due_on, '9999-12-31'), s.id LIMIT ?"
    };
    filter.end(order, vec![Arg::from(PAGE as i64 + 1)])
}

fn part(app: &App, row: &Row) -> store::Result<FollowedPart> {
    let today = app.clock.today();
    let due_on: Option<Date> = row.get("due_on")?;
    let days_left = due_on.map(|due| {
        let between = |from, to| i64::from(app.calendar.working_days_between(from, to));
        if due < today {
            -between(due, today).max(1)
        } else {
            between(today, due)
        }
    });
    let assignment: AssignmentId = row.get("id")?;
    Ok(FollowedPart {
        assignment: assignment.as_uuid(),
        id: row.get::<IncomingId>("incoming_id")?.as_uuid(),
        arrival_number: row.get("arrival_number")?,
        number_and_symbol: printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?),
        subject: row.get("subject")?,
        state: row.get("state")?,
        holder: format!(
            "{}, {}",
            row.get::<String>("full_name")?,
            row.get::<String>("title")?
        ),
        unit: row.get("unit_name")?,
        role: row.get("role")?,
        given_by: format!(
            "{}, {}",
            row.get::<String>("giver")?,
            row.get::<String>("giver_title")?
        ),
        opened: row.get::<Option<Timestamp>>("seen_at")?.is_some(),
        due_on,
        deadline_state: desk::deadline_state(app, due_on, None).as_str(),
        days_left,
        urged: row.get("urged")?,
        place: format!("{}_{assignment}", row.get::<String>("due_key")?),
    })
}

/// What is still to be done about incoming documents, the soonest deadline first.
#[utoipa::path(get, path = "/api/v1/incoming/following", tag = "incoming", params(FollowingQuery),
    responses((status = 200, body = Followed)))]
pub async fn following_api(
    State(app): State<App>,
    who: Who,
    Query(query): Query<FollowingQuery>,
) -> AppResult<Json<Followed>> {
    Ok(Json(read(&app, &who, &query).await?))
}

struct Line {
    assignment: String,
    href: String,
    number: String,
    symbol: String,
    subject: String,
    holder: String,
    unit: String,
    role: Badge,
    given_by: String,
    due: Option<Badge>,
    left: String,
    seen: &'static str,
    urged: String,
}

#[derive(Template)]
#[template(path = "incoming/handling/following.html")]
struct FollowingPage {
    page: Page,
    command_id: Uuid,
    lines: Vec<Line>,
    is_filtered: bool,
    deadlines: Vec<Choice>,
    deadline: &'static str,
    units: Vec<Choice>,
    unit: String,
    q: String,
    pager: Pager,
}

/// `GET /incoming/following`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<FollowingQuery>,
) -> Reply {
    let found = read(&app, &who, &query).await?;
    let deadline = query.deadline.map(DeadlineState::as_str).unwrap_or_default();
    let unit = query.unit.map(|unit| unit.to_string()).unwrap_or_default();
    let keep = format!("deadline={deadline}&unit={unit}&q={}", encode(&query.q));
    let href = |name: &str, place: Option<String>| place.map(|place| format!("{HREF}?{keep}&{name}={place}"));
    let units = if matches!(who.role(), Role::Clerk | Role::Leader) {
        units(&app, &who).await?
    } else {
        Vec::new()
    };
    render(&FollowingPage {
        page: frame(&app, &who, &jar, "Theo dõi giải quyết", "incoming-following").await?,
        command_id: app.ids.next(),
        is_filtered: !deadline.is_empty() || !unit.is_empty() || !query.q.is_empty(),
        deadlines: [
            DeadlineState::Overdue,
            DeadlineState::DueSoon,
            DeadlineState::OnTime,
            DeadlineState::NoDeadline,
        ]
        .into_iter()
        .map(|state| Choice::new(state.as_str(), state.label()))
        .collect(),
        deadline,
        units,
        unit,
        q: query.q.clone(),
        pager: Pager {
            newer: href("before", found.previous),
            older: href("after", found.next),
        },
        lines: found.items.into_iter().map(|part| shown(&app, part)).collect(),
    })
}

fn shown(app: &App, part: FollowedPart) -> Line {
    let role = part.role.parse().unwrap_or(AssignmentRole::Cooperate);
    let left = match part.days_left {
        Some(days) if days < 0 => format!("quá {} ngày làm việc", -days),
        Some(0) => "hạn hôm nay".to_owned(),
        Some(days) => format!("còn {days} ngày làm việc"),
        None => String::new(),
    };
    let begun = part.state == IncomingState::InProgress.as_str() && role == AssignmentRole::Lead;
    Line {
        assignment: part.assignment.to_string(),
        href: detail::href(IncomingId::from_uuid(part.id)),
        number: part
            .arrival_number
            .and_then(|number| u32::try_from(number).ok())
            .map(numbering::printed_number)
            .unwrap_or_default(),
        symbol: part.number_and_symbol,
        subject: part.subject,
        holder: part.holder,
        unit: part.unit.unwrap_or_default(),
        role: Badge::new(
            role.label(),
            if role == AssignmentRole::Lead {
                Tone::Info
            } else {
                Tone::Neutral
            },
        ),
        given_by: part.given_by,
        due: part.due_on.map(|due| desk::deadline_badge(app, due)),
        left,
        seen: match (part.opened, begun) {
            (_, true) => "Đang xử lý",
            (true, false) => "Đã xem",
            (false, false) => "Chưa xem",
        },
        urged: if part.urged > 0 {
            format!("Đã đôn đốc {} lần", part.urged)
        } else {
            String::new()
        },
    }
}

/// The units of the agency.
async fn units(app: &App, who: &Who) -> AppResult<Vec<Choice>> {
    let rows = app
        .db
        .all(
            sql!("SELECT id, name FROM unit WHERE agency_id = $1 AND (valid_to IS NULL OR valid_to >= $2) ORDER BY sort, id"),
            args![who.agency(), app.clock.today()],
        )
        .await?;
    let choice = |row: &Row| {
        Ok(Choice::new(
            row.get::<UnitId>("id")?.to_string(),
            row.get::<String>("name")?,
        ))
    };
    Ok(rows.iter().map(choice).collect::<store::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn a_place_is_a_day_and_a_part() {
        let id = "018f0000-0000-7000-8000-000000000001";
        assert!(place_of("").unwrap().is_none());
        assert_eq!(
            place_of(&format!("2026-01-15_{id}")).unwrap().unwrap().0,
            "2026-01-15"
        );
        for wrong in ["2026-01-15", "x_y", &format!("2026-13-15_{id}")] {
            assert!(place_of(wrong).is_err(), "{wrong}");
        }
    }
}
