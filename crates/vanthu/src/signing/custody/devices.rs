//! The acts: a device is recorded, handed over, taken out of use. Each is a line of the journal; handovers are never
//! changed.

use jiff::Timestamp;
use rules::{
    Refusal,
    access::{self, Action, ObjectFacts},
    ids::{AgencyId, CommandId, PostId},
    people::Role,
    signing::custody::{self as rule, DeviceKind, Handover, Holding},
};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use uuid::Uuid;

use super::holding;
use crate::{
    act_names,
    context::{App, Who},
    error::{AppError, AppResult},
    web::clean,
};

/// A device to record.
#[derive(Debug, Clone)]
pub struct NewDevice {
    /// Whose it is.
    pub agency: AgencyId,
    /// Seal or secret key.
    pub kind: DeviceKind,
    /// What people call it.
    pub label: String,
    /// Serial number, or empty.
    pub number: String,
}

/// A handover to record.
#[derive(Debug, Clone)]
pub struct RecordHandover {
    /// Who receives it.
    pub to: PostId,
    /// Văn bản giao nhiệm vụ, văn bản cho phép.
    pub permission: String,
    /// Biên bản bàn giao.
    pub minutes: String,
    /// When.
    pub at: Timestamp,
}

/// Whether this person records custody for `agency`: its administrator, its head.
pub fn records(who: &Who, agency: AgencyId) -> bool {
    let facts = ObjectFacts::agency(agency);
    access::decide(&who.actor, Action::ManageAccounts, &facts).is_ok()
        || (who.agency() == agency && who.actor.is_agency_head)
}

/// Whether this person reads the record: who records, and the clerks of the agency.
pub fn reads(who: &Who, agency: AgencyId) -> bool {
    records(who, agency) || who.actor.is_clerk_of(agency)
}

fn must_record(who: &Who, agency: AgencyId) -> AppResult<()> {
    if records(who, agency) {
        Ok(())
    } else if reads(who, agency) {
        Err(Refusal::new(
            "ND30-32.1",
            "custody.not_recorder",
            "Việc giao con dấu, thiết bị lưu khóa bí mật do người đứng đầu hoặc quản trị của cơ quan ghi nhận.",
        )
        .into())
    } else {
        Err(AppError::NotFound)
    }
}

/// Records a device of an agency.
///
/// # Errors
/// [`AppError::NotFound`] for an agency that is not this person's to administer; a refusal without a name.
pub async fn add_device(app: &App, who: &Who, command: CommandId, new: NewDevice) -> AppResult<Uuid> {
    must_record(who, new.agency)?;
    let (label, number) = (clean(&new.label), clean(&new.number));
    if label.is_empty() || label.chars().count() > 200 || number.chars().count() > 100 {
        return Err(Refusal::new(
            "ND30-32.1",
            "custody.no_label",
            "Vui lòng ghi tên thiết bị, không quá 200 ký tự; số hiệu không quá 100 ký tự.",
        )
        .on("label")
        .into());
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(id) => return Ok(id),
        Begun::Now(act) => act,
    };
    let (id, now) = (act.new_id(), act.now());
    act.run(
        sql!(
            "INSERT INTO custody_device (id, agency_id, kind, label, number, since, added_at, added_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7)"
        ),
        args![
            id,
            new.agency,
            new.kind.as_str(),
            &label,
            &number,
            now,
            who.label()
        ],
    )
    .await?;
    act.journal(Entry {
        act: act_names::CUSTODY_ADD,
        object_kind: "custody",
        object: id,
        agency: Some(new.agency),
        summary: format!("Ghi nhận {}: {label}.", new.kind.label().to_lowercase()),
        details: json!({ "kind": new.kind, "number": number }),
    })
    .await?;
    app.commit(act, &id).await?;
    Ok(id)
}

/// A device with its row locked.
struct Locked {
    agency: AgencyId,
    kind: DeviceKind,
    label: String,
    holding: Holding,
}

async fn lock(act: &mut Act, who: &Who, id: Uuid) -> AppResult<Locked> {
    act.run(
        sql!("UPDATE custody_device SET since = since WHERE id = $1"),
        args![id],
    )
    .await?;
    let row = act
        .opt(
            sql!(
                "SELECT d.agency_id, d.kind, d.label, d.holder, d.since, d.retired_at, a.full_name, p.title \
                 FROM custody_device d LEFT JOIN post p ON p.id = d.holder LEFT JOIN account a ON a.id = p.account_id \
                 WHERE d.id = $1"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let agency = row.get("agency_id")?;
    must_record(who, agency)?;
    if row.get::<Option<Timestamp>>("retired_at")?.is_some() {
        return Err(Refusal::new(
            "ND30-32.1",
            "custody.retired",
            "Thiết bị này đã thôi sử dụng. Vui lòng ghi nhận thiết bị mới.",
        )
        .into());
    }
    Ok(Locked {
        agency,
        kind: row.parse("kind")?,
        label: row.get("label")?,
        holding: holding(&row)?,
    })
}

/// Records that a device changed hands (ND30-32.2b).
///
/// # Errors
/// The refusal of [`rules::signing::custody::hand_over`]; [`AppError::NotFound`] for a device that is not this person's
/// to record.
pub async fn hand_over(
    app: &App,
    who: &Who,
    command: CommandId,
    device: Uuid,
    record: RecordHandover,
) -> AppResult<()> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let locked = lock(&mut act, who, device).await?;
    let today = act.today();
    let to = act
        .opt(
            sql!(
                "SELECT p.agency_id, p.role, p.title, a.full_name FROM post p JOIN account a ON a.id = p.account_id \
                 WHERE p.id = $1 AND a.closed_at IS NULL AND (p.valid_to IS NULL OR p.valid_to >= $2)"
            ),
            args![record.to, today],
        )
        .await?
        .ok_or_else(|| AppError::BadInput("Không có người nhận này. Vui lòng chọn lại.".to_owned()))?;
    let (permission, minutes) = (clean(&record.permission), clean(&record.minutes));
    let now = act.now();
    rule::hand_over(
        locked.agency,
        now,
        Some(&locked.holding),
        &Handover {
            to: record.to,
            to_agency: to.get("agency_id")?,
            to_is_clerk: to.parse::<Role>("role")? == Role::Clerk,
            permission: &permission,
            minutes: &minutes,
            at: record.at,
        },
    )?;
    let to_label = format!(
        "{}, {}",
        to.get::<String>("full_name")?,
        to.get::<String>("title")?
    );
    let id = act.new_id();
    act.run(
        sql!(
            "INSERT INTO custody_handover (id, device_id, from_post, from_label, to_post, to_label, permission, minutes, \
             at, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        args![
            id,
            device,
            locked.holding.holder,
            &locked.holding.label,
            record.to,
            &to_label,
            &permission,
            &minutes,
            record.at,
            now,
            who.label(),
        ],
    )
    .await?;
    act.run(
        sql!("UPDATE custody_device SET holder = $2, since = $3 WHERE id = $1"),
        args![device, record.to, record.at],
    )
    .await?;
    let from = if locked.holding.label.is_empty() {
        String::new()
    } else {
        format!(" từ {}", locked.holding.label)
    };
    act.journal(Entry {
        act: act_names::CUSTODY_HAND_OVER,
        object_kind: "custody",
        object: device,
        agency: Some(locked.agency),
        summary: format!(
            "Bàn giao {} “{}”{from} cho {to_label}.",
            locked.kind.label().to_lowercase(),
            locked.label
        ),
        details: json!({ "note": format!("{permission}; {minutes}"), "at": record.at, "handover": id }),
    })
    .await?;
    app.commit(act, &()).await
}

/// Records that a device is no longer used: lost, broken, handed back.
///
/// # Errors
/// As [`hand_over`]; a refusal without a reason.
pub async fn retire(app: &App, who: &Who, command: CommandId, device: Uuid, reason: &str) -> AppResult<()> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let locked = lock(&mut act, who, device).await?;
    let reason = clean(reason);
    if reason.is_empty() {
        return Err(Refusal::new(
            "ND30-32.1",
            "custody.no_reason",
            "Vui lòng ghi lý do thôi sử dụng thiết bị (hỏng, mất, nộp lại…).",
        )
        .on("reason")
        .into());
    }
    let now = act.now();
    act.run(
        sql!("UPDATE custody_device SET retired_at = $2, retired_why = $3 WHERE id = $1"),
        args![device, now, &reason],
    )
    .await?;
    act.journal(Entry {
        act: act_names::CUSTODY_RETIRE,
        object_kind: "custody",
        object: device,
        agency: Some(locked.agency),
        summary: format!(
            "Thôi sử dụng {} “{}”.",
            locked.kind.label().to_lowercase(),
            locked.label
        ),
        details: json!({ "note": reason }),
    })
    .await?;
    app.commit(act, &()).await
}
