//! The client for a province's platform, against a small platform.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axis::client::{
    Advice, AxisError, AxisTransport, BytesSource, MessageKind, PacketStatus, ProvincialClient,
    ProvincialConfig, SendRequest, SentQuery, Window,
};
use axis::wire::FileHash;
use axum::extract::{Multipart, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use outbound::Secret;
use serde_json::{Value, json};

#[derive(Default)]
struct Platform {
    logins: AtomicU32,
    forget_token: AtomicBool,
    /// Says so in the answer, not with an HTTP status.
    is_polite: AtomicBool,
    login_answer: Mutex<Option<(StatusCode, String)>>,
    received_answer: Mutex<Option<Value>>,
    wrapped: AtomicBool,
    sent: Mutex<Vec<(String, Vec<u8>)>>,
    done: Mutex<Vec<Value>>,
    send_answer: Mutex<Option<String>>,
}

type Shared = State<Arc<Platform>>;

fn known(platform: &Platform, headers: &HeaderMap) -> bool {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let token = format!("Bearer token-{}", platform.logins.load(Ordering::SeqCst));
    header("authorization") == token
        && header("x-systemid") == "SYS"
        && header("x-secretkey") == "bi-mat"
        && !platform.forget_token.swap(false, Ordering::SeqCst)
}

fn stranger(platform: &Platform) -> Response {
    if platform.is_polite.load(Ordering::SeqCst) {
        return Json(json!({ "code": 401, "message": "phiên hết hạn" })).into_response();
    }
    StatusCode::UNAUTHORIZED.into_response()
}

async fn login(
    State(p): Shared,
    Query(q): Query<HashMap<String, String>>,
    Json(body): Json<Value>,
) -> Response {
    assert_eq!(q["allow_anonymous"], "true");
    if let Some(answer) = p.login_answer.lock().unwrap().clone() {
        return answer.into_response();
    }
    if body["password"] != "mat-khau" {
        return Json(json!({ "code": 400, "message": "sai mật khẩu" })).into_response();
    }
    assert_eq!(
        (&body["applicationCode"], &body["typeObjs"]),
        (&json!("APP"), &json!([0, 1]))
    );
    let number = p.logins.fetch_add(1, Ordering::SeqCst) + 1;
    Json(json!({ "code": 200, "data": { "token": format!("token-{number}") } })).into_response()
}

async fn send(State(p): Shared, headers: HeaderMap, mut form: Multipart) -> Response {
    if !known(&p, &headers) {
        return stranger(&p);
    }
    let (mut kind, mut bytes) = (String::new(), Vec::new());
    while let Some(field) = form.next_field().await.unwrap() {
        match field.name().unwrap() {
            "messageType" => kind = field.text().await.unwrap(),
            "edocFile" => {
                assert!(field.file_name().unwrap().ends_with(".edxml"));
                bytes = field.bytes().await.unwrap().to_vec();
            }
            other => panic!("{other}"),
        }
    }
    if let Some(answer) = p.send_answer.lock().unwrap().clone() {
        return answer.into_response();
    }
    let mut sent = p.sent.lock().unwrap();
    sent.push((kind, bytes));
    Json(json!({ "code": 200, "data": { "status": "OK", "docId": sent.len(), "errorCode": "0" } }))
        .into_response()
}

async fn received(
    State(p): Shared,
    headers: HeaderMap,
    Query(q): Query<HashMap<String, String>>,
) -> Response {
    if !known(&p, &headers) {
        return stranger(&p);
    }
    assert_eq!(
        (q["fromDate"].as_str(), q["messageType"].as_str()),
        ("2026/01/05", "edoc")
    );
    if let Some(data) = p.received_answer.lock().unwrap().clone() {
        return Json(json!({ "code": 200, "data": data })).into_response();
    }
    let row =
        json!({ "docId": "5b", "messageType": "edoc", "from": "G99", "to": "H16.05", "status": "initial" });
    Json(json!({ "code": 200, "data": [row] })).into_response()
}

async fn packet(State(p): Shared, headers: HeaderMap, Query(q): Query<HashMap<String, String>>) -> Response {
    if !known(&p, &headers) {
        return stranger(&p);
    }
    if q["docId"] != "5b" {
        return Json(json!({ "code": 404, "message": "không có", "data": null })).into_response();
    }
    let text = STANDARD.encode("<edXML/>".repeat(50_000));
    let data = if p.wrapped.load(Ordering::SeqCst) {
        json!({ "name": "x", "edxml": text })
    } else {
        json!(text)
    };
    Json(json!({ "code": 200, "data": data })).into_response()
}

async fn update(State(p): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    if !known(&p, &headers) {
        return stranger(&p);
    }
    p.done.lock().unwrap().push(body);
    Json(json!({ "code": 200, "data": { "status": "OK" } })).into_response()
}

async fn agencies(
    State(p): Shared,
    headers: HeaderMap,
    Query(q): Query<HashMap<String, String>>,
) -> Response {
    if !known(&p, &headers) {
        return stranger(&p);
    }
    let (page, size): (u32, u32) = (q["currentPage"].parse().unwrap(), q["pageSize"].parse().unwrap());
    let first = (page - 1) * size;
    let rows: Vec<Value> = (first..(first + size).min(25))
        .map(|n| {
            json!({
                "id": n, "code": format!("H98.{n:02}"), "oldCode": format!("000.00.{n:02}.H98"), "name": "Cơ quan mẫu",
                "centerCode": "H98", "parentId": 0, "level": if n == 0 { 1 } else { 2 }, "type": "INTERNAL",
            })
        })
        .collect();
    Json(json!({ "currentPage": page, "totalPages": 3, "pageSize": size, "totalRecords": 25, "content": rows }))
        .into_response()
}

async fn platform() -> (Arc<Platform>, ProvincialConfig) {
    let shared = Arc::new(Platform::default());
    let router = Router::new()
        .route("/lgsp/v1/auth/login", post(login))
        .route("/lgsp/v1/sendEdoc", post(send))
        .route("/lgsp/v1/syncReceivedEdocList", get(received))
        .route("/lgsp/v1/getEdoc", get(packet))
        .route("/lgsp/v1/updateStatus", post(update))
        .route("/lgsp/v1/getAgenciesList", get(agencies))
        .with_state(shared.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut config = ProvincialConfig::new(format!("http://{address}/lgsp/"), "SYS", Secret::new("bi-mat"));
    config.plain_http_hosts = vec![address.to_string()];
    config.username = "truc".to_owned();
    config.password = Secret::new("mat-khau");
    config.application_code = "APP".to_owned();
    config.page_size = 10;
    (shared, config)
}

fn request<'a>(source: &'a BytesSource, to: &'a [String]) -> SendRequest<'a> {
    SendRequest {
        source,
        from: "H16.05",
        to,
        kind: MessageKind::Document,
    }
}

#[tokio::test]
async fn edxml_12_7_packets_go_and_come_through_the_platform_of_a_province() {
    let (shared, config) = platform().await;
    let client = ProvincialClient::new(config).unwrap();
    let source = BytesSource("<edXML>văn bản\r\n--vanthu</edXML>".into());
    let to = ["G99".to_owned()];
    let sent = client.send(request(&source, &to)).await.unwrap();
    assert_eq!(
        (sent.doc_id.as_str(), sent.sha256),
        ("1", FileHash::of(&source.0))
    );
    assert_eq!(
        *shared.sent.lock().unwrap(),
        [("edoc".to_owned(), source.0.clone())]
    );

    let window = Window {
        from: Some("2026-01-04T18:00:00Z".parse().unwrap()),
        to: None,
    };
    let rows = client.list_received(MessageKind::Document, window).await.unwrap();
    assert_eq!(rows[0].doc_id, "5b");
    for wrapped in [false, true] {
        shared.wrapped.store(wrapped, Ordering::SeqCst);
        let mut bytes = Vec::new();
        let fetched = client.get_packet("5b", &mut bytes, 1 << 20).await.unwrap();
        assert_eq!((fetched.bytes, fetched.sha256), (400_000, FileHash::of(&bytes)));
    }
    let mut nowhere = tokio::io::sink();
    let large = client.get_packet("5b", &mut nowhere, 1000).await.unwrap_err();
    assert!(matches!(large, AxisError::TooLarge { .. }), "{large:?}");
    let none = client.get_packet("none", &mut nowhere, 1000).await.unwrap_err();
    assert!(matches!(none, AxisError::Refused { .. }), "{none:?}");
    client
        .update_status("5b", PacketStatus::Done, Some("Đã lưu"))
        .await
        .unwrap();
    assert_eq!(
        *shared.done.lock().unwrap(),
        [json!({ "docId": "5b", "status": "done" })]
    );
    assert_eq!(shared.logins.load(Ordering::SeqCst), 1, "one login serves all");
    let lookup = client
        .list_sent(MessageKind::Document, &SentQuery::default())
        .await;
    // Not an empty list: that would say that nothing was taken.
    let lookup = lookup.unwrap_err();
    assert!(matches!(lookup, AxisError::Invalid { .. }), "{lookup:?}");
    assert!(lookup.to_string().contains("không đối chiếu được"), "{lookup}");
}

#[tokio::test]
async fn edxml_12_7_the_directory_comes_in_pages() {
    let (_shared, config) = platform().await;
    let client = ProvincialClient::new(config).unwrap();
    let all = client.list_agencies().await.unwrap().all(100).await.unwrap();
    assert_eq!(all.len(), 25);
    assert_eq!(all[24].old_code.as_deref(), Some("000.00.24.H98"));
    let first = client
        .list_agencies_qd20(Some(1))
        .await
        .unwrap()
        .all(100)
        .await
        .unwrap();
    assert_eq!(first.len(), 1);
    let units = client.synchronise_units().await.unwrap().all(100).await.unwrap();
    assert_eq!(units[3].center_code.as_deref(), Some("H98"));
}

#[tokio::test]
async fn edxml_12_7_a_token_that_is_refused_is_renewed_once() {
    let (shared, config) = platform().await;
    let client = ProvincialClient::new(config.clone()).unwrap();
    let source = BytesSource(b"<edXML/>".to_vec());
    let to = ["G99".to_owned()];
    client.send(request(&source, &to)).await.unwrap();
    shared.forget_token.store(true, Ordering::SeqCst);
    client.send(request(&source, &to)).await.unwrap();
    assert_eq!(
        (
            shared.logins.load(Ordering::SeqCst),
            shared.sent.lock().unwrap().len()
        ),
        (2, 2)
    );

    // Others say it in the answer; a packet half of which is written cannot be asked for once more by itself.
    shared.is_polite.store(true, Ordering::SeqCst);
    shared.forget_token.store(true, Ordering::SeqCst);
    client.send(request(&source, &to)).await.unwrap();
    shared.forget_token.store(true, Ordering::SeqCst);
    let mut bytes = Vec::new();
    client.get_packet("5b", &mut bytes, 1 << 20).await.unwrap_err();
    client.get_packet("5b", &mut bytes, 1 << 20).await.unwrap();
    assert_eq!(
        (
            shared.logins.load(Ordering::SeqCst),
            shared.sent.lock().unwrap().len()
        ),
        (4, 3)
    );

    let mut wrong = config.clone();
    wrong.password = Secret::new("sai");
    let error = ProvincialClient::new(wrong)
        .unwrap()
        .send(request(&source, &to))
        .await
        .unwrap_err();
    assert_eq!(error.advice(), Advice::FixSettings, "{error:?}");
    let mut wrong = config;
    wrong.system_secret = Secret::new("khac");
    let error = ProvincialClient::new(wrong)
        .unwrap()
        .send(request(&source, &to))
        .await
        .unwrap_err();
    assert_eq!(error.advice(), Advice::FixSettings, "{error:?}");
    assert_eq!(shared.sent.lock().unwrap().len(), 3);
}

/// A platform under maintenance is no reason to stop a connection and wait for an administrator.
#[tokio::test]
async fn edxml_12_7_only_a_refused_account_is_a_matter_of_settings() {
    let (shared, config) = platform().await;
    let client = ProvincialClient::new(config).unwrap();
    for (status, answer, advice) in [
        (200, "<html>Bảo trì hệ thống</html>", Advice::Retry),
        (200, "", Advice::Retry),
        (429, "{}", Advice::Retry),
        (503, "", Advice::Retry),
        (
            200,
            r#"{"code":400,"message":"sai mật khẩu"}"#,
            Advice::FixSettings,
        ),
        (401, "", Advice::FixSettings),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        *shared.login_answer.lock().unwrap() = Some((status, answer.to_owned()));
        let error = client
            .list_received(MessageKind::Document, Window::default())
            .await
            .unwrap_err();
        assert_eq!(error.advice(), advice, "{status} {answer}: {error:?}");
    }
}

#[tokio::test]
async fn edxml_12_4_a_row_that_is_none_keeps_nobody_else_waiting() {
    let (shared, config) = platform().await;
    let client = ProvincialClient::new(config).unwrap();
    let window = Window {
        from: Some("2026-01-04T18:00:00Z".parse().unwrap()),
        to: None,
    };
    let listed = async |data: Value| {
        *shared.received_answer.lock().unwrap() = Some(data);
        let rows = client.list_received(MessageKind::Document, window).await;
        rows.map(|rows| rows.len())
    };
    let odd = json!({ "messageType": "edoc", "from": "G99" });
    let good = json!({ "docId": "5b", "messageType": "edoc" });
    assert_eq!(listed(json!([])).await.unwrap(), 0);
    assert_eq!(listed(json!([odd, good])).await.unwrap(), 1);
    let error = listed(json!([odd, odd])).await.unwrap_err();
    assert!(matches!(error, AxisError::BadAnswer { .. }), "{error:?}");
}

#[tokio::test]
async fn edxml_12_7_what_the_platform_says_to_a_send() {
    let (shared, config) = platform().await;
    let client = ProvincialClient::new(config).unwrap();
    let source = BytesSource(b"<edXML/>".to_vec());
    let to = ["G99".to_owned()];
    for (answer, advice) in [
        ("", Advice::LookUp),
        (r#"{"code":200,"data":{}}"#, Advice::LookUp),
        (r#"{"code":500,"errorDetail":["M.OrganId"]}"#, Advice::GiveUp),
        (
            r#"{"code":200,"data":{"status":"FAIL","errorCode":"23"}}"#,
            Advice::GiveUpRecipient,
        ),
    ] {
        *shared.send_answer.lock().unwrap() = Some(answer.to_owned());
        let error = client.send(request(&source, &to)).await.unwrap_err();
        assert_eq!(error.advice(), advice, "{answer}: {error:?}");
    }
    let nobody = ProvincialConfig::new("http://127.0.0.1:1", "SYS", Secret::new("s"));
    let mut nobody = ProvincialConfig {
        username: "a".into(),
        password: Secret::new("b"),
        ..nobody
    };
    assert!(nobody.check().is_err(), "http must be allowed");
    nobody.plain_http_hosts = vec!["127.0.0.1".to_owned()];
    let error = ProvincialClient::new(nobody)
        .unwrap()
        .send(request(&source, &to))
        .await
        .unwrap_err();
    assert!(matches!(error, AxisError::NotSent { .. }), "{error:?}");
}
