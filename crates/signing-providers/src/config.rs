//! How an operator writes down where keys live.
//!
//! Every provider has a `kind`. Secrets (PINs, passwords, client secrets) are never written here: a field that ends in
//! `_secret` holds the **name** of a secret, which the program looks up in its folder of secrets (systemd
//! `LoadCredential=`, or files with mode 0600). Unknown fields are refused, so that a misspelt one is noticed.
//!
//! # `kind = "pkcs11"`: token or HSM of the server
//!
//! ```toml
//! kind = "pkcs11"
//! label = "HSM của Văn phòng UBND tỉnh"  # what people read
//! module = "/usr/lib/softhsm/libsofthsm2.so"  # the maker's PKCS#11 library (absolute path)
//! token = "ubnd-tinh"           # label of the token, exactly; or …
//! serial = "a1b2c3d4e5f60718"   # … its serial number; both may be given, both must match then
//! pin_secret = "hsm-ubnd-pin"   # name of the secret with the user PIN; without it the person is asked each time
//! sessions = 4                  # at most so many signatures at once (1 to 64, default 4); 1 for USB tokens
//! wait_seconds = 30             # how long a request waits for a free session (default 30)
//! pin_pad = false               # true: the PIN is typed on the device itself
//! ```
//! The certificate must be in the token beside its private key, both with the same CKA_ID (what makers' tools do). Labels
//! of keys do not matter. A wrong PIN is tried once; afterwards the provider refuses until the program is restarted or
//! another PIN is given, so that a typing error in a secret cannot lock the token.
//!
//! # `kind = "csc"`: remote signing service (CSC API 1.0.4 or 2)
//!
//! ```toml
//! kind = "csc"
//! label = "Dịch vụ ký số từ xa"
//! base = "https://ky-so.example.vn/csc/v1"  # what stands before /info, /credentials/list …; https only
//! version = "detect"            # detect (asks /info, the default), v1, v2
//! dialect = "standard"          # standard, or viettel (documents with names, RSA as signature algorithm)
//! ca_file = "/etc/vanthu/ky-so-ca.pem"  # only when the service has a certificate of a private CA
//! asynchronous = false          # v2: ask with operationMode "A" and poll, for services that wait for a phone
//! timeout_seconds = 30          # of one call; raise it to 120 for services whose authorize waits for the phone
//! max_hashes = 50               # documents in one confirmation (default 50); never more than the key's multisign
//!
//! [access]                      # how the program, or the person, is let in
//! kind = "client"               # OAuth 2 client credentials
//! token_url = "https://ky-so.example.vn/oauth2/token"
//! client_id = "vanthu-ubnd"
//! client_secret = "csc-client-secret"
//! scope = "service"             # optional
//!
//! [oauth]                       # for keys with authMode oauth2code: the person confirms at the service's own page
//! authorize_url = "https://ky-so.example.vn/oauth2/authorize"
//! token_url = "https://ky-so.example.vn/oauth2/token"
//! client_id = "vanthu-ubnd"
//! client_secret = "csc-client-secret"
//! redirect_uri = "https://vanthu.example.vn/ky-so/xac-nhan"
//! ```
//! Other `[access]` tables: `kind = "token"` with `token_secret` (a fixed token), `kind = "person"` (each person's own
//! access token comes with the request), and
//! ```toml
//! [access]
//! kind = "login"                # Ascertia ADSS as Viettel runs it: one call that gives a token for one person
//! login_url = "https://ky-so.example.vn/adss/service/ras/v1/login"
//! client_id = "vanthu-ubnd"
//! client_secret = "csc-client-secret"
//! profile_id = "adss:ras:profile:001"
//! ```
//! `allow_loopback_http = true` lets `base` be `http://127.0.0.1:…`, for the mock service of the demonstration. Nothing
//! lets plain HTTP leave the machine, and nothing switches the check of the server's certificate off.
//!
//! # `kind = "agent"`: USB token at the person's own PC
//!
//! ```toml
//! kind = "agent"
//! label = "USB token trên máy người ký"
//! port = 18987                  # of the agent on 127.0.0.1 (default 18987)
//! ```
//! The agent's own settings: [`crate::agent::AgentServerConfig`].
//!
//! # `kind = "software"`: demonstration and tests only
//!
//! ```toml
//! kind = "software"
//! folder = "/var/lib/vanthu/demo-keys"  # NAME.key.pem (PKCS#8) and NAME.crt.pem (the signer's certificate first)
//! ```

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Clock, Provider, ProviderError, SecretSource};

/// One place of keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProviderConfig {
    /// Keys in files; demonstration and tests only.
    Software(SoftwareConfig),
    /// Token or HSM.
    Pkcs11(Pkcs11Config),
    /// Remote signing.
    Csc(Box<CscConfig>),
    /// USB token at the person's PC.
    Agent(BrowserAgentConfig),
}

/// See [`crate::software`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoftwareConfig {
    /// Folder of `NAME.key.pem` and `NAME.crt.pem`.
    pub folder: PathBuf,
}

/// See [`crate::pkcs11`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pkcs11Config {
    /// What people read.
    #[serde(default = "default_pkcs11_label")]
    pub label: String,
    /// The maker's library.
    pub module: PathBuf,
    /// Label of the token.
    #[serde(default)]
    pub token: Option<String>,
    /// Serial number of the token.
    #[serde(default)]
    pub serial: Option<String>,
    /// Name of the secret that is the user PIN. Without it [`crate::HashRequest::authorization`] or the person gives it.
    #[serde(default)]
    pub pin_secret: Option<String>,
    /// Sessions at once, 1 to 64.
    #[serde(default = "default_sessions")]
    pub sessions: u32,
    /// How long to wait for a free session.
    #[serde(default = "default_wait")]
    pub wait_seconds: u64,
    /// The PIN is typed on the device.
    #[serde(default)]
    pub pin_pad: bool,
}

/// See [`crate::csc`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CscConfig {
    /// What people read.
    #[serde(default = "default_csc_label")]
    pub label: String,
    /// Address before `/info`.
    pub base: String,
    /// Which release of the protocol.
    #[serde(default)]
    pub version: CscVersion,
    /// Small differences of one maker.
    #[serde(default)]
    pub dialect: CscDialect,
    /// How calls are authorised.
    pub access: CscAccess,
    /// Confirmation at the service's own page.
    #[serde(default)]
    pub oauth: Option<CscOauth>,
    /// PEM of a private CA of the service's TLS certificate.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Version 2: ask and poll.
    #[serde(default)]
    pub asynchronous: bool,
    /// Of one call, 1 to 300.
    #[serde(default = "default_wait")]
    pub timeout_seconds: u64,
    /// Hashes in one confirmation.
    #[serde(default = "default_hashes")]
    pub max_hashes: usize,
    /// Plain HTTP to this very machine, for the mock service.
    #[serde(default)]
    pub allow_loopback_http: bool,
}

/// Release of the CSC protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CscVersion {
    /// By the `specs` of `/info`.
    #[default]
    Detect,
    /// 1.0.4
    V1,
    /// 2
    V2,
}

/// What one maker does otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CscDialect {
    /// As the specification says.
    #[default]
    Standard,
    /// Viettel MySign / CloudCA: names of documents go along, the signature algorithm is that of the key.
    Viettel,
}

/// How calls to a CSC service are authorised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CscAccess {
    /// A fixed access token.
    Token {
        /// Name of the secret.
        token_secret: String,
    },
    /// OAuth 2 client credentials.
    Client {
        /// Where tokens are given.
        token_url: String,
        /// Who we are.
        client_id: String,
        /// Name of the secret.
        client_secret: String,
        /// Optional scope.
        #[serde(default)]
        scope: Option<String>,
    },
    /// The person's own token: [`crate::HashRequest::authorization`], [`crate::SignerRef::authorization`].
    Person,
    /// One call that gives a token for one person.
    Login {
        /// The whole address.
        login_url: String,
        /// Who we are.
        client_id: String,
        /// Name of the secret.
        client_secret: String,
        /// Given by the service.
        profile_id: String,
    },
}

/// Confirmation of a signature at the service's own page (authMode `oauth2code`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CscOauth {
    /// The page.
    pub authorize_url: String,
    /// Where its code is exchanged.
    pub token_url: String,
    /// Who we are.
    pub client_id: String,
    /// Name of the secret; public clients have none.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// Where the page sends the person back to.
    pub redirect_uri: String,
}

/// See [`crate::agent::BrowserAgent`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrowserAgentConfig {
    /// What people read.
    #[serde(default = "default_agent_label")]
    pub label: String,
    /// Of the agent on 127.0.0.1.
    #[serde(default = "default_agent_port")]
    pub port: u16,
}

fn default_pkcs11_label() -> String {
    "Thiết bị ký số của cơ quan (PKCS#11)".to_owned()
}

fn default_csc_label() -> String {
    "Dịch vụ ký số từ xa".to_owned()
}

fn default_agent_label() -> String {
    "USB token trên máy người ký".to_owned()
}

fn default_sessions() -> u32 {
    4
}

fn default_wait() -> u64 {
    30
}

fn default_hashes() -> usize {
    50
}

/// Where the agent listens if nothing else is said.
pub(crate) fn default_agent_port() -> u16 {
    crate::agent::PORT
}

/// Opens a place of keys. A token is not touched before it is used, so a missing one does not stop the program.
///
/// # Errors
/// `Config` for values that cannot work and for secrets that are not there; `InsecureTransport` for plain HTTP.
pub fn open(
    config: &ProviderConfig,
    secrets: &dyn SecretSource,
    clock: Clock,
) -> Result<Arc<dyn Provider>, ProviderError> {
    Ok(match config {
        ProviderConfig::Software(config) => {
            let mut keys = crate::software::SoftwareKeys::new();
            let count = keys.add_folder(&config.folder)?;
            tracing::warn!(folder = %config.folder.display(), count, "software keys are open: for demonstration and tests only");
            Arc::new(keys)
        }
        ProviderConfig::Pkcs11(config) => Arc::new(crate::pkcs11::Token::open(config, secrets, clock)?),
        ProviderConfig::Csc(config) => Arc::new(crate::csc::Remote::open(config, secrets, clock)?),
        ProviderConfig::Agent(config) => Arc::new(crate::agent::BrowserAgent::new(config, clock)),
    })
}
