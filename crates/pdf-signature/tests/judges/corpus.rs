//! Documents of other programs, made once for a version of the scripts and kept in the build folder.

use std::{
    collections::hash_map::DefaultHasher,
    fs::{self, File},
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::Deserialize;

/// One document signed by pyHanko, with the anchors and the evidence to judge it.
pub struct Foreign {
    pub name: String,
    /// `valid`, `doubt`, `broken`, `changed`.
    pub group: String,
    pub pdf: Vec<u8>,
    pub roots: Vec<Vec<u8>>,
    pub tsa_roots: Vec<Vec<u8>>,
    pub certificates: Vec<Vec<u8>>,
    pub crls: Vec<Vec<u8>>,
    pub ocsps: Vec<Vec<u8>>,
    pub at: Timestamp,
    /// A hybrid file, which pyHanko reads only when it is not strict.
    pub lenient: bool,
}

impl Foreign {
    /// The question to pyHanko that fits this document.
    pub fn question(&self) -> super::Question<'_> {
        super::Question {
            pdf: &self.pdf,
            roots: self.roots.iter().chain(&self.tsa_roots).cloned().collect(),
            certificates: self.certificates.clone(),
            crls: self.crls.clone(),
            ocsps: self.ocsps.clone(),
            at: self.at.to_string(),
            dss: true,
            lenient: self.lenient,
            ades: true,
        }
    }
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    group: String,
    file: String,
    roots: Vec<String>,
    tsa_roots: Vec<String>,
    certificates: Vec<String>,
    crls: Vec<String>,
    ocsps: Vec<String>,
    at: Timestamp,
    lenient: bool,
}

/// Documents signed by pyHanko of one group.
pub fn foreign(group: &str) -> Vec<Foreign> {
    let folder = made_by("foreign.py");
    let manifest = fs::read(folder.join("manifest.json")).unwrap();
    let entries: Vec<Entry> = serde_json::from_slice(&manifest).unwrap();
    let bytes = |list: Vec<String>| -> Vec<Vec<u8>> {
        list.iter()
            .map(|text| BASE64_STANDARD.decode(text).unwrap())
            .collect()
    };
    let found: Vec<Foreign> = entries
        .into_iter()
        .filter(|entry| entry.group == group)
        .map(|entry| Foreign {
            pdf: fs::read(folder.join(&entry.file)).unwrap(),
            name: entry.name,
            group: entry.group,
            roots: bytes(entry.roots),
            tsa_roots: bytes(entry.tsa_roots),
            certificates: bytes(entry.certificates),
            crls: bytes(entry.crls),
            ocsps: bytes(entry.ocsps),
            at: entry.at,
            lenient: entry.lenient,
        })
        .collect();
    assert!(!found.is_empty(), "no document of the group {group}");
    found
}

/// Unsigned documents of other programs, one for every structure of a file; the label says which.
pub fn documents() -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = fs::read_dir(made_by("documents.py"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pdf"))
        .map(|path| {
            let label = path.file_stem().unwrap().to_string_lossy().into_owned();
            (label, fs::read(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

/// What LibreOffice exports, as plain PDF and as PDF/A-2b.
pub fn libreoffice() -> Vec<(String, Vec<u8>)> {
    let folder = made_once("libreoffice", |folder| {
        let source = super::scripts().join("letter.fodt");
        for (name, filter) in LIBREOFFICE_EXPORTS {
            let exported = super::run(
                "soffice",
                &[
                    format!("-env:UserInstallation=file://{}/profile", folder.display()).as_ref(),
                    "--headless".as_ref(),
                    "--norestore".as_ref(),
                    "--convert-to".as_ref(),
                    filter.as_ref(),
                    "--outdir".as_ref(),
                    folder.as_os_str(),
                    source.as_os_str(),
                ],
            );
            let complaint = String::from_utf8_lossy(&exported.stderr);
            fs::rename(folder.join("letter.pdf"), folder.join(format!("{name}.pdf")))
                .unwrap_or_else(|error| panic!("soffice exported nothing: {error}: {complaint}"));
        }
    });
    LIBREOFFICE_EXPORTS
        .map(|(name, _)| {
            let pdf = fs::read(folder.join(format!("{name}.pdf"))).unwrap();
            (name.to_owned(), pdf)
        })
        .to_vec()
}

const LIBREOFFICE_EXPORTS: [(&str, &str); 2] = [
    ("libreoffice", "pdf"),
    (
        "libreoffice-pdfa",
        r#"pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}"#,
    ),
];

/// The folder that `script` filled.
fn made_by(script: &str) -> PathBuf {
    made_once(script, |folder| {
        super::run_python(script, &[folder.as_os_str()], b"");
    })
}

/// The folder that `make` filled. Tests run in many processes at once: the first one makes it, the others wait.
fn made_once(name: &str, make: impl FnOnce(&Path)) -> PathBuf {
    let cache = super::target().join("tmp/judges-corpus");
    fs::create_dir_all(&cache).unwrap();
    let folder = cache.join(format!("{name}-{:016x}", version()));
    let lock = File::create(cache.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    if !folder.join("complete").exists() {
        fs::create_dir_all(&folder).unwrap();
        make(&folder);
        fs::write(folder.join("complete"), b"").unwrap();
    }
    folder
}

/// Changes whenever a script or a pinned version of a library changes.
fn version() -> u64 {
    let mut hasher = DefaultHasher::new();
    let requirements = super::scripts().join("../../../../scripts/judges/requirements.txt");
    for name in [
        "changes.py",
        "documents.py",
        "foreign.py",
        "letter.fodt",
        "pki.py",
    ] {
        fs::read(super::scripts().join(name)).unwrap().hash(&mut hasher);
    }
    fs::read(requirements).unwrap().hash(&mut hasher);
    hasher.finish()
}
