//! Signing in both releases: ways of authorisation, restarts in between, and what is refused.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use reqwest::Url;
use serde_json::{Value, json};
use signing_providers::csc::mock::Behaviour;
use signing_providers::{Clock, Progress, Provider, ProviderError, Secret, SignerRef, UserStep};

use crate::service::{Service, code, finish, needs, plain_client, whole};
use crate::support::{self, late_clock, make, request};

const RELEASES: [&str; 2] = ["v1", "v2"];

#[tokio::test]
async fn s3_every_way_of_authorisation_in_both_releases_gives_good_signatures() {
    let service = Service::start().await;
    let texts = ["một", "hai", "ba"];
    for release in RELEASES {
        let remote = service.remote(release, json!({}));
        let signer = SignerRef {
            user: Some("lanh.dao".to_owned()),
            authorization: None,
        };
        let chains = remote.certificates(&signer).await.unwrap();
        let keys: Vec<_> = chains.iter().map(|c| c.key.as_str()).collect();
        assert_eq!(keys, ["phone", "pin", "otp", "both", "page"]);
        assert_eq!(chains[0].certificates, [service.made["phone"].der.clone()]);
        let nobody = SignerRef {
            user: Some("khac".to_owned()),
            authorization: None,
        };
        assert!(remote.certificates(&nobody).await.unwrap().is_empty());

        let asked = service.request("phone", &texts);
        service.assert_good("phone", &texts, &whole(&remote, &asked).await.unwrap());

        let asked = service.request("pin", &texts);
        let (transaction, step) = needs(remote.start(&asked).await);
        assert_eq!(step, UserStep::Pin);
        let first = remote.answer(&transaction, &asked, json!({"pin": "1357"})).await;
        service.assert_good("pin", &texts, &finish(&remote, &asked, first).await.unwrap());

        let asked = service.request("otp", &texts);
        let (transaction, step) = needs(remote.start(&asked).await);
        assert_eq!(step, UserStep::Otp);
        let otp = service.mock.last_otp().unwrap();
        let first = remote.answer(&transaction, &asked, json!({"otp": otp})).await;
        service.assert_good("otp", &texts, &finish(&remote, &asked, first).await.unwrap());

        let asked = service.request("both", &texts);
        let (transaction, step) = needs(remote.start(&asked).await);
        assert_eq!(step, UserStep::Pin);
        let (transaction, step) = needs(remote.answer(&transaction, &asked, json!({"pin": "2468"})).await);
        assert_eq!(step, UserStep::Otp);
        assert!(
            !transaction.contains("2468"),
            "the transaction goes through the database"
        );
        let otp = service.mock.last_otp().unwrap();
        let first = remote.answer(&transaction, &asked, json!({"otp": otp})).await;
        service.assert_good("both", &texts, &finish(&remote, &asked, first).await.unwrap());
    }
}

#[tokio::test]
async fn s4_the_page_of_the_service_confirms_exactly_these_hashes_also_after_a_restart() {
    let service = Service::start().await;
    for release in RELEASES {
        let remote = service.remote(release, json!({}));
        let asked = service.request("page", &["một", "hai"]);
        let (transaction, step) = needs(remote.start(&asked).await);
        let UserStep::Redirect(address) = step else {
            panic!("{step:?}")
        };
        let code_of = |address: String| async move {
            let html = reqwest_get(&address).await;
            let link = html
                .split("id=yes href=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .replace("&amp;", "&");
            let url = Url::parse(&link).unwrap();
            assert_eq!(url.host_str(), Some("vanthu.example.vn"));
            url.query_pairs()
                .into_owned()
                .collect::<HashMap<String, String>>()
        };
        let back = code_of(address.clone()).await;
        // The program was restarted in between: nothing but the transaction is known.
        let remote = service.remote(release, json!({}));
        let answer = json!({"code": back["code"], "state": back["state"]});
        let first = remote.answer(&transaction, &asked, answer.clone()).await;
        service.assert_good(
            "page",
            &["một", "hai"],
            &finish(&remote, &asked, first).await.unwrap(),
        );
        // Replayed.
        assert_eq!(
            code(remote.answer(&transaction, &asked, answer).await),
            "provider_unauthorized"
        );
        // A confirmation of other hashes, of another transaction, and a no.
        let back = code_of(address).await;
        let answer = json!({"code": back["code"], "state": back["state"]});
        let other = service.request("page", &["ba", "bốn"]);
        assert_eq!(
            code(remote.answer(&transaction, &other, answer.clone()).await),
            "unknown_transaction"
        );
        let (second, _) = needs(remote.start(&asked).await);
        assert_eq!(
            code(remote.answer(&second, &asked, answer).await),
            "unknown_transaction"
        );
        let no = json!({"error": "access_denied", "state": back["state"]});
        assert_eq!(
            code(remote.answer(&transaction, &asked, no).await),
            "signing_rejected"
        );
    }
}

async fn reqwest_get(address: &str) -> String {
    plain_client()
        .get(address)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
}

#[tokio::test]
async fn s4_asynchronous_release_2_survives_a_restart_between_any_two_calls() {
    let service = Service::start().await;
    service.mock.behave(Behaviour {
        checks: 2,
        polls: 2,
        ..Behaviour::default()
    });
    let remote = || {
        service.remote(
            "detect",
            json!({"base": format!("http://127.0.0.1:{}/csc/v2", service.port), "asynchronous": true}),
        )
    };
    let asked = service.request("phone", &["một", "hai"]);
    let mut progress = remote().start(&asked).await.unwrap();
    let mut asked_for = 0;
    let raws = loop {
        match progress {
            Progress::Done(raws) => break raws,
            Progress::Pending {
                transaction,
                poll_after,
                expires_at,
            } => {
                assert!(poll_after > Duration::ZERO && expires_at == asked.expires_at);
                asked_for += 1;
                progress = remote().poll(&transaction, &asked).await.unwrap();
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(asked_for, 5, "handle twice, response three times");
    service.assert_good("phone", &["một", "hai"], &raws);
    for path in ["credentials/authorizeCheck", "signatures/signPolling"] {
        assert!(service.mock.calls().iter().any(|c| c == path), "{path}");
    }
}

#[tokio::test]
async fn s4_wrong_key_foreign_certificate_swapped_and_refused_are_told_apart() {
    let service = Service::start().await;
    let rogue = make(service.folder.path(), "rogue", "rsa2048");
    for release in RELEASES {
        let remote = service.remote(release, json!({}));
        let asked = service.request("phone", &["một", "hai"]);
        let expect = |behaviour: Behaviour| {
            service.mock.behave(behaviour);
            whole(&remote, &asked)
        };
        assert_eq!(
            code(
                expect(Behaviour {
                    wrong_key: true,
                    ..Behaviour::default()
                })
                .await
            ),
            "wrong_key"
        );
        assert_eq!(
            code(
                expect(Behaviour {
                    reverse: true,
                    ..Behaviour::default()
                })
                .await
            ),
            "wrong_key"
        );
        let foreign = Behaviour {
            certificate: Some(rogue.der.clone()),
            ..Behaviour::default()
        };
        assert_eq!(code(expect(foreign).await), "foreign_certificate");
        assert_eq!(
            code(
                expect(Behaviour {
                    refuse: true,
                    ..Behaviour::default()
                })
                .await
            ),
            "signing_rejected"
        );
        let brief = Behaviour {
            sad_lives: Duration::ZERO,
            ..Behaviour::default()
        };
        assert_eq!(code(expect(brief).await), "signing_expired");
        assert!(expect(Behaviour::default()).await.is_ok());
    }
}

#[tokio::test]
async fn s4_a_sad_is_good_once_and_for_its_own_hashes() {
    let service = Service::start().await;
    let client = plain_client();
    let call = |path: &'static str, body: Value| {
        let url = format!("http://127.0.0.1:{}/csc/v1/{path}", service.port);
        let call = client.post(url).bearer_auth(service.mock.token()).json(&body);
        async move {
            let response = call.send().await.unwrap();
            (
                response.status().as_u16(),
                response.json::<Value>().await.unwrap(),
            )
        }
    };
    let hash = |text: &str| json!([support_hash(text)]);
    let authorize = json!({"credentialID": "phone", "numSignatures": 1, "hash": hash("một")});
    let sign = |sad: &Value, text: &str| {
        json!({"credentialID": "phone", "SAD": sad, "hash": hash(text), "hashAlgo": "2.16.840.1.101.3.4.2.1",
            "signAlgo": "1.2.840.113549.1.1.11"})
    };
    let (_, granted) = call("credentials/authorize", authorize.clone()).await;
    let (status, _) = call("signatures/signHash", sign(&granted["SAD"], "một")).await;
    assert_eq!(status, 200);
    let (status, replayed) = call("signatures/signHash", sign(&granted["SAD"], "một")).await;
    assert_eq!(
        (status, &replayed["error_description"]),
        (400, &json!("Invalid parameter SAD"))
    );
    let (_, granted) = call("credentials/authorize", authorize).await;
    let (status, other) = call("signatures/signHash", sign(&granted["SAD"], "hai")).await;
    assert_eq!(
        (status, &other["error_description"]),
        (400, &json!("Hash is not authorized by the SAD"))
    );
}

fn support_hash(text: &str) -> String {
    signing_providers::agent::messages::encode(&request("x", b"", &[text]).items[0].hash)
}

#[tokio::test]
async fn s4_late_is_refused_before_and_after_the_call() {
    let service = Service::start().await;
    let asked = service.request("phone", &["một"]);
    let late = service.remote_at("v1", json!({}), late_clock());
    assert_eq!(code(late.start(&asked).await), "signing_expired");
    assert!(service.mock.calls().is_empty(), "nothing was asked for");
    // In time when it begins, late when the person has confirmed: the signature exists and is dropped.
    let turn = Instant::now();
    let running: Clock = std::sync::Arc::new(move || {
        if turn.elapsed() < Duration::from_millis(600) {
            support::start()
        } else {
            late_clock()()
        }
    });
    service.mock.behave(Behaviour {
        delay: Duration::from_millis(800),
        ..Behaviour::default()
    });
    let remote = service.remote_at("v1", json!({}), running);
    assert_eq!(code(remote.start(&asked).await), "signing_expired");
    let (transaction, request) = ("{\"step\":\"response\",\"id\":\"x\"}", asked);
    assert_eq!(code(late.poll(transaction, &request).await), "signing_expired");
}

#[tokio::test]
async fn a_slow_person_is_waited_for_in_the_background_and_can_be_cancelled() {
    let service = Service::start().await;
    service.mock.behave(Behaviour {
        delay: Duration::from_millis(3500),
        ..Behaviour::default()
    });
    let remote = service.remote("v1", json!({}));
    let asked = service.request("phone", &["một"]);
    let begun = Instant::now();
    let Progress::Pending { transaction, .. } = remote.start(&asked).await.unwrap() else {
        panic!("not pending")
    };
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "the page is not kept waiting"
    );
    let raws = finish(&remote, &asked, remote.poll(&transaction, &asked).await)
        .await
        .unwrap();
    service.assert_good("phone", &["một"], &raws);
    assert_eq!(
        code(remote.poll(&transaction, &asked).await),
        "unknown_transaction",
        "an end is an end"
    );

    let Progress::Pending { transaction, .. } = remote.start(&asked).await.unwrap() else {
        panic!("not pending")
    };
    remote.cancel(&transaction).await;
    assert_eq!(
        code(remote.poll(&transaction, &asked).await),
        "unknown_transaction"
    );
    let before = service
        .mock
        .calls()
        .iter()
        .filter(|c| *c == "signatures/signHash")
        .count();
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(
        service
            .mock
            .calls()
            .iter()
            .filter(|c| *c == "signatures/signHash")
            .count(),
        before
    );
}

#[tokio::test]
async fn wrong_codes_unknown_keys_and_too_many_hashes() {
    let service = Service::start().await;
    for release in RELEASES {
        let remote = service.remote(release, json!({}));
        let asked = service.request("pin", &["một"]);
        let (transaction, _) = needs(remote.start(&asked).await);
        let before = service.mock.calls().len();
        let wrong = remote.answer(&transaction, &asked, json!({"pin": "0000"})).await;
        assert_eq!(code(wrong), "wrong_pin");
        let tried = service.mock.calls()[before..]
            .iter()
            .filter(|c| *c == "credentials/authorize")
            .count();
        assert_eq!(tried, 1, "a wrong PIN is not tried again");
        assert_eq!(
            code(remote.answer(&transaction, &asked, json!({})).await),
            "pin_needed"
        );
        let mut with_pin = asked.clone();
        with_pin.authorization = Some(Secret::new("1357"));
        assert!(whole(&remote, &with_pin).await.is_ok());
        let asked = service.request("otp", &["một"]);
        let (transaction, _) = needs(remote.start(&asked).await);
        assert_eq!(
            code(remote.answer(&transaction, &asked, json!({"otp": "x"})).await),
            "wrong_otp"
        );
        let many = service.request("phone", &["x"; 6]);
        assert_eq!(remote.start(&many).await.unwrap_err(), ProviderError::TooMany(5));
        assert_eq!(
            code(remote.start(&service.request("phone", &[])).await),
            "too_many_hashes"
        );
        let unknown = request("khong-co", &service.made["phone"].der, &["một"]);
        assert_eq!(code(remote.start(&unknown).await), "no_such_key");
        for transaction in [
            "",
            "{}",
            "{\"step\":\"working\",\"id\":\"x\"}",
            "{\"step\":\"pin\",\"id\":\"x\"}",
        ] {
            assert_eq!(
                code(remote.poll(transaction, &asked).await),
                "unknown_transaction",
                "{transaction}"
            );
        }
    }
}
