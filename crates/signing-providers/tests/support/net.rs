//! Little servers on this machine.
#![allow(dead_code, reason = "each test program uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "help for tests")]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// One request as a handler of a test sees it.
pub struct Seen {
    pub count: usize,
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Answers every request by the closure. Returns the port and how many requests came.
pub async fn serve<F>(handler: F) -> (u16, Arc<AtomicUsize>)
where
    F: Fn(Seen) -> Response + Clone + Send + Sync + 'static,
{
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let app = Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
        let (handler, counter) = (handler.clone(), Arc::clone(&counter));
        async move {
            handler(Seen {
                count: counter.fetch_add(1, Ordering::SeqCst) + 1,
                method,
                uri,
                headers,
                body,
            })
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (port, count)
}

pub fn answer(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Response {
    Response::builder()
        .status(StatusCode::from_u16(status).unwrap())
        .header("content-type", kind)
        .body(axum::body::Body::from(body.into()))
        .unwrap()
}

/// Takes TLS off in front of a server of this machine. `key` and `crt` are PEM files. Returns its port.
pub async fn tls_front(key: &Path, crt: &Path, behind: u16) -> u16 {
    let der = |path: &Path| der::pem::decode_vec(&std::fs::read(path).unwrap()).unwrap().1;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![der(crt).into()], PrivateKeyDer::Pkcs8(der(key).into()))
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut inside) = acceptor.accept(stream).await else {
                    return;
                };
                let mut plain = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], behind)))
                    .await
                    .unwrap();
                let _ = tokio::io::copy_bidirectional(&mut inside, &mut plain).await;
            });
        }
    });
    port
}

/// A certificate for `localhost` and 127.0.0.1 that is its own CA, and its key, as PEM files.
pub fn server_certificate(folder: &Path, name: &str) -> (std::path::PathBuf, std::path::PathBuf) {
    let (key, crt) = (
        folder.join(format!("{name}.key")),
        folder.join(format!("{name}.crt")),
    );
    super::run(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=may-chu-thu",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-days",
            "30",
            "-keyout",
            key.to_str().unwrap(),
            "-out",
            crt.to_str().unwrap(),
        ],
    );
    (key, crt)
}
