//! Hồ sơ kèm theo chuyển trực tiếp (QC01-13.3; CN-112): the document is registered, its dossier goes straight to the unit, which
//! confirms with a note that it has it. Lists name no subject: the unit may not have been given the document yet.

mod page;

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::Timestamp;
use rules::{
    access::Action,
    ids::{AgencyId, CommandId, IncomingId, UnitId},
    incoming::{DossierFacts, note_dossier, receive_dossier},
    secrecy::{SecretMarks, refuse_state_secret},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, Row, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    act_names, api,
    context::{App, Who},
    documents::state_secret::{self, Attempt},
    error::{AppError, AppResult},
    incoming::load,
    web::{clean, format, page::Choice},
};

pub(in crate::incoming) use page::{LINK, may_receive, tabs};
pub use page::{by_hand_link, note_page, page, receive_page};

/// A list shows the newest.
const MOST: i64 = 200;

/// A dossier that goes to a unit.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct NoteDossier {
    /// The unit.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<Uuid>)]
    pub dossier_unit: Option<UnitId>,
    /// What it is made of.
    pub dossier_description: String,
}

/// What the unit found.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ReceiveDossier {
    /// Ghi chú: complete, or what is missing.
    pub note: String,
}

/// A dossier.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Dossier {
    /// Its id.
    pub id: Uuid,
    /// The document.
    pub incoming: Uuid,
    /// Số đến.
    pub arrival_number: Option<i64>,
    /// Số, ký hiệu.
    pub number_and_symbol: String,
    /// Nơi gửi.
    pub sender_name: String,
    /// The unit.
    pub unit: Uuid,
    /// Its name.
    pub unit_name: String,
    /// What it is made of.
    pub description: String,
    /// When it was handed over.
    #[schema(value_type = String, format = DateTime)]
    pub noted_at: Timestamp,
    /// Who of the unit confirmed it.
    pub received_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Timestamp>,
    /// What they found.
    pub receipt_note: String,
}

impl Dossier {
    fn of(row: &Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            incoming: row.get("incoming_id")?,
            arrival_number: row.get("arrival_number")?,
            number_and_symbol: crate::incoming::seen::printed(
                &row.get::<String>("number")?,
                &row.get::<String>("symbol")?,
            ),
            sender_name: row.get("sender_name")?,
            unit: row.get("unit_id")?,
            unit_name: row.get("unit_name")?,
            description: row.get("description")?,
            noted_at: row.get("noted_at")?,
            received_by: row.get("received_by_name")?,
            received_at: row.get("received_at")?,
            receipt_note: row.get("receipt_note")?,
        })
    }

    /// Who confirmed it and when, or that nobody did.
    pub fn receipt(&self) -> String {
        match (&self.received_by, self.received_at) {
            (Some(who), Some(at)) => format!("{who} xác nhận lúc {}", format::moment(at)),
            _ => "Chờ đơn vị xác nhận".to_owned(),
        }
    }

    /// When it was handed over, as it is shown.
    pub fn handed_over(&self) -> String {
        format::moment(self.noted_at)
    }

    /// Số đến as it is printed.
    pub fn number(&self) -> String {
        self.arrival_number
            .map(|number| format!("{number:02}"))
            .unwrap_or_default()
    }
}

/// Units of the agency, to choose from.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn units(app: &App, who: &Who) -> AppResult<Vec<Choice>> {
    let rows = app
        .db
        .all(
            sql!("SELECT id, name FROM unit WHERE agency_id = $1 AND (valid_to IS NULL OR valid_to >= $2) ORDER BY sort, id"),
            args![who.agency(), app.clock.today()],
        )
        .await?;
    let choice = |row: &Row| {
        Ok(Choice::new(
            row.get::<Uuid>("id")?.to_string(),
            row.get::<String>("name")?,
        ))
    };
    Ok(rows.iter().map(choice).collect::<store::Result<_>>()?)
}

/// The dossiers of a document.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn of_document(app: &App, id: IncomingId) -> AppResult<Vec<Dossier>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT s.id, s.incoming_id, s.unit_id, s.description, s.noted_at, s.received_at, s.receipt_note, d.arrival_number, \
                 d.number, d.symbol, d.sender_name, u.name AS unit_name, a.full_name AS received_by_name \
                 FROM direct_dossier s JOIN incoming d ON d.id = s.incoming_id JOIN unit u ON u.id = s.unit_id \
                 LEFT JOIN post p ON p.id = s.received_by LEFT JOIN account a ON a.id = p.account_id \
                 WHERE s.incoming_id = $1 ORDER BY s.id"
            ),
            args![id],
        )
        .await?;
    Ok(rows.iter().map(Dossier::of).collect::<store::Result<_>>()?)
}

/// Clerks and leaders see what came to the agency.
fn sees_all(who: &Who) -> bool {
    who.is_clerk() || who.actor.leads(who.agency())
}

/// Those that this person may see: clerks and leaders those of the agency, others those of their unit; newest first.
async fn seen(app: &App, who: &Who) -> AppResult<Vec<Dossier>> {
    let everywhere = sees_all(who);
    let rows = app
        .db
        .all(
            sql!(
                "SELECT s.id, s.incoming_id, s.unit_id, s.description, s.noted_at, s.received_at, s.receipt_note, d.arrival_number, \
                 d.number, d.symbol, d.sender_name, u.name AS unit_name, a.full_name AS received_by_name \
                 FROM direct_dossier s JOIN incoming d ON d.id = s.incoming_id JOIN unit u ON u.id = s.unit_id \
                 LEFT JOIN post p ON p.id = s.received_by LEFT JOIN account a ON a.id = p.account_id \
                 WHERE s.agency_id = $1 AND ($2 = 1 OR s.unit_id = $3) ORDER BY s.id DESC LIMIT $4"
            ),
            args![who.agency(), i64::from(everywhere), who.unit(), MOST],
        )
        .await?;
    Ok(rows.iter().map(Dossier::of).collect::<store::Result<_>>()?)
}

/// Notes a dossier within the act that registers its document, or within one of its own.
///
/// # Errors
/// The refusals of [`note_dossier`].
pub(in crate::incoming) async fn save(
    act: &mut Act,
    who: &Who,
    id: IncomingId,
    is_registered: bool,
    unit: Option<UnitId>,
    description: &str,
) -> AppResult<Uuid> {
    let of = match unit {
        Some(unit) => {
            let today = act.today();
            act.opt(
                sql!("SELECT agency_id FROM unit WHERE id = $1 AND (valid_to IS NULL OR valid_to >= $2)"),
                args![unit, today],
            )
            .await?
            .map(|row| row.get::<AgencyId>("agency_id"))
            .transpose()?
        }
        None => None,
    };
    note_dossier(&who.actor, who.agency(), is_registered, of, description)?;
    let (dossier, now) = (act.new_id(), act.now());
    act.run(
        sql!(
            "INSERT INTO direct_dossier (id, incoming_id, agency_id, unit_id, description, noted_by, noted_at, receipt_note) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, '')"
        ),
        args![dossier, id, who.agency(), unit, description, who.post(), now],
    )
    .await?;
    Ok(dossier)
}

/// The dossier of an act.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct DossierNoted {
    /// Its id.
    pub id: Uuid,
}

/// Notes a dossier of a document that is registered.
///
/// # Errors
/// The refusals of [`note_dossier`]; [`AppError::NotFound`] for a document that is not visible.
pub async fn note(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: NoteDossier,
) -> AppResult<DossierNoted> {
    let attempt = Attempt {
        act: act_names::NOTE_DOSSIER,
        doing: "ghi hồ sơ kèm theo chuyển trực tiếp",
        object_kind: "incoming",
        object: Some(id.as_uuid()),
        file: None,
    };
    let noted = note_checked(app, who, command, id, data).await;
    state_secret::journal_refusal(app, who, attempt, noted).await
}

async fn note_checked(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: NoteDossier,
) -> AppResult<DossierNoted> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::View).await?;
    let description = clean(&data.dossier_description);
    refuse_state_secret(&SecretMarks {
        texts: &[&description],
        ..SecretMarks::default()
    })?;
    let is_registered = doc.facts.state.is_registered() && doc.facts.state.is_open();
    let dossier = save(&mut act, who, id, is_registered, data.dossier_unit, &description).await?;
    act.journal(Entry {
        act: act_names::NOTE_DOSSIER,
        object_kind: "incoming",
        object: id.as_uuid(),
        agency: None,
        summary: format!("Chuyển trực tiếp hồ sơ kèm theo cho đơn vị: {description}"),
        details: json!({ "dossier": dossier, "unit": data.dossier_unit, "note": description }),
    })
    .await?;
    let answer = DossierNoted { id: dossier };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// The unit confirms that it has a dossier.
///
/// # Errors
/// The refusals of [`receive_dossier`]; [`AppError::NotFound`] for a dossier of another agency.
pub async fn receive(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Uuid,
    data: ReceiveDossier,
) -> AppResult<DossierNoted> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let row = act
        .opt(
            sql!(
                "UPDATE direct_dossier SET receipt_note = receipt_note WHERE id = $1 AND agency_id = $2 \
                 RETURNING incoming_id, agency_id, unit_id, received_at"
            ),
            args![id, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    receive_dossier(
        &who.actor,
        &DossierFacts {
            agency: row.get("agency_id")?,
            unit: row.get("unit_id")?,
            is_received: row.get::<Option<Timestamp>>("received_at")?.is_some(),
        },
    )?;
    let (note, now) = (clean(&data.note), act.now());
    act.run(
        sql!("UPDATE direct_dossier SET received_by = $2, received_at = $3, receipt_note = $4 WHERE id = $1"),
        args![id, who.post(), now, note.as_str()],
    )
    .await?;
    let said = if note.is_empty() {
        "đủ theo danh mục chuyển"
    } else {
        note.as_str()
    };
    act.journal(Entry {
        act: act_names::RECEIVE_DOSSIER,
        object_kind: "incoming",
        object: row.get("incoming_id")?,
        agency: None,
        summary: format!("Đã nhận hồ sơ kèm theo chuyển trực tiếp: {said}"),
        details: json!({ "dossier": id, "note": note }),
    })
    .await?;
    let answer = DossierNoted { id };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// Dossiers that went straight to a unit: of the agency for clerks and leaders, of their unit for others.
#[utoipa::path(get, path = "/api/v1/incoming/dossiers", tag = "incoming",
    responses((status = 200, body = [Dossier])))]
pub async fn api_list(State(app): State<App>, who: Who) -> AppResult<Json<Vec<Dossier>>> {
    Ok(Json(seen(&app, &who).await?))
}

/// Notes that a dossier of a registered document goes straight to a unit.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/dossiers", tag = "incoming", params(("id" = Uuid, Path)), request_body = NoteDossier,
    responses((status = 200, body = DossierNoted), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api_note(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<NoteDossier>,
) -> AppResult<Json<DossierNoted>> {
    Ok(Json(
        note(&app, &command.who, command.command, id, command.data).await?,
    ))
}

/// Confirms, for the own unit, that a dossier is there.
#[utoipa::path(post, path = "/api/v1/incoming/dossiers/{id}/receive", tag = "incoming", params(("id" = Uuid, Path)), request_body = ReceiveDossier,
    responses((status = 200, body = DossierNoted), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api_receive(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    command: api::Command<ReceiveDossier>,
) -> AppResult<Json<DossierNoted>> {
    Ok(Json(
        receive(&app, &command.who, command.command, id, command.data).await?,
    ))
}
