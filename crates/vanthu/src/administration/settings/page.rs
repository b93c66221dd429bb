//! The page: a card for each setting with its form, and where the others are decided.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    document_types,
    ids::{AgencyId, PostId, UnitId},
    organization::{RowKind, SettingKind},
};
use uuid::Uuid;

use super::{
    LINK,
    choose::{self, ChooseSetting, number_of, said},
    rows::{Kept, Nameable, SentRow},
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

/// Rows of a table that are offered empty.
const BLANK_ROWS: usize = 2;
/// No form has more rows.
const MOST_ROWS: usize = 300;

/// A number of a card.
struct NumberField {
    name: &'static str,
    label: &'static str,
    least: u32,
    most: u32,
    value: String,
}

/// A row of a card that is a table.
struct RowFields {
    at: usize,
    label: String,
    row: Kept,
}

/// The table of a card.
struct Table {
    rows: Vec<RowFields>,
    kind: RowKind,
}

impl Table {
    /// What is there, and some room for more.
    fn of(kind: RowKind, kept: Vec<Kept>) -> Self {
        let count = kept.len();
        let more = std::iter::repeat_n(Kept::default(), BLANK_ROWS);
        let rows = kept.into_iter().chain(more).enumerate();
        Self {
            kind,
            rows: rows
                .map(|(at, row)| RowFields {
                    at,
                    label: if at < count {
                        format!("Dòng {}", at + 1)
                    } else {
                        format!("Dòng {} (để trống nếu không thêm)", at + 1)
                    },
                    row,
                })
                .collect(),
        }
    }

    fn is_paper_list(&self) -> bool {
        self.kind == RowKind::PaperList
    }

    fn is_by_order(&self) -> bool {
        self.kind == RowKind::ByOrder
    }

    fn is_delegations(&self) -> bool {
        self.kind == RowKind::Delegations
    }

    fn is_work_rules(&self) -> bool {
        self.kind == RowKind::WorkRules
    }
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
    /// Of settings that are words.
    text: Option<String>,
    /// Of settings that are tables.
    table: Option<Table>,
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
    kinds: Vec<Choice>,
    units: Vec<Choice>,
    people: Vec<Choice>,
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

    /// The rows of a table that were sent, blank ones left out.
    fn rows(&self) -> Vec<Kept> {
        let count = self.text("rows").parse::<usize>().unwrap_or_default();
        let rows = (0..count.min(MOST_ROWS)).map(|at| {
            let text = |name: &str| self.text(&format!("{name}-{at}")).to_owned();
            let kinds = format!("kinds-{at}");
            Kept {
                document_types: self
                    .0
                    .iter()
                    .filter(|(name, _)| *name == kinds)
                    .map(|(_, value)| value.clone())
                    .collect(),
                recipient: text("recipient"),
                unit: text("unit"),
                person: text("person"),
                name: String::new(),
                deputy_may_sign: text("deputy") == "on",
                valid_from: text("from"),
                valid_to: text("to"),
                basis: text("basis"),
            }
        });
        rows.filter(|row| !row.is_blank()).collect()
    }
}

/// A row as a program sends it.
fn sent_row(at: usize, row: Kept) -> AppResult<SentRow> {
    let wrong = |what: &str| {
        AppError::BadInput(format!(
            "Dòng {}: {what} không đọc được. Vui lòng chọn lại.",
            at + 1
        ))
    };
    let day = |text: &str| match text {
        "" => Ok(None),
        text => text.parse::<Date>().map(Some).map_err(|_| wrong("ngày")),
    };
    let unit = match row.unit.as_str() {
        "" => None,
        text => Some(text.parse::<UnitId>().map_err(|_| wrong("đơn vị"))?),
    };
    let person = match row.person.as_str() {
        "" => None,
        text => Some(text.parse::<PostId>().map_err(|_| wrong("người ký"))?),
    };
    Ok(SentRow {
        valid_from: day(&row.valid_from)?,
        valid_to: day(&row.valid_to)?,
        document_types: row.document_types,
        recipient: row.recipient,
        unit,
        person,
        deputy_may_sign: row.deputy_may_sign,
        basis: row.basis,
    })
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
            text: fields.text("text").to_owned(),
            rows: fields
                .rows()
                .into_iter()
                .enumerate()
                .map(|(at, row)| sent_row(at, row))
                .collect::<AppResult<_>>()?,
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

fn choices<Id: ToString>(known: Vec<(Id, String)>) -> Vec<Choice> {
    known
        .into_iter()
        .map(|(id, name)| Choice::new(id.to_string(), name))
        .collect()
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
            SettingKind::Flag { .. } | SettingKind::IdentifierTemplate | SettingKind::Rows(_) => Vec::new(),
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
            is_flag: matches!(setting.kind, SettingKind::Flag { .. }),
            flag: typed("value", line.value.to_string()),
            numbers,
            text: (setting.kind == SettingKind::IdentifierTemplate)
                .then(|| typed("text", line.value.as_str().unwrap_or_default().to_owned())),
            table: match setting.kind {
                SettingKind::Rows(kind) => {
                    let kept = || Kept::all(kind, &line.value);
                    Some(Table::of(kind, sent.map_or_else(kept, Fields::rows)))
                }
                _ => None,
            },
            valid_from: typed("valid_from", today.to_string()),
            basis: typed("basis", String::new()),
            is_open: sent.is_some(),
        });
    }
    let known = Nameable::of(app, scope.agency).await?;
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    Ok(SettingsPage {
        page: frame(app, who, jar, "Cài đặt của đơn vị", LINK).await?,
        scope,
        cards,
        flags: vec![Choice::new("true", "Có"), Choice::new("false", "Không")],
        kinds: document_types::in_force(today)
            .map(|kind| Choice::new(kind.key, kind.name))
            .collect(),
        units: choices(known.units),
        people: choices(known.people),
        today: today.to_string(),
        errors,
        refusal,
        command_id: app.ids.next(),
    })
}
