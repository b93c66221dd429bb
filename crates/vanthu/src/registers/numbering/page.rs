//! The page of an agency's series, with the forms that change them.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    Refusal, document_types,
    ids::AgencyId,
    numbering::{self, SeriesGroup, SeriesRule},
};
use serde::Deserialize;

use super::{
    change_rule::{self as change, ChangeRule},
    go_on::{self as continuation, GoOn},
    hours::{SetHours, set_hours},
    other_series, seen,
    view::{self, NumberingQuery, RuleLine, SeriesLine},
    withdraw_rule::{self as withdrawal, WithdrawRule},
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    organization,
    web::{
        Reply, Stay, Submitted, format, frame,
        page::{Badge, Choice, Fact, FieldErrors, Page, RefusalBox, Tone},
        render, see_other,
    },
};

/// What was typed into a form that was refused, to show it again.
#[derive(Debug, Clone, Default)]
struct Typed {
    /// `rule`, `go_on`, `hours`; empty when nothing was sent.
    act: &'static str,
    rule: String,
    groups: String,
    valid_from: String,
    basis: String,
    series: String,
    first_number: String,
    last_day: String,
    continuation_basis: String,
    morning_ends: String,
    day_ends: String,
}

/// A rule that holds from a day to come.
struct PlannedLine {
    from: String,
    day: String,
    label: String,
    basis: String,
}

/// A series as the page shows it.
struct SeriesRow {
    label: String,
    last: String,
    day: String,
    next: String,
    state: Badge,
}

/// Numbers that no document here bears.
struct UnusedRow {
    numbers: String,
    series: String,
    reason: String,
    day: String,
}

#[derive(Template)]
#[template(path = "registers/numbering/page.html")]
struct NumberingPage {
    page: Page,
    command_id: String,
    agency: String,
    agency_name: String,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    typed: Typed,
    facts: Vec<Fact>,
    planned: Vec<PlannedLine>,
    year: i16,
    series: Vec<SeriesRow>,
    unused: Vec<UnusedRow>,
    may_keep: bool,
    rules: Vec<Choice>,
    choices: Vec<Choice>,
    tomorrow: String,
    today: String,
}

/// `GET /registers/numbering`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Query(query): Query<NumberingQuery>,
) -> Reply {
    let agency = seen(&who, query.agency)?;
    render(&shown(&app, &who, &jar, agency, None, Typed::default()).await?)
}

/// The form of a rule.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RuleForm {
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    agency: Option<AgencyId>,
    rule: String,
    groups: String,
    valid_from: String,
    basis: String,
}

/// `POST /registers/numbering/rule`.
pub async fn change_rule(State(app): State<App>, jar: CookieJar, form: Submitted<RuleForm>) -> Reply {
    let typed = Typed {
        act: "rule",
        rule: form.data.rule.clone(),
        groups: form.data.groups.clone(),
        valid_from: form.data.valid_from.clone(),
        basis: form.data.basis.clone(),
        ..Typed::default()
    };
    let agency = form.data.agency;
    let data = read_rule(&app, form.data);
    let done = match data {
        Ok(data) => change::change_rule(&app, &form.who, form.command, data).await,
        Err(refusal) => Err(AppError::Refused(refusal)),
    };
    let sentence = "Đã ghi nhận quy định về dãy số.";
    after(&app, &form.who, &jar, agency, done, typed, sentence).await
}

fn read_rule(app: &App, form: RuleForm) -> Result<ChangeRule, Refusal> {
    let rule = match form.rule.as_str() {
        "common" => SeriesRule::Common,
        "per_type" => SeriesRule::PerType,
        "groups" => SeriesRule::Groups {
            groups: read_groups(&form.groups, app.clock.today())?,
        },
        _ => return Err(refused("rule", "Vui lòng chọn cách đánh số.".to_owned())),
    };
    Ok(ChangeRule {
        agency: form.agency,
        rule,
        valid_from: read_day(
            &form.valid_from,
            "valid_from",
            "Vui lòng chọn ngày bắt đầu áp dụng.",
        )?,
        basis: form.basis,
    })
}

fn refused(field: &'static str, message: String) -> Refusal {
    Refusal::new("ND30-15.1c", "numbering.series_rule", message).on(field)
}

fn read_day(text: &str, field: &'static str, missing: &str) -> Result<Date, Refusal> {
    text.trim()
        .parse()
        .map_err(|_| refused(field, missing.to_owned()))
}

/// One group a line: `tên nhóm: Quyết định, Chỉ thị`. Kinds are found by name, with or without accents and without what tells a
/// kind from another in lists, or by key.
fn read_groups(text: &str, today: Date) -> Result<Vec<SeriesGroup>, Refusal> {
    let mut groups = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some((key, kinds)) = line.split_once(':') else {
            return Err(refused(
                "groups",
                format!("Dòng “{line}” chưa đúng dạng “tên nhóm: loại văn bản, loại văn bản”."),
            ));
        };
        let mut document_types = Vec::new();
        for wanted in kinds.split(',').map(str::trim).filter(|kind| !kind.is_empty()) {
            let folded = viet_text::fold(wanted);
            let found = document_types::in_force(today).find(|kind| {
                let plain = kind.name.split(" (").next().unwrap_or(kind.name);
                kind.key == wanted || viet_text::fold(kind.name) == folded || viet_text::fold(plain) == folded
            });
            match found {
                Some(kind) => document_types.push(kind.key.to_owned()),
                None => {
                    return Err(refused(
                        "groups",
                        format!("Không có loại văn bản “{wanted}”. Vui lòng ghi đúng tên loại."),
                    ));
                }
            }
        }
        groups.push(SeriesGroup {
            key: key.trim().to_owned(),
            document_types,
        });
    }
    Ok(groups)
}

/// `POST /registers/numbering/withdraw`.
pub async fn withdraw_rule(State(app): State<App>, jar: CookieJar, form: Submitted<WithdrawRule>) -> Reply {
    let done = withdrawal::withdraw_rule(&app, &form.who, form.command, &form.data).await;
    let sentence = "Đã hủy quy định chưa áp dụng.";
    let (agency, typed) = (form.data.agency, Typed::default());
    after(&app, &form.who, &jar, agency, done, typed, sentence).await
}

/// The form of a continuation.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct GoOnForm {
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    agency: Option<AgencyId>,
    series: String,
    first_number: String,
    last_day: String,
    continuation_basis: String,
}

/// `POST /registers/numbering/go-on`.
pub async fn go_on(State(app): State<App>, jar: CookieJar, form: Submitted<GoOnForm>) -> Reply {
    let typed = Typed {
        act: "go_on",
        series: form.data.series.clone(),
        first_number: form.data.first_number.clone(),
        last_day: form.data.last_day.clone(),
        continuation_basis: form.data.continuation_basis.clone(),
        ..Typed::default()
    };
    let agency = form.data.agency;
    let done = match read_go_on(form.data) {
        Ok(data) => continuation::go_on(&app, &form.who, form.command, data).await,
        Err(refusal) => Err(AppError::Refused(refusal)),
    };
    let sentence = "Đã nối tiếp số của hệ thống trước.";
    after(&app, &form.who, &jar, agency, done, typed, sentence).await
}

fn read_go_on(form: GoOnForm) -> Result<GoOn, Refusal> {
    let first_number = form.first_number.trim().parse().map_err(|_| {
        refused(
            "first_number",
            "Vui lòng nhập số bắt đầu cấp tại đây (số nguyên).".to_owned(),
        )
    })?;
    Ok(GoOn {
        agency: form.agency,
        series: form.series,
        first_number,
        last_day: read_day(
            &form.last_day,
            "last_day",
            "Vui lòng chọn ngày của số cuối cùng ở hệ thống trước.",
        )?,
        basis: form.continuation_basis,
    })
}

/// `POST /registers/numbering/hours`.
pub async fn hours(State(app): State<App>, jar: CookieJar, form: Submitted<SetHours>) -> Reply {
    let shown = |time: Option<jiff::civil::Time>| {
        time.map(|time| time.strftime("%H:%M").to_string())
            .unwrap_or_default()
    };
    let typed = Typed {
        act: "hours",
        morning_ends: shown(form.data.morning_ends),
        day_ends: shown(form.data.day_ends),
        ..Typed::default()
    };
    let done = set_hours(&app, &form.who, form.command, &form.data).await;
    let sentence = "Đã lưu giờ tính thời hạn phát hành.";
    after(&app, &form.who, &jar, form.data.agency, done, typed, sentence).await
}

async fn after<T>(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    agency: Option<AgencyId>,
    done: AppResult<T>,
    typed: Typed,
    sentence: &str,
) -> Reply {
    let agency = seen(who, agency)?;
    match done {
        Ok(_) => Ok(see_other(app, &address(who, agency), sentence)),
        Err(AppError::Refused(refusal)) => {
            Stay::on(&shown(app, who, jar, agency, Some(refusal), typed).await?)
        }
        Err(error) => Err(error),
    }
}

fn address(who: &Who, agency: AgencyId) -> String {
    if agency == who.agency() {
        "/registers/numbering".to_owned()
    } else {
        format!("/registers/numbering?agency={agency}")
    }
}

async fn shown(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    agency: AgencyId,
    refusal: Option<Refusal>,
    mut typed: Typed,
) -> AppResult<NumberingPage> {
    let found = view::read(app, agency).await?;
    let today = app.clock.today();
    let mut errors = FieldErrors::none();
    if let Some((refusal, field)) = refusal
        .as_ref()
        .and_then(|refusal| Some((refusal, refusal.field?)))
    {
        let field = if typed.act == "go_on" && field == "basis" {
            "continuation_basis"
        } else {
            field
        };
        errors.add(field, refusal.message.as_str());
    }
    if typed.act != "hours" {
        typed.morning_ends.clone_from(&found.morning_ends);
        typed.day_ends.clone_from(&found.day_ends);
    }
    if typed.rule.is_empty() {
        typed.rule = rule_value(&found.rule.rule).to_owned();
    }
    if typed.act != "rule" {
        typed.groups = groups_text(&found.rule.rule);
    }
    let mut choices: Vec<Choice> = numbering::administrative_series(&found.rule.rule, today)
        .into_iter()
        .map(|series| Choice::new(series.key, series.label))
        .collect();
    choices.extend(
        other_series()
            .into_iter()
            .map(|(key, label)| Choice::new(key, label)),
    );
    Ok(NumberingPage {
        page: frame(app, who, jar, "Dãy số văn bản", "numbering").await?,
        command_id: app.ids.next().to_string(),
        agency: agency.to_string(),
        agency_name: organization::agency(app, agency).await?.name,
        refusal: refusal.map(|refusal| RefusalBox {
            sentence: refusal.message,
            clause: format::clause(refusal.clause),
            what_to_do: String::new(),
        }),
        errors,
        typed,
        facts: facts(&found.rule, &found.morning_ends, &found.day_ends),
        planned: found.planned.into_iter().map(planned).collect(),
        year: today.year(),
        series: found.series.iter().map(series_row).collect(),
        unused: found
            .unused
            .into_iter()
            .map(|line| UnusedRow {
                numbers: line.numbers,
                series: line.series,
                reason: line.reason,
                day: format::date_opt(line.on),
            })
            .collect(),
        may_keep: numbering::may_keep_series(&who.actor, agency).is_ok(),
        rules: vec![
            Choice::new("common", "Một dãy số chung"),
            Choice::new("per_type", "Mỗi loại văn bản một dãy số"),
            Choice::new("groups", "Theo nhóm loại văn bản"),
        ],
        choices,
        tomorrow: today.saturating_add(jiff::Span::new().days(1)).to_string(),
        today: today.to_string(),
    })
}

const fn rule_value(rule: &SeriesRule) -> &'static str {
    match rule {
        SeriesRule::Common => "common",
        SeriesRule::PerType => "per_type",
        SeriesRule::Groups { .. } => "groups",
    }
}

fn groups_text(rule: &SeriesRule) -> String {
    let SeriesRule::Groups { groups } = rule else {
        return String::new();
    };
    let line = |group: &SeriesGroup| {
        let kinds: Vec<&str> = group
            .document_types
            .iter()
            .filter_map(|key| document_types::by_key(key))
            .map(|kind| kind.name)
            .collect();
        format!("{}: {}", group.key, kinds.join(", "))
    };
    groups.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn facts(rule: &RuleLine, morning_ends: &str, day_ends: &str) -> Vec<Fact> {
    let from = rule
        .valid_from
        .map_or_else(|| "mặc định của hệ thống".to_owned(), format::date);
    let mut facts = vec![
        Fact::new("Cách đánh số", rule.label.as_str()),
        Fact::new("Áp dụng từ", from),
    ];
    if !rule.basis.is_empty() {
        facts.push(Fact::new("Căn cứ", rule.basis.as_str()));
    }
    facts.push(Fact::new(
        "Dãy số riêng theo luật",
        "Mỗi loại văn bản quy phạm pháp luật; bản sao",
    ));
    facts.push(Fact::new(
        "Giờ tính thời hạn phát hành",
        format!("buổi sáng đến {morning_ends}, ngày làm việc đến {day_ends}"),
    ));
    facts
}

fn planned(line: RuleLine) -> PlannedLine {
    PlannedLine {
        from: format::date_opt(line.valid_from),
        day: line.valid_from.map(|day| day.to_string()).unwrap_or_default(),
        label: line.label,
        basis: line.basis,
    }
}

fn series_row(line: &SeriesLine) -> SeriesRow {
    let number = |number: Option<u32>| number.map(numbering::printed_number).unwrap_or_default();
    SeriesRow {
        label: line.label.clone(),
        last: number(line.last_number),
        day: format::date_opt(line.last_date),
        next: number(line.next_number),
        state: if line.is_in_use {
            Badge::new("Đang dùng", Tone::Good)
        } else {
            Badge::new("Ngừng dùng", Tone::Neutral)
        },
    }
}
