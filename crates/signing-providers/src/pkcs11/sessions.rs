//! Libraries, tokens, sessions and PINs.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::session::{Session, SessionState, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use sha2::{Digest, Sha256};

use crate::{ProviderError, Secret};

/// Initialised libraries. PKCS#11 allows one `C_Initialize` for a process, so all providers share them for good.
static LIBRARIES: LazyLock<Mutex<HashMap<PathBuf, Pkcs11>>> = LazyLock::new(Mutex::default);

/// PINs that a token has refused, as SHA-256 of library, serial number and PIN. Kept for the whole process, so that
/// neither a retry nor opening the provider again counts against the token's few attempts.
static REFUSED: LazyLock<Mutex<HashSet<[u8; 32]>>> = LazyLock::new(Mutex::default);

/// Logging in and out concerns a token in the whole process, not a session; so only one thread at a time does it.
static LOGINS: LazyLock<Mutex<HashMap<TokenName, Arc<Mutex<()>>>>> = LazyLock::new(Mutex::default);

/// Library, label and serial number.
type TokenName = (PathBuf, Option<String>, Option<String>);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing here is left half-done by a panic: the worst is a session too few in a pool.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How the token is unlocked.
#[derive(Clone)]
pub(super) enum Unlock {
    /// With this PIN, and it stays so.
    Stay(Secret),
    /// With this PIN, for one piece of work.
    Once(Secret),
    /// On the device.
    PinPad,
    /// Not at all: only what is public.
    No,
}

/// Why a piece of work did not succeed.
pub(super) enum Fault {
    /// The library said so.
    Token(Error),
    /// We say so.
    Ours(ProviderError),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Token(error)
    }
}

impl From<ProviderError> for Fault {
    fn from(error: ProviderError) -> Self {
        Self::Ours(error)
    }
}

impl Fault {
    /// Whether everything should be opened anew: token pulled out, session gone, logged out by another.
    fn is_session_lost(&self) -> bool {
        matches!(
            self,
            Self::Token(Error::Pkcs11(
                RvError::SessionHandleInvalid
                    | RvError::SessionClosed
                    | RvError::TokenNotPresent
                    | RvError::TokenNotRecognized
                    | RvError::DeviceRemoved
                    | RvError::DeviceError
                    | RvError::UserNotLoggedIn
                    | RvError::ObjectHandleInvalid
                    | RvError::KeyHandleInvalid
                    | RvError::SlotIdInvalid
                    | RvError::CryptokiNotInitialized,
                _
            ))
        )
    }

    pub(super) fn into_error(self) -> ProviderError {
        match self {
            Self::Ours(error) => error,
            Self::Token(Error::Pkcs11(rv, function)) => match rv {
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange => ProviderError::WrongPin,
                RvError::PinLocked => ProviderError::PinLocked,
                RvError::FunctionCanceled | RvError::FunctionRejected => {
                    ProviderError::Rejected("trên thiết bị".to_owned())
                }
                // After a fresh log-in this means: the key wants its PIN before every single signature.
                RvError::UserNotLoggedIn => {
                    ProviderError::Unsupported("khóa yêu cầu nhập PIN cho từng chữ ký")
                }
                RvError::UserPinNotInitialized | RvError::PinExpired => {
                    ProviderError::Config("mã PIN của thiết bị chưa được khởi tạo hoặc đã hết hạn".to_owned())
                }
                other => ProviderError::Unavailable(format!("PKCS#11 {function}: {other:?}")),
            },
            Self::Token(Error::LibraryLoading(_) | Error::MissingSymbol(_)) => {
                ProviderError::Config("không nạp được thư viện PKCS#11".to_owned())
            }
            Self::Token(other) => ProviderError::Unavailable(format!("PKCS#11: {other}")),
        }
    }
}

/// Sessions of one token.
pub(super) struct Sessions {
    module: PathBuf,
    token: Option<String>,
    serial: Option<String>,
    login: Arc<Mutex<()>>,
    idle: Mutex<Vec<Session>>,
}

impl Sessions {
    pub(super) fn new(module: &Path, token: Option<String>, serial: Option<String>) -> Self {
        let name = (module.to_owned(), token.clone(), serial.clone());
        let login = Arc::clone(lock(&LOGINS).entry(name).or_default());
        Self {
            module: module.to_owned(),
            token,
            serial,
            login,
            idle: Mutex::default(),
        }
    }

    /// Does a piece of work in a session; once more from the very beginning when the session was lost. Blocks.
    pub(super) fn work<T>(
        &self,
        unlock: &Unlock,
        work: &dyn Fn(&Session) -> Result<T, Fault>,
    ) -> Result<T, ProviderError> {
        match self.attempt(unlock, work) {
            Err(fault) if fault.is_session_lost() => {
                tracing::warn!(module = %self.module.display(), "token session lost; opening it again");
                lock(&self.idle).clear();
                if matches!(
                    fault,
                    Fault::Token(Error::Pkcs11(RvError::CryptokiNotInitialized, _))
                ) {
                    lock(&LIBRARIES).remove(&self.module);
                }
                self.attempt(unlock, work)
            }
            other => other,
        }
        .map_err(Fault::into_error)
    }

    fn attempt<T>(&self, unlock: &Unlock, work: &dyn Fn(&Session) -> Result<T, Fault>) -> Result<T, Fault> {
        // Guarded for the whole work when it must not be shared: nobody may use what another person's PIN has opened.
        let _alone = matches!(unlock, Unlock::Once(_)).then(|| lock(&self.login));
        let taken = lock(&self.idle).pop();
        let (session, serial) = match taken {
            Some(session) => (session, None),
            None => {
                let (library, slot, serial) = self.find()?;
                (library.open_ro_session(slot)?, Some(serial))
            }
        };
        match unlock {
            Unlock::No => {}
            Unlock::Once(pin) => {
                // Somebody else's log-in is ended first: it would hide a wrong PIN.
                if is_logged_in(&session)? {
                    session.logout()?;
                }
                let serial = serial.map_or_else(|| self.find().map(|found| found.2), Ok)?;
                log_in(&session, &self.module, &serial, Some(pin))?;
            }
            Unlock::Stay(_) | Unlock::PinPad => {
                let _one = lock(&self.login);
                if !is_logged_in(&session)? {
                    let pin = if let Unlock::Stay(pin) = unlock {
                        Some(pin)
                    } else {
                        None
                    };
                    let serial = serial.map_or_else(|| self.find().map(|found| found.2), Ok)?;
                    log_in(&session, &self.module, &serial, pin)?;
                }
            }
        }
        let result = work(&session);
        match unlock {
            Unlock::Once(_) => {
                if let Err(error) = session.logout() {
                    tracing::warn!(%error, "token did not log out");
                }
            }
            // A session in which something went wrong may have an operation open; it is closed rather than kept.
            _ if result.is_ok() => lock(&self.idle).push(session),
            _ => {}
        }
        result
    }

    /// The library and the slot in which the token is now, and its serial number.
    fn find(&self) -> Result<(Pkcs11, Slot, String), Fault> {
        let library = library(&self.module)?;
        let mut seen = 0;
        for slot in library.get_slots_with_token()? {
            let Ok(info) = library.get_token_info(slot) else {
                continue;
            };
            if !info.token_initialized() {
                continue;
            }
            seen += 1;
            let label = self
                .token
                .as_deref()
                .is_none_or(|wanted| info.label().trim_end() == wanted.trim_end());
            let serial = self
                .serial
                .as_deref()
                .is_none_or(|wanted| info.serial_number().trim() == wanted.trim());
            if label && serial {
                if info.user_pin_locked() {
                    return Err(ProviderError::PinLocked.into());
                }
                return Ok((library, slot, info.serial_number().trim().to_owned()));
            }
        }
        let wanted = self
            .token
            .as_deref()
            .or(self.serial.as_deref())
            .unwrap_or_default();
        Err(
            ProviderError::Unavailable(format!("không thấy thiết bị “{wanted}”; có {seen} thiết bị khác"))
                .into(),
        )
    }
}

fn library(path: &Path) -> Result<Pkcs11, Fault> {
    let mut libraries = lock(&LIBRARIES);
    if let Some(known) = libraries.get(path) {
        return Ok(known.clone());
    }
    let library = Pkcs11::new(path)?;
    match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(error.into()),
    }
    libraries.insert(path.to_owned(), library.clone());
    Ok(library)
}

fn is_logged_in(session: &Session) -> Result<bool, Fault> {
    Ok(matches!(
        session.get_session_info()?.session_state(),
        SessionState::RoUser | SessionState::RwUser
    ))
}

fn log_in(session: &Session, module: &Path, serial: &str, pin: Option<&Secret>) -> Result<(), Fault> {
    let Some(pin) = pin else {
        return match session.login(UserType::User, None) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
            Err(error) => Err(error.into()),
        };
    };
    let mark = mark(module, serial, pin);
    if lock(&REFUSED).contains(&mark) {
        return Err(ProviderError::WrongPin.into());
    }
    match session.login(UserType::User, Some(&AuthPin::from(pin.reveal().to_owned()))) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
        Err(error) => {
            if let Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _) =
                &error
            {
                lock(&REFUSED).insert(mark);
                tracing::warn!(module = %module.display(), serial, "token refused the PIN; it is not tried again");
            }
            Err(error.into())
        }
    }
}

fn mark(module: &Path, serial: &str, pin: &Secret) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [
        module.as_os_str().as_encoded_bytes(),
        serial.as_bytes(),
        pin.reveal().as_bytes(),
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
