//! One face over SQLite and PostgreSQL.

use std::{path::Path, str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    AssertSqlSafe, Executor, Postgres, SqlSafeStr, SqlStr, Sqlite, Transaction,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    query::Query,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Arg, Error, Filter, Result, Row, Sql};

/// An open database. Cheap to clone. Changes go through [`crate::Act`]; this face only reads.
#[derive(Debug, Clone)]
pub enum Db {
    /// One file: many readers, exactly one writer.
    Sqlite {
        /// Read-only connections.
        read: SqlitePool,
        /// The single writing connection; waiting for it is the queue of acts.
        write: SqlitePool,
    },
    /// A server, for several nodes.
    Postgres(PgPool),
}

/// How to open a database.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite:<path>` or `postgres://…`.
    pub address: String,
    /// Create the SQLite file when it does not exist. Off for every command but the first start, so that a
    /// mistyped address does not quietly make an empty office.
    pub create: bool,
    /// Reading connections (SQLite) or all connections (PostgreSQL).
    pub connections: u32,
}

impl Db {
    /// Opens the database at `options.address`.
    ///
    /// # Errors
    /// When the address is not understood, the file is missing, or the server cannot be reached.
    pub async fn open(options: &Options) -> Result<Self> {
        if let Some(path) = options.address.strip_prefix("sqlite:") {
            Self::open_sqlite(Path::new(path), options).await
        } else if options.address.starts_with("postgres://") || options.address.starts_with("postgresql://") {
            let connect = PgConnectOptions::from_str(&options.address)?.application_name("vanthu");
            let pool = PgPoolOptions::new()
                .max_connections(options.connections.max(2))
                .acquire_timeout(Duration::from_secs(60))
                .connect_with(connect)
                .await?;
            Ok(Self::Postgres(pool))
        } else {
            Err(Error::Address(format!(
                "Không hiểu địa chỉ cơ sở dữ liệu “{}”: dùng sqlite:<đường dẫn tệp> hoặc postgres://…",
                options.address
            )))
        }
    }

    async fn open_sqlite(path: &Path, options: &Options) -> Result<Self> {
        if !options.create && !path.exists() {
            return Err(Error::Address(format!(
                "Không có tệp cơ sở dữ liệu {}: kiểm tra lại đường dẫn, hoặc chạy “vanthu serve” lần đầu để tạo mới.",
                path.display()
            )));
        }
        let connect = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(options.create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(30))
            .statement_cache_capacity(500)
            .pragma("cache_size", "-65536")
            .pragma("mmap_size", "268435456")
            .pragma("temp_store", "memory");
        let pool = |size| {
            SqlitePoolOptions::new()
                .max_connections(size)
                .acquire_timeout(Duration::from_secs(60))
        };
        // The writer first: it makes the file and switches it to WAL.
        let write = pool(1).connect_with(connect.clone()).await?;
        let read = pool(options.connections.max(1))
            .connect_with(connect.pragma("query_only", "on"))
            .await?;
        Ok(Self::Sqlite { read, write })
    }

    /// Waits for running statements and closes all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// All rows of a reading statement.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(&self, sql: Sql, args: Vec<Arg>) -> Result<Vec<Row>> {
        self.rows(sql.text().into_sql_str(), args).await
    }

    /// The first row of a reading statement, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn opt(&self, sql: Sql, args: Vec<Arg>) -> Result<Option<Row>> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// The first row of a reading statement.
    ///
    /// # Errors
    /// [`Error::NoRow`] when there is none.
    pub async fn one(&self, sql: Sql, args: Vec<Arg>) -> Result<Row> {
        self.opt(sql, args).await?.ok_or(Error::NoRow)
    }

    /// All rows of a statement built from conditions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn filtered(&self, filter: Filter) -> Result<Vec<Row>> {
        let (text, args) = filter.finish();
        // The text is put together from literals of the program only; values are bound.
        self.rows(AssertSqlSafe(text).into_sql_str(), args).await
    }

    async fn rows(&self, text: SqlStr, args: Vec<Arg>) -> Result<Vec<Row>> {
        Ok(match self {
            Self::Sqlite { read, .. } => wrap(Row::Sqlite, sqlite(text, args).fetch_all(read).await?),
            Self::Postgres(pool) => wrap(Row::Postgres, postgres(text, args).fetch_all(pool).await?),
        })
    }

    /// Begins a changing transaction. Features use [`crate::Act`] instead; this is for migrations of data,
    /// bulk loading of the demo province and the worker's bookkeeping.
    ///
    /// # Errors
    /// When the database fails or stays busy.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Whether this is PostgreSQL; for messages and tests, never for a feature.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Asks the database to prepare `text` and throws the statement away: for the test of all statements.
    ///
    /// # Errors
    /// When the database does not accept the statement.
    pub async fn prepare(&self, text: &str) -> Result<()> {
        let text = AssertSqlSafe(text.to_owned()).into_sql_str();
        match self {
            Self::Sqlite { write, .. } => drop(write.prepare(text).await?),
            Self::Postgres(pool) => drop(pool.prepare(text).await?),
        }
        Ok(())
    }
}

/// A changing transaction of either database. Dropped without [`Tx::commit`], it changes nothing.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite's single writer.
    Sqlite(Transaction<'static, Sqlite>),
    /// On one PostgreSQL connection.
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// All rows of a statement.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(&mut self, sql: Sql, args: Vec<Arg>) -> Result<Vec<Row>> {
        self.rows(sql.text().into_sql_str(), args).await
    }

    /// The first row of a statement, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn opt(&mut self, sql: Sql, args: Vec<Arg>) -> Result<Option<Row>> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// The first row of a statement.
    ///
    /// # Errors
    /// [`Error::NoRow`] when there is none.
    pub async fn one(&mut self, sql: Sql, args: Vec<Arg>) -> Result<Row> {
        self.opt(sql, args).await?.ok_or(Error::NoRow)
    }

    /// Runs a statement and gives the number of rows it changed.
    ///
    /// # Errors
    /// When the database fails or a constraint refuses.
    pub async fn run(&mut self, sql: Sql, args: Vec<Arg>) -> Result<u64> {
        let text = sql.text().into_sql_str();
        Ok(match self {
            Self::Sqlite(tx) => sqlite(text, args).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => postgres(text, args).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Inserts many rows. `insert` inserts one row and ends in `VALUES ($1, …)`; the same literal is repeated for
    /// many rows of one statement, so that a statement costs little beside its rows.
    ///
    /// # Errors
    /// When a constraint refuses a row or the database fails.
    pub async fn bulk(&mut self, insert: Sql, rows: Vec<Vec<Arg>>) -> Result<()> {
        let (head, row) = insert.text().split_once("VALUES ").unwrap_or((insert.text(), ""));
        // SQLite looks for the name of a named parameter among all of a statement, but counts nameless ones.
        let nameless = match self {
            Self::Sqlite(_) => nameless(row),
            Self::Postgres(_) => None,
        };
        let mut rows = rows.into_iter().peekable();
        let mut made = (0, SqlStr::from_static(""));
        while let Some(width) = rows.peek().map(Vec::len) {
            // Powers of two only: each size is one prepared statement, and a table needs few of them.
            let most = (BULK_VALUES / width.max(1)).clamp(1, rows.len());
            let count = 1 << most.ilog2();
            if made.0 != count {
                let values: Vec<String> = match &nameless {
                    Some(row) => vec![row.clone(); count],
                    None => (0..count).map(|nth| shifted(row, nth * width)).collect(),
                };
                let text = format!("{head}VALUES {}", values.join(", "));
                // Put together from one literal of the program; values are bound.
                made = (count, AssertSqlSafe(Arc::<str>::from(text)).into_sql_str());
            }
            let mut args = Vec::with_capacity(count * width);
            args.extend(rows.by_ref().take(count).flatten());
            let text = made.1.clone();
            match self {
                Self::Sqlite(tx) => {
                    sqlite(text, args).execute(&mut **tx).await?;
                }
                Self::Postgres(tx) => {
                    postgres(text, args).execute(&mut **tx).await?;
                }
            }
        }
        Ok(())
    }

    /// Tells the planner what a table holds now. To be called after it was filled in bulk: PostgreSQL would otherwise go on with
    /// plans for the few rows of before until its own housekeeping passes by; SQLite plans by the indices alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_for_the_planner(&mut self, analyze: Sql) -> Result<()> {
        if let Self::Postgres(_) = self {
            self.run(analyze, Vec::new()).await?;
        }
        Ok(())
    }

    async fn rows(&mut self, text: SqlStr, args: Vec<Arg>) -> Result<Vec<Row>> {
        Ok(match self {
            Self::Sqlite(tx) => wrap(Row::Sqlite, sqlite(text, args).fetch_all(&mut **tx).await?),
            Self::Postgres(tx) => wrap(Row::Postgres, postgres(text, args).fetch_all(&mut **tx).await?),
        })
    }

    /// Makes everything durable.
    ///
    /// # Errors
    /// When the database fails; then nothing was changed.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Gives everything up.
    ///
    /// # Errors
    /// When the connection fails; nothing was changed in any case.
    pub async fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}

/// Bound values of one bulk statement; SQLite takes 32,766, and longer statements gain nothing.
const BULK_VALUES: usize = 2048;

/// `($1, 'x', $2)` with every number raised by `by`.
fn shifted(row: &str, by: usize) -> String {
    let mut parts = row.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let number: usize = part[..digits].parse().unwrap_or_default();
        text.push('$');
        text.push_str(&(number + by).to_string());
        text.push_str(&part[digits..]);
    }
    text
}

/// `($1, 'x', $2)` as `(?, 'x', ?)`; `None` when the numbers are not 1, 2, … in this order.
fn nameless(row: &str) -> Option<String> {
    let mut parts = row.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (place, part) in (1..).zip(parts) {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        if part[..digits].parse() != Ok(place) {
            return None;
        }
        text.push('?');
        text.push_str(&part[digits..]);
    }
    Some(text)
}

fn wrap<R>(variant: fn(R) -> Row, rows: Vec<R>) -> Vec<Row> {
    rows.into_iter().map(variant).collect()
}

macro_rules! bind_all {
    ($database:ty, $name:ident) => {
        fn $name(
            text: SqlStr,
            args: Vec<Arg>,
        ) -> Query<'static, $database, <$database as sqlx::Database>::Arguments> {
            let mut query = sqlx::query::<$database>(text);
            for arg in args {
                query = match arg {
                    Arg::Int(value) => query.bind(value),
                    Arg::Text(value) => query.bind(value),
                    Arg::Id(value) => query.bind(value),
                    Arg::Bytes(value) => query.bind(value),
                };
            }
            query
        }
    };
}
bind_all!(Sqlite, sqlite);
bind_all!(Postgres, postgres);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{args, sql, testing};

    #[test]
    fn the_numbers_of_a_row_are_raised_and_its_words_stay() {
        assert_eq!(
            shifted("($1, 'hub', $2, 0, $10)", 10),
            "($11, 'hub', $12, 0, $20)"
        );
    }

    #[test]
    fn parameters_lose_their_names_only_when_they_stand_in_order() {
        assert_eq!(
            nameless("($1, 'hub', $2, 0, $3)").as_deref(),
            Some("(?, 'hub', ?, 0, ?)")
        );
        assert_eq!(nameless("($1, $1)"), None);
        assert_eq!(nameless("($2, $1)"), None);
    }

    #[tokio::test]
    async fn bulk_keeps_values_in_the_columns_that_their_numbers_name() {
        let dir = tempfile::tempdir().unwrap();
        let db = testing::sqlite(dir.path()).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let insert = sql!("INSERT INTO desk_count (owner_id, count, box) VALUES ($1, $3, $2)");
        let rows = (0..5_i64).map(|n| args![uuid::Uuid::from_u128(7), format!("box {n}"), n]);
        tx.bulk(insert, rows.collect()).await.unwrap();
        let all = tx.all(sql!("SELECT box, count FROM desk_count ORDER BY count"), args![]);
        for (n, row) in (0..).zip(all.await.unwrap()) {
            assert_eq!(row.get::<i64>("count").unwrap(), n);
            assert_eq!(row.get::<String>("box").unwrap(), format!("box {n}"));
        }
    }

    #[tokio::test]
    async fn bulk_inserts_every_row_once() {
        let dir = tempfile::tempdir().unwrap();
        let db = testing::sqlite(dir.path()).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let rows = (0..1_001_i64).map(|n| args![uuid::Uuid::from_u128(7), format!("box {n}"), n]);
        let insert = sql!("INSERT INTO desk_count (owner_id, box, count) VALUES ($1, $2, $3)");
        tx.bulk(insert, rows.collect()).await.unwrap();
        tx.commit().await.unwrap();
        let row = db
            .one(
                sql!(
                    "SELECT count(*) AS n, sum(count) AS total, count(DISTINCT box) AS boxes FROM desk_count"
                ),
                args![],
            )
            .await
            .unwrap();
        assert_eq!(row.get::<i64>("n").unwrap(), 1_001);
        assert_eq!(row.get::<i64>("boxes").unwrap(), 1_001);
        assert_eq!(row.get::<i64>("total").unwrap(), 500_500);
    }
}
