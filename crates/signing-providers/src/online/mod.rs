//! CRL, OCSP and issuers' certificates from the network, behind a guard.
//!
//! The addresses stand in certificates, and certificates come with documents from anywhere. So that nobody can make the
//! server call what it should not, all of this must hold for a call:
//!
//! - the caller asks only for addresses of chains that already end in the trust store (`pdf_signature::pki::wanted_evidence`);
//! - http or https, no user name or password in the address, host on the list, port 80 or 443 unless the list names it;
//! - every address that the name resolves to is public, and the connection goes to just these addresses; a host inside
//!   the state's own network is listed with `internal_hosts`;
//! - no redirects, no proxy of the environment, no cookies, 5 seconds, 5 MB;
//! - the content is a CRL, an OCSP response, a certificate.
//!
//! ```toml
//! [evidence]
//! hosts = ["crl.ca.gov.vn", "*.rootca.example.vn", "ocsp.example.vn:8080"]
//! internal_hosts = ["ca.noi-bo.example.vn"]  # these may lie in private networks
//! timeout_seconds = 5
//! max_bytes = 5242880
//! ca_file = "/etc/vanthu/ca.pem"             # only for https with a certificate of a private CA
//! ```
//! An empty list of hosts means: nothing is fetched (offline).

mod address;
mod content;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pdf_signature::pki::Wanted;
use reqwest::Client;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::{Host, Url};

use crate::{EvidenceSource, Fetched, ProviderError, transport};

pub use address::is_public;

/// What may be fetched, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnlineConfig {
    /// `host`, `*.domain`, either with `:port`.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// The same, and these may have private addresses.
    #[serde(default)]
    pub internal_hosts: Vec<String>,
    /// Of a whole call, 1 to 60.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
    /// Of an answer.
    #[serde(default = "default_max_bytes")]
    pub max_bytes: usize,
    /// PEM of a private CA for https.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
}

impl Default for OnlineConfig {
    fn default() -> Self {
        Self {
            hosts: Vec::new(),
            internal_hosts: Vec::new(),
            timeout_seconds: default_timeout(),
            max_bytes: default_max_bytes(),
            ca_file: None,
        }
    }
}

fn default_timeout() -> u64 {
    5
}

fn default_max_bytes() -> usize {
    5 * 1024 * 1024
}

/// The guard was not passed on the way to the address.
#[derive(Debug, Error)]
#[error("address not allowed")]
struct Forbidden;

/// Fetches evidence, and nothing else.
pub struct Guarded {
    client: Client,
    lists: Arc<Lists>,
    max_bytes: usize,
}

impl fmt::Debug for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded")
            .field("lists", &self.lists)
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Lists {
    hosts: Vec<Pattern>,
    internal: Vec<Pattern>,
}

/// One line of a list.
#[derive(Debug, PartialEq, Eq)]
struct Pattern {
    /// Lower case; with a leading dot when only names below it are meant.
    host: String,
    port: Option<u16>,
}

impl Pattern {
    fn parse(text: &str) -> Result<Self, ProviderError> {
        let wrong = || ProviderError::Config(format!("máy chủ “{text}” trong danh sách không hợp lệ"));
        let (host, below) = match text.strip_prefix("*.") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        // The parser of addresses brings names into the one form in which they are compared.
        let url = Url::parse(&format!("http://{host}/")).map_err(|_| wrong())?;
        let parsed = url.host_str().filter(|h| !h.contains('*')).ok_or_else(wrong)?;
        // Everything below a whole top-level domain is no list.
        if url.path() != "/"
            || url.query().is_some()
            || !url.username().is_empty()
            || (below && !parsed.contains('.'))
        {
            return Err(wrong());
        }
        // Port 80 is dropped by the parser of addresses, and is allowed anyway.
        Ok(Self {
            host: if below {
                format!(".{parsed}")
            } else {
                parsed.to_owned()
            },
            port: url.port(),
        })
    }

    fn names(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.');
        if self.host.starts_with('.') {
            host.ends_with(&self.host)
        } else {
            host == self.host
        }
    }

    fn allows(&self, host: &str, port: u16) -> bool {
        let port_fits = match self.port {
            Some(own) => own == port,
            None => matches!(port, 80 | 443),
        };
        port_fits && self.names(host)
    }
}

impl Lists {
    fn is_internal(&self, host: &str) -> bool {
        self.internal.iter().any(|p| p.names(host))
    }
}

impl Guarded {
    /// For this configuration.
    ///
    /// # Errors
    /// `Config` for a line of a list that is no host, and for a file of a CA that cannot be read.
    pub fn open(config: &OnlineConfig) -> Result<Self, ProviderError> {
        let parse = |list: &[String]| {
            list.iter()
                .map(|t| Pattern::parse(t))
                .collect::<Result<Vec<_>, _>>()
        };
        let lists = Arc::new(Lists {
            hosts: parse(&config.hosts)?,
            internal: parse(&config.internal_hosts)?,
        });
        let timeout = Duration::from_secs(config.timeout_seconds.clamp(1, 60));
        let builder = transport::builder(config.ca_file.as_deref(), timeout)?
            .dns_resolver(Arc::new(GuardedNames(Arc::clone(&lists))));
        Ok(Self {
            client: transport::build(builder)?,
            lists,
            max_bytes: config.max_bytes,
        })
    }

    /// Whether this address may be called, as far as can be said without asking for its name.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub fn check(&self, text: &str) -> Result<Url, ProviderError> {
        // Not the whole address: it may be long, and it came from outside.
        let refused = || ProviderError::NotAllowed(text.chars().take(200).collect());
        let url = Url::parse(text).map_err(|_| refused())?;
        let host = url.host_str().ok_or_else(refused)?;
        let port = url.port_or_known_default().ok_or_else(refused)?;
        let plain =
            matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        let listed = self
            .lists
            .hosts
            .iter()
            .chain(&self.lists.internal)
            .any(|p| p.allows(host, port));
        let literal: Option<IpAddr> = match url.host() {
            Some(Host::Ipv4(ip)) => Some(ip.into()),
            Some(Host::Ipv6(ip)) => Some(ip.into()),
            _ => None,
        };
        let reachable = literal.is_none_or(|ip| is_public(ip) || self.lists.is_internal(host));
        if plain && listed && reachable {
            Ok(url)
        } else {
            Err(refused())
        }
    }
}

/// Resolves names, and refuses those that lead into private networks. The client connects to what is given here and does
/// not ask again, so an answer that changes in between changes nothing.
struct GuardedNames(Arc<Lists>);

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let lists = Arc::clone(&self.0);
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if !lists.is_internal(name.as_str()) && found.iter().any(|a| !is_public(a.ip())) {
                return Err(Forbidden.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn is_forbidden(error: &reqwest::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if inner.is::<Forbidden>() {
            return true;
        }
        source = inner.source();
    }
    false
}

#[async_trait]
impl EvidenceSource for Guarded {
    async fn fetch(&self, wanted: &Wanted) -> Result<Fetched, ProviderError> {
        let url = self.check(wanted.url())?;
        let shown = url.host_str().unwrap_or_default().to_owned();
        let call = match wanted {
            Wanted::Ocsp { request_der, .. } => self
                .client
                .post(url)
                .header(CONTENT_TYPE, "application/ocsp-request")
                .header(ACCEPT, "application/ocsp-response")
                .body(request_der.clone()),
            Wanted::Crl { .. } | Wanted::Issuer { .. } => self.client.get(url),
        };
        let response = call.send().await.map_err(|error| {
            if is_forbidden(&error) {
                ProviderError::NotAllowed(shown.clone())
            } else {
                transport::failed(error)
            }
        })?;
        let status = response.status();
        if status.is_redirection() {
            return Err(ProviderError::NotAllowed(format!("{shown}: chuyển hướng")));
        }
        if !status.is_success() {
            return Err(ProviderError::Unavailable(format!("{shown}: {status}")));
        }
        let bytes = transport::body(response, self.max_bytes).await?;
        match wanted {
            Wanted::Crl { .. } => content::crl(&bytes).map(Fetched::Crl),
            Wanted::Ocsp { .. } => content::ocsp(&bytes).map(Fetched::Ocsp),
            Wanted::Issuer { .. } => content::certificates(&bytes).map(Fetched::Certificates),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(hosts: &[&str], internal: &[&str]) -> Guarded {
        let own = |l: &[&str]| l.iter().map(|s| (*s).to_owned()).collect();
        Guarded::open(&OnlineConfig {
            hosts: own(hosts),
            internal_hosts: own(internal),
            ..OnlineConfig::default()
        })
        .unwrap()
    }

    #[test]
    fn only_listed_hosts_ports_and_schemes() {
        let guard = guard(
            &[
                "crl.ca.gov.vn",
                "*.example.vn",
                "ocsp.test.vn:8080",
                "203.0.113.9",
                "8.8.8.8",
            ],
            &["10.1.2.3"],
        );
        let allowed = [
            "http://crl.ca.gov.vn/a.crl",
            "https://CRL.ca.gov.vn:443/a",
            "http://crl.ca.gov.vn./a",
            "http://a.b.example.vn/",
            "http://ocsp.test.vn:8080/",
            "http://8.8.8.8/a",
            "http://10.1.2.3/a",
        ];
        for url in allowed {
            assert!(guard.check(url).is_ok(), "{url}");
        }
        let refused = [
            "http://crl.ca.gov.vn:8080/a",
            "http://xcrl.ca.gov.vn/",
            "http://example.vn/",
            "http://badexample.vn/",
            "http://ocsp.test.vn/",
            "ftp://crl.ca.gov.vn/a",
            "file:///etc/passwd",
            "ldap://crl.ca.gov.vn/cn=x",
            "http://crl.ca.gov.vn@evil.test/",
            "http://user:pass@crl.ca.gov.vn/",
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://169.254.169.254/latest/meta-data",
            "http://203.0.113.9/a", // listed, but a documentation range: not public
            "nonsense",
            "",
        ];
        for url in refused {
            assert_eq!(
                guard.check(url).unwrap_err().code(),
                "address_not_allowed",
                "{url}"
            );
        }
    }

    #[test]
    fn an_empty_list_fetches_nothing_and_wild_lines_are_refused() {
        assert!(guard(&[], &[]).check("http://crl.ca.gov.vn/a").is_err());
        for line in [
            "*",
            "*.vn",
            "*.*.vn",
            "a b",
            "http://x.vn",
            "x.vn/path",
            "",
            "u@x.vn",
        ] {
            assert!(Pattern::parse(line).is_err(), "{line}");
        }
    }
}
