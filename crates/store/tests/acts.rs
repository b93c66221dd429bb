//! Acts, journal and outbox on both databases.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{future::Future, io::Cursor};

use jiff::Timestamp;
use rules::ids::{AccountId, CommandId};
use serde_json::json;
use store::{
    Act, Actor, Begun, Clock, Db, Entry, Error, Ids, Job, Options, args, journal, sql, sql_postgres,
};
use uuid::Uuid;

/// Runs a test on a fresh SQLite file, and on a fresh PostgreSQL database when there is a server for tests.
async fn on_both<F: Future<Output = ()>>(name: &str, test: impl Fn(Db) -> F) {
    let folder = tempfile::tempdir().unwrap();
    test(store::testing::sqlite(folder.path()).await.unwrap()).await;
    if let Some(server) = store::testing::postgres_server() {
        let address = store::testing::postgres_address(&server, &format!("store_{name}"))
            .await
            .unwrap();
        let db = Db::open(&Options {
            address,
            create: false,
            connections: 6,
        })
        .await
        .unwrap();
        db.migrate().await.unwrap();
        test(db).await;
    }
}

fn person(n: u128) -> Actor {
    Actor {
        account: Some(AccountId::from_uuid(Uuid::from_u128(n))),
        ..Actor::system()
    }
}

fn command(n: u128) -> CommandId {
    CommandId::from_uuid(Uuid::from_u128(n))
}

fn entry(object: u128) -> Entry {
    Entry {
        act: "test.do",
        object_kind: "test",
        object: Uuid::from_u128(object),
        agency: None,
        summary: "Thử.".to_owned(),
        details: json!({ "note": "ý kiến" }),
    }
}

async fn begin(db: &Db, n: u128) -> Begun<i64> {
    Act::begin(db, &Clock::System, &Ids::Random, person(1), command(n))
        .await
        .unwrap()
}

async fn begun(db: &Db, n: u128) -> Act {
    match begin(db, n).await {
        Begun::Now(act) => act,
        Begun::Before(answer) => panic!("command {n} was already answered with {answer}"),
    }
}

async fn count(db: &Db, what: store::Sql) -> i64 {
    db.one(what, args![]).await.unwrap().get("n").unwrap()
}

#[tokio::test]
async fn an_act_without_a_journal_entry_changes_nothing() {
    on_both("no_journal", |db| async move {
        let mut act = begun(&db, 1).await;
        act.enqueue("test.job", &json!({})).await.unwrap();
        assert!(matches!(act.commit(&7).await, Err(Error::NoJournalEntry)));
        assert_eq!(count(&db, sql!("SELECT count(*) AS n FROM job")).await, 0);
        assert_eq!(count(&db, sql!("SELECT count(*) AS n FROM command")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_same_command_has_one_effect_and_the_same_answer() {
    on_both("same_command", |db| async move {
        let mut act = begun(&db, 1).await;
        act.journal(entry(5)).await.unwrap();
        act.commit(&42).await.unwrap();
        match begin(&db, 1).await {
            Begun::Before(answer) => assert_eq!(answer, 42),
            Begun::Now(_) => panic!("the command was carried out twice"),
        }
        assert_eq!(count(&db, sql!("SELECT count(*) AS n FROM journal")).await, 1);
        // The same id with another request is a mistake of the program that sent it, and is told so.
        let other = CommandId::sent(command(1).as_uuid(), [7; 32]);
        let reused = Act::begin::<i64>(&db, &Clock::System, &Ids::Random, person(1), other).await;
        assert!(matches!(reused, Err(Error::CommandReused)));
        // Another person's command of the same id is another command.
        let other = Act::begin::<i64>(&db, &Clock::System, &Ids::Random, person(2), command(1))
            .await
            .unwrap();
        assert!(matches!(other, Begun::Now(_)));
    })
    .await;
}

#[tokio::test]
async fn the_same_command_sent_many_times_at_once_has_one_effect() {
    on_both("parallel_command", |db| async move {
        let tries = (0..12).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                match begin(&db, 9).await {
                    Begun::Before(answer) => answer,
                    Begun::Now(mut act) => {
                        act.journal(entry(5)).await.unwrap();
                        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                        act.commit(&77).await.unwrap();
                        77
                    }
                }
            })
        });
        for answer in futures_util::future::join_all(tries).await {
            assert_eq!(answer.unwrap(), 77);
        }
        assert_eq!(count(&db, sql!("SELECT count(*) AS n FROM journal")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_dropped_act_leaves_no_trace_and_may_be_tried_again() {
    on_both("dropped", |db| async move {
        let mut act = begun(&db, 1).await;
        act.journal(entry(5)).await.unwrap();
        drop(act);
        let mut act = begun(&db, 1).await;
        act.journal(entry(5)).await.unwrap();
        act.commit(&1).await.unwrap();
        assert_eq!(count(&db, sql!("SELECT count(*) AS n FROM journal")).await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_the_journal() {
    on_both("append_only", |db| async move {
        let mut act = begun(&db, 1).await;
        act.journal(entry(5)).await.unwrap();
        act.commit(&1).await.unwrap();
        for attack in [
            sql!("UPDATE journal SET summary = 'khác'"),
            sql!("UPDATE journal SET actor = 'khác'"),
            sql!("DELETE FROM journal"),
        ] {
            let mut tx = db.begin().await.unwrap();
            assert!(tx.run(attack, args![]).await.is_err(), "{}", attack.text());
            drop(tx);
        }
        journal::seal(&db, Timestamp::UNIX_EPOCH).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert!(
            tx.run(sql!("UPDATE journal SET seal_no = NULL"), args![])
                .await
                .is_err()
        );
        drop(tx);
        for attack in [
            sql!("DELETE FROM seal"),
            sql!("UPDATE seal SET hash = 'khác'"),
            sql!("UPDATE seal SET no = no + 1"),
        ] {
            let mut tx = db.begin().await.unwrap();
            assert!(tx.run(attack, args![]).await.is_err(), "{}", attack.text());
        }
        if db.is_postgres() {
            for attack in [sql_postgres!("TRUNCATE journal"), sql_postgres!("TRUNCATE seal")] {
                let mut tx = db.begin().await.unwrap();
                assert!(tx.run(attack, args![]).await.is_err(), "{}", attack.text());
            }
        }
    })
    .await;
}

async fn exported(db: &Db) -> String {
    for (n, object) in [(1, 5), (2, 6), (3, 7)] {
        let mut act = begun(db, n).await;
        act.journal(entry(object)).await.unwrap();
        act.journal(entry(object + 100)).await.unwrap();
        act.commit(&1).await.unwrap();
        if n != 2 {
            journal::seal(db, Timestamp::from_second(1_700_000_000).unwrap())
                .await
                .unwrap();
        }
    }
    let mut out = Vec::new();
    assert_eq!(journal::export(db, &mut out).await.unwrap(), 2);
    String::from_utf8(out).unwrap()
}

fn problem(text: &str) -> Option<String> {
    journal::verify(Cursor::new(text), None).unwrap().problem
}

#[tokio::test]
async fn cn_006_an_exported_journal_verifies_offline_and_every_change_is_noticed() {
    on_both("verify", |db| async move {
        let text = exported(&db).await;
        let report = journal::verify(Cursor::new(&text), None).unwrap();
        assert_eq!((report.problem, report.entries, report.seals), (None, 6, 2));

        let lines: Vec<&str> = text.lines().collect();
        let without = |skip: usize| {
            let kept: Vec<&str> = lines
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != skip)
                .map(|(_, l)| *l)
                .collect();
            kept.join("\n")
        };
        for i in 0..lines.len() - 1 {
            assert!(
                problem(&without(i)).is_some(),
                "line {i} can be removed unnoticed"
            );
        }
        assert!(problem(&text.replacen("Thử.", "Thứ.", 1)).is_some());
        assert!(problem(&text.replacen("ý kiến", "y kien", 1)).is_some());
        assert!(problem(&format!("{text}{}\n", lines[0])).is_some());
        let mut swapped = lines.clone();
        swapped.swap(0, 1);
        assert!(problem(&swapped.join("\n")).is_some());
        // A journal cut at a seal is whole in itself; only a head kept elsewhere shows that its end is missing.
        let cut = lines[..3].join("\n");
        assert_eq!(problem(&cut), None);
        let head = journal::head(&db).await.unwrap().unwrap();
        assert_eq!((&head.hash, head.no), (&report.head, Some(2)));
        let with = |text: &str, mark: &str| {
            let mark = mark.parse().unwrap();
            journal::verify(Cursor::new(text), Some(&mark)).unwrap()
        };
        for mark in [head.to_string(), head.hash.clone(), head.hash.to_uppercase()] {
            let whole = with(&text, &mark);
            assert_eq!((whole.problem, whole.has_mark), (None, Some(true)), "{mark}");
            assert!(with(&cut, &mark).problem.unwrap().contains("Mốc đối chiếu"));
        }
        assert!(with(&text, &format!("{}:1", head.hash)).problem.is_some());
        let earlier = journal::verify(Cursor::new(&cut), None).unwrap().head;
        assert_eq!(
            with(&text, &earlier).problem,
            None,
            "an earlier head stays on the chain"
        );
        assert!(with("", &head.hash).is_empty());
        assert!("abc".parse::<journal::Mark>().is_err());
    })
    .await;
}

#[tokio::test]
async fn sealing_twice_seals_nothing_new() {
    on_both("seal_twice", |db| async move {
        let mut act = begun(&db, 1).await;
        act.journal(entry(5)).await.unwrap();
        act.commit(&1).await.unwrap();
        assert_eq!(journal::seal(&db, Timestamp::UNIX_EPOCH).await.unwrap(), 1);
        assert_eq!(journal::seal(&db, Timestamp::UNIX_EPOCH).await.unwrap(), 0);
    })
    .await;
}

async fn with_jobs(db: &Db, jobs: i64) {
    let mut act = begun(db, 1).await;
    act.journal(entry(5)).await.unwrap();
    for n in 0..jobs {
        act.enqueue("test.job", &n).await.unwrap();
    }
    assert_eq!(i64::from(act.commit(&1).await.unwrap().jobs), jobs);
}

#[tokio::test]
async fn jobs_are_claimed_once_and_done_once() {
    on_both("jobs", |db| async move {
        with_jobs(&db, 5).await;
        let now = Clock::System.now();
        let first = Job::claim(&db, now, 3).await.unwrap();
        let second = Job::claim(&db, now, 10).await.unwrap();
        assert_eq!((first.len(), second.len()), (3, 2));
        let numbers: Vec<i64> = first.iter().map(|job| job.payload().unwrap()).collect();
        assert_eq!(numbers, [0, 1, 2], "oldest first");

        let mut act = Act::begin_job(&db, &Clock::System, &Ids::Random, &first[0])
            .await
            .unwrap()
            .unwrap();
        act.journal(entry(9)).await.unwrap();
        act.commit(&()).await.unwrap();
        // A worker that took the job over after the lease finds it gone.
        assert!(
            Act::begin_job(&db, &Clock::System, &Ids::Random, &first[0])
                .await
                .unwrap()
                .is_none()
        );
        assert_eq!(Job::backlog(&db).await.unwrap(), (4, 0));
    })
    .await;
}

#[tokio::test]
async fn a_failing_job_comes_back_and_at_last_waits_for_a_person() {
    on_both("failing", |db| async move {
        with_jobs(&db, 1).await;
        let mut now = Clock::System.now();
        for attempt in 1..=12 {
            let jobs = Job::claim(&db, now, 10).await.unwrap();
            assert_eq!(jobs.len(), 1, "attempt {attempt}");
            assert_eq!(jobs[0].attempts, attempt);
            jobs[0].failed(&db, now, "hỏng").await.unwrap();
            assert!(Job::claim(&db, now, 10).await.unwrap().is_empty(), "not at once");
            now += jiff::SignedDuration::from_hours(1);
        }
        assert!(Job::claim(&db, now, 10).await.unwrap().is_empty());
        assert_eq!(Job::backlog(&db).await.unwrap(), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn a_database_of_another_version_is_told_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        address: format!("sqlite:{}", folder.path().join("vanthu.db").display()),
        create: true,
        connections: 1,
    };
    let db = Db::open(&options).await.unwrap();
    assert!(matches!(db.check_schema().await, Err(Error::Schema(_))));
    db.migrate().await.unwrap();
    db.check_schema().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE _sqlx_migrations SET version = version + 1000"),
        args![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(db.check_schema().await, Err(Error::Schema(_))));
}

#[tokio::test]
async fn a_mistyped_address_makes_no_empty_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("khong-co.db");
    let options = Options {
        address: format!("sqlite:{}", path.display()),
        create: false,
        connections: 1,
    };
    assert!(matches!(Db::open(&options).await, Err(Error::Address(_))));
    assert!(!path.exists());
    let options = Options {
        address: "mysql://x".to_owned(),
        ..options
    };
    assert!(matches!(Db::open(&options).await, Err(Error::Address(_))));
}
