//! Pages over HTTP for every answer of a bare route on the same machine.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::Context;
use axum::{Router, routing::get};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::{TcpListener, TcpStream},
};

use super::{CLERKS, ROUNDS, line, median, per_second, province::Province};

/// How long each target is asked in a round.
const SLICE: Duration = Duration::from_millis(1500);

/// Home page and a box in turns with a bare route.
pub async fn measure(province: &Province) -> anyhow::Result<()> {
    let bare = serve(Router::new().route("/", get(|| async { "Xin chào" }))).await?;
    let service = serve(province.router.clone()).await?;
    let targets = [("home page", "/"), ("box page", "/boxes/handling")];
    let mut base = Vec::new();
    let mut rates = vec![Vec::new(); targets.len()];
    for _ in 0..ROUNDS {
        base.push(ask(bare, "/", &province.cookie).await?);
        for ((_, path), rates) in targets.iter().zip(&mut rates) {
            rates.push(ask(service, path, &province.cookie).await?);
        }
    }
    let base = median(base);
    for ((name, _), rates) in targets.iter().zip(rates) {
        let rate = median(rates);
        let orientation = format!("{rate:.0} against {base:.0} per second");
        line(
            &format!("{name} over HTTP"),
            "a bare route",
            rate / base,
            &orientation,
        );
    }
    Ok(())
}

async fn serve(router: Router) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// Answers per second, with as many connections as there are clerks.
async fn ask(address: SocketAddr, path: &str, cookie: &str) -> anyhow::Result<f64> {
    let start = Instant::now();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n");
    let tasks: Vec<_> = (0..CLERKS)
        .map(|_| {
            let request = request.clone();
            tokio::spawn(async move {
                let mut stream = BufStream::new(TcpStream::connect(address).await?);
                let mut count = 0;
                while start.elapsed() < SLICE {
                    stream.write_all(request.as_bytes()).await?;
                    stream.flush().await?;
                    answer(&mut stream).await?;
                    count += 1;
                }
                anyhow::Ok(count)
            })
        })
        .collect();
    let mut count = 0;
    for task in tasks {
        count += task.await??;
    }
    Ok(per_second(count, start.elapsed()))
}

/// Reads one answer whole: by its length, or in chunks.
async fn answer(stream: &mut BufStream<TcpStream>) -> anyhow::Result<()> {
    let mut length = None;
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    anyhow::ensure!(line.starts_with("HTTP/1.1 200"), "the server answered {line:?}");
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        match line.trim_end().to_ascii_lowercase().split_once(':') {
            Some(("content-length", value)) => length = Some(value.trim().parse()?),
            Some(_) => {}
            None => break,
        }
    }
    if let Some(length) = length {
        return skip(stream, length).await;
    }
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let size = usize::from_str_radix(line.trim_end(), 16).context("the length of a chunk")?;
        skip(stream, size + 2).await?;
        if size == 0 {
            return Ok(());
        }
    }
}

async fn skip(stream: &mut BufStream<TcpStream>, length: usize) -> anyhow::Result<()> {
    let mut rest = vec![0; length];
    stream.read_exact(&mut rest).await?;
    Ok(())
}
