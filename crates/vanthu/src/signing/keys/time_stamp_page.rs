//! The page of the time-stamping service.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use signing_providers::{Secret, tsa::TsaConfig};
use std::time::{Duration, Instant};

use super::time_stamp::{PASSWORD, TimeStampService, WhenDown, service, set_service, time_stamper};
use crate::{
    administration::must_administer_province,
    context::{App, Who},
    error::{AppError, AppResult},
    signing::scope,
    web::{
        Reply, Stay, Submitted, clean, frame,
        page::{Choice, FieldErrors, Page, RefusalBox, Tab},
        render, see_other,
    },
};

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ServiceForm {
    kind: String,
    url: String,
    user: String,
    password: String,
    when_down: String,
}

#[derive(Template)]
#[template(path = "signing/keys/time_stamp.html")]
struct ServicePage {
    page: Page,
    tabs: Vec<Tab>,
    kinds: Vec<Choice>,
    whens: Vec<Choice>,
    form: ServiceForm,
    is_demo: bool,
    is_configured: bool,
    answer: String,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: String,
}

/// `GET /administration/signing/time-stamp`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    render(&service_page(&app, &who, &jar, None, None, String::new()).await?)
}

async fn service_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    typed: Option<ServiceForm>,
    refused: Option<AppError>,
    answer: String,
) -> AppResult<ServicePage> {
    must_administer_province(who)?;
    let now = service(app).await?;
    let form = typed.unwrap_or_else(|| match &now {
        TimeStampService::Http { config, when_down } => ServiceForm {
            kind: "http".to_owned(),
            url: config.url.clone(),
            user: config.user.clone().unwrap_or_default(),
            password: String::new(),
            when_down: name_of(*when_down).to_owned(),
        },
        TimeStampService::None | TimeStampService::Demo => ServiceForm {
            kind: if now == TimeStampService::Demo {
                "demo"
            } else {
                "none"
            }
            .to_owned(),
            when_down: "queue".to_owned(),
            ..ServiceForm::default()
        },
    });
    let mut kinds = vec![
        Choice::new("none", "Không dùng").hint("Chữ ký không chứng minh được thời điểm ký (PAdES B-B)"),
        Choice::new("http", "Dịch vụ theo RFC 3161"),
    ];
    if app.has_sample_data() {
        kinds.push(
            Choice::new("demo", "Dịch vụ thử nghiệm trong chương trình").hint("Chỉ dùng với dữ liệu mẫu"),
        );
    }
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    Ok(ServicePage {
        page: frame(app, who, jar, "Dịch vụ cấp dấu thời gian", "signing").await?,
        tabs: scope::tabs(who, who.agency(), "time-stamp"),
        kinds,
        whens: [WhenDown::Queue, WhenDown::SignWithWarning]
            .into_iter()
            .map(|when| Choice::new(name_of(when), when.label()))
            .collect(),
        form: ServiceForm {
            password: String::new(),
            ..form
        },
        is_demo: now == TimeStampService::Demo,
        is_configured: now != TimeStampService::None,
        answer,
        errors,
        refusal,
        command_id: app.ids.next().to_string(),
    })
}

fn name_of(when: WhenDown) -> &'static str {
    match when {
        WhenDown::Queue => "queue",
        WhenDown::SignWithWarning => "sign_with_warning",
    }
}

/// `POST /administration/signing/time-stamp`.
pub async fn submit(State(app): State<App>, jar: CookieJar, form: Submitted<ServiceForm>) -> Reply {
    let typed = form.data.clone();
    let data = form.data;
    let text = |text: &str| Some(clean(text)).filter(|text| !text.is_empty());
    let user = text(&data.user);
    let password = Some(data.password).filter(|password| !password.is_empty() && user.is_some());
    let chosen = match data.kind.as_str() {
        "http" => TimeStampService::Http {
            config: TsaConfig {
                url: clean(&data.url),
                password_secret: user.as_ref().map(|_| PASSWORD.to_owned()),
                user,
                ca_file: None,
                timeout_seconds: 20,
                attempts: 2,
            },
            when_down: if data.when_down == "sign_with_warning" {
                WhenDown::SignWithWarning
            } else {
                WhenDown::Queue
            },
        },
        "demo" => TimeStampService::Demo,
        _ => TimeStampService::None,
    };
    match set_service(&app, &form.who, form.command, chosen, password.map(Secret::new)).await {
        Ok(()) => Ok(see_other(
            &app,
            "/administration/signing/time-stamp",
            "Đã lưu dịch vụ cấp dấu thời gian.",
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            let page = service_page(&app, &form.who, &jar, Some(typed), Some(error), String::new());
            Stay::on(&page.await?)
        }
        Err(error) => Err(error),
    }
}

/// No fields of its own.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// `POST /administration/signing/time-stamp/test`: stamps a random number and throws the stamp away.
pub async fn test(State(app): State<App>, jar: CookieJar, form: Submitted<Nothing>) -> Reply {
    must_administer_province(&form.who)?;
    let done = async {
        let Some(stamper) = time_stamper(&app).await? else {
            return Err(AppError::BadInput(
                "Chưa cấu hình dịch vụ. Vui lòng lưu cấu hình trước khi thử.".to_owned(),
            ));
        };
        let begun = Instant::now();
        let imprint = rand::random::<[u8; 32]>();
        let stamp = stamper.stamp(&imprint);
        match tokio::time::timeout(Duration::from_secs(50), stamp).await {
            Ok(Ok(token)) => Ok(format!(
                "Dịch vụ trả lời sau {} ms, dấu thời gian {} byte.",
                begun.elapsed().as_millis(),
                token.len()
            )),
            Ok(Err(error)) => Err(AppError::BadInput(error.to_string())),
            Err(_) => Err(AppError::BadInput(
                "Dịch vụ không trả lời trong 50 giây.".to_owned(),
            )),
        }
    };
    let (refused, answer) = match done.await {
        Ok(answer) => (None, answer),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => (Some(error), String::new()),
        Err(error) => return Err(error),
    };
    render(&service_page(&app, &form.who, &jar, None, refused, answer).await?)
}
