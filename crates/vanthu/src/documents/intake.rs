//! Every door for files: streamed to the store while hashed, known by content, checked by Điều 8, refused when it
//! carries a state-secret mark (Điều 1.2).

use std::path::Path;

use axum::{
    extract::{FromRequest, FromRequestParts, Multipart, Request, multipart::Field},
    http::StatusCode,
};
use rules::{
    file_rules::{self, ContentKind, FilePart, FileToCheck},
    ids::{AccountId, AgencyId, CommandId, FileId},
    secrecy::{SecretMarks, refuse_state_secret},
};
use serde::{Serialize, de::DeserializeOwned};
use store::{Blob, BlobWriter, Digest, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    inspector, scans,
    state_secret::{self, Attempt},
    text,
};
use crate::{
    act_names,
    context::{App, Who},
    error::{AppError, AppResult},
    web::{clean, command_of},
};

/// A file in the store, by its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its id.
    pub id: FileId,
    /// Its name, by Điều 8.4.
    pub name: String,
    /// What it is, by content.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256 of the content.
    pub digest: Digest,
    /// Pages of a PDF.
    pub pages: Option<i64>,
}

/// A stored file, as the API tells it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileInfo {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it is, by content.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256, hex.
    pub sha256: String,
    /// Pages of a PDF.
    pub pages: Option<i64>,
}

impl From<&StoredFile> for FileInfo {
    fn from(file: &StoredFile) -> Self {
        Self {
            id: file.id.as_uuid(),
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size: file.size,
            sha256: file.digest.to_string(),
            pages: file.pages,
        }
    }
}

/// A form with files, sent from one of our pages by somebody signed in.
#[derive(Debug)]
pub struct Upload {
    /// Who sent it.
    pub who: Who,
    /// Which command it is: the same page, fields and files are the same command.
    pub command: CommandId,
    /// The text fields, in order.
    pub fields: Vec<(String, String)>,
    /// The stored files with the form field they came in. Empty file inputs are left out.
    pub files: Vec<(String, StoredFile)>,
    /// Why a file was not taken; the other fields are kept so that the form can be shown again.
    pub refused: Option<rules::Refusal>,
}

/// Text fields of one form are never more than this.
const MAX_FIELD: usize = 2 * 1024 * 1024;
/// Files of one form.
const MAX_FILES: usize = 50;

impl FromRequest<App> for Upload {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, AppError> {
        let (mut parts, body) = request.into_parts();
        let who = Who::from_request_parts(&mut parts, app).await?;
        let path = parts.uri.path().to_owned();
        let form = Multipart::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|_| {
                AppError::BadInput("Biểu mẫu không đúng dạng. Tải lại trang rồi gửi lại.".to_owned())
            })?;
        let read = read_form(app, &who, form, Some(&who.csrf)).await?;
        let page = read
            .field("command_id")
            .and_then(|id| id.parse().ok())
            .unwrap_or_else(|| app.ids.next());
        let command = command_of(page, &path, &read.fingerprint());
        Ok(Self {
            who,
            command,
            fields: read.fields,
            files: read.files,
            refused: read.refused,
        })
    }
}

impl Upload {
    /// The text fields in the form's own type.
    ///
    /// # Errors
    /// [`AppError::BadInput`] when a field cannot be read.
    pub fn form<T: DeserializeOwned>(&self) -> AppResult<T> {
        let encoded = serde_html_form::to_string(&self.fields).map_err(anyhow::Error::from)?;
        serde_html_form::from_str(&encoded).map_err(|error| {
            tracing::debug!(%error, "a form that cannot be read");
            AppError::BadInput(
                "Biểu mẫu có ô để trống hoặc không đọc được. Tải lại trang, kiểm tra từng ô rồi gửi lại."
                    .to_owned(),
            )
        })
    }

    /// Files that came in the form field `field`.
    pub fn files_in<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a StoredFile> {
        self.files
            .iter()
            .filter(move |(name, _)| name == field)
            .map(|(_, file)| file)
    }
}

/// What was read of a multipart form.
pub struct ReadForm {
    /// Text fields.
    pub fields: Vec<(String, String)>,
    /// Files.
    pub files: Vec<(String, StoredFile)>,
    /// The first refused file.
    pub refused: Option<rules::Refusal>,
}

impl ReadForm {
    fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    fn fingerprint(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (field, value) in &self.fields {
            bytes.extend_from_slice(field.as_bytes());
            bytes.push(0);
            bytes.extend_from_slice(value.as_bytes());
            bytes.push(0);
        }
        for (field, file) in &self.files {
            bytes.extend_from_slice(field.as_bytes());
            bytes.extend_from_slice(file.digest.as_bytes());
        }
        bytes
    }
}

/// Reads a multipart form. With `csrf`, the token must come before the first file, so that a forged form stores
/// nothing.
pub async fn read_form(app: &App, who: &Who, mut form: Multipart, csrf: Option<&str>) -> AppResult<ReadForm> {
    let mut read = ReadForm {
        fields: Vec::new(),
        files: Vec::new(),
        refused: None,
    };
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            AppError::BadInput(
                "Các tệp gửi cùng lúc quá lớn. Gửi ít tệp hơn mỗi lần; mỗi tệp không quá 50 MB.".to_owned(),
            )
        } else {
            AppError::BadInput("Việc gửi bị đứt giữa chừng. Vui lòng gửi lại.".to_owned())
        }
    };
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file_name) = field.file_name().map(str::to_owned) else {
            let value = read_text(&mut field).await?;
            read.fields.push((name, value));
            continue;
        };
        if csrf.is_some_and(|csrf| csrf.is_empty() || read.field("csrf") != Some(csrf)) {
            return Err(AppError::CrossSite);
        }
        if file_name.is_empty() {
            continue;
        }
        if read.files.len() == MAX_FILES {
            return Err(AppError::BadInput(format!(
                "Mỗi lần gửi không quá {MAX_FILES} tệp."
            )));
        }
        let corrects = read.field("correct_names") != Some("off");
        match store_field(app, who, &file_name, corrects, field).await {
            Ok(file) => read.files.push((name, file)),
            Err(AppError::Refused(refusal)) => read.refused = read.refused.or(Some(refusal)),
            Err(error) => return Err(error),
        }
    }
    if csrf.is_some_and(|csrf| csrf.is_empty() || read.field("csrf") != Some(csrf)) {
        return Err(AppError::CrossSite);
    }
    Ok(read)
}

async fn read_text(field: &mut Field<'_>) -> AppResult<String> {
    let cut = || AppError::BadInput("Biểu mẫu quá lớn hoặc bị đứt giữa chừng. Vui lòng gửi lại.".to_owned());
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| cut())? {
        if bytes.len() + chunk.len() > MAX_FIELD {
            return Err(cut());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(clean(&String::from_utf8_lossy(&bytes)))
}

async fn store_field(
    app: &App,
    who: &Who,
    name: &str,
    corrects: bool,
    mut field: Field<'_>,
) -> AppResult<StoredFile> {
    let mut writer = app.blobs.writer().await?;
    while let Some(chunk) = field
        .chunk()
        .await
        .map_err(|_| AppError::BadInput("Việc gửi tệp bị đứt giữa chừng. Vui lòng gửi lại.".to_owned()))?
    {
        writer.write(&chunk).await?;
        // Refused as soon as it is too large, not after 5 GB.
        if writer.size() > file_rules::MAX_FILE_BYTES {
            file_rules::check_size(writer.size())?;
        }
    }
    file_rules::check_size(writer.size())?;
    take(app, who, name, corrects, writer).await
}

/// Takes written bytes in as a file: their content is recognised, Điều 8 checked, state-secret marks refused. What is
/// refused never enters the store.
///
/// With `corrects`, a name that breaks Điều 8.4 is replaced by the corrected one; otherwise it is refused with the
/// corrected name offered.
///
/// # Errors
/// A refusal of the file rules, or a failure of the store.
pub async fn take(
    app: &App,
    who: &Who,
    name: &str,
    corrects: bool,
    mut writer: BlobWriter,
) -> AppResult<StoredFile> {
    let name = clean(name.rsplit(['/', '\\']).next().unwrap_or(name));
    let (digest, content) = writer.read_back().await?;
    let checked = check(app, &name, corrects, content, writer.size()).await;
    let attempt = Attempt {
        act: act_names::UPLOAD,
        doing: "gửi tệp lên",
        object_kind: "file",
        object: None,
        file: Some((&name, digest)),
    };
    let (name, seen) = state_secret::journal_refusal(app, who, attempt, checked).await?;
    let blob = writer.finish().await?;
    let owner = Owner {
        account: Some(who.account()),
        agency: who.agency(),
    };
    record(app, owner, name, seen, blob).await
}

/// Takes in a file that a message of another system brought for `agency`, by the rules of uploads. A name that breaks Điều 8.4
/// is corrected: its sender is not here to be asked.
///
/// # Errors
/// A refusal of the file rules, which the caller tells; a failure of the store.
pub async fn take_delivered(app: &App, agency: AgencyId, name: &str, path: &Path) -> AppResult<StoredFile> {
    let name = clean(name.rsplit(['/', '\\']).next().unwrap_or(name));
    file_rules::check_size(tokio::fs::metadata(path).await?.len())?;
    let content = tokio::fs::read(path).await?;
    let mut writer = app.blobs.writer().await?;
    writer.write(&content).await?;
    let size = writer.size();
    let (name, seen) = check(app, &name, true, content, size).await?;
    let blob = writer.finish().await?;
    let owner = Owner {
        account: None,
        agency,
    };
    record(app, owner, name, seen, blob).await
}

/// Refuses a file with a mark of state secrecy that is only looked at and not kept; the attempt is in the journal. A file
/// that cannot be read bears no readable mark, and nothing of it stays.
///
/// # Errors
/// The refusal; when no process can be started or the database fails.
pub async fn refuse_marks(
    app: &App,
    who: &Who,
    name: &str,
    digest: Digest,
    content: Vec<u8>,
) -> AppResult<()> {
    let name = clean(name.rsplit(['/', '\\']).next().unwrap_or(name));
    let looked = marks_of(app, &name, content).await;
    let attempt = Attempt {
        act: act_names::UPLOAD,
        doing: "gửi tệp lên để kiểm tra chữ ký số",
        object_kind: "file",
        object: None,
        file: Some((&name, digest)),
    };
    state_secret::journal_refusal(app, who, attempt, looked).await
}

async fn marks_of(app: &App, name: &str, content: Vec<u8>) -> AppResult<()> {
    refuse_state_secret(&SecretMarks {
        file_names: &[name],
        ..SecretMarks::default()
    })?;
    let seen = inspector::inspect(app, name, content).await?;
    let texts: Vec<&str> = seen.texts.iter().map(String::as_str).collect();
    refuse_state_secret(&SecretMarks {
        texts: &texts,
        ..SecretMarks::default()
    })?;
    Ok(())
}

/// The name under which a file is kept, and what was seen in it.
async fn check(
    app: &App,
    name: &str,
    corrects: bool,
    content: Vec<u8>,
    size: u64,
) -> AppResult<(String, text::Seen)> {
    refuse_state_secret(&SecretMarks {
        file_names: &[name],
        ..SecretMarks::default()
    })?;
    let seen = inspector::inspect(app, name, content).await?;
    file_rules::check_readable(!seen.unreadable)?;
    let name = match file_rules::check_name(name) {
        Err(offer) if corrects => offer.proposed,
        Err(offer) => return Err(offer.refusal.into()),
        Ok(()) => name.to_owned(),
    };
    let check = FileToCheck {
        name: &name,
        bytes: size,
        content: ContentKind::from_media_type(&seen.media_type),
        part: FilePart::Attachment,
        on: app.clock.today(),
    };
    file_rules::check_file(&check).map_err(rules::Refusal::from)?;
    let texts: Vec<&str> = seen.texts.iter().map(String::as_str).collect();
    refuse_state_secret(&SecretMarks {
        texts: &texts,
        ..SecretMarks::default()
    })?;
    Ok((name, seen))
}

/// Whose a file is.
struct Owner {
    account: Option<AccountId>,
    agency: AgencyId,
}

/// Notes a file of the store. The row is bookkeeping: it has no meaning until an act puts it into a set.
async fn record(
    app: &App,
    owner: Owner,
    name: String,
    seen: text::Seen,
    blob: Blob,
) -> AppResult<StoredFile> {
    let faults = scans::faults(&seen);
    let text::Seen {
        media_type, pages, ..
    } = seen;
    let id = FileId::from_uuid(app.ids.next());
    let size = i64::try_from(blob.size).map_err(anyhow::Error::from)?;
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!(
            "INSERT INTO file (id, sha256, name, media_type, size, pages, account_id, agency_id, created_at, scan_faults) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        args![
            id,
            blob.digest.as_bytes(),
            name.as_str(),
            media_type.as_str(),
            size,
            pages,
            owner.account,
            owner.agency,
            app.clock.now(),
            faults.map(|faults| serde_json::to_string(&faults)).transpose()?,
        ],
    )
    .await?;
    tx.commit().await?;
    Ok(StoredFile {
        id,
        name,
        media_type,
        size,
        digest: blob.digest,
        pages,
    })
}
