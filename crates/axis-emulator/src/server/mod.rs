//! HTTP of the emulator: connections that can be refused, closed without an answer, or broken in the middle.

pub(crate) mod axis;
pub(crate) mod control;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use ::axum::Router;
use ::axum::body::Body;
use ::axum::extract::Request;
use ::axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// Marks an answer that is not given: the connection is closed instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Abort;

/// The answer that is none.
pub(crate) fn abort() -> Response {
    let mut response = Body::empty().into_response();
    response.extensions_mut().insert(Abort);
    response
}

/// Serves until it is stopped. While `down` is true nobody listens at the port.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    mut down: Option<watch::Receiver<bool>>,
    stopping: CancellationToken,
) {
    let Ok(address) = listener.local_addr() else {
        return;
    };
    let mut listener = Some(listener);
    let mut connections = JoinSet::new();
    loop {
        let is_down = down.as_mut().is_some_and(|down| *down.borrow_and_update());
        if is_down {
            listener = None;
            connections.shutdown().await;
        } else if listener.is_none() {
            listener = again(address, &stopping).await;
        }
        tokio::select! {
            () = stopping.cancelled() => break,
            () = changed(&mut down) => {}
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = accept(listener.as_ref()) => {
                if let Ok(stream) = accepted {
                    connections.spawn(connection(router.clone(), stream));
                }
            }
        }
    }
    connections.shutdown().await;
}

async fn changed(down: &mut Option<watch::Receiver<bool>>) {
    let changed = match down {
        Some(down) => down.changed().await.is_ok(),
        None => false,
    };
    if !changed {
        std::future::pending::<()>().await;
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.map(|(stream, _)| stream),
        None => std::future::pending().await,
    }
}

/// The same port; it may be held for a moment by connections that just ended.
async fn again(address: SocketAddr, stopping: &CancellationToken) -> Option<TcpListener> {
    while !stopping.is_cancelled() {
        match TcpListener::bind(address).await {
            Ok(listener) => return Some(listener),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    None
}

async fn connection(router: Router, stream: TcpStream) {
    // Without it small answers wait for the acknowledgement of the one before.
    drop(stream.set_nodelay(true));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let request: Request = request.map(Body::new);
        let answered = router.clone().oneshot(request);
        async move {
            let Ok(response) = answered.await;
            match response.extensions().get::<Abort>() {
                Some(Abort) => Err(io::Error::other("closed without an answer")),
                None => Ok(response),
            }
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(75))
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection broke");
    }
}
