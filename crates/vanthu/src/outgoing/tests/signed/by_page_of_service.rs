//! A remote service that asks the person on a page of its own and sends them back.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use signing_providers::{
    CertificateChain, HashRequest, Progress, Provider, ProviderError, SignerRef, UserStep,
    software::SoftwareKeys,
};

use super::support::{Keys, Signing};
use crate::signing::keys;

/// Software keys behind a page.
#[derive(Debug)]
struct Service(SoftwareKeys);

#[async_trait]
impl Provider for Service {
    fn label(&self) -> String {
        "Dịch vụ ký số".to_owned()
    }
    async fn certificates(&self, signer: &SignerRef) -> Result<Vec<CertificateChain>, ProviderError> {
        self.0.certificates(signer).await
    }
    async fn start(&self, request: &HashRequest) -> Result<Progress, ProviderError> {
        Ok(Progress::NeedsUser {
            transaction: "1".to_owned(),
            step: UserStep::Redirect(
                "https://ky.example.vn/authorize?scope=credential&state=a%2Fb".to_owned(),
            ),
            expires_at: request.expires_at,
        })
    }
    async fn poll(&self, _: &str, _: &HashRequest) -> Result<Progress, ProviderError> {
        Err(ProviderError::UnknownTransaction)
    }
    async fn answer(&self, _: &str, request: &HashRequest, answer: Value) -> Result<Progress, ProviderError> {
        assert_eq!(answer["code"], "4711");
        self.0.start(request).await
    }
    async fn cancel(&self, _: &str) {}
}

#[tokio::test]
async fn s4_the_service_sends_the_person_back_and_only_its_own_state_is_taken() {
    let signing = Signing::new(Keys::Here).await;
    // Opens the place of keys, so that it can be replaced.
    signing.signed().await;
    let at = signing.to_sign().await;
    let mut service = SoftwareKeys::new();
    let folder = signing.app().settings.data.folder.join("test-keys");
    service.add_folder(&folder).unwrap();
    let service: Arc<dyn Provider> = Arc::new(Service(service));
    keys::replace_opened(signing.app(), &service);

    let chair = &signing.committee.chair;
    let moved = signing.post(chair, &format!("{at}/approve")).await;
    let waits = format!("/signing/requests/{}", moved["request"].as_str().unwrap());
    for state in ["", "c"] {
        let lost = chair
            .get(&format!("/signing/return?code=4711&state={state}"))
            .await;
        assert_eq!(lost.status.as_u16(), 404, "{state}");
        let page = chair
            .get(&format!("{waits}?code=4711&state={state}"))
            .await
            .ok()
            .text;
        assert!(
            !page.contains("4711"),
            "a code that was not asked for is not offered"
        );
        let refused = chair
            .post(&format!("{waits}/answer"), &[("code", "4711"), ("state", state)])
            .await;
        assert!(refused.status.is_client_error(), "{state}: {}", refused.status);
    }
    let other = signing
        .committee
        .clerk
        .get("/signing/return?code=4711&state=a%2Fb")
        .await;
    assert_eq!(other.status.as_u16(), 404, "it is another person's request");

    let back = chair.get("/signing/return?code=4711&state=a%2Fb").await.ok();
    assert_eq!(back.location, format!("{waits}?code=4711&state=a%2Fb"));
    let page = chair.get(&back.location).await.ok().text;
    assert!(page.contains("Hoàn tất ký số") && page.contains("4711"), "{page}");
    chair
        .post(&format!("{waits}/answer"), &[("code", "4711"), ("state", "a/b")])
        .await
        .ok();
    assert_eq!(signing.committee.seen(chair, &at).await["state"], "approved");
}
