//! Remote signing services that speak the API of the Cloud Signature Consortium, release 1.0.4 or 2.
//!
//! The key lies in the HSM of the service; its owner confirms each signature, or one batch, with a PIN, a one-time code,
//! in the service's app or on its page (KS-47, KS-70). `authorize` and `signHash` are given the very same hashes (SCAL2), so
//! that a confirmation is good for nothing else.
//!
//! TLS is always checked; plain HTTP is refused except to the mock service on this very machine ([`mock`]).
//! A maker's way to widen a confirmation (`registerExtension` of Viettel) is not used: it takes the control away from the
//! signer.

mod credential;
pub mod mock;
mod service;
mod wire;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;

use crate::config::CscConfig;
use crate::software::random;
use crate::{
    CertificateChain, Clock, HashRequest, Progress, Provider, ProviderError, Secret, SecretSource, SignerRef,
    UserStep,
};
use credential::{Credential, Mode};
use service::{Inner, text, verifier};
use wire::Wire;

/// How often to ask.
const POLL: Duration = Duration::from_secs(3);
/// How long a caller is kept waiting for work that may take as long as a person needs.
const PATIENCE: Duration = Duration::from_secs(2);

/// A remote signing service.
pub struct Remote {
    inner: Arc<Inner>,
    /// Calls that wait for a person's phone, by transaction.
    working: Mutex<HashMap<String, JoinHandle<Result<Progress, ProviderError>>>>,
    /// PINs of persons who still have to type the one-time code, by transaction.
    pins: Mutex<HashMap<String, (Secret, Timestamp)>>,
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote")
            .field("label", &self.inner.label)
            .finish_non_exhaustive()
    }
}

/// Where a transaction stands. Its text goes through the database, so it holds no secret.
#[derive(Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
enum Step {
    Pin {
        id: String,
    },
    Otp {
        id: String,
    },
    Page {
        id: String,
    },
    /// A call of this process is under way.
    Working {
        id: String,
    },
    /// v2: the person confirms elsewhere.
    Check {
        handle: String,
    },
    /// v2: the service signs.
    Response {
        id: String,
    },
}

impl Step {
    fn text(&self) -> Result<String, ProviderError> {
        serde_json::to_string(self).map_err(|e| ProviderError::Protocol(e.to_string()))
    }
}

/// What the person has given.
#[derive(Clone, Default)]
struct Given {
    pin: Option<Secret>,
    otp: Option<Secret>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Remote {
    /// For this configuration; nothing is called yet.
    ///
    /// # Errors
    /// `InsecureTransport` for plain HTTP; `Config` for addresses and secrets that cannot work.
    pub fn open(config: &CscConfig, secrets: &dyn SecretSource, clock: Clock) -> Result<Self, ProviderError> {
        let inner = Inner {
            label: config.label.clone(),
            wire: Wire::open(config, secrets)?,
            version: config.version,
            detected: OnceCell::new(),
            dialect: config.dialect,
            asynchronous: config.asynchronous,
            max_hashes: config.max_hashes.clamp(1, 500),
            clock,
        };
        Ok(Self {
            inner: Arc::new(inner),
            working: Mutex::default(),
            pins: Mutex::default(),
        })
    }

    /// Authorises and signs in the background, because a person may have to find the phone first.
    async fn work(
        &self,
        request: &HashRequest,
        credential: Credential,
        given: Given,
    ) -> Result<Progress, ProviderError> {
        let (inner, kept) = (Arc::clone(&self.inner), request.clone());
        let task = tokio::spawn(async move { inner.authorize(&kept, &credential, &given).await });
        self.wait_for(hex::encode(random::<16>()?), task, request).await
    }

    async fn wait_for(
        &self,
        id: String,
        mut task: JoinHandle<Result<Progress, ProviderError>>,
        request: &HashRequest,
    ) -> Result<Progress, ProviderError> {
        match tokio::time::timeout(PATIENCE, &mut task).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(ProviderError::Unavailable("csc".to_owned())),
            Err(_) => {
                let mut working = lock(&self.working);
                // Finished work that nobody asked for any more.
                working.retain(|_, task| !task.is_finished());
                working.insert(id.clone(), task);
                pending(&Step::Working { id }, request)
            }
        }
    }
}

fn pending(step: &Step, request: &HashRequest) -> Result<Progress, ProviderError> {
    Ok(Progress::Pending {
        transaction: step.text()?,
        poll_after: POLL,
        expires_at: request.expires_at,
    })
}

fn needs(step: &Step, what: UserStep, request: &HashRequest) -> Result<Progress, ProviderError> {
    Ok(Progress::NeedsUser {
        transaction: step.text()?,
        step: what,
        expires_at: request.expires_at,
    })
}

#[async_trait]
impl Provider for Remote {
    fn label(&self) -> String {
        self.inner.label.clone()
    }

    async fn certificates(&self, signer: &SignerRef) -> Result<Vec<CertificateChain>, ProviderError> {
        self.inner.list(signer).await
    }

    async fn start(&self, request: &HashRequest) -> Result<Progress, ProviderError> {
        let credential = self.inner.checked(request).await?;
        let id = hex::encode(random::<16>()?);
        // A PIN that came with the request; where it is the person's token, it cannot be a PIN as well.
        let pin = request
            .authorization
            .clone()
            .filter(|_| !self.inner.wire.takes_persons_token());
        match credential.mode {
            Mode::Implicit => self.work(request, credential, Given::default()).await,
            Mode::Page => {
                let page = self.inner.page(request, &id).await?;
                needs(&Step::Page { id }, UserStep::Redirect(page), request)
            }
            Mode::Explicit { pin: true, .. } if pin.is_none() => {
                needs(&Step::Pin { id }, UserStep::Pin, request)
            }
            Mode::Explicit { otp: true, .. } => self.ask_otp(request, id, pin).await,
            Mode::Explicit { .. } => self.work(request, credential, Given { pin, otp: None }).await,
        }
    }

    async fn poll(&self, transaction: &str, request: &HashRequest) -> Result<Progress, ProviderError> {
        match serde_json::from_str(transaction).map_err(|_| ProviderError::UnknownTransaction)? {
            Step::Working { id } => {
                self.inner.in_time(request)?;
                // A call that was under way when the program stopped is lost; its signature is dropped with it.
                let task = lock(&self.working)
                    .remove(&id)
                    .ok_or(ProviderError::UnknownTransaction)?;
                self.wait_for(id, task, request).await
            }
            Step::Check { handle } => self.inner.check(request, &handle).await,
            Step::Response { id } => self.inner.response(request, &id).await,
            Step::Pin { .. } | Step::Otp { .. } | Step::Page { .. } => Err(ProviderError::UnknownTransaction),
        }
    }

    async fn answer(
        &self,
        transaction: &str,
        request: &HashRequest,
        answer: Value,
    ) -> Result<Progress, ProviderError> {
        let step = serde_json::from_str(transaction).map_err(|_| ProviderError::UnknownTransaction)?;
        let credential = self.inner.checked(request).await?;
        let field = |name: &str| text(&answer, name).map(Secret::new);
        match step {
            Step::Pin { id } => {
                let pin = Some(field("pin").ok_or(ProviderError::PinNeeded)?);
                match (credential.mode, field("otp")) {
                    (Mode::Explicit { otp: true, .. }, None) => self.ask_otp(request, id, pin).await,
                    (_, otp) => self.work(request, credential, Given { pin, otp }).await,
                }
            }
            Step::Otp { id } => {
                let otp = Some(field("otp").ok_or(ProviderError::WrongOtp)?);
                let kept = lock(&self.pins).remove(&id).map(|(pin, _)| pin);
                let pin = field("pin").or(kept);
                if pin.is_none() && matches!(credential.mode, Mode::Explicit { pin: true, .. }) {
                    return Err(ProviderError::UnknownTransaction);
                }
                self.work(request, credential, Given { pin, otp }).await
            }
            Step::Page { id } => {
                if let Some(refused) = text(&answer, "error") {
                    return Err(ProviderError::Rejected(refused.chars().take(80).collect()));
                }
                if text(&answer, "state").is_some_and(|state| state != id) {
                    return Err(ProviderError::UnknownTransaction);
                }
                let code = text(&answer, "code").ok_or_else(|| ProviderError::Protocol("code".to_owned()))?;
                let oauth = self.inner.oauth()?;
                let sad = self
                    .inner
                    .wire
                    .exchange(oauth, code, verifier(oauth, &id).as_deref())
                    .await?;
                self.inner.sign(request, &credential, &sad).await
            }
            Step::Working { .. } | Step::Check { .. } | Step::Response { .. } => {
                Err(ProviderError::UnknownTransaction)
            }
        }
    }

    async fn cancel(&self, transaction: &str) {
        match serde_json::from_str(transaction) {
            Ok(Step::Working { id }) => {
                if let Some(task) = lock(&self.working).remove(&id) {
                    task.abort();
                }
            }
            Ok(Step::Otp { id }) => {
                lock(&self.pins).remove(&id);
            }
            _ => {}
        }
    }
}

impl Remote {
    /// Has the service send a one-time code. A PIN that was typed already waits here, in memory only.
    async fn ask_otp(
        &self,
        request: &HashRequest,
        id: String,
        pin: Option<Secret>,
    ) -> Result<Progress, ProviderError> {
        let (caller, credential) = self.inner.parts(request);
        self.inner
            .wire
            .call(
                "credentials/sendOTP",
                &json!({"credentialID": credential}),
                caller,
            )
            .await?;
        if let Some(pin) = pin {
            let now = (self.inner.clock)();
            let mut pins = lock(&self.pins);
            pins.retain(|_, (_, until)| *until > now);
            pins.insert(id.clone(), (pin, request.expires_at));
        }
        needs(&Step::Otp { id }, UserStep::Otp, request)
    }
}
