//! Every statement of the program is prepared on both databases: what the compiler cannot check is checked here.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use store::{Db, Options};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The string literals given to `sql!(…)` in a source file.
fn statements(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("sql!(") {
        if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue; // sql_postgres!, macro_rules! and the like
        }
        let rest = text[at + "sql!(".len()..].trim_start();
        let Some(rest) = rest.strip_prefix('"') else {
            continue;
        };
        let mut literal = String::new();
        let mut chars = rest.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => match chars.next() {
                    Some('\n') => {
                        let mut ahead = chars.clone();
                        while ahead.next().is_some_and(char::is_whitespace) {
                            chars.next();
                        }
                    }
                    Some(escaped) => literal.push(escaped),
                    None => break,
                },
                other => literal.push(other),
            }
        }
        found.push(literal);
    }
    found
}

fn all_statements() -> Vec<(PathBuf, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for name in ["store", "vanthu"] {
        sources(&crates.join(name).join("src"), &mut files);
    }
    let mut all = Vec::new();
    for file in files {
        for statement in statements(&fs::read_to_string(&file).unwrap()) {
            all.push((file.clone(), statement));
        }
    }
    all
}

async fn prepare_all(db: &Db, name: &str) {
    let mut refused = Vec::new();
    for (file, statement) in all_statements() {
        if let Err(error) = db.prepare(&statement).await {
            refused.push(format!("{}: {error}\n    {statement}", file.display()));
        }
    }
    assert!(refused.is_empty(), "{name} refuses:\n{}", refused.join("\n"));
}

#[test]
fn the_statements_are_found() {
    let all = all_statements();
    assert!(all.len() > 60, "only {} statements found", all.len());
    assert!(
        all.iter().all(|(_, text)| text.contains(' ')),
        "a statement was not read whole"
    );
}

#[tokio::test]
async fn every_statement_is_prepared_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let db = store::testing::sqlite(folder.path()).await.unwrap();
    prepare_all(&db, "SQLite").await;
}

#[tokio::test]
async fn every_statement_is_prepared_on_postgres() {
    let Some(server) = store::testing::postgres_server() else {
        return;
    };
    let address = store::testing::postgres_address(&server, "vanthu_statements")
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
    prepare_all(&db, "PostgreSQL").await;
}
