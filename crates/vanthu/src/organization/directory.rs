//! Who there is: agencies to send to, posts to assign to. Only what is in force today.

use rules::{
    ids::{AccountId, AgencyId, PostId, UnitId},
    people::Role,
};
use serde::Serialize;
use store::{Row, args, sql};
use utoipa::ToSchema;

use crate::{
    context::App,
    error::{AppError, AppResult},
    web::page::Choice,
};

/// A cơ quan, tổ chức.
#[derive(Debug, Clone)]
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// The agency above it.
    pub parent: Option<AgencyId>,
    /// Level: `province`, `department`, `district`, `commune`, `subordinate`, `partner`.
    pub level: String,
    /// Official name.
    pub name: String,
    /// Cơ quan chủ quản as printed in ô 2.
    pub printed_parent: Option<String>,
    /// Abbreviation in symbols.
    pub abbr: String,
    /// After the dot of account names.
    pub account_suffix: String,
    /// Mã định danh (QĐ 20/2020).
    pub code: Option<String>,
    /// Địa danh.
    pub place_name: String,
    /// Works by chế độ tập thể: signs TM.
    pub collective: bool,
    /// Title of the head: `Chủ tịch`, `Giám đốc`.
    pub head_title: String,
    /// Title of a deputy.
    pub deputy_title: String,
}

/// A person in a post, to choose from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PostOption {
    /// The post.
    #[schema(value_type = uuid::Uuid)]
    pub post: PostId,
    /// Whose post it is: one person may hold several.
    #[serde(skip)]
    #[schema(ignore)]
    pub account: AccountId,
    /// Họ và tên.
    pub name: String,
    /// Chức vụ.
    pub title: String,
    /// Role in the system.
    #[schema(value_type = String)]
    pub role: Role,
    /// Thủ trưởng cơ quan.
    pub is_agency_head: bool,
    /// Đơn vị.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub unit: Option<UnitId>,
    /// Name of the unit.
    pub unit_name: Option<String>,
    /// The agency.
    #[schema(value_type = uuid::Uuid)]
    pub agency: AgencyId,
}

impl PostOption {
    /// As a choice of a form.
    pub fn choice(&self) -> Choice {
        let place = self
            .unit_name
            .as_ref()
            .map_or_else(|| self.title.clone(), |unit| format!("{}, {unit}", self.title));
        Choice::new(self.post.to_string(), &self.name).hint(place)
    }
}

/// Agencies that can receive documents, in Vietnamese order, as (id, name and code).
///
/// # Errors
/// When the database fails.
pub async fn agencies(app: &App) -> AppResult<Vec<Choice>> {
    let rows = app
        .db
        .all(
            sql!("SELECT id, name, code, level FROM agency WHERE valid_to IS NULL OR valid_to >= $1 ORDER BY folded_name, id"),
            args![app.clock.today()],
        )
        .await?;
    let choice = |row: &Row| {
        let code: Option<String> = row.get("code")?;
        let outside = row.get::<String>("level")? == "partner";
        let hint = code.unwrap_or_else(|| {
            if outside {
                "Ngoài hệ thống".to_owned()
            } else {
                String::new()
            }
        });
        Ok(Choice::new(row.get::<AgencyId>("id")?.to_string(), row.get::<String>("name")?).hint(hint))
    };
    Ok(rows.iter().map(choice).collect::<store::Result<_>>()?)
}

/// Agencies of this installation, in Vietnamese order, as (id, name and code).
///
/// # Errors
/// When the database fails.
pub async fn own_agencies(app: &App) -> AppResult<Vec<Choice>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, name, code FROM agency WHERE level <> 'partner' AND (valid_to IS NULL OR valid_to >= $1) \
                 ORDER BY folded_name, id"
            ),
            args![app.clock.today()],
        )
        .await?;
    let choice = |row: &Row| {
        let code: Option<String> = row.get("code")?;
        Ok(
            Choice::new(row.get::<AgencyId>("id")?.to_string(), row.get::<String>("name")?)
                .hint(code.unwrap_or_default()),
        )
    };
    Ok(rows.iter().map(choice).collect::<store::Result<_>>()?)
}

/// How agencies are written in a field that also takes other names: by name, with the code when the name is not the
/// only one of its kind.
///
/// # Errors
/// When the database fails.
pub async fn agency_texts(app: &App) -> AppResult<Vec<String>> {
    let agencies = agencies(app).await?;
    let mut times = std::collections::HashMap::new();
    for agency in &agencies {
        *times.entry(viet_text::fold(&agency.label)).or_insert(0_u32) += 1;
    }
    let text = |agency: Choice| {
        if times[&viet_text::fold(&agency.label)] > 1 {
            format!("{} ({})", agency.label, agency.hint)
        } else {
            agency.label
        }
    };
    Ok(agencies.into_iter().map(text).collect())
}

/// The agency that such a text names; `None` for any other name, and for one that several agencies have.
///
/// # Errors
/// When the database fails.
pub async fn agency_of_text(app: &App, text: &str) -> AppResult<Option<AgencyId>> {
    let (name, code) = text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once(" ("))
        .map_or((text, None), |(name, code)| (name, Some(code)));
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, code FROM agency WHERE folded_name IN ($1, $2) AND (valid_to IS NULL OR valid_to >= $3) \
                 ORDER BY id LIMIT 100"
            ),
            args![viet_text::fold(text), viet_text::fold(name), app.clock.today()],
        )
        .await?;
    let mut found = rows.iter().filter(|row| {
        code.is_none_or(|code| {
            row.get::<Option<String>>("code")
                .is_ok_and(|own| own.as_deref() == Some(code))
        })
    });
    match (found.next(), found.next()) {
        (Some(row), None) => Ok(Some(row.get("id")?)),
        _ => Ok(None),
    }
}

/// An agency.
///
/// # Errors
/// [`AppError::NotFound`] when there is none of this id.
pub async fn agency(app: &App, id: AgencyId) -> AppResult<Agency> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT id, parent_id, level, name, printed_parent, abbr, account_suffix, code, place_name, collective, \
                 head_title, deputy_title FROM agency WHERE id = $1"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(Agency {
        id,
        parent: row.get("parent_id")?,
        level: row.get("level")?,
        name: row.get("name")?,
        printed_parent: row.get("printed_parent")?,
        abbr: row.get("abbr")?,
        account_suffix: row.get("account_suffix")?,
        code: row.get("code")?,
        place_name: row.get("place_name")?,
        collective: row.get("collective")?,
        head_title: row.get("head_title")?,
        deputy_title: row.get("deputy_title")?,
    })
}

/// The posts of an agency that are in force: leaders first, then by unit and Vietnamese name order.
///
/// # Errors
/// When the database fails.
pub async fn posts_of(app: &App, agency: AgencyId) -> AppResult<Vec<PostOption>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT p.id, p.account_id, p.title, p.role, p.is_agency_head, p.unit_id, p.agency_id, u.name AS unit_name, a.full_name \
                 FROM post p JOIN account a ON a.id = p.account_id LEFT JOIN unit u ON u.id = p.unit_id \
                 WHERE p.agency_id = $1 AND (p.valid_to IS NULL OR p.valid_to >= $2) AND a.closed_at IS NULL \
                 ORDER BY p.is_agency_head DESC, CASE p.role WHEN 'leader' THEN 0 ELSE 1 END, coalesce(u.sort, -1), \
                 CASE p.role WHEN 'unit_head' THEN 0 ELSE 1 END, a.sort_name, p.id"
            ),
            args![agency, app.clock.today()],
        )
        .await?;
    Ok(rows.iter().map(option).collect::<store::Result<_>>()?)
}

/// A post, in force or not: for names on old documents.
///
/// # Errors
/// [`AppError::NotFound`] when there is none of this id.
pub async fn post(app: &App, id: PostId) -> AppResult<PostOption> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT p.id, p.account_id, p.title, p.role, p.is_agency_head, p.unit_id, p.agency_id, u.name AS unit_name, a.full_name \
                 FROM post p JOIN account a ON a.id = p.account_id LEFT JOIN unit u ON u.id = p.unit_id WHERE p.id = $1"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(option(&row)?)
}

fn option(row: &Row) -> store::Result<PostOption> {
    Ok(PostOption {
        post: row.get("id")?,
        account: row.get("account_id")?,
        name: row.get("full_name")?,
        title: row.get("title")?,
        role: row.parse("role")?,
        is_agency_head: row.get("is_agency_head")?,
        unit: row.get("unit_id")?,
        unit_name: row.get("unit_name")?,
        agency: row.get("agency_id")?,
    })
}
