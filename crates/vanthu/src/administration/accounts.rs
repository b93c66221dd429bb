//! Accounts: the list, and the page of one.

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use rules::{
    ids::{AccountId, AgencyId},
    people::Role,
};
use serde::{Deserialize, Serialize};
use store::{Filter, Row, args, sql};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    history,
    managed::{manages, must_administer},
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    organization::agency,
    web::{
        Reply, clean, encode, format, frame,
        page::{Badge, Fact, HistoryEntry, Page, Pager, Tone},
        render,
    },
};

/// Accounts of a page.
const PAGE: usize = 50;
/// Posts read at a time.
const BATCH: i64 = 500;
/// A filter looks through so many batches at most.
const BATCHES: usize = 40;

/// Filter and place of the list of accounts.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct AccountQuery {
    /// Part of the account name or of the full name, with or without accents.
    pub q: String,
    /// Only this agency; for the administrator of the province.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<Uuid>)]
    pub agency: Option<AgencyId>,
    /// Continue after this account name: the `next` of the page before.
    pub after: String,
}

/// State of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// In use.
    Active,
    /// Locked for a time after wrong passwords.
    Locked,
    /// Locked for good (Điều 23.1c).
    Closed,
}

impl AccountState {
    fn badge(self) -> Badge {
        match self {
            Self::Active => Badge::new("Đang dùng", Tone::Good),
            Self::Locked => Badge::new("Tạm khóa", Tone::Warn).icon("lock"),
            Self::Closed => Badge::new("Đã khóa hẳn", Tone::Neutral).icon("lock"),
        }
    }

    fn of(row: &Row, now: Timestamp) -> store::Result<Self> {
        let closed: Option<Timestamp> = row.get("closed_at")?;
        let locked: Option<Timestamp> = row.get("locked_until")?;
        Ok(if closed.is_some() {
            Self::Closed
        } else if locked.is_some_and(|until| until > now) {
            Self::Locked
        } else {
            Self::Active
        })
    }
}

/// An account in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountItem {
    /// Its id.
    pub id: Uuid,
    /// Tên tài khoản.
    pub username: String,
    /// Họ và tên.
    pub full_name: String,
    /// Posts: title, unit, agency.
    pub posts: Vec<String>,
    /// Roles in the system.
    #[schema(value_type = Vec<String>)]
    pub roles: Vec<Role>,
    /// State.
    pub state: AccountState,
}

/// A page of accounts, by account name.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountPage {
    /// The accounts.
    pub items: Vec<AccountItem>,
    /// Pass as `after` for the next page; absent on the last.
    pub next: Option<String>,
}

/// Accounts that this administrator manages. Reads posts in the order of account names, in batches, until the page is
/// full; a filter gives up after 20,000 posts and offers the place to go on from.
///
/// # Errors
/// [`AppError::NotFound`] for another agency; `QC01-23.4` for everybody but administrators.
pub async fn read(app: &App, who: &Who, query: &AccountQuery) -> AppResult<AccountPage> {
    must_administer(who)?;
    if query.agency.is_some_and(|agency| !manages(who, agency)) {
        return Err(AppError::NotFound);
    }
    let agency = query
        .agency
        .or_else(|| (!who.actor.is_province_administrator).then(|| who.agency()));
    let wanted = viet_text::fold(&clean(&query.q));
    let now = app.clock.now();
    let mut after = query.after.clone();
    let mut items: Vec<AccountItem> = Vec::new();
    for _ in 0..BATCHES {
        let rows = batch(app, agency, &after).await?;
        let is_last = (rows.len() as i64) < BATCH;
        let mut accounts = gather(&rows, now)?;
        if !is_last && accounts.len() > 1 {
            // The last account may have more posts in the next batch.
            accounts.pop();
        }
        for account in accounts {
            after.clone_from(&account.username);
            if !account.username.contains(&wanted) && !viet_text::fold(&account.full_name).contains(&wanted) {
                continue;
            }
            if items.len() == PAGE {
                let next = items.last().map(|last| last.username.clone());
                return Ok(AccountPage { items, next });
            }
            items.push(account);
        }
        if is_last {
            return Ok(AccountPage { items, next: None });
        }
    }
    Ok(AccountPage {
        items,
        next: Some(after),
    })
}

async fn batch(app: &App, agency: Option<AgencyId>, after: &str) -> AppResult<Vec<Row>> {
    let filter = Filter::select(
        "SELECT a.id, a.username, a.full_name, a.locked_until, a.closed_at, p.title, p.role, u.name AS unit_name, \
         g.name AS agency_name FROM account a JOIN post p ON p.account_id = a.id JOIN agency g ON g.id = p.agency_id \
         LEFT JOIN unit u ON u.id = p.unit_id",
    )
    .and("a.username > ?", args![after])
    .and_if("p.agency_id = ?", agency)
    .end("ORDER BY a.username, p.id LIMIT ?", args![BATCH]);
    Ok(app.db.filtered(filter).await?)
}

/// Puts the posts of each account together.
fn gather(rows: &[Row], now: Timestamp) -> AppResult<Vec<AccountItem>> {
    let mut accounts: Vec<AccountItem> = Vec::new();
    for row in rows {
        let id: Uuid = row.get("id")?;
        let role: Role = row.parse("role")?;
        let parts = [
            row.get::<Option<String>>("title")?,
            row.get("unit_name")?,
            row.get("agency_name")?,
        ];
        let post = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        match accounts.last_mut() {
            Some(last) if last.id == id => {
                last.posts.push(post);
                if !last.roles.contains(&role) {
                    last.roles.push(role);
                }
            }
            _ => accounts.push(AccountItem {
                id,
                username: row.get("username")?,
                full_name: row.get("full_name")?,
                posts: vec![post],
                roles: vec![role],
                state: AccountState::of(row, now)?,
            }),
        }
    }
    Ok(accounts)
}

#[derive(Template)]
#[template(path = "administration/accounts.html")]
struct AccountsPage {
    page: Page,
    subtitle: String,
    items: Vec<(AccountItem, Badge)>,
    query: AccountQuery,
    agency: String,
    pager: Pager,
}

/// `GET /administration/accounts`.
pub async fn list(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<AccountQuery>,
) -> Reply {
    let found = read(&app, &who, &query).await?;
    let subtitle = match query.agency {
        Some(id) => agency(&app, id).await?.name,
        None if who.actor.is_province_administrator => "Tất cả cơ quan".to_owned(),
        None => who.agency_name.clone(),
    };
    let agency = query.agency.map(|agency| agency.to_string()).unwrap_or_default();
    let keep = format!("q={}&agency={agency}", encode(&query.q));
    let older = found
        .next
        .map(|next| format!("/administration/accounts?{keep}&after={}", encode(&next)));
    let newer = (!query.after.is_empty()).then(|| format!("/administration/accounts?{keep}"));
    render(&AccountsPage {
        page: frame(&app, &who, &jar, "Tài khoản", "accounts").await?,
        subtitle,
        items: found
            .items
            .into_iter()
            .map(|item| {
                let badge = item.state.badge();
                (item, badge)
            })
            .collect(),
        query,
        agency,
        pager: Pager { newer, older },
    })
}

/// The accounts that the caller manages, by account name.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts", params(AccountQuery),
    responses((status = 200, body = AccountPage), (status = 404, description = "Cơ quan không thuộc quyền quản trị"), (status = 409, description = "Chỉ quản trị")))]
pub async fn api(
    State(app): State<App>,
    who: Who,
    Query(query): Query<AccountQuery>,
) -> AppResult<Json<AccountPage>> {
    Ok(Json(read(&app, &who, &query).await?))
}

#[derive(Template)]
#[template(path = "administration/account.html")]
struct AccountPageOfOne {
    page: Page,
    id: String,
    facts: Vec<Fact>,
    is_closed: bool,
    is_locked: bool,
    is_own: bool,
    history: Vec<HistoryEntry>,
    command_id: String,
}

/// `GET /administration/accounts/{id}`.
pub async fn detail(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<AccountId>) -> Reply {
    must_administer(&who)?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT a.id, a.username, a.full_name, a.locked_until, a.closed_at, a.created_at, p.title, p.role, \
                 p.agency_id, u.name AS unit_name, g.name AS agency_name FROM account a \
                 JOIN post p ON p.account_id = a.id JOIN agency g ON g.id = p.agency_id \
                 LEFT JOIN unit u ON u.id = p.unit_id WHERE a.id = $1 ORDER BY p.id"
            ),
            args![id],
        )
        .await?;
    let agencies = rows
        .iter()
        .map(|row| row.get::<AgencyId>("agency_id"))
        .collect::<store::Result<Vec<_>>>()?;
    if !agencies.iter().any(|agency| manages(&who, *agency)) {
        return Err(AppError::NotFound);
    }
    let account = gather(&rows, app.clock.now())?.pop().ok_or(AppError::NotFound)?;
    let row = rows.first().ok_or(AppError::NotFound)?;
    let roles: Vec<_> = account.roles.iter().map(|role| role.label()).collect();
    let state = account.state.badge();
    let mut facts = vec![
        Fact::new("Tên tài khoản", &account.username),
        Fact::new("Trạng thái", state.label).badge(state.tone),
    ];
    facts.extend(account.posts.iter().map(|post| Fact::new("Chức vụ", post)));
    facts.push(Fact::new("Vai trò", roles.join(", ")));
    facts.push(Fact::new("Tạo lúc", format::moment(row.get("created_at")?)));
    if account.state == AccountState::Locked
        && let Some(until) = row.get::<Option<Timestamp>>("locked_until")?
    {
        facts.push(Fact::new("Tự mở lúc", format::moment(until)));
    }
    // The account itself is open, but its owner may be the one who mistyped there.
    let stopped = app.attempts.stopped_until(&account.username, app.clock.now());
    if let Some(until) = stopped {
        facts.push(Fact::new("Tạm chặn từ một mạng đến", format::moment(until)));
    }
    if let Some(at) = row.get::<Option<Timestamp>>("closed_at")? {
        facts.push(Fact::new("Khóa hẳn lúc", format::moment(at)));
    }
    render(&AccountPageOfOne {
        page: frame(&app, &who, &jar, &account.full_name, "accounts").await?,
        id: id.to_string(),
        facts,
        is_closed: account.state == AccountState::Closed,
        is_locked: account.state == AccountState::Locked || stopped.is_some(),
        is_own: id == who.account(),
        history: history(&app, id.as_uuid()).await?,
        command_id: app.ids.next().to_string(),
    })
}
