//! A look into the database of an installation, beside the program.

use std::path::Path;

use store::{Db, Options, args, sql};

/// Runs to the end.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Opens the database of an installation; `database` is empty for SQLite in the data folder.
pub async fn open(folder: &Path, database: &str) -> Db {
    let address = if database.is_empty() {
        format!("sqlite:{}", folder.join("data/vanthu.db").display())
    } else {
        database.to_owned()
    };
    Db::open(&Options {
        address,
        create: false,
        connections: 2,
    })
    .await
    .unwrap()
}

/// An empty PostgreSQL database, when there is a server for tests.
pub fn postgres(name: &str) -> Option<String> {
    let server = store::testing::postgres_server()?;
    Some(block_on(store::testing::postgres_address(&server, name)).unwrap())
}

/// Programs issue through the API only where documents are not signed: the agency's key works in a clerk's hand alone
/// (NĐ 30 Điều 32.2c). What is tried here is not the signing.
pub async fn issue_unsigned(folder: &Path, database: &str) {
    let db = open(folder, database).await;
    let mut tx = db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE agency_setting SET value = 'false' WHERE key = 'signing.required'"),
        args![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    db.close().await;
}

/// The column `n` of every row.
pub async fn numbers(db: &Db, statement: store::Sql) -> Vec<i64> {
    let rows = db.all(statement, args![]).await.unwrap();
    rows.iter().map(|row| row.get("n").unwrap()).collect()
}

/// The kept counters are what counting gives.
pub async fn counters_are_right(db: &Db) {
    let wrong = db
        .all(
            sql!(
                "SELECT c.box FROM desk_count c WHERE c.count <> (SELECT count(*) FROM desk d WHERE d.owner_id = c.owner_id AND d.box = c.box)"
            ),
            args![],
        )
        .await
        .unwrap();
    assert!(wrong.is_empty(), "{} counters are wrong", wrong.len());
}

/// The journal is whole, and its chain of hashes holds.
pub async fn journal_verifies(db: &Db) {
    store::journal::seal(db, later()).await.unwrap();
    let mut exported = Vec::new();
    store::journal::export(db, &mut exported).await.unwrap();
    let verified = store::journal::verify(std::io::Cursor::new(exported), None).unwrap();
    assert_eq!(verified.problem, None);
}

/// After every lease of a killed worker.
pub fn later() -> jiff::Timestamp {
    store::Clock::System.now() + jiff::SignedDuration::from_hours(1)
}
