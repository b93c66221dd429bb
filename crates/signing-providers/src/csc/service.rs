//! The calls of one signature, release by release.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use super::credential::Credential;
use super::wire::{Caller, Oauth, Wire};
use super::{Given, Step, pending};
use crate::agent::messages::{decode, encode};
use crate::config::{CscDialect, CscVersion};
use crate::{CertificateChain, Clock, HashRequest, Progress, ProviderError, Secret, SignerRef, raw};

const SHA256_OID: &str = "2.16.840.1.101.3.4.2.1";
/// Credentials of one person that are looked at.
const MAX_CREDENTIALS: usize = 50;

pub(super) struct Inner {
    pub label: String,
    pub wire: Wire,
    pub version: CscVersion,
    pub detected: OnceCell<CscVersion>,
    pub dialect: CscDialect,
    pub asynchronous: bool,
    pub max_hashes: usize,
    pub clock: Clock,
}

impl Inner {
    pub(super) fn in_time(&self, request: &HashRequest) -> Result<(), ProviderError> {
        if (self.clock)() > request.expires_at {
            Err(ProviderError::Expired)
        } else {
            Ok(())
        }
    }

    async fn version(&self) -> Result<CscVersion, ProviderError> {
        if self.version != CscVersion::Detect {
            return Ok(self.version);
        }
        let detect = || async {
            let info = self.wire.public("info").await?;
            match info
                .get("specs")
                .and_then(Value::as_str)
                .and_then(|s| s.split('.').next())
            {
                Some("0" | "1") => Ok(CscVersion::V1),
                Some("2") => Ok(CscVersion::V2),
                other => Err(ProviderError::Protocol(format!("specs {other:?}"))),
            }
        };
        self.detected.get_or_try_init(detect).await.copied()
    }

    /// Our key is the service's credential, with the user before it where tokens belong to users.
    fn key(&self, user: Option<&str>, credential: &str) -> String {
        match user {
            Some(user) if self.wire.is_by_user() => format!("{user}/{credential}"),
            _ => credential.to_owned(),
        }
    }

    pub(super) fn parts<'a>(&self, request: &'a HashRequest) -> (Caller<'a>, &'a str) {
        let authorization = request.authorization.as_ref();
        match request.key.split_once('/') {
            Some((user, credential)) if self.wire.is_by_user() => (
                Caller {
                    user: Some(user),
                    authorization,
                },
                credential,
            ),
            _ => (
                Caller {
                    user: None,
                    authorization,
                },
                &request.key,
            ),
        }
    }

    async fn call(&self, path: &str, body: &Value, caller: Caller<'_>) -> Result<Value, ProviderError> {
        let answer = self.wire.call(path, body, caller).await?;
        answer.ok_or_else(|| ProviderError::Protocol(format!("{path}: 202")))
    }

    async fn info(&self, caller: Caller<'_>, id: &str) -> Result<Credential, ProviderError> {
        let body = json!({"credentialID": id, "certificates": "chain", "certInfo": true, "authInfo": true});
        let info = self.call("credentials/info", &body, caller).await?;
        Credential::read(self.key(caller.user, id), &info)
    }

    pub(super) async fn list(&self, signer: &SignerRef) -> Result<Vec<CertificateChain>, ProviderError> {
        let caller = Caller {
            user: signer.user.as_deref(),
            authorization: signer.authorization.as_ref(),
        };
        let mut ids: Vec<String> = Vec::new();
        let mut page: Option<String> = None;
        loop {
            let mut body = json!({"maxResults": MAX_CREDENTIALS});
            if let Some(user) = &signer.user {
                body["userID"] = json!(user);
            }
            if let Some(token) = &page {
                body["pageToken"] = json!(token);
            }
            let answer = self.call("credentials/list", &body, caller).await?;
            let found = answer.get("credentialIDs").and_then(Value::as_array);
            let found = found.ok_or_else(|| ProviderError::Protocol("credentialIDs".to_owned()))?;
            let before = ids.len();
            ids.extend(found.iter().filter_map(Value::as_str).map(ToOwned::to_owned));
            page = answer
                .get("nextPageToken")
                .and_then(Value::as_str)
                .filter(|t| !t.is_empty())
                .map(ToOwned::to_owned);
            if page.is_none() || ids.len() == before || ids.len() >= MAX_CREDENTIALS {
                break;
            }
        }
        let mut chains = Vec::new();
        for id in ids.iter().take(MAX_CREDENTIALS) {
            match self.info(caller, id).await {
                Ok(credential) if credential.usable => chains.push(credential.chain),
                // A key of a kind we do not use must not hide the others.
                Ok(_) | Err(ProviderError::WeakOrUnknownKey(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(chains)
    }

    /// The credential, when it still is what the documents were prepared for.
    pub(super) async fn checked(&self, request: &HashRequest) -> Result<Credential, ProviderError> {
        self.in_time(request)?;
        let (caller, id) = self.parts(request);
        let credential = self.info(caller, id).await?;
        if credential.chain.certificates.first() != Some(&request.certificate) {
            return Err(ProviderError::ForeignCertificate);
        }
        if !credential.usable {
            return Err(ProviderError::Rejected(
                "khóa hoặc chứng thư số đang bị khóa tại dịch vụ".to_owned(),
            ));
        }
        let most = credential.multisign.min(self.max_hashes);
        if request.items.is_empty() || request.items.len() > most {
            return Err(ProviderError::TooMany(most));
        }
        Ok(credential)
    }

    pub(super) async fn authorize(
        &self,
        request: &HashRequest,
        credential: &Credential,
        given: &Given,
    ) -> Result<Progress, ProviderError> {
        let (caller, id) = self.parts(request);
        let hashes: Vec<_> = request.items.iter().map(|i| encode(&i.hash)).collect();
        let mut body = json!({
            "credentialID": id,
            "numSignatures": hashes.len(),
            "description": description(request),
        });
        let codes = [("PIN", &given.pin), ("OTP", &given.otp)];
        let codes = codes
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_ref()?.reveal())));
        if self.version().await? == CscVersion::V2 {
            body["hashes"] = json!(hashes);
            body["hashAlgorithmOID"] = json!(SHA256_OID);
            let data: Vec<_> = codes
                .map(|(name, value)| json!({"id": name, "value": value}))
                .collect();
            if !data.is_empty() {
                body["authData"] = json!(data);
            }
        } else {
            body["hash"] = json!(hashes);
            for (name, value) in codes {
                body[name] = json!(value);
            }
        }
        if self.dialect == CscDialect::Viettel {
            body["documents"] = documents(request);
        }
        let answer = self.call("credentials/authorize", &body, caller).await?;
        match (text(&answer, "SAD"), text(&answer, "handle")) {
            (Some(sad), _) => self.sign(request, credential, &Secret::new(sad)).await,
            (None, Some(handle)) => pending(
                &Step::Check {
                    handle: handle.to_owned(),
                },
                request,
            ),
            (None, None) => Err(ProviderError::Protocol("SAD".to_owned())),
        }
    }

    pub(super) async fn check(&self, request: &HashRequest, handle: &str) -> Result<Progress, ProviderError> {
        let credential = self.checked(request).await?;
        let (caller, _) = self.parts(request);
        let answer = self
            .wire
            .call("credentials/authorizeCheck", &json!({"handle": handle}), caller)
            .await?;
        match answer.as_ref().and_then(|a| text(a, "SAD")) {
            Some(sad) => self.sign(request, &credential, &Secret::new(sad)).await,
            None => pending(
                &Step::Check {
                    handle: handle.to_owned(),
                },
                request,
            ),
        }
    }

    pub(super) async fn sign(
        &self,
        request: &HashRequest,
        credential: &Credential,
        sad: &Secret,
    ) -> Result<Progress, ProviderError> {
        self.in_time(request)?;
        let (caller, id) = self.parts(request);
        let hashes: Vec<_> = request.items.iter().map(|i| encode(&i.hash)).collect();
        let algorithm = credential.sign_algorithm(self.dialect == CscDialect::Viettel);
        let mut body = json!({"credentialID": id, "SAD": sad.reveal(), "signAlgo": algorithm});
        if self.version().await? == CscVersion::V2 {
            body["hashes"] = json!(hashes);
            body["hashAlgorithmOID"] = json!(SHA256_OID);
            body["operationMode"] = json!(if self.asynchronous { "A" } else { "S" });
        } else {
            body["hash"] = json!(hashes);
            body["hashAlgo"] = json!(SHA256_OID);
        }
        if self.dialect == CscDialect::Viettel {
            body["documents"] = documents(request);
            body["description"] = json!(description(request));
        }
        let answer = self.call("signatures/signHash", &body, caller).await?;
        match text(&answer, "responseID") {
            Some(id) if answer.get("signatures").is_none() => {
                pending(&Step::Response { id: id.to_owned() }, request)
            }
            _ => self.done(request, &answer),
        }
    }

    pub(super) async fn response(&self, request: &HashRequest, id: &str) -> Result<Progress, ProviderError> {
        self.in_time(request)?;
        let (caller, _) = self.parts(request);
        let answer = self
            .wire
            .call("signatures/signPolling", &json!({"responseID": id}), caller)
            .await?;
        match answer {
            Some(answer) if answer.get("signatures").is_some_and(|s| !s.is_null()) => {
                self.done(request, &answer)
            }
            _ => pending(&Step::Response { id: id.to_owned() }, request),
        }
    }

    fn done(&self, request: &HashRequest, answer: &Value) -> Result<Progress, ProviderError> {
        self.in_time(request)?;
        let list = answer.get("signatures").and_then(Value::as_array);
        let list = list.ok_or_else(|| ProviderError::Protocol("signatures".to_owned()))?;
        let texts = list.iter().map(|s| {
            s.as_str()
                .ok_or_else(|| ProviderError::Protocol("signatures".to_owned()))
        });
        let raws = texts.map(|t| decode(t?)).collect::<Result<Vec<_>, _>>()?;
        Ok(Progress::Done(raw::all_checked(
            &request.certificate,
            &request.items,
            &raws,
        )?))
    }

    pub(super) fn oauth(&self) -> Result<&Oauth, ProviderError> {
        let missing = || {
            ProviderError::Config("csc: khóa cần xác nhận tại trang của dịch vụ, thiếu bảng oauth".to_owned())
        };
        self.wire.oauth.as_ref().ok_or_else(missing)
    }

    /// The service's own page, where the person confirms exactly these hashes.
    pub(super) async fn page(&self, request: &HashRequest, id: &str) -> Result<String, ProviderError> {
        let oauth = self.oauth()?;
        let (_, credential) = self.parts(request);
        let (name, separator) = if self.version().await? == CscVersion::V2 {
            ("hashes", ",")
        } else {
            ("hash", ",")
        };
        let hashes: Vec<_> = request
            .items
            .iter()
            .map(|i| URL_SAFE_NO_PAD.encode(i.hash))
            .collect();
        let mut url = oauth.authorize.clone();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &oauth.client_id)
            .append_pair("redirect_uri", &oauth.redirect_uri)
            .append_pair("scope", "credential")
            .append_pair("credentialID", credential)
            .append_pair("numSignatures", &hashes.len().to_string())
            .append_pair(name, &hashes.join(separator))
            .append_pair("hashAlgorithmOID", SHA256_OID)
            .append_pair("description", &description(request))
            .append_pair("state", id);
        if let Some(verifier) = verifier(oauth, id) {
            query
                .append_pair(
                    "code_challenge",
                    &URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
                )
                .append_pair("code_challenge_method", "S256");
        }
        drop(query);
        Ok(url.into())
    }
}

/// PKCE without anything to remember: only who has the client's secret can make it from the transaction.
pub(super) fn verifier(oauth: &Oauth, id: &str) -> Option<String> {
    let secret = oauth.secret.as_ref()?;
    let mut hash = Sha256::new_with_prefix(b"vanthu pkce\0");
    hash.update(Sha256::digest(secret.reveal()));
    hash.update(id);
    Some(URL_SAFE_NO_PAD.encode(hash.finalize()))
}

pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str).filter(|t| !t.is_empty())
}

/// What the person sees on the phone.
fn description(request: &HashRequest) -> String {
    let first = request
        .items
        .first()
        .map(|i| i.description.as_str())
        .unwrap_or_default();
    let more = request.items.len().saturating_sub(1);
    let whole = if more == 0 {
        first.to_owned()
    } else {
        format!("{first} và {more} văn bản khác")
    };
    whole.chars().take(250).collect()
}

fn documents(request: &HashRequest) -> Value {
    let one = |(n, item): (usize, &crate::HashItem)| json!({"document_id": n + 1, "document_name": item.description});
    request.items.iter().enumerate().map(one).collect()
}
