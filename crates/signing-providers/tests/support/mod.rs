//! Keys and certificates made by the `openssl` program, and a token of SoftHSM in a folder of its own.
#![allow(dead_code, reason = "each test program uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "help for tests")]

pub mod net;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use signing_providers::{Clock, HashItem, HashRequest};

pub fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|e| panic!("{program}: {e}"));
    assert!(
        output.status.success(),
        "{program} {arguments:?}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A key in PKCS#8 PEM and a self-signed certificate, as `NAME.key.pem` and `NAME.crt.pem`.
pub struct Made {
    pub key: PathBuf,
    pub crt: PathBuf,
    pub der: Vec<u8>,
}

pub fn make(folder: &Path, name: &str, algorithm: &str) -> Made {
    let key = folder.join(format!("{name}.key.pem"));
    let crt = folder.join(format!("{name}.crt.pem"));
    let der = folder.join(format!("{name}.crt.der"));
    let (key_text, crt_text, der_text) = (
        key.to_str().unwrap(),
        crt.to_str().unwrap(),
        der.to_str().unwrap(),
    );
    let mut arguments = vec!["genpkey", "-out", key_text];
    let bits;
    match algorithm.strip_prefix("rsa") {
        Some(size) => {
            bits = format!("rsa_keygen_bits:{size}");
            arguments.extend(["-algorithm", "RSA", "-pkeyopt", &bits]);
        }
        None => {
            bits = format!("ec_paramgen_curve:{algorithm}");
            arguments.extend([
                "-algorithm",
                "EC",
                "-pkeyopt",
                &bits,
                "-pkeyopt",
                "ec_param_enc:named_curve",
            ]);
        }
    }
    run("openssl", &arguments);
    let subject = format!("/C=VN/O=Cơ quan thử/CN={name}");
    run(
        "openssl",
        &[
            "req", "-x509", "-new", "-key", key_text, "-utf8", "-subj", &subject, "-days", "30", "-sha256",
            "-out", crt_text,
        ],
    );
    run(
        "openssl",
        &["x509", "-in", crt_text, "-outform", "DER", "-out", der_text],
    );
    Made {
        der: std::fs::read(&der).unwrap(),
        key,
        crt,
    }
}

pub fn start() -> Timestamp {
    "2026-03-02T08:00:00+07:00".parse().unwrap()
}

/// A clock that stands still.
pub fn clock() -> Clock {
    Arc::new(start)
}

pub fn late_clock() -> Clock {
    Arc::new(|| start() + SignedDuration::from_mins(11))
}

pub fn request(key: &str, certificate: &[u8], texts: &[&str]) -> HashRequest {
    HashRequest {
        key: key.to_owned(),
        certificate: certificate.to_vec(),
        items: texts
            .iter()
            .map(|t| HashItem::new(Sha256::digest(t).into(), *t))
            .collect(),
        expires_at: start() + SignedDuration::from_mins(10),
        authorization: None,
    }
}

/// Whether `openssl`, which knows nothing of this crate, accepts the raw signature over the text.
pub fn openssl_accepts(folder: &Path, certificate: &Path, text: &str, raw: &[u8]) -> bool {
    let name = hex::encode(&Sha256::digest(raw)[..8]);
    let (public, message, signature) = (
        folder.join(format!("{name}.pub")),
        folder.join(format!("{name}.txt")),
        folder.join(format!("{name}.sig")),
    );
    std::fs::write(&message, text).unwrap();
    std::fs::write(&signature, raw).unwrap();
    let key = Command::new("openssl")
        .args(["x509", "-pubkey", "-noout", "-in"])
        .arg(certificate)
        .output()
        .unwrap();
    std::fs::write(&public, key.stdout).unwrap();
    let check = Command::new("openssl")
        .args(["dgst", "-sha256", "-verify"])
        .arg(&public)
        .arg("-signature")
        .arg(&signature)
        .arg(&message)
        .output()
        .unwrap();
    check.status.success()
}

pub const PIN: &str = "246813";
pub const TOKEN: &str = "thu-nghiem";

pub fn softhsm_module() -> PathBuf {
    let candidates = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib64/pkcs11/libsofthsm2.so",
    ];
    candidates
        .iter()
        .map(PathBuf::from)
        .find(|p| p.is_file())
        .expect("SoftHSM2 is missing: apt-get install softhsm2 opensc")
}

/// SoftHSM reads its settings from the environment, which a running program must not change. So the test starts itself
/// again as another process with the settings of a fresh token, and there it gets the folder.
pub fn with_softhsm(test: &str, body: impl FnOnce(&Path)) {
    if let Some(folder) = std::env::var_os("TEST_SOFTHSM_FOLDER") {
        return body(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let conf = folder.path().join("softhsm2.conf");
    let tokens = folder.path().join("tokens");
    std::fs::create_dir(&tokens).unwrap();
    std::fs::write(
        &conf,
        format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display()),
    )
    .unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads", "1"])
        .env("SOFTHSM2_CONF", &conf)
        .env("TEST_SOFTHSM_FOLDER", folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(text.contains("1 passed"), "the inner test did not run:\n{text}");
    print!("{text}");
}

pub fn init_token() {
    run(
        "softhsm2-util",
        &[
            "--init-token",
            "--free",
            "--label",
            TOKEN,
            "--pin",
            PIN,
            "--so-pin",
            "97531086",
        ],
    );
}

/// Puts key and certificate into the token, both with this CKA_ID (hex).
pub fn import(made: &Made, id: &str, label: &str) {
    let der = made.crt.with_extension("der");
    import_key(made, id, label);
    let module = softhsm_module();
    run(
        "pkcs11-tool",
        &[
            "--module",
            module.to_str().unwrap(),
            "--token-label",
            TOKEN,
            "--login",
            "--pin",
            PIN,
            "--write-object",
            der.to_str().unwrap(),
            "--type",
            "cert",
            "--id",
            id,
            "--label",
            label,
        ],
    );
}

pub fn import_key(made: &Made, id: &str, label: &str) {
    run(
        "softhsm2-util",
        &[
            "--import",
            made.key.to_str().unwrap(),
            "--token",
            TOKEN,
            "--label",
            label,
            "--id",
            id,
            "--pin",
            PIN,
            "--force",
        ],
    );
}
