//! Ký duyệt: a leader answers a slip with their digital signature (CN-302, CN-305).
//!
//! Each who signs gets a print of their own: the slip with the opinions as they stand at that moment, the leader's own among them.
//! What they signed is what they saw; what others say later is in the prints that follow. The signature waits like that of a document
//! that goes out (token, phone, service); when it does not come the leader may answer in another way.

use pdf_signature::appearance::{Area, signature_area};
use rules::{
    Refusal,
    ids::{CommandId, FileId, SlipId},
    signing::{KeyOwner, RequestState},
    slip::{self as rule, Decider, SlipAnswer},
};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use uuid::Uuid;

use super::{
    decide::{self, Answer},
    load::{self, Slip},
    print::{self, Signing},
    step::SlipMoved,
    view,
};
use crate::{
    act_names,
    context::{App, Who},
    documents,
    error::{AppError, AppResult},
    outgoing,
    signing::{
        keys::{self, Binding},
        requests::{self, Batch, Event, Ink, Mark, Request, SignedFile, Subject, Work, WorkFile},
        verdicts,
    },
};

/// Answers a slip with the signature of the leader: at once, or when the person has confirmed; then the answer names the request.
///
/// # Errors
/// Refusals of [`rule::decide`]; `KS-72` without a certificate; `KS-01`, `KS-30` for one that is not valid; `PL1-7d` without an image
/// of the signature; `KS-10` while the own signature is waited for.
pub async fn sign(
    app: &App,
    who: &Who,
    command: CommandId,
    id: SlipId,
    comment: &str,
) -> AppResult<SlipMoved> {
    let part = command.part(id.as_uuid());
    if !app.was_carried_out(who, part).await? {
        // What one may not even try is told before anything about keys.
        let seen = load::for_view(app, who, id).await?;
        if let Some(lock) = requests::lock(app, Subject::Slip { id, by: who.post() }).await? {
            rules::signing::not_locked(Some(&lock.open))?;
        }
        rule::decide(&who.actor, &seen.facts, SlipAnswer::Sign, comment)?;
    }
    let bound = keys::person(app, who.account())
        .await?
        .ok_or_else(requests::no_certificate)?;
    requests::check_certificate(app, KeyOwner::Person, &bound).await?;
    let ink = outgoing::ink(app, who, KeyOwner::Person, &bound).await?;
    let batch = requests::new_batch(app, who, command, KeyOwner::Person, &bound);
    open(app, who, part, id, &batch, &ink, comment).await?;
    let found = requests::batch(app, batch.id).await?;
    if found.round == 0 && !found.state.is_final() {
        requests::carry(app, who, batch.id, Event::Start).await?;
    }
    stands(app, who, batch.id, id).await
}

/// Where the slip stands after the key was asked.
async fn stands(app: &App, who: &Who, batch: Uuid, id: SlipId) -> AppResult<SlipMoved> {
    let slip = load::for_view(app, who, id).await?;
    let mut moved = SlipMoved::stays(id, &slip.facts);
    let requests = requests::of_batch(app, batch).await?;
    let Some(request) = requests.first() else {
        return Ok(moved);
    };
    if !request.state.is_final() {
        moved.request = Some(batch);
    } else if request.state == RequestState::Committed {
        moved.hindrance = slip.hindrance;
    } else {
        let reason = request
            .error
            .clone()
            .unwrap_or_else(|| request.state.label().to_owned());
        return Err(Refusal::new("CN-302", "signing.failed", reason).into());
    }
    Ok(moved)
}

/// Prints the slip for this leader and opens the request for their signature, in one act.
async fn open(
    app: &App,
    who: &Who,
    part: CommandId,
    id: SlipId,
    batch: &Batch,
    ink: &Ink,
    comment: &str,
) -> AppResult<()> {
    if app.was_carried_out(who, part).await? {
        return Ok(());
    }
    let whole = view::read(app, who, id).await?;
    let round = whole.slip.facts.round;
    let signing = Signing {
        post: who.post(),
        comment: comment.to_owned(),
    };
    let printed = print::composed(app, &whole, Some(&signing)).await?;
    let room = printed
        .places
        .signature
        .ok_or_else(|| anyhow::anyhow!("a slip without room for the signature"))?;
    let image = ink.handwriting.as_ref().ok_or_else(requests::no_handwriting)?;
    let room = Area {
        page: room.page,
        x: room.x,
        y: room.y,
        width: room.width,
        height: room.height,
    };
    let mut file = WorkFile {
        // No row names the print: it becomes a file when it is signed.
        base: FileId::from_uuid(app.ids.next()),
        name: file_name(who, round),
        is_main: true,
        pages: Some(i64::from(printed.pages)),
        content: app.blobs.put(&printed.pdf).await?.digest.to_string(),
        todo: vec![Mark::Handwriting {
            area: signature_area(&room, image),
        }],
        open: None,
        warning: None,
    };
    if batch.provider != requests::WHOLE_FILE {
        requests::prepare_next(app, &mut file, ink).await?;
    }
    let mut act = match app.begin::<bool>(who, part).await? {
        Begun::Before(_) => return Ok(()),
        Begun::Now(act) => act,
    };
    let slip = load::for_change(&mut act, who, id).await?;
    let subject = Subject::Slip { id, by: who.post() };
    requests::not_locked(&mut act, subject).await?;
    rule::decide(&who.actor, &slip.facts, SlipAnswer::Sign, comment)?;
    same_round(slip.facts.round, round)?;
    let request = Request {
        id: act.new_id(),
        batch: batch.id,
        subject,
        version: round,
        base_set: None,
        state: RequestState::Prepared,
        work: Work {
            files: vec![file],
            unsigned: Vec::new(),
            places: None,
        },
        comment: comment.to_owned(),
        error: None,
    };
    requests::add(&mut act, batch, &request).await?;
    act.journal(Entry {
        act: act_names::SIGN_SLIP_BEGIN,
        object_kind: "slip",
        object: id.as_uuid(),
        agency: None,
        summary: "Bắt đầu ký duyệt phiếu trình.".to_owned(),
        details: json!({
            "round": round, "request": request.id, "certificate": hex::encode(&batch.certificate),
            "expires_at": batch.expires_at.to_string(),
        }),
    })
    .await?;
    app.commit(act, &true).await
}

/// What the signed print is called: whose it is and of which round.
fn file_name(who: &Who, round: u32) -> String {
    let name = viet_text::fold(&who.name);
    let name: Vec<&str> = name.split_whitespace().collect();
    format!("phieu-trinh-lan-{round}-{}.pdf", name.join("-"))
}

/// How the log of key uses names a slip. It is read by clerks and administrators, who do not see the slip: it does not say what it is about
/// (QC01-4.2).
pub fn named_in_log(round: u32) -> String {
    format!("Phiếu trình, lần trình {round}")
}

fn same_round(now: u32, signed: u32) -> AppResult<()> {
    if now == signed {
        return Ok(());
    }
    Err(Refusal::new(
        "CN-302",
        "slip.changed_meanwhile",
        "Phiếu đã được trả lại và trình lại sau khi chuẩn bị ký số nên chữ ký không được nhận. Vui lòng xem lại phiếu rồi ký lại.",
    )
    .into())
}

/// The leader's signature is there and passed the own check: the answer is committed with the signed print, in one act.
///
/// # Errors
/// Refusals of [`rule::decide`] when the slip has gone on meanwhile; when the request has ended.
pub async fn signed_by_leader(
    app: &App,
    who: &Who,
    bound: &Binding,
    request: &Request,
    id: SlipId,
    signed: Vec<SignedFile>,
) -> AppResult<()> {
    let Some(print) = signed.first() else {
        return Err(AppError::Internal(anyhow::anyhow!("a signature without a file")));
    };
    let seen = load::for_view(app, who, id).await?;
    let refused = decide::draft_refusal(app, who, &seen).await?;
    let mut others = still_asked(app, &seen).await?;
    others.retain(|batch| *batch != request.batch);
    let command = CommandId::from_uuid(Uuid::new_v5(&request.id, b"commit"));
    let Begun::Now(mut act) = app.begin::<bool>(who, command).await? else {
        return Ok(());
    };
    let slip = load::for_change(&mut act, who, id).await?;
    same_round(slip.facts.round, request.version)?;
    let plan = rule::decide(&who.actor, &slip.facts, SlipAnswer::Sign, &request.comment)?;
    let file = outgoing::record_signed(&mut act, who, print, &print.base.name).await?;
    let set = documents::new_set(&mut act, Some(file), &[]).await?;
    requests::end(&mut act, request, RequestState::Committed, Some(set), None).await?;
    verdicts::store(&mut act, "slip", id.as_uuid(), file, &print.checked).await?;
    let named = named_in_log(request.version);
    keys::log_use(
        &mut act,
        &keys::KeyUse {
            binding: bound.id,
            agency: bound.agency,
            purpose: keys::Purpose::Slip,
            object_kind: "slip",
            object: id.as_uuid(),
            document: &named,
            sha256: Some(print.blob.digest.as_bytes()),
        },
    )
    .await?;
    let answer = Answer {
        given: SlipAnswer::Sign,
        comment: &request.comment,
        signed_set: Some(set),
        details: json!({
            "request": request.id, "file": file, "sha256": print.blob.digest.to_string(), "certificate": print.certificate,
            "warning": print.base.warning,
        }),
    };
    decide::settle(&mut act, who, &slip, &plan, answer, refused).await?;
    app.commit(act, &true).await?;
    let_go(app, &others).await;
    Ok(())
}

/// The requests by which leaders are asked for their signatures on a slip now.
///
/// # Errors
/// When the database fails.
pub async fn still_asked(app: &App, slip: &Slip) -> AppResult<Vec<Uuid>> {
    let mut batches = Vec::new();
    for one in &slip.facts.deciders {
        let lock = requests::lock(app, subject(slip, one)).await?;
        batches.extend(lock.map(|lock| lock.batch));
    }
    Ok(batches)
}

/// The round is over: whoever is still at their signature need not give it any more, and their key is not used in vain.
///
/// # Errors
/// When the database fails.
pub async fn end_waiting(act: &mut Act, slip: &Slip) -> AppResult<()> {
    let over = (
        "slip.round_over",
        "Lần trình này đã kết thúc nên không cần chữ ký số nữa.",
    );
    for one in &slip.facts.deciders {
        requests::end_open(act, subject(slip, one), over).await?;
    }
    Ok(())
}

/// Tells the providers of requests that ended with the round; what still waits is left alone.
pub async fn let_go(app: &App, batches: &[Uuid]) {
    for batch in batches {
        requests::let_go(app, *batch).await;
    }
}

fn subject(slip: &Slip, one: &Decider) -> Subject {
    Subject::Slip {
        id: slip.id,
        by: one.post,
    }
}

/// A signature did not come about (expired, rejected, cancelled, failed): the slip waits for the leader as before.
///
/// # Errors
/// When the database fails.
pub async fn signing_ended(
    act: &mut Act,
    request: &Request,
    id: SlipId,
    state: RequestState,
    error: (&str, &str),
) -> AppResult<()> {
    let row = act
        .one(sql!("SELECT agency_id FROM slip WHERE id = $1"), args![id])
        .await?;
    act.journal(Entry {
        act: act_names::SIGN_SLIP_END,
        object_kind: "slip",
        object: id.as_uuid(),
        agency: Some(row.get("agency_id")?),
        summary: format!(
            "Việc ký duyệt phiếu trình chưa hoàn thành: {}.",
            state.label().to_lowercase()
        ),
        details: json!({
            "round": request.version, "request": request.id, "outcome": state.as_str(), "code": error.0, "note": error.1,
        }),
    })
    .await?;
    Ok(())
}
