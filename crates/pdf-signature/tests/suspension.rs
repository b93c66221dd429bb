//! KS-30: suspended certificates, with lists that `openssl ca` makes from the authority's own key.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod kit;

mod list {
    use super::kit::Office;
    use std::{fs, path::Path, process::Command};

    /// A list of the issuing authority from `YYMMDDHHMMSSZ` on, good for ten days; `entries` are reason and serial number.
    pub fn made(office: &Office, dir: &Path, from: &str, until: &str, entries: &[(&str, &str)]) -> Vec<u8> {
        office.pki.save(&dir.join("pki")).unwrap();
        let find = |end: &str| {
            fs::read_dir(dir.join("pki"))
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .find(|path| {
                    let name = path.file_name().unwrap().to_string_lossy().into_owned();
                    name.starts_with("issuing") && name.ends_with(end)
                })
                .unwrap()
        };
        let key = find("key.pem");
        let certificate = fs::read_dir(dir.join("pki"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                name.starts_with("issuing") && !name.contains("key")
            })
            .unwrap();
        let index: String = entries
            .iter()
            .map(|(reason, serial)| {
                let serial = serial.to_uppercase();
                format!("R\t300101000000Z\t260114000000Z{reason}\t{serial}\tunknown\t/CN=x\n")
            })
            .collect();
        fs::write(dir.join("index.txt"), index).unwrap();
        fs::write(
            dir.join("ca.cnf"),
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n",
        )
        .unwrap();
        let output = Command::new("openssl")
            .args(["ca", "-config", "ca.cnf", "-gencrl", "-keyfile"])
            .arg(key)
            .arg("-cert")
            .arg(certificate)
            .args([
                "-crl_lastupdate",
                from,
                "-crl_nextupdate",
                until,
                "-out",
                "list.pem",
            ])
            .current_dir(dir)
            .output()
            .expect("openssl is a judge of these tests");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let output = Command::new("openssl")
            .args(["crl", "-in", "list.pem", "-outform", "DER"])
            .current_dir(dir)
            .output()
            .unwrap();
        output.stdout
    }
}

use kit::{Office, days, document, start};
use pdf_signature::verify::{RevocationStatus, Verdict};

#[test]
fn ks_30_suspended_while_signing_released_later() {
    let office = Office::new();
    let dir = tempfile::tempdir().unwrap();
    let serial = office.leader.serial.as_str();
    let stamped = office.sign_stamped(
        &document(),
        &office.leader,
        "ChuKy1",
        None,
        start(),
        Some(start()),
    );
    let now = start() + days(4);
    let judge = |lists: Vec<Vec<u8>>| {
        let mut evidence = office.lists(start());
        evidence.crls = lists;
        evidence.crls.push(office.pki.root_crl(start()).unwrap());
        let report = office.check(&stamped, &evidence, now);
        (report.verdict, report.signatures[0].revocation.status)
    };
    let hold = ",certificateHold";
    // on hold since the 14th; the signature is of the 15th
    let held = list::made(
        &office,
        dir.path(),
        "20260116000000Z",
        "20260126000000Z",
        &[(hold, serial)],
    );
    let released = list::made(&office, dir.path(), "20260117000000Z", "20260127000000Z", &[]);
    let for_ever = list::made(
        &office,
        dir.path(),
        "20260116000000Z",
        "20260126000000Z",
        &[(",keyCompromise", serial)],
    );
    let refused = (Verdict::TotalFailed, RevocationStatus::Revoked);
    assert_eq!(judge(vec![held.clone()]), refused);
    // released afterwards: it was on hold when it signed, all the same
    assert_eq!(judge(vec![held, released.clone()]), refused);
    // a list without the entry does not undo a revocation
    assert_eq!(judge(vec![for_ever, released.clone()]), refused);
    // on hold before the signature, released before it too
    let early = list::made(
        &office,
        dir.path(),
        "20260114060000Z",
        "20260124000000Z",
        &[(hold, serial)],
    );
    let good = (Verdict::TotalPassed, RevocationStatus::Good);
    assert_eq!(judge(vec![early, released.clone()]), good);
    assert_eq!(judge(vec![released]), good);
}
