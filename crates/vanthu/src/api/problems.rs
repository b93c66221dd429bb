//! Errors of the API as `application/problem+json` (RFC 9457).

use axum::{
    extract::Request,
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Problem;

/// An error of the API.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// HTTP status.
    pub status: u16,
    /// Stable machine-readable name: `incoming.not_registered`.
    pub code: &'static str,
    /// Vietnamese sentence: what is wrong and what to do.
    pub detail: String,
    /// The clause that refuses: `ND30-22.1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<&'static str>,
    /// The field it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// Number of the incident, to tell the administrator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
}

/// Around the API: gives errors their shape.
pub async fn problems(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let retry_after = problem.retry_after;
    let body = ProblemBody {
        status: problem.status.as_u16(),
        code: problem.code,
        detail: problem.message,
        clause: problem.clause,
        field: problem.field,
        incident: problem.incident,
    };
    let mut response = (problem.status, axum::Json(body)).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}
