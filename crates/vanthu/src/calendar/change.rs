//! The acts: days are decided, a decision is taken back.

use jiff::civil::Date;
use rules::{
    Refusal,
    deadlines::{DayKind, decide_days},
    ids::CommandId,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::live;
use crate::{
    act_names, administration,
    context::{App, Who},
    error::AppResult,
    web::{clean, format},
};

/// What is decided.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideDays {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day; absent for one day.
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    /// `off`, `make_up`, `morning`, `afternoon`, `ordinary`.
    #[schema(value_type = String)]
    pub kind: DayKind,
    /// What it is called, with the paper that decided it.
    pub name: String,
}

/// How many days changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DaysDecided {
    /// Days that are now as decided.
    pub days: usize,
}

/// Decides days for the whole province.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; the refusals of [`decide_days`].
pub async fn set(app: &App, who: &Who, command: CommandId, data: DecideDays) -> AppResult<DaysDecided> {
    administration::must_administer_province(who)?;
    let days = decide_days(data.from, data.to, data.kind, &clean(&data.name))?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let (now, by) = (act.now(), act.actor().label.clone());
    for decided in &days {
        act.run(
            sql!(
                "INSERT INTO calendar_day (day, kind, name, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (day) DO UPDATE SET kind = $2, name = $3, decided_by = $4, decided_at = $5"
            ),
            args![
                decided.day,
                decided.kind.as_str(),
                decided.name.as_str(),
                by.as_str(),
                now
            ],
        )
        .await?;
    }
    let object = act.new_id();
    act.journal(Entry {
        act: act_names::CALENDAR_SET,
        object_kind: "calendar",
        object,
        agency: None,
        summary: format!("Đặt {}: {}", spoken(data.from, data.to), data.kind.label()),
        details: json!({ "days": days, "note": clean(&data.name) }),
    })
    .await?;
    let answer = DaysDecided { days: days.len() };
    app.commit(act, &answer).await?;
    live::load(app).await?;
    Ok(answer)
}

/// Which decision is taken back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClearDay {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
}

/// Takes back what was decided for a day: the calendar of the program holds again.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; `BLLD-112` for a day of which nothing was decided.
pub async fn clear(app: &App, who: &Who, command: CommandId, data: ClearDay) -> AppResult<DaysDecided> {
    administration::must_administer_province(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let gone = act
        .run(sql!("DELETE FROM calendar_day WHERE day = $1"), args![data.day])
        .await?;
    if gone == 0 {
        return Err(Refusal::new(
            "BLLD-112",
            "calendar.nothing_decided",
            "Ngày này đang theo lịch mặc định, không có gì để bỏ. Vui lòng tải lại trang.",
        )
        .into());
    }
    let object: Uuid = act.new_id();
    act.journal(Entry {
        act: act_names::CALENDAR_CLEAR,
        object_kind: "calendar",
        object,
        agency: None,
        summary: format!(
            "Bỏ quyết định về ngày {}, theo lịch mặc định",
            format::date(data.day)
        ),
        details: json!({ "day": data.day }),
    })
    .await?;
    let answer = DaysDecided { days: 1 };
    app.commit(act, &answer).await?;
    live::load(app).await?;
    Ok(answer)
}

fn spoken(from: Date, to: Option<Date>) -> String {
    match to {
        Some(to) if to != from => {
            format!("từ ngày {} đến hết ngày {}", format::date(from), format::date(to))
        }
        _ => format!("ngày {}", format::date(from)),
    }
}
