//! Đọc thông tin văn bản từ tệp: number, day, agency, kind, subject and signer of a PDF with a text layer, as a proposal for the
//! form of registration (CN-106). Like every look into a foreign file it happens in a process with little memory and time.

use axum::{
    Json,
    extract::{Path, State},
};
use rules::{Refusal, document_types, ids::FileId, incoming::RegistrationField};
use serde::Serialize;
use store::{args, sql};
use the_thuc::reading::{Certainty, ReadField, ReadFields, ReadLimits, Unreadable, read_pdf};
use utoipa::ToSchema;

use super::{inspector::LIMITS, sets};
use crate::{
    confined,
    context::{App, Who},
    error::{AppError, AppResult},
};

/// Word by which the program is told to be the reader of fields; see [`serve_one`].
pub const COMMAND: &str = "read-fields";

/// What was read, or why nothing could be.
pub type Reading = Result<ReadFields, Unreadable>;

/// Reads the fields of a file that this person brought.
///
/// # Errors
/// [`AppError::NotFound`] for a file of somebody else; when no process can be started or the store fails.
pub async fn fields_of(app: &App, who: &Who, id: FileId) -> AppResult<Reading> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT id, sha256, name, media_type, size, pages FROM file WHERE id = $1 AND account_id = $2 \
                 AND agency_id = $3"
            ),
            args![id, who.account(), who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let file = sets::stored(&row)?;
    if file.media_type.starts_with("image/") {
        return Ok(Err(Unreadable::NoText));
    }
    if file.media_type != "application/pdf" {
        return Ok(Err(Unreadable::Damaged));
    }
    let content = app.blobs.read(file.digest).await?;
    let Some(program) = app.program() else {
        return app.heavy(move |_| read(&content)).await;
    };
    let _permit = app.heavy.acquire().await.map_err(anyhow::Error::from)?;
    let read = confined::ask(program.clone(), &[COMMAND], LIMITS, content).await?;
    Ok(read.unwrap_or_else(|| {
        tracing::warn!(file = %id, "the fields of a file could not be read within the limits");
        Err(Unreadable::TooLarge)
    }))
}

fn read(content: &[u8]) -> Reading {
    // The parser is a library over foreign bytes: should it panic, the file cannot be read.
    std::panic::catch_unwind(|| read_pdf(content, &ReadLimits::default())).unwrap_or(Err(Unreadable::Damaged))
}

/// The reader's side: limits itself, reads the file from the standard input, tells what it read as JSON.
///
/// # Errors
/// When the pipes break; then the caller takes the file for unreadable.
pub fn serve_one() -> anyhow::Result<()> {
    confined::limit(LIMITS)?;
    confined::tell(&read(&confined::file()?))
}

/// One field that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldRead {
    /// The field of the form of registration, named as in `POST /api/v1/incoming/paper`: `number`, `issued_on` …
    #[schema(value_type = String)]
    pub field: RegistrationField,
    /// The value, as that form takes it.
    pub value: String,
    /// How sure the reader is: `sure`, `likely`, `guess`.
    #[schema(value_type = String)]
    pub certainty: Certainty,
}

/// What was read, in the words of the form of registration.
pub fn as_form(fields: &ReadFields) -> Vec<FieldRead> {
    fn take<T>(
        found: &mut Vec<FieldRead>,
        field: RegistrationField,
        read: Option<&ReadField<T>>,
        text: impl Fn(&T) -> String,
    ) {
        if let Some(read) = read {
            let value = text(&read.value).split_whitespace().collect::<Vec<_>>().join(" ");
            if !value.is_empty() {
                found.push(FieldRead {
                    field,
                    value,
                    certainty: read.certainty,
                });
            }
        }
    }
    use RegistrationField as Field;
    let mut found = Vec::new();
    take(&mut found, Field::Sender, fields.agency.as_ref(), String::clone);
    take(&mut found, Field::Number, fields.number.as_ref(), String::clone);
    take(&mut found, Field::Symbol, fields.symbol.as_ref(), String::clone);
    take(
        &mut found,
        Field::IssuedOn,
        fields.issued_on.as_ref(),
        ToString::to_string,
    );
    let kind = fields
        .document_type
        .as_ref()
        .filter(|kind| document_types::by_key(&kind.value).is_some());
    take(&mut found, Field::DocumentType, kind, String::clone);
    take(&mut found, Field::Subject, fields.subject.as_ref(), String::clone);
    take(&mut found, Field::Urgency, fields.urgency.as_ref(), |mark| {
        mark.as_str().to_owned()
    });
    take(
        &mut found,
        Field::SignerName,
        fields.signer_name.as_ref(),
        String::clone,
    );
    take(
        &mut found,
        Field::SignerTitle,
        fields.signer_title.as_ref(),
        String::clone,
    );
    found
}

/// What was read of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileReading {
    /// The fields that were found; a person checks them before they are registered.
    pub fields: Vec<FieldRead>,
}

/// Reads number, day, agency, kind, subject and signer of a PDF that the caller uploaded: a proposal for its registration.
#[utoipa::path(get, path = "/api/v1/files/{id}/reading", tag = "files", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = FileReading), (status = 404, description = "Không có tệp này"),
        (status = 409, description = "Tệp không có lớp chữ hoặc không đọc được")))]
pub async fn api(State(app): State<App>, who: Who, Path(id): Path<FileId>) -> AppResult<Json<FileReading>> {
    match fields_of(&app, &who, id).await? {
        Ok(fields) => Ok(Json(FileReading {
            fields: as_form(&fields),
        })),
        Err(reason) => Err(Refusal::new("ND30-22.3b", "file.no_fields", reason.to_string())
            .on("main_file")
            .into()),
    }
}
