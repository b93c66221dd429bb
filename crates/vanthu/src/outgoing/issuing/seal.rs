//! Cấp số, ký số cơ quan và phát hành: the clerk's one button (ND30-14, ND30-15.3, ND30-32.2).
//!
//! The number is taken in an act of its own and belongs to the document from then on. Then the agency signs: number and day as
//! the appearance of a first signature in the row of ô 3 and ô 4, the seal over a third of the handwriting, and each separate
//! attachment but copies that it signed before. Only when every file has passed the own check is the document issued.

use pdf_signature::appearance::{Slot, seal_area};
use rules::{
    Refusal,
    access::Action,
    ids::{CommandId, OutgoingId},
    legal_value::SignatureVerdict,
    numbering::{self, IdentifierParts, Taken},
    outgoing::OutgoingState,
    signing::{KeyOwner, RequestState, SealFacts, may_seal, seals_at_once, seals_in_person},
};
use serde_json::json;
use store::{Begun, args, sql};
use uuid::Uuid;

use super::issue::{self, Issued, Ready};
use crate::{
    access,
    context::{App, Who},
    documents::{self, FileOfSet, state_secret},
    error::{AppError, AppResult},
    outgoing::{
        drafting::save_draft::PDF,
        load::{self, Document},
        signing::{
            ink::ink,
            places::{self, Blanks, Places},
            sign::{self, Line},
        },
        step::{self, Moved},
    },
    registers,
    signing::{
        custody, images, keys,
        requests::{self, Batch, Ink, Mark, Numbered, Request, Work, WorkFile},
        verdicts,
    },
};

/// Numbers, seals and issues one document.
///
/// # Errors
/// Refusals of [`rules::outgoing::take_number`], [`may_seal`], of the certificate, of the files. After the number was taken
/// the document keeps it whatever fails.
pub async fn issue_signed(app: &App, who: &Who, command: CommandId, id: OutgoingId) -> AppResult<Issued> {
    let mut lines = lines(app, who, command, &[id]).await?;
    let moved = lines.pop().map_or(Err(AppError::NotFound), |line| line.outcome)?;
    issued(app, who, id, moved).await
}

/// Numbers, seals and issues several documents; each succeeds or fails for itself (KS-73).
///
/// # Errors
/// `KS-73` for too many; `ND30-32.2` when this person may not use the agency's key; `KS-01`, `KS-30`, `KS-72`, `PL1-8a`.
pub async fn issue_many(
    app: &App,
    who: &Who,
    command: CommandId,
    ids: &[OutgoingId],
) -> AppResult<Vec<Line>> {
    let mut lines = lines(app, who, command, ids).await?;
    for line in &mut lines {
        let outcome = std::mem::replace(&mut line.outcome, Err(AppError::NotFound));
        line.outcome = state_secret::journal_refusal(app, who, issue::attempt(line.id), outcome).await;
    }
    Ok(lines)
}

async fn lines(app: &App, who: &Who, command: CommandId, ids: &[OutgoingId]) -> AppResult<Vec<Line>> {
    seals_at_once(ids.len())?;
    if let [one] = ids {
        access::may(who, Action::Issue, &load::for_view(app, who, *one).await?.object)?;
    }
    seals_in_person(&who.actor, who.agency(), who.in_person)?;
    custody::may_use(app, who, who.agency()).await?;
    let bound = keys::agency(app, who.agency())
        .await?
        .ok_or_else(no_certificate)?;
    if bound.kind.as_str() == requests::WHOLE_FILE {
        requests::persons_only(KeyOwner::Agency, ids.len())?;
    }
    requests::check_certificate(app, KeyOwner::Agency, &bound).await?;
    let ink = ink(app, who, KeyOwner::Agency, &bound).await?;
    let batch = requests::new_batch(app, who, command, KeyOwner::Agency, &bound);
    let mut opened = Vec::with_capacity(ids.len());
    for id in ids {
        opened.push((*id, number_and_open(app, who, command, *id, &batch, &ink).await));
    }
    sign::carry_opened(app, who, &batch, opened).await
}

fn no_certificate() -> AppError {
    Refusal::new(
        "KS-72",
        "signing.no_agency_certificate",
        "Cơ quan chưa gắn chứng thư số nên chưa ký số, phát hành được. Vui lòng đề nghị quản trị gắn chứng thư số của cơ quan.",
    )
    .into()
}

async fn number_and_open(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    batch: &Batch,
    ink: &Ink,
) -> AppResult<()> {
    let part = command.part(id.as_uuid());
    if app.was_carried_out(who, part).await? {
        return Ok(());
    }
    let seen = load::for_view(app, who, id).await?;
    access::may(who, Action::Issue, &seen.object)?;
    let ready = issue::ready(app, who, id).await?;
    let person = person_verdict(app, &seen, &ready.files).await?;
    may_seal(
        &who.actor,
        &SealFacts {
            agency: who.agency(),
            in_person: who.in_person,
            // Asked of the custody record before, and again when the seal is committed.
            holds_device: true,
            person,
        },
    )?;
    if seen.state() != OutgoingState::Numbered {
        take_number(app, who, command, id, &ready, person).await?;
    }
    open(app, who, part, id, batch, ink, &ready).await
}

/// What the signer's signature on the main file is worth now, under the certificate with which it was made.
async fn person_verdict(app: &App, document: &Document, files: &[FileOfSet]) -> AppResult<SignatureVerdict> {
    let Some(set) = document.signed_set else {
        return Ok(SignatureVerdict::Absent);
    };
    let row = app
        .db
        .opt(
            sql!(
                "SELECT b.certificate FROM signing_request r JOIN signing_batch b ON b.id = r.batch_id \
                 WHERE r.subject_id = $1 AND r.signed_set = $2 AND b.owner = 'person'"
            ),
            args![document.id, set],
        )
        .await?;
    let (Some(row), Some(main)) = (row, files.iter().find(|item| item.is_main)) else {
        return Ok(SignatureVerdict::Absent);
    };
    let certificate = hex::encode(row.get::<Vec<u8>>("certificate")?);
    let bytes = app.blobs.read(main.file.digest).await?;
    let checked = verdicts::verify(app, &bytes).await?;
    Ok(rules::signing::verdicts(&requests::seen(&checked.report), &[certificate], &[]).0)
}

/// Takes the number in an act of its own.
async fn take_number(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    ready: &Ready,
    person: SignatureVerdict,
) -> AppResult<()> {
    let part = command.part(Uuid::new_v5(&id.as_uuid(), b"number"));
    let _turn = ready.series.turn(app).await;
    let Begun::Now(mut act) = app.begin::<bool>(who, part).await? else {
        return Ok(());
    };
    let document = load::for_change(&mut act, who, id, Action::Issue).await?;
    ready.unchanged(&document)?;
    registers::copies_may_go(&mut act, who.agency(), &ready.content.copies).await?;
    let plan = ready.with_facts(person, SignatureVerdict::Absent, |facts| {
        rules::outgoing::take_number(&who.actor, &document.facts, facts)
    })?;
    let taken = ready.series.take(&mut act).await?;
    let printed = ready.printed(taken)?;
    same_symbol(ready, taken, app)?;
    let now = act.now();
    let document_code = ready.template.identifier(&IdentifierParts {
        agency_code: &ready.around.agency.code,
        date: taken.date,
        number: taken.number,
        symbol: &printed.1,
    });
    act.run(
        sql!(
            "UPDATE outgoing SET symbol = $2, series = $3, year = $4, number = $5, issued_on = $6, issued_at = $7, \
             document_code = $8 WHERE id = $1"
        ),
        args![
            document.id,
            printed.1.as_str(),
            ready.series.key(),
            taken.year,
            taken.number,
            taken.date,
            now,
            document_code.as_str(),
        ],
    )
    .await?;
    step::apply(
        &mut act,
        who,
        &document,
        &plan,
        Some(&format!("Số {}, {}", printed.0, the_thuc::day_in_words(taken.date))),
        json!({ "number": taken.number, "symbol": printed.1, "issued_on": taken.date, "document_code": document_code }),
    )
    .await?;
    app.commit(act, &true).await
}

/// A symbol that names its year was printed when the document was laid out; in another year it would be wrong.
fn same_symbol(ready: &Ready, taken: Taken, app: &App) -> AppResult<()> {
    let drafted = ready.version_year.unwrap_or_else(|| app.clock.today().year());
    let printed = ready.around.symbol(&ready.content, ready.kind, drafted)?;
    if printed == ready.around.symbol(&ready.content, ready.kind, taken.year)? {
        return Ok(());
    }
    Err(Refusal::new(
        "PL1-3b",
        "outgoing.symbol_of_another_year",
        format!("Ký hiệu đã in trên văn bản ({printed}) thuộc năm trước. Vui lòng trả lại người ký để ký lại văn bản của năm nay."),
    )
    .into())
}

/// Prepares the agency's signatures of a numbered document and opens its request.
async fn open(
    app: &App,
    who: &Who,
    part: CommandId,
    id: OutgoingId,
    batch: &Batch,
    ink: &Ink,
    ready: &Ready,
) -> AppResult<()> {
    let seen = load::for_view(app, who, id).await?;
    if let Some(lock) = requests::lock(app, id).await? {
        rules::signing::not_locked(Some(&lock.open))?;
    }
    let mut work = work(app, who, &seen, ready).await?;
    if batch.provider != requests::WHOLE_FILE {
        for file in &mut work.files {
            requests::prepare_next(app, file, ink).await?;
        }
    }
    let mut act = match app.begin::<bool>(who, part).await? {
        Begun::Before(_) => return Ok(()),
        Begun::Now(act) => act,
    };
    let document = load::for_change(&mut act, who, id, Action::Issue).await?;
    custody::may_use_in(&mut act, who, document.facts.agency).await?;
    sign::unchanged(&seen, &document)?;
    if document.state() != OutgoingState::Numbered {
        return Err(Refusal::new(
            "ND30-14",
            "outgoing.not_numbered",
            "Văn bản chưa được cấp số nên chưa ký số của cơ quan. Vui lòng tải lại trang.",
        )
        .into());
    }
    let request = Request {
        id: act.new_id(),
        batch: batch.id,
        subject: id.into(),
        version: document.facts.version,
        base_set: Some(document.file_set.ok_or_else(sign::no_main_file)?),
        state: RequestState::Prepared,
        work,
        comment: String::new(),
        error: None,
    };
    requests::add(&mut act, batch, &request).await?;
    act.journal(store::Entry {
        act: crate::act_names::SEAL_BEGIN,
        object_kind: "outgoing",
        object: id.as_uuid(),
        agency: None,
        summary: "Bắt đầu ký số của cơ quan.".to_owned(),
        details: json!({ "request": request.id, "certificate": hex::encode(&batch.certificate), "expires_at": batch.expires_at.to_string() }),
    })
    .await?;
    app.commit(act, &true).await
}

/// Every signature that the agency makes on the files of a document.
async fn work(app: &App, who: &Who, document: &Document, ready: &Ready) -> AppResult<Work> {
    let (Some(number), Some(day)) = (document.number, document.issued_on) else {
        return Err(AppError::Internal(anyhow::anyhow!(
            "a numbered document without its number"
        )));
    };
    let number_and_symbol = document.number_and_symbol().unwrap_or_default();
    let main = ready
        .files
        .iter()
        .find(|item| item.is_main)
        .ok_or_else(sign::no_main_file)?;
    let last = u32::try_from(main.file.pages.unwrap_or(1)).unwrap_or(1);
    let places = places::stored(app, document.id, document.facts.version)
        .await?
        .unwrap_or_else(|| Places::usual(last));
    let seal = images::seal(app, who.agency())
        .await?
        .ok_or_else(requests::no_seal)?;
    let over = places.signed.unwrap_or(places.signature);
    let area = seal_area(&over, seal.diameter_mm, seal.image.aspect());
    let todo = vec![
        Mark::NumberAndDate(written(&places.blanks, number, day)),
        Mark::Seal { area },
    ];
    let mut work = Work {
        files: vec![sign::work_file(main, todo)],
        unsigned: Vec::new(),
        places: Some(places),
    };
    for item in ready.files.iter().filter(|item| !item.is_main) {
        // A copy bears the agency's signature already, where that of an attachment would stand (PL1-II-I).
        if ready.content.copies.iter().any(|sent| sent.file == item.file.id) {
            work.unsigned.push(item.file.id);
            continue;
        }
        match attachment(app, who, item, &number_and_symbol).await? {
            Some(file) => work.files.push(file),
            None => work.unsigned.push(item.file.id),
        }
    }
    Ok(work)
}

/// An attachment as it will be signed (PL1-8b). A text document is turned into PDF first, where that can be done; what has no
/// pages (a spreadsheet, an image, an archive) goes along unsigned, and the page says so.
async fn attachment(
    app: &App,
    who: &Who,
    item: &FileOfSet,
    number_and_symbol: &str,
) -> AppResult<Option<WorkFile>> {
    let todo = vec![Mark::Note {
        number_and_symbol: number_and_symbol.to_owned(),
    }];
    if item.file.media_type == PDF {
        return Ok(Some(sign::work_file(item, todo)));
    }
    let is_text = matches!(
        viet_text::extension(&item.file.name).as_str(),
        "doc" | "docx" | "odt" | "rtf"
    );
    if !is_text {
        return Ok(None);
    }
    let converted = documents::convert_to_pdf(app, who, &item.file).await?;
    Ok(converted.map(|file| sign::work_file(&FileOfSet { is_main: false, file }, todo)))
}

/// Number and day in their blanks (PL1-3a, PL1-4b).
fn written(blanks: &Blanks, number: u32, day: jiff::civil::Date) -> Numbered {
    let month = if day.month() <= 2 {
        format!("{:02}", day.month())
    } else {
        day.month().to_string()
    };
    let entry = |text: String, slot: Slot| (text, slot);
    Numbered {
        number: entry(numbering::printed_number(number), blanks.number),
        day: blanks.day.map(|slot| entry(format!("{:02}", day.day()), slot)),
        month: blanks.month.map(|slot| entry(month, slot)),
        year: blanks.year.map(|slot| entry(day.year().to_string(), slot)),
    }
}

/// The answer for a document that has its number.
async fn issued(app: &App, who: &Who, id: OutgoingId, moved: Moved) -> AppResult<Issued> {
    let document = load::for_view(app, who, id).await?;
    let (Some(number), Some(issued_on)) = (document.number, document.issued_on) else {
        return Err(AppError::Internal(anyhow::anyhow!(
            "a numbered document without its number"
        )));
    };
    Ok(Issued {
        id: id.as_uuid(),
        number,
        symbol: document.symbol.clone().unwrap_or_default(),
        number_and_symbol: document.number_and_symbol().unwrap_or_default(),
        issued_on,
        document_code: document.document_code.clone().unwrap_or_default(),
        state: moved.state,
        request: moved.request,
    })
}
