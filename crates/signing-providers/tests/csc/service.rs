//! The mock service with a credential for each way of authorisation, and how its answers are waited for.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};
use signing_providers::config::CscConfig;
use signing_providers::csc::Remote;
use signing_providers::csc::mock::{Authorisation, CLIENT_ID, Mock, MockCredential};
use signing_providers::{Clock, HashRequest, Progress, Provider, ProviderError, Secret, UserStep};

use crate::support::{Made, clock, make, openssl_accepts, request};

pub struct Service {
    pub folder: tempfile::TempDir,
    pub mock: Mock,
    pub port: u16,
    pub made: HashMap<&'static str, Made>,
}

impl Service {
    /// One credential for each way of authorisation.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mock = Mock::new().unwrap();
        let mut made = HashMap::new();
        let ways = [
            ("phone", "rsa2048", Authorisation::Implicit),
            ("pin", "P-256", Authorisation::Pin("1357".to_owned())),
            ("otp", "rsa2048", Authorisation::Otp),
            ("both", "rsa3072", Authorisation::PinAndOtp("2468".to_owned())),
            ("page", "P-256", Authorisation::Page),
        ];
        for (id, algorithm, authorisation) in ways {
            let one = make(folder.path(), id, algorithm);
            mock.add(MockCredential {
                id: id.to_owned(),
                user: "lanh.dao".to_owned(),
                key_pkcs8: der::pem::decode_vec(&std::fs::read(&one.key).unwrap()).unwrap().1,
                chain: vec![one.der.clone()],
                authorisation,
                multisign: 5,
            })
            .unwrap();
            made.insert(id, one);
        }
        let port = mock.listen(0).await.unwrap().port();
        Self {
            folder,
            mock,
            port,
            made,
        }
    }

    pub fn config(&self, release: &str, more: Value) -> CscConfig {
        let base = format!("http://127.0.0.1:{}", self.port);
        let mut config = json!({
            "base": format!("{base}/csc/{release}"),
            "allow_loopback_http": true,
            "access": {"kind": "token", "token_secret": "token"},
            "oauth": {"authorize_url": format!("{base}/oauth2/authorize"), "token_url": format!("{base}/oauth2/token"),
                "client_id": CLIENT_ID, "client_secret": "client", "redirect_uri": "https://vanthu.example.vn/xac-nhan"},
        });
        for (name, value) in more.as_object().unwrap() {
            config[name] = value.clone();
        }
        serde_json::from_value(config).unwrap()
    }

    pub fn secrets(&self) -> HashMap<String, Secret> {
        HashMap::from([
            ("token".to_owned(), Secret::new(self.mock.token())),
            ("client".to_owned(), Secret::new(self.mock.client_secret())),
        ])
    }

    pub fn remote(&self, release: &str, more: Value) -> Remote {
        self.remote_at(release, more, clock())
    }

    pub fn remote_at(&self, release: &str, more: Value, clock: Clock) -> Remote {
        Remote::open(&self.config(release, more), &self.secrets(), clock).unwrap()
    }

    pub fn request(&self, id: &str, texts: &[&str]) -> HashRequest {
        request(id, &self.made[id].der, texts)
    }

    pub fn assert_good(&self, id: &str, texts: &[&str], raws: &[Vec<u8>]) {
        assert_eq!(texts.len(), raws.len());
        for (text, raw) in texts.iter().zip(raws) {
            assert!(
                openssl_accepts(self.folder.path(), &self.made[id].crt, text, raw),
                "{id}: {text}"
            );
        }
    }
}

/// Asks until there is an end. The mock is quick, so the pauses of real life are left out.
pub async fn finish(
    remote: &Remote,
    request: &HashRequest,
    first: Result<Progress, ProviderError>,
) -> Result<Vec<Vec<u8>>, ProviderError> {
    let mut progress = first?;
    for _ in 0..20 {
        match progress {
            Progress::Done(raws) => return Ok(raws),
            Progress::Pending { transaction, .. } => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                progress = remote.poll(&transaction, request).await?;
            }
            Progress::NeedsUser { step, .. } => panic!("nobody here: {step:?}"),
        }
    }
    panic!("no end");
}

pub async fn whole(remote: &Remote, request: &HashRequest) -> Result<Vec<Vec<u8>>, ProviderError> {
    finish(remote, request, remote.start(request).await).await
}

pub fn needs(progress: Result<Progress, ProviderError>) -> (String, UserStep) {
    match progress.unwrap() {
        Progress::NeedsUser {
            transaction, step, ..
        } => (transaction, step),
        other => panic!("{other:?}"),
    }
}

pub fn code<T: std::fmt::Debug>(result: Result<T, ProviderError>) -> &'static str {
    result.expect_err("an error").code()
}

pub fn plain_client() -> reqwest::Client {
    let tls = rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(
        rustls::crypto::aws_lc_rs::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_root_certificates(rustls::RootCertStore::empty())
    .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .build()
        .unwrap()
}
