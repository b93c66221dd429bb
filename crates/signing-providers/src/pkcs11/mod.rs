//! Tokens and HSM through the maker's PKCS#11 library.
//!
//! One session for each signature that runs, from a bounded pool; the PIN is given once for a token and never tried
//! again when it was wrong. Keys are found by CKA_ID matched to the certificate, labels do not matter. When the token
//! was pulled out or the session was lost, everything is opened anew, once.
//!
//! Where the PIN comes from: a secret of the configuration (seals of agencies in an HSM), the device's own pin pad, or
//! the person, each time: then the token is logged in for that one request only, so that nobody else signs with it.

mod keys;
mod sessions;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use cryptoki::session::Session;
use tokio::sync::Semaphore;

use crate::config::Pkcs11Config;
use crate::{
    CertificateChain, Clock, HashRequest, Progress, Provider, ProviderError, Secret, SecretSource, SignerRef,
    UserStep,
};
use sessions::{Fault, Sessions, Unlock};

/// How long one piece of work may take before its caller is told that the token does not answer. A pin pad waits for a
/// person.
const TOKEN_ANSWERS_WITHIN: Duration = Duration::from_secs(60);
/// Hashes of one request; a token signs them one after the other.
const MAX_HASHES: usize = 200;
/// The one transaction there is: waiting for the person's PIN.
const WAITS_FOR_PIN: &str = "pin";

/// A token or HSM.
pub struct Token {
    label: String,
    wait: Duration,
    permits: Arc<Semaphore>,
    sessions: Arc<Sessions>,
    unlock: Unlock,
    clock: Clock,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

impl Token {
    /// Remembers how to reach the token; it is not touched before it is used.
    ///
    /// # Errors
    /// `Config` when neither label nor serial number is given, numbers are out of range, the path of the library is not
    /// absolute, or the secret is missing.
    pub fn open(
        config: &Pkcs11Config,
        secrets: &dyn SecretSource,
        clock: Clock,
    ) -> Result<Self, ProviderError> {
        let wrong = |what: &str| ProviderError::Config(format!("pkcs11: {what}"));
        if config.token.is_none() && config.serial.is_none() {
            return Err(wrong("cần token (nhãn thiết bị) hoặc serial"));
        }
        if !config.module.is_absolute() {
            return Err(wrong("module phải là đường dẫn tuyệt đối"));
        }
        if !(1..=64).contains(&config.sessions) {
            return Err(wrong("sessions phải từ 1 đến 64"));
        }
        let unlock = match &config.pin_secret {
            Some(_) if config.pin_pad => return Err(wrong("không dùng đồng thời pin_pad và pin_secret")),
            Some(name) => Unlock::Stay(
                secrets
                    .secret(name)
                    .ok_or_else(|| wrong(&format!("không có bí mật “{name}”")))?,
            ),
            None if config.pin_pad => Unlock::PinPad,
            None => Unlock::No,
        };
        // One person's PIN opens the whole token, so with PINs of persons one request runs at a time.
        let at_once = if matches!(unlock, Unlock::No) {
            1
        } else {
            config.sessions as usize
        };
        Ok(Self {
            label: config.label.clone(),
            wait: Duration::from_secs(config.wait_seconds.clamp(1, 600)),
            permits: Arc::new(Semaphore::new(at_once)),
            sessions: Arc::new(Sessions::new(
                &config.module,
                config.token.clone(),
                config.serial.clone(),
            )),
            unlock,
            clock,
        })
    }

    /// With the person's PIN where the configuration has none.
    fn unlock(&self, authorization: Option<&Secret>) -> Unlock {
        match (&self.unlock, authorization) {
            (Unlock::No, Some(pin)) if !pin.is_empty() => Unlock::Once(pin.clone()),
            (configured, _) => configured.clone(),
        }
    }

    /// Does a piece of work on a thread that may block, when one of the sessions is free.
    async fn work<T: Send + 'static>(
        &self,
        unlock: Unlock,
        work: impl Fn(&Session) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, ProviderError> {
        let busy = || ProviderError::Timeout("thiết bị ký số đang bận".to_owned());
        let permit = tokio::time::timeout(self.wait, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = permit.map_err(|_| busy())?.map_err(|_| busy())?;
        let sessions = Arc::clone(&self.sessions);
        let task = tokio::task::spawn_blocking(move || {
            // A token that hangs keeps its permit: no more threads than permits ever hang.
            let _permit = permit;
            sessions.work(&unlock, &work)
        });
        match tokio::time::timeout(TOKEN_ANSWERS_WITHIN, task).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(ProviderError::Unavailable("PKCS#11".to_owned())),
            Err(_) => Err(ProviderError::Timeout("thiết bị ký số không trả lời".to_owned())),
        }
    }

    async fn sign(&self, request: &HashRequest, unlock: Unlock) -> Result<Progress, ProviderError> {
        if request.items.is_empty() || request.items.len() > MAX_HASHES {
            return Err(ProviderError::TooMany(MAX_HASHES));
        }
        let kept = request.clone();
        let raws = self
            .work(unlock, move |session| keys::sign(session, &kept))
            .await?;
        if (self.clock)() > request.expires_at {
            return Err(ProviderError::Expired);
        }
        Ok(Progress::Done(raws))
    }
}

#[async_trait]
impl Provider for Token {
    fn label(&self) -> String {
        self.label.clone()
    }

    fn asks_for_pin(&self) -> bool {
        matches!(self.unlock, Unlock::No)
    }

    async fn certificates(&self, signer: &SignerRef) -> Result<Vec<CertificateChain>, ProviderError> {
        let unlock = self.unlock(signer.authorization.as_ref());
        let logged_in = !matches!(unlock, Unlock::No);
        self.work(unlock, move |session| keys::chains(session, logged_in))
            .await
    }

    async fn start(&self, request: &HashRequest) -> Result<Progress, ProviderError> {
        if (self.clock)() > request.expires_at {
            return Err(ProviderError::Expired);
        }
        match self.unlock(request.authorization.as_ref()) {
            Unlock::No => Ok(Progress::NeedsUser {
                transaction: WAITS_FOR_PIN.to_owned(),
                step: UserStep::Pin,
                expires_at: request.expires_at,
            }),
            unlock => self.sign(request, unlock).await,
        }
    }

    async fn poll(&self, _transaction: &str, _request: &HashRequest) -> Result<Progress, ProviderError> {
        Err(ProviderError::UnknownTransaction)
    }

    async fn answer(
        &self,
        transaction: &str,
        request: &HashRequest,
        answer: serde_json::Value,
    ) -> Result<Progress, ProviderError> {
        if transaction != WAITS_FOR_PIN || !matches!(self.unlock, Unlock::No) {
            return Err(ProviderError::UnknownTransaction);
        }
        if (self.clock)() > request.expires_at {
            return Err(ProviderError::Expired);
        }
        let pin = answer
            .get("pin")
            .and_then(|p| p.as_str())
            .filter(|p| !p.is_empty());
        let pin = Secret::new(pin.ok_or(ProviderError::PinNeeded)?);
        self.sign(request, Unlock::Once(pin)).await
    }

    async fn cancel(&self, _transaction: &str) {}
}
