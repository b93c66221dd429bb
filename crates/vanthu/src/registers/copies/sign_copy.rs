//! Ký số bản sao điện tử (ND30-25.1c, 32.2, 33.2; Phụ lục I Phần II Mục I, mẫu 3.2): the form of copy, the agency and the time at the top
//! right of the first page, without the image of the seal, as the appearance of the agency's signature. Only a file that passed the own
//! check becomes the copy.

use anyhow::anyhow;
use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use rules::{
    Refusal,
    copies::{CopyKind, Medium, SealCopyFacts, seal_copy},
    ids::{AgencyId, CommandId},
    numbering,
    signing::{KeyOwner, RequestState, not_locked, seals_in_person},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use signing_providers::UserStep;
use store::{Begun, Entry, Row, Sql, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Source, base, detail, list, source, source_now};
use crate::{
    act_names, api,
    context::{App, Who},
    documents,
    error::{AppError, AppResult},
    outgoing::{self, Issuing, signers},
    signing::{
        custody,
        keys::{self, Binding},
        requests::{self, Batch, Event, Ink, Mark, Request, Subject, Work},
    },
    web::{Reply, Stay, Submitted, see_other},
};

/// Ký số bản sao.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SignCopy {
    /// PIN of the device, when it asks for it each time. It goes to the device and is kept nowhere.
    pub pin: String,
}

/// A copy that the agency has signed, or whose signature waits for somebody.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CopySigned {
    /// The copy.
    pub id: Uuid,
    /// Số và ký hiệu: `05/SY-UBND`.
    pub number_and_symbol: String,
    /// The signed file; absent as long as the signature waits.
    pub file: Option<Uuid>,
    /// What the own check said: `TOTAL-PASSED`.
    pub verdict: Option<String>,
    /// The request that waits for the clerk: a token at the PC, a phone, a page of a service.
    pub request: Option<Uuid>,
}

/// The agency's key for copies, with what its signature looks like.
pub(super) struct Key {
    pub(super) bound: Binding,
    pub(super) ink: Ink,
}

/// The key with which the agency signs copies now.
///
/// # Errors
/// `KS-72` without a certificate, `KS-71` for an agent that signs whole files, `KS-01`, `KS-30` for a certificate that is not valid.
pub(super) async fn key(app: &App, agency: AgencyId) -> AppResult<Key> {
    let bound = keys::agency(app, agency).await?.ok_or_else(|| {
        Refusal::new(
            "KS-72",
            "signing.no_agency_certificate",
            "Cơ quan chưa gắn chứng thư số nên chưa lập được bản sao điện tử. Vui lòng đề nghị quản trị gắn chứng thư số của cơ quan, hoặc sao sang bản giấy.",
        )
    })?;
    if bound.kind.as_str() == requests::WHOLE_FILE {
        requests::persons_only(KeyOwner::Agency, 1)?;
    }
    requests::check_certificate(app, KeyOwner::Agency, &bound).await?;
    let ink = outgoing::ink_of_text(app, &bound).await?;
    Ok(Key { bound, ink })
}

/// Whether the device of the agency asks for its PIN at every signature.
///
/// # Errors
/// When the database fails.
pub(super) async fn asks_for_pin(app: &App, agency: AgencyId) -> AppResult<bool> {
    let bound = keys::agency(app, agency).await?;
    Ok(bound.is_some_and(|bound| bound.provider.asks_for_pin()))
}

/// What stands at the top right of the first page (mẫu 3.2); the time comes when it is signed.
pub(super) fn mark(kind: CopyKind, agency: &Issuing) -> Mark {
    Mark::Copy {
        form: kind.printed().to_owned(),
        agency: agency.name.clone(),
    }
}

/// The same in words, but for the time: what the page says that the signature will show.
///
/// # Errors
/// When the database fails.
pub(super) async fn note(app: &App, agency: AgencyId, kind: CopyKind) -> AppResult<String> {
    let (agency, _) = signers(app, agency).await?;
    let Mark::Copy { form, agency } = mark(kind, &agency) else {
        return Ok(String::new());
    };
    Ok(format!("{}; {}", form.trim(), agency.trim()))
}

pub(super) const COPY: Sql = sql!(
    "SELECT kind, number, symbol, to_medium, source_kind, source_id, base_set, signed_at, voided_at FROM document_copy \
     WHERE id = $1 AND agency_id = $2"
);

/// A copy as it is registered.
pub(super) struct Registered {
    pub(super) number_and_symbol: String,
    pub(super) kind: CopyKind,
    pub(super) to: Medium,
    pub(super) source_kind: String,
    pub(super) source: Uuid,
    pub(super) base_set: Option<Uuid>,
    pub(super) is_signed: bool,
    pub(super) is_voided: bool,
}

impl Registered {
    pub(super) fn of(row: &Row) -> store::Result<Self> {
        Ok(Self {
            number_and_symbol: numbering::number_and_symbol(
                row.get("number")?,
                &row.get::<String>("symbol")?,
            ),
            kind: row.parse("kind")?,
            to: row.parse("to_medium")?,
            source_kind: row.get("source_kind")?,
            source: row.get("source_id")?,
            base_set: row.get("base_set")?,
            is_signed: row.get::<Option<Timestamp>>("signed_at")?.is_some(),
            is_voided: row.get::<Option<Timestamp>>("voided_at")?.is_some(),
        })
    }

    pub(super) fn may_be_signed(&self, who: &Who, in_person: bool, source: &Source) -> AppResult<()> {
        Ok(seal_copy(
            &who.actor,
            &SealCopyFacts {
                agency: who.agency(),
                in_person,
                to: self.to,
                is_signed: self.is_signed,
                is_voided: self.is_voided,
                is_recalled: source.is_recalled,
            },
        )?)
    }
}

/// Signs a registered electronic copy with the agency's key: at once, or when somebody has confirmed; then the answer names the request.
/// A copy is signed once: asked again, the clerk is told what there is.
///
/// # Errors
/// Refusals of [`seal_copy`] and of who keeps the device; of the certificate, the key and the own check: the copy keeps its number and
/// waits. `KS-10` while somebody else is at it. [`AppError::NotFound`] for a copy that is not there or not visible.
pub async fn sign(app: &App, who: &Who, command: CommandId, id: Uuid, pin: &str) -> AppResult<CopySigned> {
    let row = app.db.opt(COPY, args![id, who.agency()]).await?;
    let copy = Registered::of(&row.ok_or(AppError::NotFound)?)?;
    let seen = source(app, who, &copy.source_kind, copy.source).await?;
    seals_in_person(&who.actor, who.agency(), who.in_person)?;
    if copy.is_signed {
        return stands_now(app, who, id, None).await;
    }
    copy.may_be_signed(who, who.in_person, &seen)?;
    custody::may_use(app, who, who.agency()).await?;
    let mut batch = match begun(app, who, id).await? {
        Some(batch) => batch,
        None => begin(app, who, command, id, &copy).await?,
    };
    let wants_pin = batch.step == Some(UserStep::Pin);
    if wants_pin && !pin.is_empty() {
        let answer = json!({ "pin": pin });
        batch = requests::carry(app, who, batch.id, Event::Answer(answer)).await?;
        if let (false, Some(problem)) = (batch.state.is_final(), &batch.error) {
            // The request goes on waiting for the right one.
            let wrong = Refusal::new("KS-02", "signing.wrong_pin", problem.clone());
            return Err(wrong.on("pin").into());
        }
    }
    stands(app, who, id, &batch).await
}

/// The request for this copy that this person opened before, asked once more where it stands; nothing when it came to nothing.
async fn begun(app: &App, who: &Who, id: Uuid) -> AppResult<Option<Batch>> {
    let Some(lock) = requests::lock(app, Subject::Copy(id)).await? else {
        return Ok(None);
    };
    let batch = requests::batch(app, lock.batch).await?;
    if !is_own(who, &batch) {
        not_locked(Some(&lock.open))?;
    }
    let event = if batch.round == 0 {
        Event::Start
    } else {
        Event::Poll
    };
    let batch = requests::carry(app, who, batch.id, event).await?;
    let goes_on = !batch.state.is_final() || batch.state == RequestState::Committed;
    Ok(goes_on.then_some(batch))
}

/// Whether this person, in this post, opened a request and alone may answer it.
pub(super) fn is_own(who: &Who, batch: &Batch) -> bool {
    batch.account == who.account() && batch.post == who.post()
}

/// Opens a request and asks the key.
async fn begin(app: &App, who: &Who, command: CommandId, id: Uuid, copy: &Registered) -> AppResult<Batch> {
    let key = key(app, who.agency()).await?;
    let batch = requests::new_batch(app, who, command, KeyOwner::Agency, &key.bound);
    open(app, who, command.part(id), id, copy, &batch, &key.ink).await?;
    let found = requests::batch(app, batch.id).await?;
    if found.round == 0 && !found.state.is_final() {
        return requests::carry(app, who, batch.id, Event::Start).await;
    }
    Ok(found)
}

/// Prepares the copy and opens the request for the signature, in one act.
async fn open(
    app: &App,
    who: &Who,
    part: CommandId,
    id: Uuid,
    copy: &Registered,
    batch: &Batch,
    ink: &Ink,
) -> AppResult<()> {
    if app.was_carried_out(who, part).await? {
        return Ok(());
    }
    let (agency, _) = signers(app, who.agency()).await?;
    let files = documents::files_of(app, copy.base_set).await?;
    let main = files
        .iter()
        .find(|item| item.is_main)
        .ok_or_else(|| AppError::Internal(anyhow!("an electronic copy of no file")))?;
    let mut file = base::work_file(
        main.file.id,
        &main.file.name,
        main.file.pages,
        main.file.digest,
        mark(copy.kind, &agency),
    );
    requests::prepare_next(app, &mut file, ink).await?;
    let mut act = match app.begin::<bool>(who, part).await? {
        Begun::Before(_) => return Ok(()),
        Begun::Now(act) => act,
    };
    // The document first: whoever voids the number at the same moment waits for it, or is waited for.
    let now_is = source_now(&mut act, who, &copy.source_kind, copy.source).await?;
    let copy = Registered::of(&act.one(COPY, args![id, who.agency()]).await?)?;
    copy.may_be_signed(who, who.in_person, &now_is)?;
    custody::may_use_in(&mut act, who, who.agency()).await?;
    requests::not_locked(&mut act, Subject::Copy(id)).await?;
    let request = Request {
        id: act.new_id(),
        batch: batch.id,
        subject: Subject::Copy(id),
        version: 1,
        base_set: copy.base_set,
        state: RequestState::Prepared,
        work: Work {
            files: vec![file],
            unsigned: Vec::new(),
            places: None,
        },
        comment: String::new(),
        error: None,
    };
    requests::add(&mut act, batch, &request).await?;
    act.journal(Entry {
        act: act_names::SIGN_COPY_BEGIN,
        object_kind: now_is.kind,
        object: now_is.id,
        agency: None,
        summary: format!(
            "Bắt đầu ký số của cơ quan trên bản sao điện tử số {}.",
            copy.number_and_symbol
        ),
        details: json!({
            "copy": id, "number_and_symbol": copy.number_and_symbol, "request": request.id,
            "certificate": hex::encode(&batch.certificate), "expires_at": batch.expires_at.to_string(),
        }),
    })
    .await?;
    app.commit(act, &true).await
}

/// Where the copy stands after the key was asked.
async fn stands(app: &App, who: &Who, id: Uuid, batch: &Batch) -> AppResult<CopySigned> {
    if !batch.state.is_final() {
        return stands_now(app, who, id, Some(batch.id)).await;
    }
    if batch.state == RequestState::Committed {
        return stands_now(app, who, id, None).await;
    }
    let reason = batch
        .error
        .clone()
        .unwrap_or_else(|| batch.state.label().to_owned());
    Err(Refusal::new("KS-02", "signing.failed", reason).into())
}

async fn stands_now(app: &App, who: &Who, id: Uuid, request: Option<Uuid>) -> AppResult<CopySigned> {
    let line = list::one(app, who, id).await?;
    Ok(CopySigned {
        id,
        number_and_symbol: line.number_and_symbol,
        file: line.file,
        verdict: line.verdict,
        request,
    })
}

/// The command that opens a request, without the fingerprint of what was sent: that may hold a PIN.
pub(super) fn command_of(sent: CommandId) -> CommandId {
    CommandId::from_uuid(Uuid::new_v5(&sent.as_uuid(), b"sign copy"))
}

/// Where the clerk goes next: to the request that waits, or to the copy.
pub(super) fn next(signed: &CopySigned) -> String {
    match signed.request {
        Some(request) => format!("/signing/requests/{request}"),
        None => format!("/registers/copies/{}", signed.id),
    }
}

/// `POST /registers/copies/{id}/sign`.
pub async fn submit(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<Uuid>,
    form: Submitted<SignCopy>,
) -> Reply {
    let command = command_of(form.command);
    match sign(&app, &form.who, command, id, &form.data.pin).await {
        Ok(signed) => {
            let sentence = match signed.request {
                Some(_) => String::new(),
                None => format!("Đã ký số bản sao điện tử số {}.", signed.number_and_symbol),
            };
            Ok(see_other(&app, &next(&signed), &sentence))
        }
        Err(AppError::Refused(refusal)) => {
            Stay::on(&detail::shown(&app, &form.who, &jar, id, Some(refusal)).await?)
        }
        Err(error) => Err(error),
    }
}

/// Signs an electronic copy with the agency's key. That is done on the page only, by the clerk in person: 409 with ND30-32.2c.
#[utoipa::path(post, path = "/api/v1/registers/copies/{id}/sign", tag = "registers", params(("id" = Uuid, Path)),
    request_body = SignCopy, responses((status = 200, body = CopySigned), (status = 404), (status = 409)))]
pub async fn api_sign_copy(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<SignCopy>,
) -> AppResult<Json<CopySigned>> {
    let command = command_of(sent.command);
    Ok(Json(sign(&app, &sent.who, command, id, &sent.data.pin).await?))
}
