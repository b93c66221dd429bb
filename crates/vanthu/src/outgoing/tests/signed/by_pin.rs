//! A token of the server that asks for its PIN at every signature.

use std::sync::Arc;

use async_trait::async_trait;
use pdf_signature::verify::Verdict;
use serde_json::Value;
use signing_providers::{
    CertificateChain, HashRequest, Progress, Provider, ProviderError, Secret, SignerRef,
    software::SoftwareKeys,
};
use store::{args, sql};

use super::support::{Keys, Signing, nothing_is_open};
use crate::{signing::keys, testing::Answer};

pub const PIN: &str = "48261937";

/// Software keys behind a PIN.
#[derive(Debug)]
pub struct Token(pub SoftwareKeys);

#[async_trait]
impl Provider for Token {
    fn label(&self) -> String {
        "Token".to_owned()
    }
    fn asks_for_pin(&self) -> bool {
        true
    }
    async fn certificates(&self, signer: &SignerRef) -> Result<Vec<CertificateChain>, ProviderError> {
        self.0.certificates(signer).await
    }
    async fn start(&self, request: &HashRequest) -> Result<Progress, ProviderError> {
        match request.authorization.as_ref().map(Secret::reveal) {
            None => Err(ProviderError::PinNeeded),
            Some(PIN) => self.0.start(request).await,
            Some(_) => Err(ProviderError::WrongPin),
        }
    }
    async fn poll(&self, _: &str, _: &HashRequest) -> Result<Progress, ProviderError> {
        Err(ProviderError::UnknownTransaction)
    }
    async fn answer(&self, _: &str, _: &HashRequest, _: Value) -> Result<Progress, ProviderError> {
        Err(ProviderError::UnknownTransaction)
    }
    async fn cancel(&self, _: &str) {}
}

/// The digests kept of answers.
async fn traces(signing: &Signing) -> i64 {
    let row = signing
        .app()
        .db
        .one(
            sql!("SELECT count(*) AS traces FROM signing_batch WHERE answered IS NOT NULL"),
            args![],
        )
        .await
        .unwrap();
    row.get("traces").unwrap()
}

#[tokio::test]
async fn s4_the_same_pin_signs_number_and_seal_and_leaves_no_trace() {
    let signing = Signing::new(Keys::Here).await;
    let at = signing.signed().await;
    let mut token = SoftwareKeys::new();
    let folder = signing.app().settings.data.folder.join("test-keys");
    assert_eq!(token.add_folder(&folder).unwrap(), 2);
    let token: Arc<dyn Provider> = Arc::new(Token(token));
    keys::replace_opened(signing.app(), &token);

    let clerk = &signing.committee.clerk;
    let waits = signing.seal(&at).await.ok().location;
    assert!(waits.starts_with("/signing/requests/"), "{waits}");
    let answer = format!("{waits}/answer");
    let typed = async |pin: &str| -> Answer { clerk.post(&answer, &[("pin", pin)]).await.ok() };
    let view = async || clerk.api_get(&format!("/api/v1{waits}")).await.ok().json();
    assert_eq!(view().await["step"], "pin");

    typed("1234").await;
    let wrong = view().await;
    assert_eq!(wrong["state"], "waiting_user", "{wrong}");
    assert_eq!(traces(&signing).await, 0);

    typed(PIN).await;
    let between = view().await;
    assert_eq!(
        (&between["state"], &between["step"]),
        (&Value::from("waiting_user"), &Value::from("pin")),
        "the seal comes on top: {between}"
    );
    assert_eq!(traces(&signing).await, 0);

    typed(PIN).await;
    assert_eq!(view().await["state"], "committed");
    assert_eq!(traces(&signing).await, 0);
    typed(PIN).await;
    assert_eq!(
        view().await["state"],
        "committed",
        "a double click changes nothing"
    );

    let whole = signing.file(clerk, &at, 0).await;
    let report = signing.verify(&whole).await;
    assert_eq!(
        (report.verdict, report.signatures.len()),
        (Verdict::TotalPassed, 3)
    );
    assert!(nothing_is_open(signing.app()).await);
}
