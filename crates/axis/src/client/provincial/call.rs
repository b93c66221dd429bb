//! Requests: a token first, renewed when it is old or refused.

use std::io::Cursor;
use std::time::{Duration, Instant};

use outbound::Secret;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Body, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use struson::reader::{JsonReader, ValueType};
use tokio::io::{AsyncReadExt, AsyncWrite};
use tokio::sync::{Mutex, mpsc};
use tokio_util::io::ReaderStream;
use url::Url;

use super::ProvincialConfig;
use super::reply::{Reply, refusal, text};
use crate::client::http::json::{self, JsonBody, Unread, scalar};
use crate::client::http::packet::{self, decode};
use crate::client::http::{self, broken};
use crate::client::{AxisError, Fetched, Operation, PacketSource, RefusalClass, SendRequest, Sent, source};

/// One connection and its token.
pub(super) struct Connection {
    http: reqwest::Client,
    base: String,
    pub(super) config: ProvincialConfig,
    token: Mutex<Option<(Secret, Instant)>>,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("base", &self.base)
            .field("system_id", &self.config.system_id)
            .finish_non_exhaustive()
    }
}

type Query<'a> = &'a [(&'a str, String)];

/// What is asked; it can be asked again.
struct Call<'a> {
    operation: Operation,
    method: Method,
    path: &'a str,
    query: Query<'a>,
    content: Content<'a>,
}

enum Content<'a> {
    Nothing,
    Json(&'a Value),
    /// A form with a packet in it.
    Packet {
        source: &'a dyn PacketSource,
        bytes: u64,
        boundary: String,
        head: String,
        tail: String,
    },
}

impl Connection {
    pub(super) fn new(config: ProvincialConfig) -> Result<Self, AxisError> {
        let base = config.check()?.as_str().trim_end_matches('/').to_owned();
        let builder = http::builder(config.ca_file.as_deref(), config.timeouts.connect())?
            .user_agent(concat!("vanthu/", env!("CARGO_PKG_VERSION")));
        Ok(Self {
            http: http::build(builder)?,
            base,
            config,
            token: Mutex::new(None),
        })
    }

    fn request(
        &self,
        operation: Operation,
        method: Method,
        path: &str,
        query: Query<'_>,
    ) -> Result<RequestBuilder, AxisError> {
        let mut url = Url::parse(&format!("{}{path}", self.base))
            .map_err(|e| AxisError::Config(format!("địa chỉ không hợp lệ: {e}")))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let large = !matches!(operation, Operation::UpdateStatus | Operation::ListReceived);
        let times = &self.config.timeouts;
        let seconds = if large {
            times.transfer_seconds
        } else {
            times.call_seconds
        };
        Ok(self
            .http
            .request(method, url)
            .timeout(Duration::from_secs(seconds)))
    }

    async fn filled(&self, call: &Call<'_>, headers: HeaderMap) -> Result<RequestBuilder, AxisError> {
        let operation = call.operation;
        let request = self
            .request(operation, call.method.clone(), call.path, call.query)?
            .headers(headers);
        Ok(match &call.content {
            Content::Nothing => request,
            Content::Json(value) => request
                .header(CONTENT_TYPE, "application/json")
                .body(value.to_string()),
            Content::Packet {
                source,
                bytes,
                boundary,
                head,
                tail,
            } => {
                let reader = source
                    .open()
                    .await
                    .map_err(|cause| AxisError::Local { operation, cause })?;
                let [head, tail] = [head, tail].map(|text| Cursor::new(text.clone().into_bytes()));
                let length = (head.get_ref().len() + tail.get_ref().len()) as u64 + bytes;
                let parts = head.chain(reader.take(*bytes)).chain(tail);
                request
                    .header(CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"))
                    .header(CONTENT_LENGTH, length)
                    .body(Body::wrap_stream(ReaderStream::with_capacity(parts, 64 << 10)))
            }
        })
    }

    fn identity(&self, token: &Secret, operation: Operation) -> Result<HeaderMap, AxisError> {
        let secret = |text: &str| {
            let value = HeaderValue::from_str(text).map(|mut value| {
                value.set_sensitive(true);
                value
            });
            value.map_err(|_| AxisError::Invalid {
                operation,
                what: "mã truy cập có ký tự không hợp lệ".to_owned(),
            })
        };
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, secret(&format!("Bearer {}", token.reveal()))?);
        headers.insert("x-systemid", secret(&self.config.system_id)?);
        headers.insert("x-secretkey", secret(self.config.system_secret.reveal())?);
        Ok(headers)
    }

    /// A token that is young enough; one login at a time.
    async fn token(&self, operation: Operation) -> Result<Secret, AxisError> {
        let mut kept = self.token.lock().await;
        if let Some((token, since)) = &*kept
            && since.elapsed().as_secs() < self.config.token_seconds
        {
            return Ok(token.clone());
        }
        let body = json!({
            "username": self.config.username, "password": self.config.password.reveal(),
            "applicationCode": self.config.application_code, "otp": "", "twoFactorProvider": "", "typeObjs": [0, 1],
        });
        let query = [("allow_anonymous", "true".to_owned())];
        let request = self
            .request(operation, Method::POST, "/v1/auth/login", &query)?
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string());
        // Nothing that was asked has begun yet, whatever becomes of the login.
        let not_sent = |cause: String| AxisError::NotSent { operation, cause };
        let response = request
            .send()
            .await
            .map_err(|e| not_sent(http::failed(operation, e).to_string()))?;
        let status = response.status();
        let bytes = http::whole(
            operation,
            response,
            self.config.timeouts.idle(),
            http::SMALL_ANSWER,
        )
        .await
        .map_err(|e| not_sent(format!("đăng nhập: {e}")))?;
        let answer: Option<Value> = serde_json::from_slice(&bytes).ok();
        let is_answer = answer.is_some();
        let value = answer.unwrap_or_default();
        let token = text(&value["data"]["token"]).filter(|token| !token.is_empty());
        match (status, token) {
            (StatusCode::OK, Some(token)) => {
                let token = Secret::new(token);
                *kept = Some((token.clone(), Instant::now()));
                Ok(token)
            }
            // A server in trouble, one that is asked too often, a page of whatever stands in front: the account is not to
            // blame.
            (status, _)
                if status.is_server_error()
                    || matches!(
                        status,
                        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
                    )
                    || (status == StatusCode::OK && !is_answer) =>
            {
                Err(not_sent(format!("đăng nhập: HTTP {}", status.as_u16())))
            }
            (status, _) => Err(AxisError::Refused {
                operation,
                code: text(&value["code"]).unwrap_or_else(|| format!("HTTP {}", status.as_u16())),
                desc: "không đăng nhập được nền tảng tích hợp".to_owned(),
                class: RefusalClass::Configuration,
            }),
        }
    }

    /// Asks; once more with a new token when the old one was refused.
    async fn dispatch(&self, call: &Call<'_>) -> Result<Response, AxisError> {
        let operation = call.operation;
        let mut renewed = false;
        loop {
            let token = self.token(operation).await?;
            let request = self.filled(call, self.identity(&token, operation)?).await?;
            let started = Instant::now();
            let response = request.send().await.map_err(|e| http::failed(operation, e))?;
            let status = response.status();
            let millis = started.elapsed().as_millis();
            tracing::debug!(
                ?operation,
                http = status.as_u16(),
                millis,
                "the platform answered"
            );
            if status == StatusCode::UNAUTHORIZED && !renewed {
                renewed = true;
                self.forget_token().await;
                continue;
            }
            if status == StatusCode::OK {
                return Ok(response);
            }
            return Err(match RefusalClass::of_http(operation, status.as_u16()) {
                Some(class) => AxisError::Refused {
                    operation,
                    code: format!("HTTP {}", status.as_u16()),
                    desc: String::new(),
                    class,
                },
                None => broken(operation, format!("máy chủ trả lời HTTP {}", status.as_u16())),
            });
        }
    }

    /// A call whose answer is small, or a page.
    pub(super) async fn ask(
        &self,
        operation: Operation,
        method: Method,
        path: &str,
        query: Query<'_>,
        body: Option<&Value>,
    ) -> Result<Reply, AxisError> {
        let call = Call {
            operation,
            method,
            path,
            query,
            content: body.map_or(Content::Nothing, Content::Json),
        };
        self.reply(&call, self.config.limits.answer_bytes).await
    }

    /// The answer to a call, `limit` bytes at most. Some platforms say with a code, not with an HTTP status, that the token is
    /// too old; then it is asked once more with a new one.
    async fn reply(&self, call: &Call<'_>, limit: u64) -> Result<Reply, AxisError> {
        let operation = call.operation;
        let mut renewed = false;
        loop {
            let response = self.dispatch(call).await?;
            let bytes = http::whole(operation, response, self.config.timeouts.idle(), limit).await?;
            match Reply::read(operation, &bytes) {
                Err(error) if is_unknown_token(&error) && !renewed => {
                    renewed = true;
                    self.forget_token().await;
                }
                reply => return reply,
            }
        }
    }

    async fn forget_token(&self) {
        self.token.lock().await.take();
    }

    pub(super) async fn send(&self, request: SendRequest<'_>) -> Result<Sent, AxisError> {
        let operation = Operation::Send;
        let (sha256, bytes) = source::digest(request.source)
            .await
            .map_err(|cause| AxisError::Local { operation, cause })?;
        if bytes == 0 {
            let what = "gói tin rỗng".to_owned();
            return Err(AxisError::Invalid { operation, what });
        }
        // No packet holds its own digest.
        let boundary = format!("vanthu-{}", hex::encode(sha256));
        let kind = request.kind.as_str();
        let head = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"messageType\"\r\n\r\n{kind}\r\n--{boundary}\r\n\
             content-disposition: form-data; name=\"edocFile\"; filename=\"{kind}.edxml\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let call = Call {
            operation,
            method: Method::POST,
            path: "/v1/sendEdoc",
            query: &[],
            content: Content::Packet {
                source: request.source,
                bytes,
                boundary,
                head,
                tail,
            },
        };
        let reply = self.reply(&call, http::SMALL_ANSWER).await?;
        reply.judge_inner(operation)?;
        let doc_id = text(&reply.data()["docId"]).filter(|id| !id.is_empty());
        let doc_id = doc_id.ok_or_else(|| broken(operation, "không có mã gói tin (docId)".to_owned()))?;
        Ok(Sent {
            doc_id,
            sha256,
            bytes,
        })
    }

    /// The packet stands in `data` or in `data.edxml`, in base64.
    pub(super) async fn fetch(
        &self,
        operation: Operation,
        doc_id: &str,
        to: &mut (dyn AsyncWrite + Send + Unpin),
        limit: u64,
    ) -> Result<Fetched, AxisError> {
        let query = [("docId", doc_id.to_owned())];
        let call = Call {
            operation,
            method: Method::GET,
            path: "/v1/getEdoc",
            query: &query,
            content: Content::Nothing,
        };
        let response = self.dispatch(&call).await?;
        let idle = self.config.timeouts.idle();
        let fetched = packet::fetch(operation, response, idle, to, limit, move |body, pieces| {
            let code = read_packet(json::reader(body), pieces)?;
            Ok(match code.as_str() {
                "200" => Ok(()),
                code => Err(refusal(operation, code, &Value::Null)),
            })
        })
        .await;
        // A part may be written already: the caller begins anew, with a new token.
        if fetched.as_ref().is_err_and(is_unknown_token) {
            self.forget_token().await;
        }
        fetched
    }
}

fn is_unknown_token(error: &AxisError) -> bool {
    matches!(error, AxisError::Refused { code, .. } if code == "401")
}

fn read_packet<R: std::io::Read>(
    mut body: JsonBody<R>,
    to: &mpsc::Sender<Vec<u8>>,
) -> Result<String, Unread> {
    let mut code = String::new();
    body.begin_object()?;
    while body.has_next()? {
        match body.next_name_owned()?.as_str() {
            "code" => code = scalar(&mut body)?.unwrap_or_default(),
            "data" => match body.peek()? {
                ValueType::String => decode(body.next_string_reader()?, to)?,
                ValueType::Object => {
                    body.begin_object()?;
                    while body.has_next()? {
                        let is_packet = body.next_name_owned()? == "edxml";
                        if is_packet && body.peek()? == ValueType::String {
                            decode(body.next_string_reader()?, to)?;
                        } else {
                            body.skip_value()?;
                        }
                    }
                    body.end_object()?;
                }
                _ => body.skip_value()?,
            },
            _ => body.skip_value()?,
        }
    }
    body.end_object()?;
    body.consume_trailing_whitespace()?;
    Ok(code)
}
