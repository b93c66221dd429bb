//! The page: a card for each setting with its form, and where the others are decided.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{ids::AgencyId, organization::SettingKind};
use uuid::Uuid;

use super::{
    LINK,
    choose::{self, ChooseSetting, number_of, said},
    view,
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

/// A number of a card.
struct NumberField {
    name: &'static str,
    label: &'static str,
    least: u32,
    most: u32,
    value: String,
}

/// What was decided for a day on.
struct VersionView {
    from: String,
    said: String,
    state: Badge,
}

/// A setting with its form.
struct Card {
    key: &'static str,
    label: &'static str,
    meaning: &'static str,
    clause: String,
    said: String,
    is_decided: bool,
    versions: Vec<VersionView>,
    is_flag: bool,
    flag: String,
    numbers: Vec<NumberField>,
    valid_from: String,
    basis: String,
    /// Whether its form was sent and refused.
    is_open: bool,
}

#[derive(Template)]
#[template(path = "administration/settings/page.html")]
struct SettingsPage {
    page: Page,
    scope: Scope,
    cards: Vec<Card>,
    flags: Vec<Choice>,
    today: String,
    /// Of the card whose form was refused.
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: Uuid,
}

/// The fields of a form, as they were sent.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn text(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(of, _)| of == name)
            .map_or("", |(_, value)| value.trim())
    }
}

/// `GET /administration/settings`.
pub async fn show(State(app): State<App>, who: Who, jar: CookieJar, Query(of): Query<Of>) -> Reply {
    render(&build(&app, &who, &jar, of, None, None).await?)
}

/// `POST /administration/settings`.
pub async fn submit(State(app): State<App>, jar: CookieJar, form: Submitted<Vec<(String, String)>>) -> Reply {
    let fields = Fields(form.data);
    let agency: Option<AgencyId> = fields.text("agency").parse().ok();
    let done = async {
        let mut numbers = BTreeMap::new();
        for (name, value) in &fields.0 {
            if let Ok(value) = value.trim().parse() {
                numbers.insert(name.clone(), value);
            }
        }
        let data = ChooseSetting {
            agency,
            key: fields.text("key").to_owned(),
            valid_from: fields
                .text("valid_from")
                .parse::<Date>()
                .map_err(|_| AppError::BadInput("Vui lòng chọn ngày bắt đầu áp dụng.".to_owned()))?,
            basis: fields.text("basis").to_owned(),
            flag: match fields.text("value") {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            numbers,
        };
        choose::choose(&app, &form.who, form.command, data).await
    };
    match done.await {
        Ok(chosen) => Ok(see_other(
            &app,
            &format!("/administration/settings?agency={}", chosen.agency),
            &format!(
                "Đã ghi nhận, áp dụng từ ngày {}.",
                format::date(chosen.valid_from)
            ),
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            let of = Of { agency };
            Stay::on(&build(&app, &form.who, &jar, of, Some(fields), Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

async fn build(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    of: Of,
    sent: Option<Fields>,
    refused: Option<AppError>,
) -> AppResult<SettingsPage> {
    let scope = scope::administered(app, who, of).await?;
    let today = app.clock.today();
    let mut cards = Vec::new();
    for (setting, line) in view::all(app, scope.agency).await? {
        let sent = sent.as_ref().filter(|sent| sent.text("key") == setting.key);
        let typed = |name: &str, kept: String| sent.map_or(kept, |sent| sent.text(name).to_owned());
        let mut in_force = true;
        let versions = line
            .versions
            .iter()
            .map(|version| {
                let state = if version.valid_from > today {
                    Badge::new("Sẽ áp dụng", Tone::Info)
                } else if std::mem::take(&mut in_force) {
                    Badge::new("Đang áp dụng", Tone::Good)
                } else {
                    Badge::new("Đã thay", Tone::Neutral)
                };
                VersionView {
                    from: format::date(version.valid_from),
                    said: said(setting, &version.value),
                    state,
                }
            })
            .collect();
        let numbers = match setting.kind {
            SettingKind::Flag { .. } => Vec::new(),
            SettingKind::Numbers(numbers) => numbers
                .iter()
                .map(|number| NumberField {
                    name: number.name,
                    label: number.label,
                    least: number.least,
                    most: number.most,
                    value: typed(
                        number.name,
                        number_of(&line.value, number.name, number.usual).to_string(),
                    ),
                })
                .collect(),
        };
        cards.push(Card {
            key: setting.key,
            label: setting.label,
            meaning: setting.meaning,
            clause: format::clause(setting.clause),
            said: said(setting, &line.value),
            is_decided: line.is_decided,
            versions,
            is_flag: numbers.is_empty(),
            flag: typed("value", line.value.to_string()),
            numbers,
            valid_from: typed("valid_from", today.to_string()),
            basis: typed("basis", String::new()),
            is_open: sent.is_some(),
        });
    }
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    Ok(SettingsPage {
        page: frame(app, who, jar, "Cài đặt của đơn vị", LINK).await?,
        scope,
        cards,
        flags: vec![Choice::new("true", "Có"), Choice::new("false", "Không")],
        today: today.to_string(),
        errors,
        refusal,
        command_id: app.ids.next(),
    })
}
