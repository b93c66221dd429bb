//! Tìm trong danh mục: by name, with or without accents, words in any order; by code, new or old, whole or its beginning.
//!
//! A list of more than a hundred thousand entries: names are read along the index of names, codes along that of codes, and a
//! page ends as soon as it is full.

use rules::identifiers::OrganCode;
use serde::{Deserialize, Serialize};
use store::{Filter, Row, args, sql};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    context::App,
    error::{AppError, AppResult},
    web::clean,
};

/// Entries of a page.
pub const PAGE: usize = 25;
/// Words of a search; more are not looked at.
const WORDS: usize = 8;
/// Entries that a code within a text of several words may narrow to.
const BY_CODE: i64 = 20_000;

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct DirectoryQuery {
    /// Words of the name with or without accents, or a code or its beginning; empty: all by name.
    pub q: String,
    /// Continue after this place: the `next` of the page before.
    pub after: String,
    /// Closed entries too (`on`).
    pub closed: String,
}

impl DirectoryQuery {
    /// Entries in use that answer to `q`.
    pub fn of(q: &str) -> Self {
        Self {
            q: q.to_owned(),
            ..Self::default()
        }
    }
}

/// An entry that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DirectoryLine {
    /// Its id.
    pub id: Uuid,
    /// Mã định danh in use.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the organisation above it.
    pub parent_code: Option<String>,
    /// Its name, when it stands in the directory.
    pub parent_name: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Closed: no longer to be sent to.
    pub closed: bool,
}

/// A page of entries.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DirectoryPage {
    /// The entries, by name; those found by a code alone, by code.
    pub items: Vec<DirectoryLine>,
    /// Pass as `after` for more; absent on the last page.
    pub next: Option<String>,
}

const BY_NAME: &str = "SELECT e.id, e.code, e.name, e.folded_name, e.parent_code, e.email, e.valid_to, \
    (SELECT p.name FROM directory_entry p WHERE p.code = e.parent_code) AS parent_name FROM directory_entry e";

/// Finds entries.
///
/// # Errors
/// When `after` is no place of a page; when the database fails.
pub async fn find(app: &App, query: &DirectoryQuery, most: usize) -> AppResult<DirectoryPage> {
    let q = clean(&query.q);
    let with_closed = !query.closed.is_empty();
    if let Some(code) = lone_code(&q) {
        return by_code(app, &code, query, with_closed, most).await;
    }
    let mut filter = Filter::select(BY_NAME);
    if !with_closed {
        filter = filter.and("e.valid_to IS NULL", args![]);
    }
    for word in q.split_whitespace().take(WORDS) {
        if looks_like_code(word) {
            let (from, to) = range(&word.to_uppercase());
            filter = filter.and(
                "e.id IN (SELECT c.entry_id FROM directory_code c WHERE c.code >= ? AND c.code < ? LIMIT ?)",
                args![from, to, BY_CODE],
            );
            continue;
        }
        for part in viet_text::fold(word).split_whitespace() {
            let part = part.replace(['%', '_', '\\'], "");
            if !part.is_empty() {
                filter = filter.and("e.folded_name LIKE ?", args![format!("%{part}%")]);
            }
        }
    }
    if let Some((name, id)) = place(&query.after)? {
        filter = filter.and("(e.folded_name, e.id) > (?, ?)", args![name, id]);
    }
    let rows = app
        .db
        .filtered(filter.end("ORDER BY e.folded_name, e.id LIMIT ?", args![most as i64 + 1]))
        .await?;
    page(&rows, most, |row| row.get("folded_name"))
}

/// By the beginning of a code; when none begins so, by a part of one (`15.H16`).
async fn by_code(
    app: &App,
    code: &str,
    query: &DirectoryQuery,
    with_closed: bool,
    most: usize,
) -> AppResult<DirectoryPage> {
    let after = place(&query.after)?;
    let (from, to) = range(code);
    for whole in [true, false] {
        let mut filter = Filter::select(
            "SELECT e.id, e.code, e.name, c.code AS found, e.parent_code, e.email, e.valid_to, \
             (SELECT p.name FROM directory_entry p WHERE p.code = e.parent_code) AS parent_name FROM directory_code c \
             JOIN directory_entry e ON e.id = c.entry_id",
        );
        filter = if whole {
            filter.and("c.code >= ? AND c.code < ?", args![from.as_str(), to.as_str()])
        } else {
            filter.and(
                "c.code LIKE ?",
                args![format!("%{}%", code.replace(['%', '_', '\\'], ""))],
            )
        };
        if !with_closed {
            filter = filter.and("e.valid_to IS NULL", args![]);
        }
        if let Some((found, id)) = &after {
            filter = filter.and("(c.code, c.entry_id) > (?, ?)", args![found.as_str(), *id]);
        }
        let rows = app
            .db
            .filtered(filter.end("ORDER BY c.code, c.entry_id LIMIT ?", args![most as i64 + 1]))
            .await?;
        if !rows.is_empty() || !whole {
            return page(&rows, most, |row| row.get("found"));
        }
    }
    Ok(DirectoryPage {
        items: Vec::new(),
        next: None,
    })
}

fn page(rows: &[Row], most: usize, key: impl Fn(&Row) -> store::Result<String>) -> AppResult<DirectoryPage> {
    let more = rows.len() > most;
    let shown = &rows[..rows.len().min(most)];
    let next = match shown.last().filter(|_| more) {
        Some(row) => Some(format!("{}_{}", row.get::<Uuid>("id")?.simple(), key(row)?)),
        None => None,
    };
    let mut items: Vec<DirectoryLine> = Vec::with_capacity(shown.len());
    for row in shown {
        let line = line(row)?;
        // Found by two of its codes it is still one.
        if items.iter().all(|other| other.id != line.id) {
            items.push(line);
        }
    }
    Ok(DirectoryPage { items, next })
}

fn line(row: &Row) -> store::Result<DirectoryLine> {
    Ok(DirectoryLine {
        id: row.get("id")?,
        code: row.get("code")?,
        name: row.get("name")?,
        parent_code: row.get("parent_code")?,
        parent_name: row.get("parent_name")?,
        email: row.get("email")?,
        closed: row.get::<Option<String>>("valid_to")?.is_some(),
    })
}

/// `<id>_<key>`: keys may hold anything.
fn place(text: &str) -> AppResult<Option<(String, Uuid)>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.split_once('_')
        .and_then(|(id, key)| Some((key.to_owned(), id.parse().ok()?)))
        .map(Some)
        .ok_or_else(|| AppError::BadInput("Đường dẫn trang không đúng. Vui lòng tìm lại từ đầu.".to_owned()))
}

/// Everything that begins with `code`.
fn range(code: &str) -> (String, String) {
    (code.to_owned(), format!("{code}\u{10FFFF}"))
}

/// The text as a code, when it is one word that looks like one.
fn lone_code(q: &str) -> Option<String> {
    (!q.contains(char::is_whitespace) && looks_like_code(q)).then(|| q.to_uppercase())
}

/// A letter with two digits, digits with points, or many digits; a number of a district is none.
fn looks_like_code(word: &str) -> bool {
    let upper = word.to_uppercase();
    let plain = upper
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || matches!(c, '.' | '-'));
    let digits = upper.chars().filter(char::is_ascii_digit).count();
    let begins = upper.starts_with(|c: char| c.is_ascii_alphabetic())
        && upper.chars().skip(1).take(2).filter(char::is_ascii_digit).count() == 2;
    plain && (begins || digits >= 5 || (upper.contains('.') && digits >= 2))
}

/// Entries in use whose name is exactly this, with or without accents, or that have this code.
///
/// # Errors
/// When the database fails.
pub async fn named(app: &App, text: &str) -> AppResult<Vec<DirectoryLine>> {
    let key = OrganCode::read(text)
        .map(|code| code.key().to_owned())
        .unwrap_or_default();
    let rows = app
        .db
        .all(
            sql!(
                "SELECT e.id, e.code, e.name, e.parent_code, e.email, e.valid_to, \
                 (SELECT p.name FROM directory_entry p WHERE p.code = e.parent_code) AS parent_name FROM directory_entry e \
                 WHERE e.valid_to IS NULL AND (e.folded_name = $1 OR e.id IN (SELECT c.entry_id FROM directory_code c WHERE c.code = $2 AND c.confirmed = 1)) \
                 ORDER BY e.code LIMIT 26"
            ),
            args![viet_text::fold(&clean(text)), key],
        )
        .await?;
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_told_from_a_word() {
        for code in [
            "H16",
            "h16.05",
            "G99",
            "000.00.15.H16",
            "15.H16",
            "0123456789",
            "Z01ABC",
        ] {
            assert!(looks_like_code(code), "{code}");
        }
        for word in ["sở", "5", "12", "noi", "a1", "Quận", "2026", "H1"] {
            assert!(!looks_like_code(word), "{word}");
        }
    }
}
