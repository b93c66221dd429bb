//! UBND tỉnh with its keys: a made-up authority that is trusted, certificates bound to the chair and the agency, images, the
//! secret-key device in the hands of the clerk.

use std::collections::HashMap;

use demo_pki::{Agency, DemoPki, Issued, Key, Person as Name, images};
use pdf_signature::pki::Purpose;
use rules::{
    ids::{AgencyId, CommandId},
    signing::custody::DeviceKind,
};
use serde_json::{Value, json};
use signing_providers::{
    ProviderConfig,
    config::{BrowserAgentConfig, SoftwareConfig},
    software::SoftwareKeys,
};
use store::{Ids, args, sql};
use uuid::Uuid;

use super::super::support::Committee;
use crate::{
    context::{App, Who},
    signing::{custody, evidence, images as pictures, keys, trust},
    testing::{Person, judges},
};

/// Where the keys of a test lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// In files of the server: a signature is there at once.
    Here,
    /// In a token at the person's own PC: the test is the agent.
    AtThePc,
    /// In an agent that signs whole files: the test is the agent.
    WholeFile,
}

/// UBND tỉnh that signs.
pub struct Signing {
    pub committee: Committee,
    pub pki: DemoPki,
    /// The keys as the agent of a PC has them; their names are `chair`, `agency` and `stranger`.
    pub agent: SoftwareKeys,
    pub chair: Issued,
    pub stranger: Issued,
}

fn command() -> CommandId {
    CommandId::from_uuid(Ids::Random.next())
}

impl Signing {
    /// Everything in order, signatures required.
    pub async fn new(keys: Keys) -> Self {
        let committee = Committee::new().await;
        let app = committee.office.app.clone();
        app.sample_data.store(true, std::sync::atomic::Ordering::Relaxed);
        let now = app.clock.now();
        let pki = DemoPki::create(now).unwrap();
        // The administrator of the committee administers the province.
        let admin = committee.office.person("datdt.ubnd").await;
        let admin = committee.office.who(&admin).await;
        trusted(&app, &admin, &pki).await;

        let agency_name = name_of_agency(&app, committee.chair.agency).await;
        let chair = pki
            .person(
                &Name {
                    name: "Trần Quốc Khải".to_owned(),
                    title: "Chủ tịch".to_owned(),
                    org: agency_name.clone(),
                    ..Name::default()
                },
                Key::P256,
                now,
            )
            .unwrap();
        let stranger = pki
            .person(
                &Name {
                    name: "Lê Thị Minh Tâm".to_owned(),
                    ..Name::default()
                },
                Key::P256,
                now,
            )
            .unwrap();
        let agency = pki
            .agency(
                &Agency {
                    name: agency_name.clone(),
                    ..Agency::default()
                },
                Key::P256,
                now,
            )
            .unwrap();
        let mut agent = SoftwareKeys::new();
        for (name, issued) in [("chair", &chair), ("agency", &agency), ("stranger", &stranger)] {
            agent.add(name, &issued.key_pkcs8, issued.chain.clone()).unwrap();
        }
        let config = match keys {
            Keys::Here => {
                let folder = app.settings.data.folder.join("test-keys");
                write_keys(&folder, &[("chair", &chair), ("agency", &agency)]);
                Some(ProviderConfig::Software(SoftwareConfig { folder }))
            }
            Keys::AtThePc => Some(ProviderConfig::Agent(BrowserAgentConfig {
                label: "USB token".to_owned(),
                port: 18987,
            })),
            Keys::WholeFile => None,
        };
        let provider = keys::add_provider(
            &app,
            &admin,
            command(),
            keys::NewProvider {
                agency: None,
                label: "Nơi lưu khóa thử nghiệm".to_owned(),
                config,
                secrets: HashMap::new(),
            },
        )
        .await
        .unwrap();
        for (key, account, issued) in [
            ("chair", Some(committee.chair.account), &chair),
            ("agency", None, &agency),
        ] {
            let new = keys::NewBinding {
                agency: committee.chair.agency,
                account,
                provider,
                key: key.to_owned(),
                chain: issued.chain.clone(),
                reason: "Chứng thư thử nghiệm".to_owned(),
            };
            keys::bind(&app, &admin, command(), new).await.unwrap();
        }
        seen(&app, &admin, &committee, &agency_name).await;
        held(&app, &admin, &committee.clerk).await;
        let signing = Self {
            committee,
            pki,
            agent,
            chair,
            stranger,
        };
        signing.require("true").await;
        signing
    }

    pub fn app(&self) -> &App {
        &self.committee.office.app
    }

    /// Sets whether signatures are required from this day on.
    pub async fn require(&self, value: &str) {
        let mut tx = self.app().db.begin().await.unwrap();
        tx.run(
            sql!(
                "INSERT INTO agency_setting (agency_id, key, valid_from, value) VALUES ($1, 'signing.required', $2, $3) \
                 ON CONFLICT (agency_id, key, valid_from) DO UPDATE SET value = $3"
            ),
            args![
                self.committee.chair.agency,
                self.app().clock.today(),
                value.to_owned()
            ],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    /// A draft at the signer's desk.
    pub async fn to_sign(&self) -> String {
        let at = self.committee.draft(&self.committee.decision()).await;
        self.committee.carry(&at, "approval").await;
        at
    }

    /// A document that the chair has signed.
    pub async fn signed(&self) -> String {
        let at = self.to_sign().await;
        let moved = self.post(&self.committee.chair, &format!("{at}/approve")).await;
        assert_eq!(moved["state"], "approved", "{moved}");
        at
    }

    /// A call that must succeed.
    pub async fn post(&self, by: &Person, path: &str) -> Value {
        by.api(path, &json!({})).await.ok().json()
    }

    /// The clerk's button on the page: the agency's key is not for programs.
    pub async fn seal(&self, at: &str) -> crate::testing::Answer {
        let page = at.replace("/api/v1", "");
        self.committee.clerk.post(&format!("{page}/issue"), &[]).await
    }

    /// The same, which must issue the document; gives what the clerk sees then.
    pub async fn sealed(&self, at: &str) -> Value {
        self.seal(at).await.ok();
        let seen = self.committee.seen(&self.committee.clerk, at).await;
        assert_eq!(seen["state"], "issued", "{seen}");
        seen
    }

    /// The bytes of a file of a document.
    pub async fn file(&self, by: &Person, at: &str, index: usize) -> Vec<u8> {
        let seen = self.committee.seen(by, at).await;
        let id = seen["files"][index]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{seen}"));
        by.api_get(&format!("/api/v1/files/{id}")).await.ok().bytes
    }

    /// What the product's verifier says of bytes.
    pub async fn verify(&self, bytes: &[u8]) -> pdf_signature::verify::Report {
        crate::signing::verdicts::verify(self.app(), bytes)
            .await
            .unwrap()
            .report
    }

    /// Asks programs that share no code with ours about a file with one signature: both must find it good, trusting the made-up
    /// authorities alone. Behind the agency's signature the evidence for later years may stand (B-LT), nothing else.
    #[track_caller]
    pub fn good_for_all_judges(&self, pdf: &[u8]) {
        let now = self.app().clock.now();
        // Time stamps come from the authority of the demo, whose root is another one.
        let stamping = self.app().signing.demo.get().map(std::sync::Arc::as_ref);
        let authorities: Vec<&DemoPki> = std::iter::once(&self.pki).chain(stamping).collect();
        let of_each = |given: fn(&DemoPki) -> Result<Vec<u8>, demo_pki::Error>| -> Vec<Vec<u8>> {
            authorities.iter().map(|pki| given(pki).unwrap()).collect()
        };
        let lists = |pki: &&DemoPki| [pki.crl(&[], now).unwrap(), pki.root_crl(now).unwrap()];
        let answers = judges::pyhanko(&[judges::Question {
            pdf,
            roots: of_each(DemoPki::root),
            certificates: of_each(DemoPki::issuing),
            crls: authorities.iter().flat_map(lists).collect(),
            ocsps: Vec::new(),
            at: (now + jiff::SignedDuration::from_mins(10)).to_string(),
            dss: false,
            lenient: false,
            ades: true,
        }]);
        assert!(answers[0].all_good(), "{answers:?}");
        let [one] = &answers[0].signatures[..] else {
            panic!("not one signature: {answers:?}");
        };
        let ades = one.ades.as_ref().map(|ades| ades.status.as_str());
        assert_eq!(ades, Some("PASSED"), "{one:?}");
        let later = (one.coverage.as_deref(), one.modification_level.as_deref());
        assert!(
            matches!(
                later,
                (Some("ENTIRE_FILE"), Some("NONE")) | (Some("ENTIRE_REVISION"), Some("LTA_UPDATES"))
            ),
            "{one:?}"
        );
        let seen = judges::pdfsig(pdf);
        let [one] = &seen[..] else {
            panic!("not one signature: {seen:?}");
        };
        assert!(one.valid && one.kind == "ETSI.CAdES.detached", "{one:?}");
    }

    /// What an agent answers to the step of a request, signing with `key`.
    pub fn answer(&self, step: &Value, key: &str) -> Value {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let message = &step["agent"];
        let signatures: Vec<String> = message["items"]
            .as_array()
            .unwrap_or_else(|| panic!("no items: {step}"))
            .iter()
            .map(|item| {
                let hash: [u8; 32] = STANDARD
                    .decode(item["hash"].as_str().unwrap())
                    .unwrap()
                    .try_into()
                    .unwrap();
                STANDARD.encode(self.agent.sign(key, &hash).unwrap())
            })
            .collect();
        json!({
            "request": message["request"],
            "certificate_sha256": message["certificate_sha256"],
            "signatures": signatures,
        })
    }
}

async fn name_of_agency(app: &App, agency: AgencyId) -> String {
    app.db
        .one(sql!("SELECT name FROM agency WHERE id = $1"), args![agency])
        .await
        .unwrap()
        .get("name")
        .unwrap()
}

/// The authority is trusted, its lists of revoked certificates are at hand.
async fn trusted(app: &App, admin: &Who, pki: &DemoPki) {
    let now = app.clock.now();
    let new = trust::NewAnchor {
        certificate: pki.root().unwrap(),
        label: "Gốc thử nghiệm".to_owned(),
        purposes: vec![Purpose::Signing, Purpose::TimeStamping],
        valid_from: None,
        valid_to: None,
    };
    trust::add(app, admin, command(), new).await.unwrap();
    keep(app, &pki.crl(&[], now).unwrap()).await;
    keep(app, &pki.root_crl(now).unwrap()).await;
}

/// Keeps evidence as if it had been fetched.
pub async fn keep(app: &App, der: &[u8]) {
    let mut tx = app.db.begin().await.unwrap();
    for item in evidence::read(der).unwrap() {
        evidence::keep(&mut tx, &item, "manual", app.clock.now())
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}

/// Handwriting and seal.
async fn seen(app: &App, admin: &Who, committee: &Committee, agency_name: &str) {
    let fonts = app.composer().unwrap().serif_fonts().unwrap();
    let seal = images::seal_png(agency_name, "Tỉnh Đắk Nông", 36.0, 150.0, &fonts.bold.bytes).unwrap();
    let handwriting = images::handwriting_png("Trần Quốc Khải", 7).unwrap();
    for (owner, png) in [
        (pictures::Owner::Person(committee.chair.account), handwriting),
        (pictures::Owner::Agency { diameter: 360 }, seal),
    ] {
        let new = pictures::NewImage {
            agency: committee.chair.agency,
            owner,
            png,
        };
        pictures::set(app, admin, command(), new).await.unwrap();
    }
}

/// The secret-key device is in the clerk's hands.
async fn held(app: &App, admin: &Who, clerk: &Person) {
    let device = custody::add_device(
        app,
        admin,
        command(),
        custody::NewDevice {
            agency: clerk.agency,
            kind: DeviceKind::SecretKey,
            label: "Thiết bị lưu khóa bí mật".to_owned(),
            number: String::new(),
        },
    )
    .await
    .unwrap();
    hand_over(app, admin, device, clerk).await;
}

async fn hand_over(app: &App, admin: &Who, device: Uuid, to: &Person) {
    let record = custody::RecordHandover {
        to: to.post,
        permission: "Quyết định giao nhiệm vụ".to_owned(),
        minutes: "Biên bản bàn giao".to_owned(),
        at: app.clock.now(),
    };
    custody::hand_over(app, admin, command(), device, record)
        .await
        .unwrap();
}

fn write_keys(folder: &std::path::Path, keys: &[(&str, &Issued)]) {
    use base64::{Engine, engine::general_purpose::STANDARD};
    std::fs::create_dir_all(folder).unwrap();
    let pem = |label: &str, der: &[u8]| {
        let text = STANDARD.encode(der);
        let lines: Vec<String> = text
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8(line.to_vec()).unwrap())
            .collect();
        format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            lines.join("\n")
        )
    };
    for (name, issued) in keys {
        std::fs::write(
            folder.join(format!("{name}.key.pem")),
            pem("PRIVATE KEY", &issued.key_pkcs8),
        )
        .unwrap();
        let chain: String = issued.chain.iter().map(|der| pem("CERTIFICATE", der)).collect();
        std::fs::write(folder.join(format!("{name}.crt.pem")), chain).unwrap();
    }
}

/// Whether an act of this kind is nowhere half done: no request is open, no file is left to a document.
pub async fn nothing_is_open(app: &App) -> bool {
    let row = app
        .db
        .one(
            sql!("SELECT count(*) AS open FROM signing_request WHERE finished_at IS NULL"),
            args![],
        )
        .await
        .unwrap();
    row.get::<i64>("open").unwrap() == 0
}
