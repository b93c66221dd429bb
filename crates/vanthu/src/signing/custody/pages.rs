//! The pages of custody: devices of an agency, the record of one.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::{Timestamp, civil::DateTime};
use rules::{
    ids::{AgencyId, PostId},
    office_time::VIETNAM,
    signing::custody::DeviceKind,
};
use serde::Deserialize;
use store::{Row, args, sql};
use uuid::Uuid;

use super::{
    super::scope::{self, Of, Scope},
    devices::{self, NewDevice, RecordHandover},
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    organization,
    web::{
        Reply, Submitted, format, frame,
        page::{Badge, Choice, Fact, FieldErrors, Page, Tab, Tone},
        render, see_other,
    },
};

struct DeviceLine {
    href: String,
    label: String,
    kind: &'static str,
    number: String,
    holder: String,
    since: String,
    state: Badge,
}

#[derive(Template)]
#[template(path = "signing/custody/list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    scope: Scope,
    lines: Vec<DeviceLine>,
    kinds: Vec<Choice>,
    may_record: bool,
    errors: FieldErrors,
    command_id: String,
}

/// `GET /administration/signing/custody`.
pub async fn list(State(app): State<App>, who: Who, jar: CookieJar, Query(of): Query<Of>) -> Reply {
    let agency = of.agency.unwrap_or(who.agency());
    if !devices::reads(&who, agency) {
        return Err(AppError::NotFound);
    }
    let rows = app
        .db
        .all(
            sql!(
                "SELECT d.id, d.kind, d.label, d.number, d.holder, d.since, d.retired_at, a.full_name, p.title \
                 FROM custody_device d LEFT JOIN post p ON p.id = d.holder LEFT JOIN account a ON a.id = p.account_id \
                 WHERE d.agency_id = $1 ORDER BY CASE WHEN d.retired_at IS NULL THEN 0 ELSE 1 END, d.kind, d.id"
            ),
            args![agency],
        )
        .await?;
    render(&ListPage {
        page: frame(&app, &who, &jar, "Giao giữ con dấu, thiết bị", "signing").await?,
        tabs: scope::tabs(&who, agency, "custody"),
        scope: scope::scope(&app, &who, agency).await?,
        lines: rows.iter().map(line).collect::<AppResult<_>>()?,
        kinds: DeviceKind::ALL
            .iter()
            .rev()
            .map(|kind| Choice::new(kind.as_str(), kind.label()))
            .collect(),
        may_record: devices::records(&who, agency),
        errors: FieldErrors::none(),
        command_id: app.ids.next().to_string(),
    })
}

fn line(row: &Row) -> AppResult<DeviceLine> {
    let id: Uuid = row.get("id")?;
    let is_held = row.get::<Option<PostId>>("holder")?.is_some();
    Ok(DeviceLine {
        href: format!("/administration/signing/custody/{id}"),
        label: row.get("label")?,
        kind: row.parse::<DeviceKind>("kind")?.label(),
        number: row.get("number")?,
        holder: super::holding(row)?.label,
        since: if is_held {
            format::moment(row.get("since")?)
        } else {
            String::new()
        },
        state: state(row)?,
    })
}

fn state(row: &Row) -> AppResult<Badge> {
    let is_retired = row.get::<Option<Timestamp>>("retired_at")?.is_some();
    let is_held = row.get::<Option<PostId>>("holder")?.is_some();
    Ok(match (is_retired, is_held) {
        (true, _) => Badge::new("Thôi sử dụng", Tone::Neutral),
        (false, true) => Badge::new("Đang có người giữ", Tone::Good),
        (false, false) => Badge::new("Chưa giao", Tone::Warn),
    })
}

/// The form of a new device.
#[derive(Debug, Deserialize)]
pub struct DeviceForm {
    #[serde(default, deserialize_with = "crate::web::blank_as_none")]
    agency: Option<AgencyId>,
    kind: DeviceKind,
    label: String,
    #[serde(default)]
    number: String,
}

/// `POST /administration/signing/custody`.
pub async fn add(State(app): State<App>, form: Submitted<DeviceForm>) -> Reply {
    let new = NewDevice {
        agency: form.data.agency.unwrap_or(form.who.agency()),
        kind: form.data.kind,
        label: form.data.label,
        number: form.data.number,
    };
    let id = devices::add_device(&app, &form.who, form.command, new).await?;
    Ok(see_other(
        &app,
        &format!("/administration/signing/custody/{id}"),
        "Đã ghi nhận thiết bị. Hãy ghi nhận việc giao cho văn thư.",
    ))
}

struct HandoverLine {
    at: String,
    at_machine: String,
    from: String,
    to: String,
    permission: String,
    minutes: String,
    recorded: String,
}

#[derive(Template)]
#[template(path = "signing/custody/detail.html")]
struct DetailPage {
    page: Page,
    tabs: Vec<Tab>,
    back: String,
    id: Uuid,
    facts: Vec<Fact>,
    lines: Vec<HandoverLine>,
    people: Vec<Choice>,
    may_record: bool,
    is_retired: bool,
    is_first: bool,
    now: String,
    errors: FieldErrors,
    command_id: String,
}

/// `GET /administration/signing/custody/{id}`: the record of one device, which also prints.
pub async fn detail(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<Uuid>) -> Reply {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT d.agency_id, d.kind, d.label, d.number, d.holder, d.since, d.retired_at, d.retired_why, \
                 d.added_at, d.added_by, a.full_name, p.title FROM custody_device d LEFT JOIN post p ON p.id = d.holder \
                 LEFT JOIN account a ON a.id = p.account_id WHERE d.id = $1"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let agency: AgencyId = row.get("agency_id")?;
    if !devices::reads(&who, agency) {
        return Err(AppError::NotFound);
    }
    let handovers = app
        .db
        .all(
            sql!(
                "SELECT at, from_label, to_label, permission, minutes, recorded_at, recorded_by FROM custody_handover \
                 WHERE device_id = $1 ORDER BY at DESC, id DESC"
            ),
            args![id],
        )
        .await?;
    let holder: Option<PostId> = row.get("holder")?;
    let may_record = devices::records(&who, agency);
    let label: String = row.get("label")?;
    let badge = state(&row)?;
    let mut facts = vec![
        Fact::new("Loại", row.parse::<DeviceKind>("kind")?.label()),
        Fact::new("Cơ quan", organization::agency(&app, agency).await?.name),
        Fact::new("Số hiệu", row.get::<String>("number")?),
        Fact::new("Trạng thái", badge.label).badge(badge.tone),
        Fact::new("Người đang giữ", super::holding(&row)?.label),
    ];
    if holder.is_some() {
        facts.push(Fact::new("Giữ từ", format::moment(row.get("since")?)));
    }
    facts.push(Fact::new(
        "Ghi nhận",
        format!(
            "{}, {}",
            format::moment(row.get("added_at")?),
            row.get::<String>("added_by")?
        ),
    ));
    if let Some(at) = row.get::<Option<Timestamp>>("retired_at")? {
        facts.push(Fact::new("Thôi sử dụng lúc", format::moment(at)));
        facts.push(Fact::new(
            "Lý do",
            row.get::<Option<String>>("retired_why")?.unwrap_or_default(),
        ));
    }
    let is_retired = row.get::<Option<Timestamp>>("retired_at")?.is_some();
    let people = organization::posts_of(&app, agency).await?;
    let is_first = holder.is_none();
    render(&DetailPage {
        page: frame(&app, &who, &jar, &label, "signing").await?,
        tabs: scope::tabs(&who, agency, "custody"),
        back: format!("/administration/signing/custody?agency={agency}"),
        id,
        facts,
        lines: handovers.iter().map(handover_line).collect::<AppResult<_>>()?,
        people: people
            .iter()
            .filter(|person| Some(person.post) != holder)
            // The first holder is văn thư (ND30-32.1).
            .filter(|person| !is_first || person.role == rules::people::Role::Clerk)
            .map(organization::PostOption::choice)
            .collect(),
        may_record,
        is_retired,
        is_first,
        now: store::vietnam(app.clock.now())
            .strftime("%Y-%m-%dT%H:%M")
            .to_string(),
        errors: FieldErrors::none(),
        command_id: app.ids.next().to_string(),
    })
}

fn handover_line(row: &Row) -> AppResult<HandoverLine> {
    let at: Timestamp = row.get("at")?;
    Ok(HandoverLine {
        at: format::moment(at),
        at_machine: format::machine(at),
        from: row.get("from_label")?,
        to: row.get("to_label")?,
        permission: row.get("permission")?,
        minutes: row.get("minutes")?,
        recorded: format!(
            "{}, {}",
            row.get::<String>("recorded_by")?,
            format::moment(row.get("recorded_at")?)
        ),
    })
}

/// The form of a handover.
#[derive(Debug, Deserialize)]
pub struct HandoverForm {
    to: PostId,
    permission: String,
    minutes: String,
    /// Local time in Viet Nam: `2026-01-08T08:00`.
    at: String,
}

/// `POST /administration/signing/custody/{id}/hand-over`.
pub async fn hand_over(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<HandoverForm>) -> Reply {
    let wrong = || AppError::BadInput("Thời điểm bàn giao không đọc được. Vui lòng nhập lại.".to_owned());
    let at: DateTime = form.data.at.trim().parse().map_err(|_| wrong())?;
    let record = RecordHandover {
        to: form.data.to,
        permission: form.data.permission,
        minutes: form.data.minutes,
        at: VIETNAM.to_timestamp(at).map_err(|_| wrong())?,
    };
    devices::hand_over(&app, &form.who, form.command, id, record).await?;
    Ok(see_other(
        &app,
        &format!("/administration/signing/custody/{id}"),
        "Đã ghi nhận bàn giao.",
    ))
}

/// The form of an end.
#[derive(Debug, Deserialize)]
pub struct RetireForm {
    #[serde(default)]
    reason: String,
}

/// `POST /administration/signing/custody/{id}/retire`.
pub async fn retire(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<RetireForm>) -> Reply {
    devices::retire(&app, &form.who, form.command, id, &form.data.reason).await?;
    Ok(see_other(
        &app,
        &format!("/administration/signing/custody/{id}"),
        "Đã ghi nhận thôi sử dụng thiết bị.",
    ))
}
