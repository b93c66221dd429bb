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
    directory::{
        change,
        lookup::{self, Standing},
    },
    error::AppResult,
    web::{
        Reply, Submitted, encode, frame,
        page::{Crumb, Page, Pager},
        render, see_other,
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
    /// How many codes only the axis says, and nobody else has: they may be confirmed at once.
    undisputed: u32,
    command_id: Uuid,
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
    let mut lines = if from.after.is_empty() {
        said(&app).await?
    } else {
        Vec::new()
    };
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
        undisputed: change::undisputed(&app).await?,
        command_id: app.ids.next(),
        pager: Pager {
            newer: (!from.after.is_empty()).then(|| "/administration/directory/proposals".to_owned()),
            older: more.then(|| format!("/administration/directory/proposals?after={}", encode(&last))),
        },
    })
}

/// Codes that only the axis says, the first of them: with who has each now, if somebody has.
async fn said(app: &App) -> AppResult<Vec<Line>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT c.code, e.id, e.code AS keeper_code, e.name, (SELECT o.name FROM directory_code k \
                 JOIN directory_entry o ON o.id = k.entry_id WHERE k.code = c.code AND k.entry_id <> e.id AND k.confirmed = 1 \
                 AND o.valid_to IS NULL ORDER BY o.id LIMIT 1) AS other_name \
                 FROM directory_code c JOIN directory_entry e ON e.id = c.entry_id \
                 WHERE c.confirmed = 0 AND c.valid_to IS NULL AND e.valid_to IS NULL ORDER BY c.code, e.id LIMIT $1"
            ),
            args![PAGE],
        )
        .await?;
    let line = |row: &store::Row| {
        Ok(Line {
            keeper: row.get("id")?,
            keeper_code: row.get("keeper_code")?,
            keeper_name: row.get("name")?,
            code: row.get("code")?,
            other_name: row.get::<Option<String>>("other_name")?.unwrap_or_default(),
            command_id: app.ids.next(),
        })
    };
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}

/// A form without fields.
#[derive(Debug, Default, Deserialize)]
pub struct Nothing {}

/// `POST /administration/directory/proposals`: confirms everything that nobody disputes.
pub async fn confirm_all(State(app): State<App>, form: Submitted<Nothing>) -> Reply {
    let count = change::confirm_undisputed(&app, &form.who, form.command).await?;
    Ok(see_other(
        &app,
        "/administration/directory/proposals",
        &format!("Đã xác nhận {count} mã."),
    ))
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
