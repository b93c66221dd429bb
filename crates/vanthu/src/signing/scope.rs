//! Whose keys, images and devices a page of the administration shows: the own agency's, or, for the administrator of the
//! province, those of any agency.

use rules::ids::AgencyId;
use serde::Deserialize;
use store::{args, sql};

use crate::{
    administration,
    context::{App, Who},
    error::{AppError, AppResult},
    web::page::{Choice, Tab},
};

/// `?agency=…` of a page.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub struct Of {
    /// The agency; the own one when absent.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    pub agency: Option<AgencyId>,
}

/// The agency that a page shows.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub name: String,
    /// All agencies, for the administrator of the province; otherwise empty: nothing to choose.
    pub choices: Vec<Choice>,
}

impl Scope {
    /// Its id as text, for forms.
    pub fn id(&self) -> String {
        self.agency.to_string()
    }
}

/// The agency that is asked for, if this person administers it.
///
/// # Errors
/// `QC01-23.4` for everybody but administrators; [`AppError::NotFound`] for an agency of somebody else.
pub async fn administered(app: &App, who: &Who, of: Of) -> AppResult<Scope> {
    administration::must_administer(who)?;
    let agency = of.agency.unwrap_or(who.agency());
    if !administration::manages(who, agency) {
        return Err(AppError::NotFound);
    }
    scope(app, who, agency).await
}

/// The same without asking who may: the caller did.
///
/// # Errors
/// [`AppError::NotFound`] for an agency that is not there.
pub async fn scope(app: &App, who: &Who, agency: AgencyId) -> AppResult<Scope> {
    let row = app
        .db
        .opt(sql!("SELECT name FROM agency WHERE id = $1"), args![agency])
        .await?
        .ok_or(AppError::NotFound)?;
    let mut choices = Vec::new();
    if who.actor.is_province_administrator {
        let rows = app
            .db
            .all(
                sql!(
                    "SELECT id, name FROM agency WHERE level <> 'partner' AND (valid_to IS NULL OR valid_to >= $1) \
                     ORDER BY folded_name, id"
                ),
                args![app.clock.today()],
            )
            .await?;
        for row in &rows {
            let id: AgencyId = row.get("id")?;
            choices.push(Choice::new(id.to_string(), row.get::<String>("name")?));
        }
    }
    Ok(Scope {
        agency,
        name: row.get("name")?,
        choices,
    })
}

/// The tabs over all pages of this part of the administration; `current` is the key of the one that is open.
pub fn tabs(who: &Who, agency: AgencyId, current: &str) -> Vec<Tab> {
    let of = |path: &str| {
        if agency == who.agency() {
            format!("/administration/signing{path}")
        } else {
            format!("/administration/signing{path}?agency={agency}")
        }
    };
    let tab = |key: &'static str, label: &'static str, href: String| Tab {
        label,
        href,
        is_current: key == current,
    };
    let mut tabs = Vec::new();
    let administers = administration::manages(who, agency);
    if administers {
        tabs.push(tab("overview", "Tổng quan", of("")));
        tabs.push(tab("certificates", "Chứng thư", of("/certificates")));
        tabs.push(tab("images", "Hình ảnh", of("/images")));
    }
    tabs.push(tab("custody", "Giao giữ thiết bị", of("/custody")));
    tabs.push(tab("uses", "Nhật ký dùng khóa", of("/uses")));
    if administers {
        tabs.push(tab("providers", "Nơi lưu khóa", of("/providers")));
    }
    if who.actor.is_province_administrator {
        tabs.push(tab("trust", "Danh sách tin cậy", of("/trust")));
        tabs.push(tab("evidence", "Bằng chứng thu hồi", of("/evidence")));
        tabs.push(tab("time-stamp", "Dấu thời gian", of("/time-stamp")));
    }
    tabs
}
