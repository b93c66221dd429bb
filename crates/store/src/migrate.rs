//! Migrations: one tree of SQL for both databases.
//!
//! The two dialects differ in a few words of DDL. Those words are written with an `@` and replaced when the
//! migration is applied; what only one database knows stands between `-- @sqlite` / `-- @postgres` and `-- @end`.
//! Migrations are append-only: a checksum is kept, and an edited one is refused.

use std::borrow::Cow;

use sqlx::{
    AssertSqlSafe, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

use crate::{Db, Error, Result, args, sql};

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "foundation", include_str!("../migrations/0001_foundation.sql")),
    (2, "signing", include_str!("../migrations/0002_signing.sql")),
    (3, "trust", include_str!("../migrations/0003_trust.sql")),
    (4, "verdicts", include_str!("../migrations/0004_verdicts.sql")),
    (5, "exchange", include_str!("../migrations/0005_exchange.sql")),
    (6, "handling", include_str!("../migrations/0006_handling.sql")),
    (
        7,
        "outgoing_depth",
        include_str!("../migrations/0007_outgoing_depth.sql"),
    ),
    (8, "intake", include_str!("../migrations/0008_intake.sql")),
    (
        9,
        "submission_slips",
        include_str!("../migrations/0009_submission_slips.sql"),
    ),
    (
        10,
        "mail_and_envelopes",
        include_str!("../migrations/0010_mail_and_envelopes.sql"),
    ),
    (
        11,
        "delegation_and_units",
        include_str!("../migrations/0011_delegation_and_units.sql"),
    ),
    (
        12,
        "statuses_in_the_queue",
        include_str!("../migrations/0012_statuses_in_the_queue.sql"),
    ),
    (
        13,
        "electronic_copies",
        include_str!("../migrations/0013_electronic_copies.sql"),
    ),
    (
        14,
        "signed_slips",
        include_str!("../migrations/0014_signed_slips.sql"),
    ),
    (
        15,
        "free_held_numbers",
        include_str!("../migrations/0015_free_held_numbers.sql"),
    ),
    (
        16,
        "void_copies",
        include_str!("../migrations/0016_void_copies.sql"),
    ),
    (
        17,
        "key_uses_and_slip_rounds",
        include_str!("../migrations/0017_key_uses_and_slip_rounds.sql"),
    ),
    (
        18,
        "sets_in_use",
        include_str!("../migrations/0018_sets_in_use.sql"),
    ),
    (
        19,
        "paper_beside",
        include_str!("../migrations/0019_paper_beside.sql"),
    ),
    (
        20,
        "document_links",
        include_str!("../migrations/0020_document_links.sql"),
    ),
    (
        21,
        "recipient_groups",
        include_str!("../migrations/0021_recipient_groups.sql"),
    ),
    (
        22,
        "packets_in_doubt",
        include_str!("../migrations/0022_packets_in_doubt.sql"),
    ),
];

impl Db {
    /// Brings the schema up to this program's version. Several nodes may call it at once.
    ///
    /// # Errors
    /// When a migration fails, was edited after it was applied, or the database is newer than the program.
    pub async fn migrate(&self) -> Result<()> {
        let migrations = MIGRATIONS
            .iter()
            .map(|(version, name, text)| {
                let text = dialect(text, self.is_postgres());
                let sql = AssertSqlSafe(text).into_sql_str();
                Migration::new(*version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
            })
            .collect();
        let migrator = Migrator::with_migrations(migrations);
        match self {
            Self::Sqlite { write, .. } => migrator.run(write).await?,
            Self::Postgres(pool) => migrator.run(pool).await?,
        }
        Ok(())
    }
}

impl Db {
    /// Whether the schema is the one of this program; changes nothing.
    ///
    /// # Errors
    /// [`Error::Schema`] when it is older or newer, or was never made.
    pub async fn check_schema(&self) -> Result<()> {
        let other = |found: i64| {
            Error::Schema(format!(
                "Cơ sở dữ liệu ở phiên bản {found}, chương trình ở phiên bản {}. Không có gì thay đổi: sao lưu rồi chạy “vanthu migrate”, hoặc dùng chương trình đúng phiên bản.",
                MIGRATIONS.last().map_or(0, |(version, ..)| *version)
            ))
        };
        let applied = self
            .all(
                sql!("SELECT version FROM _sqlx_migrations ORDER BY version"),
                args![],
            )
            .await
            .map_err(|_| other(0))?;
        let versions = applied
            .iter()
            .map(|row| row.get::<i64>("version"))
            .collect::<Result<Vec<_>>>()?;
        if versions.iter().eq(MIGRATIONS.iter().map(|(version, ..)| version)) {
            Ok(())
        } else {
            Err(other(versions.last().copied().unwrap_or(0)))
        }
    }
}

/// Turns the common text into the dialect of one database.
fn dialect(text: &str, postgres: bool) -> String {
    let (own, other) = if postgres {
        ("-- @postgres", "-- @sqlite")
    } else {
        ("-- @sqlite", "-- @postgres")
    };
    let mut out = String::with_capacity(text.len());
    let mut skipping = false;
    for line in text.lines() {
        match line.trim() {
            mark if mark == other => skipping = true,
            mark if mark == own || mark == "-- @end" => skipping = false,
            _ if !skipping => {
                out.push_str(line);
                out.push('\n');
            }
            _ => {}
        }
    }
    let words: &[(&str, &str)] = if postgres {
        &[
            ("@seq", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"),
            ("@id", "UUID"),
            ("@int", "BIGINT"),
            ("@text", "TEXT COLLATE \"C\""),
            ("@bytes", "BYTEA"),
            ("@strict, @rowless", ""),
            ("@strict", ""),
        ]
    } else {
        &[
            ("@seq", "INTEGER PRIMARY KEY AUTOINCREMENT"),
            ("@id", "BLOB"),
            ("@int", "INTEGER"),
            ("@text", "TEXT"),
            ("@bytes", "BLOB"),
            ("@strict, @rowless", "STRICT, WITHOUT ROWID"),
            ("@strict", "STRICT"),
        ]
    };
    words
        .iter()
        .fold(out, |text, (word, with)| text.replace(word, with))
}
