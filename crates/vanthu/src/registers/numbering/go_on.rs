//! Nối tiếp số của hệ thống trước (CN-211): numbers that were given elsewhere this year are on record, and the series goes on after them.

use axum::{Json, extract::State};
use jiff::civil::Date;
use rules::{
    Refusal,
    ids::{AgencyId, CommandId},
    numbering::{self, LastTaken},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;

use super::{SeriesKept, kept, other_series};
use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    outgoing::series,
    web::{clean, format},
};

/// Where a series goes on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GoOn {
    /// The agency; the own one when left out.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub agency: Option<AgencyId>,
    /// Key of the series, as the list names it: `common`, `type.quyet_dinh`, `legal.quyet_dinh_qppl`, `arrival` …
    pub series: String,
    /// The first number that is given here.
    pub first_number: u32,
    /// The day of the last number that was given there, ISO.
    #[schema(value_type = String, format = Date)]
    pub last_day: Date,
    /// Căn cứ: the register, the system before, the minutes of the hand-over. Never empty.
    pub basis: String,
}

/// Goes on with the numbers of the system before.
#[utoipa::path(post, path = "/api/v1/registers/numbering/go-on", tag = "registers", request_body = GoOn,
    responses((status = 200, body = SeriesKept), (status = 404), (status = 409)))]
pub async fn api_go_on(State(app): State<App>, sent: api::Command<GoOn>) -> AppResult<Json<SeriesKept>> {
    Ok(Json(go_on(&app, &sent.who, sent.command, sent.data).await?))
}

/// Goes on with the numbers of the system before.
///
/// # Errors
/// Refusals of [`numbering::may_keep_series`] and [`numbering::go_on_from`]; `ND30-15.1` for a series that the agency does not have.
pub async fn go_on(app: &App, who: &Who, command: CommandId, data: GoOn) -> AppResult<SeriesKept> {
    let agency = kept(who, data.agency)?;
    let basis = clean(&data.basis);
    let rule = series::rule(app, agency, app.clock.today()).await?;
    let mut known: Vec<(String, String)> = numbering::administrative_series(&rule.rule, rule.day)
        .into_iter()
        .map(|series| (series.key, series.label))
        .collect();
    known.extend(other_series());
    let label = known
        .into_iter()
        .find(|(key, _)| *key == data.series)
        .map(|(_, label)| label)
        .ok_or_else(|| {
            Refusal::new(
                "ND30-15.1",
                "numbering.unknown_series",
                "Cơ quan không có dãy số này theo quy định đang áp dụng. Vui lòng chọn trong danh sách.",
            )
            .on("series")
        })?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let today = act.today();
    // The counter's row is locked: no number is given between looking and going on.
    act.run(
        sql!(
            "INSERT INTO number_counter (agency_id, series, year, last_number, last_date) VALUES ($1, $2, $3, 0, $4) \
             ON CONFLICT (agency_id, series, year) DO UPDATE SET last_number = number_counter.last_number"
        ),
        args![agency, data.series.as_str(), today.year(), today],
    )
    .await?;
    let row = act
        .one(
            sql!("SELECT last_number, last_date FROM number_counter WHERE agency_id = $1 AND series = $2 AND year = $3"),
            args![agency, data.series.as_str(), today.year()],
        )
        .await?;
    let last = LastTaken {
        number: row.get("last_number")?,
        date: row.get("last_date")?,
    };
    let here = Some(last).filter(|last| last.number > 0);
    let elsewhere = numbering::go_on_from(here, data.first_number, data.last_day, &basis, today)?;
    act.run(
        sql!(
            "UPDATE number_counter SET last_number = $4, last_date = $5 WHERE agency_id = $1 AND series = $2 AND year = $3"
        ),
        args![
            agency,
            data.series.as_str(),
            today.year(),
            elsewhere.number,
            elsewhere.date
        ],
    )
    .await?;
    let (id, now) = (act.new_id(), act.now());
    act.run(
        sql!(
            "INSERT INTO number_continuation (id, agency_id, series, year, rule, after_number, last_number, last_day, basis, \
             post_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        args![
            id,
            agency,
            data.series.as_str(),
            today.year(),
            serde_json::to_string(&rule.rule)?,
            last.number,
            elsewhere.number,
            data.last_day,
            basis.as_str(),
            who.post(),
            now
        ],
    )
    .await?;
    act.journal(Entry {
        act: act_names::CONTINUE_NUMBERS,
        object_kind: "agency",
        object: agency.as_uuid(),
        agency: Some(agency),
        summary: format!(
            "{label}: nối tiếp số của hệ thống trước, số {} đến {} đã cấp đến ngày {}; cấp tiếp từ số {}.",
            numbering::printed_number(last.number + 1),
            numbering::printed_number(elsewhere.number),
            format::date(data.last_day),
            numbering::printed_number(data.first_number)
        ),
        details: json!({
            "series": data.series, "after": last.number, "last_number": elsewhere.number, "last_day": data.last_day, "note": basis,
        }),
    })
    .await?;
    let done = SeriesKept {
        agency: agency.as_uuid(),
    };
    app.commit(act, &done).await?;
    Ok(done)
}
