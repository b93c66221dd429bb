//! Phần mềm ký cả tệp (VGCA Sign Service): the agent of a person's PC fetches the file with a ticket, signs it and sends
//! another file back. A ticket is good for one request, one fetch and one answer within ten minutes; what comes back goes
//! through the intake gate, and nothing that the agent says about it is believed.

use axum::{
    Json,
    extract::{Multipart, Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use pdf_signature::{
    appearance::Area,
    intake::{Admitted, Expected, IntakeRefusal, admit},
    verify::SignatureReport,
};
use rules::{
    Refusal,
    signing::{KeyOwner, RequestState, accepts_answer},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Digest, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    end, finish, made,
    row::{self, Batch, Request},
    run, subject,
    work::Mark,
};
use crate::{
    api,
    context::{App, Who},
    error::{AppError, AppResult},
    sign_in,
    signing::{trust, verdicts},
    web::Submitted,
};

/// The largest file that is taken back.
pub const MOST: usize = 64 * 1024 * 1024;
/// How long a ticket is good.
const MINUTES: i64 = 10;

/// Nothing to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Ask {}

/// The message for the agent, in its own words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ticket {
    /// Which operation of the agent is meant: `SignApproved`.
    pub operation: &'static str,
    /// What the page hands to the agent.
    #[schema(value_type = Object)]
    pub message: Value,
}

/// `POST /signing/requests/{id}/ticket`: for the script of the waiting page.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    form: Submitted<Ask>,
) -> AppResult<Json<Ticket>> {
    Ok(Json(ticket(&app, &form.who, id).await?))
}

/// A ticket for the agent that signs the whole file: one fetch, one answer, ten minutes.
#[utoipa::path(post, path = "/api/v1/signing/requests/{id}/ticket", tag = "signing", params(("id" = Uuid, Path)),
    request_body = Ask, responses((status = 200, body = Ticket), (status = 404), (status = 409)))]
pub async fn api_ticket(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<Ask>,
) -> AppResult<Json<Ticket>> {
    Ok(Json(ticket(&app, &sent.who, id).await?))
}

async fn ticket(app: &App, who: &Who, id: Uuid) -> AppResult<Ticket> {
    let batch = run::mine(app, who, id).await?;
    accepts_answer(batch.state, batch.expires_at, app.clock.now())?;
    let requests = run::open_requests(app, id).await?;
    let [request] = requests.as_slice() else {
        return Err(one_at_a_time());
    };
    let token = sign_in::new_token();
    let until = batch
        .expires_at
        .min(app.clock.now() + jiff::SignedDuration::from_mins(MINUTES));
    let mut tx = app.db.begin().await?;
    // A new ticket takes the place of an older one.
    tx.run(
        sql!("DELETE FROM signing_ticket WHERE request_id = $1"),
        args![request.id],
    )
    .await?;
    tx.run(
        sql!("INSERT INTO signing_ticket (token_hash, request_id, expires_at) VALUES ($1, $2, $3)"),
        args![sign_in::token_hash(&token), request.id, until],
    )
    .await?;
    tx.commit().await?;
    let at = format!("{}/signing/tickets/{token}", app.settings.server.public_url);
    Ok(Ticket {
        operation: "SignApproved",
        message: json!({
            "FileUploadHandler": at, "SessionId": "", "JWTToken": token, "FileName": at, "DocNumber": "", "MetaData": [],
        }),
    })
}

fn one_at_a_time() -> AppError {
    Refusal::new(
        "KS-71",
        "signing.one_at_a_time",
        "Phần mềm ký cả tệp chỉ ký từng văn bản một. Vui lòng ký riêng từng văn bản.",
    )
    .into()
}

/// The refusal of an agency's key in the hands of an agent that signs whole files: it draws number and seal its own way.
///
/// # Errors
/// `KS-71`.
pub fn persons_only(owner: KeyOwner, documents: usize) -> AppResult<()> {
    if owner == KeyOwner::Agency {
        return Err(Refusal::new(
            "KS-71",
            "signing.whole_file_agency",
            "Phần mềm ký cả tệp chưa dùng được cho chữ ký số của cơ quan trong hệ thống này. Vui lòng dùng thiết bị ký theo giá trị băm (PKCS#11, dịch vụ ký số hoặc vanthu sign-agent).",
        )
        .into());
    }
    if documents > 1 {
        return Err(one_at_a_time());
    }
    Ok(())
}

/// A ticket that is known and in time, with its request.
struct Known {
    hash: Vec<u8>,
    request: Uuid,
    fetched: bool,
    answered: bool,
}

async fn known(app: &App, token: &str) -> AppResult<Known> {
    let hash = sign_in::token_hash(token);
    let row = app
        .db
        .opt(
            sql!(
                "SELECT request_id, fetched_at, answered_at FROM signing_ticket WHERE token_hash = $1 AND expires_at > $2"
            ),
            args![hash.clone(), app.clock.now()],
        )
        .await?
        .ok_or(AppError::SignedOut)?;
    Ok(Known {
        request: row.get("request_id")?,
        fetched: row.get::<Option<jiff::Timestamp>>("fetched_at")?.is_some(),
        answered: row.get::<Option<jiff::Timestamp>>("answered_at")?.is_some(),
        hash,
    })
}

fn used() -> AppError {
    AppError::Gone(Refusal::new(
        "KS-71",
        "signing.ticket_used",
        "Vé ký số này đã được dùng. Vui lòng mở lại trang ký số để lấy vé mới.",
    ))
}

async fn open(app: &App, id: Uuid) -> AppResult<(Batch, Request)> {
    let row = app
        .db
        .one(
            sql!("SELECT batch_id FROM signing_request WHERE id = $1"),
            args![id],
        )
        .await?;
    let batch = row::batch(app, row.get("batch_id")?).await?;
    let request = row::requests(app, batch.id)
        .await?
        .into_iter()
        .find(|request| request.id == id)
        .ok_or(AppError::NotFound)?;
    if let Err(refusal) = accepts_answer(request.state, batch.expires_at, app.clock.now()) {
        return Err(AppError::Gone(refusal));
    }
    Ok((batch, request))
}

/// `GET /signing/tickets/{token}`: the file to sign, once.
pub async fn fetch(State(app): State<App>, Path(token): Path<String>) -> AppResult<Response> {
    let known = known(&app, &token).await?;
    let (_, request) = open(&app, known.request).await?;
    let mut tx = app.db.begin().await?;
    let first = tx
        .run(
            sql!("UPDATE signing_ticket SET fetched_at = $2 WHERE token_hash = $1 AND fetched_at IS NULL"),
            args![known.hash, app.clock.now()],
        )
        .await?;
    tx.commit().await?;
    if first == 0 {
        return Err(used());
    }
    let file = request.work.files.first().ok_or(AppError::NotFound)?;
    let bytes = app.blobs.read(row::digest(&file.content)?).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], bytes).into_response())
}

/// What the agent reads: `Status` true when the file was taken.
#[derive(Debug, Serialize)]
pub struct Taken {
    #[serde(rename = "Status")]
    status: bool,
    #[serde(rename = "Message")]
    message: String,
    #[serde(rename = "FileName")]
    file_name: String,
    #[serde(rename = "FileServer")]
    file_server: String,
}

/// `POST /signing/tickets/{token}`: the signed file, once.
pub async fn take(
    State(app): State<App>,
    Path(token): Path<String>,
    mut sent: Multipart,
) -> AppResult<Json<Taken>> {
    let known = known(&app, &token).await?;
    if known.answered || !known.fetched {
        return Err(used());
    }
    let unreadable = |_| AppError::BadInput("Tệp gửi về không đọc được. Vui lòng ký lại.".to_owned());
    let mut bytes = None;
    while let Some(field) = sent.next_field().await.map_err(unreadable)? {
        if field.file_name().is_some() && bytes.is_none() {
            bytes = Some(field.bytes().await.map_err(unreadable)?);
        }
    }
    let bytes = bytes
        .filter(|bytes| bytes.len() <= MOST)
        .ok_or_else(unreadable_file)?;
    let mut tx = app.db.begin().await?;
    let first = tx
        .run(
            sql!("UPDATE signing_ticket SET answered_at = $2 WHERE token_hash = $1 AND answered_at IS NULL"),
            args![known.hash, app.clock.now()],
        )
        .await?;
    tx.commit().await?;
    if first == 0 {
        return Err(used());
    }
    let (batch, request) = open(&app, known.request).await?;
    let who = sign_in::who_of_post(&app, batch.account, batch.post).await?;
    match admitted(&app, &who, &batch, &request, bytes.to_vec()).await {
        Ok(()) => Ok(Json(Taken {
            status: true,
            message: String::new(),
            file_name: request
                .work
                .files
                .first()
                .map(|file| file.name.clone())
                .unwrap_or_default(),
            file_server: String::new(),
        })),
        Err(error) => {
            let problem = error.problem();
            let ended = (problem.code, problem.message.as_str());
            end::request(&app, Some(&who), &request, RequestState::Rejected, ended).await?;
            Ok(Json(Taken {
                status: false,
                message: problem.message,
                file_name: String::new(),
                file_server: String::new(),
            }))
        }
    }
}

fn unreadable_file() -> AppError {
    AppError::BadInput("Không có tệp trong câu trả lời của phần mềm ký số. Vui lòng ký lại.".to_owned())
}

fn seen_at(signature: &SignatureReport) -> Option<Area> {
    signature.visible_area.map(|seen| Area {
        page: seen.page,
        x: seen.x,
        y: seen.y,
        width: seen.width,
        height: seen.height,
    })
}

/// Through the gate, the own check, and to the document.
async fn admitted(
    app: &App,
    who: &Who,
    batch: &Batch,
    request: &Request,
    uploaded: Vec<u8>,
) -> AppResult<()> {
    let bound = run::binding(app, batch).await?.ok_or(AppError::NotFound)?;
    let file = request.work.files.first().ok_or(AppError::NotFound)?.clone();
    let base = app.blobs.read(row::digest(&file.content)?).await?;
    let certificate = hex::encode(&bound.sha256);
    let context = trust::context(app).await?;
    let page = match (request.work.places, file.todo.first()) {
        (Some(places), _) => Some(places.signature.page),
        (None, Some(Mark::Handwriting { area })) => Some(area.page),
        (None, _) => None,
    };
    let (expected, given) = (certificate.clone(), uploaded.clone());
    let judged = app
        .heavy(move |_| {
            admit(
                &given,
                &Expected {
                    base: &base,
                    certificate_sha256: &expected,
                    page,
                },
                &context.borrow(),
            )
        })
        .await?;
    // By the expected key, though perhaps not as it was asked for: the key was used.
    if matches!(judged, Ok(_) | Err(IntakeRefusal::WrongPage { .. })) {
        made::note_file(app, who, request, &file, Digest::of(&uploaded).as_bytes()).await?;
    }
    let seen = match judged {
        Ok(Admitted::Signed { signature, .. }) => seen_at(&signature),
        Ok(Admitted::NeedsComparison { .. }) => {
            return Err(Refusal::new(
                "KS-65",
                "intake_rewritten",
                "Phần mềm ký số đã ghi lại toàn bộ tệp nên không chứng minh được nội dung còn nguyên. Vui lòng ký lại bằng phần mềm chỉ thêm chữ ký vào tệp.",
            )
            .into());
        }
        Err(refusal) => return Err(Refusal::new("KS-10", refusal.code(), refusal.to_string()).into()),
    };
    let checked = verdicts::verify(app, &uploaded).await?;
    finish::passed(&checked.report, &file.name, &certificate)?;
    let signed = finish::SignedFile {
        base: file,
        blob: app.blobs.put(&uploaded).await?,
        checked,
        certificate,
    };
    // The agent put its image where it wanted, on the right page: the seal goes over that one.
    let mut request = request.clone();
    if let (Some(places), Some(seen)) = (&mut request.work.places, seen) {
        places.signed = Some(seen);
    }
    subject::signed(app, who, &bound, &request, KeyOwner::Person, vec![signed]).await
}
