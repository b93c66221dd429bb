//! The calls of the mock service.

use std::collections::HashMap;
use std::time::Instant;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::state::{Later, PageCode, Refusal, Sad, describe};
use super::{CLIENT_ID, Mock};
use crate::agent::messages::{decode, encode};
use crate::certificate::{KeyKind, leaf};
use crate::software::random;

const SHA256_OID: &str = "2.16.840.1.101.3.4.2.1";

fn refuse((status, error, description): Refusal) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (
        status,
        Json(json!({"error": error, "error_description": description})),
    )
        .into_response()
}

/// Body and access token of a call.
fn enter(mock: &Mock, path: &str, headers: &HeaderMap, body: &Bytes) -> Result<Value, Refusal> {
    mock.lock().calls.push(path.to_owned());
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if token.strip_prefix("Bearer ") != Some(mock.token()) {
        return Err((401, "invalid_token", "The access token is not valid"));
    }
    serde_json::from_slice(body).map_err(|_| (400, "invalid_request", "The request is not JSON"))
}

fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// `hash` of v1, `hashes` of v2: base64 of 32 bytes each.
fn hashes(version: u8, body: &Value) -> Result<Vec<String>, Refusal> {
    let name = if version == 2 { "hashes" } else { "hash" };
    let list = body.get(name).and_then(Value::as_array).filter(|l| !l.is_empty());
    let list = list.ok_or((
        400,
        "invalid_request",
        "Missing (or invalid type) array parameter hash",
    ))?;
    let good = |v: &Value| {
        v.as_str()
            .filter(|t| decode(t).is_ok_and(|h| h.len() == 32))
            .map(ToOwned::to_owned)
    };
    let found: Option<Vec<_>> = list.iter().map(good).collect();
    found.ok_or((400, "invalid_request", "Invalid digest value length"))
}

fn answer(result: Result<Value, Refusal>) -> Response {
    result.map_or_else(refuse, |value| Json(value).into_response())
}

pub(super) fn service_info(version: u8) -> Json<Value> {
    let specs = if version == 2 { "2.0.0.2" } else { "1.0.4.0" };
    Json(json!({
        "specs": specs, "name": "Dịch vụ ký số thử nghiệm", "region": "VN", "lang": "vi-VN",
        "authType": ["oauth2code"], "methods": ["credentials/list", "credentials/info", "credentials/authorize",
        "credentials/sendOTP", "signatures/signHash"],
    }))
}

pub(super) async fn list(State(mock): State<Mock>, headers: HeaderMap, body: Bytes) -> Response {
    answer(enter(&mock, "credentials/list", &headers, &body).map(|body| {
        let inner = mock.lock();
        let user = text(&body, "userID");
        let mine: Vec<_> = inner
            .credentials
            .iter()
            .filter(|c| user.is_empty() || c.user == user)
            .collect();
        // One by one, so that the pages of a list are exercised too.
        let from = text(&body, "pageToken").parse::<usize>().unwrap_or(0);
        let ids: Vec<_> = mine.iter().skip(from).take(1).map(|c| c.id.as_str()).collect();
        let mut page = json!({"credentialIDs": ids});
        if from + 1 < mine.len() {
            page["nextPageToken"] = json!((from + 1).to_string());
        }
        page
    }))
}

pub(super) async fn info(version: u8, State(mock): State<Mock>, headers: HeaderMap, body: Bytes) -> Response {
    answer(
        enter(&mock, "credentials/info", &headers, &body).and_then(|body| {
            let inner = mock.lock();
            let credential = inner.credential(&body)?;
            let mut chain: Vec<_> = credential.chain.iter().map(|der| encode(der)).collect();
            if let (Some(other), Some(first)) = (&inner.behaviour.certificate, chain.first_mut()) {
                *first = encode(other);
            }
            let kind = credential
                .chain
                .first()
                .and_then(|der| leaf(der).ok())
                .map(|l| l.kind);
            let algorithms: &[&str] = match kind {
                Some(KeyKind::P256) => &["1.2.840.10045.4.3.2"],
                _ => &["1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1"],
            };
            Ok(describe(version, credential, &chain, algorithms))
        }),
    )
}

pub(super) async fn send_otp(State(mock): State<Mock>, headers: HeaderMap, body: Bytes) -> Response {
    answer(
        enter(&mock, "credentials/sendOTP", &headers, &body).and_then(|body| {
            let number = random::<4>().map_err(|_| (500, "server_error", "random"))?;
            let otp = format!("{:06}", u32::from_be_bytes(number) % 1_000_000);
            let mut inner = mock.lock();
            let id = inner.credential(&body)?.id.clone();
            inner.otps.insert(id, otp.clone());
            inner.last_otp = Some(otp);
            Ok(json!({}))
        }),
    )
}

pub(super) async fn authorize(
    version: u8,
    State(mock): State<Mock>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = match enter(&mock, "credentials/authorize", &headers, &body) {
        Ok(body) => body,
        Err(refusal) => return refuse(refusal),
    };
    let delay = mock.lock().behaviour.delay;
    tokio::time::sleep(delay).await;
    answer(authorized(version, &mock, &body))
}

fn authorized(version: u8, mock: &Mock, body: &Value) -> Result<Value, Refusal> {
    let hashes = hashes(version, body)?;
    let code = |name: &str| {
        let data = body
            .get("authData")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let found = data
            .iter()
            .find(|d| text(d, "id") == name)
            .map(|d| text(d, "value"));
        if version == 2 {
            found.unwrap_or_default()
        } else {
            text(body, name)
        }
    };
    let mut inner = mock.lock();
    let credential = inner.credential(body)?.clone();
    if inner.behaviour.refuse {
        return Err((400, "access_denied", "The user rejected the request"));
    }
    if hashes.len() > credential.multisign || body.get("numSignatures") != Some(&json!(hashes.len())) {
        return Err((400, "invalid_request", "Numbers of signatures is too high"));
    }
    inner.check_codes(&credential, code("PIN"), code("OTP"))?;
    let until = Instant::now() + inner.behaviour.sad_lives;
    let lives = inner.behaviour.sad_lives.as_secs();
    let failed = |_| (500, "server_error", "random");
    let sad = inner
        .grant(Sad {
            credential: credential.id,
            hashes,
            until,
        })
        .map_err(failed)?;
    if version == 2 && inner.behaviour.checks > 0 {
        let handle = hex::encode(random::<8>().map_err(failed)?);
        inner
            .handles
            .insert(handle.clone(), Later { asked: 0, ready: sad });
        return Ok(json!({"handle": handle}));
    }
    Ok(json!({"SAD": sad, "expiresIn": lives}))
}

pub(super) async fn authorize_check(State(mock): State<Mock>, headers: HeaderMap, body: Bytes) -> Response {
    let body = match enter(&mock, "credentials/authorizeCheck", &headers, &body) {
        Ok(body) => body,
        Err(refusal) => return refuse(refusal),
    };
    let mut inner = mock.lock();
    let checks = inner.behaviour.checks;
    let handle = text(&body, "handle").to_owned();
    let Some(later) = inner.handles.get_mut(&handle) else {
        return refuse((400, "invalid_request", "Invalid parameter handle"));
    };
    later.asked += 1;
    if later.asked < checks {
        return (StatusCode::ACCEPTED, Json(json!({}))).into_response();
    }
    let sad = inner.handles.remove(&handle).map(|l| l.ready).unwrap_or_default();
    Json(json!({"SAD": sad, "expiresIn": 300})).into_response()
}

pub(super) async fn sign_hash(
    version: u8,
    State(mock): State<Mock>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(
        enter(&mock, "signatures/signHash", &headers, &body).and_then(|body| {
            let hashes = hashes(version, &body)?;
            let algorithm = if version == 2 {
                "hashAlgorithmOID"
            } else {
                "hashAlgo"
            };
            if text(&body, algorithm) != SHA256_OID {
                return Err((400, "invalid_request", "Invalid parameter hashAlgo"));
            }
            if ![
                "1.2.840.113549.1.1.11",
                "1.2.840.113549.1.1.1",
                "1.2.840.10045.4.3.2",
            ]
            .contains(&text(&body, "signAlgo"))
            {
                return Err((400, "invalid_request", "Invalid parameter signAlgo"));
            }
            let mut inner = mock.lock();
            let id = inner.credential(&body)?.id.clone();
            inner.take(text(&body, "SAD"), &id, &hashes)?;
            let other = inner
                .credentials
                .iter()
                .map(|c| c.id.clone())
                .find(|other| *other != id);
            let key = if inner.behaviour.wrong_key {
                other.unwrap_or_else(|| id.clone())
            } else {
                id
            };
            let mut signatures = Vec::new();
            for hash in &hashes {
                let hash: [u8; 32] = decode(hash)
                    .ok()
                    .and_then(|h| h.try_into().ok())
                    .unwrap_or_default();
                let raw = inner
                    .keys
                    .sign(&key, &hash)
                    .map_err(|_| (500, "server_error", "The key does not work"))?;
                signatures.push(encode(&raw));
            }
            if inner.behaviour.reverse {
                signatures.reverse();
            }
            if version == 2 && text(&body, "operationMode") == "A" {
                let response = hex::encode(random::<8>().map_err(|_| (500, "server_error", "random"))?);
                inner.responses.insert(
                    response.clone(),
                    Later {
                        asked: 0,
                        ready: signatures,
                    },
                );
                return Ok(json!({"responseID": response}));
            }
            Ok(json!({"signatures": signatures}))
        }),
    )
}

pub(super) async fn sign_polling(State(mock): State<Mock>, headers: HeaderMap, body: Bytes) -> Response {
    let body = match enter(&mock, "signatures/signPolling", &headers, &body) {
        Ok(body) => body,
        Err(refusal) => return refuse(refusal),
    };
    let mut inner = mock.lock();
    let polls = inner.behaviour.polls;
    let response = text(&body, "responseID").to_owned();
    let Some(later) = inner.responses.get_mut(&response) else {
        return refuse((400, "invalid_request", "Invalid parameter responseID"));
    };
    later.asked += 1;
    if later.asked <= polls {
        return (StatusCode::ACCEPTED, Json(json!({}))).into_response();
    }
    let signatures = inner
        .responses
        .remove(&response)
        .map(|l| l.ready)
        .unwrap_or_default();
    Json(json!({"signatures": signatures})).into_response()
}

/// OAuth 2: client credentials for the service, a code of the page for one signature.
pub(super) async fn token(State(mock): State<Mock>, body: Bytes) -> Response {
    let fields: HashMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    if field("client_id") != CLIENT_ID || field("client_secret") != mock.client_secret() {
        return refuse((401, "invalid_client", "Unknown client"));
    }
    match field("grant_type") {
        "client_credentials" => {
            Json(json!({"access_token": mock.token(), "token_type": "Bearer", "expires_in": 3600}))
                .into_response()
        }
        "authorization_code" => {
            let mut inner = mock.lock();
            let Some(code) = inner.codes.remove(field("code")) else {
                return refuse((400, "invalid_grant", "Unknown code"));
            };
            let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
            if code.redirect_uri != field("redirect_uri") || code.challenge.is_some_and(|c| c != proof) {
                return refuse((400, "invalid_grant", "The code is for somebody else"));
            }
            let Ok(sad) = inner.grant(code.sad) else {
                return refuse((500, "server_error", "random"));
            };
            Json(json!({"access_token": sad, "token_type": "SAD", "expires_in": 300})).into_response()
        }
        _ => refuse((400, "unsupported_grant_type", "")),
    }
}

/// The service's own page: shows what is asked and leads back with a code, or with a refusal.
pub(super) async fn page(State(mock): State<Mock>, Query(query): Query<HashMap<String, String>>) -> Response {
    let field = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let list = if query.contains_key("hashes") {
        field("hashes")
    } else {
        field("hash")
    };
    let hashes: Option<Vec<String>> = list
        .split(',')
        .map(|h| URL_SAFE_NO_PAD.decode(h).ok().map(|bytes| encode(&bytes)))
        .collect();
    let Ok(back) = url::Url::parse(field("redirect_uri")) else {
        return refuse((400, "invalid_request", "Invalid parameter redirect_uri"));
    };
    let mut inner = mock.lock();
    let credential = inner
        .credential(&json!({"credentialID": field("credentialID")}))
        .map(|c| c.id.clone());
    let (Ok(credential), Some(hashes), CLIENT_ID) = (credential, hashes, field("client_id")) else {
        return refuse((400, "invalid_request", "Invalid parameter"));
    };
    let Ok(code) = random::<16>().map(hex::encode) else {
        return refuse((500, "server_error", "random"));
    };
    let until = Instant::now() + inner.behaviour.sad_lives;
    let challenge = query.get("code_challenge").cloned();
    let sad = Sad {
        credential,
        hashes,
        until,
    };
    inner.codes.insert(
        code.clone(),
        PageCode {
            sad,
            challenge,
            redirect_uri: field("redirect_uri").to_owned(),
        },
    );
    let link = |name: &str, value: &str| {
        let mut url = back.clone();
        url.query_pairs_mut()
            .append_pair(name, value)
            .append_pair("state", field("state"));
        escape(url.as_str())
    };
    Html(format!(
        "<!doctype html><html lang=vi><meta charset=utf-8><title>Dịch vụ ký số thử nghiệm</title>\
         <h1>Dịch vụ ký số thử nghiệm</h1><p>Đề nghị xác nhận ký: {}</p>\
         <p><a id=yes href=\"{}\">Xác nhận ký</a> <a id=no href=\"{}\">Từ chối</a></p></html>",
        escape(field("description")),
        link("code", &code),
        link("error", "access_denied"),
    ))
    .into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
