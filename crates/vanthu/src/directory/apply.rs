//! Applying a load: part by part, each in an act of its own, so that others are not kept waiting and a restart goes on where
//! it was.

use rules::{
    directory::{Change, LoadState, Source},
    identifiers::OrganCode,
    ids::CommandId,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Actor, Begun, Entry, args, sql};
use uuid::Uuid;

use super::compare::{self, Compared, Reader};
use crate::{
    act_names,
    context::App,
    error::{AppError, AppResult},
};

/// Kind of the job.
pub const KIND: &str = "directory.apply";

/// Entries closed at once.
const CLOSED_AT_ONCE: i64 = 500;

/// A load that is being applied.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct ApplyOrder {
    /// The load.
    pub load: Uuid,
}

/// What a load did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Entries that are new.
    pub added: u32,
    /// Entries that changed, or are in use again.
    pub changed: u32,
    /// Entries that were closed.
    pub closed: u32,
}

/// Confirms a load within an act, and has it applied by the workers.
///
/// # Errors
/// [`AppError::NotFound`] for a load that is not waiting; when the database fails.
pub async fn order(act: &mut Act, load: Uuid, close_gone: bool) -> AppResult<()> {
    confirm(act, load, close_gone).await?;
    Ok(act.enqueue(KIND, &ApplyOrder { load }).await?)
}

async fn confirm(act: &mut Act, load: Uuid, close_gone: bool) -> AppResult<()> {
    let row = act
        .opt(
            sql!(
                "UPDATE directory_load SET state = $2, close_gone = $3 WHERE id = $1 AND state = $4 RETURNING label, lines"
            ),
            args![
                load,
                LoadState::Applying.as_str(),
                close_gone,
                LoadState::Staged.as_str()
            ],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let (label, lines): (String, i64) = (row.get("label")?, row.get("lines")?);
    journal(
        act,
        load,
        format!("Nạp danh mục trục liên thông từ “{label}”, {lines} dòng."),
        json!({ "close_gone": close_gone }),
    )
    .await
}

/// Carries out one part as a job, and orders the next.
///
/// # Errors
/// When the database fails; the part is then tried again.
pub async fn perform(app: &App, mut act: Act, order: ApplyOrder) -> AppResult<()> {
    let step = step(&mut act, order.load).await?;
    if !step.finished {
        act.enqueue(KIND, &order).await?;
    }
    if step.journalled {
        app.commit(act, &()).await
    } else {
        Ok(act.nothing_to_do().await?)
    }
}

/// Confirms and applies a load at once: for commands and for the nightly work of the axis.
///
/// # Errors
/// As [`order`].
pub async fn apply(app: &App, load: Uuid, close_gone: bool) -> AppResult<Report> {
    let mut act = begin(app).await?;
    confirm(&mut act, load, close_gone).await?;
    app.commit(act, &()).await?;
    loop {
        pass_over(app, load).await?;
        let mut act = begin(app).await?;
        let step = step(&mut act, load).await?;
        if step.journalled {
            app.commit(act, &()).await?;
        }
        if step.finished {
            return report(app, load).await;
        }
    }
}

/// Goes on to the first part that changes something: the others need no act.
async fn pass_over(app: &App, load: Uuid) -> AppResult<()> {
    let row = app
        .db
        .one(
            sql!("SELECT done_line, source FROM directory_load WHERE id = $1"),
            args![load],
        )
        .await?;
    let source: Source = row.parse("source")?;
    let begun: u32 = row.get("done_line")?;
    let mut at = begun;
    loop {
        let part = compare::part(&mut Reader::Db(&app.db), load, source, at).await?;
        match part.last {
            Some(last) if part.lines.iter().all(|line| line.change == Change::Unchanged) => at = last,
            _ => break,
        }
    }
    if at > begun {
        let mut tx = app.db.begin().await?;
        tx.run(
            sql!("UPDATE directory_load SET done_line = $2 WHERE id = $1"),
            args![load, at],
        )
        .await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn begin(app: &App) -> AppResult<Act> {
    let command = CommandId::from_uuid(app.ids.next());
    match Act::begin::<()>(&app.db, &app.clock, &app.ids, Actor::system(), command).await? {
        Begun::Now(act) => Ok(act),
        Begun::Before(()) => Err(anyhow::anyhow!("an id was given out twice").into()),
    }
}

/// What a load did so far.
///
/// # Errors
/// When there is no such load, or the database fails.
pub async fn report(app: &App, load: Uuid) -> AppResult<Report> {
    let row = app
        .db
        .one(
            sql!("SELECT added, changed, closed FROM directory_load WHERE id = $1"),
            args![load],
        )
        .await?;
    Ok(Report {
        added: row.get("added")?,
        changed: row.get("changed")?,
        closed: row.get("closed")?,
    })
}

struct Step {
    finished: bool,
    journalled: bool,
}

async fn step(act: &mut Act, load: Uuid) -> AppResult<Step> {
    // The update locks the load: two workers do not apply the same part.
    let row = act
        .opt(
            sql!(
                "UPDATE directory_load SET state = state WHERE id = $1 AND state = $2 RETURNING source, label, close_gone, done_line"
            ),
            args![load, LoadState::Applying.as_str()],
        )
        .await?;
    let Some(row) = row else {
        return Ok(Step {
            finished: true,
            journalled: false,
        });
    };
    let (source, label, after): (Source, String, u32) =
        (row.parse("source")?, row.get("label")?, row.get("done_line")?);
    let part = compare::part(&mut Reader::Act(act), load, source, after).await?;
    if let Some(last) = part.last {
        let done = write(act, source, &part.lines).await?;
        note(act, load, done, Some(last)).await?;
        let journalled = done != Report::default();
        if journalled {
            journal(
                act,
                load,
                format!(
                    "Danh mục trục liên thông, dòng {} đến {last} của “{label}”: thêm {}, sửa {}, đóng {}.",
                    after + 1,
                    done.added,
                    done.changed,
                    done.closed
                ),
                json!(done),
            )
            .await?;
        }
        return Ok(Step {
            finished: false,
            journalled,
        });
    }
    if row.get("close_gone")? {
        let gone = compare::gone(&mut Reader::Act(act), load, source, CLOSED_AT_ONCE).await?;
        if !gone.is_empty() {
            for (id, ..) in &gone {
                close(act, *id).await?;
            }
            let codes: Vec<&str> = gone.iter().map(|(_, code, _)| code.as_str()).collect();
            let closed = u32::try_from(gone.len()).unwrap_or(u32::MAX);
            note(
                act,
                load,
                Report {
                    closed,
                    ..Report::default()
                },
                None,
            )
            .await?;
            journal(
                act,
                load,
                format!(
                    "Danh mục trục liên thông: đóng {closed} cơ quan, tổ chức không còn trong “{label}”."
                ),
                json!({ "codes": codes }),
            )
            .await?;
            return Ok(Step {
                finished: false,
                journalled: true,
            });
        }
    }
    let now = act.now();
    let row = act
        .one(
            sql!("UPDATE directory_load SET state = $2, finished_at = $3 WHERE id = $1 RETURNING added, changed, closed"),
            args![load, LoadState::Applied.as_str(), now],
        )
        .await?;
    act.run(
        sql!("DELETE FROM directory_load_line WHERE load_id = $1"),
        args![load],
    )
    .await?;
    let done = Report {
        added: row.get("added")?,
        changed: row.get("changed")?,
        closed: row.get("closed")?,
    };
    if done.added > 0 {
        for analyze in [sql!("ANALYZE directory_entry"), sql!("ANALYZE directory_code")] {
            act.count_for_the_planner(analyze).await?;
        }
    }
    journal(
        act,
        load,
        format!(
            "Đã nạp xong danh mục trục liên thông từ “{label}”: thêm {}, sửa {}, đóng {}.",
            done.added, done.changed, done.closed
        ),
        json!(done),
    )
    .await?;
    Ok(Step {
        finished: true,
        journalled: true,
    })
}

async fn journal(act: &mut Act, load: Uuid, summary: String, details: serde_json::Value) -> AppResult<()> {
    Ok(act
        .journal(Entry {
            act: act_names::DIRECTORY_LOAD,
            object_kind: "directory_load",
            object: load,
            agency: None,
            summary,
            details,
        })
        .await?)
}

async fn note(act: &mut Act, load: Uuid, done: Report, last: Option<u32>) -> AppResult<()> {
    act.run(
        sql!(
            "UPDATE directory_load SET added = added + $2, changed = changed + $3, closed = closed + $4, \
             done_line = coalesce($5, done_line) WHERE id = $1"
        ),
        args![load, done.added, done.changed, done.closed, last],
    )
    .await?;
    Ok(())
}

async fn write(act: &mut Act, source: Source, lines: &[Compared]) -> AppResult<Report> {
    let mut report = Report::default();
    let (now, today) = (act.now(), act.today());
    let (mut entries, mut codes) = (Vec::new(), Vec::new());
    for line in lines {
        let says = &line.says;
        match (line.change, &line.entry) {
            (Change::Unchanged, _) => {}
            (Change::Close, Some((id, _))) => {
                close(act, *id).await?;
                report.closed += 1;
            }
            (_, None) => {
                let id = act.new_id();
                entries.push(args![
                    id,
                    says.code.as_str(),
                    says.name.as_str(),
                    viet_text::fold(&says.name),
                    says.parent_code.as_ref().map(OrganCode::as_str),
                    says.email.as_deref(),
                    says.level,
                    source.as_str(),
                    line.version.as_deref(),
                    line.modified.as_deref(),
                    today,
                    now,
                ]);
                for code in std::iter::once(&says.code).chain(&says.old_code) {
                    let is_confirmed = code == &says.code || source.is_confirmed();
                    codes.push(args![code.key(), id, code.form().as_str(), today, is_confirmed]);
                }
                report.added += 1;
            }
            (_, Some((id, _))) => {
                correct(act, source, *id, line).await?;
                report.changed += 1;
            }
        }
    }
    act.bulk(
        sql!(
            "INSERT INTO directory_entry (id, code, name, folded_name, parent_code, email, level, source, version, modified, \
             valid_from, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        entries,
    )
    .await?;
    act.bulk(
        sql!("INSERT INTO directory_code (code, entry_id, form, valid_from, confirmed) VALUES ($1, $2, $3, $4, $5)"),
        codes,
    )
    .await?;
    Ok(report)
}

async fn correct(act: &mut Act, source: Source, id: Uuid, line: &Compared) -> AppResult<()> {
    let now = act.now();
    let says = &line.says;
    act.run(
        sql!(
            "UPDATE directory_entry SET code = $2, name = $3, folded_name = $4, parent_code = coalesce($5, parent_code), \
             email = coalesce($6, email), level = coalesce($7, level), version = coalesce($8, version), \
             modified = coalesce($9, modified), source = CASE WHEN source = 'axis' THEN source ELSE $10 END, valid_to = NULL, \
             updated_at = $11 WHERE id = $1"
        ),
        args![
            id,
            says.code.as_str(),
            says.name.as_str(),
            viet_text::fold(&says.name),
            says.parent_code.as_ref().map(OrganCode::as_str),
            says.email.as_deref(),
            says.level,
            line.version.as_deref(),
            line.modified.as_deref(),
            source.as_str(),
            now,
        ],
    )
    .await?;
    add_code(act, id, &says.code).await?;
    match &says.old_code {
        Some(old) if source.is_confirmed() => add_code(act, id, old).await,
        Some(old) => propose_code(act, id, old).await,
        None => Ok(()),
    }
}

/// Notes that the axis says that an entry had a code. It counts for nothing until an administrator confirms it.
async fn propose_code(act: &mut Act, id: Uuid, code: &OrganCode) -> AppResult<()> {
    let today = act.today();
    act.run(
        sql!(
            "INSERT INTO directory_code (code, entry_id, form, valid_from, confirmed) VALUES ($1, $2, $3, $4, 0) \
             ON CONFLICT DO NOTHING"
        ),
        args![code.key(), id, code.form().as_str(), today],
    )
    .await?;
    Ok(())
}

/// Notes that an entry has a code; one that it had before is in use again.
///
/// # Errors
/// When the database fails.
pub async fn add_code(act: &mut Act, id: Uuid, code: &OrganCode) -> AppResult<()> {
    let today = act.today();
    act.run(
        sql!(
            "INSERT INTO directory_code (code, entry_id, form, valid_from) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (code, entry_id) DO UPDATE SET valid_to = NULL, confirmed = 1"
        ),
        args![code.key(), id, code.form().as_str(), today],
    )
    .await?;
    Ok(())
}

/// Closes an entry: kept, no longer offered.
///
/// # Errors
/// When the database fails.
pub async fn close(act: &mut Act, id: Uuid) -> AppResult<()> {
    let (now, today) = (act.now(), act.today());
    act.run(
        sql!("UPDATE directory_entry SET valid_to = $2, updated_at = $3 WHERE id = $1 AND valid_to IS NULL"),
        args![id, today, now],
    )
    .await?;
    Ok(())
}
