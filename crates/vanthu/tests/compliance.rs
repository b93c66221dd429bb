//! Keeps `docs/compliance.md` honest: every article of the regulation has a row, every named test and module
//! exists, and a row without a test cannot claim that anything works.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

/// The regulation of Quyết định 01/2022/QĐ-UBND has 23 articles.
const ARTICLES: std::ops::RangeInclusive<u32> = 1..=23;

/// One row of the table.
#[derive(Debug)]
struct Row {
    clause: String,
    modules: Vec<String>,
    tests: Vec<String>,
    state: String,
}

/// The rows of every table whose first cell begins with the number of an article.
fn rows(markdown: &str) -> Vec<Row> {
    markdown
        .lines()
        .filter(|line| line.starts_with('|'))
        .filter_map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [clause, _requirement, modules, tests, state] = cells[..] else {
                return None;
            };
            article(clause)?;
            Some(Row {
                clause: clause.to_owned(),
                modules: quoted(modules),
                tests: quoted(tests),
                state: state.to_owned(),
            })
        })
        .collect()
}

/// The rows of the table of what failed elsewhere: its first cell names the system and the number of the report.
fn failures(markdown: &str) -> Vec<Row> {
    markdown
        .lines()
        .skip_while(|line| !line.starts_with("| Failure |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [failure, _must_hold, modules, tests, state] = cells[..] else {
                return None;
            };
            Some(Row {
                clause: failure.to_owned(),
                modules: quoted(modules),
                tests: quoted(tests),
                state: state.to_owned(),
            })
        })
        .collect()
}

/// The rows of the tables of criteria: id, what, tests, state.
fn criteria(markdown: &str) -> Vec<Row> {
    markdown
        .lines()
        .filter(|line| line.starts_with("| CN-") || line.starts_with("| MD-"))
        .filter_map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [id, _what, tests, state] = cells[..] else {
                return None;
            };
            Some(Row {
                clause: id.to_owned(),
                modules: Vec::new(),
                tests: quoted(tests),
                state: state.to_owned(),
            })
        })
        .collect()
}

/// Whether a test of the row carries its id in its name: CN-201 → `cn_201`. What is planned has no test.
fn carries_its_id(row: &Row) -> bool {
    let id = row.clause.to_lowercase().replace('-', "_");
    row.state.starts_with("planned") || row.tests.iter().any(|test| test.contains(&id))
}

/// The article of a clause: `8.4` → 8.
fn article(clause: &str) -> Option<u32> {
    let digits: String = clause.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Everything between back quotes.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The names of the Rust test functions in `source`: a function with an attribute that speaks of tests.
fn rust_tests(source: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            is_test |= line.starts_with("#[test]") || line.contains("::test") || line.starts_with("#[rstest");
        } else if let Some(rest) = line
            .trim_start_matches("pub ")
            .trim_start_matches("async ")
            .strip_prefix("fn ")
        {
            if is_test {
                names.extend(rest.split(['(', '<']).next().map(|name| name.trim().to_owned()));
            }
            is_test = false;
        }
    }
    names
}

/// The titles of the browser scenarios in `source`: `test('title', …)`.
fn scenario_titles(source: &str) -> BTreeSet<String> {
    let mut titles = BTreeSet::new();
    for start in ["test(", "it("] {
        for (at, _) in source.match_indices(start) {
            let rest = &source[at + start.len()..];
            if let Some(quote @ ('\'' | '"' | '`')) = rest.chars().next() {
                // A title that goes on with a value counts by its fixed beginning.
                let title = rest[1..].split(quote).next().unwrap_or_default();
                titles.extend(title.split("${").next().map(str::to_owned));
            }
        }
    }
    titles
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Calls `visit` with the text of every file below `folder` whose name ends with `ending`.
fn each_file(folder: &Path, ending: &str, visit: &mut dyn FnMut(&str)) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !matches!(&*name, "node_modules" | "target" | "dist" | "out") {
                each_file(&path, ending, visit)?;
            }
        } else if name.ends_with(ending) {
            visit(&fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// What is wrong with the table, one sentence each.
fn complaints(rows: &[Row], tests: &BTreeSet<String>, exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut out = Vec::new();
    for wanted in ARTICLES {
        if !rows.iter().any(|row| article(&row.clause) == Some(wanted)) {
            out.push(format!("Điều {wanted} has no row"));
        }
    }
    complaints_of(rows, tests, exists, &mut out);
    out
}

fn complaints_of(
    rows: &[Row],
    tests: &BTreeSet<String>,
    exists: &dyn Fn(&str) -> bool,
    out: &mut Vec<String>,
) {
    for row in rows {
        let clause = &row.clause;
        for test in row.tests.iter().filter(|test| !tests.contains(*test)) {
            out.push(format!(
                "Điều {clause} names the test `{test}`, which does not exist"
            ));
        }
        for module in row.modules.iter().filter(|module| !exists(module)) {
            out.push(format!("Điều {clause} names `{module}`, which does not exist"));
        }
        match row.state.split([':', ' ']).next() {
            Some("done" | "partly") if row.tests.is_empty() => {
                out.push(format!("Điều {clause} is “{}” without a test", row.state));
            }
            Some("partly" | "planned") if !row.state.contains(": ") => {
                out.push(format!(
                    "Điều {clause} does not say what is left: “{}”",
                    row.state
                ));
            }
            Some("done" | "partly" | "planned") => {}
            _ => out.push(format!("Điều {clause} has an unknown state: “{}”", row.state)),
        }
    }
}

#[test]
fn every_article_has_a_row_and_every_named_test_exists() {
    let root = repository();
    let table = fs::read_to_string(root.join("docs/compliance.md")).unwrap();
    let mut tests = BTreeSet::new();
    each_file(&root.join("crates"), ".rs", &mut |source| {
        tests.append(&mut rust_tests(source));
    })
    .unwrap();
    each_file(&root.join("e2e"), ".test.mjs", &mut |source| {
        tests.append(&mut scenario_titles(source));
    })
    .unwrap();
    let exists = |path: &str| root.join(path).exists();
    let mut found = complaints(&rows(&table), &tests, &exists);
    let failures = failures(&table);
    assert!(failures.len() >= 6, "only {} failures of others", failures.len());
    complaints_of(&failures, &tests, &exists, &mut found);
    let criteria = criteria(&table);
    assert!(criteria.len() >= 74, "only {} criteria", criteria.len());
    complaints_of(&criteria, &tests, &exists, &mut found);
    for row in criteria.iter().filter(|row| !carries_its_id(row)) {
        found.push(format!("no test of {} carries its id", row.clause));
    }
    for row in &failures {
        // A row that is done carries its report in the name of a test.
        let number = row
            .clause
            .split('#')
            .nth(1)
            .and_then(|rest| rest.split([',', ' ']).next());
        let is_named = number.is_none_or(|number| row.tests.iter().any(|test| test.contains(number)));
        if !is_named && !row.tests.iter().any(|test| test.starts_with("cn_805")) {
            found.push(format!("no test of {} carries its number", row.clause));
        }
    }
    assert!(found.is_empty(), "docs/compliance.md:\n{}", found.join("\n"));
}

#[test]
fn a_wrong_table_is_refused_line_by_line() {
    let mut table = String::from("| Điều | Requirement | Module | Tests | State |\n|---|---|---|---|---|\n");
    for number in ARTICLES.filter(|number| *number != 22) {
        table += &format!("| {number} | … | | | planned: later |\n");
    }
    table += "| 8.4 | … | `gone.rs` | `no_such_test` | done |\n";
    table += "| 9.1 | … | | | done |\n";
    table += "| 13.1a | … | | `a_test`, `đi trọn vòng` | partly |\n";
    table += "| 14.1 | … | | | soon |\n";
    let tests = ["a_test", "đi trọn vòng"].map(str::to_owned).into();
    let found = complaints(&rows(&table), &tests, &|_| false);
    assert_eq!(
        found,
        [
            "Điều 22 has no row",
            "Điều 8.4 names the test `no_such_test`, which does not exist",
            "Điều 8.4 names `gone.rs`, which does not exist",
            "Điều 9.1 is “done” without a test",
            "Điều 13.1a does not say what is left: “partly”",
            "Điều 14.1 has an unknown state: “soon”",
        ]
    );
}

#[test]
fn a_criterion_needs_a_test_that_carries_its_id() {
    let table = "| Id | What | Tests | State |\n|---|---|---|---|\n\
                 | CN-201 | … | `nd30_10_cn_201_a_test` | done |\n| CN-202 | … | `cn_201_a_test` | partly: … |\n\
                 | MD-22 | … | | planned: later |\n| CN-203 | a row of another shape |\n";
    let rows = criteria(table);
    let without: Vec<&str> = rows
        .iter()
        .filter(|row| !carries_its_id(row))
        .map(|row| row.clause.as_str())
        .collect();
    assert_eq!((rows.len(), without), (3, vec!["CN-202"]));
}

#[test]
fn tests_are_told_from_other_functions() {
    let source = "fn helper() {}\n#[test]\n#[should_panic]\nfn plain() {}\n#[tokio::test]\nasync fn waits() {}\n\
                  #[rstest]\n#[case(1)]\nfn table(#[case] n: u8) {}\n#[derive(Debug)]\nstruct X;\nfn other() {}";
    assert_eq!(
        rust_tests(source),
        ["plain", "table", "waits"].map(str::to_owned).into()
    );
    let source = "test('một văn bản', async () => {});\nit(\"hai\", f);\nlatest(x);\ntest(`ba${n}`, f);";
    assert_eq!(
        scenario_titles(source),
        ["một văn bản", "hai", "ba"].map(str::to_owned).into()
    );
}
