//! Who may call the agent at all.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::ProviderError;

/// Pages that may call, and the names by which.
pub(super) struct Pages {
    pub origins: Vec<String>,
    pub hosts: [String; 2],
}

/// The origin of a call, after the guard.
#[derive(Clone)]
pub(super) struct Origin(pub String);

pub(super) fn problem(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({"code": code, "message": message}))).into_response()
}

pub(super) fn failed(error: &ProviderError) -> Response {
    problem(StatusCode::UNPROCESSABLE_ENTITY, error.code(), &error.to_string())
}

fn text(headers: &HeaderMap, name: &header::HeaderName) -> String {
    headers
        .get(name)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// Who calls, and by which name. What fails here gets no CORS headers, so a foreign page cannot even read the refusal.
pub(super) async fn guard(State(pages): State<Arc<Pages>>, mut request: Request, next: Next) -> Response {
    let forbidden = || {
        problem(
            StatusCode::FORBIDDEN,
            "not_allowed",
            "Trang này không được phép dùng phần mềm ký số.",
        )
    };
    let host = text(request.headers(), &header::HOST).to_ascii_lowercase();
    if !pages.hosts.contains(&host) {
        return forbidden();
    }
    let origin = text(request.headers(), &header::ORIGIN);
    if !pages.origins.contains(&origin) {
        return forbidden();
    }
    let private_network = request
        .headers()
        .contains_key("access-control-request-private-network");
    let mut response = if request.method() == Method::OPTIONS {
        let mut response = StatusCode::NO_CONTENT.into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, POST"),
        );
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("content-type, authorization"),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        if private_network {
            headers.insert(
                "access-control-allow-private-network",
                HeaderValue::from_static("true"),
            );
        }
        response
    } else {
        request.extensions_mut().insert(Origin(origin.clone()));
        next.run(request).await
    };
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&origin) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value);
    }
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// JSON that was sent as JSON: the browser asks before it sends such a thing to another origin.
pub(super) fn json_of<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Box<Response>> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        return Err(Box::new(problem(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_json",
            "Yêu cầu phải ở dạng JSON.",
        )));
    }
    serde_json::from_slice(body).map_err(|_| {
        Box::new(problem(
            StatusCode::BAD_REQUEST,
            "malformed",
            "Yêu cầu không đúng định dạng.",
        ))
    })
}
