//! The pages of places of keys.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use rules::ids::AgencyId;
use serde::Deserialize;
use store::{Row, args, sql};
use uuid::Uuid;

use super::{
    provider_form::ProviderForm,
    providers::{self, ProviderKind},
};
use crate::{
    administration,
    context::{App, Who},
    error::{AppError, AppResult},
    signing::scope::{self, Of, Scope},
    web::{
        Reply, Stay, Submitted, format, frame,
        page::{Badge, Choice, FieldErrors, Page, RefusalBox, Tab, Tone},
        render, see_other,
    },
};

struct ProviderLine {
    id: Uuid,
    label: String,
    kind: &'static str,
    owner: &'static str,
    bound: i64,
    tested: String,
    trouble: String,
    state: Badge,
    may_change: bool,
    may_test: bool,
    is_software: bool,
}

#[derive(Template)]
#[template(path = "signing/keys/providers.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    scope: Scope,
    lines: Vec<ProviderLine>,
    kinds: Vec<Choice>,
    command_id: String,
}

/// Kinds that may be added here.
fn kinds(app: &App) -> Vec<Choice> {
    ProviderKind::ALL
        .iter()
        .filter(|kind| **kind != ProviderKind::Software || app.has_sample_data())
        .map(|kind| Choice::new(kind.as_str(), kind.label()))
        .collect()
}

/// `GET /administration/signing/providers`: those of the agency and those for the whole province.
pub async fn list(State(app): State<App>, who: Who, jar: CookieJar, Query(of): Query<Of>) -> Reply {
    let scope = scope::administered(&app, &who, of).await?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT p.id, p.agency_id, p.kind, p.label, p.tested_at, p.test_error, p.retired_at, \
                 (SELECT count(*) FROM key_binding b WHERE b.provider_id = p.id AND b.revoked_at IS NULL) AS bound \
                 FROM signing_provider p WHERE p.agency_id = $1 OR p.agency_id IS NULL \
                 ORDER BY CASE WHEN p.retired_at IS NULL THEN 0 ELSE 1 END, p.label, p.id"
            ),
            args![scope.agency],
        )
        .await?;
    render(&ListPage {
        page: frame(&app, &who, &jar, "Nơi lưu khóa", "signing").await?,
        tabs: scope::tabs(&who, scope.agency, "providers"),
        lines: rows.iter().map(|row| line(&who, row)).collect::<AppResult<_>>()?,
        kinds: kinds(&app),
        scope,
        command_id: app.ids.next().to_string(),
    })
}

fn line(who: &Who, row: &Row) -> AppResult<ProviderLine> {
    let kind: ProviderKind = row.parse("kind")?;
    let agency: Option<AgencyId> = row.get("agency_id")?;
    let is_retired = row.get::<Option<Timestamp>>("retired_at")?.is_some();
    let tested: Option<Timestamp> = row.get("tested_at")?;
    let trouble: Option<String> = row.get("test_error")?;
    let may_change = !is_retired && (agency.is_some() || who.actor.is_province_administrator);
    Ok(ProviderLine {
        id: row.get("id")?,
        label: row.get("label")?,
        kind: kind.label(),
        owner: if agency.is_some() {
            "Cơ quan"
        } else {
            "Dùng chung của tỉnh"
        },
        bound: row.get("bound")?,
        tested: tested.map(format::moment).unwrap_or_default(),
        state: if is_retired {
            Badge::new("Thôi dùng", Tone::Neutral)
        } else if !kind.answers_the_server() {
            Badge::new("Trên máy người ký", Tone::Info)
        } else if tested.is_none() {
            Badge::new("Chưa thử kết nối", Tone::Warn)
        } else if trouble.is_some() {
            Badge::new("Không kết nối được", Tone::Bad)
        } else {
            Badge::new("Kết nối tốt", Tone::Good)
        },
        trouble: trouble.unwrap_or_default(),
        may_change,
        may_test: may_change && kind.answers_the_server(),
        is_software: kind == ProviderKind::Software,
    })
}

/// The kind of a new one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewQuery {
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    agency: Option<AgencyId>,
    kind: String,
}

#[derive(Template)]
#[template(path = "signing/keys/provider.html")]
struct FormPage {
    page: Page,
    tabs: Vec<Tab>,
    scope: Scope,
    kind: ProviderKind,
    is_province: bool,
    versions: Vec<Choice>,
    dialects: Vec<Choice>,
    accesses: Vec<Choice>,
    form: ProviderForm,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: String,
}

/// `GET /administration/signing/providers/new`.
pub async fn form(State(app): State<App>, who: Who, jar: CookieJar, Query(query): Query<NewQuery>) -> Reply {
    let form = ProviderForm {
        agency: query.agency.map(|agency| agency.to_string()).unwrap_or_default(),
        kind: query.kind,
        ..ProviderForm::default()
    };
    render(&form_page(&app, &who, &jar, form, None).await?)
}

async fn form_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    form: ProviderForm,
    refused: Option<AppError>,
) -> AppResult<FormPage> {
    let of = Of {
        agency: agency_of(&form)?,
    };
    let scope = scope::administered(app, who, of).await?;
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    Ok(FormPage {
        page: frame(app, who, jar, "Thêm nơi lưu khóa", "signing").await?,
        tabs: scope::tabs(who, scope.agency, "providers"),
        scope,
        kind: form.kind()?,
        is_province: who.actor.is_province_administrator,
        versions: vec![
            Choice::new("detect", "Tự nhận biết"),
            Choice::new("v1", "CSC 1.0.4"),
            Choice::new("v2", "CSC 2"),
        ],
        dialects: vec![
            Choice::new("standard", "Theo chuẩn CSC"),
            Choice::new("viettel", "Viettel MySign, CloudCA"),
        ],
        accesses: vec![
            Choice::new("client", "Mã ứng dụng và mã bí mật (OAuth 2)"),
            Choice::new("token", "Mã truy cập cố định"),
            Choice::new("login", "Đăng nhập của Viettel (ADSS)"),
            Choice::new("person", "Từng người dùng mã truy cập của mình"),
        ],
        form: form.without_secrets(),
        errors,
        refusal,
        command_id: app.ids.next().to_string(),
    })
}

fn agency_of(form: &ProviderForm) -> AppResult<Option<AgencyId>> {
    let text = form.agency.trim();
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(text.parse().map_err(|_| AppError::NotFound)?))
}

/// `POST /administration/signing/providers`.
pub async fn submit(State(app): State<App>, jar: CookieJar, form: Submitted<ProviderForm>) -> Reply {
    let typed = form.data;
    let agency = agency_of(&typed)?.unwrap_or(form.who.agency());
    let done = async {
        let owner = typed.for_all.is_empty().then_some(agency);
        let new = typed.read(&app, owner)?;
        providers::add_provider(&app, &form.who, form.command, new).await
    };
    match done.await {
        Ok(_) => Ok(see_other(
            &app,
            &back(agency),
            "Đã thêm nơi lưu khóa. Hãy thử kết nối.",
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            Stay::on(&form_page(&app, &form.who, &jar, typed, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

fn back(agency: AgencyId) -> String {
    format!("/administration/signing/providers?agency={agency}")
}

/// The agency whose page was open.
#[derive(Debug, Deserialize)]
pub struct FromPage {
    #[serde(default, deserialize_with = "crate::web::blank_as_none")]
    agency: Option<AgencyId>,
}

/// `POST /administration/signing/providers/{id}/test`.
pub async fn test(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<FromPage>) -> Reply {
    let found = providers::test(&app, &form.who, form.command, id).await?;
    let sentence = match found {
        Ok(count) => format!("Kết nối được; thấy {count} chứng thư."),
        // Not an error of the page: the line below says what is wrong.
        Err(_) => "Đã thử kết nối nhưng chưa thành công; xem lý do ở bảng dưới.".to_owned(),
    };
    Ok(see_other(
        &app,
        &back(form.data.agency.unwrap_or(form.who.agency())),
        &sentence,
    ))
}

/// `POST /administration/signing/providers/{id}/retire`.
pub async fn retire(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<FromPage>) -> Reply {
    administration::must_administer(&form.who)?;
    providers::retire(&app, &form.who, form.command, id).await?;
    Ok(see_other(
        &app,
        &back(form.data.agency.unwrap_or(form.who.agency())),
        "Đã thôi dùng nơi lưu khóa; mật khẩu, mã PIN đã lưu được xóa.",
    ))
}
