//! Duyệt và ký số: the signer's approval and digital signature in one act of theirs (ND30-11.1, ND30-13.7).
//!
//! The main file is signed as it lies before the signer; from then on none of its bytes changes. When the provider does not
//! finish at once, the document waits in the state `signing`.

use pdf_signature::appearance::signature_area;
use rules::{
    Refusal,
    access::Action,
    ids::{AgencyId, CommandId, FileId, OutgoingId},
    legal_value::SignatureVerdict,
    outgoing::OutgoingState,
    signing::{KeyOwner, RequestState, signs_at_once},
};
use serde_json::json;
use store::{Act, Begun, args, sql};
use uuid::Uuid;

use super::{
    authority,
    ink::ink,
    key_log,
    places::{self, Places},
};
use crate::{
    access, act_names,
    context::{App, Who},
    documents::{self, FileOfSet},
    error::{AppError, AppResult},
    outgoing::{
        drafting::{
            composing::{self, Pdf},
            content::{Content, Main},
            layout,
            save_draft::PDF,
        },
        load::{self, Document},
        step::{self, Moved},
    },
    signing::{
        keys::{self, Binding},
        requests::{self, Batch, Event, Ink, Mark, Request, SignedFile, Subject, Work, WorkFile},
        verdicts,
    },
};

/// Whether the agency issues only digitally signed documents on this day (setting `signing.required`).
///
/// # Errors
/// When the database fails.
pub async fn required(app: &App, agency: AgencyId) -> AppResult<bool> {
    let today = app.clock.today();
    Ok(authority::setting(app, agency, "signing.required", today)
        .await?
        .unwrap_or_default())
}

/// What became of one of the documents that somebody signs or issues together.
#[derive(Debug)]
pub struct Line {
    /// The document.
    pub id: OutgoingId,
    /// Where it stands now, or why nothing happened to it.
    pub outcome: AppResult<Moved>,
}

/// Approves and signs one document.
///
/// # Errors
/// Refusals of [`rules::outgoing::begin_signing`], of the authority to sign, of the certificate and of the file.
pub async fn sign(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    comment: &str,
) -> AppResult<Moved> {
    let mut lines = sign_many(app, who, command, &[id], comment).await?;
    lines.pop().map_or(Err(AppError::NotFound), |line| line.outcome)
}

/// Approves and signs several documents with one authorisation (KS-73); each succeeds or fails for itself.
///
/// # Errors
/// `KS-73` for too many; `KS-72` without a certificate; `KS-01`, `KS-30` for one that is not valid; `PL1-7d` without an image.
pub async fn sign_many(
    app: &App,
    who: &Who,
    command: CommandId,
    ids: &[OutgoingId],
    comment: &str,
) -> AppResult<Vec<Line>> {
    signs_at_once(ids.len())?;
    if let [one] = ids {
        // What one may not even try is told before anything about keys.
        if !app.was_carried_out(who, command.part(one.as_uuid())).await? {
            may_begin(app, who, *one).await?;
        }
    }
    let bound = keys::person(app, who.account())
        .await?
        .ok_or_else(requests::no_certificate)?;
    if bound.kind.as_str() == requests::WHOLE_FILE {
        requests::persons_only(KeyOwner::Person, ids.len())?;
    }
    requests::check_certificate(app, KeyOwner::Person, &bound).await?;
    let ink = ink(app, who, KeyOwner::Person, &bound).await?;
    let batch = requests::new_batch(app, who, command, KeyOwner::Person, &bound);
    let mut opened = Vec::with_capacity(ids.len());
    for id in ids {
        opened.push((*id, open(app, who, command, *id, &batch, &ink, comment).await));
    }
    carry_opened(app, who, &batch, opened).await
}

/// Asks the key for everything that was opened, and tells where each document stands then.
///
/// # Errors
/// When the database fails.
pub async fn carry_opened(
    app: &App,
    who: &Who,
    batch: &Batch,
    opened: Vec<(OutgoingId, AppResult<()>)>,
) -> AppResult<Vec<Line>> {
    if opened.iter().any(|(_, opened)| opened.is_ok()) {
        let found = requests::batch(app, batch.id).await?;
        if found.round == 0 && !found.state.is_final() {
            requests::carry(app, who, batch.id, Event::Start).await?;
        }
    }
    let requests = match opened.iter().any(|(_, opened)| opened.is_ok()) {
        true => requests::of_batch(app, batch.id).await?,
        false => Vec::new(),
    };
    let mut lines = Vec::with_capacity(opened.len());
    for (id, opened) in opened {
        let outcome = match opened {
            Err(error) => Err(error),
            Ok(()) => {
                stands(
                    app,
                    who,
                    batch,
                    requests
                        .iter()
                        .find(|request| request.subject == Subject::Outgoing(id)),
                    id,
                )
                .await
            }
        };
        lines.push(Line { id, outcome });
    }
    Ok(lines)
}

async fn stands(
    app: &App,
    who: &Who,
    batch: &Batch,
    request: Option<&Request>,
    id: OutgoingId,
) -> AppResult<Moved> {
    let document = load::for_view(app, who, id).await?;
    let mut moved = Moved::new(id, document.state(), document.facts.version);
    if let Some(request) = request {
        let ended_badly = request.state.is_final() && request.state != RequestState::Committed;
        if ended_badly {
            let reason = request
                .error
                .clone()
                .unwrap_or_else(|| request.state.label().to_owned());
            return Err(Refusal::new("ND30-13.7", "signing.failed", reason).into());
        }
        if !request.state.is_final() {
            moved.request = Some(batch.id);
        }
    }
    Ok(moved)
}

/// What the signer may try, judged before anything costly.
async fn may_begin(app: &App, who: &Who, id: OutgoingId) -> AppResult<Document> {
    let document = load::for_view(app, who, id).await?;
    access::may(who, Action::Approve, &document.object)?;
    if let Some(lock) = requests::lock(app, id).await? {
        rules::signing::not_locked(Some(&lock.open))?;
    }
    rules::outgoing::begin_signing(&who.actor, &document.facts)?;
    authority::check(app, who.agency(), &document).await?;
    Ok(document)
}

/// Prepares one document and opens its request, in one act.
async fn open(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    batch: &Batch,
    ink: &Ink,
    comment: &str,
) -> AppResult<()> {
    let part = command.part(id.as_uuid());
    if app.was_carried_out(who, part).await? {
        return Ok(());
    }
    let seen = may_begin(app, who, id).await?;
    let (mut file, places) = main_file(app, &seen).await?;
    let image = ink.handwriting.as_ref().ok_or_else(requests::no_handwriting)?;
    let area = signature_area(&places.signature, image);
    file.todo = vec![Mark::Handwriting { area }];
    if batch.provider != requests::WHOLE_FILE {
        requests::prepare_next(app, &mut file, ink).await?;
    }
    let mut act = match app.begin::<bool>(who, part).await? {
        Begun::Before(_) => return Ok(()),
        Begun::Now(act) => act,
    };
    let document = load::for_change(&mut act, who, id, Action::Approve).await?;
    let plan = rules::outgoing::begin_signing(&who.actor, &document.facts)?;
    unchanged(&seen, &document)?;
    let base_set = document.file_set.ok_or_else(no_main_file)?;
    let request = Request {
        id: act.new_id(),
        batch: batch.id,
        subject: id.into(),
        version: document.facts.version,
        base_set: Some(base_set),
        state: RequestState::Prepared,
        work: Work {
            files: vec![file],
            unsigned: Vec::new(),
            places: Some(Places {
                signed: Some(area),
                ..places
            }),
        },
        comment: comment.trim().to_owned(),
        error: None,
    };
    requests::add(&mut act, batch, &request).await?;
    step::apply(
        &mut act,
        who,
        &document,
        &plan,
        None,
        json!({ "request": request.id, "certificate": hex::encode(&batch.certificate), "expires_at": batch.expires_at.to_string() }),
    )
    .await?;
    app.commit(act, &true).await
}

/// Refuses what was changed between preparing and the act.
///
/// # Errors
/// `ND30-11.2`.
pub fn unchanged(seen: &Document, document: &Document) -> AppResult<()> {
    if seen.facts.version == document.facts.version && seen.file_set == document.file_set {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-11.2",
        "outgoing.changed_meanwhile",
        "Văn bản vừa được thay đổi trong lúc chuẩn bị ký. Vui lòng tải lại trang để xem tình trạng mới nhất.",
    )
    .into())
}

/// The refusal of a document whose main file is no PDF.
pub fn no_main_file() -> AppError {
    Refusal::new(
        "QC01-8.3b",
        "outgoing.main_file_not_pdf",
        "Tệp văn bản chính phải là PDF mới ký số được. Vui lòng chuyển đổi sang PDF rồi trình duyệt lại.",
    )
    .on("main_file")
    .into()
}

/// The main file of a version as it will be signed, and where things stand on it.
async fn main_file(app: &App, document: &Document) -> AppResult<(WorkFile, Places)> {
    let files = documents::files_of(app, document.file_set).await?;
    let main = files
        .iter()
        .find(|item| item.is_main && item.file.media_type == PDF)
        .ok_or_else(no_main_file)?;
    let file = work_file(main, Vec::new());
    let version = document.facts.version;
    if let Some(places) = places::stored(app, document.id, version).await? {
        return Ok((
            file,
            Places {
                signed: None,
                ..places
            },
        ));
    }
    let content = load::content(app, document.id, version).await?;
    match content.main {
        // Laid out before its places were kept: laid out once more, word by word the same.
        Main::Text { .. } => {
            let pdf = laid_out(app, document, &content).await?;
            let places = pdf.places.unwrap_or_else(|| Places::usual(1));
            let file = WorkFile {
                content: pdf.blob.digest.to_string(),
                pages: Some(pdf.pages),
                ..file
            };
            Ok((file, places))
        }
        Main::None | Main::File { .. } => {
            let last = u32::try_from(main.file.pages.unwrap_or(1)).unwrap_or(1);
            Ok((file, Places::usual(last)))
        }
    }
}

async fn laid_out(app: &App, document: &Document, content: &Content) -> AppResult<Pdf> {
    let kind = rules::document_types::usable(&content.type_key, app.clock.today())?;
    let around = layout::surroundings(app, document.facts.agency, document.unit, content).await?;
    let mut page = around.document(content, kind, None, None, app.clock.today().year())?;
    page.blank_year = None;
    composing::lay_out(app, page, app.clock.now()).await
}

/// A file of the document on its way through `todo`.
pub fn work_file(item: &FileOfSet, todo: Vec<Mark>) -> WorkFile {
    WorkFile {
        base: item.file.id,
        name: item.file.name.clone(),
        is_main: item.is_main,
        pages: item.file.pages,
        content: item.file.digest.to_string(),
        todo,
        open: None,
        warning: None,
    }
}

/// The signer's signature is there and valid: the document is approved, its main file is the signed one.
///
/// # Errors
/// Refusals of [`rules::outgoing::complete_signing`]; when the request has ended or the files are no longer those that were signed.
pub async fn signed_by_person(
    app: &App,
    who: &Who,
    bound: &Binding,
    request: &Request,
    signed: Vec<SignedFile>,
) -> AppResult<()> {
    let files = documents::files_of(app, request.base_set).await?;
    let Some(main) = signed.iter().find(|file| file.base.is_main) else {
        return Err(no_main_file());
    };
    let command = CommandId::from_uuid(Uuid::new_v5(&request.id, b"commit"));
    let Begun::Now(mut act) = app.begin::<bool>(who, command).await? else {
        return Ok(());
    };
    let document = load::for_signing(&mut act, who, request.subject.outgoing()?, Action::Approve).await?;
    same_base(&document, request)?;
    let plan = rules::outgoing::complete_signing(
        &who.actor,
        &document.facts,
        request.version,
        SignatureVerdict::Valid,
    )?;
    let file = record(&mut act, who, main, &main.base.name).await?;
    let set = documents::new_set(&mut act, Some(file), &attachments(&files)).await?;
    act.run(
        sql!("UPDATE outgoing SET file_set = $2, signed_set = $2, pages = $3 WHERE id = $1"),
        args![document.id, set, main.base.pages],
    )
    .await?;
    if let Some(places) = &request.work.places {
        places::keep(&mut act, document.id, request.version, places).await?;
    }
    requests::end(&mut act, request, RequestState::Committed, Some(set), None).await?;
    verdicts::store(&mut act, "outgoing", document.id.as_uuid(), file, &main.checked).await?;
    key_log::log_use(&mut act, bound, &document, &document.subject, main).await?;
    step::apply(
        &mut act,
        who,
        &document,
        &plan,
        Some(&request.comment),
        json!({ "request": request.id, "file": file, "sha256": main.blob.digest.to_string(), "certificate": main.certificate, "warning": main.base.warning }),
    )
    .await?;
    app.commit(act, &true).await
}

/// The compare of compare-and-set: what was signed is still what the document has.
///
/// # Errors
/// `ND30-11.2`.
pub fn same_base(document: &Document, request: &Request) -> AppResult<()> {
    let is_same_set = request.base_set.is_some() && document.file_set == request.base_set;
    if is_same_set && document.facts.version == request.version {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-11.2",
        "outgoing.changed_meanwhile",
        "Văn bản đã thay đổi sau khi chuẩn bị ký số nên chữ ký không được nhận. Vui lòng xem lại rồi ký lại.",
    )
    .into())
}

/// The attachments of a set.
pub fn attachments(files: &[FileOfSet]) -> Vec<FileId> {
    files
        .iter()
        .filter(|item| !item.is_main)
        .map(|item| item.file.id)
        .collect()
}

/// Notes a signed file.
///
/// # Errors
/// When the database fails.
pub async fn record(act: &mut Act, who: &Who, signed: &SignedFile, name: &str) -> AppResult<FileId> {
    let pdf = Pdf {
        blob: signed.blob,
        pages: signed.base.pages.unwrap_or(1),
        places: None,
    };
    composing::record(act, who, &pdf, name).await
}

/// A request ended without a signature: a person's leaves the document with the signer again, the agency's leaves it numbered.
///
/// # Errors
/// When the database fails.
pub async fn signing_ended(
    act: &mut Act,
    request: &Request,
    state: RequestState,
    error: (&str, &str),
) -> AppResult<()> {
    let document = load::locked(act, request.subject.outgoing()?).await?;
    let details =
        json!({ "request": request.id, "outcome": state.as_str(), "code": error.0, "note": error.1 });
    if document.state() == OutgoingState::Signing {
        let plan = rules::outgoing::abandon_signing(&document.facts)?;
        return step::apply_plain(act, &document, &plan, details).await;
    }
    act.journal(store::Entry {
        act: act_names::SEAL_END,
        object_kind: "outgoing",
        object: document.id.as_uuid(),
        agency: Some(document.facts.agency),
        summary: format!(
            "Ký số của cơ quan chưa hoàn thành: {}.",
            state.label().to_lowercase()
        ),
        details,
    })
    .await?;
    Ok(())
}
