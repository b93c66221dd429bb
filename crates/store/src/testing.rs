//! Databases for tests: a fresh SQLite file always, a fresh PostgreSQL database when `TEST_POSTGRES_URL` is set.

use std::path::Path;

use crate::{Db, Filter, Options, Result};

/// A database that a test may fill; the SQLite file lies in `folder`.
///
/// # Errors
/// When it cannot be made.
pub async fn sqlite(folder: &Path) -> Result<Db> {
    let address = format!("sqlite:{}", folder.join("vanthu.db").display());
    let db = Db::open(&Options {
        address,
        create: true,
        connections: 4,
    })
    .await?;
    db.migrate().await?;
    Ok(db)
}

/// The address of the PostgreSQL server for tests, when there is one. `make test` starts one and sets it.
pub fn postgres_server() -> Option<String> {
    std::env::var("TEST_POSTGRES_URL")
        .ok()
        .filter(|url| !url.is_empty())
}

/// Makes an empty PostgreSQL database named `name` on the server for tests and gives its address.
///
/// # Errors
/// When the server cannot be reached.
pub async fn postgres_address(server: &str, name: &str) -> Result<String> {
    create(server, name, "template1").await
}

/// Makes a PostgreSQL database named `name` that is a copy of `original`, which nobody has open, and gives its address.
///
/// # Errors
/// When the server cannot be reached, or has no `original`.
pub async fn postgres_copy(server: &str, name: &str, original: &str) -> Result<String> {
    create(server, name, original).await
}

async fn create(server: &str, name: &str, template: &str) -> Result<String> {
    let admin = administrator(server).await?;
    let run = |text: String| sqlx::raw_sql(sqlx::AssertSqlSafe(text));
    run(format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"))
        .execute(&admin)
        .await?;
    run(format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\""))
        .execute(&admin)
        .await?;
    admin.close().await;
    let (base, _) = server.rsplit_once('/').unwrap_or((server, ""));
    Ok(format!("{base}/{name}"))
}

/// Whether the server for tests has a database of this name.
///
/// # Errors
/// When the server cannot be reached.
pub async fn postgres_has(server: &str, name: &str) -> Result<bool> {
    let admin = administrator(server).await?;
    let found = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(name)
        .fetch_optional(&admin)
        .await?;
    admin.close().await;
    Ok(found.is_some())
}

async fn administrator(server: &str) -> Result<sqlx::PgPool> {
    Ok(sqlx::postgres::PgPoolOptions::new()
        .max_connections(1)
        .connect(server)
        .await?)
}

/// How the database would read a list, one step a line: whether it goes through an index.
///
/// # Errors
/// When the statement is wrong.
pub async fn plan(db: &Db, list: Filter) -> Result<String> {
    let (word, column) = if db.is_postgres() {
        ("EXPLAIN ", "QUERY PLAN")
    } else {
        ("EXPLAIN QUERY PLAN ", "detail")
    };
    let rows = db.filtered(list.after(word)).await?;
    let steps = rows
        .iter()
        .map(|row| row.get::<String>(column))
        .collect::<Result<Vec<_>>>()?;
    Ok(steps.join("\n"))
}
