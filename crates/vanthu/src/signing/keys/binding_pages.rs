//! The pages of bound certificates: the list of an agency, the form, the page of one.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use pdf_signature::pki::{certificate_facts, check_certificate};
use rules::{
    ids::{AccountId, AgencyId},
    signing::binding::{NameMatch, compare_names},
};
use serde::Deserialize;
use store::{Row, args, sql};
use uuid::Uuid;

use super::{
    bind::{self, NewBinding},
    certificate::read_certificates,
    chain_of,
    providers::{self, ProviderKind},
};
use crate::{
    administration::history,
    context::{App, Who},
    error::{AppError, AppResult},
    signing::{
        scope::{self, Of, Scope},
        trust,
    },
    web::{
        Reply, SmallFiles, Stay, Submitted, format, frame,
        page::{Badge, Choice, Fact, FieldErrors, HistoryEntry, Page, RefusalBox, Tab, Tone},
        render, see_other,
    },
};

/// A place of keys with many certificates shows so many.
const MOST: usize = 50;
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

/// Whose, and where.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct BindForm {
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    agency: Option<AgencyId>,
    /// An account; empty: the agency itself.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    account: Option<AccountId>,
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    provider: Option<Uuid>,
    /// The provider's name of the key that was chosen.
    key: String,
    reason: String,
    /// The administrator confirmed the first step of the form.
    step: String,
}

#[derive(Template)]
#[template(path = "signing/keys/bind.html")]
struct FormPage {
    page: Page,
    tabs: Vec<Tab>,
    scope: Scope,
    people: Vec<Choice>,
    providers: Vec<Choice>,
    account: String,
    provider: String,
    /// Chosen in the first step; then certificates are shown.
    is_second_step: bool,
    owner_name: String,
    is_agency: bool,
    provider_label: String,
    is_software: bool,
    /// The certificates that the server saw there.
    found: Vec<Choice>,
    others: usize,
    uploads: bool,
    form: BindForm,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: String,
}

/// `GET /administration/signing/certificates/new`: first whose and where, then which.
pub async fn form(State(app): State<App>, who: Who, jar: CookieJar, Query(form): Query<BindForm>) -> Reply {
    render(&form_page(&app, &who, &jar, form, None).await?)
}

async fn form_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    form: BindForm,
    refused: Option<AppError>,
) -> AppResult<FormPage> {
    let scope = scope::administered(app, who, Of { agency: form.agency }).await?;
    let people = people(app, scope.agency).await?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, label, kind FROM signing_provider WHERE retired_at IS NULL \
                 AND (agency_id IS NULL OR agency_id = $1) ORDER BY label, id"
            ),
            args![scope.agency],
        )
        .await?;
    let mut known = Vec::new();
    for row in &rows {
        known.push((
            row.get::<Uuid>("id")?,
            row.get::<String>("label")?,
            row.parse::<ProviderKind>("kind")?,
        ));
    }
    let mut errors = FieldErrors::none();
    let mut refusal = refused.map(|error| errors.tell(error));
    let chosen = form
        .provider
        .and_then(|id| known.iter().find(|(known, ..)| *known == id))
        .filter(|_| !form.step.is_empty());
    let owner_name = match form.account {
        Some(account) => people
            .iter()
            .find(|person| person.value == account.to_string())
            .map(|person| person.label.clone())
            .ok_or(AppError::NotFound)?,
        None => scope.name.clone(),
    };
    let (mut found, mut others) = (Vec::new(), 0);
    if let Some((id, _, kind)) = chosen
        && kind.answers_the_server()
    {
        match providers::certificates(app, *id, None).await {
            Ok(all) => {
                for chain in all {
                    let Some(facts) = chain
                        .certificates
                        .first()
                        .and_then(|der| certificate_facts(der).ok())
                    else {
                        continue;
                    };
                    let name = facts.subject_cn.clone().unwrap_or_else(|| facts.subject.clone());
                    let fits =
                        form.account.is_none() || compare_names(&name, &owner_name) != NameMatch::Different;
                    if fits && !facts.is_ca && found.len() < MOST {
                        let hint = format!(
                            "số hiệu {}, {} cấp, hết hạn {}",
                            facts.serial,
                            facts.issuer,
                            format::date(store::vietnam(facts.not_after).date())
                        );
                        found.push(Choice::new(chain.key, name).hint(hint));
                    } else {
                        others += 1;
                    }
                }
            }
            Err(error @ AppError::Refused(_)) => refusal = refusal.or(Some(errors.tell(error))),
            Err(error) => return Err(error),
        }
    }
    Ok(FormPage {
        page: frame(app, who, jar, "Gắn chứng thư", "signing").await?,
        tabs: scope::tabs(who, scope.agency, "certificates"),
        people,
        account: form
            .account
            .map(|account| account.to_string())
            .unwrap_or_default(),
        provider: form
            .provider
            .map(|provider| provider.to_string())
            .unwrap_or_default(),
        is_second_step: chosen.is_some(),
        is_agency: form.account.is_none(),
        provider_label: chosen.map(|(_, label, _)| label.clone()).unwrap_or_default(),
        is_software: chosen.is_some_and(|(.., kind)| *kind == ProviderKind::Software),
        uploads: chosen.is_some_and(|(.., kind)| !kind.answers_the_server()),
        providers: known
            .iter()
            .map(|(id, label, kind)| Choice::new(id.to_string(), label).hint(kind.label()))
            .collect(),
        owner_name,
        scope,
        found,
        others,
        form,
        errors,
        refusal,
        command_id: app.ids.next().to_string(),
    })
}

/// People of the agency, by account: somebody with two posts there is one person.
async fn people(app: &App, agency: AgencyId) -> AppResult<Vec<Choice>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT a.id, a.full_name, min(p.title) AS title FROM account a JOIN post p ON p.account_id = a.id \
                 WHERE p.agency_id = $1 AND a.closed_at IS NULL AND (p.valid_to IS NULL OR p.valid_to >= $2) \
                 GROUP BY a.id, a.full_name, a.sort_name ORDER BY a.sort_name, a.id"
            ),
            args![agency, app.clock.today()],
        )
        .await?;
    let choice = |row: &Row| {
        let (id, name): (AccountId, String) = (row.get("id")?, row.get("full_name")?);
        Ok(Choice::new(id.to_string(), name).hint(row.get::<String>("title")?))
    };
    Ok(rows.iter().map(choice).collect::<store::Result<_>>()?)
}

/// `POST /administration/signing/certificates`.
pub async fn submit(State(app): State<App>, jar: CookieJar, sent: SmallFiles<BindForm>) -> Reply {
    let scope = scope::administered(
        &app,
        &sent.who,
        Of {
            agency: sent.data.agency,
        },
    )
    .await?;
    let form = sent.data.clone();
    let done = async {
        let provider = form.provider.ok_or(AppError::NotFound)?;
        let refuse = |code, sentence: &str| rules::Refusal::new("KS-72", code, sentence).on("certificate");
        let (key, chain) = if let Some(file) = sent.file("certificate") {
            let chain = read_certificates(&file.bytes)?;
            let facts = chain.first().and_then(|der| certificate_facts(der).ok());
            // The agent on the person's PC finds the key by the certificate.
            (facts.map(|facts| facts.sha256).unwrap_or_default(), chain)
        } else {
            if form.key.is_empty() {
                return Err(refuse("binding.none_chosen", "Vui lòng chọn chứng thư.").into());
            }
            // Asked again: what the browser sends is a name, not a certificate.
            let all = providers::certificates(&app, provider, None).await?;
            let chosen = all.into_iter().find(|chain| chain.key == form.key);
            let chosen = chosen.ok_or_else(|| {
                refuse(
                    "binding.gone",
                    "Không còn thấy chứng thư này ở nơi lưu khóa. Vui lòng chọn lại.",
                )
            })?;
            (chosen.key, chosen.certificates)
        };
        let new = NewBinding {
            agency: scope.agency,
            account: form.account,
            provider,
            key,
            chain,
            reason: form.reason.clone(),
        };
        bind::bind(&app, &sent.who, sent.command, new).await
    };
    match done.await {
        Ok(id) => Ok(see_other(
            &app,
            &format!("/administration/signing/certificates/{id}"),
            "Đã gắn chứng thư.",
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            let form = BindForm {
                step: "2".to_owned(),
                ..sent.data
            };
            Stay::on(&form_page(&app, &sent.who, &jar, form, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
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
