//! Mã định danh of our own agencies, and those that they had before (QC01-9.2): documents and statuses under an older code
//! belong to the agency that had it.

use jiff::civil::Date;
use rules::{
    Refusal,
    identifiers::{AgencyCode, CodeForm, OrganCode},
    ids::{AgencyId, CommandId},
};
use serde_json::json;
use store::{Begun, Entry, Row, args, sql};

use crate::{
    act_names, administration,
    context::{App, Who},
    error::{AppError, AppResult},
    web::clean,
};

/// A code that an agency had before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerCode {
    /// The code.
    pub code: String,
    /// From when on, if that is known.
    pub from: Option<Date>,
    /// Its last day.
    pub to: Date,
}

/// The codes that an agency had before, the last one first.
///
/// # Errors
/// When the database fails.
pub async fn former_codes(app: &App, agency: AgencyId) -> AppResult<Vec<FormerCode>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT code, valid_from, valid_to FROM agency_former_code WHERE agency_id = $1 ORDER BY valid_to DESC, code"
            ),
            args![agency],
        )
        .await?;
    let former = |row: &Row| {
        Ok(FormerCode {
            code: row.get("code")?,
            from: row.get("valid_from")?,
            to: row.get("valid_to")?,
        })
    };
    Ok(rows.iter().map(former).collect::<store::Result<_>>()?)
}

/// The agency in our tables that has this code; otherwise the one that had it last.
///
/// # Errors
/// When the database fails.
pub async fn agency_of_code(app: &App, code: &str) -> AppResult<Option<AgencyId>> {
    let Ok(code) = OrganCode::read(code) else {
        return Ok(None);
    };
    let row = app
        .db
        .opt(
            sql!(
                "SELECT id, '9999-12-31' AS until FROM agency WHERE code = $1 OR old_code = $1 UNION ALL \
                 SELECT agency_id AS id, valid_to AS until FROM agency_former_code WHERE code = $1 ORDER BY until DESC LIMIT 1"
            ),
            args![code.key()],
        )
        .await?;
    Ok(row.map(|row| row.get("id")).transpose()?)
}

/// Gives an agency its code, and the one of 13 characters. What it had before is kept with its last day: identifiers of
/// documents that were issued stay what they were.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; `QC01-9.2` for a code of another form or that another agency
/// has; a refusal without a basis; [`AppError::NotFound`] when there is no such agency.
pub async fn change_codes(
    app: &App,
    who: &Who,
    command: CommandId,
    agency: AgencyId,
    code: &str,
    old_code: &str,
    basis: &str,
) -> AppResult<()> {
    administration::must_administer_province(who)?;
    let refuse =
        |code, field, sentence: String| AppError::from(Refusal::new("QC01-9.2", code, sentence).on(field));
    let wanted = |text: &str, form, field: &'static str| -> AppResult<Option<AgencyCode>> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let code = AgencyCode::parse(text).map_err(|refusal| refusal.on(field))?;
        if code.form() == form {
            return Ok(Some(code));
        }
        Err(refuse(
            "agency.code_form",
            field,
            format!(
                "Ô này nhận {}. Vui lòng nhập đúng ô.",
                form.label().to_lowercase()
            ),
        ))
    };
    let new = [
        wanted(code, CodeForm::Current, "code")?,
        wanted(old_code, CodeForm::Older, "old_code")?,
    ];
    let [Some(_), _] = &new else {
        return Err(refuse(
            "agency.no_code",
            "code",
            "Vui lòng nhập mã định danh theo Quyết định 20/2020/QĐ-TTg của cơ quan.".to_owned(),
        ));
    };
    let basis = clean(basis);
    if basis.is_empty() {
        return Err(refuse(
            "agency.no_basis",
            "basis",
            "Vui lòng ghi văn bản làm căn cứ đổi mã định danh.".to_owned(),
        ));
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let before = act
        .opt(
            sql!("UPDATE agency SET level = level WHERE id = $1 RETURNING name, code, old_code, valid_from"),
            args![agency],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    for code in new.iter().flatten() {
        let other = act
            .opt(
                sql!("SELECT name FROM agency WHERE (code = $1 OR old_code = $1) AND id <> $2 LIMIT 1"),
                args![code.as_str(), agency],
            )
            .await?;
        if let Some(other) = other {
            let name: String = other.get("name")?;
            return Err(refuse(
                "agency.code_taken",
                if code.form() == CodeForm::Current {
                    "code"
                } else {
                    "old_code"
                },
                format!("Mã {code} đang là của {name}. Vui lòng kiểm tra lại."),
            ));
        }
    }
    let (name, today) = (before.get::<String>("name")?, act.today());
    let had: [Option<String>; 2] = [before.get("code")?, before.get("old_code")?];
    for (had, new) in had.iter().zip(&new) {
        let Some(had) = had else { continue };
        if new.as_ref().is_some_and(|new| new.as_str() == had) {
            continue;
        }
        let from = act
            .opt(
                sql!("SELECT max(valid_to) AS last FROM agency_former_code WHERE agency_id = $1"),
                args![agency],
            )
            .await?
            .and_then(|row| row.get::<Option<Date>>("last").ok().flatten());
        act.run(
            sql!(
                "INSERT INTO agency_former_code (code, agency_id, valid_from, valid_to) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (code, agency_id) DO UPDATE SET valid_to = $4"
            ),
            args![had.to_uppercase(), agency, from.or(before.get("valid_from")?), today],
        )
        .await?;
    }
    let [code, old_code] = &new;
    act.run(
        sql!("UPDATE agency SET code = $2, old_code = $3 WHERE id = $1"),
        args![
            agency,
            code.as_ref().map(AgencyCode::as_str),
            old_code.as_ref().map(AgencyCode::as_str)
        ],
    )
    .await?;
    let written = |code: Option<&str>| code.unwrap_or("không có").to_owned();
    act.journal(Entry {
        act: act_names::AGENCY_CODE,
        object_kind: "agency",
        object: agency.as_uuid(),
        agency: Some(agency),
        summary: format!(
            "Mã định danh của {name}: {} (mã 13 ký tự: {}), trước đó {} ({}).",
            written(code.as_ref().map(AgencyCode::as_str)),
            written(old_code.as_ref().map(AgencyCode::as_str)),
            written(had[0].as_deref()),
            written(had[1].as_deref()),
        ),
        details: json!({ "note": basis }),
    })
    .await?;
    app.commit(act, &()).await
}
