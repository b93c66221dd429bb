//! The pages of connections.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use rules::ids::AgencyId;
use serde::Deserialize;
use uuid::Uuid;

use super::{Connection, OwnCode, acts, all, form::ConnectionForm, one, own_codes};
use crate::{
    administration,
    context::{App, Who},
    error::{AppError, AppResult},
    exchange::axis::monitor::tabs,
    organization,
    web::{
        Reply, Stay, Submitted, format, frame,
        page::{Badge, Choice, FieldErrors, Page, RefusalBox, Tab, Tone},
        render, see_other,
    },
};

/// How a connection is.
pub fn health(connection: &Connection) -> Badge {
    if !connection.is_enabled {
        Badge::new("Đã ngắt", Tone::Neutral)
    } else if connection.stopped_reason.is_some() {
        Badge::new("Tạm dừng, cần xử lý", Tone::Bad)
    } else if !connection.receives() {
        Badge::new("Chưa gắn mã định danh: chưa nhận gói tin", Tone::Warn)
    } else if connection.poll_error.is_some() || connection.failures > 0 {
        Badge::new("Chưa kết nối được", Tone::Warn)
    } else if connection.polled_at.is_none() {
        Badge::new("Chưa kết nối lần nào", Tone::Warn)
    } else {
        Badge::new("Kết nối tốt", Tone::Good)
    }
}

/// What is wrong with a connection, or nothing.
pub fn trouble(connection: &Connection) -> String {
    connection
        .stopped_reason
        .clone()
        .or_else(|| connection.poll_error.clone())
        .unwrap_or_default()
}

struct Line {
    id: Uuid,
    name: String,
    base_url: String,
    system_id: String,
    codes: String,
    health: Badge,
    trouble: String,
    polled: String,
    is_enabled: bool,
}

#[derive(Template)]
#[template(path = "exchange/axis/connections/list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    command_id: String,
}

/// `GET /exchange/connections`.
pub async fn list(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    administration::must_administer_province(&who)?;
    let mut lines = Vec::new();
    for connection in all(&app).await? {
        let codes: Vec<String> = own_codes(&app, connection.id)
            .await?
            .into_iter()
            .map(|code| code.code)
            .collect();
        lines.push(Line {
            health: health(&connection),
            trouble: trouble(&connection),
            polled: connection.polled_at.map(format::moment).unwrap_or_default(),
            codes: codes.join(", "),
            id: connection.id,
            name: connection.name,
            base_url: connection.base_url,
            system_id: connection.system_id,
            is_enabled: connection.is_enabled,
        });
    }
    render(&ListPage {
        page: frame(&app, &who, &jar, "Kết nối trục liên thông", "exchange").await?,
        tabs: tabs(&who, "connections"),
        lines,
        command_id: app.ids.next().to_string(),
    })
}

#[derive(Template)]
#[template(path = "exchange/axis/connections/form.html")]
struct FormPage {
    page: Page,
    tabs: Vec<Tab>,
    /// Where the form goes.
    action: String,
    /// The connection; `None` for a new one.
    id: Option<Uuid>,
    form: ConnectionForm,
    codes: Vec<OwnCode>,
    agencies: Vec<Choice>,
    /// Who may look after packets that are nobody's.
    unclaimed: Vec<Choice>,
    code: CodeForm,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: String,
}

async fn form_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: Option<Uuid>,
    form: ConnectionForm,
    code: CodeForm,
    refused: Option<AppError>,
) -> AppResult<FormPage> {
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    let (title, action) = match id {
        None => ("Thêm kết nối trục liên thông", "/exchange/connections".to_owned()),
        Some(id) => (
            "Sửa kết nối trục liên thông",
            format!("/exchange/connections/{id}"),
        ),
    };
    let codes = match id {
        Some(id) => own_codes(app, id).await?,
        None => Vec::new(),
    };
    let mut unclaimed: Vec<Choice> = Vec::new();
    for own in &codes {
        let value = own.agency.to_string();
        if unclaimed.iter().all(|choice| choice.value != value) {
            unclaimed.push(Choice::new(value, &own.agency_name));
        }
    }
    Ok(FormPage {
        page: frame(app, who, jar, title, "exchange").await?,
        tabs: tabs(who, "connections"),
        action,
        id,
        form: form.without_secret(),
        codes,
        unclaimed,
        agencies: match id {
            Some(_) => organization::own_agencies(app).await?,
            None => Vec::new(),
        },
        code,
        errors,
        refusal,
        command_id: app.ids.next().to_string(),
    })
}

/// `GET /exchange/connections/new`.
pub async fn new(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    administration::must_administer_province(&who)?;
    let form = ConnectionForm::fresh();
    render(&form_page(&app, &who, &jar, None, form, CodeForm::default(), None).await?)
}

/// `POST /exchange/connections`.
pub async fn create(State(app): State<App>, jar: CookieJar, form: Submitted<ConnectionForm>) -> Reply {
    let typed = form.data;
    let done = async {
        administration::must_administer_province(&form.who)?;
        acts::create(&app, &form.who, form.command, typed.read(true)?).await
    };
    match done.await {
        Ok(id) => Ok(see_other(
            &app,
            &format!("/exchange/connections/{id}"),
            "Đã thêm kết nối. Hãy gắn mã định danh của các cơ quan rồi kiểm tra kết nối.",
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => Stay::on(
            &form_page(
                &app,
                &form.who,
                &jar,
                None,
                typed,
                CodeForm::default(),
                Some(error),
            )
            .await?,
        ),
        Err(error) => Err(error),
    }
}

/// `GET /exchange/connections/{id}`.
pub async fn edit(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<Uuid>) -> Reply {
    administration::must_administer_province(&who)?;
    let form = ConnectionForm::of(&one(&app, id).await?);
    render(&form_page(&app, &who, &jar, Some(id), form, CodeForm::default(), None).await?)
}

/// `POST /exchange/connections/{id}`.
pub async fn save(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    form: Submitted<ConnectionForm>,
) -> Reply {
    let typed = form.data;
    let done = async {
        administration::must_administer_province(&form.who)?;
        acts::change(&app, &form.who, form.command, id, typed.read(false)?).await
    };
    match done.await {
        Ok(()) => Ok(see_other(
            &app,
            "/exchange/connections",
            "Đã lưu kết nối. Hãy kiểm tra kết nối.",
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => Stay::on(
            &form_page(
                &app,
                &form.who,
                &jar,
                Some(id),
                typed,
                CodeForm::default(),
                Some(error),
            )
            .await?,
        ),
        Err(error) => Err(error),
    }
}

/// A form without fields.
#[derive(Debug, Default, Deserialize)]
pub struct Nothing {}

/// `POST /exchange/connections/{id}/test`.
pub async fn test(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Nothing>) -> Reply {
    let sentence = match acts::test(&app, &form.who, form.command, id).await? {
        Ok(count) => format!("Kết nối tốt. Trục có {count} gói tin chờ nhận."),
        Err(trouble) => return Err(AppError::BadInput(trouble)),
    };
    Ok(see_other(&app, "/exchange/connections", &sentence))
}

/// Which way the kill switch goes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Switch {
    on: String,
}

/// `POST /exchange/connections/{id}/switch`.
pub async fn switch(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Switch>) -> Reply {
    let on = !form.data.on.is_empty();
    acts::switch(&app, &form.who, form.command, id, on).await?;
    let sentence = if on {
        "Đã bật kết nối."
    } else {
        "Đã ngắt kết nối. Gói tin chờ trong hàng đợi cho đến khi bật lại."
    };
    Ok(see_other(&app, "/exchange/connections", sentence))
}

/// A code of an agency.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CodeForm {
    pub agency: String,
    pub code: String,
    pub primary: String,
}

/// `POST /exchange/connections/{id}/codes`.
pub async fn add_code(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    form: Submitted<CodeForm>,
) -> Reply {
    let typed = form.data;
    let done = async {
        let agency: AgencyId = typed
            .agency
            .parse()
            .map_err(|_| AppError::BadInput("Vui lòng chọn cơ quan.".to_owned()))?;
        let is_primary = !typed.primary.is_empty();
        acts::add_code(&app, &form.who, form.command, id, agency, &typed.code, is_primary).await
    };
    match done.await {
        Ok(()) => Ok(see_other(
            &app,
            &format!("/exchange/connections/{id}"),
            "Đã gắn mã định danh.",
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            administration::must_administer_province(&form.who)?;
            let kept = ConnectionForm::of(&one(&app, id).await?);
            Stay::on(&form_page(&app, &form.who, &jar, Some(id), kept, typed, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

/// Which code goes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RemoveCode {
    code: String,
}

/// `POST /exchange/connections/{id}/codes/remove`.
pub async fn remove_code(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<RemoveCode>) -> Reply {
    acts::remove_code(&app, &form.who, form.command, id, &form.data.code).await?;
    Ok(see_other(
        &app,
        &format!("/exchange/connections/{id}"),
        "Đã bỏ mã định danh khỏi kết nối.",
    ))
}
