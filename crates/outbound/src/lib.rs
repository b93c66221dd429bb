//! What everything that calls other machines shares: TLS with the one crypto provider, and secrets that do not show
//! themselves.

mod secret;
mod tls;

pub use secret::{FolderOfSecrets, Secret, SecretSource};
pub use tls::{TlsError, client_config};
