//! One installation: the demo province with codes of its own, connected to the axis through its pages.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

use store::{args, sql};

use crate::{
    kit::{Axis, People, Server, Visitor, block_on, client, issue_unsigned, open, token, upload},
    plan::Side,
};

/// Agencies of an installation that are on the axis: their part in account names, their codes, their names there.
struct OnAxis {
    suffix: &'static str,
    code: &'static str,
    name: &'static str,
}

const OF_A: &[OnAxis] = &[OnAxis {
    suffix: "ubnd",
    code: "H16",
    name: "Ủy ban nhân dân tỉnh Mẫu A",
}];
const OF_B: &[OnAxis] = &[
    OnAxis {
        suffix: "ubnd",
        code: "G99",
        name: "Bộ Mẫu B",
    },
    OnAxis {
        suffix: "stttt",
        code: "G99.01",
        name: "Cục Mẫu thuộc Bộ Mẫu B",
    },
];

/// The receiving clerks of the agencies above, in their order.
const CLERKS: [&str; 2] = ["nhungpth.ubnd", "anhltn.stttt"];
/// Who may change connections.
const ADMINISTRATOR: &str = "datdt.ubnd";
/// The demo's password of everybody.
const PASSWORD: &str = "vanthu-demo-2026";

const fn on_axis(side: Side) -> &'static [OnAxis] {
    match side {
        Side::A => OF_A,
        Side::B => OF_B,
    }
}

const fn system(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::A => ("SOAK-A", "soak-secret-a"),
        Side::B => ("SOAK-B", "soak-secret-b"),
    }
}

/// An installation.
pub struct Office {
    pub side: Side,
    pub folder: PathBuf,
    pub database: String,
    pub port: u16,
    pub server: Mutex<Server>,
    pub people: People,
    /// Tokens of the clerks who receive, by their desk.
    pub desks: Vec<String>,
    /// The file of every draft.
    pub file: String,
    /// Codes of the other side.
    pub recipients: Vec<&'static str>,
}

impl Office {
    /// Both systems, as the emulator reads them.
    pub fn systems() -> String {
        let mut text = String::new();
        for side in Side::BOTH {
            let (id, secret) = system(side);
            text.push_str(&format!(
                "[[systems]]\nid = \"{id}\"\nsecret = \"{secret}\"\nagencies = [\n"
            ));
            for agency in on_axis(side) {
                text.push_str(&format!(
                    "  {{ code = \"{}\", name = \"{}\" }},\n",
                    agency.code, agency.name
                ));
            }
            text.push_str("]\n");
        }
        text
    }

    /// Seeds it, gives its agencies their codes, starts it and connects it.
    pub fn open(side: Side, folder: &Path, database: &str, axis: &Axis) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        Server::run(folder, database, &["demo", "--agencies", "5", "--documents", "0"]);
        block_on(issue_unsigned(folder, database));
        block_on(prepare(folder, database, side));
        let other = on_axis(match side {
            Side::A => Side::B,
            Side::B => Side::A,
        });
        learn_the_other_side(folder, database, other);
        let server = Server::start(folder, database, 0);
        let port = server.port;
        let administrator = Visitor::sign_in(port, ADMINISTRATOR, PASSWORD);
        let agencies = block_on(agencies(folder, database, side));
        connect(&administrator, axis, side, &agencies);
        let people = People::of(folder, database);
        let file = upload(&client(), port, &people.drafter);
        Self {
            side,
            folder: folder.to_owned(),
            database: database.to_owned(),
            port,
            server: Mutex::new(server),
            desks: CLERKS[..on_axis(side).len()]
                .iter()
                .map(|clerk| token(folder, database, clerk))
                .collect(),
            people,
            file,
            recipients: other.iter().map(|agency| agency.code).collect(),
        }
    }
}

/// Codes of its own, so that identifiers of documents differ; rules under which everything may happen: recalls without a
/// notice, recipients that are asked and may say no.
async fn prepare(folder: &Path, database: &str, side: Side) {
    let db = open(folder, database).await;
    let mut tx = db.begin().await.unwrap();
    for agency in on_axis(side) {
        tx.run(
            sql!("UPDATE agency SET code = $2, old_code = NULL WHERE account_suffix = $1"),
            args![agency.suffix, agency.code],
        )
        .await
        .unwrap();
        for (key, value) in [
            ("exchange.recall_notice_required", "false"),
            ("exchange.recall_may_be_refused", "true"),
            (
                "exchange.recall_automatic_until_assigned",
                if agency.code == "G99" { "false" } else { "true" },
            ),
        ] {
            tx.run(
                sql!(
                    "INSERT INTO agency_setting (agency_id, key, valid_from, value) \
                     SELECT id, $2, '2020-01-01', $3 FROM agency WHERE account_suffix = $1"
                ),
                args![agency.suffix, key, value],
            )
            .await
            .unwrap();
        }
    }
    tx.commit().await.unwrap();
    db.close().await;
}

/// The other side's agencies come into the directory as an operator brings them: from a file.
fn learn_the_other_side(folder: &Path, database: &str, other: &[OnAxis]) {
    let mut file = String::from("code,old_code,name,parent_code,level,email\n");
    for agency in other {
        file.push_str(&format!("{},,{},,,\n", agency.code, agency.name));
    }
    let path = folder.join("danh-muc.csv");
    std::fs::write(&path, file).unwrap();
    Server::run(
        folder,
        database,
        &["directory", "import", path.to_str().unwrap(), "--apply"],
    );
}

async fn agencies(folder: &Path, database: &str, side: Side) -> Vec<String> {
    let db = open(folder, database).await;
    let mut ids = Vec::new();
    for agency in on_axis(side) {
        let row = db
            .one(
                sql!("SELECT id FROM agency WHERE account_suffix = $1"),
                args![agency.suffix],
            )
            .await
            .unwrap();
        ids.push(row.get::<uuid::Uuid>("id").unwrap().to_string());
    }
    db.close().await;
    ids
}

fn connect(administrator: &Visitor, axis: &Axis, side: Side, agencies: &[String]) {
    let (id, secret) = system(side);
    let connection = administrator.post(
        "/exchange/connections",
        &[
            ("name", "Trục liên thông"),
            ("base_url", &axis.url),
            ("system_id", id),
            ("secret", secret),
            ("plain_http", "on"),
            ("names_recipients", "on"),
            ("doc_id_key", "docId"),
            ("doc_id_of_status_key", "docid"),
            ("poll_seconds", "10"),
            ("packet_mb", "64"),
        ],
    );
    for (agency, on_axis) in agencies.iter().zip(on_axis(side)) {
        administrator.post(
            &format!("{connection}/codes"),
            &[("agency", agency), ("code", on_axis.code), ("primary", "on")],
        );
    }
}
