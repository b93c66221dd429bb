//! Nạp danh mục: lines of a file or of the axis are first put down as they came, then compared, then applied in parts.
//!
//! Memory stays bounded however long the list is, and nothing changes before somebody, or the nightly work, says so.

use jiff::{Span, Timestamp};
use rules::{
    Refusal,
    directory::{self, LoadState, RawLine, Source},
    identifiers::OrganCode,
};
use store::{Arg, Tx, args, sql};
use uuid::Uuid;

use crate::{context::App, error::AppResult};

/// Lines written at once.
const BATCH: usize = 1000;
/// A load that was not applied is thrown away after a day.
const KEPT_HOURS: i64 = 24;
/// More lines than this no directory has.
pub const MAX_LINES: u32 = 500_000;

/// An organisation as another directory gives it; text as it came, checked here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Mã định danh.
    pub code: String,
    /// The code it had before.
    pub old_code: Option<String>,
    /// Name.
    pub name: String,
    /// Code of the organisation above it.
    pub parent_code: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Level, 1 at the top.
    pub level: Option<String>,
    /// Version of the entry there.
    pub version: Option<String>,
    /// When it was changed there.
    pub modified: Option<String>,
    /// It exists no more.
    pub deleted: bool,
    /// The other directory's own id of it.
    pub id: Option<String>,
    /// That id of the organisation above it; read when [`Record::parent_code`] is absent.
    pub parent_id: Option<String>,
}

/// A load being written down. [`Load::stage`] ends it; until then it is nothing.
#[derive(Debug)]
pub struct Load {
    id: Uuid,
    last_line: u32,
    rows: Vec<Vec<Arg>>,
}

impl Load {
    /// Begins a load. `label` is the name of the file or of the connection, `actor` who does it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(app: &App, source: Source, label: &str, actor: &str) -> AppResult<Self> {
        let (id, now) = (app.ids.next(), app.clock.now());
        let mut tx = app.db.begin().await?;
        forget(&mut tx, now).await?;
        tx.run(
            sql!(
                "INSERT INTO directory_load (id, source, label, actor, created_at, lines, state, close_gone, added, changed, closed, \
                 done_line) VALUES ($1, $2, $3, $4, $5, 0, $6, 0, 0, 0, 0, 0)"
            ),
            args![id, source.as_str(), label, actor, now, LoadState::Staged.as_str()],
        )
        .await?;
        tx.commit().await?;
        Ok(Self {
            id,
            last_line: 0,
            rows: Vec::new(),
        })
    }

    /// Puts one record down, as the line after the last one.
    ///
    /// # Errors
    /// `CN-407` for more than [`MAX_LINES`]; when the database fails.
    pub async fn push(&mut self, app: &App, record: Record) -> AppResult<()> {
        self.push_at(app, self.last_line + 1, record).await
    }

    /// Puts the record of a line of a file down. A bad one keeps its problem and does not disturb the others.
    ///
    /// # Errors
    /// As [`Load::push`].
    pub async fn push_at(&mut self, app: &App, line: u32, record: Record) -> AppResult<()> {
        if line > MAX_LINES {
            return Err(Refusal::new(
                "CN-407",
                "directory.too_long",
                format!("Danh mục dài quá {MAX_LINES} dòng. Vui lòng chia thành nhiều tệp."),
            )
            .on("file")
            .into());
        }
        self.last_line = line;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (old_code, parent_code, email, level) = (
            text(&record.old_code),
            text(&record.parent_code),
            text(&record.email),
            text(&record.level),
        );
        let read = directory::read(RawLine {
            code: &record.code,
            old_code: &old_code,
            name: &record.name,
            parent_code: &parent_code,
            email: &email,
            level: &level,
        });
        let (read, problem) = match read {
            Ok(read) => (Some(read), None),
            Err(refusal) => (None, Some(refusal.message)),
        };
        let short = |text: &str| text.chars().take(200).collect::<String>();
        self.rows.push(match &read {
            Some(read) => args![
                self.id,
                line,
                read.code.as_str(),
                read.code.key(),
                read.old_code.as_ref().map(OrganCode::as_str),
                read.old_code.as_ref().map(OrganCode::key),
                read.name.as_str(),
                read.parent_code.as_ref().map(OrganCode::as_str),
                read.email.as_deref(),
                read.level,
                record.version.as_deref(),
                record.modified.as_deref(),
                record.deleted,
                record.id.as_deref(),
                record.parent_id.as_deref(),
                None::<String>,
            ],
            None => args![
                self.id,
                line,
                short(&record.code),
                short(&record.code).trim().to_uppercase(),
                None::<String>,
                None::<String>,
                short(&record.name),
                None::<String>,
                None::<String>,
                None::<i64>,
                None::<String>,
                None::<String>,
                record.deleted,
                record.id.as_deref(),
                None::<String>,
                problem,
            ],
        });
        if self.rows.len() >= BATCH {
            self.flush(app).await?;
        }
        Ok(())
    }

    async fn flush(&mut self, app: &App) -> AppResult<()> {
        let rows = std::mem::take(&mut self.rows);
        let mut tx = app.db.begin().await?;
        tx.bulk(
            sql!(
                "INSERT INTO directory_load_line (load_id, line, code, code_key, old_code, old_key, name, parent_code, email, \
                 level, version, modified, deleted, foreign_id, foreign_parent, problem) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
            ),
            rows,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Ends the load: lines whose code stands in it twice, or is the older code of another, are left out; parents given by id
    /// get their codes. Nothing is applied yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stage(mut self, app: &App) -> AppResult<Uuid> {
        self.flush(app).await?;
        let mut tx = app.db.begin().await?;
        tx.count_for_the_planner(sql!("ANALYZE directory_load_line"))
            .await?;
        tx.run(
            sql!(
                "UPDATE directory_load_line SET problem = 'Mã trùng với một dòng ở trên; chỉ dòng đầu được dùng.' \
                 WHERE load_id = $1 AND problem IS NULL AND EXISTS (SELECT 1 FROM directory_load_line f WHERE f.load_id = $1 \
                 AND f.code_key = directory_load_line.code_key AND f.line < directory_load_line.line AND f.problem IS NULL)"
            ),
            args![self.id],
        )
        .await?;
        tx.run(
            sql!(
                "UPDATE directory_load_line SET problem = 'Là mã cũ của một dòng khác; không thêm thành cơ quan riêng.' \
                 WHERE load_id = $1 AND problem IS NULL AND old_key IS NULL AND code_key IN (SELECT f.old_key \
                 FROM directory_load_line f WHERE f.load_id = $1 AND f.problem IS NULL AND f.old_key IS NOT NULL)"
            ),
            args![self.id],
        )
        .await?;
        tx.run(
            sql!(
                "UPDATE directory_load_line SET parent_code = (SELECT p.code FROM directory_load_line p WHERE p.load_id = $1 \
                 AND p.foreign_id = directory_load_line.foreign_parent AND p.code_key <> directory_load_line.code_key \
                 AND p.problem IS NULL LIMIT 1) \
                 WHERE load_id = $1 AND parent_code IS NULL AND foreign_parent IS NOT NULL"
            ),
            args![self.id],
        )
        .await?;
        tx.run(
            sql!(
                "UPDATE directory_load SET lines = (SELECT count(*) FROM directory_load_line l WHERE l.load_id = $1) WHERE id = $1"
            ),
            args![self.id],
        )
        .await?;
        tx.commit().await?;
        Ok(self.id)
    }
}

/// Throws away loads that nobody confirmed, or that were left half applied.
async fn forget(tx: &mut Tx, now: Timestamp) -> AppResult<()> {
    let before = now
        .checked_sub(Span::new().hours(KEPT_HOURS))
        .map_err(anyhow::Error::from)?;
    let old = args![before, LoadState::Applied.as_str()];
    tx.run(
        sql!(
            "DELETE FROM directory_load_line WHERE load_id IN (SELECT id FROM directory_load WHERE created_at < $1 AND state <> $2)"
        ),
        old.clone(),
    )
    .await?;
    tx.run(
        sql!("DELETE FROM directory_load WHERE created_at < $1 AND state <> $2"),
        old,
    )
    .await?;
    Ok(())
}
