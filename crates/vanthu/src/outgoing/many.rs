//! Ký và phát hành nhiều văn bản một lần (KS-73): one authorisation, one result line per document.

use askama::Template;
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Redirect},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{ids::OutgoingId, outgoing::OutgoingState};
use serde::{Deserialize, Serialize};
use store::{args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    issuing::seal,
    signing::sign::{self, Line},
};
use crate::{
    api,
    context::{App, Who},
    error::{AppError, AppResult},
    web::{
        Reply, Submitted, frame,
        page::{Badge, Page, Tone},
        render,
    },
};

/// Documents that somebody chose in a list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Chosen {
    /// Their ids; the field comes once for each.
    #[serde(default)]
    pub id: Vec<OutgoingId>,
}

/// Documents to sign or to issue together.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Many {
    /// Their ids: up to 50 to sign, up to 10 to issue.
    #[schema(value_type = Vec<Uuid>)]
    pub ids: Vec<OutgoingId>,
    /// Ý kiến kèm theo, for all of them.
    #[serde(default)]
    pub comment: String,
}

/// What became of one of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ManyLine {
    /// The document.
    pub id: Uuid,
    /// Whether it was signed, or issued; or waits for the signature.
    pub done: bool,
    /// Its state then.
    pub state: Option<String>,
    /// The request for signatures that is waited for.
    pub request: Option<Uuid>,
    /// Why nothing happened to it.
    pub problem: Option<String>,
    /// The clause that refuses.
    pub clause: Option<String>,
}

fn told(line: Line) -> ManyLine {
    let id = line.id.as_uuid();
    match line.outcome {
        Ok(moved) => ManyLine {
            id,
            done: true,
            state: Some(moved.state),
            request: moved.request,
            problem: None,
            clause: None,
        },
        Err(error) => {
            let problem = error.problem();
            ManyLine {
                id,
                done: false,
                state: None,
                request: None,
                problem: Some(problem.message),
                clause: problem.clause.map(str::to_owned),
            }
        }
    }
}

/// Approves and signs several documents with one authorisation.
#[utoipa::path(post, path = "/api/v1/outgoing/sign", tag = "outgoing", request_body = Many,
    responses((status = 200, body = Vec<ManyLine>), (status = 409)))]
pub async fn api_sign(State(app): State<App>, sent: api::Command<Many>) -> AppResult<Json<Vec<ManyLine>>> {
    let many = sent.data;
    let lines = sign::sign_many(&app, &sent.who, sent.command, &many.ids, &many.comment).await?;
    Ok(Json(lines.into_iter().map(told).collect()))
}

/// Numbers, seals and issues several documents. The agency's key is used on the page only, by the clerk in person: 409 with ND30-32.2c.
#[utoipa::path(post, path = "/api/v1/outgoing/issue", tag = "outgoing", request_body = Many,
    responses((status = 200, body = Vec<ManyLine>), (status = 409)))]
pub async fn api_issue(State(app): State<App>, sent: api::Command<Many>) -> AppResult<Json<Vec<ManyLine>>> {
    let lines = seal::issue_many(&app, &sent.who, sent.command, &sent.data.ids).await?;
    Ok(Json(lines.into_iter().map(told).collect()))
}

struct Row {
    href: String,
    subject: String,
    name: String,
    badge: Badge,
    problem: String,
}

#[derive(Template)]
#[template(path = "outgoing/many.html")]
struct ManyPage {
    page: Page,
    summary: String,
    back: &'static str,
    back_label: &'static str,
    rows: Vec<Row>,
}

/// `POST /outgoing/sign`: the signer signs what they chose.
pub async fn sign_page(State(app): State<App>, jar: CookieJar, form: Submitted<Chosen>) -> Reply {
    some(&form.data)?;
    let lines = sign::sign_many(&app, &form.who, form.command, &form.data.id, "").await?;
    let heading = ("Kết quả ký số", "signing", "Về hộp Chờ ký");
    results(&app, &form.who, &jar, lines, heading).await
}

/// `POST /outgoing/issue`: the clerk numbers, seals and issues what they chose.
pub async fn issue_page(State(app): State<App>, jar: CookieJar, form: Submitted<Chosen>) -> Reply {
    some(&form.data)?;
    let lines = seal::issue_many(&app, &form.who, form.command, &form.data.id).await?;
    let heading = ("Kết quả phát hành", "issuing", "Về hộp Chờ phát hành");
    results(&app, &form.who, &jar, lines, heading).await
}

fn some(chosen: &Chosen) -> AppResult<()> {
    if chosen.id.is_empty() {
        return Err(AppError::BadInput(
            "Chưa chọn văn bản nào. Quay lại danh sách, đánh dấu các văn bản rồi thực hiện.".to_owned(),
        ));
    }
    Ok(())
}

async fn results(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    lines: Vec<Line>,
    (title, desk_box, back_label): (&'static str, &'static str, &'static str),
) -> Reply {
    let lines: Vec<ManyLine> = lines.into_iter().map(told).collect();
    // One authorisation: whoever waits for it waits on one page.
    if let Some(request) = lines.iter().find_map(|line| line.request) {
        return Ok(Redirect::to(&format!("/signing/requests/{request}")).into_response());
    }
    let done = lines.iter().filter(|line| line.done).count();
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        rows.push(row(app, who, line).await?);
    }
    render(&ManyPage {
        page: frame(app, who, jar, title, desk_box).await?,
        summary: format!("{done}/{} văn bản đã xong", rows.len()),
        back: if desk_box == "signing" {
            "/boxes/signing"
        } else {
            "/boxes/issuing"
        },
        back_label,
        rows,
    })
}

async fn row(app: &App, who: &Who, line: ManyLine) -> AppResult<Row> {
    // What was not carried out may be of another agency: it has no name here then.
    let found = app
        .db
        .opt(
            sql!("SELECT subject, number, symbol FROM outgoing WHERE id = $1 AND agency_id = $2"),
            args![line.id, who.agency()],
        )
        .await?
        .filter(|_| line.clause.is_some() || line.done);
    let (subject, name) = match &found {
        Some(row) => {
            let number: Option<u32> = row.get("number")?;
            let symbol: Option<String> = row.get("symbol")?;
            let printed = number
                .zip(symbol)
                .map(|(number, symbol)| rules::numbering::number_and_symbol(number, &symbol));
            (row.get("subject")?, printed.unwrap_or_default())
        }
        None => ("Không tìm thấy văn bản".to_owned(), String::new()),
    };
    let state = line
        .state
        .as_deref()
        .and_then(|state| state.parse::<OutgoingState>().ok());
    Ok(Row {
        href: format!("/outgoing/{}", line.id),
        subject,
        name,
        badge: match state {
            Some(state) => Badge::new(state.label(), Tone::Good),
            None => Badge::new("Chưa thực hiện", Tone::Bad),
        },
        problem: line.problem.unwrap_or_default(),
    })
}
