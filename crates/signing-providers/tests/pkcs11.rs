//! Tokens, judged by SoftHSM2 and `openssl`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use cryptoki::context::Pkcs11;
use serde_json::json;
use signing_providers::config::Pkcs11Config;
use signing_providers::pkcs11::Token;
use signing_providers::{Progress, Provider, ProviderError, Secret, SignerRef, UserStep};
use support::{
    Made, PIN, TOKEN, clock, import, import_key, init_token, late_clock, make, openssl_accepts, request,
    softhsm_module, with_softhsm,
};

fn config(sessions: u32, pin_secret: Option<&str>) -> Pkcs11Config {
    let mut value = json!({"module": softhsm_module(), "token": TOKEN, "sessions": sessions});
    if let Some(name) = pin_secret {
        value["pin_secret"] = json!(name);
    }
    serde_json::from_value(value).unwrap()
}

fn token(sessions: u32, pin: &str) -> Token {
    let secrets = HashMap::from([("pin".to_owned(), Secret::new(pin))]);
    Token::open(&config(sessions, Some("pin")), &secrets, clock()).unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn code(result: Result<Progress, ProviderError>) -> &'static str {
    match result {
        Err(error) => error.code(),
        Ok(progress) => panic!("expected an error, got {progress:?}"),
    }
}

fn done(result: Result<Progress, ProviderError>) -> Vec<Vec<u8>> {
    match result.unwrap() {
        Progress::Done(raws) => raws,
        other => panic!("expected signatures, got {other:?}"),
    }
}

/// Four kinds of key in one token, all with the same misleading label.
fn four_keys(folder: &Path) -> Vec<(String, Made)> {
    init_token();
    let kinds = [
        ("a1", "rsa2048"),
        ("a2", "rsa3072"),
        ("a3", "rsa4096"),
        ("a4", "P-256"),
    ];
    kinds
        .map(|(id, algorithm)| {
            let made = make(folder, algorithm, algorithm);
            import(&made, id, "khoa");
            (id.to_owned(), made)
        })
        .into()
}

#[test]
fn s3_softhsm_signs_with_every_accepted_kind_of_key() {
    with_softhsm("s3_softhsm_signs_with_every_accepted_kind_of_key", |folder| {
        let keys = four_keys(folder);
        let token = token(2, PIN);
        block_on(async {
            let mut chains = token.certificates(&SignerRef::default()).await.unwrap();
            chains.sort_by(|a, b| a.key.cmp(&b.key));
            assert_eq!(
                chains.iter().map(|c| c.key.as_str()).collect::<Vec<_>>(),
                ["a1", "a2", "a3", "a4"]
            );
            for ((id, made), chain) in keys.iter().zip(&chains) {
                assert_eq!(chain.certificates, vec![made.der.clone()]);
                let raws = done(token.start(&request(id, &made.der, &["một", "hai"])).await);
                assert!(openssl_accepts(folder, &made.crt, "một", &raws[0]), "{id}");
                assert!(openssl_accepts(folder, &made.crt, "hai", &raws[1]), "{id}");
            }
        });
    });
}

#[test]
fn s8_a_hundred_parallel_signatures_no_wrong_key_no_deadlock() {
    with_softhsm(
        "s8_a_hundred_parallel_signatures_no_wrong_key_no_deadlock",
        |folder| {
            let keys = four_keys(folder);
            let token = Arc::new(token(4, PIN));
            let begun = std::time::Instant::now();
            let signed = block_on(async {
                let tasks: Vec<_> = (0..100)
                    .map(|n| {
                        let (id, made) = &keys[n % keys.len()];
                        let text = format!("văn bản {n}");
                        let request = request(id, &made.der, &[&text]);
                        let token = Arc::clone(&token);
                        (n, text, tokio::spawn(async move { token.start(&request).await }))
                    })
                    .collect();
                let mut signed = Vec::new();
                for (n, text, task) in tasks {
                    let task = tokio::time::timeout(std::time::Duration::from_secs(120), task)
                        .await
                        .expect("deadlock");
                    signed.push((n, text, done(task.unwrap()).remove(0)));
                }
                signed
            });
            println!("100 parallel signatures on SoftHSM2: {:?}", begun.elapsed());
            // The provider has checked them all; openssl looks at some of each kind.
            for (n, text, raw) in signed.iter().take(12) {
                assert!(
                    openssl_accepts(folder, &keys[n % keys.len()].1.crt, text, raw),
                    "{n}"
                );
            }
        },
    );
}

#[test]
fn s4_wrong_key_under_the_right_id_is_refused() {
    with_softhsm("s4_wrong_key_under_the_right_id_is_refused", |folder| {
        init_token();
        for (id, algorithm) in [("b1", "rsa2048"), ("b2", "P-256")] {
            let right = make(folder, &format!("right-{id}"), algorithm);
            let wrong = make(folder, &format!("wrong-{id}"), algorithm);
            // The certificate of one key beside another key, as a careless import leaves it.
            let mixed = Made {
                key: wrong.key.clone(),
                crt: right.crt.clone(),
                der: right.der.clone(),
            };
            import(&mixed, id, "khoa");
            let token = token(1, PIN);
            block_on(async {
                assert_eq!(
                    code(token.start(&request(id, &right.der, &["một"])).await),
                    "wrong_key"
                );
                // A certificate that is not in the token at all.
                assert_eq!(
                    code(token.start(&request(id, &wrong.der, &["một"])).await),
                    "foreign_certificate"
                );
                assert_eq!(
                    code(token.start(&request("ff", &right.der, &["một"])).await),
                    "no_such_key"
                );
            });
            if algorithm == "rsa2048" {
                // With the right key under the same id too, the modulus decides.
                import_key(&right, id, "khoa dung");
                let raws = block_on(async { done(token.start(&request(id, &right.der, &["một"])).await) });
                assert!(openssl_accepts(folder, &right.crt, "một", &raws[0]));
            }
        }
    });
}

#[test]
fn s4_late_requests_and_too_many_hashes_are_refused() {
    with_softhsm("s4_late_requests_and_too_many_hashes_are_refused", |folder| {
        init_token();
        let made = make(folder, "rsa2048", "rsa2048");
        import(&made, "c1", "khoa");
        let secrets = HashMap::from([("pin".to_owned(), Secret::new(PIN))]);
        let late = Token::open(&config(1, Some("pin")), &secrets, late_clock()).unwrap();
        block_on(async {
            assert_eq!(
                code(late.start(&request("c1", &made.der, &["một"])).await),
                "signing_expired"
            );
            assert_eq!(
                code(token(1, PIN).start(&request("c1", &made.der, &[])).await),
                "too_many_hashes"
            );
            assert_eq!(
                code(token(1, PIN).start(&request("c1", &made.der, &["x"; 201])).await),
                "too_many_hashes"
            );
        });
    });
}

#[test]
fn a_wrong_pin_is_tried_once_and_never_again() {
    with_softhsm("a_wrong_pin_is_tried_once_and_never_again", |folder| {
        init_token();
        let made = make(folder, "rsa2048", "rsa2048");
        import(&made, "c1", "khoa");
        block_on(async {
            let request = request("c1", &made.der, &["một"]);
            let wrong = Arc::new(token(4, "111111"));
            let begun = std::time::Instant::now();
            let tries: Vec<_> = (0..20)
                .map(|_| {
                    let (token, request) = (Arc::clone(&wrong), request.clone());
                    tokio::spawn(async move { token.start(&request).await })
                })
                .collect();
            for attempt in tries {
                assert_eq!(code(attempt.await.unwrap()), "wrong_pin");
            }
            // SoftHSM takes its time over each PIN it looks at; twenty of them would be noticed.
            println!("20 refusals of one wrong PIN: {:?}", begun.elapsed());
            // Opening the provider again does not try it again either, and the right PIN still works.
            assert_eq!(code(token(1, "111111").start(&request).await), "wrong_pin");
            let raws = done(token(1, PIN).start(&request).await);
            assert!(openssl_accepts(folder, &made.crt, "một", &raws[0]));
        });
    });
}

#[test]
fn the_persons_pin_opens_the_token_for_one_request_only() {
    with_softhsm("the_persons_pin_opens_the_token_for_one_request_only", |folder| {
        init_token();
        let made = make(folder, "rsa2048", "rsa2048");
        import(&made, "c1", "khoa");
        let token = Token::open(&config(4, None), &HashMap::new(), clock()).unwrap();
        block_on(async {
            let mut request = request("c1", &made.der, &["một"]);
            // Without a PIN certificates can be seen, but nothing signs.
            assert_eq!(token.certificates(&SignerRef::default()).await.unwrap().len(), 1);
            let Progress::NeedsUser {
                transaction,
                step: UserStep::Pin,
                ..
            } = token.start(&request).await.unwrap()
            else {
                panic!("no PIN asked")
            };
            assert_eq!(
                code(token.answer(&transaction, &request, json!({})).await),
                "pin_needed"
            );
            let raws = done(token.answer(&transaction, &request, json!({"pin": PIN})).await);
            assert!(openssl_accepts(folder, &made.crt, "một", &raws[0]));
            // The next person's wrong PIN does not ride on the first one's log-in.
            assert_eq!(
                code(
                    token
                        .answer(&transaction, &request, json!({"pin": "000000"}))
                        .await
                ),
                "wrong_pin"
            );
            assert_eq!(
                code(token.answer("khac", &request, json!({"pin": PIN})).await),
                "unknown_transaction"
            );
            request.authorization = Some(Secret::new(PIN));
            done(token.start(&request).await);
        });
    });
}

#[test]
fn a_lost_session_is_opened_again() {
    with_softhsm("a_lost_session_is_opened_again", |folder| {
        init_token();
        let made = make(folder, "rsa2048", "rsa2048");
        import(&made, "c1", "khoa");
        let token = token(2, PIN);
        let request = request("c1", &made.der, &["một"]);
        block_on(async { done(token.start(&request).await) });
        // Somebody logs the token out: the log-in concerns the whole process.
        let library = Pkcs11::new(softhsm_module()).unwrap();
        let slot = library
            .get_slots_with_token()
            .unwrap()
            .into_iter()
            .find(|s| library.get_token_info(*s).unwrap().label().trim_end() == TOKEN)
            .unwrap();
        library.open_ro_session(slot).unwrap().logout().unwrap();
        block_on(async { done(token.start(&request).await) });
        // The library itself is closed: every handle is void.
        library.finalize().unwrap();
        let raws = block_on(async { done(token.start(&request).await) });
        assert!(openssl_accepts(folder, &made.crt, "một", &raws[0]));
    });
}

#[test]
fn a_missing_token_or_library_is_told_and_does_not_stop_the_program() {
    with_softhsm(
        "a_missing_token_or_library_is_told_and_does_not_stop_the_program",
        |folder| {
            let made = make(folder, "rsa2048", "rsa2048");
            let request = request("c1", &made.der, &["một"]);
            assert_eq!(
                block_on(async { code(token(1, PIN).start(&request).await) }),
                "provider_unavailable"
            );
            let mut other = config(1, None);
            other.module = folder.join("khong-co.so");
            other.pin_secret = Some("pin".to_owned());
            let secrets = HashMap::from([("pin".to_owned(), Secret::new(PIN))]);
            let missing = Token::open(&other, &secrets, clock()).unwrap();
            assert_eq!(
                block_on(async { code(missing.start(&request).await) }),
                "provider_config"
            );
            assert_eq!(
                Token::open(&other, &HashMap::new(), clock()).unwrap_err().code(),
                "provider_config"
            );
        },
    );
}
