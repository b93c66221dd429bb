//! Nhập danh mục từ tệp: shown first, applied when confirmed.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use rules::{
    Refusal,
    directory::{Change, LoadState, Source},
    identifiers::OrganCode,
};
use serde::{Deserialize, Serialize};
use store::{Begun, args, sql};
use uuid::Uuid;

use super::{refused, told};
use crate::{
    administration::must_administer_province,
    context::{App, Who},
    directory::{
        Load, apply,
        compare::Compared,
        preview::{Problem, preview},
        table,
    },
    error::{AppError, AppResult},
    web::{
        Reply, SmallFiles, Stay, Submitted, format, frame,
        page::{Badge, Crumb, FieldErrors, Page, RefusalBox, Tone},
        render, see_other,
    },
};

const TITLE: &str = "Danh mục trục liên thông";
const LIST: &str = "/administration/directory";

struct LoadLine {
    href: String,
    label: String,
    at: String,
    actor: String,
    done: String,
    state: Badge,
}

#[derive(Template)]
#[template(path = "directory/pages/import.html")]
struct ImportPage {
    page: Page,
    crumbs: Vec<Crumb>,
    loads: Vec<LoadLine>,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    command_id: Uuid,
}

/// `GET /administration/directory/import`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    render(&import_page(&app, &who, &jar, None).await?)
}

async fn import_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    refusal: Option<Refusal>,
) -> AppResult<ImportPage> {
    must_administer_province(who)?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, label, actor, created_at, state, added, changed, closed FROM directory_load \
                 ORDER BY created_at DESC, id DESC LIMIT 20"
            ),
            args![],
        )
        .await?;
    let mut loads = Vec::with_capacity(rows.len());
    for row in &rows {
        let state: LoadState = row.parse("state")?;
        loads.push(LoadLine {
            href: format!("{LIST}/loads/{}", row.get::<Uuid>("id")?),
            label: row.get("label")?,
            at: format::moment(row.get::<Timestamp>("created_at")?),
            actor: row.get("actor")?,
            done: format!(
                "thêm {}, sửa {}, đóng {}",
                row.get::<i64>("added")?,
                row.get::<i64>("changed")?,
                row.get::<i64>("closed")?
            ),
            state: badge(state),
        });
    }
    let (refusal, errors) = told(refusal);
    let title = "Nhập danh mục từ tệp";
    Ok(ImportPage {
        page: frame(app, who, jar, title, "directory").await?,
        crumbs: vec![Crumb::new(TITLE, LIST), Crumb::new(title, "")],
        loads,
        refusal,
        errors,
        command_id: app.ids.next(),
    })
}

fn badge(state: LoadState) -> Badge {
    let tone = match state {
        LoadState::Staged => Tone::Warn,
        LoadState::Applying => Tone::Info,
        LoadState::Applied => Tone::Good,
    };
    Badge::new(state.label(), tone)
}

/// Nothing besides the file.
#[derive(Debug, Default, Deserialize)]
pub struct NoFields {}

/// `POST /administration/directory/import`.
pub async fn upload(State(app): State<App>, jar: CookieJar, sent: SmallFiles<NoFields>) -> Reply {
    must_administer_province(&sent.who)?;
    let done = async {
        let file = sent.file("file").ok_or_else(|| {
            AppError::from(
                Refusal::new(
                    "CN-407",
                    "directory.no_file",
                    "Vui lòng chọn tệp CSV hoặc XLSX có danh mục.",
                )
                .on("file"),
            )
        })?;
        let mut load = Load::begin(&app, Source::Import, &file.name, &sent.who.label()).await?;
        table::read(&app, &mut load, &file.name, &file.bytes).await?;
        load.stage(&app).await
    };
    match refused(done.await)? {
        Ok(load) => Ok(see_other(&app, &format!("{LIST}/loads/{load}"), "")),
        Err(refusal) => Stay::on(&import_page(&app, &sent.who, &jar, Some(refusal)).await?),
    }
}

/// A line of a preview.
struct Shown {
    line: u32,
    code: String,
    name: String,
    change: Badge,
    was: String,
}

#[derive(Template)]
#[template(path = "directory/pages/load.html")]
struct LoadPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: String,
    state: LoadState,
    subtitle: String,
    counts: Vec<(&'static str, u32)>,
    changes: Vec<Shown>,
    more_changes: bool,
    problems: Vec<Problem>,
    problem_count: u32,
    gone: Vec<(String, String)>,
    gone_count: u32,
    nothing: bool,
    command_id: Uuid,
}

/// `GET /administration/directory/loads/{id}`.
pub async fn load_page(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<Uuid>) -> Reply {
    must_administer_province(&who)?;
    let row = app
        .db
        .opt(
            sql!(
                "SELECT source, label, actor, created_at, lines, state, added, changed, closed, done_line FROM directory_load \
                 WHERE id = $1"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let (source, state): (Source, LoadState) = (row.parse("source")?, row.parse("state")?);
    let label: String = row.get("label")?;
    let mut shown = LoadPage {
        page: frame(&app, &who, &jar, &label, "directory").await?,
        crumbs: vec![
            Crumb::new(TITLE, LIST),
            Crumb::new("Nhập danh mục từ tệp", format!("{LIST}/import")),
            Crumb::new(label.as_str(), ""),
        ],
        id: id.to_string(),
        state,
        subtitle: format!(
            "{} dòng · {} · {}",
            row.get::<i64>("lines")?,
            row.get::<String>("actor")?,
            format::moment(row.get::<Timestamp>("created_at")?)
        ),
        counts: vec![
            ("Thêm mới", row.get("added")?),
            ("Sửa", row.get("changed")?),
            ("Đóng", row.get("closed")?),
        ],
        changes: Vec::new(),
        more_changes: false,
        problems: Vec::new(),
        problem_count: 0,
        gone: Vec::new(),
        gone_count: 0,
        nothing: false,
        command_id: app.ids.next(),
    };
    if state == LoadState::Staged {
        let preview = preview(&app, id, source).await?;
        shown.counts = Change::ALL
            .iter()
            .map(|change| (change.label(), preview.times(*change), *change))
            .filter(|(_, times, change)| {
                *times > 0 || matches!(change, Change::Add | Change::Correct | Change::Unchanged)
            })
            .map(|(label, times, _)| (label, times))
            .collect();
        shown.nothing = preview.changes.is_empty() && preview.gone_count == 0;
        shown.changes = preview.changes.into_iter().map(told_change).collect();
        shown.more_changes = preview.more_changes;
        shown.problems = preview.problems;
        shown.problem_count = preview.problem_count;
        shown.gone = preview.gone;
        shown.gone_count = preview.gone_count;
    }
    render(&shown)
}

fn told_change(line: Compared) -> Shown {
    let tone = match line.change {
        Change::Add => Tone::Good,
        Change::Close => Tone::Bad,
        _ => Tone::Info,
    };
    let was = line.entry.map_or_else(String::new, |(_, known)| {
        let mut was = Vec::new();
        if known.code != line.says.code {
            was.push(format!("mã {}", known.code));
        }
        if known.name != line.says.name {
            was.push(format!("tên “{}”", known.name));
        }
        if line.says.parent_code.is_some()
            && known.parent_code.as_deref() != line.says.parent_code.as_ref().map(OrganCode::as_str)
        {
            was.push(format!(
                "cấp trên {}",
                known.parent_code.as_deref().unwrap_or("không có")
            ));
        }
        if line.says.email.is_some() && known.email != line.says.email {
            was.push(format!(
                "thư điện tử {}",
                known.email.as_deref().unwrap_or("không có")
            ));
        }
        if line.says.level.is_some() && known.level != line.says.level {
            was.push(
                known
                    .level
                    .map_or_else(|| "chưa có cấp".to_owned(), |level| format!("cấp {level}")),
            );
        }
        was.join("; ")
    });
    Shown {
        line: line.line,
        code: line.says.code.to_string(),
        name: line.says.name,
        change: Badge::new(line.change.label(), tone),
        was,
    }
}

/// Whether what is gone is closed too.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Confirmed {
    close_gone: String,
}

/// The load that is being applied.
#[derive(Debug, Serialize, Deserialize)]
struct Ordered {
    load: Uuid,
}

/// `POST /administration/directory/loads/{id}/apply`.
pub async fn confirm(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Confirmed>) -> Reply {
    must_administer_province(&form.who)?;
    let mut act = match app.begin::<Ordered>(&form.who, form.command).await? {
        Begun::Before(_) => return Ok(see_other(&app, &format!("{LIST}/loads/{id}"), "")),
        Begun::Now(act) => act,
    };
    apply::order(&mut act, id, !form.data.close_gone.is_empty()).await?;
    app.commit(act, &Ordered { load: id }).await?;
    Ok(see_other(
        &app,
        &format!("{LIST}/loads/{id}"),
        "Đang nạp danh mục; danh sách lớn mất vài phút. Có thể rời trang này.",
    ))
}
