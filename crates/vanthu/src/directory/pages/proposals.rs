//! Đối chiếu mã cũ và mã mới: organisations known by an older code only, each with the code that it most likely has now. The
//! program proposes; a person confirms.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use rules::identifiers::OrganCode;
use serde::Deserialize;
use store::{args, sql};
use uuid::Uuid;

use crate::{
    administration::must_administer_province,
    context::{App, Who},
    directory::lookup::{self, Standing},
    error::AppResult,
    web::{
        Reply, encode, frame,
        page::{Crumb, Page, Pager},
        render,
    },
};

/// Proposals of a page.
const PAGE: i64 = 25;

struct Line {
    /// The entry that keeps the code in use, and gets the other one.
    keeper: Uuid,
    keeper_code: String,
    keeper_name: String,
    /// The code to confirm.
    code: String,
    /// The name under which it stands in the directory now.
    other_name: String,
    command_id: Uuid,
}

#[derive(Template)]
#[template(path = "directory/pages/proposals.html")]
struct ProposalsPage {
    page: Page,
    crumbs: Vec<Crumb>,
    lines: Vec<Line>,
    pager: Pager,
}

/// Where the list goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct From {
    after: String,
}

/// `GET /administration/directory/proposals`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar, Query(from): Query<From>) -> Reply {
    must_administer_province(&who)?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT c.code, e.id, e.name FROM directory_code c JOIN directory_entry e ON e.id = c.entry_id \
                 WHERE c.form = 'older' AND c.code > $1 AND c.valid_to IS NULL AND e.valid_to IS NULL AND upper(e.code) = c.code \
                 AND NOT EXISTS (SELECT 1 FROM directory_code o WHERE o.entry_id = e.id AND o.form = 'current' AND o.valid_to IS NULL) \
                 ORDER BY c.code LIMIT $2"
            ),
            args![from.after.as_str(), PAGE + 1],
        )
        .await?;
    let more = rows.len() as i64 > PAGE;
    let mut lines = Vec::new();
    let mut last = String::new();
    for row in rows.iter().take(PAGE as usize) {
        last = row.get("code")?;
        lines.extend(line(&app, &last, row.get("id")?, row.get("name")?).await?);
    }
    let title = "Đối chiếu mã cũ, mã mới";
    render(&ProposalsPage {
        page: frame(&app, &who, &jar, title, "directory").await?,
        crumbs: vec![
            Crumb::new("Danh mục trục liên thông", "/administration/directory"),
            Crumb::new(title, ""),
        ],
        lines,
        pager: Pager {
            newer: (!from.after.is_empty()).then(|| "/administration/directory/proposals".to_owned()),
            older: more.then(|| format!("/administration/directory/proposals?after={}", encode(&last))),
        },
    })
}

async fn line(app: &App, older: &str, id: Uuid, name: String) -> AppResult<Option<Line>> {
    let Some(proposed) = OrganCode::read(older)?.proposed_counterpart() else {
        return Ok(None);
    };
    let line = match lookup::standing(app, proposed.as_str()).await? {
        // Both stand in the directory: the one with the current code stays.
        Standing::InUse(entry) => Line {
            keeper: entry.id,
            keeper_code: entry.code,
            keeper_name: entry.name,
            code: older.to_owned(),
            other_name: name,
            command_id: app.ids.next(),
        },
        Standing::Closed(_) => return Ok(None),
        Standing::Unknown => Line {
            keeper: id,
            keeper_code: older.to_owned(),
            keeper_name: name,
            code: proposed.to_string(),
            other_name: String::new(),
            command_id: app.ids.next(),
        },
    };
    Ok(Some(line))
}
