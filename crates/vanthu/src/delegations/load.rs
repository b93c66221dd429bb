//! Which delegations there are for a person, and what waits in the place of whoever is replaced.

use axum::{Json, extract::State};
use jiff::{Timestamp, civil::Date};
use rules::{
    delegation::{Function, Scope},
    ids::PostId,
    people::Role,
};
use serde::Serialize;
use store::{Row, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    administration,
    context::{App, Who},
    desk::DeskBox,
    error::AppResult,
    web::format,
};

/// A delegation with names.
#[derive(Debug, Clone)]
pub(super) struct Delegation {
    pub id: Uuid,
    pub giver_post: PostId,
    pub giver: String,
    pub substitute_post: PostId,
    pub substitute: String,
    pub scope: Scope,
    pub from: Date,
    pub to: Date,
    pub basis: String,
    pub given_by: String,
    pub revoked_at: Option<Timestamp>,
    pub revoked_by: Option<String>,
}

impl Delegation {
    /// Whether it holds on this day.
    pub fn holds(&self, today: Date) -> bool {
        self.revoked_at.is_none() && self.from <= today && self.to >= today
    }

    /// Whether it has ended.
    pub fn has_ended(&self, today: Date) -> bool {
        self.revoked_at.is_some() || self.to < today
    }
}

fn delegation(row: &Row) -> store::Result<Delegation> {
    let label = |name: &str, title: &str| {
        Ok::<_, store::Error>(format!(
            "{}, {}",
            row.get::<String>(name)?,
            row.get::<String>(title)?
        ))
    };
    Ok(Delegation {
        id: row.get("id")?,
        giver_post: row.get("giver_post")?,
        giver: label("giver", "giver_title")?,
        substitute_post: row.get("substitute_post")?,
        substitute: label("substitute", "substitute_title")?,
        scope: Scope::read(&row.get::<String>("functions")?),
        from: row.get("from_on")?,
        to: row.get("to_on")?,
        basis: row.get("basis")?,
        given_by: row.get("given_by")?,
        revoked_at: row.get("revoked_at")?,
        revoked_by: row.get("revoked_by")?,
    })
}

/// Those that concern a person, newest first; all of the agency for its administrator.
///
/// # Errors
/// When the database fails.
pub(super) async fn of(app: &App, who: &Who) -> AppResult<Vec<Delegation>> {
    let all = administration::manages(who, who.agency());
    let rows = app
        .db
        .all(
            sql!(
                "SELECT e.id, e.giver_post, e.substitute_post, e.functions, e.from_on, e.to_on, e.basis, e.given_by, e.revoked_at, \
                 e.revoked_by, ga.full_name AS giver, gp.title AS giver_title, \
                 sa.full_name AS substitute, sp.title AS substitute_title FROM delegation e \
                 JOIN post gp ON gp.id = e.giver_post JOIN account ga ON ga.id = gp.account_id \
                 JOIN post sp ON sp.id = e.substitute_post JOIN account sa ON sa.id = sp.account_id \
                 WHERE e.agency_id = $1 AND ($3 = 1 OR e.giver_post = $2 OR e.substitute_post = $2) ORDER BY e.id DESC LIMIT 200"
            ),
            args![who.agency(), who.post(), all],
        )
        .await?;
    Ok(rows.iter().map(delegation).collect::<store::Result<_>>()?)
}

/// Whose place a person may work in today, with what waits there.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The delegation.
    pub id: Uuid,
    /// Whose work it is, name and title.
    pub giver: String,
    /// The last day.
    pub until: Date,
    /// What was handed over.
    pub scope: Scope,
    /// The boxes of that place with what waits in them.
    pub boxes: Vec<(DeskBox, i64)>,
}

impl Standing {
    /// The last day, for a reader.
    pub fn until_text(&self) -> String {
        format::date(self.until)
    }

    /// The boxes in which something waits.
    pub fn waiting(&self) -> Vec<(DeskBox, i64)> {
        self.boxes
            .iter()
            .copied()
            .filter(|(_, count)| *count > 0)
            .collect()
    }
}

/// The places in which this person may work today.
///
/// # Errors
/// When the database fails.
pub async fn standing(app: &App, who: &Who) -> AppResult<Vec<Standing>> {
    if who.in_place.is_some() || who.role() == Role::Administrator {
        return Ok(Vec::new());
    }
    let today = app.clock.today();
    let rows = app
        .db
        .all(
            sql!(
                "SELECT e.id, e.giver_post, e.functions, e.to_on, a.full_name, p.title, p.role FROM delegation e \
                 JOIN post p ON p.id = e.giver_post JOIN account a ON a.id = p.account_id \
                 WHERE e.substitute_post = $1 AND e.to_on >= $2 AND e.from_on <= $2 AND e.revoked_at IS NULL \
                 AND a.closed_at IS NULL AND (p.valid_to IS NULL OR p.valid_to >= $2) ORDER BY e.id LIMIT 20"
            ),
            args![who.post(), today],
        )
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let scope = Scope::read(&row.get::<String>("functions")?);
        let mut boxes: Vec<(DeskBox, i64)> = DeskBox::handed_over(row.parse("role")?, scope)
            .into_iter()
            .filter(|known| known.is_counted())
            .map(|known| (known, 0))
            .collect();
        let counts = app
            .db
            .all(
                sql!("SELECT box, count FROM desk_count WHERE owner_id = $1"),
                args![row.get::<PostId>("giver_post")?],
            )
            .await?;
        for counted in &counts {
            let (key, count): (String, i64) = (counted.get("box")?, counted.get("count")?);
            for (known, value) in &mut boxes {
                if known.key() == key {
                    *value = count;
                }
            }
        }
        all.push(Standing {
            id: row.get("id")?,
            giver: format!(
                "{}, {}",
                row.get::<String>("full_name")?,
                row.get::<String>("title")?
            ),
            until: row.get("to_on")?,
            scope,
            boxes,
        });
    }
    Ok(all)
}

/// A delegation as the API tells it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DelegationLine {
    /// Its id; a substitute sends it as `Acting-For` with every request in that place.
    pub id: Uuid,
    /// The post whose work it is.
    #[schema(value_type = Uuid)]
    pub giver: PostId,
    /// Name and title.
    pub giver_name: String,
    /// The post that does it.
    #[schema(value_type = Uuid)]
    pub substitute: PostId,
    /// Name and title.
    pub substitute_name: String,
    /// `handle`, `content`, `prepare`.
    #[schema(value_type = Vec<String>)]
    pub functions: Vec<Function>,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from_on: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub to_on: Date,
    /// Căn cứ.
    pub basis: String,
    /// Whether it holds today.
    pub in_force: bool,
}

/// The delegations that concern the person; all of the agency for its administrator.
#[utoipa::path(get, path = "/api/v1/delegations", tag = "delegations", responses((status = 200, body = Vec<DelegationLine>)))]
pub async fn api(State(app): State<App>, who: Who) -> AppResult<Json<Vec<DelegationLine>>> {
    let today = app.clock.today();
    let line = |one: Delegation| DelegationLine {
        id: one.id,
        giver: one.giver_post,
        giver_name: one.giver.clone(),
        substitute: one.substitute_post,
        substitute_name: one.substitute.clone(),
        functions: one.scope.functions(),
        from_on: one.from,
        to_on: one.to,
        basis: one.basis.clone(),
        in_force: one.holds(today),
    };
    Ok(Json(of(&app, &who).await?.into_iter().map(line).collect()))
}
