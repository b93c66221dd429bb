//! TLS of rustls with aws-lc-rs, whatever the rest of the program has installed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use thiserror::Error;

/// TLS cannot be set up as the settings say.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The file of certificates cannot be read.
    #[error("{}: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file holds no certificate, or something that is none.
    #[error("{}: không có chứng thư hợp lệ ở dạng PEM hoặc DER", .0.display())]
    NoCertificate(PathBuf),
    /// What rustls says.
    #[error(transparent)]
    Rustls(#[from] rustls::Error),
}

/// Where systems keep the certificates they trust for TLS.
const SYSTEM_ROOTS: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// TLS 1.2 and 1.3 for a client. Trusted are the certificates of `ca_file` (PEM or DER) and no others; without it those
/// of the system.
///
/// # Errors
/// When a file cannot be read or `ca_file` holds no certificate.
pub fn client_config(ca_file: Option<&Path>) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = ca_file {
        for certificate in own_certificates(path)? {
            roots.add(certificate)?;
        }
    } else if let Some(path) = SYSTEM_ROOTS.iter().map(Path::new).find(|p| p.is_file()) {
        let bytes = read(path)?;
        // One odd certificate of the system must not close all services.
        let certificates = CertificateDer::pem_slice_iter(&bytes).flatten();
        let _ = roots.add_parsable_certificates(certificates);
    }
    Ok(
        ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth(),
    )
}

fn own_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let bytes = read(path)?;
    if !bytes.starts_with(b"-----") {
        return Ok(vec![CertificateDer::from(bytes)]);
    }
    CertificateDer::pem_slice_iter(&bytes)
        .collect::<Result<Vec<_>, _>>()
        .ok()
        .filter(|found| !found.is_empty())
        .ok_or_else(|| TlsError::NoCertificate(path.to_owned()))
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|cause| TlsError::Unreadable {
        path: path.to_owned(),
        cause,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        assert!(matches!(
            client_config(Some(&path)),
            Err(TlsError::Unreadable { .. })
        ));
        std::fs::write(&path, "-----BEGIN NOTHING-----\n").unwrap();
        assert!(matches!(
            client_config(Some(&path)),
            Err(TlsError::NoCertificate(_))
        ));
        std::fs::write(&path, "no certificate at all").unwrap();
        assert!(matches!(client_config(Some(&path)), Err(TlsError::Rustls(_))));
        client_config(None).unwrap();
    }
}
