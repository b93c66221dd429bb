//! One request, and what its failure means.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Method, Response, StatusCode};
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use super::answer::{self, Answer};
use super::{BYTES, JSON, VxpClient};
use crate::client::config::header_safe;
use crate::client::{AxisError, Operation, RefusalClass, SendRequest, Sent};
use crate::client::{http, source};
use crate::wire::{Envelope, SERVICE, key};

/// What is asked.
pub(super) struct Call<'a> {
    pub(super) operation: Operation,
    method: Method,
    keys: Vec<(&'a str, String)>,
    body: Option<String>,
    transfer: bool,
}

impl<'a> Call<'a> {
    pub(super) fn new(operation: Operation) -> Self {
        Self {
            operation,
            method: Method::POST,
            keys: Vec::new(),
            body: None,
            transfer: false,
        }
    }

    pub(super) fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    pub(super) fn keys(mut self, keys: Vec<(&'a str, String)>) -> Self {
        self.keys = keys;
        self
    }

    pub(super) fn json(mut self, body: String) -> Self {
        self.body = Some(body);
        self
    }

    /// With the time that large calls may take.
    pub(super) fn transfer(mut self) -> Self {
        self.transfer = true;
        self
    }
}

impl VxpClient {
    /// A call whose answer is a verdict and perhaps one value.
    pub(super) async fn small(&self, call: Call<'_>) -> Result<Answer, AxisError> {
        let operation = call.operation;
        let response = self.call(call).await?;
        self.verdict(operation, response).await
    }

    /// Calls and takes the head of the answer; answers other than 200 are errors.
    pub(super) async fn call(&self, call: Call<'_>) -> Result<Response, AxisError> {
        let headers = self.headers(call.operation, JSON, &call.keys)?;
        let request = self
            .http
            .request(call.method, format!("{}{}", self.base, call.operation.path()))
            .headers(headers)
            .timeout(self.time_of(call.transfer))
            .body(call.body.unwrap_or_default());
        let response = self.dispatch(call.operation, request).await?;
        self.check(call.operation, response).await
    }

    fn time_of(&self, transfer: bool) -> Duration {
        let times = &self.config.timeouts;
        Duration::from_secs(if transfer {
            times.transfer_seconds
        } else {
            times.call_seconds
        })
    }

    fn headers(
        &self,
        operation: Operation,
        content_type: &'static str,
        keys: &[(&str, String)],
    ) -> Result<HeaderMap, AxisError> {
        if let Some((name, _)) = keys.iter().find(|(_, value)| !header_safe(value)) {
            let what = format!("giá trị “{name}” trống hoặc có ký tự không gửi được");
            return Err(AxisError::Invalid { operation, what });
        }
        let envelope = Envelope::sign(
            &self.config.system_id,
            &self.config.secret,
            content_type,
            (self.clock)(),
            keys,
        );
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        for (name, value) in envelope.headers() {
            let invalid = || AxisError::Invalid {
                operation,
                what: format!("tiêu đề {name} không hợp lệ"),
            };
            let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid())?;
            let mut value = HeaderValue::from_str(value).map_err(|_| invalid())?;
            // Not shown by anything that prints headers.
            value.set_sensitive(true);
            headers.insert(header, value);
        }
        Ok(headers)
    }

    async fn dispatch(
        &self,
        operation: Operation,
        request: reqwest::RequestBuilder,
    ) -> Result<Response, AxisError> {
        let started = Instant::now();
        let result = request.send().await;
        let millis = started.elapsed().as_millis();
        match result {
            Ok(response) => {
                tracing::debug!(
                    ?operation,
                    http = response.status().as_u16(),
                    millis,
                    "the axis answered"
                );
                Ok(response)
            }
            Err(error) => {
                let error = http::failed(operation, error);
                tracing::debug!(?operation, millis, %error, "the axis did not answer");
                Err(error)
            }
        }
    }

    async fn check(&self, operation: Operation, response: Response) -> Result<Response, AxisError> {
        let status = response.status();
        if status == StatusCode::OK {
            return Ok(response);
        }
        // Some servers send their verdict with another status: it says more.
        if let Ok(bytes) = http::whole(
            operation,
            response,
            self.config.timeouts.idle(),
            http::SMALL_ANSWER,
        )
        .await
            && let Err(refused @ AxisError::Refused { .. }) = answer::of_bytes(operation, &bytes)
        {
            return Err(refused);
        }
        Err(match RefusalClass::of_http(operation, status.as_u16()) {
            Some(class) => AxisError::Refused {
                operation,
                code: format!("HTTP {}", status.as_u16()),
                desc: String::new(),
                class,
            },
            // A proxy between us and the axis says this, and does not know what became of the request.
            None => http::broken(operation, format!("máy chủ trả lời HTTP {}", status.as_u16())),
        })
    }

    /// Sends a packet: one pass over its bytes for the digest, another to send them.
    pub(super) async fn send_packet(&self, request: SendRequest<'_>) -> Result<Sent, AxisError> {
        let operation = Operation::Send;
        if request.to.is_empty() {
            let what = "chưa có cơ quan nhận".to_owned();
            return Err(AxisError::Invalid { operation, what });
        }
        let (sha256, bytes) = source::digest(request.source)
            .await
            .map_err(|cause| AxisError::Local { operation, cause })?;
        if bytes == 0 {
            let what = "gói tin rỗng".to_owned();
            return Err(AxisError::Invalid { operation, what });
        }
        let mut keys = vec![(key::FROM, request.from.to_owned())];
        if self.config.send_to {
            keys.push((key::TO, serde_json::json!(request.to).to_string()));
        }
        keys.push((key::SERVICE_TYPE, SERVICE.to_owned()));
        keys.push((key::MESSAGE_TYPE, request.kind.as_str().to_owned()));
        keys.push((key::HASH_FILE, self.config.hash_form.print(&sha256)));
        let mut headers = self.headers(operation, BYTES, &keys)?;

        let ending: &'static [u8] = if self.config.trailing_line_break {
            b"\r\n"
        } else {
            b""
        };
        headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes + ending.len() as u64));
        let reader = request
            .source
            .open()
            .await
            .map_err(|cause| AxisError::Local { operation, cause })?;
        let reader = reader.take(bytes).chain(ending);
        let unreadable = Arc::new(AtomicBool::new(false));
        let noticed = unreadable.clone();
        let stream = ReaderStream::with_capacity(reader, 64 << 10).inspect(move |chunk| {
            if chunk.is_err() {
                noticed.store(true, Ordering::Relaxed);
            }
        });
        let post = self
            .http
            .post(format!("{}{}", self.base, operation.path()))
            .headers(headers)
            .timeout(self.time_of(true))
            .body(Body::wrap_stream(stream));
        let response = self.dispatch(operation, post).await.map_err(|error| {
            // Less than the announced length went out, so that nothing was taken.
            if unreadable.load(Ordering::Relaxed) {
                let cause = io::Error::other("không đọc được hết gói tin khi gửi");
                AxisError::Local { operation, cause }
            } else {
                error
            }
        })?;
        let response = self.check(operation, response).await?;
        let answer = self.verdict(operation, response).await?;
        let doc_id = answer
            .doc_id
            .ok_or_else(|| http::broken(operation, "không có mã gói tin (DocId)".to_owned()))?;
        Ok(Sent {
            doc_id,
            sha256,
            bytes,
        })
    }

    async fn verdict(&self, operation: Operation, response: Response) -> Result<Answer, AxisError> {
        let bytes = http::whole(
            operation,
            response,
            self.config.timeouts.idle(),
            http::SMALL_ANSWER,
        )
        .await?;
        answer::of_bytes(operation, &bytes)
    }
}
