//! The act: the agency's process from a day on.

use jiff::civil::Date;
use rules::{
    ids::{AgencyId, CommandId},
    process::{Process, Step, accept},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;

use super::kept::{KEY, Kept};
use crate::{
    act_names, administration,
    context::{App, Who},
    error::{AppError, AppResult},
    web::{clean, format},
};

/// A process to decide.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProcess {
    /// The agency; the own one when absent.
    #[serde(default)]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub agency: Option<AgencyId>,
    /// The first day on which it holds.
    #[schema(value_type = String, format = Date)]
    pub valid_from: Date,
    /// The paper by which the head of the agency decided it.
    pub basis: String,
    /// The steps: `stage`, `name`, `role`, `acts`, `term` (working days), `next`.
    #[schema(value_type = Vec<Object>)]
    pub steps: Vec<Step>,
}

/// The decided process.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProcessSaved {
    /// The agency.
    #[schema(value_type = uuid::Uuid)]
    pub agency: AgencyId,
    /// The first day on which it holds.
    #[schema(value_type = String, format = Date)]
    pub valid_from: Date,
}

/// Decides the process of an agency.
///
/// # Errors
/// `QC01-23.4` for everybody but administrators, [`AppError::NotFound`] for an agency of somebody else, `QC01-12` for a
/// process that is not closed.
pub async fn save(app: &App, who: &Who, command: CommandId, data: NewProcess) -> AppResult<ProcessSaved> {
    administration::must_administer(who)?;
    let agency = data.agency.unwrap_or(who.agency());
    if !administration::manages(who, agency) {
        return Err(AppError::NotFound);
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let basis = clean(&data.basis);
    let mut steps = data.steps;
    for step in &mut steps {
        step.name = clean(&step.name).split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let process = Process { steps };
    accept(&process, &basis, data.valid_from, act.today())?;
    let kept = Kept {
        basis: basis.clone(),
        decided_by: act.actor().label.clone(),
        process,
    };
    let value = serde_json::to_string(&kept)?;
    act.run(
        sql!(
            "INSERT INTO agency_setting (agency_id, key, valid_from, value) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (agency_id, key, valid_from) DO UPDATE SET value = $4"
        ),
        args![agency, KEY, data.valid_from, value],
    )
    .await?;
    act.journal(Entry {
        act: act_names::PROCESS_SAVE,
        object_kind: "agency",
        object: agency.as_uuid(),
        agency: Some(agency),
        summary: format!(
            "Quy trình nội bộ xử lý văn bản đến áp dụng từ ngày {}, theo {basis}",
            format::date(data.valid_from)
        ),
        details: json!({ "valid_from": data.valid_from, "process": kept }),
    })
    .await?;
    let answer = ProcessSaved {
        agency,
        valid_from: data.valid_from,
    };
    app.commit(act, &answer).await?;
    Ok(answer)
}
