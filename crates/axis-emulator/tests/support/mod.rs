//! An emulator and connections to it.
#![allow(dead_code, reason = "each test uses its part")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axis::client::{
    AxisError, AxisTransport, BytesSource, MessageKind, ReceivedRow, SendRequest, Sent, SentQuery, SentRow,
    VxpClient, VxpConfig, Window,
};
use axis_emulator::letter::Letter;
use axis_emulator::{Config, Emulator, Options};
use jiff::{SignedDuration, Timestamp};
use outbound::Secret;

/// The clock of a test: it goes on by itself from a fixed day.
pub fn clock() -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
    static STARTED: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    let day: Timestamp = "2026-01-05T01:00:00Z".parse().unwrap();
    Arc::new(move || {
        let gone = SignedDuration::try_from(STARTED.elapsed()).unwrap();
        day.checked_add(gone).unwrap()
    })
}

pub struct Office {
    pub emulator: Emulator,
    numbers: AtomicI64,
}

pub const OURS: (&str, &str) = ("DEMO-QLVB", "demo-secret-qlvb");
pub const KIT: (&str, &str) = ("DEMO-KIT", "demo-secret-kit");

impl Office {
    pub async fn new() -> Self {
        Self::with(Config::demo()).await
    }

    pub async fn with(config: Config) -> Self {
        let emulator = Emulator::start(config, Options::local(clock())).await.unwrap();
        Self {
            emulator,
            numbers: AtomicI64::new(0),
        }
    }

    pub fn settings(&self, (system, secret): (&str, &str)) -> VxpConfig {
        let mut config = VxpConfig::new(self.emulator.url(), system, Secret::new(secret));
        config.plain_http_hosts = vec![self.emulator.host()];
        config.timeouts.connect_seconds = 2;
        config.timeouts.call_seconds = 3;
        config.timeouts.transfer_seconds = 60;
        config.timeouts.idle_seconds = 2;
        config
    }

    pub fn client(&self, who: (&str, &str)) -> VxpClient {
        VxpClient::new(self.settings(who), clock()).unwrap()
    }

    /// A letter with the next number.
    pub fn letter(&self, from: &str, to: &[&str]) -> Letter {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        Letter::new(from, to, &number.to_string(), "SVD-VP").dated(clock()())
    }
}

pub async fn send(client: &VxpClient, letter: &Letter) -> Result<Sent, AxisError> {
    let source = BytesSource(letter.to_xml().into_bytes());
    let request = SendRequest {
        source: &source,
        from: &letter.from,
        to: &letter.to,
        kind: MessageKind::Document,
    };
    client.send(request).await
}

pub async fn received(client: &VxpClient, kind: MessageKind) -> Vec<ReceivedRow> {
    client.list_received(kind, Window::default()).await.unwrap()
}

pub async fn sent(client: &VxpClient) -> Vec<SentRow> {
    let all = SentQuery::default();
    client.list_sent(MessageKind::Document, &all).await.unwrap()
}

pub async fn get(client: &VxpClient, doc_id: &str) -> Result<Vec<u8>, AxisError> {
    let mut bytes = Vec::new();
    client.get_packet(doc_id, &mut bytes, 10 << 20).await?;
    Ok(bytes)
}

/// Waits until `true`, ten seconds at most.
pub async fn until(what: &str, mut check: impl AsyncFnMut() -> bool) {
    for _ in 0..200 {
        if check().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("waited in vain: {what}");
}

/// The most memory that this process has held since the last call of [`forget_peak`], in bytes.
pub fn peak() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1024
}

pub fn forget_peak() -> u64 {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    peak()
}
