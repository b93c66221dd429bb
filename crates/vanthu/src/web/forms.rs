//! Forms: who sent them, that they came from our page, and which command they are.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, MatchedPath, Request},
    http::{HeaderMap, header, request::Parts},
};
use rules::ids::CommandId;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::limits::is_loopback;
use crate::{
    context::{App, Who},
    documents::state_secret,
    error::AppError,
};

/// A form sent from one of our pages by somebody signed in.
#[derive(Debug)]
pub struct Submitted<T> {
    /// Who sent it.
    pub who: Who,
    /// The command: the same form sent twice with the same content is the same command.
    pub command: CommandId,
    /// The fields.
    pub data: T,
}

#[derive(Deserialize)]
struct Hidden {
    #[serde(default)]
    csrf: String,
    command_id: Option<Uuid>,
}

impl<T: DeserializeOwned> FromRequest<App> for Submitted<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, AppError> {
        let (mut parts, body) = request.into_parts();
        let who = Who::from_request_parts(&mut parts, app).await?;
        let path = parts.uri.path().to_owned();
        let route = route_of(&parts);
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|_| {
                AppError::BadInput("Biểu mẫu quá lớn hoặc bị đứt giữa chừng. Vui lòng gửi lại.".to_owned())
            })?;
        let hidden: Hidden = parse(&bytes)?;
        if hidden.csrf.is_empty() || hidden.csrf != who.csrf {
            return Err(AppError::CrossSite);
        }
        let fields: Vec<(String, String)> = parse(&bytes)?;
        state_secret::at_the_door(app, &who, &route, &texts_of(&fields)).await?;
        let data = parse(&bytes)?;
        let command = command_of(hidden.command_id.unwrap_or_else(|| app.ids.next()), &path, &bytes);
        Ok(Self { who, command, data })
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    serde_html_form::from_bytes(bytes).map_err(|error| {
        tracing::debug!(%error, "a form that cannot be read");
        AppError::BadInput(
            "Biểu mẫu có ô để trống hoặc không đọc được. Tải lại trang, kiểm tra từng ô rồi gửi lại."
                .to_owned(),
        )
    })
}

/// The route of a request as it is declared: `/incoming/{id}/give-back`.
pub fn route_of(parts: &Parts) -> String {
    parts
        .extensions
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned())
        .unwrap_or_default()
}

/// What was written into the fields of a form.
pub fn texts_of(fields: &[(String, String)]) -> Vec<&str> {
    fields
        .iter()
        .filter(|(name, _)| is_text(name))
        .map(|(_, value)| value.as_str())
        .collect()
}

/// Whether a field may hold what somebody wrote: passwords are nobody's text.
pub fn is_text(field: &str) -> bool {
    !field.contains("password")
}

/// The id that came with the page, bound to the act and to the content: two different acts of one page, or the
/// same form sent again after a correction, are different commands; a double click is one.
pub fn command_of(page: Uuid, path: &str, content: &[u8]) -> CommandId {
    let inner = Uuid::new_v5(&page, path.as_bytes());
    CommandId::sent(Uuid::new_v5(&inner, content), fingerprint(path, content))
}

/// What tells a request sent again from another request: SHA-256 of its path and its content.
pub fn fingerprint(path: &str, content: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(path.as_bytes());
    hasher.update([0]); // no path holds it
    hasher.update(content);
    hasher.finalize().into()
}

/// Refuses a changing request that a browser sent from another site's page.
///
/// # Errors
/// [`AppError::CrossSite`].
pub fn same_site(headers: &HeaderMap, app: &App) -> Result<(), AppError> {
    comes_from_us(headers, &app.settings.server.public_url)
}

/// `public_url` is the one address of the province's installation (Điều 7.1); empty: this machine under its own names.
fn comes_from_us(headers: &HeaderMap, public_url: &str) -> Result<(), AppError> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => return Ok(()),
        Some(_) => return Err(AppError::CrossSite),
        None => {}
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else {
        return Ok(());
    };
    let host = text(header::HOST.as_str()).unwrap_or_default();
    let ours = if public_url.is_empty() {
        origin
            .split_once("://")
            .is_some_and(|(_, authority)| authority == host && is_loopback(host))
    } else {
        origin == public_url
    };
    if ours { Ok(()) } else { Err(AppError::CrossSite) }
}

/// Text as a person meant it: NFC, no NUL and no other control characters but line breaks and tabs, trimmed.
pub fn clean(text: &str) -> String {
    let text: String = viet_text::nfc(text)
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    text.trim().to_owned()
}

/// For optional fields: an empty input is no value.
///
/// # Errors
/// When a value is there but cannot be read.
pub fn blank_as_none<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
    let text = text.trim();
    if text.is_empty() {
        Ok(None)
    } else {
        text.parse().map(Some).map_err(serde::de::Error::custom)
    }
}

/// For a check box: forms send `on` when it is checked and nothing when it is not, programs send `true` or `false`.
///
/// # Errors
/// When it is something else.
pub fn checked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    struct Checked;
    impl serde::de::Visitor<'_> for Checked {
        type Value = bool;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("true, false or on")
        }

        fn visit_bool<E>(self, value: bool) -> Result<bool, E> {
            Ok(value)
        }

        fn visit_str<E>(self, value: &str) -> Result<bool, E> {
            Ok(matches!(value, "on" | "true"))
        }
    }
    deserializer.deserialize_any(Checked)
}

/// For required numbers: an empty input is 0, which the rule refuses with its own sentence; JSON may give the number itself.
///
/// # Errors
/// When a value is there but is no number.
pub fn number_or_blank<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Sent {
        Number(u32),
        Text(String),
    }
    match Sent::deserialize(deserializer)? {
        Sent::Number(number) => Ok(number),
        Sent::Text(text) if text.trim().is_empty() => Ok(0),
        Sent::Text(text) => text.trim().parse().map_err(serde::de::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(of: &[(&'static str, &'static str)]) -> HeaderMap {
        of.iter()
            .map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    header::HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn a_form_without_its_token_is_refused_like_one_with_a_wrong_token() {
        let hidden: Hidden = parse(b"label=x").unwrap();
        assert!(hidden.csrf.is_empty());
        let unreadable = parse::<Hidden>(b"csrf=x&command_id=1").err().unwrap().to_string();
        assert!(!unreadable.contains("UUID") && unreadable.contains("Tải lại trang"));
    }

    #[test]
    fn qc01_7_1_a_form_from_another_address_is_refused() {
        let one = "https://qlvb.daknong.example";
        let ours =
            |sent: &[(&'static str, &'static str)], public| comes_from_us(&headers(sent), public).is_ok();
        assert!(ours(&[("origin", "https://qlvb.daknong.example")], one));
        assert!(!ours(&[("origin", "https://daknong.example")], one));
        assert!(!ours(&[("origin", "http://qlvb.daknong.example")], one));
        // Behind the proxy the host may be another one: only the public address counts.
        assert!(!ours(
            &[("origin", "http://app.internal"), ("host", "app.internal")],
            one
        ));
        // Without a public address only this machine is ours: a name on the net may lead here too.
        assert!(ours(
            &[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")],
            ""
        ));
        assert!(!ours(
            &[("origin", "http://evil.test"), ("host", "evil.test")],
            ""
        ));
        assert!(!ours(
            &[("origin", "http://evil.example"), ("host", "localhost")],
            ""
        ));
        // Browsers that say where a request comes from are believed before the origin.
        assert!(ours(&[("sec-fetch-site", "same-origin")], one));
        assert!(!ours(&[("sec-fetch-site", "cross-site"), ("origin", one)], one));
        assert!(!ours(&[("sec-fetch-site", "same-site")], one));
    }
}
