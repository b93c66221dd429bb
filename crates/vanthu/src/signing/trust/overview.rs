//! `/administration/signing`: what is set up, what is missing, where to go.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use rules::signing::custody::DeviceKind;
use store::{args, sql};

use crate::{
    context::{App, Who},
    error::AppResult,
    signing::{
        evidence, keys,
        keys::TimeStampService,
        scope::{self, Of, Scope},
    },
    web::{
        Reply, frame,
        page::{Page, Tab, Tone},
        render,
    },
};

/// One thing that signing needs.
struct Item {
    title: &'static str,
    text: String,
    href: String,
    tone: Tone,
}

#[derive(Template)]
#[template(path = "signing/trust/overview.html")]
struct OverviewPage {
    page: Page,
    tabs: Vec<Tab>,
    scope: Scope,
    has_software_keys: bool,
    of_agency: Vec<Item>,
    of_province: Vec<Item>,
    is_province: bool,
}

/// `GET /administration/signing`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar, Query(of): Query<Of>) -> Reply {
    let scope = scope::administered(&app, &who, of).await?;
    let software = app
        .db
        .opt(
            sql!("SELECT id FROM signing_provider WHERE kind = 'software' AND retired_at IS NULL LIMIT 1"),
            args![],
        )
        .await?;
    render(&OverviewPage {
        page: frame(&app, &who, &jar, "Chữ ký số", "signing").await?,
        tabs: scope::tabs(&who, scope.agency, "overview"),
        of_agency: of_agency(&app, &scope).await?,
        of_province: of_province(&app).await?,
        is_province: who.actor.is_province_administrator,
        has_software_keys: software.is_some(),
        scope,
    })
}

async fn of_agency(app: &App, scope: &Scope) -> AppResult<Vec<Item>> {
    let row = app
        .db
        .one(
            sql!(
                "SELECT (SELECT count(*) FROM key_binding WHERE agency_id = $1 AND owner = 'agency' AND revoked_at IS NULL \
                 AND not_after > $2) AS own, \
                 (SELECT count(DISTINCT p.account_id) FROM post p WHERE p.agency_id = $1 AND p.role = 'leader' \
                 AND (p.valid_to IS NULL OR p.valid_to >= $3)) AS leaders, \
                 (SELECT count(DISTINCT p.account_id) FROM post p JOIN key_binding b ON b.account_id = p.account_id \
                 WHERE p.agency_id = $1 AND p.role = 'leader' AND (p.valid_to IS NULL OR p.valid_to >= $3) \
                 AND b.owner = 'person' AND b.revoked_at IS NULL AND b.not_after > $2) AS able, \
                 (SELECT count(*) FROM signature_image WHERE agency_id = $1 AND owner = 'agency' AND removed_at IS NULL) AS seals, \
                 (SELECT count(*) FROM signature_image WHERE agency_id = $1 AND owner = 'person' AND removed_at IS NULL) AS hands, \
                 (SELECT count(*) FROM custody_device WHERE agency_id = $1 AND kind = $4 AND retired_at IS NULL \
                 AND holder IS NOT NULL) AS held"
            ),
            args![
                scope.agency,
                app.clock.now(),
                app.clock.today(),
                DeviceKind::SecretKey.as_str()
            ],
        )
        .await?;
    let number = |name: &str| row.get::<i64>(name);
    let href = |path: &str| format!("/administration/signing/{path}?agency={}", scope.agency);
    let (own, leaders, able) = (number("own")?, number("leaders")?, number("able")?);
    let (seals, hands, held) = (number("seals")?, number("hands")?, number("held")?);
    let needed = |is_there: bool| if is_there { Tone::Good } else { Tone::Warn };
    Ok(vec![
        Item {
            title: "Chứng thư của cơ quan",
            text: if own > 0 {
                "Đã gắn; văn thư ký số được văn bản ban hành.".to_owned()
            } else {
                "Chưa gắn chứng thư nào còn hiệu lực.".to_owned()
            },
            href: href("certificates"),
            tone: needed(own > 0),
        },
        Item {
            title: "Chứng thư của lãnh đạo",
            text: format!("{able} trên {leaders} lãnh đạo có chứng thư còn hiệu lực."),
            href: href("certificates"),
            tone: needed(able >= leaders && leaders > 0),
        },
        Item {
            title: "Hình ảnh con dấu và chữ ký",
            text: if seals > 0 {
                format!("Có con dấu; {hands} hình ảnh chữ ký.")
            } else {
                format!("Chưa có con dấu; {hands} hình ảnh chữ ký.")
            },
            href: href("images"),
            tone: needed(seals > 0 && hands > 0),
        },
        Item {
            title: "Giao giữ thiết bị lưu khóa bí mật",
            text: if held > 0 {
                "Đã giao cho văn thư.".to_owned()
            } else {
                "Chưa ghi nhận việc giao cho văn thư; khóa của cơ quan chưa dùng được.".to_owned()
            },
            href: href("custody"),
            tone: needed(held > 0),
        },
    ])
}

async fn of_province(app: &App) -> AppResult<Vec<Item>> {
    let context = super::context(app).await?;
    let anchors = context.trust.anchors.len();
    let online = evidence::settings(app).await?;
    let late = app
        .db
        .one(
            sql!("SELECT count(*) AS n FROM evidence WHERE kind = 'crl' AND next_update <= $1"),
            args![app.clock.now()],
        )
        .await?
        .get::<i64>("n")?;
    let service = keys::service(app).await?;
    Ok(vec![
        Item {
            title: "Danh sách tin cậy",
            text: format!("{anchors} chứng thư, phiên bản {}.", context.trust.version),
            href: "/administration/signing/trust".to_owned(),
            tone: if anchors > 0 { Tone::Good } else { Tone::Warn },
        },
        Item {
            title: "Bằng chứng thu hồi",
            text: format!(
                "{} danh sách thu hồi, {late} quá hạn. {}",
                context.evidence.crls.len(),
                if online.offline {
                    "Không lấy qua mạng."
                } else {
                    "Tự lấy qua mạng."
                }
            ),
            href: "/administration/signing/evidence".to_owned(),
            tone: if late == 0 && !context.evidence.crls.is_empty() {
                Tone::Good
            } else {
                Tone::Warn
            },
        },
        Item {
            title: "Dấu thời gian",
            text: match &service {
                TimeStampService::None => "Chưa dùng; chữ ký không chứng minh được thời điểm ký.".to_owned(),
                TimeStampService::Http { config, .. } => config.url.clone(),
                TimeStampService::Demo => "Dịch vụ thử nghiệm trong chương trình.".to_owned(),
            },
            href: "/administration/signing/time-stamp".to_owned(),
            tone: match service {
                TimeStampService::None => Tone::Warn,
                TimeStampService::Http { .. } | TimeStampService::Demo => Tone::Good,
            },
        },
    ])
}
