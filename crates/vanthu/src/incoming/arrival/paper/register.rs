//! The act: number, row, journal; the sender from the directory when it stands there.

use rules::{
    Refusal,
    access::{Action, ObjectFacts},
    document_types,
    ids::{AccountId, AgencyId, CommandId, FileId, IncomingId},
    incoming::{CheckOutcome, IncomingEvent, PaperChannel, PaperDocument, register_paper},
    legal_value::{SignatureVerdict, legal_value},
    numbering::{ARRIVAL_SERIES, printed_number},
    secrecy::{SecrecyLevel, SecretMarks},
    urgency::Urgency,
};
use store::{Act, Begun, Entry, args, sql};

use super::{
    super::{
        dossier,
        duplicates::{self, Keys},
        register::{self, Registered},
        unopened,
    },
    Paper,
};
use crate::{
    access, act_names,
    context::{App, Who},
    desk,
    documents::{
        self,
        state_secret::{self, Attempt},
    },
    error::{AppError, AppResult},
    signing::verdicts::{self, Object},
};

/// A file that the clerk brought.
struct Brought {
    id: FileId,
    name: String,
    media_type: String,
    pages: Option<i64>,
}

/// Registers a paper document: it begins its way registered, with its arrival number.
///
/// # Errors
/// The refusals of [`register_paper`], of the document type, of duplicates and of the arrival number; `ND30-22.3b` without a scan;
/// [`AppError::NotFound`] for a file that the clerk did not upload.
pub async fn register(app: &App, who: &Who, command: CommandId, data: Paper) -> AppResult<Registered> {
    let attempt = Attempt {
        act: act_names::REGISTER_PAPER,
        doing: "vào sổ văn bản giấy",
        object_kind: "incoming",
        object: None,
        file: None,
    };
    let registered = register_checked(app, who, command, data).await;
    state_secret::journal_refusal(app, who, attempt, registered).await
}

async fn register_checked(app: &App, who: &Who, command: CommandId, data: Paper) -> AppResult<Registered> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    may(who)?;
    let data = data.cleaned();
    let sender = sender(&mut act, &data).await?;
    let kind = match data.type_key.as_str() {
        "" => None,
        key => Some(key),
    };
    let mut files = Vec::new();
    for file in data.main_file.iter().chain(&data.attachments) {
        if files.iter().all(|known: &Brought| known.id != *file) {
            files.push(brought(&mut act, who, *file).await?);
        }
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let today = act.today();
    let plan = register_paper(
        &who.actor,
        who.agency(),
        &PaperDocument {
            document_type: kind,
            number: &data.number,
            symbol: &data.symbol,
            issued_on: data.issued_on,
            issuer: &sender.name,
            subject: &data.subject,
            arrived_on: today,
            today,
            secrecy: SecretMarks {
                declared: data.secrecy.unwrap_or(SecrecyLevel::None),
                symbols: &[&data.symbol, &data.number],
                file_names: &names,
                texts: &[
                    &data.subject,
                    &data.note,
                    &sender.name,
                    &data.signer_name,
                    &data.signer_title,
                    &data.dossier_description,
                    &data.despite,
                ],
            },
        },
    )?;
    if let Some(kind) = kind {
        document_types::usable(kind, today)?;
    }
    let pages = match files.first().filter(|file| Some(file.id) == data.main_file) {
        Some(scan) if is_scan(&scan.media_type) => scan.pages,
        Some(_) => {
            return Err(no_scan(
                "Bản chụp văn bản phải là tệp PDF hoặc ảnh. Tệp loại khác gửi ở phần tài liệu kèm theo.",
            ));
        }
        None => {
            return Err(no_scan(
                "Vui lòng đính kèm bản chụp (PDF hoặc ảnh) của văn bản giấy.",
            ));
        }
    };
    let attachments: Vec<FileId> = files.iter().skip(1).map(|file| file.id).collect();
    let duplicates = duplicates::of(
        &mut act,
        who.agency(),
        None,
        &Keys {
            document_code: None,
            number: &data.number,
            symbol: &data.symbol,
            issued_on: data.issued_on,
            sender_id: sender.id.map(AgencyId::as_uuid),
            sender_name: &sender.name,
        },
    )
    .await?;
    duplicates::need_reason(&duplicates, &data.despite)?;
    // A reason that nothing asked for says nothing.
    let despite = Some(data.despite.clone()).filter(|_| !duplicates.is_empty());
    let taken = register::take_number(&mut act, who.agency()).await?;
    let set = documents::new_set(&mut act, data.main_file, &attachments).await?;
    let id = IncomingId::from_uuid(act.new_id());
    let now = act.now();
    let channel = data.channel.unwrap_or(PaperChannel::Paper);
    // The checks of QD28-9.1 are about electronic deliveries: here the system has checked nothing.
    let unchecked = CheckOutcome::Undetermined.as_str();
    let value = legal_value(SignatureVerdict::Absent, SignatureVerdict::Absent, true);
    act.run(
        sql!(
            "INSERT INTO incoming (id, agency_id, source, sender_id, sender_code, sender_name, number, symbol, issued_on, type_key, subject, \
             folded_subject, urgency, signer_name, signer_title, respond_by, file_set, pages, note, completeness, \
             integrity, authenticity, legal_value, state, revision, delivered_at, updated_at, series, year, \
             arrival_number, arrived_on, due_on, despite) \
             VALUES ($1, $2, $28, $26, $27, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
             $17, $17, $18, $19, 0, $20, $20, $21, $22, $23, $24, $25, $29)"
        ),
        args![
            id,
            who.agency(),
            sender.name.as_str(),
            data.number.as_str(),
            data.symbol.as_str(),
            data.issued_on,
            data.type_key.as_str(),
            data.subject.as_str(),
            viet_text::fold(&data.subject),
            data.urgency.unwrap_or(Urgency::Normal).as_str(),
            data.signer_name.as_str(),
            data.signer_title.as_str(),
            data.respond_by,
            set,
            pages,
            Some(data.note.clone()).filter(|note| !note.is_empty()),
            unchecked,
            value.as_str(),
            plan.next.as_str(),
            now,
            ARRIVAL_SERIES,
            taken.year,
            taken.number,
            taken.date,
            data.due_on,
            sender.id,
            sender.code,
            channel.as_str(),
            despite.clone(),
        ],
    )
    .await?;
    if data.dossier_unit.is_some() || !data.dossier_description.is_empty() {
        dossier::save(
            &mut act,
            who,
            id,
            true,
            data.dossier_unit,
            &data.dossier_description,
        )
        .await?;
    }
    if let Some(envelope) = data.unopened {
        unopened::registered(&mut act, who, envelope, id).await?;
    }
    desk::refresh_incoming(&mut act, id).await?;
    // A file that came by another way than the hub may be signed all the same; it stays a copy for reference.
    verdicts::schedule(&mut act, Object::Incoming(id)).await?;
    let number = printed_number(taken.number);
    act.journal(Entry {
        act: act_names::REGISTER_PAPER,
        object_kind: "incoming",
        object: id.as_uuid(),
        agency: None,
        summary: format!(
            "{} {}, số đến {number}",
            IncomingEvent::Registered.label(),
            match channel {
                PaperChannel::Paper => "văn bản giấy",
                PaperChannel::Email => "văn bản nhận qua thư điện tử",
                PaperChannel::Fax => "văn bản nhận qua fax",
            }
        ),
        details: serde_json::json!({
            "arrival_number": taken.number, "year": taken.year, "arrived_on": taken.date, "due_on": data.due_on,
            "sender": sender.id, "sender_name": sender.name, "number": data.number, "symbol": data.symbol,
            "issued_on": data.issued_on, "note": despite.as_ref().unwrap_or(&data.note), "remark": data.note,
            "duplicates": duplicates, "despite": despite,
            "channel": channel, "unopened": data.unopened, "dossier_unit": data.dossier_unit,
            "dossier": data.dossier_description,
        }),
    })
    .await?;
    let answer = Registered {
        id,
        arrival_number: taken.number,
        year: taken.year,
        arrived_on: taken.date,
        duplicates,
    };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// Only clerks register (ND30-4.2b).
pub(in crate::incoming) fn may(who: &Who) -> AppResult<()> {
    access::may(who, Action::Register, &ObjectFacts::agency(who.agency()))
}

/// Who sent the paper.
struct Sender {
    id: Option<AgencyId>,
    code: Option<String>,
    name: String,
}

/// The agency of the directory, or whatever name the clerk wrote.
async fn sender(act: &mut Act, data: &Paper) -> AppResult<Sender> {
    let Some(id) = data.sender else {
        return Ok(Sender {
            id: None,
            code: None,
            name: data.sender_name.clone(),
        });
    };
    let row = act
        .opt(sql!("SELECT name, code FROM agency WHERE id = $1"), args![id])
        .await?
        .ok_or_else(|| {
            Refusal::new(
                "ND30-22.1",
                "incoming.unknown_sender",
                "Cơ quan gửi đã chọn không có trong danh mục. Vui lòng chọn lại hoặc ghi tên nơi gửi.",
            )
            .on("sender_name")
        })?;
    Ok(Sender {
        id: Some(id),
        code: row.get("code")?,
        name: row.get("name")?,
    })
}

/// A file that this person uploaded; the files of others are not there.
async fn brought(act: &mut Act, who: &Who, id: FileId) -> AppResult<Brought> {
    let row = act
        .opt(
            sql!("SELECT name, media_type, pages, account_id FROM file WHERE id = $1 AND agency_id = $2"),
            args![id, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    if row.get::<Option<AccountId>>("account_id")? != Some(who.account()) {
        return Err(AppError::NotFound);
    }
    Ok(Brought {
        id,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        pages: row.get("pages")?,
    })
}

fn is_scan(media_type: &str) -> bool {
    media_type == "application/pdf" || media_type.starts_with("image/")
}

fn no_scan(message: &str) -> AppError {
    Refusal::new("ND30-22.3b", "incoming.no_scan", message)
        .on("main_file")
        .into()
}
