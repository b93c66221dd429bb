//! The operations of the axis (spec edxml 12.2).

use std::convert::Infallible;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ::axum::Router;
use ::axum::body::{Body, to_bytes};
use ::axum::extract::{Request, State as Shared};
use ::axum::http::{HeaderMap, Method, StatusCode, header};
use ::axum::response::{IntoResponse, Response};
use axis::client::{MessageKind, NewAgency, Operation, PacketStatus, Window};
use axis::wire::{self, HashForm, PREFIX, key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::abort;
use crate::delivery::{Arrived, NotTaken};
use crate::directory::Form;
use crate::emulator::Hub;
use crate::faults::{Fault, mix};
use crate::shelf::Packet;

/// The largest body of any call but `sendEdoc`, and of an answer that is broken on purpose.
const SMALL: usize = 1 << 20;
const BROKEN: usize = 1 << 30;

pub(crate) fn router(hub: &Arc<Hub>) -> Router {
    Router::new().fallback(handle).with_state(hub.clone())
}

/// Keys of a call that was believed.
struct Keys(Vec<(String, String)>);

impl Keys {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Systems spell it in both ways.
    fn doc_id(&self) -> Option<&str> {
        self.get("docId")
    }

    fn kind(&self) -> Option<MessageKind> {
        MessageKind::parse(self.get(key::MESSAGE_TYPE)?)
    }

    fn window(&self) -> Window {
        let bound = |name| self.get(name).and_then(wire::parse_moment);
        Window {
            from: bound(key::FROM_DATE),
            to: bound(key::TO_DATE),
        }
    }
}

/// A request that may be answered.
struct Asked<'a> {
    hub: &'a Arc<Hub>,
    system: String,
    keys: Keys,
    faults: Vec<Fault>,
}

async fn handle(Shared(hub): Shared<Arc<Hub>>, request: Request) -> Response {
    let path = request.uri().path();
    let Some(operation) = Operation::ALL.into_iter().find(|o| o.path() == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let reads = matches!(
        operation,
        Operation::DownloadPacket | Operation::CountDocuments | Operation::CountStatuses
    );
    if request.method() != if reads { Method::GET } else { Method::POST } {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    hub.count(operation);
    let Some((system, keys)) = believed(&hub, request.headers()) else {
        hub.distrust();
        return fail("15", "Sai mã hệ thống hoặc khóa bí mật");
    };
    let faults = hub.faults.of(operation, &system);
    if let Some(answer) = faults.iter().find_map(instead) {
        return answer;
    }
    let asked = Asked {
        hub: &hub,
        system,
        keys,
        faults,
    };
    let answer = asked.answer(operation, request.into_body()).await;
    asked.spoil(answer).await
}

fn believed(hub: &Hub, headers: &HeaderMap) -> Option<(String, Keys)> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let id = header(&format!("{PREFIX}{}", key::SYSTEM_ID))?;
    let system = hub.config.systems.iter().find(|s| s.id == id)?;
    let keys = wire::verify(&system.secret, header)
        .map_err(|distrust| tracing::debug!(%distrust, "a request was not believed"))
        .ok()?;
    let keys = Keys(keys);
    let stamped = wire::parse_stamp(keys.get(key::TIMESTAMP)?)?;
    if let Some(tolerance) = hub.config.clock_tolerance_seconds {
        let off = hub.now().duration_since(stamped).abs().as_secs();
        if off.unsigned_abs() > tolerance {
            return None;
        }
    }
    Some((system.id.clone(), keys))
}

/// Troubles that come before anything is done.
fn instead(fault: &Fault) -> Option<Response> {
    match fault {
        Fault::DropBefore => Some(abort()),
        Fault::Refuse { code } => Some(fail(code, "Lỗi do bộ giả lập tạo ra")),
        Fault::Http { status } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY);
            Some((status, "<html>proxy</html>").into_response())
        }
        _ => None,
    }
}

fn fail(code: &str, desc: &str) -> Response {
    answer(&json!({ "status": "FAIL", "ErrorCode": code, "ErrorDesc": desc }))
}

fn success(more: Value) -> Response {
    let mut all = json!({ "status": "OK", "ErrorCode": "0", "ErrorDesc": "" });
    if let (Value::Object(all), Value::Object(more)) = (&mut all, more) {
        all.extend(more);
    }
    answer(&all)
}

fn answer(value: &Value) -> Response {
    (
        [(header::CONTENT_TYPE, "application/json;charset=UTF-8")],
        value.to_string(),
    )
        .into_response()
}

fn local(at: Timestamp) -> String {
    wire::vietnam(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

impl Asked<'_> {
    async fn answer(&self, operation: Operation, body: Body) -> Response {
        match operation {
            Operation::ListAgencies => self.directory(Form::Old),
            Operation::ListAgenciesQd20 => self.directory(Form::Qd20),
            Operation::SynchroniseUnits => self.directory(Form::Units),
            Operation::RegisterAgency => self.register(body).await,
            Operation::DeleteAgency => self.delete(),
            Operation::Send => self.send(body).await,
            Operation::ListReceived => self.received(),
            Operation::ListSent => self.sent(),
            Operation::GetPacket => self.get(true).await,
            Operation::DownloadPacket => self.get(false).await,
            Operation::UpdateStatus => self.update(),
            Operation::CountDocuments => self.count(MessageKind::Document),
            Operation::CountStatuses => self.count(MessageKind::Status),
        }
    }

    fn directory(&self, form: Form) -> Response {
        let level = self.keys.get(key::LEVEL).and_then(|l| l.parse().ok());
        let pages = self.hub.books().directory.pages(form, level);
        let body = Body::from_stream(stream::iter(pages.map(Ok::<_, Infallible>)));
        ([(header::CONTENT_TYPE, "application/json;charset=UTF-8")], body).into_response()
    }

    async fn register(&self, body: Body) -> Response {
        let Ok(bytes) = to_bytes(body, SMALL).await else {
            return abort();
        };
        let Ok(new) = serde_json::from_slice::<NewAgency>(&bytes) else {
            return fail("10", "Dữ liệu cơ quan không hợp lệ");
        };
        if self.hub.books().directory.register(&new, &self.system) {
            success(json!({}))
        } else {
            fail("20", "Mã cơ quan trống hoặc đã được đăng ký")
        }
    }

    fn delete(&self) -> Response {
        let code = self.keys.get(key::AGENCY_CODE).unwrap_or_default();
        if self.hub.books().directory.delete(code, &self.system) {
            success(json!({}))
        } else {
            fail("19", "Cơ quan không thuộc hệ thống này")
        }
    }

    async fn send(&self, body: Body) -> Response {
        let Some(kind) = self.keys.kind() else {
            return fail("10", "Thiếu messagetype");
        };
        let to: Vec<String> = match self.keys.get(key::TO).map(serde_json::from_str) {
            None => Vec::new(),
            Some(Ok(list)) => list,
            Some(Err(_)) => return fail("10", "Danh sách nơi nhận không hợp lệ"),
        };
        let path = self.hub.upload_path();
        let stored = self.store(body, &path).await;
        let response = match stored {
            Ok(Some((bytes, sha256))) => self.take(&path, bytes, sha256, kind, to).await,
            Ok(None) => fail("10", "Tệp không khớp hash-file hoặc quá lớn"),
            Err(error) => {
                tracing::debug!(%error, "an upload broke off");
                abort()
            }
        };
        // It is moved when it was taken.
        let _ = tokio::fs::remove_file(&path).await;
        response
    }

    /// The body in a file; `None` when it is too large or not what `hash-file` says.
    async fn store(&self, body: Body, path: &Path) -> io::Result<Option<(u64, [u8; 32])>> {
        let mut file = tokio::fs::File::create(path).await?;
        let mut hash = wire::FileHash::default();
        let mut total = 0_u64;
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(io::Error::other)?;
            total += piece.len() as u64;
            if total > self.hub.config.message_bytes {
                return Ok(None);
            }
            hash.update(&piece);
            file.write_all(&piece).await?;
        }
        file.flush().await?;
        drop(file);
        let sum = hash.finish();
        let Some(announced) = self.keys.get(key::HASH_FILE) else {
            return Ok(Some((total, sum)));
        };
        if HashForm::either(announced, &sum) {
            return Ok(Some((total, sum)));
        }
        // The axis operator's own client sends a line break behind the file.
        let bytes = tokio::fs::read(path).await?;
        let Some(without) = bytes.strip_suffix(b"\r\n") else {
            return Ok(None);
        };
        let sum = wire::FileHash::of(without);
        tokio::fs::write(path, without).await?;
        Ok(HashForm::either(announced, &sum).then_some((without.len() as u64, sum)))
    }

    async fn take(
        &self,
        path: &Path,
        bytes: u64,
        sha256: [u8; 32],
        kind: MessageKind,
        to: Vec<String>,
    ) -> Response {
        let (hub, system, faults) = (self.hub.clone(), self.system.clone(), self.faults.clone());
        let (path, from) = (path.to_owned(), self.keys.get(key::FROM).map(str::to_owned));
        let taken = tokio::task::spawn_blocking(move || {
            let now = hub.now();
            let arrived = Arrived {
                file: &path,
                bytes,
                sha256,
                system: &system,
                from,
                to,
                kind,
                now,
            };
            hub.take(&arrived, &faults)
        });
        match taken.await {
            Ok(Ok(doc_id)) => success(json!({ "DocId": doc_id })),
            Ok(Err(NotTaken::Refused(code, desc))) => fail(code, &desc),
            Ok(Err(NotTaken::Disk(error))) => {
                tracing::error!(%error, "a packet could not be kept");
                fail("21", "Lỗi xử lý tệp")
            }
            Err(_) => fail("20", "Lỗi hệ thống"),
        }
    }

    fn received(&self) -> Response {
        let Some(kind) = self.keys.kind() else {
            return fail("10", "Thiếu messagetype");
        };
        let books = self.hub.books();
        let waiting = books
            .shelf
            .waiting(&self.system, kind, self.keys.window(), self.hub.now());
        let rows = waiting.into_iter().map(|p| {
            json!({
                "docId": p.receiver_doc_id, "serviceType": wire::SERVICE, "messageType": p.kind.as_str(),
                "created_time": local(p.sent_at), "updated_time": local(p.updated_at), "from": p.from, "to": p.to,
                "status": p.status.as_str(), "status_desc": p.status_desc,
            })
        });
        self.list(rows.collect())
    }

    fn sent(&self) -> Response {
        let Some(kind) = self.keys.kind() else {
            return fail("10", "Thiếu messagetype");
        };
        let books = self.hub.books();
        let (window, now) = (self.keys.window(), self.hub.now());
        let sent = books
            .shelf
            .sent(&self.system, kind, self.keys.doc_id(), window, now);
        let rows = sent.into_iter().map(|p| {
            json!({
                "serviceType": wire::SERVICE, "messageType": p.kind.as_str(), "fromCode": p.from, "toCode": p.to,
                "senderDocId": p.sender_doc_id, "receiverDocId": p.receiver_doc_id, "title": p.title,
                "notation": p.notation, "sentTime": wire::format_window(p.sent_at), "sendStatus": "done",
                "sendStatusDesc": "", "receivedTime": p.received_at.map(wire::format_window),
                "receiveStatus": p.status.as_str(), "receiveStatusDesc": p.status_desc,
            })
        });
        self.list(rows.collect())
    }

    fn list(&self, mut rows: Vec<Value>) -> Response {
        if self.faults.contains(&Fault::Reorder) {
            let length = rows.len() as u64;
            rows.sort_by_cached_key(|row| mix(length ^ wire_number(row)));
        }
        success(json!({ "data": rows }))
    }

    fn count(&self, kind: MessageKind) -> Response {
        let books = self.hub.books();
        let waiting = books
            .shelf
            .waiting(&self.system, kind, self.keys.window(), self.hub.now());
        success(json!({ "count": waiting.len() }))
    }

    fn update(&self) -> Response {
        let status = self.keys.get(key::STATUS).and_then(PacketStatus::parse);
        let Some(status) = status.filter(|s| *s != PacketStatus::Initial) else {
            return fail("10", "Trạng thái không hợp lệ");
        };
        let now = self.hub.now();
        let mut books = self.hub.books();
        let doc_id = self.keys.doc_id().unwrap_or_default();
        let Some(packet) = books.shelf.of_receiver(doc_id, &self.system) else {
            return fail("10", "Không có gói tin");
        };
        packet.status = status;
        packet.status_desc = self.keys.get(key::DESCRIPTION).unwrap_or_default().to_owned();
        packet.updated_at = now;
        if status == PacketStatus::Done && self.faults.contains(&Fault::Again) {
            packet.status = PacketStatus::Initial;
        }
        success(json!({}))
    }

    async fn get(&self, encoded: bool) -> Response {
        let damage = self.faults.contains(&Fault::Damage);
        let found = {
            let mut books = self.hub.books();
            let doc_id = self.keys.doc_id().unwrap_or_default();
            let now = self.hub.now();
            let packet = books.shelf.of_receiver(doc_id, &self.system);
            packet.map(|packet| fetched(packet, now, damage))
        };
        let Some((path, damage)) = found else {
            return fail("10", "Không có gói tin");
        };
        let Ok(file) = tokio::fs::File::open(&path).await else {
            return fail("21", "Lỗi xử lý tệp");
        };
        let pieces = pieces(file, damage);
        if !encoded {
            let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
            return (kind, Body::from_stream(pieces)).into_response();
        }
        let head = Bytes::from_static(br#"{"status":"OK","ErrorCode":"0","ErrorDesc":"","data":""#);
        let ends = |bytes| stream::iter([Ok::<Bytes, io::Error>(bytes)]);
        let text = pieces.map(|piece| piece.map(|bytes| Bytes::from(STANDARD.encode(bytes))));
        let body = ends(head).chain(text).chain(ends(Bytes::from_static(b"\"}")));
        let kind = [(header::CONTENT_TYPE, "application/json;charset=UTF-8")];
        (kind, Body::from_stream(body)).into_response()
    }

    /// Troubles that come after everything is done.
    async fn spoil(&self, answer: Response) -> Response {
        let mut answer = answer;
        for fault in &self.faults {
            answer = match fault {
                Fault::TakeThenDrop => abort(),
                Fault::EmptyAnswer => Body::empty().into_response(),
                Fault::GarbageAnswer => "<html><body>502 Bad Gateway</body></html>".into_response(),
                Fault::TruncatedAnswer => half(answer).await.0.into_response(),
                Fault::CutAnswer => {
                    let (first, whole) = half(answer).await;
                    let broken = Err(io::Error::other("cut on purpose"));
                    let body = Body::from_stream(stream::iter([Ok(first), broken]));
                    ([(header::CONTENT_LENGTH, whole.to_string())], body).into_response()
                }
                Fault::Delay { millis } => {
                    tokio::time::sleep(Duration::from_millis(*millis)).await;
                    answer
                }
                Fault::SlowBody { piece, millis } => slow(answer, *piece, *millis).await,
                _ => answer,
            };
        }
        answer
    }
}

fn fetched(packet: &mut Packet, now: Timestamp, damage: bool) -> (std::path::PathBuf, bool) {
    packet.received_at.get_or_insert(now);
    packet.fetched += 1;
    let damage = damage && !packet.was_damaged;
    packet.was_damaged |= damage;
    (packet.file.clone(), damage)
}

/// A number of a row, for another order.
fn wire_number(row: &Value) -> u64 {
    row.to_string()
        .bytes()
        .fold(0, |sum, byte| mix(sum ^ u64::from(byte)))
}

/// Bytes of a piece of a packet: a multiple of three, so that pieces of base64 fit together.
const PIECE: usize = 48 << 10;

fn pieces(file: tokio::fs::File, damage: bool) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::unfold((file, damage), |(mut file, damage)| async move {
        let mut piece = Vec::with_capacity(PIECE);
        let mut rest = (&mut file).take(PIECE as u64);
        match rest.read_to_end(&mut piece).await {
            Ok(0) => None,
            Ok(n) => {
                if damage {
                    // In the middle of the first piece: the envelope. No UTF-8 survives it.
                    piece[n / 2] ^= 0xff;
                }
                Some((Ok(Bytes::from(piece)), (file, false)))
            }
            Err(error) => Some((Err(error), (file, false))),
        }
    })
}

/// The first half of an answer, and the length of the whole.
async fn half(answer: Response) -> (Bytes, usize) {
    let whole = to_bytes(answer.into_body(), BROKEN).await.unwrap_or_default();
    (whole.slice(..whole.len() / 2), whole.len())
}

async fn slow(answer: Response, piece: usize, millis: u64) -> Response {
    let (parts, body) = answer.into_parts();
    let whole = to_bytes(body, BROKEN).await.unwrap_or_default();
    let piece = piece.max(1);
    let count = whole.len().div_ceil(piece);
    let pieces = stream::iter(0..count).then(move |i| {
        let bytes = whole.slice(i * piece..((i + 1) * piece).min(whole.len()));
        async move {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            Ok::<_, Infallible>(bytes)
        }
    });
    let mut response = Response::from_parts(parts, Body::from_stream(pieces));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}
