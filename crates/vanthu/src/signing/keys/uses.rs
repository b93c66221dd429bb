//! Nhật ký sử dụng khóa: every use of a key, by whom, when, on which document (NĐ 30 Điều 32, KS-75).

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use rules::{
    ids::{AccountId, AgencyId},
    numbering,
    signing::RequestState,
};
use serde::{Deserialize, Serialize};
use store::{Act, Filter, Row, args, sql};
use uuid::Uuid;

use crate::{
    administration,
    context::{App, Who},
    error::{AppError, AppResult},
    signing::scope::{self, Scope},
    web::{
        Reply, format, frame,
        page::{Page, Pager, Tab},
        render,
    },
};

/// Lines of a page.
const PAGE: usize = 50;

/// What a key was used for. An agency's key signs what the agency issues and its copies, and nothing else (ND30-33.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A person signs a document.
    Person,
    /// A leader signs their answer to a submission slip.
    Slip,
    /// The agency signs a document that it issues.
    Issue,
    /// The agency signs a separate attachment of such a document.
    Attachment,
    /// The agency signs a copy.
    Copy,
}

impl Purpose {
    const ALL: [Self; 5] = [
        Self::Person,
        Self::Slip,
        Self::Issue,
        Self::Attachment,
        Self::Copy,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Slip => "slip",
            Self::Issue => "issue",
            Self::Attachment => "attachment",
            Self::Copy => "copy",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Person => "Cá nhân ký văn bản",
            Self::Slip => "Lãnh đạo ký duyệt phiếu trình",
            Self::Issue => "Cơ quan ký văn bản ban hành",
            Self::Attachment => "Cơ quan ký tài liệu kèm theo",
            Self::Copy => "Cơ quan ký bản sao",
        }
    }

    fn label_of(name: &str) -> &str {
        let known = Self::ALL.into_iter().find(|purpose| purpose.as_str() == name);
        known.map_or(name, |purpose| purpose.label())
    }
}

/// One use of a key.
#[derive(Debug, Clone)]
pub struct KeyUse<'a> {
    /// The binding, see [`super::Binding::id`].
    pub binding: Uuid,
    /// Whose key, or the agency of the person.
    pub agency: AgencyId,
    /// What for.
    pub purpose: Purpose,
    /// Kind of the object: `outgoing`, `slip`.
    pub object_kind: &'static str,
    /// The object.
    pub object: Uuid,
    /// The document as people name it: `15/QĐ-STTTT, Quyết định về …`.
    pub document: &'a str,
    /// SHA-256 of the file that came out; none where no file was kept.
    pub sha256: Option<&'a [u8]>,
}

/// Who used a key, when, and how the request ended, for a use that the act does not know of itself.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// When the key signed.
    pub at: Timestamp,
    /// Who used it.
    pub account: Option<AccountId>,
    /// Their name and title.
    pub who: String,
    /// Whether the signature was kept ([`RequestState::Committed`]), and if not, how the request ended.
    pub outcome: RequestState,
}

/// Notes a use of a key within the act that keeps its signature; who and when are the act's.
///
/// # Errors
/// When the database fails.
pub async fn log_use(act: &mut Act, used: &KeyUse<'_>) -> AppResult<()> {
    let actor = act.actor().clone();
    let circumstances = Circumstances {
        at: act.now(),
        account: actor.account,
        who: actor.label,
        outcome: RequestState::Committed,
    };
    log_past_use(act, used, circumstances).await
}

/// Notes a use of a key that was before this act, whatever became of the signature.
///
/// # Errors
/// When the database fails.
pub async fn log_past_use(act: &mut Act, used: &KeyUse<'_>, circumstances: Circumstances) -> AppResult<()> {
    let id = act.new_id();
    act.run(
        sql!(
            "INSERT INTO key_use (id, at, binding_id, agency_id, account_id, who, purpose, object_kind, object_id, document, \
             sha256, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        args![
            id,
            circumstances.at,
            used.binding,
            used.agency,
            circumstances.account,
            circumstances.who,
            used.purpose.as_str(),
            used.object_kind,
            used.object,
            used.document,
            used.sha256.map(<[u8]>::to_vec),
            circumstances.outcome.as_str(),
        ],
    )
    .await?;
    Ok(())
}

/// Place in the log.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct UsesQuery {
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    agency: Option<AgencyId>,
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    after: Option<Uuid>,
}

struct Line {
    id: Uuid,
    at: String,
    at_machine: String,
    who: String,
    purpose: String,
    document: String,
    outcome: String,
    certificate: String,
    serial: String,
    href: String,
}

#[derive(Template)]
#[template(path = "signing/keys/uses.html")]
struct UsesPage {
    page: Page,
    tabs: Vec<Tab>,
    scope: Scope,
    lines: Vec<Line>,
    pager: Pager,
}

/// Who reads the log of an agency: its administrator, its leaders and its clerks.
fn reads(who: &Who, agency: AgencyId) -> bool {
    administration::manages(who, agency) || who.actor.leads(agency) || who.actor.is_clerk_of(agency)
}

/// `GET /administration/signing/uses`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar, Query(query): Query<UsesQuery>) -> Reply {
    let agency = query.agency.unwrap_or(who.agency());
    if !reads(&who, agency) {
        return Err(AppError::NotFound);
    }
    let filter = Filter::select(
        "SELECT u.id, u.at, u.who, u.purpose, u.document, u.outcome, b.id AS binding_id, b.subject, b.serial, o.number, o.symbol \
         FROM key_use u JOIN key_binding b ON b.id = u.binding_id \
         LEFT JOIN outgoing o ON o.id = u.object_id AND u.object_kind = 'outgoing'",
    )
    .and("u.agency_id = ?", args![agency])
    .and_if("u.id < ?", query.after)
    .end("ORDER BY u.id DESC LIMIT ?", args![PAGE as i64 + 1]);
    let rows = app.db.filtered(filter).await?;
    let links = administration::manages(&who, agency);
    let mut lines = rows
        .iter()
        .map(|row| line(row, links))
        .collect::<AppResult<Vec<_>>>()?;
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let base = format!("/administration/signing/uses?agency={agency}");
    render(&UsesPage {
        page: frame(&app, &who, &jar, "Nhật ký sử dụng khóa", "signing").await?,
        tabs: scope::tabs(&who, agency, "uses"),
        scope: scope::scope(&app, &who, agency).await?,
        pager: Pager {
            newer: query.after.map(|_| base.clone()),
            older: lines
                .last()
                .filter(|_| more)
                .map(|line| format!("{base}&after={}", line.id)),
        },
        lines,
    })
}

/// What a line calls its document. The log is read by administrators, who see no document, and by clerks and leaders before a draft has
/// reached them: of what a person signed it tells the number once there is one, not what it is about (QC01-4.2).
fn named(row: &Row) -> AppResult<String> {
    if row.get::<String>("purpose")? != Purpose::Person.as_str() {
        return Ok(row.get("document")?);
    }
    let number: Option<u32> = row.get("number")?;
    let symbol: Option<String> = row.get("symbol")?;
    Ok(match number.zip(symbol) {
        Some((number, symbol)) => format!("Văn bản số {}", numbering::number_and_symbol(number, &symbol)),
        None => "Dự thảo văn bản, chưa cấp số".to_owned(),
    })
}

fn line(row: &Row, links: bool) -> AppResult<Line> {
    let at: Timestamp = row.get("at")?;
    let binding: Uuid = row.get("binding_id")?;
    let outcome: RequestState = row.parse("outcome")?;
    Ok(Line {
        id: row.get("id")?,
        at: format::moment(at),
        at_machine: format::machine(at),
        who: row.get("who")?,
        purpose: Purpose::label_of(&row.get::<String>("purpose")?).to_owned(),
        document: named(row)?,
        outcome: match outcome {
            RequestState::Committed => "Chữ ký được ghi nhận".to_owned(),
            ended => format!("Chữ ký không được ghi nhận ({})", ended.label().to_lowercase()),
        },
        certificate: row.get("subject")?,
        serial: row.get("serial")?,
        href: if links {
            format!("/administration/signing/certificates/{binding}")
        } else {
            String::new()
        },
    })
}
