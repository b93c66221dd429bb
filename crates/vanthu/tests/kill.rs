//! Killed at random moments, the server loses nothing that it acknowledged and leaves nothing half done: no gap, no
//! double number, no half act. Bounded: so many commands, so many kills; the seed is printed.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod kit;

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use kit::{
    Call, People, Server, block_on, client, counters_are_right, issue_unsigned, journal_verifies, later,
    must, numbers, open, postgres, send, token, upload,
};
use serde_json::{Value, json};
use store::{args, sql};
use uuid::Uuid;

/// Documents issued and paper documents registered, all at once.
const ISSUES: usize = 150;
const REGISTRATIONS: usize = 850;
/// The server is killed at least so often.
const KILLS: usize = 5;
const WORKERS: usize = 12;
const PATIENCE: Duration = Duration::from_secs(240);

/// Approved drafts, ready to be issued; made without kills.
fn approved_drafts(agent: &ureq::Agent, port: u16, people: &People, recipient: &str) -> Vec<String> {
    let file = upload(agent, port, &people.drafter);
    let next = AtomicUsize::new(0);
    let made = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::SeqCst);
                    if n >= ISSUES {
                        return;
                    }
                    let draft = json!({
                        "type_key": "cong_van", "subject": format!("đôn đốc thực hiện nhiệm vụ số {n}"),
                        "main_file": file, "recipients": [recipient],
                    });
                    let id = must(agent, port, &people.drafter, "/api/v1/outgoing", draft)["id"]
                        .as_str()
                        .unwrap()
                        .to_owned();
                    for (token, step) in people.way_to_issue() {
                        must(
                            agent,
                            port,
                            token,
                            &format!("/api/v1/outgoing/{id}/{step}"),
                            json!({}),
                        );
                    }
                    made.lock().unwrap().push(id);
                }
            });
        }
    });
    made.into_inner().unwrap()
}

fn registration(n: usize, file: &str) -> Value {
    json!({
        "sender_name": "Công ty TNHH Minh Hòa", "number": format!("{}", n + 1), "symbol": "CV-MH", "issued_on": "2026-01-05",
        "type_key": "cong_van", "subject": format!("đề nghị hướng dẫn thủ tục lần {n}"), "urgency": "normal",
        "signer_name": "Trần Văn Bình", "signer_title": "Giám đốc", "main_file": file,
    })
}

fn kill_story(folder: &Path, database: &str) -> (Vec<i64>, Vec<i64>) {
    Server::run(folder, database, &["demo", "--agencies", "5", "--documents", "0"]);
    block_on(issue_unsigned(folder, database));
    let people = People::of(folder, database);
    let receiver = token(folder, database, "anhltn.stttt");
    let mut server = Server::start(folder, database, 0);
    let port = server.port;
    let agent = client();
    let recipient = recipient_of(folder, database);
    let drafts = approved_drafts(&agent, port, &people, &recipient);
    let scan = upload(&agent, port, &receiver);

    let mut calls: Vec<(bool, Call)> = drafts
        .iter()
        .enumerate()
        .map(|(n, id)| {
            let path = format!("/api/v1/outgoing/{id}/issue");
            (
                true,
                Call {
                    path,
                    token: people.clerk.clone(),
                    command: Uuid::from_u128(n as u128 + 1),
                    body: json!({}),
                },
            )
        })
        .collect();
    calls.extend((0..REGISTRATIONS).map(|n| {
        let path = "/api/v1/incoming/paper".to_owned();
        let command = Uuid::from_u128(n as u128 + 1);
        (
            false,
            Call {
                path,
                token: receiver.clone(),
                command,
                body: registration(n, &scan),
            },
        )
    }));
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let random = move |n: u64| {
        (seed ^ n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 33
    };
    calls.sort_by_key(|(issue, call)| random(call.command.as_u128() as u64 * 2 + u64::from(*issue)));

    let (next, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (issued, registered) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let begun = Instant::now();
    let calls = Arc::new(calls);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| {
                let (calls, next, issued, registered) = (Arc::clone(&calls), &next, &issued, &registered);
                scope.spawn(move || {
                    let agent = client();
                    while let Some((issue, call)) = calls.get(next.fetch_add(1, Ordering::SeqCst)) {
                        let answer = loop {
                            assert!(
                                begun.elapsed() < PATIENCE,
                                "the commands were not all carried out in time"
                            );
                            match send(&agent, port, call) {
                                Some(answer) => break answer,
                                None => thread::sleep(Duration::from_millis(30)),
                            }
                        };
                        let (field, numbers) = if *issue {
                            ("number", issued)
                        } else {
                            ("arrival_number", registered)
                        };
                        numbers.lock().unwrap().push(answer[field].as_i64().unwrap());
                    }
                })
            })
            .collect();
        let (server, done) = (&mut server, &done);
        let killer = scope.spawn(move || {
            let mut kills = 0;
            while !done.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(100 + random(kills + 7) % 500));
                if !done.load(Ordering::SeqCst) {
                    server.kill();
                    server.restart();
                    kills += 1;
                }
            }
            kills
        });
        for worker in workers {
            worker.join().unwrap();
        }
        done.store(true, Ordering::SeqCst);
        let kills = killer.join().unwrap();
        println!("{kills} kills in {:?}", begun.elapsed());
        assert!(
            kills as usize >= KILLS,
            "only {kills} kills: the commands were too few for this machine"
        );
    });
    drop(server);
    (issued.into_inner().unwrap(), registered.into_inner().unwrap())
}

fn recipient_of(folder: &Path, database: &str) -> String {
    block_on(async {
        let db = open(folder, database).await;
        let row = db
            .one(
                sql!("SELECT id FROM agency WHERE account_suffix = 'snv'"),
                args![],
            )
            .await
            .unwrap();
        let id: Uuid = row.get("id").unwrap();
        db.close().await;
        id.to_string()
    })
}

async fn check(folder: &Path, database: &str, issued: Vec<i64>, registered: Vec<i64>) {
    let db = open(folder, database).await;
    let consecutive = |count: usize| (1..=count as i64).collect::<Vec<_>>();
    let in_register = numbers(
        &db,
        sql!("SELECT number AS n FROM outgoing WHERE state = 'issued' ORDER BY number"),
    )
    .await;
    assert_eq!(in_register, consecutive(ISSUES), "numbers of outgoing documents");
    let arrived = numbers(
        &db,
        sql!(
            "SELECT i.arrival_number AS n FROM incoming i JOIN agency a ON a.id = i.agency_id \
             WHERE a.account_suffix = 'stttt' AND i.arrival_number IS NOT NULL ORDER BY i.arrival_number"
        ),
    )
    .await;
    assert_eq!(
        arrived,
        consecutive(REGISTRATIONS),
        "numbers of incoming documents"
    );
    // What was acknowledged is what stands in the registers, each number once.
    assert_eq!(
        issued
            .iter()
            .copied()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>(),
        consecutive(ISSUES)
    );
    assert_eq!(registered.len(), registered.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(registered.len(), REGISTRATIONS);
    // No half act: every issue with its journal entry, its delivery line and its place on the desk.
    for (statement, expected, what) in [
        (
            sql!("SELECT count(*) AS n FROM journal WHERE act = 'outgoing.issue'"),
            ISSUES,
            "journal entries of issues",
        ),
        (
            sql!("SELECT count(*) AS n FROM delivery"),
            ISSUES,
            "delivery lines",
        ),
        (
            sql!("SELECT count(*) AS n FROM journal WHERE act = 'incoming.register_paper'"),
            REGISTRATIONS,
            "journal entries of registrations",
        ),
        (
            sql!(
                "SELECT count(*) AS n FROM incoming i WHERE i.source = 'paper' AND EXISTS (SELECT 1 FROM desk d WHERE d.object_id = i.id)"
            ),
            REGISTRATIONS,
            "registered documents on a desk",
        ),
    ] {
        assert_eq!(numbers(&db, statement).await, [expected as i64], "{what}");
    }
    counters_are_right(&db).await;
    // Deliveries that a kill interrupted are carried out once when the workers go on.
    let settings = vanthu::settings::Settings::default();
    let blobs = store::Blobs::open(&folder.join("data/files"), store::Ids::Random).unwrap();
    let app = vanthu::context::App::new(
        db.clone(),
        blobs,
        store::Clock::manual(later()),
        store::Ids::Random,
        settings,
    );
    vanthu::exchange::drain(&app).await.unwrap();
    assert_eq!(
        numbers(
            &db,
            sql!("SELECT count(*) AS n FROM incoming WHERE source = 'hub'")
        )
        .await,
        [ISSUES as i64]
    );
    let states = numbers(
        &db,
        sql!("SELECT count(*) AS n FROM delivery WHERE state = 'arrived'"),
    )
    .await;
    assert_eq!(states, [ISSUES as i64], "delivery lines that arrived");
    journal_verifies(&db).await;
    db.close().await;
}

fn kill_and_check(folder: &Path, database: &str) {
    let (issued, registered) = kill_story(folder, database);
    block_on(check(folder, database, issued, registered));
}

#[test]
fn kill_at_random_moments_leaves_no_gap_no_double_no_half_act_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    kill_and_check(folder.path(), "");
}

#[test]
fn kill_at_random_moments_leaves_no_gap_no_double_no_half_act_on_postgres() {
    let Some(address) = postgres("vanthu_kill") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    kill_and_check(folder.path(), &address);
}
