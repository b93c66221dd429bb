//! The pages of the trust list.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::{Timestamp, civil::Date};
use pdf_signature::pki::{Purpose, certificate_facts};
use serde::Deserialize;
use store::{Row, args, sql};
use uuid::Uuid;

use super::anchors::{self, NewAnchor};
use crate::{
    administration::{history, must_administer_province},
    context::{App, Who},
    error::{AppError, AppResult},
    signing::{keys::read_certificates, scope},
    web::{
        Reply, SmallFiles, Stay, Submitted, format, frame,
        page::{Badge, Choice, Fact, FieldErrors, HistoryEntry, Page, RefusalBox, Tab, Tone},
        render, see_other,
    },
};

/// What an anchor is trusted for, as people read it.
pub fn purpose_label(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Signing => "Chữ ký số trên văn bản",
        Purpose::TimeStamping => "Dấu thời gian",
        Purpose::Xml => "Chữ ký số của gói tin trao đổi",
    }
}

fn purpose_of(name: &str) -> Option<Purpose> {
    match name {
        "signing" => Some(Purpose::Signing),
        "time_stamping" => Some(Purpose::TimeStamping),
        "xml" => Some(Purpose::Xml),
        _ => None,
    }
}

/// `1A:2B:…` of a digest, for comparing with what the authority publishes.
pub fn fingerprint(sha256: &[u8]) -> String {
    let pairs: Vec<String> = sha256.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

struct AnchorLine {
    href: String,
    label: String,
    key: String,
    fingerprint: String,
    purposes: String,
    window: String,
    state: Badge,
}

/// What was typed in the form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AnchorForm {
    label: String,
    purposes: Vec<String>,
    valid_from: String,
    valid_to: String,
}

#[derive(Template)]
#[template(path = "signing/trust/list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    version: String,
    lines: Vec<AnchorLine>,
    removed: Vec<AnchorLine>,
    purposes: Vec<Choice>,
    form: AnchorForm,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: String,
}

/// `GET /administration/signing/trust`.
pub async fn list(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    let form = AnchorForm {
        purposes: vec!["signing".to_owned()],
        ..AnchorForm::default()
    };
    render(&list_page(&app, &who, &jar, form, None).await?)
}

async fn list_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    form: AnchorForm,
    refused: Option<AppError>,
) -> AppResult<ListPage> {
    must_administer_province(who)?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, label, key_name, sha256, purposes, not_before, not_after, valid_from, valid_to, removed_at \
                 FROM trust_anchor ORDER BY CASE WHEN removed_at IS NULL THEN 0 ELSE 1 END, label, id"
            ),
            args![],
        )
        .await?;
    let now = app.clock.now();
    let (mut lines, mut removed) = (Vec::new(), Vec::new());
    for row in &rows {
        let is_removed = row.get::<Option<Timestamp>>("removed_at")?.is_some();
        let line = anchor_line(row, now)?;
        if is_removed { &mut removed } else { &mut lines }.push(line);
    }
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    Ok(ListPage {
        page: frame(app, who, jar, "Danh sách tin cậy", "signing").await?,
        tabs: scope::tabs(who, who.agency(), "trust"),
        version: super::context(app).await?.trust.version.clone(),
        lines,
        removed,
        purposes: [Purpose::Signing, Purpose::TimeStamping, Purpose::Xml]
            .into_iter()
            .zip(["signing", "time_stamping", "xml"])
            .map(|(purpose, name)| Choice::new(name, purpose_label(purpose)))
            .collect(),
        form,
        errors,
        refusal,
        command_id: app.ids.next().to_string(),
    })
}

fn anchor_line(row: &Row, now: Timestamp) -> AppResult<AnchorLine> {
    let id: Uuid = row.get("id")?;
    let purposes: Vec<Purpose> = row.json("purposes")?;
    let labels: Vec<_> = purposes.into_iter().map(purpose_label).collect();
    let (from, to) = window(row)?;
    let is_removed = row.get::<Option<Timestamp>>("removed_at")?.is_some();
    Ok(AnchorLine {
        href: format!("/administration/signing/trust/{id}"),
        label: row.get("label")?,
        key: row.get("key_name")?,
        fingerprint: fingerprint(&row.get::<Vec<u8>>("sha256")?),
        purposes: labels.join(", "),
        window: format!("{} – {}", format::moment(from), format::moment(to)),
        state: if is_removed {
            Badge::new("Đã bỏ", Tone::Neutral)
        } else if now < from {
            Badge::new("Chưa đến hạn", Tone::Warn)
        } else if now >= to {
            Badge::new("Hết hạn", Tone::Bad)
        } else {
            Badge::new("Đang tin cậy", Tone::Good)
        },
    })
}

/// From when to when it is trusted: the certificate's own validity, cut by the administrator's days.
fn window(row: &Row) -> AppResult<(Timestamp, Timestamp)> {
    let from: Timestamp = row.get("not_before")?;
    let to: Timestamp = row.get("not_after")?;
    let own_from: Option<Timestamp> = row.get("valid_from")?;
    let own_to: Option<Timestamp> = row.get("valid_to")?;
    Ok((
        own_from.map_or(from, |own| own.max(from)),
        own_to.map_or(to, |own| own.min(to)),
    ))
}

/// `POST /administration/signing/trust`.
pub async fn submit(State(app): State<App>, jar: CookieJar, sent: SmallFiles<AnchorForm>) -> Reply {
    must_administer_province(&sent.who)?;
    let done = async {
        let file = sent.file("certificate").ok_or_else(|| {
            rules::Refusal::new(
                "KS-05",
                "anchor.no_file",
                "Vui lòng chọn tệp chứng thư (.cer, .crt, .pem).",
            )
            .on("certificate")
        })?;
        let mut certificates = read_certificates(&file.bytes)?;
        if certificates.len() != 1 {
            return Err(AppError::from(
                rules::Refusal::new(
                    "KS-05",
                    "anchor.several",
                    "Tệp có nhiều chứng thư. Vui lòng tách ra và thêm từng chứng thư để xem xét riêng.",
                )
                .on("certificate"),
            ));
        }
        let new = NewAnchor {
            certificate: certificates.remove(0),
            label: sent.data.label.clone(),
            purposes: sent
                .data
                .purposes
                .iter()
                .filter_map(|name| purpose_of(name))
                .collect(),
            valid_from: day(&sent.data.valid_from)?,
            valid_to: day(&sent.data.valid_to)?,
        };
        anchors::add(&app, &sent.who, sent.command, new).await
    };
    match done.await {
        Ok(id) => Ok(see_other(
            &app,
            &format!("/administration/signing/trust/{id}"),
            "Đã thêm vào danh sách tin cậy. Hãy đối chiếu dấu vân tay với công bố của tổ chức cấp chứng thư.",
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            Stay::on(&list_page(&app, &sent.who, &jar, sent.data, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

/// A day of a form; empty: none.
pub fn day(text: &str) -> AppResult<Option<Date>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = |_| AppError::BadInput("Ngày không đọc được. Vui lòng nhập lại.".to_owned());
    text.parse().map(Some).map_err(wrong)
}

#[derive(Template)]
#[template(path = "signing/trust/detail.html")]
struct DetailPage {
    page: Page,
    tabs: Vec<Tab>,
    id: Uuid,
    facts: Vec<Fact>,
    fingerprint: String,
    is_removed: bool,
    history: Vec<HistoryEntry>,
    errors: FieldErrors,
    command_id: String,
}

/// `GET /administration/signing/trust/{id}`.
pub async fn detail(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<Uuid>) -> Reply {
    must_administer_province(&who)?;
    let row = app
        .db
        .opt(
            sql!(
                "SELECT label, certificate, subject, issuer, key_name, sha256, purposes, not_before, not_after, valid_from, \
                 valid_to, added_at, added_by, removed_at, removed_by, removed_why, id FROM trust_anchor WHERE id = $1"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let line = anchor_line(&row, app.clock.now())?;
    let facts = certificate_facts(&row.get::<Vec<u8>>("certificate")?).map_err(anyhow::Error::from)?;
    let mut shown = vec![
        Fact::new("Trạng thái", line.state.label).badge(line.state.tone),
        Fact::new("Chủ thể", row.get::<String>("subject")?),
        Fact::new("Tổ chức cấp", row.get::<String>("issuer")?),
        Fact::new("Số hiệu", facts.serial),
        Fact::new("Khóa", line.key),
        Fact::new("Mục đích tin cậy", line.purposes),
        Fact::new(
            "Hiệu lực chứng thư",
            format!(
                "{} – {}",
                format::moment(row.get("not_before")?),
                format::moment(row.get("not_after")?)
            ),
        ),
        Fact::new("Được tin cậy", line.window),
        Fact::new(
            "Thêm",
            format!(
                "{}, {}",
                format::moment(row.get("added_at")?),
                row.get::<String>("added_by")?
            ),
        ),
    ];
    let removed_at: Option<Timestamp> = row.get("removed_at")?;
    if let Some(at) = removed_at {
        let by: Option<String> = row.get("removed_by")?;
        shown.push(Fact::new(
            "Bỏ",
            format!("{}, {}", format::moment(at), by.unwrap_or_default()),
        ));
        shown.push(Fact::new(
            "Lý do",
            row.get::<Option<String>>("removed_why")?.unwrap_or_default(),
        ));
    }
    render(&DetailPage {
        page: frame(&app, &who, &jar, &line.label, "signing").await?,
        tabs: scope::tabs(&who, who.agency(), "trust"),
        id,
        facts: shown,
        fingerprint: line.fingerprint,
        is_removed: removed_at.is_some(),
        history: history(&app, id).await?,
        errors: FieldErrors::none(),
        command_id: app.ids.next().to_string(),
    })
}

/// Why something ends.
#[derive(Debug, Default, Deserialize)]
pub struct Reason {
    /// In words.
    #[serde(default)]
    pub reason: String,
}

/// `POST /administration/signing/trust/{id}/remove`.
pub async fn remove(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Reason>) -> Reply {
    anchors::remove(&app, &form.who, form.command, id, &form.data.reason).await?;
    Ok(see_other(
        &app,
        "/administration/signing/trust",
        "Đã bỏ khỏi danh sách tin cậy. Các văn bản đã kiểm tra có thể kiểm tra lại.",
    ))
}
