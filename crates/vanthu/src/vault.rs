//! Bí mật lưu trong cơ sở dữ liệu: PINs and passwords of places of keys, secrets of connections; AES-256-GCM under a key
//! that lies outside of the database.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};

use crate::{context::App, error::AppResult};

/// Length of a nonce in bytes; it stands before the ciphertext.
const NONCE: usize = 12;

/// Encrypts and decrypts secrets.
pub struct Vault(RandomizedNonceKey);

impl Vault {
    /// The vault of this installation; its key file is made when it is not there.
    ///
    /// # Errors
    /// When the key file cannot be read, written, or is open to others.
    pub fn of(app: &App) -> AppResult<Arc<Self>> {
        if let Some(vault) = app.vault.get() {
            return Ok(vault.clone());
        }
        let vault = Arc::new(Self::open(&path(app))?);
        Ok(app.vault.get_or_init(|| vault).clone())
    }

    fn open(path: &Path) -> anyhow::Result<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => make(path)?,
            Err(error) => return Err(error).with_context(|| format!("tệp khóa {}", path.display())),
        };
        must_be_private(path)?;
        let key = hex::decode(text.trim())
            .ok()
            .filter(|key| key.len() == 32)
            .with_context(|| format!("tệp khóa {} không đúng dạng: cần 64 chữ số hệ 16", path.display()))?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &key)
            .map_err(|_| anyhow::anyhow!("tệp khóa {} không dùng được", path.display()))?;
        Ok(Self(key))
    }

    /// Encrypts. `place` says where the secret stands (`signing_provider:<id>`): taken elsewhere it cannot be decrypted.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn seal(&self, place: &str, plain: &[u8]) -> AppResult<Vec<u8>> {
        let mut text = plain.to_vec();
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(place.as_bytes()), &mut text)
            .map_err(|_| anyhow::anyhow!("a secret could not be encrypted"))?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.append(&mut text);
        Ok(sealed)
    }

    /// Decrypts what [`Vault::seal`] gave for the same place.
    ///
    /// # Errors
    /// When it was made under another key, for another place, or was changed.
    pub fn open_sealed(&self, place: &str, sealed: &[u8]) -> AppResult<Vec<u8>> {
        let wrong = || {
            anyhow::anyhow!(
                "a secret of {place} cannot be decrypted: is the key file (signing.key_file) the one it was made under?"
            )
        };
        let (nonce, text) = sealed.split_at_checked(NONCE).ok_or_else(wrong)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong())?;
        let mut text = text.to_vec();
        let plain = self
            .0
            .open_in_place(nonce, Aad::from(place.as_bytes()), &mut text)
            .map_err(|_| wrong())?;
        Ok(plain.to_vec())
    }
}

fn path(app: &App) -> PathBuf {
    let file = &app.settings.signing.key_file;
    if file.as_os_str().is_empty() {
        app.settings.data.folder.join("secrets.key")
    } else {
        file.clone()
    }
}

/// Writes a new key whole or not at all; two that start at once end with one key.
fn make(path: &Path) -> anyhow::Result<String> {
    let text = hex::encode(rand::random::<[u8; 32]>());
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".secrets")
        .tempfile_in(folder)
        .with_context(|| format!("thư mục {}", folder.display()))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => {
            OpenOptions::new().read(true).open(folder)?.sync_all()?;
            Ok(text)
        }
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(fs::read_to_string(path)?),
        Err(error) => Err(error.error.into()),
    }
}

#[cfg(unix)]
fn must_be_private(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)?.permissions().mode();
    anyhow::ensure!(
        mode & 0o077 == 0,
        "tệp khóa {} để người khác đọc được; đặt quyền 0600 rồi khởi động lại",
        path.display()
    );
    Ok(())
}

#[cfg(not(unix))]
fn must_be_private(_path: &Path) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_under_its_key_and_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.key");
        let vault = Vault::open(&path).unwrap();
        let sealed = vault.seal("signing_provider:1", "mã PIN".as_bytes()).unwrap();
        assert!(!sealed.windows(3).any(|part| part == b"PIN"));
        assert_ne!(
            sealed,
            vault.seal("signing_provider:1", "mã PIN".as_bytes()).unwrap()
        );
        // After a restart the same file gives the same key.
        let again = Vault::open(&path).unwrap();
        assert_eq!(
            again.open_sealed("signing_provider:1", &sealed).unwrap(),
            "mã PIN".as_bytes()
        );
        assert!(again.open_sealed("signing_provider:2", &sealed).is_err());
        let mut changed = sealed.clone();
        changed[20] ^= 1;
        assert!(again.open_sealed("signing_provider:1", &changed).is_err());
        assert!(again.open_sealed("signing_provider:1", &sealed[..5]).is_err());
        let other = Vault::open(&folder.path().join("other.key")).unwrap();
        assert!(other.open_sealed("signing_provider:1", &sealed).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn the_key_file_is_the_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.key");
        drop(Vault::open(&path).unwrap());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Vault::open(&path).is_err());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "quá ngắn").unwrap();
        assert!(Vault::open(&path).is_err());
    }
}
