//! A command of the API: who, which, and what.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
};
use rules::ids::CommandId;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    context::{App, Who},
    error::AppError,
};

/// A JSON command of somebody with a token. The header `Command-Id` (a UUID) makes it safe to send again: the same
/// id has one effect and gets the same answer.
#[derive(Debug)]
pub struct Command<T> {
    /// Who sent it.
    pub who: Who,
    /// Which command it is.
    pub command: CommandId,
    /// The body.
    pub data: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Command<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, AppError> {
        let (mut parts, body) = request.into_parts();
        let who = Who::from_request_parts(&mut parts, app).await?;
        let command = match parts.headers.get("command-id") {
            None => app.ids.next(),
            Some(id) => id
                .to_str()
                .ok()
                .and_then(|id| id.parse::<Uuid>().ok())
                .ok_or_else(|| AppError::BadInput("Command-Id phải là một UUID.".to_owned()))?,
        };
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|_| AppError::BadInput("Nội dung gửi quá lớn hoặc bị đứt giữa chừng.".to_owned()))?;
        // An act without fields may come without a body.
        let bytes: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let data = serde_json::from_slice(bytes)
            .map_err(|error| AppError::BadInput(format!("JSON không đúng dạng: {error}.")))?;
        Ok(Self {
            who,
            command: CommandId::from_uuid(command),
            data,
        })
    }
}
