//! The way of a document: the steps of the process that holds for it, where it stands, and by when it moves on.

use jiff::{Timestamp, civil::Date};
use rules::{
    access::Action,
    ids::{AgencyId, IncomingId},
    incoming::IncomingState,
    process::{self, Process, Stage, StepPlace},
};
use serde::Serialize;
use store::{args, sql, vietnam};
use utoipa::ToSchema;

use super::kept::{self, Kept};
use crate::{
    act_names,
    context::App,
    error::AppResult,
    web::{
        format,
        page::{Badge, Tone},
    },
};

/// A step on the page of a document.
#[derive(Debug, Clone)]
pub struct StepView {
    /// What the agency calls it.
    pub name: String,
    /// Who is responsible, or nothing for the end.
    pub role: &'static str,
    /// `is-passed`, `is-current`, `is-ahead`.
    pub class: &'static str,
    /// The same in words, for screen readers.
    pub place: &'static str,
    /// By when the document leaves it.
    pub due: Option<Badge>,
}

/// The way of a document.
#[derive(Debug, Clone, Default)]
pub struct Way {
    /// The steps; empty for a document that left the agency or was cancelled.
    pub steps: Vec<StepView>,
    /// By what paper, or that it is the standard process.
    pub basis: String,
    /// The agency's own process and the stage of the document in it.
    own: Option<(Process, Stage)>,
}

impl Way {
    /// Whether the agency's process lets this be done now; what it refuses is not offered.
    pub fn lets(&self, action: Action) -> bool {
        self.own
            .as_ref()
            .is_none_or(|(process, stage)| process::allows(process, *stage, action).is_ok())
    }
}

/// What the way of a document follows from.
#[derive(Debug, Clone, Copy)]
pub struct Stand {
    /// The document.
    pub id: IncomingId,
    /// Its agency.
    pub agency: AgencyId,
    /// Its state.
    pub state: IncomingState,
    /// Whether the lead part lies with a unit.
    pub with_unit: bool,
    /// When it came: the process of that day holds.
    pub delivered_at: Timestamp,
}

/// A step as the API tells it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepOfDocument {
    /// `reception`, `presenting`, `directing`, `distributing`, `handling`, `finished`.
    #[schema(value_type = String)]
    pub stage: Stage,
    /// What the agency calls it.
    pub name: String,
    /// Who is responsible: `clerk`, `leader`, `unit_head`, `officer`.
    #[schema(value_type = Option<String>)]
    pub role: Option<rules::people::Role>,
    /// `passed`, `current`, `ahead`.
    pub place: &'static str,
    /// By when the document leaves the current step.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
}

/// The steps of the process that holds for a document, with where it stands; and the paper behind it.
pub(super) async fn steps_of(app: &App, way: Stand) -> AppResult<(Vec<StepOfDocument>, Option<Kept>)> {
    let day = vietnam(way.delivered_at).date();
    let kept = kept::of_agency(app, way.agency, day).await?;
    let Some(stage) = process::stage_of(way.state, way.with_unit) else {
        return Ok((Vec::new(), kept));
    };
    let process = kept
        .as_ref()
        .map_or_else(process::standard, |kept| kept.process.clone());
    let since = vietnam(since(app, way).await?).date();
    let steps = process::standing(&process, stage, since, &app.calendar)
        .into_iter()
        .map(|standing| StepOfDocument {
            stage: standing.step.stage,
            name: standing.step.name.clone(),
            role: standing.step.role,
            place: match standing.place {
                StepPlace::Passed => "passed",
                StepPlace::Current => "current",
                StepPlace::Ahead => "ahead",
            },
            due_on: standing.due_on,
        })
        .collect();
    Ok((steps, kept))
}

/// When the document came to where it stands: the last act that moved it from step to step.
async fn since(app: &App, way: Stand) -> AppResult<Timestamp> {
    let row = app
        .db
        .one(
            sql!(
                "SELECT max(at) AS at FROM journal WHERE object_id = $1 AND act IN ($2, $3, $4, $5, $6, $7)"
            ),
            args![
                way.id,
                act_names::REGISTER,
                act_names::REGISTER_PAPER,
                act_names::PRESENT,
                act_names::DIRECT,
                act_names::PASS_DOWN,
                act_names::FINISH
            ],
        )
        .await?;
    Ok(row.get::<Option<Timestamp>>("at")?.unwrap_or(way.delivered_at))
}

/// The way of a document as its page shows it.
///
/// # Errors
/// When the database fails.
pub async fn way_of(app: &App, stand: Stand) -> AppResult<Way> {
    let (steps, kept) = steps_of(app, stand).await?;
    let today = app.clock.today();
    let steps = steps
        .into_iter()
        .map(|step| {
            let (class, place) = match step.place {
                "passed" => ("is-passed", "đã qua"),
                "current" => ("is-current", "đang ở bước này"),
                _ => ("is-ahead", "chưa đến"),
            };
            StepView {
                name: step.name,
                role: step.role.map(rules::people::Role::label).unwrap_or_default(),
                class,
                place,
                due: step.due_on.map(|due| due_badge(due, today)),
            }
        })
        .collect();
    let stage = process::stage_of(stand.state, stand.with_unit);
    Ok(match kept {
        Some(kept) => Way {
            steps,
            basis: format!("Theo {}", kept.basis),
            own: stage.map(|stage| (kept.process, stage)),
        },
        None => Way {
            steps,
            basis: "Quy trình mẫu theo Nghị định 30/2020/NĐ-CP".to_owned(),
            own: None,
        },
    })
}

fn due_badge(due: Date, today: Date) -> Badge {
    let day = format::date(due);
    if due < today {
        Badge::new(format!("Quá hạn bước {day}"), Tone::Bad).icon("alert-triangle")
    } else if due == today {
        Badge::new(format!("Hạn bước: hôm nay, {day}"), Tone::Warn).icon("clock")
    } else {
        Badge::new(format!("Hạn bước {day}"), Tone::Neutral)
    }
}
