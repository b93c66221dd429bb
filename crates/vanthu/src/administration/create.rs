//! Tạo tài khoản cho cán bộ, công chức (Điều 3.3, 7): the name is proposed by the rule, the password is random.

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    Refusal,
    ids::{AccountId, AgencyId, CommandId, PostId, UnitId},
    organization,
    people::Role,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashSet;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;

use super::{
    managed::{AccountChanged, manages, must_administer},
    reset_password::{NewPassword, random_password, show},
};
use crate::{
    act_names, api,
    context::{App, Who},
    error::{AppError, AppResult},
    organization::agency,
    sign_in,
    web::{
        Reply, Stay, Submitted, clean, format, frame,
        page::{Choice, FieldErrors, Page, RefusalBox},
        render,
    },
};

/// A new officer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CreateAccount {
    /// Họ và tên.
    pub full_name: String,
    /// The agency; the administrator's own when absent.
    #[serde(default, deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub agency: Option<AgencyId>,
    /// Đơn vị of that agency; none for its leaders.
    #[serde(default, deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub unit: Option<UnitId>,
    /// Chức vụ: `Chuyên viên`.
    pub title: String,
    /// Role in the system.
    #[schema(value_type = String)]
    pub role: Role,
}

/// Creates an account with one post.
///
/// # Errors
/// [`AppError::NotFound`] for an agency that is not this administrator's; `QC01-7.2a` when no account name can be made of
/// the full name; `QC01-3.3` without a title or with a unit of another agency.
pub async fn create(app: &App, who: &Who, command: CommandId, data: CreateAccount) -> AppResult<NewPassword> {
    must_administer(who)?;
    let agency_id = data.agency.unwrap_or(who.agency());
    if !manages(who, agency_id) {
        return Err(AppError::NotFound);
    }
    let agency = agency(app, agency_id).await?;
    organization::may_have_post(agency.level.parse().map_err(anyhow::Error::from)?, data.role)?;
    let (full_name, title) = (clean(&data.full_name), clean(&data.title));
    if title.is_empty() || title.chars().count() > 100 {
        return Err(refusal(
            "account.no_title",
            "Vui lòng ghi chức vụ, không quá 100 ký tự.",
            "title",
        )
        .into());
    }
    if full_name.chars().count() > 100 {
        return Err(refusal("account.long_name", "Họ và tên không quá 100 ký tự.", "full_name").into());
    }
    if data.role == Role::UnitHead && data.unit.is_none() {
        return Err(refusal(
            "account.no_unit",
            "Trưởng phòng phải thuộc một đơn vị. Vui lòng chọn đơn vị.",
            "unit",
        )
        .into());
    }
    let password = random_password("");
    let hash = sign_in::hash(app, password.clone()).await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(account) => {
            return Ok(NewPassword {
                account,
                password: None,
            });
        }
        Begun::Now(act) => act,
    };
    if let Some(unit) = data.unit {
        let own = act
            .opt(
                sql!("SELECT id FROM unit WHERE id = $1 AND agency_id = $2"),
                args![unit, agency_id],
            )
            .await?;
        if own.is_none() {
            return Err(refusal(
                "account.unit_elsewhere",
                "Đơn vị đã chọn không thuộc cơ quan này.",
                "unit",
            )
            .into());
        }
    }
    let id = AccountId::from_uuid(act.new_id());
    let username = take_name(&mut act, id, &full_name, &agency.account_suffix, hash).await?;
    let (post, today) = (PostId::from_uuid(act.new_id()), act.today());
    act.run(
        sql!(
            "INSERT INTO post (id, account_id, agency_id, unit_id, title, role, is_agency_head, checks_form, valid_from) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)"
        ),
        args![post, id, agency_id, data.unit, title.clone(), data.role.as_str(), today],
    )
    .await?;
    act.journal(Entry {
        act: act_names::CREATE_ACCOUNT,
        object_kind: "account",
        object: id.as_uuid(),
        agency: Some(agency_id),
        summary: format!("Tạo tài khoản {username} cho {full_name}, {title}."),
        details: json!({ "role": data.role, "unit": data.unit, "post": post }),
    })
    .await?;
    // The answer that is kept for a repeated command never holds the password.
    let account = AccountChanged {
        id: id.as_uuid(),
        username,
        full_name,
    };
    app.commit(act, &account).await?;
    Ok(NewPassword {
        account,
        password: Some(password),
    })
}

fn refusal(code: &'static str, sentence: &str, field: &'static str) -> Refusal {
    Refusal::new("QC01-3.3", code, sentence).on(field)
}

/// Inserts the account under the first free name of Điều 7.2: the unique name decides, so two acts at once get two names.
async fn take_name(
    act: &mut Act,
    id: AccountId,
    full_name: &str,
    suffix: &str,
    hash: String,
) -> AppResult<String> {
    let now = act.now();
    let mut taken = HashSet::new();
    loop {
        let name = organization::propose_account_name(full_name, suffix, |name| taken.contains(name))?;
        let inserted = act
            .run(
                sql!(
                    "INSERT INTO account (id, username, full_name, sort_name, password, must_change_password, failures, \
                     created_at) VALUES ($1, $2, $3, $4, $5, 1, 0, $6) ON CONFLICT (username) DO NOTHING"
                ),
                args![id, &name, full_name, viet_text::person_sort_key(full_name), hash.clone(), now],
            )
            .await?;
        if inserted == 1 {
            return Ok(name);
        }
        taken.insert(name);
    }
}

#[derive(Template)]
#[template(path = "administration/create.html")]
struct CreatePage {
    page: Page,
    agency_name: String,
    units: Vec<Choice>,
    roles: Vec<Choice>,
    form: CreateAccount,
    unit: String,
    errors: FieldErrors,
    refused: Option<RefusalBox>,
    command_id: String,
}

/// The agency of a new account.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Of {
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    agency: Option<AgencyId>,
}

async fn form_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    form: CreateAccount,
    refused: Option<AppError>,
) -> AppResult<CreatePage> {
    let agency_id = form.agency.unwrap_or(who.agency());
    must_administer(who)?;
    if !manages(who, agency_id) {
        return Err(AppError::NotFound);
    }
    let agency = agency(app, agency_id).await?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, name FROM unit WHERE agency_id = $1 AND (valid_to IS NULL OR valid_to >= $2) ORDER BY sort, id"
            ),
            args![agency_id, app.clock.today()],
        )
        .await?;
    let units = rows
        .iter()
        .map(|row| {
            Ok(Choice::new(
                row.get::<UnitId>("id")?.to_string(),
                row.get::<String>("name")?,
            ))
        })
        .collect::<store::Result<_>>()?;
    let mut errors = FieldErrors::none();
    let refused = match refused {
        Some(AppError::Refused(refusal)) => {
            if let Some(field) = refusal.field {
                errors.add(field, refusal.message.clone());
            }
            Some(RefusalBox {
                sentence: refusal.message,
                clause: format::clause(refusal.clause),
                what_to_do: String::new(),
            })
        }
        Some(other) => return Err(other),
        None => None,
    };
    Ok(CreatePage {
        page: frame(app, who, jar, "Tạo tài khoản", "accounts").await?,
        agency_name: agency.name,
        units,
        roles: Role::ALL
            .iter()
            .map(|role| Choice::new(role.as_str(), role.label()))
            .collect(),
        unit: form.unit.map(|unit| unit.to_string()).unwrap_or_default(),
        form: CreateAccount {
            agency: Some(agency_id),
            ..form
        },
        errors,
        refused,
        command_id: app.ids.next().to_string(),
    })
}

/// `GET /administration/accounts/new`.
pub async fn form(State(app): State<App>, who: Who, jar: CookieJar, Query(of): Query<Of>) -> Reply {
    let empty = CreateAccount {
        full_name: String::new(),
        agency: of.agency,
        unit: None,
        title: "Chuyên viên".to_owned(),
        role: Role::Officer,
    };
    render(&form_page(&app, &who, &jar, empty, None).await?)
}

/// `POST /administration/accounts`.
pub async fn submit(State(app): State<App>, jar: CookieJar, form: Submitted<CreateAccount>) -> Reply {
    match create(&app, &form.who, form.command, form.data.clone()).await {
        Ok(new) => show(&app, &form.who, &jar, "Đã tạo tài khoản", new).await,
        Err(error @ AppError::Refused(_)) => {
            Stay::on(&form_page(&app, &form.who, &jar, form.data, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

/// Creates an account for an officer; the password is shown this once.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = CreateAccount,
    responses((status = 200, body = NewPassword), (status = 404, description = "Cơ quan không có, hoặc không thuộc quyền quản trị")))]
pub async fn api(
    State(app): State<App>,
    command: api::Command<CreateAccount>,
) -> AppResult<Json<NewPassword>> {
    Ok(Json(
        create(&app, &command.who, command.command, command.data).await?,
    ))
}
