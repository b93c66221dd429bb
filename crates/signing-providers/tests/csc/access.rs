//! How the service is reached: transport, tokens, and answers that are none.

use serde_json::{Value, json};
use signing_providers::csc::Remote;
use signing_providers::csc::mock::CLIENT_ID;
use signing_providers::{Provider, Secret, SignerRef};

use crate::service::{Service, code, whole};
use crate::support::net::{answer, serve, server_certificate, tls_front};
use crate::support::{clock, request};

#[tokio::test]
async fn plain_http_and_invalid_certificates_are_refused() {
    let service = Service::start().await;
    let asked = service.request("phone", &["một"]);
    let open = |more: Value| Remote::open(&service.config("v1", more), &service.secrets(), clock());
    assert_eq!(
        code(open(json!({"allow_loopback_http": false}))),
        "insecure_transport"
    );
    for base in [
        "http://ky-so.example.vn/csc/v1",
        "http://localhost:1/csc/v1",
        "http://10.0.0.1/csc/v1",
        "ftp://x/csc",
    ] {
        assert_eq!(code(open(json!({"base": base}))), "insecure_transport", "{base}");
    }
    let plain_token = json!({"access": {"kind": "client", "token_url": "http://sso.example.vn/token", "client_id": "x", "client_secret": "client"}});
    assert_eq!(code(open(plain_token)), "insecure_transport");
    let (key, crt) = server_certificate(service.folder.path(), "csc");
    let port = tls_front(&key, &crt, service.port).await;
    let base = format!("https://localhost:{port}/csc/v1");
    let remote = open(json!({"base": base})).unwrap();
    assert_eq!(code(remote.start(&asked).await), "insecure_transport");
    assert!(service.mock.calls().is_empty(), "no token went out");
    let remote = open(json!({"base": base, "ca_file": crt})).unwrap();
    service.assert_good("phone", &["một"], &whole(&remote, &asked).await.unwrap());
}

#[tokio::test]
async fn access_by_client_credentials_by_person_and_by_login() {
    let service = Service::start().await;
    let token_url = format!("http://127.0.0.1:{}/oauth2/token", service.port);
    let client = |id: &str| json!({"access": {"kind": "client", "token_url": token_url, "client_id": id, "client_secret": "client"}});
    let mut asked = service.request("phone", &["một"]);
    assert!(
        whole(&service.remote("v1", client(CLIENT_ID)), &asked)
            .await
            .is_ok()
    );
    assert_eq!(
        code(service.remote("v1", client("khac")).start(&asked).await),
        "provider_unauthorized"
    );
    let person = service.remote("v2", json!({"access": {"kind": "person"}}));
    assert_eq!(code(person.start(&asked).await), "provider_unauthorized");
    asked.authorization = Some(Secret::new("not the token"));
    assert_eq!(code(person.start(&asked).await), "provider_unauthorized");
    asked.authorization = Some(Secret::new(service.mock.token()));
    assert!(whole(&person, &asked).await.is_ok());

    // The login call of the Ascertia line, and the extra fields of its dialect.
    let token = service.mock.token().to_owned();
    let (login, logins) = serve(move |seen| {
        let body: Value = serde_json::from_slice(&seen.body).unwrap();
        assert_eq!(
            (&body["user_id"], &body["profile_id"]),
            (&json!("lanh.dao"), &json!("adss:ras:profile:001"))
        );
        answer(
            200,
            "application/json",
            json!({"access_token": token, "expires_in": 600}).to_string(),
        )
    })
    .await;
    let access = json!({"dialect": "viettel", "access": {"kind": "login", "login_url": format!("http://127.0.0.1:{login}/v1/login"),
        "client_id": "x", "client_secret": "client", "profile_id": "adss:ras:profile:001"}});
    let remote = service.remote("v1", access);
    let signer = SignerRef {
        user: Some("lanh.dao".to_owned()),
        authorization: None,
    };
    let chains = remote.certificates(&signer).await.unwrap();
    assert_eq!(chains[0].key, "lanh.dao/phone");
    let asked = request(&chains[0].key, &service.made["phone"].der, &["một"]);
    service.assert_good("phone", &["một"], &whole(&remote, &asked).await.unwrap());
    assert_eq!(
        logins.load(std::sync::atomic::Ordering::SeqCst),
        1,
        "the token is kept while it is good"
    );
}

#[tokio::test]
async fn answers_that_are_none() {
    let service = Service::start().await;
    let asked = service.request("phone", &["một"]);
    let cases: [(u16, &'static str, &str); 7] = [
        (200, "nonsense", "provider_protocol"),
        (200, "{}", "provider_protocol"),
        (200, "[1]", "provider_protocol"),
        (302, "", "provider_protocol"),
        (401, "{\"error\":\"invalid_token\"}", "provider_unauthorized"),
        (503, "", "provider_unavailable"),
        (
            400,
            "{\"error\":\"x\",\"error_description\":\"y\"}",
            "provider_protocol",
        ),
    ];
    for (status, body, expected) in cases {
        let (port, _) = serve(move |_| answer(status, "application/json", body)).await;
        let remote = service.remote("v1", json!({"base": format!("http://127.0.0.1:{port}")}));
        assert_eq!(code(remote.start(&asked).await), expected, "{status} {body}");
    }
    let (port, _) = serve(|_| answer(200, "application/json", vec![b' '; 3_000_000])).await;
    let remote = service.remote("v1", json!({"base": format!("http://127.0.0.1:{port}")}));
    assert_eq!(code(remote.start(&asked).await), "answer_too_large");
    let other = service.remote(
        "v1",
        json!({"version": "detect", "base": format!("http://127.0.0.1:{}/csc/v1", service.port)}),
    );
    assert!(whole(&other, &asked).await.is_ok());
}
