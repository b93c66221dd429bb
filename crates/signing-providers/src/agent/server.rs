//! The agent itself: HTTP on 127.0.0.1.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use super::console::{Console, one_line};
use super::guard::{Origin, Pages, failed, guard, json_of, problem};
use super::messages::{
    CertificatesAnswer, MAX_HASHES, OneCertificate, SignAnswer, SignMessage, VERSION, decode, encode,
};
use super::pairing::Pairing;
use crate::config::{ProviderConfig, default_agent_port};
use crate::{
    Clock, HashItem, HashRequest, Progress, Provider, ProviderError, SecretSource, SignerRef, UserStep, open,
};

/// A message of 200 hashes with descriptions is far below this.
const MAX_BODY: usize = 256 * 1024;

/// Settings of the agent.
///
/// ```toml
/// port = 18987
/// origins = ["https://vanthu.example.vn"]  # of the pages that may use it, exactly as the browser shows them
/// pairings = "/home/user/.config/vanthu/pairings"  # the agent keeps here whom it knows
/// confirm = true                           # ask yes or no for each request that needs no PIN (default true)
///
/// [keys]                                   # as for the server, without pin_secret: the PIN is asked at the console
/// kind = "pkcs11"
/// module = "/usr/lib/libtoken.so"
/// token = "my token"
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentServerConfig {
    /// On 127.0.0.1; 0 takes any free one (tests).
    #[serde(default = "default_agent_port")]
    pub port: u16,
    /// Pages that may use it: scheme, host and port.
    pub origins: Vec<String>,
    /// File of known pairings.
    pub pairings: PathBuf,
    /// Ask before a signature that needs no PIN.
    #[serde(default = "yes")]
    pub confirm: bool,
    /// Token or software keys.
    pub keys: ProviderConfig,
}

fn yes() -> bool {
    true
}

/// An agent that listens but does not answer yet.
pub struct Agent {
    listener: TcpListener,
    port: u16,
    router: Router,
}

impl fmt::Debug for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agent")
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl Agent {
    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Answers until `stop` is done.
    ///
    /// # Errors
    /// `Unavailable` when the system takes the socket away.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ProviderError> {
        let served = axum::serve(self.listener, self.router)
            .with_graceful_shutdown(stop)
            .await;
        served.map_err(|e| ProviderError::Unavailable(e.to_string()))
    }
}

struct Inner {
    confirm: bool,
    keys: Arc<dyn Provider>,
    pairing: Mutex<Pairing>,
    console: Arc<dyn Console>,
    clock: Clock,
    /// One person, one question at a time.
    busy: Mutex<()>,
}

type Shared = Arc<Inner>;

/// Opens keys and socket.
///
/// # Errors
/// `Config` for origins that are none, keys that are not at this PC, and a port that is taken.
pub async fn bind(
    config: &AgentServerConfig,
    secrets: &dyn SecretSource,
    console: Arc<dyn Console>,
    clock: Clock,
) -> Result<Agent, ProviderError> {
    let wrong = |what: String| ProviderError::Config(format!("sign-agent: {what}"));
    if !matches!(
        config.keys,
        ProviderConfig::Pkcs11(_) | ProviderConfig::Software(_)
    ) {
        return Err(wrong("keys phải là pkcs11 hoặc software".to_owned()));
    }
    let origins = config
        .origins
        .iter()
        .map(|o| origin(o).ok_or_else(|| wrong(format!("origin “{o}”"))));
    let origins = origins.collect::<Result<Vec<_>, _>>()?;
    if origins.is_empty() {
        return Err(wrong("chưa khai báo origins".to_owned()));
    }
    let keys = open(&config.keys, secrets, Arc::clone(&clock))?;
    let address = SocketAddr::from(([127, 0, 0, 1], config.port));
    let listener = TcpListener::bind(address)
        .await
        .map_err(|e| wrong(format!("{address}: {e}")))?;
    let port = listener.local_addr().map_err(|e| wrong(e.to_string()))?.port();
    let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let pages = Arc::new(Pages { origins, hosts });
    let inner = Arc::new(Inner {
        confirm: config.confirm,
        keys,
        pairing: Mutex::new(Pairing::open(config.pairings.clone())?),
        console,
        clock,
        busy: Mutex::new(()),
    });
    let router = Router::new()
        .route("/", get(about))
        .route("/pair", post(pair))
        .route("/certificates", post(certificates))
        .route("/sign", post(sign))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(pages, guard))
        .with_state(inner);
    Ok(Agent {
        listener,
        port,
        router,
    })
}

/// [`bind`] and [`Agent::run`] in one, until the program ends.
///
/// # Errors
/// As both.
pub async fn serve(
    config: &AgentServerConfig,
    secrets: &dyn SecretSource,
    console: Arc<dyn Console>,
    clock: Clock,
) -> Result<(), ProviderError> {
    let agent = bind(config, secrets, Arc::clone(&console), clock).await?;
    console.tell(&format!(
        "Phần mềm ký số đang chạy tại http://127.0.0.1:{}; các trang được phép: {}. Giữ cửa sổ này mở khi ký.",
        agent.port(),
        config.origins.join(", ")
    ));
    agent.run(std::future::pending()).await
}

/// `scheme://host[:port]` in the form in which browsers send it.
fn origin(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok()?;
    let bare =
        url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let usual = matches!(url.scheme(), "http" | "https") && bare;
    usual.then(|| url.origin().ascii_serialization())
}

async fn is_paired(agent: &Inner, origin: &Origin, headers: &HeaderMap) -> bool {
    let token = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let Some(token) = token.and_then(|t| t.strip_prefix("Bearer ")) else {
        return false;
    };
    agent.pairing.lock().await.knows(&origin.0, token)
}

/// Shows a code when the page is not known yet.
async fn known(agent: &Inner, origin: &Origin, headers: &HeaderMap) -> Result<(), Box<Response>> {
    if is_paired(agent, origin, headers).await {
        return Ok(());
    }
    let code = agent
        .pairing
        .lock()
        .await
        .new_code(Instant::now())
        .map_err(|e| Box::new(failed(&e)))?;
    if let Some(code) = code {
        agent.console.tell(&format!(
            "Trang {} muốn kết nối với phần mềm ký số. Nếu chính Ông/Bà đang thao tác, nhập mã {} {} vào trang đó.",
            origin.0,
            &code[..4],
            &code[4..]
        ));
    }
    let message = "Trang này chưa được ghép nối với phần mềm ký số. Nhập mã 8 chữ số đang hiện trên cửa sổ phần mềm ký số.";
    Err(Box::new(problem(StatusCode::UNAUTHORIZED, "not_paired", message)))
}

async fn about(
    State(agent): State<Shared>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
) -> Response {
    let paired = is_paired(&agent, &origin, &headers).await;
    Json(json!({"agent": "vanthu", "version": env!("CARGO_PKG_VERSION"), "messages": VERSION, "paired": paired}))
        .into_response()
}

#[derive(Deserialize)]
struct PairBody {
    code: String,
}

async fn pair(
    State(agent): State<Shared>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let sent: PairBody = match json_of(&headers, &body) {
        Ok(sent) => sent,
        Err(refusal) => return *refusal,
    };
    let digits: String = sent.code.chars().filter(|c| !c.is_whitespace()).collect();
    let token = agent
        .pairing
        .lock()
        .await
        .pair(&origin.0, &digits, Instant::now());
    match token {
        Ok(Some(token)) => {
            agent
                .console
                .tell(&format!("Đã ghép nối với trang {}.", origin.0));
            Json(json!({ "token": token })).into_response()
        }
        Ok(None) => {
            let message =
                "Mã ghép nối không đúng hoặc đã hết hạn. Bấm thử lại để phần mềm ký số hiện mã mới.";
            problem(StatusCode::UNAUTHORIZED, "wrong_code", message)
        }
        Err(error) => failed(&error),
    }
}

async fn certificates(
    State(agent): State<Shared>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(refusal) = known(&agent, &origin, &headers).await {
        return *refusal;
    }
    if let Err(refusal) = json_of::<serde_json::Value>(&headers, &body) {
        return *refusal;
    }
    match agent.keys.certificates(&SignerRef::default()).await {
        Ok(chains) => {
            let certificates = chains.into_iter().map(|c| OneCertificate {
                key: c.key,
                label: c.label,
                chain: c.certificates.iter().map(|der| encode(der)).collect(),
            });
            Json(CertificatesAnswer {
                certificates: certificates.collect(),
            })
            .into_response()
        }
        Err(error) => failed(&error),
    }
}

async fn sign(
    State(agent): State<Shared>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(refusal) = known(&agent, &origin, &headers).await {
        return *refusal;
    }
    let message: SignMessage = match json_of(&headers, &body) {
        Ok(message) => message,
        Err(refusal) => return *refusal,
    };
    let Ok(_alone) = agent.busy.try_lock() else {
        let sentence = "Phần mềm ký số đang chờ xử lý một yêu cầu khác. Hoàn thành yêu cầu đó rồi thử lại.";
        return problem(StatusCode::CONFLICT, "busy", sentence);
    };
    // An honest message lives ten minutes; a person who has left must not block the agent for a day.
    let limit = Duration::from_secs(message.valid_seconds.min(900));
    let outcome = tokio::time::timeout(limit, sign_with_person(&agent, &origin, &message)).await;
    match outcome.unwrap_or(Err(ProviderError::Expired)) {
        Ok(answer) => {
            agent
                .console
                .tell(&format!("Đã ký {} mã băm.", answer.signatures.len()));
            Json(answer).into_response()
        }
        Err(error) => {
            agent.console.tell(&format!("Không ký: {error}"));
            failed(&error)
        }
    }
}

async fn sign_with_person(
    agent: &Inner,
    origin: &Origin,
    message: &SignMessage,
) -> Result<SignAnswer, ProviderError> {
    if message.version != VERSION {
        return Err(ProviderError::Protocol(format!("phiên bản {}", message.version)));
    }
    if message.items.is_empty() || message.items.len() > MAX_HASHES {
        return Err(ProviderError::TooMany(MAX_HASHES));
    }
    let mut items = Vec::new();
    for item in &message.items {
        let hash = decode(&item.hash)?
            .try_into()
            .map_err(|_| ProviderError::Protocol("mã băm SHA-256".to_owned()))?;
        items.push(HashItem::new(hash, one_line(&item.description)));
    }
    let chains = agent.keys.certificates(&SignerRef::default()).await?;
    let wanted = message.certificate_sha256.to_ascii_lowercase();
    let chain = chains.into_iter().find(|chain| {
        chain
            .certificates
            .first()
            .is_some_and(|der| hex::encode(Sha256::digest(der)) == wanted)
    });
    let chain = chain.ok_or(ProviderError::ForeignCertificate)?;
    let valid = SignedDuration::from_secs(i64::try_from(message.valid_seconds.min(900)).unwrap_or(900));
    let request = HashRequest {
        key: chain.key,
        certificate: chain.certificates.into_iter().next().unwrap_or_default(),
        items,
        expires_at: (agent.clock)()
            .saturating_add(valid)
            .map_err(|_| ProviderError::Expired)?,
        authorization: None,
    };
    let names: Vec<_> = request
        .items
        .iter()
        .map(|i| format!("  - {}", i.description))
        .collect();
    agent.console.tell(&format!(
        "Trang {} đề nghị ký {} văn bản bằng chứng thư số của {}:\n{}",
        origin.0,
        names.len(),
        one_line(&chain.label),
        names.join("\n")
    ));
    let raws = sign_all(agent, &request).await?;
    Ok(SignAnswer {
        request: message.request.clone(),
        certificate_sha256: wanted,
        signatures: raws.iter().map(|raw| encode(raw)).collect(),
    })
}

async fn sign_all(agent: &Inner, request: &HashRequest) -> Result<Vec<Vec<u8>>, ProviderError> {
    let needs_pin = agent.keys.asks_for_pin();
    if !needs_pin && agent.confirm && !agent.console.confirm("Đồng ý ký?").await {
        return Err(ProviderError::Rejected("người ký không đồng ý".to_owned()));
    }
    let progress = match agent.keys.start(request).await? {
        Progress::NeedsUser {
            transaction,
            step: UserStep::Pin,
            ..
        } => {
            let pin = agent
                .console
                .pin("Mã PIN của thiết bị ký số (để trống nếu không ký)")
                .await;
            let pin = pin.ok_or_else(|| ProviderError::Rejected("người ký không nhập mã PIN".to_owned()))?;
            agent
                .keys
                .answer(&transaction, request, json!({"pin": pin.reveal()}))
                .await?
        }
        other => other,
    };
    match progress {
        Progress::Done(raws) => Ok(raws),
        _ => Err(ProviderError::Unsupported("phần mềm ký chỉ dùng khóa tại máy")),
    }
}
