//! Every part of the guard of outgoing calls, against servers of this machine.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use demo_pki::{DemoPki, Key, Person};
use pdf_signature::pki::Wanted;
use signing_providers::online::{Guarded, OnlineConfig};
use signing_providers::{EvidenceSource, Fetched, ProviderError};
use support::net::{answer, serve};
use support::start;

/// Allows this port of this machine, by its name.
fn config(port: u16) -> OnlineConfig {
    OnlineConfig {
        internal_hosts: vec![format!("localhost:{port}")],
        timeout_seconds: 1,
        ..OnlineConfig::default()
    }
}

async fn fetch(config: &OnlineConfig, wanted: &Wanted) -> Result<Fetched, ProviderError> {
    Guarded::open(config).unwrap().fetch(wanted).await
}

fn crl(url: String) -> Wanted {
    Wanted::Crl { url }
}

async fn crl_code(config: &OnlineConfig, url: String) -> &'static str {
    fetch(config, &crl(url)).await.unwrap_err().code()
}

#[tokio::test]
async fn crl_ocsp_and_issuers_are_fetched() {
    let pki = Arc::new(DemoPki::create(start()).unwrap());
    let person = Person {
        name: "Người Thử Nghiệm".to_owned(),
        ..Person::default()
    };
    let issued = pki.person(&person, Key::P256, start()).unwrap();
    let list = pki.crl(&[], start()).unwrap();
    let issuing = pki.issuing().unwrap();
    let pem =
        |label: &str, der: &[u8]| der::pem::encode_string(label, der::pem::LineEnding::LF, der).unwrap();
    let request = x509_request(&issued.chain[0], &issuing);
    let (port, _) = serve({
        let (pki, list, issuing) = (Arc::clone(&pki), list.clone(), issuing.clone());
        move |seen| match seen.uri.path() {
            "/crl" => answer(200, "application/pkix-crl", list.clone()),
            "/crl.pem" => answer(200, "text/plain", pem("X509 CRL", &list)),
            "/ca" => answer(200, "application/pkix-cert", issuing.clone()),
            "/ca.pem" => answer(200, "text/plain", pem("CERTIFICATE", &issuing)),
            "/ocsp" => {
                assert_eq!(seen.method, "POST");
                assert_eq!(seen.headers["content-type"], "application/ocsp-request");
                answer(
                    200,
                    "application/ocsp-response",
                    pki.ocsp(&seen.body, start(), &[]).unwrap(),
                )
            }
            _ => answer(404, "text/plain", ""),
        }
    })
    .await;
    let url = |path: &str| format!("http://localhost:{port}/{path}");
    let config = config(port);
    assert_eq!(
        fetch(&config, &crl(url("crl"))).await.unwrap(),
        Fetched::Crl(list)
    );
    assert!(matches!(
        fetch(&config, &crl(url("crl.pem"))).await.unwrap(),
        Fetched::Crl(_)
    ));
    for path in ["ca", "ca.pem"] {
        let found = fetch(&config, &Wanted::Issuer { url: url(path) }).await.unwrap();
        assert_eq!(found, Fetched::Certificates(vec![pki.issuing().unwrap()]));
    }
    let ocsp = |path: &str, request_der: &[u8]| Wanted::Ocsp {
        url: url(path),
        request_der: request_der.to_vec(),
        issuer: issued.chain[1].clone(),
        certificate: issued.chain[0].clone(),
    };
    assert!(matches!(
        fetch(&config, &ocsp("ocsp", &request)).await.unwrap(),
        Fetched::Ocsp(_)
    ));
    // What is there but is not what was asked for.
    assert_eq!(
        fetch(&config, &ocsp("ocsp", b"nonsense"))
            .await
            .unwrap_err()
            .code(),
        "signing_rejected"
    );
    assert_eq!(crl_code(&config, url("ca")).await, "provider_protocol");
    assert_eq!(
        fetch(&config, &ocsp("crl", &request)).await.unwrap_err().code(),
        "provider_protocol"
    );
    assert_eq!(
        fetch(&config, &Wanted::Issuer { url: url("crl") })
            .await
            .unwrap_err()
            .code(),
        "provider_protocol"
    );
    assert_eq!(crl_code(&config, url("none")).await, "provider_unavailable");
}

fn x509_request(certificate: &[u8], issuer: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for (name, der) in [("leaf", certificate), ("issuer", issuer)] {
        let pem = der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, der).unwrap();
        std::fs::write(path(name), pem).unwrap();
    }
    let (issuer, leaf, out) = (path("issuer"), path("leaf"), path("request"));
    support::run(
        "openssl",
        &["ocsp", "-issuer", &issuer, "-cert", &leaf, "-reqout", &out],
    );
    std::fs::read(&out).unwrap()
}

#[tokio::test]
async fn hosts_that_are_not_listed_and_private_addresses_are_not_called() {
    let (port, count) = serve(|_| answer(200, "application/pkix-crl", "x")).await;
    let nothing = OnlineConfig::default();
    assert_eq!(
        crl_code(&nothing, format!("http://localhost:{port}/")).await,
        "address_not_allowed"
    );
    // Listed, but the name leads to this machine: what DNS rebinding would do.
    let listed = OnlineConfig {
        hosts: vec![format!("localhost:{port}")],
        ..OnlineConfig::default()
    };
    assert_eq!(
        crl_code(&listed, format!("http://localhost:{port}/")).await,
        "address_not_allowed"
    );
    let literal = OnlineConfig {
        hosts: vec![format!("127.0.0.1:{port}")],
        ..OnlineConfig::default()
    };
    assert_eq!(
        crl_code(&literal, format!("http://127.0.0.1:{port}/")).await,
        "address_not_allowed"
    );
    // Another port of a host that is listed.
    assert_eq!(
        crl_code(&config(port - 1), format!("http://localhost:{port}/")).await,
        "address_not_allowed"
    );
    assert_eq!(
        crl_code(&config(port), format!("file://localhost:{port}/etc/passwd")).await,
        "address_not_allowed"
    );
    assert_eq!(count.load(Ordering::SeqCst), 0, "no call went out");
    assert_eq!(
        crl_code(&config(port), format!("http://localhost:{port}/")).await,
        "provider_protocol"
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (inner, inner_count) = serve(|_| answer(200, "application/pkix-crl", "x")).await;
    for status in [301, 302, 303, 307, 308] {
        let (port, _) = serve(move |_| {
            let mut response = answer(status, "text/plain", "");
            let target = format!("http://127.0.0.1:{inner}/");
            response.headers_mut().insert("location", target.parse().unwrap());
            response
        })
        .await;
        assert_eq!(
            crl_code(&config(port), format!("http://localhost:{port}/")).await,
            "address_not_allowed"
        );
    }
    assert_eq!(inner_count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn too_much_and_too_slow_is_given_up() {
    let (port, _) = serve(|_| answer(200, "application/pkix-crl", vec![0; 6 * 1024 * 1024])).await;
    assert_eq!(
        crl_code(&config(port), format!("http://localhost:{port}/")).await,
        "answer_too_large"
    );

    // Without a length: bytes for as long as anybody listens, one every now and then.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/pkix-crl\r\n\r\n")
            .await
            .unwrap();
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let begun = Instant::now();
    assert_eq!(
        crl_code(&config(port), format!("http://localhost:{port}/")).await,
        "provider_timeout"
    );
    assert!(begun.elapsed() < Duration::from_secs(4));

    // The same without pauses: the limit of bytes holds without a length too.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        while stream.write_all(&[0; 65536]).await.is_ok() {}
    });
    let mut small = config(port);
    small.max_bytes = 100_000;
    small.timeout_seconds = 20;
    assert_eq!(
        crl_code(&small, format!("http://localhost:{port}/")).await,
        "answer_too_large"
    );
}
