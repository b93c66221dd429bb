//! Tải danh mục: the whole directory, and the codes of our own agencies (QD28-19.1c).

use axum::{
    extract::{Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use store::{Filter, Row, args, sql};
use uuid::Uuid;

use crate::{
    administration::must_administer,
    context::{App, Who},
    directory::table::{self, Written},
    error::AppResult,
    web::Reply,
};

/// Entries read at once.
const BATCH: i64 = 2000;

/// CSV or XLSX.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    format: String,
}

/// `GET /administration/directory/export`.
pub async fn whole(State(app): State<App>, who: Who, Query(wanted): Query<Wanted>) -> Reply {
    must_administer(&who)?;
    file(lines(&app).await?, &wanted.format, "danh-muc-truc-lien-thong").await
}

/// Every entry as a line, by code.
async fn lines(app: &App) -> AppResult<Vec<Written>> {
    let mut lines = Vec::new();
    let mut after: Option<(String, Uuid)> = None;
    loop {
        let mut filter = Filter::select(
            "SELECT e.id, e.code, e.name, e.parent_code, e.level, e.email, e.valid_to, (SELECT min(c.code) FROM directory_code c \
             WHERE c.entry_id = e.id AND c.form = 'older' AND c.valid_to IS NULL AND c.confirmed = 1 AND c.code <> e.code) AS old_code FROM directory_entry e",
        );
        if let Some((code, id)) = &after {
            filter = filter.and("(e.code, e.id) > (?, ?)", args![code.as_str(), *id]);
        }
        let rows = app
            .db
            .filtered(filter.end("ORDER BY e.code, e.id LIMIT ?", args![BATCH]))
            .await?;
        let Some(last) = rows.last() else {
            return Ok(lines);
        };
        after = Some((last.get("code")?, last.get("id")?));
        for row in &rows {
            let closed = row.get::<Option<String>>("valid_to")?.is_some();
            lines.push(written(row, if closed { "Đã đóng" } else { "" })?);
        }
    }
}

/// `GET /administration/directory/own-codes`: our agencies with their codes, those they had before included.
pub async fn own_codes(State(app): State<App>, who: Who, Query(wanted): Query<Wanted>) -> Reply {
    must_administer(&who)?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT a.code, a.old_code, a.name, p.code AS parent_code, NULL AS level, NULL AS email, a.valid_to FROM agency a \
                 LEFT JOIN agency p ON p.id = a.parent_id WHERE a.level <> 'partner' AND a.code IS NOT NULL ORDER BY a.code"
            ),
            args![],
        )
        .await?;
    let today = app.clock.today();
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let closed = row
            .get::<Option<jiff::civil::Date>>("valid_to")?
            .is_some_and(|day| day < today);
        lines.push(written(row, if closed { "Đã đóng" } else { "" })?);
    }
    file(lines, &wanted.format, "ma-dinh-danh-don-vi").await
}

fn written(row: &Row, state: &str) -> AppResult<Written> {
    let text = |column: &str| row.get::<Option<String>>(column).map(Option::unwrap_or_default);
    Ok(Written {
        cells: [
            text("code")?,
            text("old_code")?,
            text("name")?,
            text("parent_code")?,
            row.get::<Option<i64>>("level")?
                .map(|level| level.to_string())
                .unwrap_or_default(),
            text("email")?,
            state.to_owned(),
        ],
    })
}

async fn file(lines: Vec<Written>, format: &str, name: &str) -> AppResult<Response> {
    let is_xlsx = format == "xlsx";
    let (kind, ending) = if is_xlsx {
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        )
    } else {
        ("text/csv; charset=utf-8", "csv")
    };
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    Ok((
        [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        bytes_of(lines, is_xlsx).await?,
    )
        .into_response())
}

/// A hundred thousand rows take seconds: not on a thread that serves others.
async fn bytes_of(lines: Vec<Written>, is_xlsx: bool) -> AppResult<Vec<u8>> {
    tokio::task::spawn_blocking(move || {
        if is_xlsx {
            table::xlsx_of(&lines)
        } else {
            table::csv_of(&lines)
        }
    })
    .await
    .map_err(anyhow::Error::from)?
}

/// The whole directory as a file: XLSX, otherwise CSV.
///
/// # Errors
/// When the database fails.
pub async fn export(app: &App, is_xlsx: bool) -> AppResult<Vec<u8>> {
    bytes_of(lines(app).await?, is_xlsx).await
}
