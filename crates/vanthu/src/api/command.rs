//! A command of the API: who, which, and what.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
};
use rules::ids::CommandId;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    context::{App, Who},
    documents::state_secret,
    error::AppError,
    web::{fingerprint, is_text, route_of},
};

/// A JSON command of somebody with a token. The header `Command-Id` (a UUID) makes it safe to send again: the same
/// id has one effect and gets the same answer; with another address or body it is refused.
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
        let path = parts.uri.path().to_owned();
        let route = route_of(&parts);
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|_| AppError::BadInput("Nội dung gửi quá lớn hoặc bị đứt giữa chừng.".to_owned()))?;
        let command = CommandId::sent(command, fingerprint(&path, &bytes));
        // An act without fields may come without a body.
        let bytes: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let unreadable =
            |error: serde_json::Error| AppError::BadInput(format!("JSON không đúng dạng: {error}."));
        let body: Value = serde_json::from_slice(bytes).map_err(unreadable)?;
        let mut texts = Vec::new();
        collect_texts(&body, &mut texts);
        state_secret::at_the_door(app, &who, &route, &texts).await?;
        let data = serde_json::from_slice(bytes).map_err(unreadable)?;
        Ok(Self { who, command, data })
    }
}

/// Every text of a body, however deep.
fn collect_texts<'a>(body: &'a Value, texts: &mut Vec<&'a str>) {
    match body {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| is_text(name))
            .for_each(|(_, value)| collect_texts(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::json;

    use crate::testing::Office;

    #[tokio::test]
    async fn the_same_command_id_with_another_request_is_refused_and_does_nothing() {
        let office = Office::new().await;
        let administrator = office.person("tupa.stttt").await;
        let (one, other) = (
            office.person("annv.stttt").await,
            office.person("longhd.stttt").await,
        );
        let command = office.app.ids.next();
        let close = |of: uuid::Uuid| format!("/api/v1/accounts/{of}/close");
        let body = json!({ "reason": "Nghỉ hưu" });
        let first = administrator
            .api_command(&close(one.account.as_uuid()), command, &body)
            .await
            .ok();
        let again = administrator
            .api_command(&close(one.account.as_uuid()), command, &body)
            .await
            .ok();
        assert_eq!(again.text, first.text);
        for (path, body) in [
            (close(other.account.as_uuid()), body.clone()),
            (
                close(one.account.as_uuid()),
                json!({ "reason": "Chuyển công tác" }),
            ),
            (format!("/api/v1/accounts/{}/unlock", one.account), json!({})),
        ] {
            let reused = administrator.api_command(&path, command, &body).await;
            assert_eq!(reused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert_eq!(reused.json()["code"], "command_reused");
        }
        other.get("/").await.ok();
        assert!(one.get("/").await.location.starts_with("/sign-in"));
    }
}
