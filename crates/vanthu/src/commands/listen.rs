//! Accepts connections: HTTP/1.1 with limits of time, and an end that waits for running requests but not for open tabs.

use std::{net::SocketAddr, pin::pin, time::Duration};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::{context::App, routes};

/// How long connections may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For the head of a request, and between two requests: longer than a reverse proxy keeps its connections.
    pub head: Duration,
    /// For running requests after the program was told to stop.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(75),
            stop: Duration::from_secs(10),
        }
    }
}

/// Serves until [`App`] is stopping; running requests are finished first, but not for longer than the limit.
pub async fn listen(app: &App, listener: TcpListener, limits: Limits) {
    let service = routes::service(app);
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = app.stopping.cancelled() => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (service, stopping) = (service.clone(), app.stopping.clone());
                connections.spawn(connection(service, stream, peer, stopping, limits.head));
            }
            Err(error) => {
                // Too many open files: some connection will end.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let finished = tokio::time::timeout(limits.stop, async {
        while connections.join_next().await.is_some() {}
    });
    if finished.await.is_err() {
        tracing::warn!(open = connections.len(), "requests were cut off at the end");
        connections.shutdown().await;
    }
}

async fn connection(
    service: Router,
    stream: TcpStream,
    peer: SocketAddr,
    stopping: CancellationToken,
    head: Duration,
) {
    // Without it small answers wait for the acknowledgement of the one before.
    drop(stream.set_nodelay(true));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        service.clone().oneshot(request)
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head)
            .serve_connection(TokioIo::new(stream), service)
    );
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "a connection broke");
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::testing::{Office, Person};

    async fn server(office: &Office, limits: Limits) -> (SocketAddr, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = office.app.clone();
        (
            address,
            tokio::spawn(async move { listen(&app, listener, limits).await }),
        )
    }

    async fn tab(address: SocketAddr, person: &Person) -> TcpStream {
        let mut tab = TcpStream::connect(address).await.unwrap();
        let ask = format!(
            "GET /live HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\n\r\n",
            person.cookie()
        );
        tab.write_all(ask.as_bytes()).await.unwrap();
        let mut answer = [0; 64];
        let n = tab.read(&mut answer).await.unwrap();
        assert!(answer[..n].starts_with(b"HTTP/1.1 200"), "{answer:?}");
        tab
    }

    #[tokio::test]
    async fn the_server_stops_although_a_tab_is_open() {
        let office = Office::new().await;
        let person = office.person("annv.stttt").await;
        let (address, served) = server(&office, Limits::default()).await;
        let _tab = tab(address, &person).await;
        office.app.stopping.cancel();
        let within = Duration::from_secs(5);
        tokio::time::timeout(within, served).await.unwrap().unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn half_a_request_is_not_waited_for_longer_than_the_limit() {
        let office = Office::new().await;
        let limits = Limits {
            head: Duration::from_millis(300),
            ..Limits::default()
        };
        let (address, _served) = server(&office, limits).await;
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"GET /sign-in HTTP/1.1\r\nHost:").await.unwrap();
        let mut rest = Vec::new();
        let closed = slow.read_to_end(&mut rest);
        tokio::time::timeout(Duration::from_secs(5), closed)
            .await
            .unwrap()
            .ok();
        assert!(!rest.starts_with(b"HTTP/1.1 200"));
    }
}
