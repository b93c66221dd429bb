//! Trang chờ ký số: what the person has to do, how much time is left, and what became of each document.

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect},
};
use axum_extra::extract::cookie::CookieJar;
use rules::signing::RequestState;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use signing_providers::UserStep;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    end,
    row::{self, Batch},
    run::{self, Event},
    view::{self, RequestView},
};
use crate::{
    api,
    context::{App, Who},
    error::{AppError, AppResult},
    web::{
        Reply, Submitted, content_policy, format, frame,
        page::{Badge, Page, RefusalBox, Tone},
        render, see_other,
    },
};

/// What the person did; of the fields one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Answered {
    /// PIN of the token.
    pub pin: String,
    /// One-time code.
    pub otp: String,
    /// What the remote service gave back.
    pub code: String,
    /// What was sent along to the remote service, which gives it back.
    pub state: String,
    /// What the agent of the own PC answered, JSON.
    pub answer: String,
}

impl Answered {
    fn into_value(self) -> AppResult<Value> {
        Ok(if !self.pin.is_empty() {
            json!({ "pin": self.pin })
        } else if !self.otp.is_empty() {
            json!({ "otp": self.otp })
        } else if !self.code.is_empty() {
            json!({ "code": self.code, "state": self.state })
        } else {
            serde_json::from_str(&self.answer).map_err(|_| {
                AppError::BadInput("Chưa có nội dung xác nhận ký số. Vui lòng thực hiện lại.".to_owned())
            })?
        })
    }
}

/// What a remote service adds to the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Returned {
    code: String,
    state: String,
}

/// `GET /signing/return`: a remote service sends the person back. Which request it is about, `state` says; a `state` that none
/// of this person's open requests sent along is not taken.
pub async fn back(State(app): State<App>, who: Who, Query(returned): Query<Returned>) -> Reply {
    let batch = row::returned_to(&app, &who, &returned.state)
        .await?
        .ok_or(AppError::NotFound)?;
    let query = serde_html_form::to_string([("code", &returned.code), ("state", &returned.state)])
        .map_err(anyhow::Error::from)?;
    Ok(Redirect::to(&format!("/signing/requests/{batch}?{query}")).into_response())
}

struct Line {
    href: String,
    subject: String,
    number: String,
    badge: Badge,
    problem: String,
}

#[derive(Template)]
#[template(path = "signing/requests/wait.html")]
struct WaitPage {
    page: Page,
    id: Uuid,
    command_id: Uuid,
    cancel_id: Uuid,
    state: Badge,
    is_final: bool,
    until: String,
    until_machine: String,
    form: &'static str,
    redirect: String,
    message: String,
    origin: String,
    code: String,
    sent_along: String,
    mark: String,
    refusal: Option<RefusalBox>,
    rows: Vec<Line>,
    /// What is signed, as a sentence begins with it.
    what: &'static str,
    results: &'static str,
    next: String,
    next_label: &'static str,
}

/// `GET /signing/requests/{id}`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    Query(returned): Query<Returned>,
) -> Reply {
    let batch = run::carry(&app, &who, id, Event::Poll).await?;
    let view = view::view(&app, &batch).await?;
    let origin = agent_origin(&batch);
    let waiting = WaitPage {
        page: frame(&app, &who, &jar, view::heading(batch.owner, &view), "").await?,
        id,
        command_id: app.ids.next(),
        cancel_id: app.ids.next(),
        state: Badge::new(batch.state.label(), tone(batch.state)),
        is_final: view.is_final,
        until: format::moment(view.moment),
        until_machine: view.expires_at.clone(),
        form: match (view.is_final, batch.provider.as_str()) {
            (true, _) => "",
            (false, super::WHOLE_FILE) => "whole_file",
            (false, _) => view::form_of(batch.step.as_ref()),
        },
        redirect: match &batch.step {
            Some(UserStep::Redirect(address)) => address.clone(),
            _ => String::new(),
        },
        message: match &batch.step {
            Some(UserStep::Agent(message)) => message.to_string(),
            _ => String::new(),
        },
        origin: origin.clone(),
        // A code that was not asked for is not shown: nobody confirms it by accident.
        code: if batch.sent_along().is_some_and(|sent| sent == returned.state) {
            returned.code
        } else {
            String::new()
        },
        sent_along: returned.state,
        mark: mark(&view),
        refusal: view.error.clone().map(|sentence| RefusalBox {
            sentence,
            clause: String::new(),
            what_to_do: String::new(),
        }),
        rows: view.documents.iter().map(line_of).collect(),
        what: view.what(),
        results: if view.is_of_slip() {
            "Kết quả ký duyệt"
        } else {
            "Kết quả từng văn bản"
        },
        next: next(&view),
        next_label: match view.documents.as_slice() {
            [one] if one.is_slip() => "Về phiếu trình",
            [one] if one.is_copy() => "Về bản sao",
            [_] => "Về văn bản",
            _ => "Về danh sách",
        },
    };
    let mut answer = render(&waiting)?;
    if !origin.is_empty() {
        // The one page that speaks with the agent of the person's own PC, and with nothing else.
        let policy = content_policy(&origin);
        let value = HeaderValue::from_str(&policy).map_err(anyhow::Error::from)?;
        answer
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, value);
    }
    Ok(answer)
}

/// Where the agent that signs whole files listens on the person's own PC.
const WHOLE_FILE_AGENT: &str = "wss://127.0.0.1:8987";

/// The address of the local agent, when the step is one for it: loopback and nothing else.
fn agent_origin(batch: &Batch) -> String {
    if batch.provider == super::WHOLE_FILE && !batch.state.is_final() {
        return WHOLE_FILE_AGENT.to_owned();
    }
    let Some(UserStep::Agent(message)) = &batch.step else {
        return String::new();
    };
    let port = message
        .get("port")
        .and_then(Value::as_u64)
        .filter(|port| (1..=65535).contains(port))
        .unwrap_or(signing_providers::agent::PORT.into());
    format!("http://127.0.0.1:{port}")
}

/// What changes when the page has to be drawn again.
fn mark(view: &RequestView) -> String {
    format!("{}-{}-{}", view.state, view.round, view.step.is_some())
}

fn next(view: &RequestView) -> String {
    match view.documents.as_slice() {
        [one] => one.href(),
        _ if view.owner == "person" => "/boxes/signing".to_owned(),
        _ => "/boxes/issuing".to_owned(),
    }
}

fn line_of(line: &view::RequestLine) -> Line {
    let state = line.state.parse().unwrap_or(RequestState::Failed);
    Line {
        href: line.href(),
        subject: line.subject.clone(),
        number: line.number_and_symbol.clone().unwrap_or_default(),
        badge: Badge::new(state.label(), tone(state)),
        problem: line.error.clone().unwrap_or_default(),
    }
}

const fn tone(state: RequestState) -> Tone {
    match state {
        RequestState::Committed => Tone::Good,
        RequestState::Expired | RequestState::Rejected | RequestState::Failed => Tone::Bad,
        RequestState::Cancelled => Tone::Neutral,
        RequestState::WaitingUser => Tone::Warn,
        _ => Tone::Info,
    }
}

/// Where a request stands, for the script of its page.
#[derive(Debug, Serialize)]
pub struct Standing {
    mark: String,
    is_final: bool,
    label: &'static str,
}

/// `GET /signing/requests/{id}/state`: asks the provider when it is time, tells where the request stands.
pub async fn state(State(app): State<App>, who: Who, Path(id): Path<Uuid>) -> AppResult<Json<Standing>> {
    let batch = run::carry(&app, &who, id, Event::Poll).await?;
    let view = view::view(&app, &batch).await?;
    Ok(Json(Standing {
        mark: mark(&view),
        is_final: view.is_final,
        label: batch.state.label(),
    }))
}

/// `POST /signing/requests/{id}/answer`.
pub async fn answer(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Answered>) -> Reply {
    let value = form.data.into_value()?;
    let batch = run::carry(&app, &form.who, id, Event::Answer(value)).await?;
    let view = view::view(&app, &batch).await?;
    if batch.state == RequestState::Committed && view.documents.len() == 1 {
        return Ok(see_other(&app, &next(&view), done(&view)));
    }
    Ok(see_other(&app, &format!("/signing/requests/{id}"), ""))
}

fn done(view: &RequestView) -> &'static str {
    if view.is_of_slip() {
        "Đã ký duyệt phiếu trình."
    } else if view.is_of_copy() {
        "Đã ký số bản sao điện tử."
    } else if view.owner == "person" {
        "Đã duyệt và ký số, chuyển văn thư cấp số, phát hành."
    } else {
        "Đã ký số của cơ quan và phát hành."
    }
}

/// Nothing to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Cancel {}

/// `POST /signing/requests/{id}/cancel`.
pub async fn cancel(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Cancel>) -> Reply {
    let batch = end::cancel(&app, &form.who, id).await?;
    let view = view::view(&app, &batch).await?;
    Ok(see_other(&app, &next(&view), "Đã hủy yêu cầu ký số."))
}

/// Where a request for signatures stands; asks the provider when it is time.
#[utoipa::path(get, path = "/api/v1/signing/requests/{id}", tag = "signing", params(("id" = Uuid, Path)),
    responses((status = 200, body = RequestView), (status = 404)))]
pub async fn api_view(
    State(app): State<App>,
    who: Who,
    Path(id): Path<Uuid>,
) -> AppResult<Json<RequestView>> {
    let batch = run::carry(&app, &who, id, Event::Poll).await?;
    Ok(Json(view::view(&app, &batch).await?))
}

/// What the person did, as the provider asked for it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// `{"pin": "…"}`, `{"otp": "…"}`, `{"code": "…"}`, or what the agent answered.
    #[schema(value_type = Object)]
    pub answer: Value,
}

/// Brings what the person did. The same answer again changes nothing; a late one is refused with 410.
#[utoipa::path(post, path = "/api/v1/signing/requests/{id}/answer", tag = "signing", params(("id" = Uuid, Path)),
    request_body = Answer, responses((status = 200, body = RequestView), (status = 404),
    (status = 410, description = "Yêu cầu đã kết thúc hoặc quá hạn; câu trả lời không được nhận")))]
pub async fn api_answer(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<Answer>,
) -> AppResult<Json<RequestView>> {
    let batch = run::carry(&app, &sent.who, id, Event::Answer(sent.data.answer)).await?;
    Ok(Json(view::view(&app, &batch).await?))
}

/// Takes a request for signatures back.
#[utoipa::path(post, path = "/api/v1/signing/requests/{id}/cancel", tag = "signing", params(("id" = Uuid, Path)),
    request_body = Cancel, responses((status = 200, body = RequestView), (status = 404), (status = 409)))]
pub async fn api_cancel(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<Cancel>,
) -> AppResult<Json<RequestView>> {
    let batch = end::cancel(&app, &sent.who, id).await?;
    Ok(Json(view::view(&app, &batch).await?))
}
