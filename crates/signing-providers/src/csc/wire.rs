//! Calls to a CSC service: addresses, access tokens, errors.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

use crate::config::{CscAccess, CscConfig, CscOauth};
use crate::{ProviderError, Secret, SecretSource, transport};

/// JSON with a chain of certificates or fifty signatures is far below this.
const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// A token is renewed a little before it ends.
const EARLY: Duration = Duration::from_secs(30);

/// How calls are let in, with the secrets themselves.
enum Access {
    Token(Secret),
    Client {
        url: Url,
        id: String,
        secret: Secret,
        scope: Option<String>,
    },
    Person,
    Login {
        url: Url,
        id: String,
        secret: Secret,
        profile: String,
    },
}

/// What the person's own page of the service needs.
pub(super) struct Oauth {
    pub authorize: Url,
    token: Url,
    pub client_id: String,
    pub secret: Option<Secret>,
    pub redirect_uri: String,
}

pub(super) struct Wire {
    client: Client,
    base: String,
    access: Access,
    pub oauth: Option<Oauth>,
    tokens: Mutex<HashMap<String, (Secret, Instant)>>,
}

/// Who calls: the person's own token, and the name at the service.
#[derive(Clone, Copy, Default)]
pub(super) struct Caller<'a> {
    pub user: Option<&'a str>,
    pub authorization: Option<&'a Secret>,
}

impl Wire {
    pub fn open(config: &CscConfig, secrets: &dyn SecretSource) -> Result<Self, ProviderError> {
        let url = |text: &str| transport::secure_url(text, config.allow_loopback_http);
        let secret = |name: &str| {
            secrets
                .secret(name)
                .ok_or_else(|| ProviderError::Config(format!("csc: không có bí mật “{name}”")))
        };
        let base = url(&config.base)?;
        if base.query().is_some() || base.fragment().is_some() {
            return Err(ProviderError::Config(
                "csc: base không được có tham số".to_owned(),
            ));
        }
        let access = match &config.access {
            CscAccess::Token { token_secret } => Access::Token(secret(token_secret)?),
            CscAccess::Client {
                token_url,
                client_id,
                client_secret,
                scope,
            } => Access::Client {
                url: url(token_url)?,
                id: client_id.clone(),
                secret: secret(client_secret)?,
                scope: scope.clone(),
            },
            CscAccess::Person => Access::Person,
            CscAccess::Login {
                login_url,
                client_id,
                client_secret,
                profile_id,
            } => Access::Login {
                url: url(login_url)?,
                id: client_id.clone(),
                secret: secret(client_secret)?,
                profile: profile_id.clone(),
            },
        };
        let oauth = |o: &CscOauth| {
            Ok::<_, ProviderError>(Oauth {
                authorize: url(&o.authorize_url)?,
                token: url(&o.token_url)?,
                client_id: o.client_id.clone(),
                secret: o.client_secret.as_deref().map(secret).transpose()?,
                redirect_uri: o.redirect_uri.clone(),
            })
        };
        let timeout = Duration::from_secs(config.timeout_seconds.clamp(1, 300));
        Ok(Self {
            client: transport::build(transport::builder(config.ca_file.as_deref(), timeout)?)?,
            base: base.as_str().trim_end_matches('/').to_owned(),
            access,
            oauth: config.oauth.as_ref().map(oauth).transpose()?,
            tokens: Mutex::default(),
        })
    }

    /// Whether each person has an own token here, named by `user`.
    pub fn is_by_user(&self) -> bool {
        matches!(self.access, Access::Login { .. })
    }

    /// Whether [`crate::HashRequest::authorization`] is an access token rather than a PIN.
    pub fn takes_persons_token(&self) -> bool {
        matches!(self.access, Access::Person)
    }

    /// One call. None when the service says that it is not done yet (202).
    pub async fn call(
        &self,
        path: &str,
        body: &Value,
        caller: Caller<'_>,
    ) -> Result<Option<Value>, ProviderError> {
        let token = self.token(caller).await?;
        let call = self
            .client
            .post(format!("{}/{path}", self.base))
            .bearer_auth(token.reveal())
            .json(body);
        let answer = read(
            call.header(ACCEPT, "application/json")
                .send()
                .await
                .map_err(transport::failed)?,
        )
        .await;
        if matches!(answer, Err(ProviderError::Unauthorized(_))) {
            // The next call gets a new one; this one is not repeated, it may have counted.
            lock(&self.tokens).clear();
        }
        answer
    }

    /// A call without a token: `info`.
    pub async fn public(&self, path: &str) -> Result<Value, ProviderError> {
        let call = self.client.post(format!("{}/{path}", self.base)).json(&json!({}));
        let answer = read(
            call.header(ACCEPT, "application/json")
                .send()
                .await
                .map_err(transport::failed)?,
        )
        .await?;
        answer.ok_or_else(|| ProviderError::Protocol(path.to_owned()))
    }

    async fn token(&self, caller: Caller<'_>) -> Result<Secret, ProviderError> {
        let (url, form_or_json, name) = match &self.access {
            Access::Token(token) => return Ok(token.clone()),
            Access::Person => {
                let own = caller.authorization.filter(|t| !t.is_empty()).cloned();
                return own
                    .ok_or_else(|| ProviderError::Unauthorized("chưa đăng nhập dịch vụ ký số".to_owned()));
            }
            Access::Client {
                url,
                id,
                secret,
                scope,
            } => {
                let mut fields = vec![
                    ("grant_type", "client_credentials"),
                    ("client_id", id.as_str()),
                    ("client_secret", secret.reveal()),
                ];
                fields.extend(scope.as_deref().map(|s| ("scope", s)));
                (url, Body::form(&fields), String::new())
            }
            Access::Login {
                url,
                id,
                secret,
                profile,
            } => {
                let user = caller
                    .user
                    .ok_or_else(|| ProviderError::Config("csc: cần tên người dùng tại dịch vụ".to_owned()))?;
                let body = json!({"client_id": id, "client_secret": secret.reveal(), "user_id": user, "profile_id": profile});
                (url, Body::json(&body), user.to_owned())
            }
        };
        if let Some((token, until)) = lock(&self.tokens).get(&name)
            && *until > Instant::now()
        {
            return Ok(token.clone());
        }
        let (token, lives) = self.fetch_token(url, form_or_json).await?;
        lock(&self.tokens).insert(
            name,
            (token.clone(), Instant::now() + lives.saturating_sub(EARLY)),
        );
        Ok(token)
    }

    async fn fetch_token(&self, url: &Url, body: Body) -> Result<(Secret, Duration), ProviderError> {
        let call = self
            .client
            .post(url.clone())
            .header(CONTENT_TYPE, body.kind)
            .body(body.text.reveal().to_owned());
        let response = call
            .header(ACCEPT, "application/json")
            .send()
            .await
            .map_err(transport::failed)?;
        let answer = read(response).await?.unwrap_or_default();
        let token = answer.get("access_token").and_then(Value::as_str);
        let token = Secret::new(token.ok_or_else(|| ProviderError::Protocol("access_token".to_owned()))?);
        // Without a length of life it is used once.
        Ok((
            token,
            Duration::from_secs(answer.get("expires_in").and_then(Value::as_u64).unwrap_or(0)),
        ))
    }

    /// The code of the service's page for the right to sign.
    pub async fn exchange(
        &self,
        oauth: &Oauth,
        code: &str,
        verifier: Option<&str>,
    ) -> Result<Secret, ProviderError> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", &oauth.client_id),
            ("redirect_uri", &oauth.redirect_uri),
        ];
        fields.extend(oauth.secret.as_ref().map(|s| ("client_secret", s.reveal())));
        fields.extend(verifier.map(|v| ("code_verifier", v)));
        Ok(self.fetch_token(&oauth.token, Body::form(&fields)).await?.0)
    }
}

/// What is sent to a token endpoint; it holds a secret.
struct Body {
    kind: &'static str,
    text: Secret,
}

impl Body {
    fn form(fields: &[(&str, &str)]) -> Self {
        let text = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        Self {
            kind: "application/x-www-form-urlencoded",
            text: Secret::new(text),
        }
    }

    fn json(body: &Value) -> Self {
        Self {
            kind: "application/json",
            text: Secret::new(body.to_string()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn read(response: Response) -> Result<Option<Value>, ProviderError> {
    let status = response.status();
    if status.is_redirection() {
        return Err(ProviderError::Protocol(format!("chuyển hướng {status}")));
    }
    let bytes = transport::body(response, MAX_ANSWER).await?;
    let value: Option<Value> = serde_json::from_slice(&bytes).ok();
    match status {
        StatusCode::ACCEPTED => Ok(None),
        _ if status.is_success() && bytes.is_empty() => Ok(Some(json!({}))),
        _ if status.is_success() => match value {
            Some(value) if value.is_object() => Ok(Some(value)),
            _ => Err(ProviderError::Protocol("JSON".to_owned())),
        },
        _ => Err(refusal(status, value.as_ref())),
    }
}

/// `error` and `error_description` of CSC, and of OAuth 2, as what they mean for us.
fn refusal(status: StatusCode, value: Option<&Value>) -> ProviderError {
    let text = |name: &str| {
        value
            .and_then(|v| v.get(name))
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (error, description) = (text("error"), text("error_description"));
    let lower = description.to_lowercase();
    // The service's own words, shortened; they may come from anywhere.
    let words: String = format!("{error}: {description}")
        .chars()
        .filter(|c| !c.is_control())
        .take(160)
        .collect();
    match error {
        "invalid_pin" if lower.contains("lock") => ProviderError::PinLocked,
        "invalid_pin" => ProviderError::WrongPin,
        "invalid_otp" => ProviderError::WrongOtp,
        "access_denied" | "user_rejected" | "authorization_rejected" => ProviderError::Rejected(words),
        "expired_request" | "sad_expired" | "authorization_expired" => ProviderError::Expired,
        "invalid_token" | "invalid_client" | "invalid_grant" | "unauthorized_client" | "expired_token" => {
            ProviderError::Unauthorized(words)
        }
        "invalid_request" if description.contains("SAD") && lower.contains("expired") => {
            ProviderError::Expired
        }
        "invalid_request" if description.contains("SAD") => ProviderError::UnknownTransaction,
        "invalid_request" if lower.contains("credentialid") => ProviderError::NoSuchKey(words),
        _ => match status.as_u16() {
            401 | 403 => ProviderError::Unauthorized(words),
            408 => ProviderError::Timeout(words),
            429 | 500.. => ProviderError::Unavailable(format!("{status} {words}")),
            _ => ProviderError::Protocol(format!("{status} {words}")),
        },
    }
}
