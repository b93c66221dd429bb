//! Tiếp nhận và vào sổ: accept a delivered document and give it its arrival number, in one act (ND30 Điều 22).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    access::Action,
    ids::{AgencyId, CommandId, IncomingId},
    incoming::{IncomingEvent, LIKELY_DUPLICATE, accept_and_register},
    numbering::{ARRIVAL_SERIES, LastTaken, Taken, next_arrival, printed_number},
    secrecy::SecretMarks,
};
use serde::{Deserialize, Serialize};
use store::{Act, Begun, args, sql};
use utoipa::ToSchema;

use super::{
    check,
    duplicates::{self, Duplicate},
};
use crate::{
    access, act_names, api,
    context::{App, Who},
    documents::state_secret::{self, Attempt},
    error::{AppError, AppResult},
    incoming::{
        detail::{self, Typed},
        load,
        several::MANY,
        step::{self, Told},
    },
    signing::verdicts::{self, Object},
    web::{Reply, Submitted, blank_as_none, clean, see_other},
};

/// What a clerk adds when registering.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Register {
    /// Thời hạn giải quyết, when it is already known.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Ghi chú.
    pub note: String,
    /// Lý do vẫn tiếp nhận: needed when a check failed (QD28-9.1) or a document that looks the same was registered before
    /// (PL6-III.1), kept with the document.
    pub despite: String,
}

/// A registered document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Registered {
    /// The document.
    #[schema(value_type = Uuid)]
    pub id: IncomingId,
    /// Số đến.
    pub arrival_number: u32,
    /// Year of the register.
    pub year: i16,
    /// Ngày đến.
    #[schema(value_type = String, format = Date)]
    pub arrived_on: Date,
    /// Documents that look like the same one, registered before: this one was registered in spite of them, with a reason.
    pub duplicates: Vec<Duplicate>,
}

/// Accepts and registers a delivered document.
///
/// # Errors
/// The refusals of [`accept_and_register`] and [`next_arrival`]; of a likely duplicate without a reason.
pub async fn register(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: Register,
) -> AppResult<Registered> {
    let attempt = Attempt {
        act: act_names::REGISTER,
        doing: "tiếp nhận, vào sổ",
        object_kind: "incoming",
        object: Some(id.as_uuid()),
        file: None,
    };
    let registered = register_checked(app, who, command, id, data).await;
    state_secret::journal_refusal(app, who, attempt, registered).await
}

async fn register_checked(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: Register,
) -> AppResult<Registered> {
    // What was not checked yet is checked now; files of a delivered packet never change, so this comes before the lock.
    let fresh = not_yet_checked(app, who, id).await?;
    let judged = check::judge(app, id, &fresh).await?.ok_or(AppError::NotFound)?;
    let checked = &judged.check;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::Register).await?;
    let note = clean(&data.note);
    let despite = clean(&data.despite);
    let secrecy = SecretMarks {
        symbols: &[&doc.symbol],
        texts: &[&doc.subject, &note, &despite],
        ..SecretMarks::default()
    };
    let plan = accept_and_register(&who.actor, &doc.facts, checked, &despite, &secrecy)?;
    let duplicates = duplicates::of(
        &mut act,
        doc.facts.agency,
        Some(id),
        &duplicates::Keys {
            document_code: doc.document_code.as_deref(),
            number: &doc.number,
            symbol: &doc.symbol,
            issued_on: doc.issued_on,
            sender_id: doc.sender_id,
            sender_name: &doc.sender_name,
        },
    )
    .await?;
    duplicates::need_reason(&duplicates, &despite)?;
    // A reason that nothing asked for says nothing.
    let despite = Some(despite).filter(|_| !checked.acceptable() || !duplicates.is_empty());
    verdicts::keep(&mut act, Object::Incoming(id), &fresh, Some(&judged)).await?;
    let taken = take_number(&mut act, doc.facts.agency).await?;
    act.run(
        sql!(
            "UPDATE incoming SET series = $2, year = $3, arrival_number = $4, arrived_on = $5, due_on = $6, note = $7, \
             completeness = $8, integrity = $9, authenticity = $10, legal_value = $11, despite = $12 WHERE id = $1"
        ),
        args![
            id,
            ARRIVAL_SERIES,
            taken.year,
            taken.number,
            taken.date,
            data.due_on,
            Some(note.clone()).filter(|note| !note.is_empty()),
            checked.completeness.outcome.as_str(),
            checked.integrity.outcome.as_str(),
            checked.authenticity.outcome.as_str(),
            judged.legal_value.as_str(),
            despite.clone(),
        ],
    )
    .await?;
    let number = printed_number(taken.number);
    step::take(
        &mut act,
        &doc,
        plan,
        Told {
            act: act_names::REGISTER,
            summary: format!("{}, số đến {number}", IncomingEvent::Registered.label()),
            note: despite.as_ref().unwrap_or(&note),
            for_sender: &format!("Đã tiếp nhận, số đến {number}"),
            details: serde_json::json!({
                "arrival_number": taken.number, "year": taken.year, "arrived_on": taken.date, "due_on": data.due_on,
                "completeness": checked.completeness.outcome, "integrity": checked.integrity.outcome,
                "authenticity": checked.authenticity.outcome, "legal_value": judged.legal_value,
                "findings": checked.reasons(), "duplicates": duplicates, "despite": despite, "remark": note,
            }),
        },
    )
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

/// Checks the PDF files of a document that no check has seen: the job of its arrival may not have come to it. Nothing for
/// whoever may not register it: they make this program work for nothing.
async fn not_yet_checked(app: &App, who: &Who, id: IncomingId) -> AppResult<verdicts::Fresh> {
    let object = access::of_incoming(app, id).await?;
    if !access::is_allowed(who, Action::Register, &object) {
        return Ok(Vec::new());
    }
    verdicts::check(app, Object::Incoming(id), |known| known.is_none()).await
}

/// Takes the next arrival number of the agency: the counter's row is locked first, so that parallel registrations
/// come one after the other and a number given back by a rollback is given again.
///
/// # Errors
/// The refusal of [`next_arrival`], or when the database fails.
pub(in crate::incoming) async fn take_number(act: &mut Act, agency: AgencyId) -> AppResult<Taken> {
    let today = act.today();
    let row = act
        .one(
            sql!(
                "INSERT INTO number_counter (agency_id, series, year, last_number, last_date) VALUES ($1, $2, $3, 0, $4) \
                 ON CONFLICT (agency_id, series, year) DO UPDATE SET last_number = number_counter.last_number \
                 RETURNING last_number, last_date"
            ),
            args![agency, ARRIVAL_SERIES, today.year(), today],
        )
        .await?;
    let last = match row.get::<u32>("last_number")? {
        0 => None,
        number => Some(LastTaken {
            number,
            date: row.get("last_date")?,
        }),
    };
    let taken = next_arrival(last, today)?;
    act.run(
        sql!(
            "UPDATE number_counter SET last_number = $4, last_date = $5 WHERE agency_id = $1 AND series = $2 AND year = $3"
        ),
        args![agency, ARRIVAL_SERIES, taken.year, taken.number, taken.date],
    )
    .await?;
    Ok(taken)
}

/// `POST /incoming/{id}/register`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Register>,
) -> Reply {
    let typed = Typed {
        act: "register",
        due_on: form.data.due_on.map(|date| date.to_string()).unwrap_or_default(),
        note: form.data.note.clone(),
        despite: form.data.despite.clone(),
        ..Typed::default()
    };
    match register(&app, &form.who, form.command, id, form.data).await {
        Ok(done) => {
            let mut sentence = format!(
                "Đã vào sổ văn bản đến số {}.",
                printed_number(done.arrival_number)
            );
            if !done.duplicates.is_empty() {
                sentence.push_str(" Lưu ý: có văn bản trùng đã vào sổ trước đó.");
            }
            Ok(see_other(&app, &detail::href(id), &sentence))
        }
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Accept and register: số đến is given in the same transaction.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/register", tag = "incoming", params(("id" = Uuid, Path)), request_body = Register,
    responses((status = 200, body = Registered), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Register>,
) -> AppResult<Json<Registered>> {
    Ok(Json(
        register(&app, &command.who, command.command, id, command.data).await?,
    ))
}

/// Several documents to register at once.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct RegisterMany {
    /// Their ids, in the order of the numbers.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub id: Vec<IncomingId>,
}

/// What became of one of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisterLine {
    /// The document.
    #[schema(value_type = Uuid)]
    pub id: IncomingId,
    /// Số đến, when it was registered.
    pub arrival_number: Option<u32>,
    /// Why not, when it was not.
    pub problem: Option<String>,
    /// Whether it was left because a document that looks the same was registered before: that one by one, with a reason.
    pub has_duplicate: bool,
}

/// Registers each document in an act of its own: one that is refused holds up no other. What looks like a document registered
/// before is left: who registers it gives a reason for this one.
///
/// # Errors
/// [`AppError::BadInput`] for an empty or too long list; internal errors.
pub async fn register_many(
    app: &App,
    who: &Who,
    command: CommandId,
    data: RegisterMany,
) -> AppResult<Vec<RegisterLine>> {
    if data.id.is_empty() || data.id.len() > MANY {
        return Err(AppError::BadInput(format!(
            "Chọn từ 1 đến {MANY} văn bản để vào sổ cùng lúc."
        )));
    }
    let mut lines = Vec::with_capacity(data.id.len());
    for id in data.id {
        let own = command.part(id.as_uuid());
        let line = match register(app, who, own, id, Register::default()).await {
            Ok(done) => RegisterLine {
                id,
                arrival_number: Some(done.arrival_number),
                problem: None,
                has_duplicate: !done.duplicates.is_empty(),
            },
            Err(AppError::Internal(error)) => return Err(AppError::Internal(error)),
            Err(error) => {
                let problem = error.problem();
                RegisterLine {
                    id,
                    arrival_number: None,
                    has_duplicate: problem.code == LIKELY_DUPLICATE,
                    problem: Some(problem.message),
                }
            }
        };
        lines.push(line);
    }
    Ok(lines)
}

/// `POST /incoming/register`.
pub async fn many_page(State(app): State<App>, jar: CookieJar, form: Submitted<RegisterMany>) -> Reply {
    let lines = register_many(&app, &form.who, form.command, form.data).await?;
    crate::incoming::many::registered(&app, &form.who, &jar, lines).await
}

/// Register several: one result line per document.
#[utoipa::path(post, path = "/api/v1/incoming/register", tag = "incoming", request_body = RegisterMany,
    responses((status = 200, body = Vec<RegisterLine>)))]
pub async fn many_api(
    State(app): State<App>,
    command: api::Command<RegisterMany>,
) -> AppResult<Json<Vec<RegisterLine>>> {
    Ok(Json(
        register_many(&app, &command.who, command.command, command.data).await?,
    ))
}
