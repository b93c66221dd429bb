//! Time stamps from a service on this machine; the tokens are those of the demo authority, the judge is `openssl ts`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use demo_pki::DemoPki;
use sha2::{Digest, Sha256};
use signing_providers::tsa::{HttpTsa, TsaConfig};
use signing_providers::{ProviderError, Secret, TimeStamper};
use support::net::{answer, serve, server_certificate, tls_front};
use support::start;

fn config(url: &str) -> TsaConfig {
    TsaConfig {
        url: url.to_owned(),
        user: None,
        password_secret: None,
        ca_file: None,
        timeout_seconds: 1,
        attempts: 2,
    }
}

async fn stamp(config: &TsaConfig) -> Result<Vec<u8>, ProviderError> {
    let secrets = HashMap::from([("password".to_owned(), Secret::new("bí mật"))]);
    HttpTsa::open(config, &secrets)?
        .stamp(&Sha256::digest("văn bản").into())
        .await
}

const REPLY: &str = "application/timestamp-reply";

fn openssl_ts_accepts(folder: &Path, token: &[u8], root: &[u8], issuing: &[u8]) -> bool {
    let pem = |der: &[u8]| der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, der).unwrap();
    std::fs::write(folder.join("token"), token).unwrap();
    std::fs::write(folder.join("data"), "văn bản").unwrap();
    std::fs::write(folder.join("root.pem"), pem(root)).unwrap();
    std::fs::write(folder.join("issuing.pem"), pem(issuing)).unwrap();
    let output = Command::new("openssl")
        .current_dir(folder)
        .args([
            "ts",
            "-verify",
            "-data",
            "data",
            "-in",
            "token",
            "-token_in",
            "-CAfile",
            "root.pem",
        ])
        .args([
            "-untrusted",
            "issuing.pem",
            "-attime",
            &start().as_second().to_string(),
        ])
        .output()
        .unwrap();
    println!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output.status.success()
}

#[tokio::test]
async fn s5_a_token_is_fetched_also_at_the_second_attempt_and_openssl_accepts_it() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Arc::new(DemoPki::create(start()).unwrap());
    let (root, issuing) = (pki.root().unwrap(), pki.issuing().unwrap());
    let (port, count) = serve(move |seen| {
        assert_eq!(seen.headers["content-type"], "application/timestamp-query");
        assert_eq!(seen.method, "POST");
        if seen.count == 1 {
            return answer(503, "text/plain", "busy");
        }
        answer(200, REPLY, pki.timestamp(&seen.body, start(), 7).unwrap())
    })
    .await;
    let token = stamp(&config(&format!("http://127.0.0.1:{port}/tsa")))
        .await
        .unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 2);
    assert!(openssl_ts_accepts(folder.path(), &token, &root, &issuing));
}

#[tokio::test]
async fn answers_that_are_none_are_refused() {
    let pki = Arc::new(DemoPki::create(start()).unwrap());
    let first = Arc::new(std::sync::Mutex::new(None::<Vec<u8>>));
    // An answer to an earlier request: right imprint, other nonce.
    let (port, _) = serve({
        let (pki, first) = (Arc::clone(&pki), Arc::clone(&first));
        move |seen| {
            let mut first = first.lock().unwrap();
            let old = first.get_or_insert_with(|| pki.timestamp(&seen.body, start(), 7).unwrap());
            answer(200, REPLY, old.clone())
        }
    })
    .await;
    let replayed = config(&format!("http://127.0.0.1:{port}/"));
    stamp(&replayed).await.unwrap();
    assert_eq!(stamp(&replayed).await.unwrap_err().code(), "provider_protocol");

    let cases: [(&str, u16, &'static str, Vec<u8>, &str); 6] = [
        (
            "wrong type",
            200,
            "text/html",
            b"<html>".to_vec(),
            "provider_protocol",
        ),
        ("nonsense", 200, REPLY, b"nonsense".to_vec(), "provider_protocol"),
        (
            "rejection",
            200,
            REPLY,
            vec![0x30, 5, 0x30, 3, 2, 1, 2],
            "signing_rejected",
        ),
        ("too large", 200, REPLY, vec![0; 300_000], "answer_too_large"),
        ("let in?", 401, "text/plain", vec![], "provider_unauthorized"),
        ("elsewhere", 302, "text/plain", vec![], "provider_protocol"),
    ];
    for (name, status, kind, body, code) in cases {
        let (port, count) = serve(move |_| answer(status, kind, body.clone())).await;
        assert_eq!(
            stamp(&config(&format!("http://127.0.0.1:{port}/")))
                .await
                .unwrap_err()
                .code(),
            code,
            "{name}"
        );
        assert_eq!(
            count.load(Ordering::SeqCst),
            1,
            "{name}: an answer is not asked for again"
        );
    }
}

#[tokio::test]
async fn a_silent_service_is_given_up_after_two_attempts() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}/", listener.local_addr().unwrap().port());
    let begun = Instant::now();
    assert_eq!(stamp(&config(&url)).await.unwrap_err().code(), "provider_timeout");
    assert!((Duration::from_secs(2)..Duration::from_secs(5)).contains(&begun.elapsed()));
    drop(listener);
    assert_eq!(
        stamp(&config(&url)).await.unwrap_err().code(),
        "provider_unavailable"
    );
}

#[tokio::test]
async fn invalid_tls_certificates_are_refused_and_a_private_ca_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let pki = DemoPki::create(start()).unwrap();
    let pki = Arc::new(pki);
    let (behind, count) = serve(move |seen| {
        assert_eq!(seen.headers["authorization"], "Basic dmFudGh1OmLDrSBt4bqtdA==");
        answer(200, REPLY, pki.timestamp(&seen.body, start(), 7).unwrap())
    })
    .await;
    let (key, crt) = server_certificate(folder.path(), "tsa");
    let port = tls_front(&key, &crt, behind).await;
    let mut config = config(&format!("https://localhost:{port}/"));
    config.user = Some("vanthu".to_owned());
    config.password_secret = Some("password".to_owned());
    assert_eq!(stamp(&config).await.unwrap_err().code(), "insecure_transport");
    assert_eq!(count.load(Ordering::SeqCst), 0);
    config.ca_file = Some(crt.clone());
    stamp(&config).await.unwrap();
    // A certificate of another name.
    config.url = format!("https://127.0.0.2:{port}/");
    assert!(
        ["insecure_transport", "provider_unavailable"].contains(&stamp(&config).await.unwrap_err().code())
    );
    // No password over plain HTTP, no password that is not there.
    config.url = "http://tsa.example.vn/".to_owned();
    assert_eq!(stamp(&config).await.unwrap_err().code(), "insecure_transport");
    config.url = format!("https://localhost:{port}/");
    config.password_secret = Some("khong-co".to_owned());
    assert_eq!(stamp(&config).await.unwrap_err().code(), "provider_config");
}
