//! Both databases get the same tables from the one tree of migrations.
#![expect(clippy::unwrap_used, reason = "tests")]

use store::{Db, Options, args, sql};

type Columns = Vec<(String, String, bool)>;

async fn sqlite_columns() -> Columns {
    let folder = tempfile::tempdir().unwrap();
    let db = store::testing::sqlite(folder.path()).await.unwrap();
    let rows = db
        .all(
            sql!(
                "SELECT m.name AS tbl, c.name AS col, c.\"notnull\" AS required, c.pk FROM sqlite_master m \
                 JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' \
                 AND m.name NOT LIKE '_sqlx%' ORDER BY m.name, c.name"
            ),
            args![],
        )
        .await
        .unwrap();
    rows.iter()
        .map(|row| {
            let required = row.get::<bool>("required").unwrap() || row.get::<i64>("pk").unwrap() > 0;
            (row.get("tbl").unwrap(), row.get("col").unwrap(), required)
        })
        .collect()
}

#[tokio::test]
async fn both_databases_have_the_same_tables_and_columns() {
    let sqlite = sqlite_columns().await;
    assert!(sqlite.len() > 150, "{}", sqlite.len());
    let Some(server) = store::testing::postgres_server() else {
        return;
    };
    let address = store::testing::postgres_address(&server, "store_schema")
        .await
        .unwrap();
    let db = Db::open(&Options {
        address,
        create: false,
        connections: 2,
    })
    .await
    .unwrap();
    db.migrate().await.unwrap();
    db.migrate().await.unwrap();
    let rows = db
        .all(
            store::sql_postgres!(
                "SELECT table_name::text AS tbl, column_name::text AS col, \
                 CASE WHEN is_nullable = 'NO' THEN 1::bigint ELSE 0::bigint END AS required \
                 FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' \
                 ORDER BY table_name COLLATE \"C\", column_name COLLATE \"C\""
            ),
            args![],
        )
        .await
        .unwrap();
    let postgres: Columns = rows
        .iter()
        .map(|row| {
            (
                row.get("tbl").unwrap(),
                row.get("col").unwrap(),
                row.get("required").unwrap(),
            )
        })
        .collect();
    for (left, right) in sqlite.iter().zip(&postgres) {
        assert_eq!(left, right);
    }
    assert_eq!(sqlite.len(), postgres.len());
}
