//! The form of a connection, turned into its settings. The secret leaves the form here and is never put back into it.

use std::net::IpAddr;

use axis::client::VxpConfig;
use outbound::Secret;
use rules::{Decision, Refusal, ids::AgencyId};
use serde::Deserialize;
use url::{Host, Url};

use super::{Connection, Options, config};
use crate::{error::AppResult, web::clean};

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ConnectionForm {
    pub name: String,
    pub base_url: String,
    pub system_id: String,
    pub secret: String,
    pub padded_hash: String,
    pub doc_id_key: String,
    pub doc_id_of_status_key: String,
    pub plain_http: String,
    pub trailing_line_break: String,
    pub names_recipients: String,
    pub capital_headers: String,
    pub poll_seconds: String,
    pub packet_mb: String,
    /// Id of the agency that looks after packets that are nobody's; empty for none.
    pub unclaimed: String,
}

/// Settings as read from the form.
pub struct Settings {
    pub name: String,
    pub base_url: String,
    pub system_id: String,
    /// `None`: the kept one stays.
    pub secret: Option<Secret>,
    pub options: Options,
    /// Who looks after packets that are nobody's.
    pub unclaimed_agency: Option<AgencyId>,
}

impl ConnectionForm {
    /// With the usual options.
    pub fn fresh() -> Self {
        Self::with(&Options::default())
    }

    fn with(options: &Options) -> Self {
        let flag = |is_on: bool| if is_on { "on".to_owned() } else { String::new() };
        Self {
            padded_hash: flag(options.padded_hash),
            doc_id_key: options.doc_id_key.clone(),
            doc_id_of_status_key: options.doc_id_of_status_key.clone(),
            plain_http: flag(options.plain_http),
            trailing_line_break: flag(options.trailing_line_break),
            names_recipients: flag(options.names_recipients),
            capital_headers: flag(options.capital_headers),
            poll_seconds: options.poll_seconds.to_string(),
            packet_mb: options.packet_mb.to_string(),
            ..Self::default()
        }
    }

    /// As it is kept, without the secret.
    pub fn of(connection: &Connection) -> Self {
        Self {
            name: connection.name.clone(),
            base_url: connection.base_url.clone(),
            system_id: connection.system_id.clone(),
            unclaimed: connection
                .unclaimed_agency
                .map(|agency| agency.to_string())
                .unwrap_or_default(),
            ..Self::with(&connection.options)
        }
    }

    /// The same without the secret: what may be shown again.
    pub fn without_secret(mut self) -> Self {
        self.secret.clear();
        self
    }

    /// Reads the form. `is_new`: a secret must be there.
    ///
    /// # Errors
    /// What cannot work is refused at its field.
    pub fn read(&self, is_new: bool) -> AppResult<Settings> {
        let name = clean(&self.name);
        if name.is_empty() || name.chars().count() > 200 {
            return Err(refused("name", "Vui lòng ghi tên kết nối, không quá 200 ký tự.").into());
        }
        let options = Options {
            padded_hash: !self.padded_hash.is_empty(),
            doc_id_key: clean(&self.doc_id_key),
            doc_id_of_status_key: clean(&self.doc_id_of_status_key),
            plain_http: !self.plain_http.is_empty(),
            trailing_line_break: !self.trailing_line_break.is_empty(),
            names_recipients: !self.names_recipients.is_empty(),
            capital_headers: !self.capital_headers.is_empty(),
            poll_seconds: number("poll_seconds", &self.poll_seconds, 10, 3600)?,
            packet_mb: number("packet_mb", &self.packet_mb, 1, 1024)?,
        };
        let base_url = clean(&self.base_url).trim_end_matches('/').to_owned();
        if options.plain_http {
            private_host(&base_url)?;
        }
        let secret = Some(self.secret.trim())
            .filter(|secret| !secret.is_empty())
            .map(Secret::new);
        if is_new && secret.is_none() {
            return Err(refused("secret", "Vui lòng nhập khóa bí mật do đơn vị vận hành trục cấp.").into());
        }
        let unclaimed_agency = match self.unclaimed.trim() {
            "" => None,
            id => Some(
                id.parse()
                    .map_err(|_| refused("unclaimed", "Vui lòng chọn cơ quan trong danh sách."))?,
            ),
        };
        let settings = Settings {
            unclaimed_agency,
            name,
            base_url,
            system_id: clean(&self.system_id),
            secret,
            options,
        };
        settings.check()?;
        Ok(settings)
    }
}

impl Settings {
    /// Everything that can be found wrong without a call.
    fn check(&self) -> Decision<()> {
        let secret = self.secret.clone().unwrap_or_else(|| Secret::new("kept"));
        let config: VxpConfig = config(&self.base_url, &self.system_id, secret, &self.options);
        config
            .check()
            .map(drop)
            .map_err(|error| refused("base_url", &format!("{error}.")))
    }
}

fn refused(field: &'static str, sentence: &str) -> Refusal {
    Refusal::new("QC01-10.2", "exchange.connection", sentence).on(field)
}

fn number(field: &'static str, text: &str, least: u32, most: u32) -> Decision<u32> {
    text.trim()
        .parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| refused(field, &format!("Vui lòng nhập số từ {least} đến {most}.")))
}

/// Without TLS only inside a network that nobody else is in (spec edxml 15).
fn private_host(base_url: &str) -> Decision<()> {
    let url = Url::parse(base_url).map_err(|_| refused("base_url", "Địa chỉ của trục không hợp lệ."))?;
    let is_private = match url.host() {
        Some(Host::Ipv4(address)) => is_private_address(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_private_address(IpAddr::V6(address)),
        // A name without a dot, or under a name that no public DNS gives, stays inside.
        Some(Host::Domain(name)) => {
            !name.contains('.')
                || [".local", ".lan", ".internal", ".localhost"]
                    .iter()
                    .any(|end| name.ends_with(end))
        }
        None => false,
    };
    if is_private {
        return Ok(());
    }
    Err(refused(
        "plain_http",
        "Chỉ được dùng http không mã hóa với máy chủ trong mạng riêng (10.x, 172.16–31.x, 192.168.x, tên nội bộ). Vui lòng dùng \
         địa chỉ https.",
    ))
}

fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private() || address.is_loopback() || address.is_link_local(),
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn form(base_url: &str, plain_http: &str) -> ConnectionForm {
        ConnectionForm {
            name: "Trục".into(),
            base_url: base_url.into(),
            system_id: "SYS".into(),
            secret: "bí mật".into(),
            plain_http: plain_http.into(),
            ..ConnectionForm::fresh()
        }
    }

    #[rstest]
    #[case("http://10.1.2.3:8080/vxp", "on", true)]
    #[case("http://127.0.0.1:9/", "on", true)]
    #[case("http://may-chu-truc/vxp", "on", true)]
    #[case("http://truc.daknong.local/vxp", "on", true)]
    #[case("http://truc.example.vn/vxp", "on", false)]
    #[case("http://8.8.8.8/", "on", false)]
    #[case("http://10.1.2.3:8080/vxp", "", false)]
    #[case("https://truc.example.vn/vxp", "", true)]
    #[case("không phải địa chỉ", "", false)]
    fn edxml_15_plain_http_goes_to_private_hosts_only(
        #[case] base_url: &str,
        #[case] plain_http: &str,
        #[case] is_allowed: bool,
    ) {
        assert_eq!(form(base_url, plain_http).read(true).is_ok(), is_allowed);
    }

    #[test]
    fn a_new_connection_needs_its_secret_and_a_kept_one_stays() {
        let mut without = form("https://truc.example.vn", "");
        without.secret = "  ".into();
        assert!(without.read(true).is_err());
        assert!(without.read(false).unwrap().secret.is_none());
        let slow = ConnectionForm {
            poll_seconds: "1".into(),
            ..form("https://truc.example.vn", "")
        };
        assert!(slow.read(true).is_err());
    }
}
