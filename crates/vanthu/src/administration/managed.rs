//! Which accounts and agencies an administrator manages.

use rules::{
    Refusal,
    access::{self, Action, ObjectFacts},
    ids::{AccountId, AgencyId},
    people::Role,
};
use serde::{Deserialize, Serialize};
use store::{Act, Row, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    context::Who,
    error::{AppError, AppResult},
};

/// An act on an account without fields of its own.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct NoFields {}

/// The account that was changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccountChanged {
    /// Its id.
    pub id: Uuid,
    /// Tên tài khoản.
    pub username: String,
    /// Họ và tên.
    pub full_name: String,
}

/// An account that may be changed, its row locked.
pub struct Managed {
    pub id: AccountId,
    pub username: String,
    pub full_name: String,
    /// The agency of its first post: its journal tells what was done.
    pub agency: AgencyId,
    pub closed: bool,
}

impl Managed {
    /// The answer of an act on it.
    pub fn changed(&self) -> AccountChanged {
        AccountChanged {
            id: self.id.as_uuid(),
            username: self.username.clone(),
            full_name: self.full_name.clone(),
        }
    }

    /// Refuses what makes no sense for an account that is locked for good.
    pub fn must_be_open(&self) -> Result<(), Refusal> {
        if self.closed {
            return Err(Refusal::new(
                "QC01-23.1c",
                "account.closed",
                "Tài khoản này đã khóa hẳn. Nếu cán bộ trở lại công tác, vui lòng tạo tài khoản mới.",
            ));
        }
        Ok(())
    }
}

/// Everybody but administrators is told whose work this is.
///
/// # Errors
/// `QC01-23.4` for any other role.
pub fn must_administer(who: &Who) -> AppResult<()> {
    if who.role() == Role::Administrator {
        return Ok(());
    }
    Err(Refusal::new(
        "QC01-23.4",
        "access.role",
        format!(
            "Việc này thuộc trách nhiệm của {}. Vui lòng liên hệ người được phân công.",
            Role::Administrator.label()
        ),
    )
    .into())
}

/// Everybody but the administrator of the province is told whose work this is.
///
/// # Errors
/// `QC01-23.4` for any other role; the same for administrators of one agency.
pub fn must_administer_province(who: &Who) -> AppResult<()> {
    must_administer(who)?;
    if who.actor.is_province_administrator {
        return Ok(());
    }
    Err(Refusal::new(
        "QC01-23.4",
        "access.province",
        "Việc này thuộc trách nhiệm của quản trị hệ thống của tỉnh. Vui lòng liên hệ người được phân công.",
    )
    .into())
}

/// Whether this administrator manages the accounts of `agency`.
pub fn manages(who: &Who, agency: AgencyId) -> bool {
    access::decide(&who.actor, Action::ManageAccounts, &ObjectFacts::agency(agency)).is_ok()
}

/// Locks the row of an account that this administrator manages.
///
/// # Errors
/// [`AppError::NotFound`] for an account of another agency as for a missing one; a refusal when the person also holds a
/// post elsewhere: then only the administrator of the province may.
pub async fn for_change(act: &mut Act, who: &Who, id: AccountId) -> AppResult<Managed> {
    must_administer(who)?;
    let today = act.today();
    let row = act
        .opt(
            sql!(
                "UPDATE account SET failures = failures WHERE id = $1 RETURNING username, full_name, closed_at"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let posts = act
        .all(
            sql!(
                "SELECT agency_id, CAST(CASE WHEN valid_to IS NULL OR valid_to >= $2 THEN 1 ELSE 0 END AS BIGINT) AS in_force \
                 FROM post WHERE account_id = $1 ORDER BY id"
            ),
            args![id, today],
        )
        .await?;
    let read = |post: &Row| Ok((post.get("agency_id")?, post.get("in_force")?));
    let posts: Vec<(AgencyId, bool)> = posts.iter().map(read).collect::<store::Result<_>>()?;
    // Whoever holds no post any more is still managed where they had one.
    let any_in_force = posts.iter().any(|(_, in_force)| *in_force);
    let of: Vec<AgencyId> = posts
        .into_iter()
        .filter(|(_, in_force)| *in_force || !any_in_force)
        .map(|(agency, _)| agency)
        .collect();
    let agency = of
        .iter()
        .copied()
        .find(|agency| manages(who, *agency))
        .ok_or(AppError::NotFound)?;
    if !of.iter().all(|agency| manages(who, *agency)) {
        return Err(Refusal::new(
            "QC01-23.1",
            "account.posts_elsewhere",
            "Cán bộ này còn giữ chức vụ ở cơ quan khác. Vui lòng đề nghị quản trị của tỉnh thực hiện.",
        )
        .into());
    }
    Ok(Managed {
        id,
        username: row.get("username")?,
        full_name: row.get("full_name")?,
        agency,
        closed: row.get::<Option<i64>>("closed_at")?.is_some(),
    })
}
