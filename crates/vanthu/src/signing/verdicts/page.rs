//! The reports on the files of a document: to read, to print, and as JSON; each earlier check can be opened.

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use pdf_signature::verify::Verdict;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    kept::{self, Stored},
    object::{Object, Pdf},
    view::{ReportView, view},
    words,
};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    web::{
        Reply, format, frame,
        page::{Badge, Crumb, Page},
        render,
    },
};

/// Which check is shown.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    /// An earlier check; without it the newest on each file.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    check: Option<Uuid>,
}

/// A check in the list.
struct CheckLine {
    href: String,
    at: String,
    name: String,
    badge: Badge,
    by: String,
    trust_version: String,
    is_shown: bool,
}

#[derive(Template)]
#[template(path = "signing/verdicts/page.html")]
struct VerdictPage {
    page: Page,
    crumbs: Vec<Crumb>,
    command_id: Uuid,
    title: String,
    recheck: String,
    latest: String,
    is_earlier: bool,
    reports: Vec<ReportView>,
    checks: Vec<CheckLine>,
}

/// `GET /signing/verdicts/{kind}/{id}`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Path((kind, id)): Path<(String, Uuid)>,
    Query(which): Query<Which>,
) -> Reply {
    let object = Object::of(&kind, id)?;
    object.must_be_visible(&app, &who).await?;
    let pdfs = object.pdfs(&app).await?;
    let shown = shown(&app, object, &which).await?;
    let title = title(&app, object, &pdfs).await?;
    let name_of = |file| {
        pdfs.iter()
            .find(|pdf| pdf.file.id == file)
            .map_or("Tệp của phiên bản trước", |pdf| pdf.file.name.as_str())
    };
    let checks = kept::history(&app, object.id()).await?;
    let lines = checks
        .iter()
        .map(|line| CheckLine {
            href: format!("{}?check={}", object.href(), line.id),
            at: format::moment(line.at),
            name: name_of(line.file).to_owned(),
            badge: words::badge(verdict_of(&line.verdict)),
            by: line.by.clone(),
            trust_version: line.trust_version.clone(),
            is_shown: shown.iter().any(|stored| stored.id == line.id),
        })
        .collect();
    let (current, back) = match object {
        Object::File(_) => ("check", Crumb::new("Kiểm tra chữ ký số", "/signing/check")),
        _ => ("", Crumb::new(title.clone(), object.document_href())),
    };
    render(&VerdictPage {
        page: frame(&app, &who, &jar, "Kết quả kiểm tra chữ ký số", current).await?,
        crumbs: vec![back, Crumb::new("Kết quả kiểm tra chữ ký số", "")],
        command_id: app.ids.next(),
        title,
        recheck: format!("{}/recheck", object.href()),
        latest: object.href(),
        is_earlier: which.check.is_some(),
        reports: shown
            .iter()
            .map(|stored| {
                let href = format!("/files/{}", stored.file);
                view(&stored.report, name_of(stored.file), &href, &stored.by)
            })
            .collect(),
        checks: lines,
    })
}

fn verdict_of(code: &str) -> Verdict {
    [Verdict::TotalPassed, Verdict::TotalFailed]
        .into_iter()
        .find(|verdict| verdict.code() == code)
        .unwrap_or(Verdict::Indeterminate)
}

/// The newest verdict on each file, or the one asked for.
async fn shown(app: &App, object: Object, which: &Which) -> AppResult<Vec<Stored>> {
    if let Some(check) = which.check {
        let stored = kept::one(app, object.id(), check).await?;
        return Ok(vec![stored.ok_or(AppError::NotFound)?]);
    }
    let pdfs = object.pdfs(app).await?;
    let mut known = kept::of_object(app, object.id()).await?;
    // In the order of the files, the main document first; files of earlier versions are in the list of checks.
    known.retain(|stored| pdfs.iter().any(|pdf| pdf.file.id == stored.file));
    known.sort_by_key(|stored| pdfs.iter().position(|pdf| pdf.file.id == stored.file));
    Ok(known)
}

/// What the object is called above its reports.
async fn title(app: &App, object: Object, pdfs: &[Pdf]) -> AppResult<String> {
    let row = match object {
        Object::Incoming(id) => {
            app.db
                .opt(
                    store::sql!("SELECT number, symbol, subject FROM incoming WHERE id = $1"),
                    store::args![id],
                )
                .await?
        }
        Object::Outgoing(id) => {
            app.db
                .opt(
                    store::sql!(
                        "SELECT coalesce(cast(number AS TEXT), '') AS number, coalesce(symbol, '') AS symbol, subject FROM outgoing WHERE id = $1"
                    ),
                    store::args![id],
                )
                .await?
        }
        Object::Copy(id) => {
            app.db
                .opt(
                    store::sql!(
                        "SELECT cast(number AS TEXT) AS number, symbol, source_name AS subject FROM document_copy WHERE id = $1"
                    ),
                    store::args![id],
                )
                .await?
        }
        Object::Slip(id) => {
            app.db
                .opt(
                    // As it was laid before the leaders: what its maker writes meanwhile is theirs.
                    store::sql!(
                        "SELECT '' AS number, '' AS symbol, coalesce(t.subject, s.subject) AS subject FROM slip s \
                         LEFT JOIN slip_round t ON t.slip_id = s.id AND t.round = s.round WHERE s.id = $1"
                    ),
                    store::args![id],
                )
                .await?
        }
        Object::File(_) => None,
    };
    let Some(row) = row else {
        return Ok(pdfs.first().map(|pdf| pdf.file.name.clone()).unwrap_or_default());
    };
    let printed = crate::incoming::printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
    let subject: String = row.get("subject")?;
    Ok(if printed.is_empty() {
        subject
    } else {
        format!("{printed} · {subject}")
    })
}

/// The verdicts on the files of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verdicts {
    /// The newest on each file, the main document first.
    pub newest: Vec<VerdictOut>,
    /// Every check, newest first.
    pub checks: Vec<CheckOut>,
}

/// A kept verdict.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerdictOut {
    /// Its id.
    pub id: Uuid,
    /// The file.
    pub file: Uuid,
    /// When it was kept.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who asked, name and title.
    pub by: String,
    /// The signer's signature: `valid`, `invalid`, `undetermined` or `absent`.
    pub person: &'static str,
    /// The agency's signature.
    pub agency: &'static str,
    /// The whole report: verdict, each signature and what it covers, changes after it, the certificates.
    #[schema(value_type = Object)]
    pub report: pdf_signature::verify::Report,
}

/// A check in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckOut {
    /// The verdict.
    pub id: Uuid,
    /// The file.
    pub file: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who asked.
    pub by: String,
    /// `TOTAL-PASSED`, `TOTAL-FAILED` or `INDETERMINATE`.
    pub verdict: String,
    /// Version of the trust list it was judged by.
    pub trust_list: String,
}

/// The verdicts on the signatures of a document's files, with the list of all checks.
#[utoipa::path(get, path = "/api/v1/signing/verdicts/{kind}/{id}", tag = "signing",
    params(("kind" = String, Path, description = "incoming, outgoing, slip, copy hoặc file"), ("id" = Uuid, Path)),
    responses((status = 200, body = Verdicts), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    who: Who,
    Path((kind, id)): Path<(String, Uuid)>,
) -> AppResult<Json<Verdicts>> {
    let object = Object::of(&kind, id)?;
    object.must_be_visible(&app, &who).await?;
    let newest = shown(&app, object, &Which::default()).await?;
    let checks = kept::history(&app, object.id()).await?;
    Ok(Json(Verdicts {
        newest: newest
            .into_iter()
            .map(|stored| VerdictOut {
                id: stored.id,
                file: stored.file.as_uuid(),
                at: stored.at,
                by: stored.by,
                person: stored.person.as_str(),
                agency: stored.agency.as_str(),
                report: stored.report,
            })
            .collect(),
        checks: checks
            .into_iter()
            .map(|line| CheckOut {
                id: line.id,
                file: line.file.as_uuid(),
                at: line.at,
                by: line.by,
                verdict: line.verdict,
                trust_list: line.trust_version,
            })
            .collect(),
    }))
}
