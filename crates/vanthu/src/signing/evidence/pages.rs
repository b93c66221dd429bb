//! The page of evidence.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use store::{Begun, Entry, Row, args, sql};
use uuid::Uuid;

use super::{
    Kind,
    content::read,
    fetch::{self, EvidenceSettings},
    keep,
};
use crate::{
    act_names,
    administration::must_administer_province,
    context::{App, Who},
    error::{AppError, AppResult},
    signing::scope,
    web::{
        Reply, SmallFiles, Stay, Submitted, clean, format, frame,
        page::{Badge, FieldErrors, Page, RefusalBox, Tab, Tone},
        render, see_other,
    },
};

/// Lines of each table.
const MOST: i64 = 200;

struct EvidenceLine {
    kind: &'static str,
    subject: String,
    source: String,
    this_update: String,
    next_update: String,
    state: Badge,
}

struct SourceLine {
    url: String,
    tried: String,
    next: String,
    error: String,
}

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SettingsForm {
    online: String,
    hosts: String,
    internal_hosts: String,
}

#[derive(Template)]
#[template(path = "signing/evidence/list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    lines: Vec<EvidenceLine>,
    sources: Vec<SourceLine>,
    is_online: bool,
    named_hosts: String,
    form: SettingsForm,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: String,
}

/// `GET /administration/signing/evidence`.
pub async fn list(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    render(&list_page(&app, &who, &jar, None, None).await?)
}

async fn list_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    typed: Option<SettingsForm>,
    refused: Option<AppError>,
) -> AppResult<ListPage> {
    must_administer_province(who)?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT kind, subject, source, this_update, next_update FROM evidence ORDER BY kind, fetched_at DESC, sha256 \
                 LIMIT $1"
            ),
            args![MOST],
        )
        .await?;
    let sources = app
        .db
        .all(
            sql!("SELECT url, tried_at, next_at, error FROM evidence_source ORDER BY failures DESC, url LIMIT $1"),
            args![MOST],
        )
        .await?;
    let now = app.clock.now();
    let settings = fetch::settings(app).await?;
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    Ok(ListPage {
        page: frame(app, who, jar, "Bằng chứng thu hồi", "signing").await?,
        tabs: scope::tabs(who, who.agency(), "evidence"),
        lines: rows.iter().map(|row| line(row, now)).collect::<AppResult<_>>()?,
        sources: sources.iter().map(source_line).collect::<AppResult<_>>()?,
        is_online: !settings.offline,
        named_hosts: fetch::named_hosts(app).await?.join(", "),
        form: typed.unwrap_or(SettingsForm {
            online: if settings.offline { "" } else { "on" }.to_owned(),
            hosts: settings.hosts.join("\n"),
            internal_hosts: settings.internal_hosts.join("\n"),
        }),
        errors,
        refusal,
        command_id: app.ids.next().to_string(),
    })
}

fn line(row: &Row, now: Timestamp) -> AppResult<EvidenceLine> {
    let next: Option<Timestamp> = row.get("next_update")?;
    let source: String = row.get("source")?;
    Ok(EvidenceLine {
        kind: row.parse::<Kind>("kind")?.label(),
        subject: row.get("subject")?,
        source: match source.as_str() {
            "manual" => "Nhập từ tệp".to_owned(),
            "demo" => "Dữ liệu thử nghiệm".to_owned(),
            _ => source,
        },
        this_update: format::moment(row.get("this_update")?),
        next_update: next.map(format::moment).unwrap_or_default(),
        state: match next {
            Some(next) if next <= now => Badge::new("Quá hạn", Tone::Bad),
            _ => Badge::new("Còn hạn", Tone::Good),
        },
    })
}

fn source_line(row: &Row) -> AppResult<SourceLine> {
    Ok(SourceLine {
        url: row.get("url")?,
        tried: format::moment(row.get("tried_at")?),
        next: format::moment(row.get("next_at")?),
        error: row.get::<Option<String>>("error")?.unwrap_or_default(),
    })
}

/// No fields of its own.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// `POST /administration/signing/evidence/import`: a revocation list or certificates of issuers, by hand.
pub async fn import(State(app): State<App>, jar: CookieJar, sent: SmallFiles<Nothing>) -> Reply {
    must_administer_province(&sent.who)?;
    let done = async {
        let file = sent.file("file").ok_or_else(|| {
            rules::Refusal::new(
                "KS-30",
                "evidence.no_file",
                "Vui lòng chọn tệp danh sách thu hồi hoặc chứng thư.",
            )
            .on("file")
        })?;
        let items = read(&file.bytes)?;
        let mut act = match app.begin(&sent.who, sent.command).await? {
            Begun::Before(count) => return Ok(count),
            Begun::Now(act) => act,
        };
        let now = act.now();
        let mut names = Vec::new();
        for item in &items {
            keep(&mut act, item, "manual", now).await?;
            names.push(format!("{}: {}", item.kind.label(), item.subject));
        }
        act.journal(Entry {
            act: act_names::EVIDENCE_IMPORT,
            object_kind: "trust",
            object: Uuid::nil(),
            agency: None,
            summary: format!("Nhập {}.", names.join("; ")),
            details: json!({
                "file": file.name,
                "sha256": items.iter().map(|item| hex::encode(item.sha256())).collect::<Vec<_>>(),
            }),
        })
        .await?;
        let count = items.len();
        app.commit(act, &count).await?;
        Ok::<_, AppError>(count)
    };
    match done.await {
        Ok(_) => Ok(see_other(
            &app,
            "/administration/signing/evidence",
            "Đã nhập. Chữ ký số của danh sách được kiểm tra mỗi lần dùng.",
        )),
        Err(error @ AppError::Refused(_)) => {
            Stay::on(&list_page(&app, &sent.who, &jar, None, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

/// `POST /administration/signing/evidence/settings`.
pub async fn save_settings(State(app): State<App>, jar: CookieJar, form: Submitted<SettingsForm>) -> Reply {
    let typed = form.data.clone();
    let lines = |text: &str| {
        text.split(['\n', ',', ' '])
            .map(clean)
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
    };
    let new = EvidenceSettings {
        offline: form.data.online.is_empty(),
        hosts: lines(&form.data.hosts),
        internal_hosts: lines(&form.data.internal_hosts),
    };
    match fetch::set_settings(&app, &form.who, form.command, new).await {
        Ok(()) => Ok(see_other(&app, "/administration/signing/evidence", "Đã lưu.")),
        Err(error @ AppError::Refused(_)) => {
            Stay::on(&list_page(&app, &form.who, &jar, Some(typed), Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

/// `POST /administration/signing/evidence/refresh`: does now what the timer does.
pub async fn refresh(State(app): State<App>, form: Submitted<Nothing>) -> Reply {
    must_administer_province(&form.who)?;
    let kept = fetch::tend(&app).await?;
    let sentence = if kept == 0 {
        "Không có danh sách nào đến hạn lấy lại.".to_owned()
    } else {
        format!("Đã lấy {kept} danh sách.")
    };
    Ok(see_other(&app, "/administration/signing/evidence", &sentence))
}
