//! The page of the agency's administrator: the process in force and those decided, and the form for another.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{ids::AgencyId, process::standard};
use uuid::Uuid;

use super::{
    form::{self, Card, Fields},
    kept::{self, Version},
    save::{self, NewProcess},
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    signing::scope::{self, Of, Scope},
    web::{
        Reply, Stay, Submitted, format, frame,
        page::{Badge, Choice, FieldErrors, Page, RefusalBox, Tone},
        render, see_other,
    },
};

/// A decided process in the list.
struct VersionView {
    from: String,
    state: Badge,
    basis: String,
    decided_by: String,
    steps: String,
}

#[derive(Template)]
#[template(path = "processes/page.html")]
struct ProcessPage {
    page: Page,
    scope: Scope,
    versions: Vec<VersionView>,
    is_standard: bool,
    cards: Vec<Card>,
    roles: Vec<Choice>,
    valid_from: String,
    basis: String,
    today: String,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: Uuid,
}

/// `GET /administration/process`.
pub async fn show(State(app): State<App>, who: Who, jar: CookieJar, Query(of): Query<Of>) -> Reply {
    render(&process_page(&app, &who, &jar, of, None, None).await?)
}

/// `POST /administration/process`.
pub async fn save(State(app): State<App>, jar: CookieJar, form: Submitted<Vec<(String, String)>>) -> Reply {
    let fields = Fields(form.data);
    let agency: Option<AgencyId> = fields.text("agency").parse().ok();
    let done = async {
        let valid_from = fields
            .text("valid_from")
            .parse::<Date>()
            .map_err(|_| AppError::BadInput("Vui lòng chọn ngày bắt đầu áp dụng quy trình.".to_owned()))?;
        let data = NewProcess {
            agency,
            valid_from,
            basis: fields.text("basis").to_owned(),
            steps: form::read(&fields)?.steps,
        };
        save::save(&app, &form.who, form.command, data).await
    };
    match done.await {
        Ok(saved) => Ok(see_other(
            &app,
            &format!("/administration/process?agency={}", saved.agency),
            &format!(
                "Đã lưu quy trình, áp dụng cho văn bản đến từ ngày {}.",
                format::date(saved.valid_from)
            ),
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            let of = Of { agency };
            Stay::on(&process_page(&app, &form.who, &jar, of, Some(fields), Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

async fn process_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    of: Of,
    sent: Option<Fields>,
    refused: Option<AppError>,
) -> AppResult<ProcessPage> {
    let scope = scope::administered(app, who, of).await?;
    let today = app.clock.today();
    let in_force = kept::of_agency(app, scope.agency, today).await?;
    let versions = kept::versions(app, scope.agency).await?;
    let is_standard = in_force.is_none();
    let (cards, valid_from, basis) = match &sent {
        Some(fields) => (
            form::cards_sent(fields),
            fields.text("valid_from").to_owned(),
            fields.text("basis").to_owned(),
        ),
        None => {
            let process = in_force.map_or_else(standard, |kept| kept.process);
            (form::cards_of(&process), today.to_string(), String::new())
        }
    };
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    Ok(ProcessPage {
        page: frame(app, who, jar, "Quy trình nội bộ", "process").await?,
        versions: shown(&versions, today),
        scope,
        is_standard,
        cards,
        roles: form::roles(),
        valid_from,
        basis,
        today: today.to_string(),
        errors,
        refusal,
        command_id: app.ids.next(),
    })
}

fn shown(versions: &[Version], today: Date) -> Vec<VersionView> {
    let in_force = versions
        .iter()
        .map(|version| version.valid_from)
        .find(|from| *from <= today);
    let view = |version: &Version| {
        let state = if Some(version.valid_from) == in_force {
            Badge::new("Đang áp dụng", Tone::Good)
        } else if version.valid_from > today {
            Badge::new("Sẽ áp dụng", Tone::Info)
        } else {
            Badge::new("Đã thay", Tone::Neutral)
        };
        let names: Vec<&str> = version
            .kept
            .process
            .steps
            .iter()
            .map(|step| step.name.as_str())
            .collect();
        VersionView {
            from: format::date(version.valid_from),
            state,
            basis: version.kept.basis.clone(),
            decided_by: version.kept.decided_by.clone(),
            steps: names.join(" → "),
        }
    };
    versions.iter().map(view).collect()
}
