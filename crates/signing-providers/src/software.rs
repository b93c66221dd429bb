//! Keys in files: for the demonstration and for tests, never for documents that bind anybody.
//!
//! A private key on a disk can be copied without a trace; KS-46 asks for tokens and HSM of certified levels. Therefore
//! the label always says what this is, and opening one writes a warning.

use std::fmt;
use std::path::Path;

use async_trait::async_trait;
use aws_lc_rs::digest::{Digest, SHA256};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use der::Decode;
use zeroize::Zeroizing;

use crate::certificate::{self, KeyKind};
use crate::{CertificateChain, HashRequest, Progress, Provider, ProviderError, SignerRef, raw};

/// What people read about these keys.
pub const LABEL: &str = "Khóa phần mềm (chỉ dùng thử)";

enum Pair {
    Rsa(Box<RsaKeyPair>),
    P256(Box<EcdsaKeyPair>),
}

struct Key {
    chain: CertificateChain,
    pair: Pair,
}

/// Software keys.
#[derive(Default)]
pub struct SoftwareKeys {
    keys: Vec<Key>,
}

impl fmt::Debug for SoftwareKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.keys.iter().map(|k| &k.chain.key))
            .finish()
    }
}

impl SoftwareKeys {
    /// No keys yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key: its id, PKCS#8 in DER, and its certificates, the signer's first.
    ///
    /// # Errors
    /// `Config` for a key that cannot be read, `WeakOrUnknownKey` for RSA below 2048 bits and other curves than P-256,
    /// `WrongKey` when key and certificate do not belong together.
    pub fn add(
        &mut self,
        key: impl Into<String>,
        pkcs8: &[u8],
        chain: Vec<Vec<u8>>,
    ) -> Result<(), ProviderError> {
        let key = key.into();
        let first = chain
            .first()
            .ok_or_else(|| ProviderError::Config(format!("khóa {key} không có chứng thư số")))?;
        let leaf = certificate::leaf(first)?;
        let unreadable = |e: &dyn fmt::Display| ProviderError::Config(format!("khóa {key}: {e}"));
        let (pair, public) = match leaf.kind {
            KeyKind::Rsa(_) => {
                let pair = RsaKeyPair::from_pkcs8(pkcs8).map_err(|e| unreadable(&e))?;
                let public = pair.public_key().as_ref().to_vec();
                (Pair::Rsa(Box::new(pair)), public)
            }
            KeyKind::P256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8)
                    .map_err(|e| unreadable(&e))?;
                let public = pair.public_key().as_ref().to_vec();
                (Pair::P256(Box::new(pair)), public)
            }
        };
        if public != leaf.public_key {
            return Err(ProviderError::WrongKey);
        }
        self.keys.retain(|k| k.chain.key != key);
        self.keys.push(Key {
            chain: CertificateChain {
                key,
                label: leaf.name,
                certificates: chain,
            },
            pair,
        });
        Ok(())
    }

    /// Adds every `NAME.key.pem` or `NAME.key` (PKCS#8, PEM or DER) of a folder that has a `NAME.crt.pem` or
    /// `NAME.pem` or `NAME.chain.pem` beside it (certificates in PEM, the signer's first). The key's id is `NAME`.
    ///
    /// # Errors
    /// `Config` when the folder or one of the files cannot be read; otherwise as [`SoftwareKeys::add`].
    pub fn add_folder(&mut self, folder: &Path) -> Result<usize, ProviderError> {
        let unreadable =
            |path: &Path, e: std::io::Error| ProviderError::Config(format!("{}: {e}", path.display()));
        let mut names: Vec<(String, std::path::PathBuf)> = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|e| unreadable(folder, e))? {
            let path = entry.map_err(|e| unreadable(folder, e))?.path();
            let file = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            if let Some(name) = file
                .strip_suffix(".key.pem")
                .or_else(|| file.strip_suffix(".key"))
            {
                names.push((name.to_owned(), path));
            }
        }
        names.sort();
        for (name, path) in &names {
            let bytes = Zeroizing::new(std::fs::read(path).map_err(|e| unreadable(path, e))?);
            let pkcs8 = pkcs8_of(&bytes)
                .ok_or_else(|| ProviderError::Config(format!("{}: không phải PKCS#8", path.display())))?;
            let certificates = [
                folder.join(format!("{name}.crt.pem")),
                folder.join(format!("{name}.pem")),
                folder.join(format!("{name}.chain.pem")),
            ]
            .into_iter()
            .find(|p| p.is_file())
            .ok_or_else(|| ProviderError::Config(format!("{name}: thiếu tệp chứng thư số")))?;
            let pem = std::fs::read(&certificates).map_err(|e| unreadable(&certificates, e))?;
            let chain = certificates_of_pem(&pem).ok_or_else(|| {
                ProviderError::Config(format!("{}: không phải PEM", certificates.display()))
            })?;
            self.add(name.clone(), &pkcs8, chain)?;
        }
        Ok(names.len())
    }

    /// Signs at once. For tests and tools; the product goes through [`Provider`].
    ///
    /// # Errors
    /// `NoSuchKey`; `Unavailable` if the library fails.
    pub fn sign(&self, key: &str, hash: &[u8; 32]) -> Result<Vec<u8>, ProviderError> {
        let found = self
            .keys
            .iter()
            .find(|k| k.chain.key == key)
            .ok_or_else(|| ProviderError::NoSuchKey(key.to_owned()))?;
        let failed = |_| ProviderError::Unavailable("khóa phần mềm".to_owned());
        let digest = Digest::import_less_safe(hash, &SHA256).map_err(failed)?;
        match &found.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign_digest(&RSA_PKCS1_SHA256, &digest, &mut signature)
                    .map_err(failed)?;
                Ok(signature)
            }
            Pair::P256(pair) => Ok(pair.sign_digest(&digest).map_err(failed)?.as_ref().to_vec()),
        }
    }

    pub(crate) fn chains(&self) -> Vec<CertificateChain> {
        self.keys.iter().map(|k| k.chain.clone()).collect()
    }
}

fn pkcs8_of(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if bytes.starts_with(b"-----") {
        let (label, der) = der::pem::decode_vec(bytes).ok()?;
        return (label == "PRIVATE KEY").then(|| Zeroizing::new(der));
    }
    Some(Zeroizing::new(bytes.to_vec()))
}

pub(crate) fn certificates_of_pem(pem: &[u8]) -> Option<Vec<Vec<u8>>> {
    use der::Encode;
    if !pem.starts_with(b"-----") {
        x509_cert::Certificate::from_der(pem).ok()?;
        return Some(vec![pem.to_vec()]);
    }
    let chain = x509_cert::Certificate::load_pem_chain(pem).ok()?;
    chain
        .iter()
        .map(|c| c.to_der().ok())
        .collect::<Option<Vec<_>>>()
        .filter(|c| !c.is_empty())
}

#[async_trait]
impl Provider for SoftwareKeys {
    fn label(&self) -> String {
        LABEL.to_owned()
    }

    async fn certificates(&self, _signer: &SignerRef) -> Result<Vec<CertificateChain>, ProviderError> {
        Ok(self.chains())
    }

    async fn start(&self, request: &HashRequest) -> Result<Progress, ProviderError> {
        let known = self.keys.iter().find(|k| k.chain.key == request.key);
        let known = known.ok_or_else(|| ProviderError::NoSuchKey(request.key.clone()))?;
        if known.chain.certificates.first() != Some(&request.certificate) {
            return Err(ProviderError::ForeignCertificate);
        }
        let raws = request
            .items
            .iter()
            .map(|i| self.sign(&request.key, &i.hash))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Progress::Done(raw::all_checked(
            &request.certificate,
            &request.items,
            &raws,
        )?))
    }

    async fn poll(&self, _transaction: &str, _request: &HashRequest) -> Result<Progress, ProviderError> {
        Err(ProviderError::UnknownTransaction)
    }

    async fn answer(
        &self,
        _transaction: &str,
        _request: &HashRequest,
        _answer: serde_json::Value,
    ) -> Result<Progress, ProviderError> {
        Err(ProviderError::UnknownTransaction)
    }

    async fn cancel(&self, _transaction: &str) {}
}

/// Fresh random bytes from the operating system, for nonces and ids of transactions.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], ProviderError> {
    use aws_lc_rs::rand::SecureRandom;
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| ProviderError::Unavailable("bộ sinh số ngẫu nhiên".to_owned()))?;
    Ok(bytes)
}
