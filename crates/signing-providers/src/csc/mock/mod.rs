//! A remote signing service for tests and for the demonstration: CSC 1.0.4 and 2 over plain HTTP on 127.0.0.1.
//!
//! It keeps the rules that matter: a PIN and a one-time code that must be right, a SAD that is good once, for a while, and
//! for exactly the hashes it was given for. And it can be told to misbehave ([`Behaviour`]), because a client is only as
//! good as what it refuses. **Its keys lie in memory; nothing it signs has legal value.**
//!
//! | Release | `base` of the client | token |
//! |---|---|---|
//! | 1.0.4 | `http://127.0.0.1:PORT/csc/v1` | [`Mock::token`], or client credentials at `/oauth2/token` |
//! | 2 | `http://127.0.0.1:PORT/csc/v2` | the same |

mod handlers;
mod state;

use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use tokio::net::TcpListener;

use crate::ProviderError;
use crate::software::{SoftwareKeys, random};
use state::Inner;

/// Name that client credentials use here.
pub const CLIENT_ID: &str = "vanthu-demo";

/// How a signature with a key is authorised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorisation {
    /// "On the phone": by itself, after [`Behaviour::delay`].
    Implicit,
    /// By a PIN.
    Pin(String),
    /// By a one-time code ([`Mock::last_otp`]).
    Otp,
    /// By both.
    PinAndOtp(String),
    /// At the page `/oauth2/authorize`.
    Page,
}

/// One key of the service.
#[derive(Clone, Debug)]
pub struct MockCredential {
    /// `credentialID`
    pub id: String,
    /// `userID`; whose it is.
    pub user: String,
    /// PKCS#8, DER.
    pub key_pkcs8: Vec<u8>,
    /// DER, the signer's first.
    pub chain: Vec<Vec<u8>>,
    /// What has to be given.
    pub authorisation: Authorisation,
    /// Hashes in one confirmation.
    pub multisign: usize,
}

/// What the service does differently from now on.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// Before `authorize` answers.
    pub delay: Duration,
    /// `authorize` says no.
    pub refuse: bool,
    /// Signs with another key.
    pub wrong_key: bool,
    /// `credentials/info` shows this certificate (DER) instead.
    pub certificate: Option<Vec<u8>>,
    /// How long a SAD is good.
    pub sad_lives: Duration,
    /// v2: `authorize` gives a handle, and `authorizeCheck` has to be asked so many times before there is a SAD.
    pub checks: u32,
    /// v2 with operationMode A: `signPolling` has to be asked so many times before there are signatures.
    pub polls: u32,
    /// Gives the signatures of a batch in reverse.
    pub reverse: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            delay: Duration::ZERO,
            refuse: false,
            wrong_key: false,
            certificate: None,
            sad_lives: Duration::from_secs(300),
            checks: 0,
            polls: 0,
            reverse: false,
        }
    }
}

/// The service. Clones share everything.
#[derive(Clone)]
pub struct Mock {
    inner: Arc<Mutex<Inner>>,
    token: Arc<str>,
    client_secret: Arc<str>,
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock").finish_non_exhaustive()
    }
}

impl Mock {
    /// A service without keys.
    ///
    /// # Errors
    /// `Unavailable` when the system has no random numbers.
    pub fn new() -> Result<Self, ProviderError> {
        Ok(Self {
            inner: Arc::new(Mutex::new(Inner {
                keys: SoftwareKeys::new(),
                credentials: Vec::new(),
                behaviour: Behaviour::default(),
                sads: HashMap::new(),
                otps: HashMap::new(),
                last_otp: None,
                handles: HashMap::new(),
                responses: HashMap::new(),
                codes: HashMap::new(),
                calls: Vec::new(),
            })),
            token: hex::encode(random::<16>()?).into(),
            client_secret: hex::encode(random::<16>()?).into(),
        })
    }

    /// Adds a key.
    ///
    /// # Errors
    /// As [`SoftwareKeys::add`].
    pub fn add(&self, credential: MockCredential) -> Result<(), ProviderError> {
        let mut inner = self.lock();
        inner.keys.add(
            credential.id.clone(),
            &credential.key_pkcs8,
            credential.chain.clone(),
        )?;
        inner.credentials.retain(|c| c.id != credential.id);
        inner.credentials.push(credential);
        Ok(())
    }

    /// From now on.
    pub fn behave(&self, behaviour: Behaviour) {
        self.lock().behaviour = behaviour;
    }

    /// An access token that always works: secret of `[access] kind = "token"`.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The secret of [`CLIENT_ID`].
    pub fn client_secret(&self) -> &str {
        &self.client_secret
    }

    /// The one-time code that was "sent" last; the demonstration shows it.
    pub fn last_otp(&self) -> Option<String> {
        self.lock().last_otp.clone()
    }

    /// Paths that were called so far, for tests.
    pub fn calls(&self) -> Vec<String> {
        self.lock().calls.clone()
    }

    /// All paths of both releases.
    pub fn router(&self) -> Router {
        let one = |version: u8| {
            let info = move || async move { handlers::service_info(version) };
            Router::new()
                .route("/info", post(info))
                .route("/credentials/list", post(handlers::list))
                .route(
                    "/credentials/info",
                    post(move |s, h, b| handlers::info(version, s, h, b)),
                )
                .route("/credentials/sendOTP", post(handlers::send_otp))
                .route(
                    "/credentials/authorize",
                    post(move |s, h, b| handlers::authorize(version, s, h, b)),
                )
                .route("/credentials/authorizeCheck", post(handlers::authorize_check))
                .route(
                    "/signatures/signHash",
                    post(move |s, h, b| handlers::sign_hash(version, s, h, b)),
                )
                .route("/signatures/signPolling", post(handlers::sign_polling))
        };
        Router::new()
            .nest("/csc/v1", one(1))
            .nest("/csc/v2", one(2))
            .route("/oauth2/token", post(handlers::token))
            .route("/oauth2/authorize", get(handlers::page))
            .with_state(self.clone())
    }

    /// Listens on 127.0.0.1 (port 0: any free one) and answers until the program ends. Returns where.
    ///
    /// # Errors
    /// `Unavailable` when the port is taken.
    pub async fn listen(&self, port: u16) -> Result<SocketAddr, ProviderError> {
        let failed = |e: std::io::Error| ProviderError::Unavailable(format!("csc mock: {e}"));
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port)))
            .await
            .map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let router = self.router();
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "csc mock stopped");
            }
        });
        Ok(address)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
