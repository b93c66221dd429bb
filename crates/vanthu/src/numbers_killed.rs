//! Killed between the number and the commit a thousand times, the series has no gap and no double (GEVER `sequence.py`,
//! Maarch chrono): a child process opens the same database, does the real act, takes the number and dies before it is committed.

use std::{
    collections::BTreeSet,
    env,
    os::unix::process::ExitStatusExt,
    process::{Command, Stdio},
};

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};
use store::{Blobs, Clock, Db, Ids, Options, args, sql};
use tower::ServiceExt;

use crate::{
    context::App,
    routes,
    settings::Settings,
    testing::{Office, Person, pdf},
};

/// Children that die.
const KILLS: usize = 1_000;
/// Children at work at the same time.
const AT_ONCE: usize = 3;
/// After so many deaths a document is registered and one is issued.
const BETWEEN: usize = 100;

/// What tells a child where its database is; nobody else dies.
const DATABASE: &str = "VANTHU_TEST_DIES_IN";
const FOLDER: &str = "VANTHU_TEST_FOLDER";
const TOKEN: &str = "VANTHU_TEST_TOKEN";
const PATH: &str = "VANTHU_TEST_PATH";
const BODY: &str = "VANTHU_TEST_BODY";

/// Ends a child at once, as a kill does: nothing is flushed, nothing is rolled back by the program.
pub fn dies_here() {
    if env::var_os(DATABASE).is_some() {
        std::process::abort();
    }
}

/// The child: one act through the whole program, which never returns from its commit.
#[tokio::test]
#[ignore = "started by the test below as a process of its own"]
async fn child_that_dies_before_the_commit() {
    let Ok(address) = env::var(DATABASE) else { return };
    let folder = std::path::PathBuf::from(env::var(FOLDER).unwrap());
    let db = Db::open(&Options {
        address,
        create: false,
        connections: 2,
    })
    .await
    .unwrap();
    let mut settings = Settings::default();
    settings.data.folder.clone_from(&folder);
    let blobs = Blobs::open(&folder.join("files"), Ids::Random).unwrap();
    let clock = Clock::manual("2026-01-08T01:00:00Z".parse().unwrap());
    let app = App::new(db, blobs, clock, Ids::Random, settings);
    let request = Request::post(env::var(PATH).unwrap())
        .header(
            header::AUTHORIZATION,
            format!("Bearer {}", env::var(TOKEN).unwrap()),
        )
        .header(header::CONTENT_TYPE, "application/json")
        .header("Command-Id", Ids::Random.next().to_string())
        .body(Body::from(env::var(BODY).unwrap()))
        .unwrap();
    let answer = routes::service(&app).oneshot(request).await.unwrap();
    panic!("the child lived to answer {}", answer.status());
}

/// An act that is killed.
#[derive(Clone)]
struct Deed {
    path: String,
    body: Value,
    token: String,
}

fn kill(address: &str, folder: &str, deed: &Deed) {
    let child = Command::new(env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "numbers_killed::child_that_dies_before_the_commit",
            "--test-threads=1",
        ])
        .env(DATABASE, address)
        .env(FOLDER, folder)
        .env(TOKEN, &deed.token)
        .env(PATH, &deed.path)
        .env(BODY, deed.body.to_string())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(
        child.status.signal(),
        Some(6),
        "the child ended by itself: {}{}",
        String::from_utf8_lossy(&child.stdout),
        String::from_utf8_lossy(&child.stderr)
    );
}

async fn kill_many(office: &Office, deeds: &[Deed], count: usize) {
    let folder = office.app.settings.data.folder.display().to_string();
    let mut running = tokio::task::JoinSet::new();
    for n in 0..count {
        if running.len() == AT_ONCE {
            running.join_next().await.unwrap().unwrap();
        }
        let (address, folder, deed) = (
            office.address.clone(),
            folder.clone(),
            deeds[n % deeds.len()].clone(),
        );
        running.spawn_blocking(move || kill(&address, &folder, &deed));
    }
    running.join_all().await;
}

/// A draft of UBND tỉnh that only has to be issued.
async fn approved(office: &Office, clerk: &Person) -> String {
    let drafter = office.person("quangnd.ubnd").await;
    let file = drafter
        .api_upload("du_thao.pdf", &pdf("du thao"))
        .await
        .ok()
        .json();
    let recipient = office.person("anhltn.stttt").await.agency;
    let draft = json!({
        "type_key": "cong_van", "subject": "đôn đốc thực hiện nhiệm vụ", "main_file": file["id"], "recipients": [recipient],
    });
    let id = drafter.api("/api/v1/outgoing", &draft).await.ok().json()["id"].clone();
    let at = format!("/api/v1/outgoing/{}", id.as_str().unwrap());
    let (head, chair) = (
        office.person("thaobtp.ubnd").await,
        office.person("khaitq.ubnd").await,
    );
    for (person, act) in [
        (&drafter, "submit"),
        (&head, "sign-off-content"),
        (clerk, "sign-off-form"),
        (&chair, "approve"),
    ] {
        person.api(&format!("{at}/{act}"), &json!({})).await.ok();
    }
    at
}

async fn paper(clerk: &Person, nth: usize) -> Value {
    let file = clerk
        .api_upload("van_ban.pdf", &pdf(&format!("van ban {nth}")))
        .await
        .ok()
        .json();
    json!({
        "sender_name": "Công ty TNHH Minh Hòa", "number": format!("{}", nth + 1), "symbol": "CV-MH", "issued_on": "2026-01-05",
        "type_key": "cong_van", "subject": format!("đề nghị hướng dẫn thủ tục lần {nth}"), "urgency": "normal",
        "signer_name": "Trần Văn Bình", "signer_title": "Giám đốc", "main_file": file["id"],
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_cn_213_gever_sequence_maarch_chrono_a_thousand_kills_between_number_and_commit_leave_no_gap_and_no_double()
 {
    if env::var_os(DATABASE).is_some() {
        return;
    }
    let office = Office::new().await;
    let mut tx = office.app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE agency_setting SET value = 'false' WHERE key = 'signing.required'"),
        args![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let (issuer, receiver) = (
        office.person("nhungpth.ubnd").await,
        office.person("anhltn.stttt").await,
    );
    let (mut issued, mut registered) = (Vec::new(), Vec::new());
    for round in 0..KILLS / BETWEEN {
        let draft = approved(&office, &issuer).await;
        let papers = [paper(&receiver, round).await, paper(&receiver, 100 + round).await];
        let issue = Deed {
            path: format!("{draft}/issue"),
            body: json!({}),
            token: issuer.token.clone(),
        };
        let register = |body: &Value| Deed {
            path: "/api/v1/incoming/paper".to_owned(),
            body: body.clone(),
            token: receiver.token.clone(),
        };
        let deeds = [issue.clone(), register(&papers[0]), register(&papers[1])];
        kill_many(&office, &deeds, BETWEEN).await;
        // The same acts, now carried out: their numbers follow those of the round before.
        let done = issuer.api(&issue.path, &issue.body).await.ok().json();
        issued.push(done["number"].as_i64().unwrap());
        for body in &papers {
            let done = receiver.api("/api/v1/incoming/paper", body).await.ok().json();
            registered.push(done["arrival_number"].as_i64().unwrap());
        }
    }
    let rounds = (KILLS / BETWEEN) as i64;
    assert_eq!(issued, (1..=rounds).collect::<Vec<_>>());
    assert_eq!(registered, (1..=rounds * 2).collect::<Vec<_>>());
    // Nothing of a killed act is left: neither a document, nor a line of the journal, nor a command.
    let count = async |statement| {
        let row = office.app.db.one(statement, args![]).await.unwrap();
        row.get::<i64>("n").unwrap()
    };
    assert_eq!(
        count(sql!(
            "SELECT count(*) AS n FROM journal WHERE act = 'outgoing.issue'"
        ))
        .await,
        rounds
    );
    assert_eq!(
        count(sql!(
            "SELECT count(*) AS n FROM journal WHERE act = 'incoming.register_paper'"
        ))
        .await,
        rounds * 2
    );
    assert_eq!(
        count(sql!("SELECT count(*) AS n FROM incoming WHERE source = 'paper'")).await,
        rounds * 2
    );
    let unique: BTreeSet<_> = issued.iter().collect();
    assert_eq!(unique.len(), issued.len());
}
