//! The form that binds a certificate: first whose and where, then which of those that are there.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use pdf_signature::pki::certificate_facts;
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
    providers::{self, ProviderKind},
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    signing::scope::{self, Of, Scope},
    web::{
        Reply, SmallFiles, Stay, format, frame,
        page::{Choice, FieldErrors, Page, RefusalBox, Tab},
        render, see_other,
    },
};

/// A place of keys with many certificates shows so many.
const MOST: usize = 50;

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
