//! One organisation: its codes and their time, who answers for it, what was done with it.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    Refusal,
    directory::Source,
    identifiers::{OrganCode, OrganForm},
};
use serde::Deserialize;
use store::{Row, args, sql};
use uuid::Uuid;

use super::{refused, told};
use crate::{
    administration::{history, must_administer, must_administer_province},
    context::{App, Who},
    directory::{
        change::{self, Typed},
        lookup::{self, Standing},
    },
    error::{AppError, AppResult},
    web::{
        Reply, Stay, Submitted, format, frame,
        page::{Badge, Crumb, Fact, FieldErrors, HistoryEntry, Page, RefusalBox, Tone},
        render, see_other,
    },
};

struct CodeLine {
    code: String,
    form: &'static str,
    window: String,
    state: Badge,
}

/// A code that the organisation most likely has as well.
struct Proposal {
    code: String,
    /// The entry that has it, which would be joined with this one.
    other: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "directory/pages/entry.html")]
struct EntryPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: String,
    facts: Vec<Fact>,
    codes: Vec<CodeLine>,
    warning: &'static str,
    proposal: Option<Proposal>,
    closed: bool,
    may_change: bool,
    typed: Typed,
    closing: Closing,
    history: Vec<HistoryEntry>,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    command_id: Uuid,
}

#[derive(Template)]
#[template(path = "directory/pages/new.html")]
struct NewPage {
    page: Page,
    crumbs: Vec<Crumb>,
    typed: Typed,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    command_id: Uuid,
}

/// Why an entry is closed, and who answers for it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Closing {
    reason: String,
    successor: String,
}

/// A code to join.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Joining {
    code: String,
}

const LIST: &str = "/administration/directory";
const TITLE: &str = "Danh mục trục liên thông";

/// `GET /administration/directory/new`.
pub async fn new_page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    must_administer_province(&who)?;
    render(&new_form(&app, &who, &jar, Typed::default(), None).await?)
}

async fn new_form(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    typed: Typed,
    refusal: Option<Refusal>,
) -> AppResult<NewPage> {
    let title = "Thêm cơ quan, tổ chức";
    let (refusal, errors) = told(refusal);
    Ok(NewPage {
        page: frame(app, who, jar, title, "directory").await?,
        crumbs: vec![Crumb::new(TITLE, LIST), Crumb::new(title, "")],
        typed,
        refusal,
        errors,
        command_id: app.ids.next(),
    })
}

/// `POST /administration/directory`.
pub async fn create(State(app): State<App>, jar: CookieJar, form: Submitted<Typed>) -> Reply {
    match refused(change::save(&app, &form.who, form.command, None, &form.data).await)? {
        Ok(id) => Ok(see_other(&app, &format!("{LIST}/{id}"), "Đã thêm vào danh mục.")),
        Err(refusal) => Stay::on(&new_form(&app, &form.who, &jar, form.data, Some(refusal)).await?),
    }
}

/// `GET /administration/directory/{id}`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<Uuid>) -> Reply {
    render(&entry_page(&app, &who, &jar, id, Shown::default()).await?)
}

/// `POST /administration/directory/{id}`.
pub async fn correct(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    form: Submitted<Typed>,
) -> Reply {
    let done = change::save(&app, &form.who, form.command, Some(id), &form.data)
        .await
        .map(drop);
    let shown = Shown {
        typed: Some(form.data),
        ..Shown::default()
    };
    after(&app, &form.who, &jar, id, done, "Đã lưu thay đổi.", shown).await
}

/// `POST /administration/directory/{id}/close`.
pub async fn close(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    form: Submitted<Closing>,
) -> Reply {
    let done = change::close(
        &app,
        &form.who,
        form.command,
        id,
        &form.data.successor,
        &form.data.reason,
    )
    .await;
    let shown = Shown {
        closing: form.data,
        ..Shown::default()
    };
    after(&app, &form.who, &jar, id, done, "Đã đóng mục này.", shown).await
}

/// `POST /administration/directory/{id}/reopen`.
pub async fn reopen(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    form: Submitted<Joining>,
) -> Reply {
    let done = change::reopen(&app, &form.who, form.command, id).await;
    after(
        &app,
        &form.who,
        &jar,
        id,
        done,
        "Đã mở lại mục này.",
        Shown::default(),
    )
    .await
}

/// `POST /administration/directory/{id}/codes`.
pub async fn join(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    form: Submitted<Joining>,
) -> Reply {
    let done = change::join_code(&app, &form.who, form.command, id, &form.data.code).await;
    after(
        &app,
        &form.who,
        &jar,
        id,
        done,
        "Đã xác nhận mã.",
        Shown::default(),
    )
    .await
}

/// What a refused form shows again.
#[derive(Default)]
struct Shown {
    typed: Option<Typed>,
    closing: Closing,
    refusal: Option<Refusal>,
}

async fn after(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: Uuid,
    done: AppResult<()>,
    sentence: &str,
    shown: Shown,
) -> Reply {
    match refused(done)? {
        Ok(()) => Ok(see_other(app, &format!("{LIST}/{id}"), sentence)),
        Err(refusal) => {
            let shown = Shown {
                refusal: Some(refusal),
                ..shown
            };
            Stay::on(&entry_page(app, who, jar, id, shown).await?)
        }
    }
}

async fn entry_page(app: &App, who: &Who, jar: &CookieJar, id: Uuid, shown: Shown) -> AppResult<EntryPage> {
    must_administer(who)?;
    let row = app
        .db
        .opt(
            sql!(
                "SELECT e.code, e.name, e.parent_code, e.email, e.level, e.source, e.version, e.valid_from, e.valid_to, \
                 e.successor_id, s.code AS successor_code, s.name AS successor_name, p.id AS parent_id, p.name AS parent_name \
                 FROM directory_entry e LEFT JOIN directory_entry s ON s.id = e.successor_id \
                 LEFT JOIN directory_entry p ON p.code = e.parent_code WHERE e.id = $1"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let (code, name): (String, String) = (row.get("code")?, row.get("name")?);
    let valid_to: Option<Date> = row.get("valid_to")?;
    let own = OrganCode::read(&code)?;
    let Codes {
        lines: codes,
        older,
        said,
    } = codes(app, id, &own).await?;
    let may_change = who.actor.is_province_administrator;
    let typed = match shown.typed {
        Some(typed) => typed,
        None => Typed {
            code: code.clone(),
            old_code: older.unwrap_or_default(),
            name: name.clone(),
            parent_code: text(&row, "parent_code")?,
            email: text(&row, "email")?,
            level: row
                .get::<Option<i64>>("level")?
                .map(|level| level.to_string())
                .unwrap_or_default(),
        },
    };
    let (refusal, errors) = told(shown.refusal);
    Ok(EntryPage {
        page: frame(app, who, jar, &name, "directory").await?,
        crumbs: vec![Crumb::new(TITLE, LIST), Crumb::new(name.as_str(), "")],
        id: id.to_string(),
        facts: facts(&row, valid_to)?,
        proposal: if may_change && valid_to.is_none() {
            proposal(app, &own, &codes, said).await?
        } else {
            None
        },
        codes,
        warning: own.warning().unwrap_or_default(),
        closed: valid_to.is_some(),
        may_change,
        typed,
        closing: shown.closing,
        history: history(app, id).await?,
        refusal,
        errors,
        command_id: app.ids.next(),
    })
}

fn text(row: &Row, column: &str) -> store::Result<String> {
    Ok(row.get::<Option<String>>(column)?.unwrap_or_default())
}

fn facts(row: &Row, valid_to: Option<Date>) -> AppResult<Vec<Fact>> {
    let mut parent = Fact::new("Cơ quan cấp trên", {
        let code = text(row, "parent_code")?;
        match row.get::<Option<String>>("parent_name")? {
            Some(name) => format!("{name} ({code})"),
            None => code,
        }
    });
    if let Some(id) = row.get::<Option<Uuid>>("parent_id")? {
        parent = parent.link(format!("{LIST}/{id}"));
    }
    let state = match valid_to {
        None => Fact::new("Trạng thái", "Đang hoạt động").badge(Tone::Good),
        Some(day) => {
            Fact::new("Trạng thái", format!("Đã đóng từ {}", format::date(day))).badge(Tone::Neutral)
        }
    };
    let mut facts = vec![
        Fact::new("Mã đang dùng", row.get::<String>("code")?),
        state,
        parent,
        Fact::new(
            "Cấp",
            row.get::<Option<i64>>("level")?
                .map(|level| level.to_string())
                .unwrap_or_default(),
        ),
        Fact::new("Thư điện tử", text(row, "email")?),
        Fact::new("Nguồn", row.parse::<Source>("source")?.label()),
        Fact::new("Phiên bản trên trục", text(row, "version")?),
    ];
    if let Some(successor) = row.get::<Option<Uuid>>("successor_id")? {
        let value = format!(
            "{} ({})",
            text(row, "successor_name")?,
            text(row, "successor_code")?
        );
        facts.push(Fact::new("Cơ quan tiếp nhận", value).link(format!("{LIST}/{successor}")));
    }
    Ok(facts)
}

/// The codes of an entry.
struct Codes {
    lines: Vec<CodeLine>,
    /// The older one that is in use.
    older: Option<String>,
    /// One that only the axis says it had.
    said: Option<OrganCode>,
}

async fn codes(app: &App, id: Uuid, own: &OrganCode) -> AppResult<Codes> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT code, form, valid_from, valid_to, confirmed FROM directory_code WHERE entry_id = $1 \
                 ORDER BY CASE WHEN valid_to IS NULL THEN 0 ELSE 1 END, form, code"
            ),
            args![id],
        )
        .await?;
    let mut lines = Vec::with_capacity(rows.len());
    let (mut older, mut said) = (None, None);
    for row in &rows {
        let code: String = row.get("code")?;
        let form: OrganForm = row.parse("form")?;
        let (from, to): (Date, Option<Date>) = (row.get("valid_from")?, row.get("valid_to")?);
        let is_confirmed: bool = row.get("confirmed")?;
        if !is_confirmed {
            said = said.or(OrganCode::read(&code).ok());
        } else if form == OrganForm::Older && to.is_none() && code != own.key() {
            older = Some(code.clone());
        }
        lines.push(CodeLine {
            form: form.label(),
            window: match to {
                Some(to) => format!("{} – {}", format::date(from), format::date(to)),
                None => format!("từ {}", format::date(from)),
            },
            state: if !is_confirmed {
                Badge::new("Trục báo, chờ xác nhận", Tone::Warn)
            } else if code == own.key() {
                Badge::new("Mã dùng để gửi", Tone::Good)
            } else if to.is_none() {
                Badge::new("Mã khác của cơ quan", Tone::Info)
            } else {
                Badge::new("Mã cũ, chỉ để nhận ra", Tone::Neutral)
            },
            code,
        });
    }
    Ok(Codes { lines, older, said })
}

/// The code to confirm: what the axis says, else what the rule of codes makes likely.
async fn proposal(
    app: &App,
    own: &OrganCode,
    codes: &[CodeLine],
    said: Option<OrganCode>,
) -> AppResult<Option<Proposal>> {
    let code = match said {
        Some(said) => said,
        None => match own.proposed_counterpart() {
            // A code of that form is known already: nothing to propose.
            Some(code) if codes.iter().all(|line| line.form != code.form().label()) => code,
            _ => return Ok(None),
        },
    };
    let other = match lookup::standing(app, code.as_str()).await? {
        Standing::InUse(entry) if entry.code != own.as_str() => {
            Some((format!("{LIST}/{}", entry.id), entry.name))
        }
        _ => None,
    };
    Ok(Some(Proposal {
        code: code.to_string(),
        other,
    }))
}
