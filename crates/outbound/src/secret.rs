//! PINs, passwords and tokens: masked when printed, wiped when dropped.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// A text that nobody may read by accident. It cannot be serialised.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, for the one call that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// Where secrets are kept. A configuration only names them, so that it can be shown, copied and put under version control.
pub trait SecretSource {
    /// The secret of this name, if there is one.
    fn secret(&self, name: &str) -> Option<Secret>;
}

impl SecretSource for HashMap<String, Secret> {
    fn secret(&self, name: &str) -> Option<Secret> {
        self.get(name).cloned()
    }
}

/// One file for each secret, named as the secret: what systemd's `LoadCredential=` gives a service.
#[derive(Debug, Clone)]
pub struct FolderOfSecrets(pub PathBuf);

impl SecretSource for FolderOfSecrets {
    fn secret(&self, name: &str) -> Option<Secret> {
        // A name is a file name, not a path.
        let plain = name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
            && !name.starts_with('.');
        if !plain {
            return None;
        }
        let text = Zeroizing::new(std::fs::read_to_string(self.0.join(name)).ok()?);
        let text = text.trim_end_matches(['\r', '\n']);
        (!text.is_empty()).then(|| Secret::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        let secret = Secret::new("mã pin 1234");
        assert_eq!(format!("{secret:?}"), "Secret(***)");
        assert_eq!(format!("{:?}", Some(&secret)), "Some(Secret(***))");
        assert_eq!(secret.reveal(), "mã pin 1234");
    }

    #[test]
    fn a_folder_gives_files_without_the_line_end_and_no_paths() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("hsm-pin"), "123456\n").unwrap();
        std::fs::write(folder.path().join("empty"), "\n").unwrap();
        let inner = folder.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        let source = FolderOfSecrets(inner.clone());
        assert!(source.secret("../hsm-pin").is_none());
        let source = FolderOfSecrets(folder.path().to_owned());
        assert_eq!(source.secret("hsm-pin").unwrap().reveal(), "123456");
        assert!(source.secret("empty").is_none());
        assert!(source.secret("missing").is_none());
    }
}
