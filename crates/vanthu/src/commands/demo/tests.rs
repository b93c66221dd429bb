//! The history keeps what the program itself would have kept.

use std::collections::BTreeMap;

use store::{Row, args, sql};
use uuid::Uuid;

use super::history;
use crate::{act_names, commands::rebuild, testing::Office};

const DOCUMENTS: usize = 500;

fn text(row: &Row, column: &str) -> String {
    row.get(column).unwrap()
}

async fn desk(office: &Office) -> Vec<(Uuid, String, i64, Uuid, Option<String>)> {
    let rows = office
        .app
        .db
        .all(
            sql!("SELECT owner_id, box, rank, object_id, due_on FROM desk ORDER BY owner_id, box, rank, object_id"),
            args![],
        )
        .await
        .unwrap();
    let place = |row: &Row| {
        (
            row.get("owner_id").unwrap(),
            text(row, "box"),
            row.get("rank").unwrap(),
            row.get("object_id").unwrap(),
            row.get("due_on").unwrap(),
        )
    };
    rows.iter().map(place).collect()
}

async fn counts(office: &Office) -> Vec<(Uuid, String, i64)> {
    let rows = office
        .app
        .db
        .all(
            sql!("SELECT owner_id, box, count FROM desk_count ORDER BY owner_id, box"),
            args![],
        )
        .await
        .unwrap();
    let count = |row: &Row| {
        (
            row.get("owner_id").unwrap(),
            text(row, "box"),
            row.get("count").unwrap(),
        )
    };
    rows.iter().map(count).collect()
}

async fn participants(office: &Office) -> i64 {
    let row = office
        .app
        .db
        .one(sql!("SELECT count(*) AS n FROM participant"), args![])
        .await;
    row.unwrap().get("n").unwrap()
}

#[tokio::test]
async fn rebuilding_the_desks_of_the_history_changes_nothing() {
    let office = Office::with_history(DOCUMENTS).await;
    let before = (
        desk(&office).await,
        counts(&office).await,
        participants(&office).await,
    );
    assert!(before.0.len() > DOCUMENTS);
    rebuild::run(&office.app).await.unwrap();
    let after = (
        desk(&office).await,
        counts(&office).await,
        participants(&office).await,
    );
    assert_eq!(before, after);
}

#[tokio::test]
async fn registers_of_the_history_have_no_gap_and_counters_stand_at_their_last_number() {
    let office = Office::with_history(DOCUMENTS).await;
    let db = &office.app.db;
    let rows = db
        .all(
            sql!(
                "SELECT agency_id, series, year, number, issued_on AS day, issued_at AS at FROM outgoing WHERE number IS NOT NULL \
                 UNION ALL SELECT agency_id, series, year, arrival_number, arrived_on, delivered_at FROM incoming \
                 WHERE arrival_number IS NOT NULL"
            ),
            args![],
        )
        .await
        .unwrap();
    let mut registers: BTreeMap<(Uuid, String, i64), Vec<(i64, String)>> = BTreeMap::new();
    for row in &rows {
        let key = (
            row.get("agency_id").unwrap(),
            text(row, "series"),
            row.get("year").unwrap(),
        );
        let line = (row.get("number").unwrap(), text(row, "day"));
        registers.entry(key).or_default().push(line);
    }
    // The office's clock stands in the first days of a year: its history has two volumes of each register.
    let years: std::collections::BTreeSet<i64> = registers.keys().map(|key| key.2).collect();
    assert_eq!(years.into_iter().collect::<Vec<_>>(), [2025, 2026]);
    for (key, lines) in &mut registers {
        lines.sort();
        let numbers: Vec<i64> = lines.iter().map(|line| line.0).collect();
        assert_eq!(numbers, (1..=lines.len() as i64).collect::<Vec<_>>(), "{key:?}");
        assert!(
            lines.is_sorted_by_key(|line| &line.1),
            "{key:?}: days go backwards"
        );
        assert!(lines.iter().all(|line| line.1.starts_with(&key.2.to_string())));
        let counter = db
            .one(
                sql!(
                    "SELECT last_number, last_date FROM number_counter WHERE agency_id = $1 AND series = $2 AND year = $3"
                ),
                args![key.0, key.1.as_str(), key.2],
            )
            .await
            .unwrap();
        let last = lines.last().unwrap();
        assert_eq!(counter.get::<i64>("last_number").unwrap(), last.0);
        assert_eq!(text(&counter, "last_date"), last.1);
    }
}

#[tokio::test]
async fn the_history_lies_in_the_past_and_its_journal_is_sealed() {
    let office = Office::with_history(DOCUMENTS).await;
    let now = office.clock.now();
    let row = office
        .app
        .db
        .one(
            sql!(
                "SELECT (SELECT max(at) FROM journal WHERE object_kind IN ('incoming', 'outgoing')) AS acted, \
                 (SELECT max(updated_at) FROM incoming) AS received, (SELECT max(updated_at) FROM outgoing) AS sent, \
                 (SELECT count(*) FROM journal WHERE seal_no IS NULL) AS unsealed, \
                 (SELECT count(*) FROM incoming WHERE state NOT IN ('finished', 'refused')) AS open, \
                 (SELECT count(*) FROM outgoing WHERE state <> 'issued') AS drafts, \
                 (SELECT count(*) FROM outgoing) + (SELECT count(*) FROM incoming) AS documents, \
                 (SELECT count(*) FROM incoming i LEFT JOIN file_set_item f ON f.set_id = i.file_set WHERE f.set_id IS NULL) AS bare"
            ),
            args![],
        )
        .await
        .unwrap();
    let number = |column: &str| row.get::<i64>(column).unwrap();
    for column in ["acted", "received", "sent"] {
        assert!(number(column) < now.as_microsecond(), "{column}");
    }
    assert_eq!(number("unsealed"), 0);
    assert_eq!(number("bare"), 0);
    assert!(number("open") > 20, "{}", number("open"));
    assert!(number("drafts") > 5, "{}", number("drafts"));
    let wanted = DOCUMENTS as i64;
    assert!((wanted * 3 / 4..wanted * 5 / 4).contains(&number("documents")));
}

#[tokio::test]
async fn the_exported_journal_of_the_history_is_whole_and_each_document_acts_in_order() {
    let office = Office::with_history(DOCUMENTS).await;
    let mut out = Vec::new();
    store::journal::export(&office.app.db, &mut out).await.unwrap();
    let report = store::journal::verify(out.as_slice(), None).unwrap();
    assert_eq!(report.problem, None);
    let rows = office
        .app
        .db
        .all(
            sql!("SELECT object_id, at, act FROM journal WHERE object_kind IN ('incoming', 'outgoing') ORDER BY object_id, seq"),
            args![],
        )
        .await
        .unwrap();
    let all = sql!("SELECT count(*) AS entries FROM journal");
    let all = office.app.db.one(all, args![]).await.unwrap();
    assert_eq!(report.entries, all.get::<i64>("entries").unwrap());
    assert!(
        rows.len() > DOCUMENTS,
        "every document acts: {} entries",
        rows.len()
    );
    let mut acts = std::collections::BTreeSet::new();
    for pair in rows.windows(2) {
        let same = pair[0].get::<Uuid>("object_id").unwrap() == pair[1].get::<Uuid>("object_id").unwrap();
        let times = [&pair[0], &pair[1]].map(|row| row.get::<i64>("at").unwrap());
        assert!(!same || times[0] <= times[1]);
        acts.insert(text(&pair[0], "act"));
    }
    // Every act of the history bears the name that the room itself writes.
    let known: Vec<&str> = act_names::ALL.iter().map(|(name, _)| *name).collect();
    let strange: Vec<_> = acts.iter().filter(|act| !known.contains(&act.as_str())).collect();
    assert!(strange.is_empty(), "{strange:?}");
    assert!(acts.len() > 12, "{acts:?}");
}

#[tokio::test]
async fn a_document_that_waits_in_the_history_passes_the_checks_of_reception() {
    let office = Office::with_history(DOCUMENTS).await;
    let row = office
        .app
        .db
        .one(
            sql!(
                "SELECT i.id, a.username FROM incoming i JOIN post p ON p.agency_id = i.agency_id AND p.role = 'clerk' \
                 JOIN account a ON a.id = p.account_id WHERE i.state = 'delivered' ORDER BY i.id, p.id LIMIT 1"
            ),
            args![],
        )
        .await
        .unwrap();
    let id: Uuid = row.get("id").unwrap();
    let clerk = office.person(&text(&row, "username")).await;
    let registered = clerk
        .api(&format!("/api/v1/incoming/{id}/register"), &serde_json::json!({}))
        .await
        .ok();
    assert!(registered.json()["arrival_number"].as_i64().unwrap() > 0);
    let row = office
        .app
        .db
        .one(
            sql!("SELECT completeness, integrity FROM incoming WHERE id = $1"),
            args![id],
        )
        .await
        .unwrap();
    assert_eq!(text(&row, "completeness"), "passed");
    assert_eq!(text(&row, "integrity"), "passed");
}

#[tokio::test]
async fn answers_name_the_incoming_document_they_answer() {
    let office = Office::with_history(DOCUMENTS).await;
    let rows = office
        .app
        .db
        .all(
            sql!(
                "SELECT o.agency_id, i.agency_id AS asked FROM outgoing o LEFT JOIN incoming i ON i.id = o.reply_to \
                 WHERE o.reply_to IS NOT NULL"
            ),
            args![],
        )
        .await
        .unwrap();
    assert!(!rows.is_empty());
    for row in &rows {
        assert_eq!(
            row.get::<Option<Uuid>>("asked").unwrap(),
            Some(row.get("agency_id").unwrap())
        );
    }
}

#[tokio::test]
async fn a_second_history_is_refused() {
    let office = Office::with_history(0).await;
    let seeded = super::seed(&office.app, 5).await;
    assert!(seeded.is_err(), "a second province has the same accounts");
    let office = Office::with_history(DOCUMENTS).await;
    let before = desk(&office).await.len();
    let again = super::run(
        &office.app,
        super::Arguments {
            agencies: 5,
            documents: 100,
        },
    );
    assert!(again.await.is_err());
    assert!(
        history::refuse_when_there_are_documents(&office.app)
            .await
            .is_err()
    );
    assert_eq!(desk(&office).await.len(), before);
}

#[tokio::test]
async fn everybody_opens_the_history_on_their_desk() {
    let office = Office::with_history(DOCUMENTS).await;
    let clerk = office.person("nhungpth.ubnd").await;
    let page = clerk.get("/boxes/dispatched").await.ok();
    assert!(page.text.contains("UBND"));
}
