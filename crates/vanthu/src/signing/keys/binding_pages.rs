//! The pages of bound certificates: the list of an agency, the page of one.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use pdf_signature::pki::check_certificate;
use rules::ids::AgencyId;
use serde::Deserialize;
use store::{Row, args, sql};
use uuid::Uuid;

use super::{bind, chain_of, providers::ProviderKind};
use crate::{
    administration::history,
    context::{App, Who},
    error::{AppError, AppResult},
    signing::{
        scope::{self, Of, Scope},
        trust,
    },
    web::{
        Reply, Submitted, format, frame,
        page::{Badge, Fact, FieldErrors, HistoryEntry, Page, Tab, Tone},
        render, see_other,
    },
};

/// A certificate that ends within so many days is told.
const SOON: i64 = 30;

struct BindingLine {
    href: String,
    owner: String,
    title: String,
    subject: String,
    serial: String,
    provider: String,
    is_software: bool,
    not_after: String,
    state: Badge,
}

#[derive(Template)]
#[template(path = "signing/keys/bindings.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    scope: Scope,
    of_agency: Vec<BindingLine>,
    of_people: Vec<BindingLine>,
    ended: Vec<BindingLine>,
}

/// `GET /administration/signing/certificates`.
pub async fn list(State(app): State<App>, who: Who, jar: CookieJar, Query(of): Query<Of>) -> Reply {
    let scope = scope::administered(&app, &who, of).await?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT b.id, b.owner, b.subject, b.serial, b.not_before, b.not_after, b.revoked_at, a.full_name, \
                 p.label AS provider, p.kind, (SELECT t.title FROM post t WHERE t.account_id = b.account_id \
                 AND t.agency_id = b.agency_id ORDER BY t.id LIMIT 1) AS title FROM key_binding b \
                 JOIN signing_provider p ON p.id = b.provider_id LEFT JOIN account a ON a.id = b.account_id \
                 WHERE b.agency_id = $1 ORDER BY a.sort_name, b.bound_at DESC, b.id"
            ),
            args![scope.agency],
        )
        .await?;
    let now = app.clock.now();
    let (mut of_agency, mut of_people, mut ended) = (Vec::new(), Vec::new(), Vec::new());
    for row in &rows {
        let to = if row.get::<Option<Timestamp>>("revoked_at")?.is_some() {
            &mut ended
        } else if row.get::<String>("owner")? == "agency" {
            &mut of_agency
        } else {
            &mut of_people
        };
        to.push(binding_line(row, now, &scope.name)?);
    }
    render(&ListPage {
        page: frame(&app, &who, &jar, "Chứng thư của cán bộ, cơ quan", "signing").await?,
        tabs: scope::tabs(&who, scope.agency, "certificates"),
        scope,
        of_agency,
        of_people,
        ended,
    })
}

fn binding_line(row: &Row, now: Timestamp, agency: &str) -> AppResult<BindingLine> {
    let id: Uuid = row.get("id")?;
    let kind: ProviderKind = row.parse("kind")?;
    let name: Option<String> = row.get("full_name")?;
    Ok(BindingLine {
        href: format!("/administration/signing/certificates/{id}"),
        owner: name.unwrap_or_else(|| agency.to_owned()),
        title: row.get::<Option<String>>("title")?.unwrap_or_default(),
        subject: row.get("subject")?,
        serial: row.get("serial")?,
        provider: row.get("provider")?,
        is_software: kind == ProviderKind::Software,
        not_after: format::date(store::vietnam(row.get("not_after")?).date()),
        state: state(row, now)?,
    })
}

fn state(row: &Row, now: Timestamp) -> AppResult<Badge> {
    let (from, to): (Timestamp, Timestamp) = (row.get("not_before")?, row.get("not_after")?);
    Ok(if row.get::<Option<Timestamp>>("revoked_at")?.is_some() {
        Badge::new("Thôi dùng", Tone::Neutral)
    } else if now < from {
        Badge::new("Chưa có hiệu lực", Tone::Warn)
    } else if now >= to {
        Badge::new("Hết hạn", Tone::Bad)
    } else if now + jiff::SignedDuration::from_hours(24 * SOON) >= to {
        Badge::new("Sắp hết hạn", Tone::Warn)
    } else {
        Badge::new("Đang dùng", Tone::Good)
    })
}

#[derive(Template)]
#[template(path = "signing/keys/binding.html")]
struct DetailPage {
    page: Page,
    tabs: Vec<Tab>,
    back: String,
    id: Uuid,
    facts: Vec<Fact>,
    check: Vec<Fact>,
    is_software: bool,
    is_ended: bool,
    history: Vec<HistoryEntry>,
    errors: FieldErrors,
    command_id: String,
}

/// `GET /administration/signing/certificates/{id}`.
pub async fn detail(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<Uuid>) -> Reply {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT b.agency_id, b.subject, b.serial, b.issuer, b.not_before, b.not_after, b.note, b.bound_at, b.bound_by, \
                 b.revoked_at, b.revoked_by, b.revoked_why, b.chain, b.sha256, p.label AS provider, p.kind, a.full_name \
                 FROM key_binding b JOIN signing_provider p ON p.id = b.provider_id \
                 LEFT JOIN account a ON a.id = b.account_id WHERE b.id = $1"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let agency: AgencyId = row.get("agency_id")?;
    let scope = scope::administered(&app, &who, Of { agency: Some(agency) }).await?;
    let now = app.clock.now();
    let kind: ProviderKind = row.parse("kind")?;
    let badge = state(&row, now)?;
    let name: Option<String> = row.get("full_name")?;
    let mut facts = vec![
        Fact::new("Trạng thái", badge.label).badge(badge.tone),
        Fact::new(
            "Gắn với",
            name.clone()
                .map_or_else(|| scope.name.clone(), |name| format!("{name}, {}", scope.name)),
        ),
        Fact::new("Tên trong chứng thư", row.get::<String>("subject")?),
        Fact::new("Số hiệu", row.get::<String>("serial")?),
        Fact::new("Tổ chức cấp", row.get::<String>("issuer")?),
        Fact::new(
            "Hiệu lực",
            format!(
                "{} – {}",
                format::moment(row.get("not_before")?),
                format::moment(row.get("not_after")?)
            ),
        ),
        Fact::new(
            "Dấu vân tay SHA-256",
            trust::fingerprint(&row.get::<Vec<u8>>("sha256")?),
        ),
        Fact::new(
            "Nơi lưu khóa",
            format!("{} ({})", row.get::<String>("provider")?, kind.label()),
        ),
        Fact::new(
            "Gắn",
            format!(
                "{}, {}",
                format::moment(row.get("bound_at")?),
                row.get::<String>("bound_by")?
            ),
        ),
    ];
    let note: String = row.get("note")?;
    if !note.is_empty() {
        facts.push(Fact::new("Lưu ý", note));
    }
    let ended: Option<Timestamp> = row.get("revoked_at")?;
    if let Some(at) = ended {
        let by: Option<String> = row.get("revoked_by")?;
        facts.push(Fact::new(
            "Thôi dùng",
            format!("{}, {}", format::moment(at), by.unwrap_or_default()),
        ));
        facts.push(Fact::new(
            "Lý do",
            row.get::<Option<String>>("revoked_why")?.unwrap_or_default(),
        ));
    }
    let chain = chain_of(&row)?;
    let context = trust::context(&app).await?;
    let verdict = check_certificate(&chain, now, &context.borrow());
    let tone = match verdict.verdict.label() {
        "HỢP LỆ" => Tone::Good,
        "KHÔNG HỢP LỆ" => Tone::Bad,
        _ => Tone::Warn,
    };
    let mut check = vec![
        Fact::new("Kết luận", verdict.verdict.label()).badge(tone),
        Fact::new("Đường dẫn chứng thực", verdict.chain.join(" → ")),
        Fact::new("Danh sách tin cậy", context.trust.version.clone()),
    ];
    if !verdict.reason.is_empty() {
        check.insert(1, Fact::new("Lý do", verdict.reason));
    }
    render(&DetailPage {
        page: frame(&app, &who, &jar, &name.unwrap_or(scope.name), "signing").await?,
        tabs: scope::tabs(&who, agency, "certificates"),
        back: format!("/administration/signing/certificates?agency={agency}"),
        id,
        facts,
        check,
        is_software: kind == ProviderKind::Software,
        is_ended: ended.is_some(),
        history: history(&app, id).await?,
        errors: FieldErrors::none(),
        command_id: app.ids.next().to_string(),
    })
}

/// Why it ends.
#[derive(Debug, Deserialize)]
pub struct EndForm {
    #[serde(default)]
    reason: String,
}

/// `POST /administration/signing/certificates/{id}/unbind`.
pub async fn unbind(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<EndForm>) -> Reply {
    bind::unbind(&app, &form.who, form.command, id, &form.data.reason).await?;
    Ok(see_other(
        &app,
        &format!("/administration/signing/certificates/{id}"),
        "Đã thôi dùng chứng thư. Văn bản đã ký trước đó không thay đổi.",
    ))
}
