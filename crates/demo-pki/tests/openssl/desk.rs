//! Who gets certificates, and a folder in which `openssl` works.

use std::path::PathBuf;
use std::process::Command;

use demo_pki::{Agency, DemoPki, Issued, Person};
use jiff::{SignedDuration, Timestamp};

#[expect(
    clippy::disallowed_methods,
    reason = "openssl compares with the clock of the machine"
)]
pub fn now() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).expect("whole seconds")
}

pub fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

pub fn chairman() -> Person {
    Person {
        name: "Nguyễn Văn An".into(),
        title: "Chủ tịch".into(),
        org: "Ủy ban nhân dân tỉnh".into(),
        org_id: "H99".into(),
        uid: "CCVC-000001".into(),
    }
}

pub fn office() -> Agency {
    Agency {
        name: "Ủy ban nhân dân tỉnh".into(),
        parent: String::new(),
        org_id: "H99".into(),
        locality: "Tỉnh thử nghiệm".into(),
    }
}

/// A folder with the certificates as PEM, and the way to run openssl in it.
pub struct Desk {
    folder: tempfile::TempDir,
}

pub struct Said {
    pub good: bool,
    pub text: String,
}

impl Desk {
    pub fn new(pki: &DemoPki) -> Self {
        let desk = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        desk.certificate("root.pem", &pki.root().expect("root"));
        desk.certificate("issuing.pem", &pki.issuing().expect("issuing"));
        desk.certificate("tsa.pem", &pki.time_stamping().expect("tsa"));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("the file is written");
    }

    pub fn get(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("the file is there")
    }

    pub fn certificate(&self, name: &str, der: &[u8]) {
        self.put("one.der", der);
        let said = self.openssl(&["x509", "-inform", "DER", "-in", "one.der", "-out", name]);
        assert!(said.good, "{}", said.text);
    }

    fn openssl(&self, arguments: &[&str]) -> Said {
        let output = Command::new("openssl")
            .current_dir(self.folder.path())
            .args(arguments)
            .output()
            .expect("openssl is installed");
        let text = [output.stdout, output.stderr].concat();
        Said {
            good: output.status.success(),
            text: String::from_utf8_lossy(&text).into_owned(),
        }
    }

    pub fn good(&self, arguments: &[&str]) -> String {
        let said = self.openssl(arguments);
        assert!(said.good, "openssl {arguments:?}: {}", said.text);
        said.text
    }

    pub fn verify(&self, issued: &Issued, more: &[&str]) -> Said {
        self.certificate("leaf.pem", &issued.chain[0]);
        let mut arguments = vec![
            "verify",
            "-x509_strict",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
        ];
        arguments.extend(more);
        arguments.push("leaf.pem");
        self.openssl(&arguments)
    }
}
