//! What an administrator does with one entry: add, correct, close, name a successor, join codes.

use rules::{
    Refusal,
    directory::{self, Line, RawLine, Source},
    identifiers::OrganCode,
    ids::CommandId,
};
use serde::Deserialize;
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use uuid::Uuid;

use super::{
    apply::{add_code, close as close_entry},
    lookup::{self, Standing},
};
use crate::{
    act_names, administration,
    context::{App, Who},
    error::{AppError, AppResult},
    web::clean,
};

/// What stands in the form of an entry, as text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Mã định danh.
    pub code: String,
    /// The older code.
    pub old_code: String,
    /// Name.
    pub name: String,
    /// Code of the organisation above it.
    pub parent_code: String,
    /// E-mail.
    pub email: String,
    /// Level.
    pub level: String,
}

impl Typed {
    fn read(&self) -> AppResult<Line> {
        Ok(directory::read(RawLine {
            code: &self.code,
            old_code: &self.old_code,
            name: &self.name,
            parent_code: &self.parent_code,
            email: &self.email,
            level: &self.level,
        })?)
    }
}

fn refused(code: &'static str, field: &'static str, sentence: String) -> AppError {
    Refusal::new("CN-407", code, sentence).on(field).into()
}

/// Adds an entry, or corrects one. A corrected code keeps the one it replaces as a former one.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; `QD28-10.2a` for what cannot be; `CN-407` for a code that
/// another entry in use has.
pub async fn save(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Option<Uuid>,
    typed: &Typed,
) -> AppResult<Uuid> {
    administration::must_administer_province(who)?;
    let line = typed.read()?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(id) => return Ok(id),
        Begun::Now(act) => act,
    };
    let before = match id {
        Some(id) => Some(for_change(&mut act, id).await?),
        None => None,
    };
    for (code, field) in
        std::iter::once((&line.code, "code")).chain(line.old_code.iter().map(|code| (code, "old_code")))
    {
        if let Some(other) = other_with(&mut act, code, id).await? {
            return Err(refused(
                "directory.code_taken",
                field,
                format!(
                    "Mã {code} đang thuộc về “{other}”. Vui lòng kiểm tra lại; nếu là cùng một cơ quan, hãy mở mục đó và thêm mã."
                ),
            ));
        }
    }
    let now = act.now();
    let today = act.today();
    let values = args![
        line.code.as_str(),
        line.name.as_str(),
        viet_text::fold(&line.name),
        line.parent_code.as_ref().map(OrganCode::as_str),
        line.email.as_deref(),
        line.level,
        now,
    ];
    let id = match &before {
        Some(before) => {
            let mut values = values;
            values.push(before.id.into());
            act.run(
                sql!(
                    "UPDATE directory_entry SET code = $1, name = $2, folded_name = $3, parent_code = $4, email = $5, level = $6, \
                     updated_at = $7 WHERE id = $8"
                ),
                values,
            )
            .await?;
            let former = OrganCode::read(&before.code)?;
            if former != line.code && former.form() == line.code.form() {
                act.run(
                    sql!("UPDATE directory_code SET valid_to = $3 WHERE code = $1 AND entry_id = $2"),
                    args![former.key(), before.id, today],
                )
                .await?;
            }
            before.id
        }
        None => {
            let id = act.new_id();
            let mut values = values;
            values.extend(args![id, Source::Manual.as_str(), today]);
            act.run(
                sql!(
                    "INSERT INTO directory_entry (code, name, folded_name, parent_code, email, level, updated_at, id, source, valid_from) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                ),
                values,
            )
            .await?;
            id
        }
    };
    add_code(&mut act, id, &line.code).await?;
    if let Some(old) = &line.old_code {
        add_code(&mut act, id, old).await?;
    }
    let summary = match &before {
        None => format!(
            "Thêm “{}” ({}) vào danh mục trục liên thông.",
            line.name, line.code
        ),
        Some(before) if before.code != line.code.as_str() => format!(
            "Đổi mã của “{}” trong danh mục trục liên thông từ {} sang {}.",
            line.name, before.code, line.code
        ),
        Some(_) => format!(
            "Sửa thông tin của “{}” ({}) trong danh mục trục liên thông.",
            line.name, line.code
        ),
    };
    note(
        &mut act,
        id,
        summary,
        json!({ "before": before.map(|before| json!({ "code": before.code, "name": before.name })) }),
    )
    .await?;
    app.commit(act, &id).await?;
    Ok(id)
}

/// Closes an entry, with who answers for it from now on.
///
/// # Errors
/// As [`save`]; `QD28-15` for a successor that is not in use, or is the entry itself; a refusal without a reason.
pub async fn close(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Uuid,
    successor: &str,
    reason: &str,
) -> AppResult<()> {
    administration::must_administer_province(who)?;
    let reason = clean(reason);
    if reason.is_empty() {
        return Err(refused(
            "directory.no_reason",
            "reason",
            "Vui lòng ghi lý do hoặc văn bản làm căn cứ đóng mục này.".to_owned(),
        ));
    }
    let successor = match clean(successor).as_str() {
        "" => None,
        code => match lookup::standing(app, code).await? {
            Standing::InUse(entry) if entry.id != id => Some(entry),
            Standing::InUse(_) => {
                return Err(refused(
                    "directory.own_successor",
                    "successor",
                    "Cơ quan tiếp nhận phải là một cơ quan khác. Vui lòng nhập mã của cơ quan đó.".to_owned(),
                ));
            }
            Standing::Closed(_) | Standing::Unknown => {
                return Err(refused(
                    "directory.no_successor",
                    "successor",
                    format!(
                        "Không có cơ quan nào đang hoạt động mang mã {code} trong danh mục. Vui lòng kiểm tra lại mã, hoặc thêm cơ quan đó trước."
                    ),
                ));
            }
        },
    };
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let before = for_change(&mut act, id).await?;
    close_entry(&mut act, id).await?;
    act.run(
        sql!("UPDATE directory_entry SET successor_id = $2 WHERE id = $1"),
        args![id, successor.as_ref().map(|entry| entry.id)],
    )
    .await?;
    let summary = match &successor {
        Some(entry) => format!(
            "Đóng “{}” ({}) trong danh mục trục liên thông; “{}” ({}) tiếp nhận.",
            before.name, before.code, entry.name, entry.code
        ),
        None => format!(
            "Đóng “{}” ({}) trong danh mục trục liên thông.",
            before.name, before.code
        ),
    };
    note(
        &mut act,
        id,
        summary,
        json!({ "note": reason, "successor": successor.map(|entry| entry.code) }),
    )
    .await?;
    app.commit(act, &()).await
}

/// Takes a closed entry into use again.
///
/// # Errors
/// As [`save`].
pub async fn reopen(app: &App, who: &Who, command: CommandId, id: Uuid) -> AppResult<()> {
    administration::must_administer_province(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let before = for_change(&mut act, id).await?;
    let now = act.now();
    act.run(
        sql!(
            "UPDATE directory_entry SET valid_to = NULL, successor_id = NULL, updated_at = $2 WHERE id = $1"
        ),
        args![id, now],
    )
    .await?;
    let summary = format!(
        "Mở lại “{}” ({}) trong danh mục trục liên thông.",
        before.name, before.code
    );
    note(&mut act, id, summary, json!({})).await?;
    app.commit(act, &()).await
}

/// Confirms that an entry also has `code`. An entry in use that has this code as its own is the same organisation: it is
/// closed, and this one answers for it.
///
/// # Errors
/// As [`save`]; `CN-407` when both entries have a current code: those are two organisations.
pub async fn join_code(app: &App, who: &Who, command: CommandId, id: Uuid, code: &str) -> AppResult<()> {
    administration::must_administer_province(who)?;
    let code = OrganCode::read(code)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let before = for_change(&mut act, id).await?;
    let other = act
        .opt(
            sql!(
                "SELECT e.id, e.code, e.name FROM directory_code c JOIN directory_entry e ON e.id = c.entry_id \
                 WHERE c.code = $1 AND c.confirmed = 1 AND e.id <> $2 AND e.valid_to IS NULL ORDER BY e.id LIMIT 1"
            ),
            args![code.key(), id],
        )
        .await?;
    let own = OrganCode::read(&before.code)?;
    let mut joined = None;
    if let Some(other) = other {
        let (other_id, other_code, name): (Uuid, String, String) =
            (other.get("id")?, other.get("code")?, other.get("name")?);
        if OrganCode::read(&other_code)?.form() == own.form() {
            return Err(refused(
                "directory.two_organisations",
                "code",
                format!(
                    "“{name}” ({other_code}) và “{}” ({}) có mã cùng dạng nên là hai cơ quan. Nếu đã sáp nhập, vui lòng đóng một mục và ghi cơ quan tiếp nhận.",
                    before.name, before.code
                ),
            ));
        }
        close_entry(&mut act, other_id).await?;
        act.run(
            sql!("UPDATE directory_entry SET successor_id = $2 WHERE id = $1"),
            args![other_id, id],
        )
        .await?;
        joined = Some((other_code, name));
    }
    add_code(&mut act, id, &code).await?;
    let summary = match &joined {
        Some((other, name)) => format!(
            "Xác nhận mã {code} là của “{}” ({}); gộp mục “{name}” ({other}).",
            before.name, before.code
        ),
        None => format!("Xác nhận mã {code} là của “{}” ({}).", before.name, before.code),
    };
    note(&mut act, id, summary, json!({ "code": code.as_str() })).await?;
    app.commit(act, &()).await
}

/// How many codes only the axis says that no other entry and no agency of ours has or had.
///
/// # Errors
/// When the database fails.
pub async fn undisputed(app: &App) -> AppResult<u32> {
    let row = app
        .db
        .one(
            sql!(
                "SELECT count(*) AS n FROM directory_code c WHERE c.confirmed = 0 \
                 AND NOT EXISTS (SELECT 1 FROM directory_code o WHERE o.code = c.code AND o.entry_id <> c.entry_id) \
                 AND NOT EXISTS (SELECT 1 FROM agency a WHERE a.code = c.code) \
                 AND NOT EXISTS (SELECT 1 FROM agency a WHERE a.old_code = c.code) \
                 AND NOT EXISTS (SELECT 1 FROM agency_former_code f WHERE f.code = c.code)"
            ),
            args![],
        )
        .await?;
    Ok(row.get("n")?)
}

/// Confirms all of them at once; what somebody else has or had is looked at one by one. Gives how many.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; when the database fails.
pub async fn confirm_undisputed(app: &App, who: &Who, command: CommandId) -> AppResult<u64> {
    administration::must_administer_province(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(count) => return Ok(count),
        Begun::Now(act) => act,
    };
    let count = act
        .run(
            sql!(
                "UPDATE directory_code SET confirmed = 1 WHERE confirmed = 0 \
                 AND NOT EXISTS (SELECT 1 FROM directory_code o WHERE o.code = directory_code.code \
                 AND o.entry_id <> directory_code.entry_id) \
                 AND NOT EXISTS (SELECT 1 FROM agency a WHERE a.code = directory_code.code) \
                 AND NOT EXISTS (SELECT 1 FROM agency a WHERE a.old_code = directory_code.code) \
                 AND NOT EXISTS (SELECT 1 FROM agency_former_code f WHERE f.code = directory_code.code)"
            ),
            args![],
        )
        .await?;
    let object = act.new_id();
    let summary = format!("Xác nhận {count} mã khác của các cơ quan theo danh mục của trục liên thông.");
    note(&mut act, object, summary, json!({ "count": count })).await?;
    app.commit(act, &count).await?;
    Ok(count)
}

struct Before {
    id: Uuid,
    code: String,
    name: String,
}

async fn for_change(act: &mut Act, id: Uuid) -> AppResult<Before> {
    let row = act
        .opt(
            sql!("UPDATE directory_entry SET source = source WHERE id = $1 RETURNING code, name"),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(Before {
        id,
        code: row.get("code")?,
        name: row.get("name")?,
    })
}

/// The name of another entry in use that has this code now.
async fn other_with(act: &mut Act, code: &OrganCode, id: Option<Uuid>) -> AppResult<Option<String>> {
    let row = act
        .opt(
            sql!(
                "SELECT e.name FROM directory_code c JOIN directory_entry e ON e.id = c.entry_id WHERE c.code = $1 \
                 AND c.valid_to IS NULL AND c.confirmed = 1 AND e.valid_to IS NULL AND e.id <> $2 ORDER BY e.id LIMIT 1"
            ),
            args![code.key(), id.unwrap_or_default()],
        )
        .await?;
    if let Some(row) = row {
        return Ok(Some(row.get("name")?));
    }
    // A closed entry keeps its code in the directory: it is opened again instead of being written a second time.
    let closed = act
        .opt(
            sql!("SELECT name FROM directory_entry WHERE upper(code) = $1 AND id <> $2 LIMIT 1"),
            args![code.key(), id.unwrap_or_default()],
        )
        .await?;
    closed
        .map(|row| Ok(format!("{} (đã đóng)", row.get::<String>("name")?)))
        .transpose()
}

async fn note(act: &mut Act, id: Uuid, summary: String, details: serde_json::Value) -> AppResult<()> {
    Ok(act
        .journal(Entry {
            act: act_names::DIRECTORY_CHANGE,
            object_kind: "directory",
            object: id,
            agency: None,
            summary,
            details,
        })
        .await?)
}
