//! The agent at the person's PC: who may use it, pairing, PIN, and the way from the server through the page and back.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use signing_providers::agent::messages::certificates_of;
use signing_providers::agent::{AgentServerConfig, BrowserAgent, Console, bind};
use signing_providers::{Progress, Provider, ProviderError, Secret, UserStep};
use support::{
    PIN, clock, import, init_token, late_clock, make, openssl_accepts, request, softhsm_module, with_softhsm,
};

const PAGE: &str = "https://vanthu.example.vn";

/// A person who reads the console and answers as told.
#[derive(Default)]
struct Person {
    read: Mutex<Vec<String>>,
    pins: Mutex<Vec<&'static str>>,
    agrees: bool,
}

#[async_trait]
impl Console for Person {
    fn tell(&self, text: &str) {
        self.read.lock().unwrap().push(text.to_owned());
    }

    async fn pin(&self, _question: &str) -> Option<Secret> {
        self.pins.lock().unwrap().pop().map(Secret::new)
    }

    async fn confirm(&self, _question: &str) -> bool {
        self.agrees
    }
}

impl Person {
    fn agreeing() -> Arc<Self> {
        Arc::new(Self {
            agrees: true,
            ..Self::default()
        })
    }

    fn all_read(&self) -> String {
        self.read.lock().unwrap().join("\n")
    }

    /// The code on the console: "… nhập mã 1234 5678 vào …".
    fn code(&self) -> String {
        let read = self.all_read();
        let line = read
            .lines()
            .rfind(|l| l.contains("nhập mã "))
            .expect("a code is shown");
        line.split("nhập mã ")
            .nth(1)
            .unwrap()
            .split_whitespace()
            .take(2)
            .collect()
    }
}

async fn agent_of(folder: &Path, keys: Value, person: &Arc<Person>) -> u16 {
    let config: AgentServerConfig = serde_json::from_value(json!({
        "port": 0, "origins": [PAGE, "https://other.example.vn/"], "pairings": folder.join("pairings"), "keys": keys,
    }))
    .unwrap();
    let console: Arc<dyn Console> = Arc::<Person>::clone(person);
    let agent = bind(&config, &HashMap::new(), console, clock()).await.unwrap();
    let port = agent.port();
    tokio::spawn(agent.run(std::future::pending()));
    port
}

fn call(port: u16, method: Method, path: &str, token: Option<&str>) -> RequestBuilder {
    let call = client()
        .request(method, format!("http://127.0.0.1:{port}{path}"))
        .header("origin", PAGE);
    match token {
        Some(token) => call.bearer_auth(token),
        None => call,
    }
}

fn client() -> Client {
    let tls =
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .build()
        .unwrap()
}

async fn said(call: RequestBuilder) -> (u16, Value) {
    let response = call.send().await.unwrap();
    (
        response.status().as_u16(),
        response.json().await.unwrap_or(Value::Null),
    )
}

/// Pairs as a page would: tries, reads the code from the console, brings it.
async fn pair(port: u16, person: &Person) -> String {
    let (status, refusal) = said(call(port, Method::POST, "/certificates", None).json(&json!({}))).await;
    assert_eq!((status, &refusal["code"]), (401, &json!("not_paired")));
    let (status, answer) =
        said(call(port, Method::POST, "/pair", None).json(&json!({"code": person.code()}))).await;
    assert_eq!(status, 200);
    answer["token"].as_str().unwrap().to_owned()
}

async fn started(server: &BrowserAgent, request: &signing_providers::HashRequest) -> (String, Value) {
    match server.start(request).await.unwrap() {
        Progress::NeedsUser {
            transaction,
            step: UserStep::Agent(message),
            ..
        } => (transaction, message),
        other => panic!("{other:?}"),
    }
}

fn server() -> BrowserAgent {
    BrowserAgent::new(&serde_json::from_value(json!({})).unwrap(), clock())
}

fn code(result: Result<Progress, ProviderError>) -> &'static str {
    result.expect_err("an error").code()
}

fn software(folder: &Path) -> Value {
    json!({"kind": "software", "folder": folder})
}

#[tokio::test]
async fn s4_hashes_go_to_the_agent_and_only_good_signatures_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let made = make(folder.path(), "a", "rsa2048");
    let other = make(folder.path(), "b", "P-256");
    let person = Person::agreeing();
    let port = agent_of(folder.path(), software(folder.path()), &person).await;
    let token = pair(port, &person).await;
    let (status, list) = said(call(port, Method::POST, "/certificates", Some(&token)).json(&json!({}))).await;
    assert_eq!(status, 200);
    let chains = certificates_of(list).unwrap();
    assert_eq!(
        chains.iter().map(|c| c.label.as_str()).collect::<Vec<_>>(),
        ["a", "b"]
    );

    let server = server();
    let batch = request("a", &made.der, &["một", "hai"]);
    let (transaction, message) = started(&server, &batch).await;
    // Nothing but hashes, descriptions and the name of the certificate leaves the server.
    let keys: Vec<_> = message.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys,
        [
            "certificate_sha256",
            "expires_at",
            "items",
            "port",
            "request",
            "valid_seconds",
            "version"
        ]
    );
    let (status, answer) = said(call(port, Method::POST, "/sign", Some(&token)).json(&message)).await;
    assert_eq!(status, 200, "{answer}");
    let Progress::Done(raws) = server.answer(&transaction, &batch, answer.clone()).await.unwrap() else {
        panic!()
    };
    assert!(openssl_accepts(folder.path(), &made.crt, "một", &raws[0]));
    assert!(openssl_accepts(folder.path(), &made.crt, "hai", &raws[1]));
    assert!(
        person
            .all_read()
            .contains("đề nghị ký 2 văn bản bằng chứng thư số của a")
    );

    // Replayed for another request; other hashes; another certificate; changed on the way; too late.
    let (next, _) = started(&server, &batch).await;
    assert_ne!(next, transaction);
    assert_eq!(
        code(server.answer(&next, &batch, answer.clone()).await),
        "unknown_transaction"
    );
    let mut forged = answer.clone();
    forged["request"] = json!(next);
    let another = request("a", &made.der, &["ba", "bốn"]);
    assert_eq!(
        code(server.answer(&next, &another, forged.clone()).await),
        "wrong_key"
    );
    let foreign = request("b", &other.der, &["một", "hai"]);
    assert_eq!(
        code(server.answer(&next, &foreign, forged.clone()).await),
        "foreign_certificate"
    );
    forged["certificate_sha256"] = json!(hex::encode(Sha256::digest(&other.der)));
    assert_eq!(code(server.answer(&next, &foreign, forged).await), "wrong_key");
    let mut swapped = answer.clone();
    swapped["signatures"].as_array_mut().unwrap().swap(0, 1);
    assert_eq!(
        code(server.answer(&transaction, &batch, swapped).await),
        "wrong_key"
    );
    let mut short = answer.clone();
    short["signatures"].as_array_mut().unwrap().pop();
    assert_eq!(
        code(server.answer(&transaction, &batch, short).await),
        "provider_protocol"
    );
    assert_eq!(
        code(server.answer(&transaction, &batch, json!({"x": 1})).await),
        "provider_protocol"
    );
    let late = BrowserAgent::new(&serde_json::from_value(json!({})).unwrap(), late_clock());
    assert_eq!(
        code(late.answer(&transaction, &batch, answer).await),
        "signing_expired"
    );
    assert_eq!(code(late.start(&batch).await), "signing_expired");
}

#[tokio::test]
async fn only_listed_pages_by_the_right_name_and_paired_are_heard() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), "a", "P-256");
    let person = Person::agreeing();
    let port = agent_of(folder.path(), software(folder.path()), &person).await;
    let token = pair(port, &person).await;
    let list = |origin: Option<&str>, host: Option<String>, token: &str| {
        let mut call = client()
            .post(format!("http://127.0.0.1:{port}/certificates"))
            .json(&json!({}))
            .bearer_auth(token);
        if let Some(origin) = origin {
            call = call.header("origin", origin);
        }
        if let Some(host) = host {
            call = call.header("host", host);
        }
        said(call)
    };
    assert_eq!(list(Some(PAGE), None, &token).await.0, 200);
    assert_eq!(
        list(Some(PAGE), Some(format!("localhost:{port}")), &token)
            .await
            .0,
        200
    );
    for origin in [
        None,
        Some("https://evil.test"),
        Some("http://vanthu.example.vn"),
        Some("https://vanthu.example.vn.evil.test"),
        Some("https://vanthu.example.vn:8443"),
        Some("null"),
    ] {
        assert_eq!(list(origin, None, &token).await.0, 403, "{origin:?}");
    }
    // DNS rebinding: the browser believes to speak with another host.
    for host in [
        format!("evil.test:{port}"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1.evil.test:{port}"),
    ] {
        assert_eq!(
            list(Some(PAGE), Some(host.clone()), &token).await.0,
            403,
            "{host}"
        );
    }
    // The token belongs to one origin; a guess is none.
    assert_eq!(list(Some("https://other.example.vn"), None, &token).await.0, 401);
    assert_eq!(list(Some(PAGE), None, "guess").await.0, 401);
    for path in ["/sign", "/certificates"] {
        assert_eq!(
            said(call(port, Method::POST, path, None).json(&json!({})))
                .await
                .0,
            401
        );
    }
    let (status, refusal) =
        said(call(port, Method::POST, "/pair", None).json(&json!({"code": "00000000"}))).await;
    assert_eq!((status, &refusal["code"]), (401, &json!("wrong_code")));
    // A form of a foreign page could send this without asking; it is not read.
    let plain = call(port, Method::POST, "/certificates", Some(&token))
        .header("content-type", "text/plain")
        .body("{}");
    assert_eq!(said(plain).await.0, 415);
    let huge = json!({"x": "y".repeat(300_000)});
    assert_eq!(
        said(call(port, Method::POST, "/sign", Some(&token)).json(&huge))
            .await
            .0,
        413
    );
    assert_eq!(
        said(call(port, Method::GET, "/", Some(&token))).await.1["paired"],
        json!(true)
    );
    assert_eq!(
        said(call(port, Method::GET, "/", None)).await.1["paired"],
        json!(false)
    );
}

#[tokio::test]
async fn browsers_are_told_who_may_ask() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), "a", "P-256");
    let port = agent_of(folder.path(), software(folder.path()), &Person::agreeing()).await;
    let ask = |origin: &str| {
        client()
            .request(Method::OPTIONS, format!("http://127.0.0.1:{port}/sign"))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-private-network", "true")
            .send()
    };
    let answer = ask(PAGE).await.unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(answer.headers()["access-control-allow-origin"], PAGE);
    assert_eq!(answer.headers()["access-control-allow-private-network"], "true");
    assert!(
        answer.headers()["access-control-allow-headers"]
            .to_str()
            .unwrap()
            .contains("authorization")
    );
    let answer = ask("https://evil.test").await.unwrap();
    assert_eq!(answer.status(), 403);
    assert!(!answer.headers().contains_key("access-control-allow-origin"));
    assert!(
        !answer
            .headers()
            .contains_key("access-control-allow-private-network")
    );
}

#[tokio::test]
async fn a_person_who_says_no_and_a_foreign_certificate_sign_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let made = make(folder.path(), "a", "P-256");
    let elsewhere = tempfile::tempdir().unwrap();
    let foreign = make(elsewhere.path(), "x", "P-256");
    let person = Arc::new(Person::default());
    let port = agent_of(folder.path(), software(folder.path()), &person).await;
    let token = pair(port, &person).await;
    for (certificate, expected) in [
        (&made.der, "signing_rejected"),
        (&foreign.der, "foreign_certificate"),
    ] {
        let (_, message) = started(&server(), &request("a", certificate, &["một"])).await;
        let (status, answer) = said(call(port, Method::POST, "/sign", Some(&token)).json(&message)).await;
        assert_eq!((status, answer["code"].as_str().unwrap()), (422, expected));
        assert!(answer["message"].as_str().unwrap().contains(' '));
    }
}

#[test]
fn s4_a_usb_token_asks_its_pin_at_the_console() {
    with_softhsm("s4_a_usb_token_asks_its_pin_at_the_console", |folder| {
        init_token();
        let made = make(folder, "rsa2048", "rsa2048");
        import(&made, "d1", "khoa");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let person = Arc::new(Person {
                pins: Mutex::new(vec![PIN, "999999"]),
                ..Person::default()
            });
            let keys = json!({"kind": "pkcs11", "module": softhsm_module(), "token": support::TOKEN});
            let port = agent_of(folder, keys, &person).await;
            let token = pair(port, &person).await;
            let server = server();
            let batch = request("d1", &made.der, &["một", "hai"]);
            let (transaction, message) = started(&server, &batch).await;
            let sign = || said(call(port, Method::POST, "/sign", Some(&token)).json(&message));
            // A wrong PIN, then the right one, then nothing typed.
            let (status, answer) = sign().await;
            assert_eq!((status, &answer["code"]), (422, &json!("wrong_pin")));
            let (status, answer) = sign().await;
            assert_eq!(status, 200, "{answer}");
            let Progress::Done(raws) = server.answer(&transaction, &batch, answer).await.unwrap() else {
                panic!()
            };
            assert!(openssl_accepts(folder, &made.crt, "hai", &raws[1]));
            assert_eq!(sign().await.1["code"], json!("signing_rejected"));
            assert!(!person.all_read().contains(PIN));
        });
    });
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), "a", "P-256");
    let keys = software(folder.path());
    let cases = [
        json!({"port": 0, "origins": [], "pairings": "/tmp/x", "keys": keys}),
        json!({"port": 0, "origins": ["vanthu.example.vn"], "pairings": "/tmp/x", "keys": keys}),
        json!({"port": 0, "origins": ["https://vanthu.example.vn/path"], "pairings": "/tmp/x", "keys": keys}),
        json!({"port": 0, "origins": ["*"], "pairings": "/tmp/x", "keys": keys}),
        json!({"port": 0, "origins": [PAGE], "pairings": "/tmp/x", "keys": {"kind": "agent"}}),
    ];
    for case in cases {
        let config: AgentServerConfig = serde_json::from_value(case).unwrap();
        let refused = bind(&config, &HashMap::new(), Person::agreeing(), clock()).await;
        assert_eq!(refused.unwrap_err().code(), "provider_config", "{config:?}");
    }
}
