//! `vanthu signature verify`.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context as _;
use clap::Args;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use pdf_signature::{
    pki::{Evidence, Wanted},
    verify::{Report, Verdict},
};
use signing_providers::{
    EvidenceSource, Fetched,
    online::{Guarded, OnlineConfig},
};
use store::Clock;

use super::trust_folder;
use crate::{
    signing::{
        trust::OwnedContext,
        verdicts::{add, second, view, worker},
    },
    web::page::Fact,
};

/// Arguments of `vanthu signature verify`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Tệp PDF cần kiểm tra.
    file: PathBuf,
    /// Thư mục danh sách tin cậy: chứng thư gốc (PEM hoặc DER); chứng thư khác và CRL trong đó được dùng làm bằng chứng.
    #[arg(long, value_name = "DIR")]
    trust: Option<PathBuf>,
    /// Thời điểm kiểm tra, ví dụ 2026-01-08T08:00:00+07:00 hoặc 2026-01-08; mặc định là bây giờ.
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Timestamp>,
    /// Không truy cập mạng để lấy CRL, OCSP.
    #[arg(long)]
    offline: bool,
    /// In kết quả dạng JSON.
    #[arg(long)]
    json: bool,
}

/// Exit code of a file that could not be read.
const UNREADABLE: u8 = 3;
/// Files are never larger: the checker has a gigabyte of memory.
const MAX_FILE: u64 = 200 * 1024 * 1024;

/// A moment, or a day or hour of Viet Nam.
fn time(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap_or(TimeZone::UTC);
    text.parse::<DateTime>()
        .and_then(|local| local.to_zoned(zone))
        .map(|zoned| zoned.timestamp())
        .map_err(|_| "ghi thời điểm dạng 2026-01-08T08:00:00+07:00 hoặc 2026-01-08".to_owned())
}

/// Checks the file and says what was found.
pub async fn run(arguments: Arguments) -> ExitCode {
    match check(&arguments).await {
        Ok(report) => {
            print(&arguments, &report);
            ExitCode::from(exit_code(&report))
        }
        Err(error) => {
            eprintln!("Lỗi: {error:#}");
            ExitCode::from(UNREADABLE)
        }
    }
}

fn exit_code(report: &Report) -> u8 {
    match (&report.unreadable, report.verdict) {
        (Some(_), _) => UNREADABLE,
        (None, Verdict::TotalPassed) => 0,
        (None, Verdict::TotalFailed) => 1,
        (None, Verdict::Indeterminate) => 2,
    }
}

async fn check(arguments: &Arguments) -> anyhow::Result<Report> {
    let mut content = Vec::new();
    File::open(&arguments.file)
        .and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut content))
        .with_context(|| format!("Không đọc được tệp {}", arguments.file.display()))?;
    anyhow::ensure!(content.len() as u64 <= MAX_FILE, "Tệp quá lớn để kiểm tra");
    let now = arguments.at.unwrap_or_else(|| Clock::System.now());
    let mut basis = trust_folder::basis(arguments.trust.as_deref(), now)?;
    Ok(check_by(&mut basis, &content, arguments.offline).await?.report)
}

/// Checks a document in a process of its own, fetching what it asks for.
///
/// # Errors
/// When no process can be started.
pub async fn check_by(
    basis: &mut OwnedContext,
    content: &[u8],
    offline: bool,
) -> anyhow::Result<worker::Found> {
    let program = std::env::current_exe()?;
    let found = worker::in_process(program.clone(), basis, content).await?;
    if offline || found.wanted.is_empty() {
        return Ok(found);
    }
    let fetched = fetch(&found.wanted).await;
    if add(Arc::make_mut(&mut basis.evidence), fetched) {
        return Ok(worker::in_process(program, basis, content).await?);
    }
    Ok(found)
}

/// Fetches what it can. The addresses come from chains that end in the trust list; the guard refuses private networks.
async fn fetch(wanted: &[Wanted]) -> Evidence {
    let hosts = wanted
        .iter()
        .filter_map(|one| url::Url::parse(one.url()).ok()?.host_str().map(str::to_owned))
        .collect();
    let mut evidence = Evidence::default();
    let source = match Guarded::open(&OnlineConfig {
        hosts,
        ..OnlineConfig::default()
    }) {
        Ok(source) => source,
        Err(error) => {
            eprintln!("Không truy cập được mạng: {error}");
            return evidence;
        }
    };
    for one in wanted {
        match source.fetch(one).await {
            Ok(Fetched::Crl(der)) => evidence.crls.push(der),
            Ok(Fetched::Ocsp(der)) => evidence.ocsps.push(der),
            Ok(Fetched::Certificates(all)) => evidence.certificates.extend(all),
            Err(error) => eprintln!("Không lấy được {}: {error}", one.url()),
        }
    }
    evidence
}

fn print(arguments: &Arguments, report: &Report) {
    if arguments.json {
        match serde_json::to_string_pretty(report) {
            Ok(text) => println!("{text}"),
            Err(error) => eprintln!("Lỗi: {error}"),
        }
    } else {
        println!("{}", in_words(report, &arguments.file));
    }
}

/// The report as people read it on a terminal.
fn in_words(report: &Report, file: &Path) -> String {
    let shown = view(report, &file.display().to_string(), "", "");
    let mut lines = vec![
        format!("{}: {}", shown.name, shown.headline.label),
        shown.sentence,
    ];
    lines.extend(shown.warnings.iter().map(|warning| format!("Lưu ý: {warning}")));
    let fact = |fact: &Fact| (!fact.value.is_empty()).then(|| format!("    {}: {}", fact.label, fact.value));
    for one in &shown.signatures {
        lines.push(String::new());
        lines.push(format!("{}: {} – {}", one.title, one.signer, one.badge.label));
        if !one.reason.is_empty() {
            lines.push(format!("  Lý do: {} {}", one.reason, one.code));
        }
        lines.extend(one.notes.iter().map(|note| format!("  {note}")));
        for group in &one.groups {
            lines.push(format!("  {}", group.title));
            lines.extend(group.facts.iter().filter_map(fact));
        }
    }
    lines.push(String::new());
    lines.push(format!(
        "Kiểm tra lúc {}, theo {}.",
        second(report.checked_at),
        report.trust_list_version
    ));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_moment_or_a_day_of_viet_nam() {
        let moment: Timestamp = "2026-01-08T01:00:00Z".parse().unwrap();
        for text in [
            "2026-01-08T01:00:00Z",
            "2026-01-08T08:00:00+07:00",
            "2026-01-08T08:00",
        ] {
            assert_eq!(time(text).unwrap(), moment, "{text}");
        }
        assert_eq!(
            time("2026-01-08").unwrap(),
            "2026-01-07T17:00:00Z".parse::<Timestamp>().unwrap()
        );
        assert!(time("hôm qua").is_err());
    }
}
