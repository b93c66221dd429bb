//! Lập, đổi tên đơn vị: the name before stays with its days, and on what was assigned under it.

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    ids::{AgencyId, CommandId, UnitId},
    organization::name_unit,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    super::managed::{manages, must_administer},
    for_change, page,
};
use crate::{
    act_names, api,
    context::{App, Who},
    error::{AppError, AppResult},
    web::{Reply, Submitted, clean, see_other},
};

/// Tên, chữ viết tắt of a unit, with the paper behind it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct NameUnit {
    /// Tên đơn vị.
    pub name: String,
    /// Chữ viết tắt.
    pub abbr: String,
    /// Căn cứ.
    pub basis: String,
}

/// The unit that was named.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NamedUnit {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

impl NameUnit {
    fn cleaned(&self) -> Self {
        Self {
            name: clean(&self.name),
            abbr: clean(&self.abbr),
            basis: clean(&self.basis),
        }
    }
}

/// Whether another unit in force has the name or the abbreviation.
async fn is_taken(act: &mut Act, agency: AgencyId, but: UnitId, data: &NameUnit) -> AppResult<bool> {
    let today = act.today();
    let row = act
        .opt(
            sql!(
                "SELECT 1 AS one FROM unit WHERE agency_id = $1 AND id <> $2 AND (name = $3 OR abbr = $4) \
                 AND (valid_to IS NULL OR valid_to >= $5) LIMIT 1"
            ),
            args![agency, but, data.name.as_str(), data.abbr.as_str(), today],
        )
        .await?;
    Ok(row.is_some())
}

/// Sets up a unit.
///
/// # Errors
/// [`AppError::NotFound`] for an agency that is not this administrator's; the refusals of [`name_unit`].
pub async fn create(
    app: &App,
    who: &Who,
    command: CommandId,
    agency: AgencyId,
    data: &NameUnit,
) -> AppResult<NamedUnit> {
    must_administer(who)?;
    if !manages(who, agency) {
        return Err(AppError::NotFound);
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let data = data.cleaned();
    let id = UnitId::from_uuid(act.new_id());
    let taken = is_taken(&mut act, agency, id, &data).await?;
    name_unit(&data.name, &data.abbr, &data.basis, taken)?;
    let today = act.today();
    act.run(
        sql!(
            "INSERT INTO unit (id, agency_id, name, abbr, sort, valid_from) VALUES ($1, $2, $3, $4, \
             (SELECT coalesce(max(sort), 0) + 1 FROM unit WHERE agency_id = $2), $5)"
        ),
        args![id, agency, data.name.as_str(), data.abbr.as_str(), today],
    )
    .await?;
    act.journal(Entry {
        act: act_names::CREATE_UNIT,
        object_kind: "unit",
        object: id.as_uuid(),
        agency: Some(agency),
        summary: format!("Lập đơn vị {} ({}).", data.name, data.abbr),
        details: json!({ "note": data.basis }),
    })
    .await?;
    let answer = NamedUnit {
        id: id.as_uuid(),
        name: data.name,
    };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// Gives a unit another name from today on.
///
/// # Errors
/// As [`super::for_change`]; the refusals of [`name_unit`].
pub async fn rename(
    app: &App,
    who: &Who,
    command: CommandId,
    id: UnitId,
    data: &NameUnit,
) -> AppResult<NamedUnit> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let unit = for_change(&mut act, who, id).await?;
    let data = data.cleaned();
    let taken = is_taken(&mut act, unit.agency, id, &data).await?;
    name_unit(&data.name, &data.abbr, &data.basis, taken)?;
    let (today, now) = (act.today(), act.now());
    if !unit.is_open(today) {
        return Err(AppError::BadInput(
            "Đơn vị này đã kết thúc hoạt động nên không đổi tên được.".to_owned(),
        ));
    }
    let last_day = today.yesterday().unwrap_or(today);
    // A name that did not last a day is no former name.
    act.run(
        sql!(
            "INSERT INTO unit_former_name (unit_id, valid_to, name, abbr, valid_from, basis, renamed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (unit_id, valid_to) DO NOTHING"
        ),
        args![
            id,
            last_day,
            unit.name.as_str(),
            unit.abbr.as_str(),
            unit.valid_from,
            data.basis.as_str(),
            now
        ],
    )
    .await?;
    act.run(
        sql!("UPDATE unit SET name = $2, abbr = $3 WHERE id = $1"),
        args![id, data.name.as_str(), data.abbr.as_str()],
    )
    .await?;
    act.journal(Entry {
        act: act_names::RENAME_UNIT,
        object_kind: "unit",
        object: id.as_uuid(),
        agency: Some(unit.agency),
        summary: format!(
            "Đổi tên đơn vị {} ({}) thành {} ({}).",
            unit.name, unit.abbr, data.name, data.abbr
        ),
        details: json!({ "note": data.basis }),
    })
    .await?;
    let answer = NamedUnit {
        id: id.as_uuid(),
        name: data.name,
    };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// `POST /administration/agencies/{id}/units`.
pub async fn create_page(
    State(app): State<App>,
    Path(id): Path<AgencyId>,
    form: Submitted<NameUnit>,
) -> Reply {
    let done = create(&app, &form.who, form.command, id, &form.data).await?;
    Ok(see_other(
        &app,
        &format!("/administration/units/{}", done.id),
        &format!("Đã lập {}.", done.name),
    ))
}

/// `POST /administration/units/{id}/rename`.
pub async fn rename_page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<UnitId>,
    form: Submitted<NameUnit>,
) -> Reply {
    match rename(&app, &form.who, form.command, id, &form.data).await {
        Ok(done) => Ok(see_other(
            &app,
            &format!("/administration/units/{id}"),
            &format!(
                "Từ hôm nay đơn vị tên là {}. Tên cũ được giữ trên việc cũ.",
                done.name
            ),
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            page::stay(&app, &form.who, &jar, id, page::Typed::named(form.data), error).await
        }
        Err(error) => Err(error),
    }
}

/// Gives a unit another name from today on.
#[utoipa::path(post, path = "/api/v1/units/{id}/rename", tag = "accounts", params(("id" = Uuid, Path)), request_body = NameUnit,
    responses((status = 200, body = NamedUnit), (status = 404), (status = 409, description = "Quy tắc không cho phép")))]
pub async fn rename_api(
    State(app): State<App>,
    Path(id): Path<UnitId>,
    sent: api::Command<NameUnit>,
) -> AppResult<Json<NamedUnit>> {
    Ok(Json(rename(&app, &sent.who, sent.command, id, &sent.data).await?))
}
