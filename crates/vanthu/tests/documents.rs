//! Keeps the documents usable: links lead somewhere, and the glossary knows every chapter of the rules.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Markdown files of the repository's root and of `docs/`.
fn documents() -> io::Result<Vec<PathBuf>> {
    let mut folders = vec![repository().join("docs")];
    let mut found = Vec::new();
    for entry in fs::read_dir(repository())? {
        found.push(entry?.path());
    }
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    Ok(found)
}

/// The targets of `[text](target)` that are files of the repository.
fn local_links(markdown: &str) -> Vec<&str> {
    markdown
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .map(|target| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .collect()
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let mut broken = Vec::new();
    let mut seen = 0;
    for document in documents().unwrap() {
        let text = fs::read_to_string(&document).unwrap();
        for target in local_links(&text) {
            seen += 1;
            if !document.with_file_name(target).exists() {
                broken.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(
        seen > 20,
        "only {seen} links were found: does the reader of links still work?"
    );
    assert!(broken.is_empty(), "broken links:\n{}", broken.join("\n"));
}

#[test]
fn the_glossary_knows_every_chapter_of_the_rules() {
    let library = fs::read_to_string(repository().join("crates/rules/src/lib.rs")).unwrap();
    let glossary = fs::read_to_string(repository().join("docs/glossary.md")).unwrap();
    let chapters: Vec<&str> = library
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    assert!(
        chapters.contains(&"incoming"),
        "the chapters were not found: {chapters:?}"
    );
    let missing: Vec<&str> = chapters
        .into_iter()
        .filter(|name| !glossary.contains(&format!("`rules::{name}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/glossary.md has no line for rules::{missing:?}"
    );
}

#[test]
fn links_are_read_from_markdown() {
    let text = "[a](b.md) and [c](https://x.vn) [d](../e/f.md#part) [g](#here)";
    assert_eq!(local_links(text), ["b.md", "../e/f.md"]);
}
