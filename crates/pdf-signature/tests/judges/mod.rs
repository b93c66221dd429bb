//! The judges: programs that share no code with ours and say whether a signed document is good. `make test` installs them
//! (`scripts/install.sh test`); one that is missing makes a test fail, because a skipped judgement proves nothing.
//!
//! - pyHanko: cryptography, trust, coverage, level of later changes, ETSI EN 319 102-1 (`judge.py`)
//! - pdfsig (poppler): the cryptography alone; it does not look at later changes
//! - qpdf: the structure of the file; pdftotext, pdffonts, pdftoppm: what a reader sees
//! - openssl: time stamps
//!
//! Documents that other programs made come from `documents.py`, signed by pyHanko from `foreign.py`.

#![allow(
    dead_code,
    reason = "every test file takes this module and needs a part of it"
)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

pub mod corpus;

use std::{
    ffi::OsStr,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

/// The build folder, where the judges' Python and the cached corpus lie. Cargo names it to tests in files of their own; those beside the code
/// that they test find it in the workspace.
fn target() -> PathBuf {
    option_env!("CARGO_TARGET_TMPDIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        |folder| Path::new(folder).join(".."),
    )
}

fn python() -> PathBuf {
    let python = std::env::var_os("JUDGES_PYTHON")
        .map_or_else(|| target().join("judges-venv/bin/python"), PathBuf::from);
    assert!(
        python.exists(),
        "the judges are not installed: run `make install-tools` ({} is missing)",
        python.display()
    );
    python
}

/// Where the scripts of this module lie, also for tests of other crates that take it.
fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../pdf-signature/tests/judges")
}

/// Runs a judge and returns what it said, whatever its exit code.
fn run<I: AsRef<OsStr>>(program: &str, arguments: &[I]) -> Output {
    Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| {
            panic!("{program} is a judge of these tests: run `make install-tools` ({error})")
        })
}

/// Runs a script of this folder with `input` and returns its standard output.
fn run_python(script: &str, arguments: &[&OsStr], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(python())
        .arg("-W")
        .arg("ignore")
        .arg(scripts().join(script))
        .args(arguments)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let written = writer.join().unwrap();
    assert!(
        output.status.success() && written.is_ok(),
        "{script}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// What pyHanko is asked about one document.
#[derive(Clone)]
pub struct Question<'a> {
    pub pdf: &'a [u8],
    pub roots: Vec<Vec<u8>>,
    pub certificates: Vec<Vec<u8>>,
    pub crls: Vec<Vec<u8>>,
    pub ocsps: Vec<Vec<u8>>,
    /// ISO time of judgement.
    pub at: String,
    /// Also what the document itself carries (DSS) is evidence.
    pub dss: bool,
    /// pyHanko refuses hybrid files in its strict mode.
    pub lenient: bool,
    /// Also validate by ETSI EN 319 102-1.
    pub ades: bool,
}

#[derive(Serialize)]
struct Asked {
    file: PathBuf,
    roots: Vec<String>,
    certificates: Vec<String>,
    crls: Vec<String>,
    ocsps: Vec<String>,
    at: String,
    dss: bool,
    lenient: bool,
    ades: bool,
    revocation: &'static str,
}

/// pyHanko's word on a document; `error` when it could not even be read.
#[derive(Clone, Debug, Deserialize)]
pub struct Answer {
    pub error: Option<String>,
    pub signatures: Vec<Judged>,
}

impl Answer {
    /// Readable, at least one signature, and each of them good.
    pub fn all_good(&self) -> bool {
        self.error.is_none()
            && !self.signatures.is_empty()
            && self.signatures.iter().all(|one| one.bottom_line)
    }
}

/// pyHanko's word on one signature.
#[derive(Clone, Debug, Deserialize)]
pub struct Judged {
    pub field: String,
    /// `signature` or `timestamp`.
    pub kind: String,
    pub intact: bool,
    pub valid: bool,
    pub trusted: bool,
    pub bottom_line: bool,
    /// `ENTIRE_FILE`, `ENTIRE_REVISION`, …
    pub coverage: Option<String>,
    /// `NONE`, `LTA_UPDATES`, `FORM_FILLING`, `ANNOTATIONS`, `OTHER`.
    pub modification_level: Option<String>,
    pub docmdp_ok: Option<bool>,
    pub signer: Option<String>,
    pub digest: Option<String>,
    pub mechanism: Option<String>,
    pub problem: String,
    pub timestamp: Option<JudgedTimestamp>,
    pub ades: Option<Ades>,
    pub error: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct JudgedTimestamp {
    pub intact: bool,
    pub valid: bool,
    pub trusted: bool,
    pub bottom_line: bool,
    pub time: String,
}

/// The result by ETSI EN 319 102-1: `PASSED`, `INDETERMINATE`, `FAILED`, or `ERROR` of the judge.
#[derive(Clone, Debug, Deserialize)]
pub struct Ades {
    pub status: String,
    pub sub: String,
    pub message: String,
}

/// Asks pyHanko about all of them in one process, because starting it takes a second.
pub fn pyhanko(questions: &[Question<'_>]) -> Vec<Answer> {
    let folder = tempfile::tempdir().unwrap();
    let base64 = |list: &[Vec<u8>]| list.iter().map(|der| BASE64_STANDARD.encode(der)).collect();
    let asked: Vec<Asked> = questions
        .iter()
        .enumerate()
        .map(|(number, question)| {
            let file = folder.path().join(format!("{number}.pdf"));
            std::fs::write(&file, question.pdf).unwrap();
            Asked {
                file,
                roots: base64(&question.roots),
                certificates: base64(&question.certificates),
                crls: base64(&question.crls),
                ocsps: base64(&question.ocsps),
                at: question.at.clone(),
                dss: question.dss,
                lenient: question.lenient,
                ades: question.ades,
                revocation: "require",
            }
        })
        .collect();
    let answers = run_python("judge.py", &[], &serde_json::to_vec(&asked).unwrap());
    serde_json::from_slice(&answers).unwrap()
}

/// A time stamp of a document and the bytes that it is over, as pyHanko finds them.
pub struct Token {
    pub field: String,
    pub token: Vec<u8>,
    pub data: Vec<u8>,
}

/// The time stamps of a document: over signatures, and over the document.
pub fn tokens(pdf: &[u8]) -> Vec<Token> {
    #[derive(Deserialize)]
    struct Found {
        field: String,
        token: String,
        data: String,
    }
    let file = written(pdf);
    let found: Vec<Found> =
        serde_json::from_slice(&run_python("tokens.py", &[file.path().as_os_str()], b"")).unwrap();
    found
        .into_iter()
        .map(|one| Token {
            field: one.field,
            token: BASE64_STANDARD.decode(one.token).unwrap(),
            data: BASE64_STANDARD.decode(one.data).unwrap(),
        })
        .collect()
}

/// What pdfsig says of one signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pdfsig {
    pub field: String,
    pub kind: String,
    /// "Signature is Valid."
    pub valid: bool,
    /// "Total document signed"
    pub total: bool,
}

/// Asks pdfsig: is the cryptography right? Trust is not asked, as it has no trust list here.
pub fn pdfsig(pdf: &[u8]) -> Vec<Pdfsig> {
    let file = written(pdf);
    let output = run("pdfsig", &[OsStr::new("-nocert"), file.path().as_os_str()]);
    let mut out: Vec<Pdfsig> = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        if line.starts_with("Signature #") {
            out.push(Pdfsig::default());
        }
        let Some(last) = out.last_mut() else { continue };
        let line = line.trim().trim_start_matches("- ");
        if let Some(field) = line.strip_prefix("Signature Field Name: ") {
            field.clone_into(&mut last.field);
        } else if let Some(kind) = line.strip_prefix("Signature Type: ") {
            kind.clone_into(&mut last.kind);
        } else if line == "Signature Validation: Signature is Valid." {
            last.valid = true;
        } else if line == "Total document signed" {
            last.total = true;
        }
    }
    out
}

/// Errors and warnings of `qpdf --check`.
pub fn qpdf_complaints(pdf: &[u8]) -> Vec<String> {
    let file = written(pdf);
    let output = run("qpdf", &[OsStr::new("--check"), file.path().as_os_str()]);
    let name = file.path().display().to_string();
    String::from_utf8_lossy(&output.stderr)
        .lines()
        .map(|line| line.replace(&name, ""))
        .filter(|line| !line.trim().is_empty() && !line.contains("operation succeeded"))
        .collect()
}

/// The text of one page as pdftotext reads it, with its layout.
pub fn text_of_page(pdf: &[u8], page: u32) -> String {
    let file = written(pdf);
    let page = page.to_string();
    let arguments = [
        OsStr::new("-layout"),
        OsStr::new("-f"),
        OsStr::new(&page),
        OsStr::new("-l"),
        OsStr::new(&page),
        file.path().as_os_str(),
        OsStr::new("-"),
    ];
    let output = run("pdftotext", &arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Fonts of a document with whether they are embedded, by pdffonts (which also looks into appearances).
pub fn fonts(pdf: &[u8]) -> Vec<(String, bool)> {
    let file = written(pdf);
    let output = run("pdffonts", &[file.path().as_os_str()]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines = text.lines();
    let header = lines.next().unwrap_or_default();
    let embedded = header.find("emb").unwrap_or_default();
    lines
        .skip(1)
        .map(|line| {
            let name = line.split_whitespace().next().unwrap_or_default().to_owned();
            let is_embedded = line.get(embedded..).is_some_and(|rest| rest.starts_with("yes"));
            (name, is_embedded)
        })
        .collect()
}

/// The page as a picture, by pdftoppm: width, height, and red, green, blue of every pixel.
pub fn picture(pdf: &[u8], page: u32, dpi: u32) -> (usize, usize, Vec<[u8; 3]>) {
    let file = written(pdf);
    let (page, dpi) = (page.to_string(), dpi.to_string());
    let arguments = [
        OsStr::new("-r"),
        OsStr::new(&dpi),
        OsStr::new("-f"),
        OsStr::new(&page),
        OsStr::new("-l"),
        OsStr::new(&page),
        file.path().as_os_str(),
    ];
    let output = run("pdftoppm", &arguments);
    // P6, width, height, 255, one white space, then the pixels.
    let mut rest = output.stdout.as_slice();
    let mut numbers = Vec::new();
    while numbers.len() < 4 {
        let end = rest.iter().position(u8::is_ascii_whitespace).unwrap();
        numbers.push(String::from_utf8_lossy(&rest[..end]).into_owned());
        rest = &rest[end + 1..];
    }
    let pixels = rest
        .chunks_exact(3)
        .map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();
    (numbers[1].parse().unwrap(), numbers[2].parse().unwrap(), pixels)
}

/// Whether `openssl ts -verify` accepts a time stamp token over `data`, trusting `root` (DER), with the certificates between.
pub fn openssl_accepts_token(
    token: &[u8],
    data: &[u8],
    root: &[u8],
    between: &[Vec<u8>],
    at_unix: i64,
) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("token"), token).unwrap();
    std::fs::write(path("data"), data).unwrap();
    std::fs::write(path("root.pem"), pem(root)).unwrap();
    std::fs::write(
        path("between.pem"),
        between.iter().map(|der| pem(der)).collect::<String>(),
    )
    .unwrap();
    let mut arguments: Vec<String> = ["ts", "-verify", "-token_in"].map(str::to_owned).to_vec();
    for (option, name) in [("-in", "token"), ("-data", "data"), ("-CAfile", "root.pem")] {
        arguments.extend([option.to_owned(), path(name).display().to_string()]);
    }
    if !between.is_empty() {
        arguments.extend(["-untrusted".to_owned(), path("between.pem").display().to_string()]);
    }
    arguments.extend(["-attime".to_owned(), at_unix.to_string()]);
    let output = run("openssl", &arguments);
    String::from_utf8_lossy(&output.stdout).contains("Verification: OK")
}

/// A certificate in the form that command-line tools read.
pub fn pem(der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

fn written(pdf: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".pdf").tempfile().unwrap();
    file.write_all(pdf).unwrap();
    file.flush().unwrap();
    file
}
