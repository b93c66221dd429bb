//! Small files of a form, kept in memory: certificates, revocation lists, images. Documents go another way
//! ([`crate::documents`]): they are streamed, inspected and kept.

use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use rules::ids::CommandId;
use serde::de::DeserializeOwned;

use super::forms::{clean, command_of, route_of, texts_of};
use crate::{
    context::{App, Who},
    documents::state_secret,
    error::{AppError, AppResult},
};

/// A text field is not longer than this, in bytes.
const MAX_FIELD: usize = 64 * 1024;
/// More fields than this has no form of ours.
const MAX_FIELDS: usize = 100;

/// A file of a form, in memory.
#[derive(Debug, Clone)]
pub struct SmallFile {
    /// The field it came in.
    pub field: String,
    /// Its name, as the browser says.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A form with small files, sent from one of our pages by somebody signed in. All of it together is not larger than a form
/// without files (`routes::FORM_LIMIT`).
#[derive(Debug)]
pub struct SmallFiles<T> {
    /// Who sent it.
    pub who: Who,
    /// The command.
    pub command: CommandId,
    /// The text fields.
    pub data: T,
    files: Vec<SmallFile>,
}

impl<T> SmallFiles<T> {
    /// The file that came in `field`, if one was chosen.
    pub fn file(&self, field: &str) -> Option<&SmallFile> {
        self.files.iter().find(|file| file.field == field)
    }
}

impl<T: DeserializeOwned> FromRequest<App> for SmallFiles<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, AppError> {
        let (mut parts, body) = request.into_parts();
        let who = Who::from_request_parts(&mut parts, app).await?;
        let path = parts.uri.path().to_owned();
        let route = route_of(&parts);
        let form = Multipart::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|_| unreadable())?;
        let (fields, files) = read(form, &who.csrf).await?;
        state_secret::at_the_door(app, &who, &route, &texts_of(&fields)).await?;
        let encoded = serde_html_form::to_string(&fields).map_err(anyhow::Error::from)?;
        let data = serde_html_form::from_str(&encoded).map_err(|error| {
            tracing::debug!(%error, "a form that cannot be read");
            unreadable()
        })?;
        let page = fields
            .iter()
            .find(|(name, _)| name == "command_id")
            .and_then(|(_, id)| id.parse().ok())
            .unwrap_or_else(|| app.ids.next());
        let mut content = encoded.into_bytes();
        for file in &files {
            content.extend_from_slice(file.field.as_bytes());
            content.push(0);
            content.extend_from_slice(&file.bytes);
        }
        Ok(Self {
            who,
            command: command_of(page, &path, &content),
            data,
            files,
        })
    }
}

type Read = (Vec<(String, String)>, Vec<SmallFile>);

async fn read(mut form: Multipart, csrf: &str) -> AppResult<Read> {
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    let too_large = |_| {
        AppError::BadInput(
            "Tệp quá lớn hoặc việc gửi bị đứt giữa chừng. Tệp chứng thư, danh sách thu hồi, hình ảnh không quá 4 MB; danh mục không quá 32 MB."
                .to_owned(),
        )
    };
    while let Some(field) = form.next_field().await.map_err(too_large)? {
        if fields.len() + files.len() >= MAX_FIELDS {
            return Err(unreadable());
        }
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(too_large)?;
        match file {
            Some(file) if !file.is_empty() => files.push(SmallFile {
                field: name,
                name: clean(&file),
                bytes: bytes.to_vec(),
            }),
            Some(_) => {}
            None if bytes.len() > MAX_FIELD => return Err(unreadable()),
            None => fields.push((name, clean(&String::from_utf8_lossy(&bytes)))),
        }
    }
    let sent = fields
        .iter()
        .find(|(name, _)| name == "csrf")
        .map(|(_, value)| value.as_str());
    if csrf.is_empty() || sent != Some(csrf) {
        return Err(AppError::CrossSite);
    }
    Ok((fields, files))
}

fn unreadable() -> AppError {
    AppError::BadInput(
        "Biểu mẫu có ô để trống hoặc không đọc được. Tải lại trang, kiểm tra từng ô rồi gửi lại.".to_owned(),
    )
}
