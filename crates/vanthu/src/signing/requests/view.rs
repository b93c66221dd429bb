//! A batch as people and programs see it: where it stands, what is to do now, what became of each document.

use jiff::Timestamp;
use rules::signing::{KeyOwner, RequestState};
use serde::Serialize;
use serde_json::Value;
use signing_providers::UserStep;
use store::{args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::row::{self, Batch};
use crate::{context::App, error::AppResult, web::format};

/// One document of a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestLine {
    /// What it is: `outgoing`, `slip` for an answer to a submission slip, `copy` for an electronic copy.
    pub kind: String,
    /// The document, the slip or the copy.
    pub document: Uuid,
    /// Trích yếu, nội dung trình; of a copy what was copied.
    pub subject: String,
    /// Số và ký hiệu, once numbered.
    pub number_and_symbol: Option<String>,
    /// Where it stands: `prepared` … `committed`, `expired`, `rejected`, `cancelled`, `failed`.
    pub state: String,
    /// The same in Vietnamese.
    pub state_label: String,
    /// Why it ended without a signature.
    pub error: Option<String>,
}

/// A request for signatures: one authorisation of one key.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestView {
    /// Its id.
    pub id: Uuid,
    /// `person` or `agency`.
    pub owner: String,
    /// Where it stands.
    pub state: String,
    /// The same in Vietnamese.
    pub state_label: String,
    /// Whether nothing follows any more.
    pub is_final: bool,
    /// After this time no answer is taken, RFC 3339.
    pub expires_at: String,
    /// What the person has to do now: `{"agent": …}`, `{"redirect": "…"}`, `"pin"`, `"otp"`, `{"whole_file": …}`.
    #[schema(value_type = Option<Object>)]
    pub step: Option<Value>,
    /// What the provider said last.
    pub error: Option<String>,
    /// The documents.
    pub documents: Vec<RequestLine>,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) moment: Timestamp,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) round: i64,
}

/// Reads a batch for its person.
///
/// # Errors
/// When the database fails.
pub async fn view(app: &App, batch: &Batch) -> AppResult<RequestView> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT r.subject_kind, r.subject_id, coalesce(o.subject, t.subject, c.source_name, '') AS subject, \
                 coalesce(o.number, c.number) AS number, coalesce(o.symbol, c.symbol) AS symbol, r.state, r.error FROM signing_request r \
                 LEFT JOIN outgoing o ON o.id = r.subject_id AND r.subject_kind = 'outgoing' \
                 LEFT JOIN slip_round t ON t.slip_id = r.subject_id AND t.round = r.version AND r.subject_kind = 'slip' \
                 LEFT JOIN document_copy c ON c.id = r.subject_id AND r.subject_kind = 'copy' WHERE r.batch_id = $1 ORDER BY r.id"
            ),
            args![batch.id],
        )
        .await?;
    let mut documents = Vec::with_capacity(rows.len());
    for row in &rows {
        let state: RequestState = row.parse("state")?;
        let number: Option<u32> = row.get("number")?;
        let symbol: Option<String> = row.get("symbol")?;
        documents.push(RequestLine {
            kind: row.get("subject_kind")?,
            document: row.get("subject_id")?,
            subject: row.get("subject")?,
            number_and_symbol: number
                .zip(symbol)
                .map(|(number, symbol)| rules::numbering::number_and_symbol(number, &symbol)),
            state: state.as_str().to_owned(),
            state_label: state.label().to_owned(),
            error: row.get("error")?,
        });
    }
    Ok(RequestView {
        id: batch.id,
        owner: batch.owner.as_str().to_owned(),
        state: batch.state.as_str().to_owned(),
        state_label: batch.state.label().to_owned(),
        is_final: batch.state.is_final(),
        expires_at: format::machine(batch.expires_at),
        step: batch.step.as_ref().map(serde_json::to_value).transpose()?,
        error: batch.error.clone(),
        documents,
        moment: batch.expires_at,
        round: batch.round,
    })
}

impl RequestView {
    /// Whether it is an answer to a submission slip.
    pub fn is_of_slip(&self) -> bool {
        self.documents.iter().any(RequestLine::is_slip)
    }

    /// Whether it is an electronic copy.
    pub fn is_of_copy(&self) -> bool {
        self.documents.iter().any(RequestLine::is_copy)
    }

    /// What is signed, at the beginning of a sentence.
    pub fn what(&self) -> &'static str {
        if self.is_of_slip() {
            "Phiếu trình"
        } else if self.is_of_copy() {
            "Bản sao điện tử"
        } else {
            "Văn bản"
        }
    }
}

impl RequestLine {
    /// Whether it is an answer to a submission slip.
    pub fn is_slip(&self) -> bool {
        self.kind == "slip"
    }

    /// Whether it is an electronic copy.
    pub fn is_copy(&self) -> bool {
        self.kind == "copy"
    }

    /// The page of the document, the slip or the copy.
    pub fn href(&self) -> String {
        let room = match self.kind.as_str() {
            "slip" => "slips",
            "copy" => "registers/copies",
            _ => "outgoing",
        };
        format!("/{room}/{}", self.document)
    }
}

/// What the waiting page says a batch is.
pub fn heading(owner: KeyOwner, view: &RequestView) -> &'static str {
    match owner {
        _ if view.is_of_slip() => "Ký duyệt phiếu trình",
        _ if view.is_of_copy() => "Ký số bản sao điện tử",
        KeyOwner::Person => "Duyệt và ký số",
        KeyOwner::Agency => "Ký số của cơ quan và phát hành",
    }
}

/// Whether the page shows a form for this step, and which.
pub const fn form_of(step: Option<&UserStep>) -> &'static str {
    match step {
        Some(UserStep::Pin) => "pin",
        Some(UserStep::Otp) => "otp",
        Some(UserStep::Redirect(_)) => "redirect",
        Some(UserStep::Agent(_)) => "agent",
        None => "",
    }
}

/// A batch by its id, read anew.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] when there is none.
pub async fn of(app: &App, id: Uuid) -> AppResult<RequestView> {
    view(app, &row::batch(app, id).await?).await
}
