//! Keys in files.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use signing_providers::software::{LABEL, SoftwareKeys};
use signing_providers::{Progress, Provider, SignerRef};
use support::{make, openssl_accepts, request};

#[tokio::test]
async fn s3_software_keys_sign_what_openssl_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let made: Vec<_> = ["rsa2048", "rsa3072", "rsa4096", "P-256"]
        .map(|a| (a, make(folder.path(), a, a)))
        .into();
    let mut keys = SoftwareKeys::new();
    assert_eq!(keys.add_folder(folder.path()).unwrap(), 4);
    assert!(keys.label().contains("chỉ dùng thử") && LABEL == keys.label());
    let chains = keys.certificates(&SignerRef::default()).await.unwrap();
    assert_eq!(chains.len(), 4);
    for (name, made) in &made {
        let chain = chains.iter().find(|c| c.key == *name).unwrap();
        assert_eq!(chain.certificates, vec![made.der.clone()]);
        assert_eq!(chain.label, *name);
        let request = request(name, &made.der, &["một", "hai"]);
        let Progress::Done(raws) = keys.start(&request).await.unwrap() else {
            panic!("not at once")
        };
        assert!(
            openssl_accepts(folder.path(), &made.crt, "một", &raws[0]),
            "{name}"
        );
        assert!(
            openssl_accepts(folder.path(), &made.crt, "hai", &raws[1]),
            "{name}"
        );
        assert!(
            !openssl_accepts(folder.path(), &made.crt, "ba", &raws[1]),
            "{name}"
        );
    }
}

#[tokio::test]
async fn s4_software_keys_refuse_foreign_certificates_and_weak_keys() {
    let folder = tempfile::tempdir().unwrap();
    let one = make(folder.path(), "one", "rsa2048");
    let other = make(folder.path(), "other", "rsa2048");
    let weak = make(folder.path(), "weak", "rsa1024");
    let curve = make(folder.path(), "curve", "P-384");
    let pkcs8 = |made: &support::Made| {
        der::pem::decode_vec(&std::fs::read(&made.key).unwrap())
            .unwrap()
            .1
    };
    let mut keys = SoftwareKeys::new();
    assert_eq!(
        keys.add("x", &pkcs8(&one), vec![other.der.clone()])
            .unwrap_err()
            .code(),
        "wrong_key"
    );
    assert_eq!(
        keys.add("x", &pkcs8(&weak), vec![weak.der.clone()])
            .unwrap_err()
            .code(),
        "key_not_accepted"
    );
    assert_eq!(
        keys.add("x", &pkcs8(&curve), vec![curve.der.clone()])
            .unwrap_err()
            .code(),
        "key_not_accepted"
    );
    keys.add("x", &pkcs8(&one), vec![one.der.clone()]).unwrap();
    let code = |r: Result<Progress, signing_providers::ProviderError>| r.unwrap_err().code();
    assert_eq!(
        code(keys.start(&request("x", &other.der, &["một"])).await),
        "foreign_certificate"
    );
    assert_eq!(
        code(keys.start(&request("y", &one.der, &["một"])).await),
        "no_such_key"
    );
}
