//! `vanthu evidence`: check a bundle with no server.

use std::{fs::File, io::BufReader, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Subcommand;
use store::journal::Mark;

use crate::exchange::evidence;

/// Exit code for a file that is no bundle.
const UNREADABLE: u8 = 3;

/// What to do with a bundle.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Kiểm tra gói chứng cứ gửi, nhận văn bản; không cần máy chủ, không cần mạng.
    Verify {
        /// Gói chứng cứ (.zip).
        file: PathBuf,
        /// Mốc đối chiếu giữ ở nơi khác: mã băm của một niêm phong, có thể kèm số của nó.
        #[arg(long, value_name = "MÃ_BĂM[:SỐ]")]
        head: Option<Mark>,
        /// In kết quả dạng JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Exit code 0 when everything holds, 1 when something does not, 3 when the file is no bundle.
pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Verify { file, head, json } = command;
    let input =
        BufReader::new(File::open(&file).with_context(|| format!("không đọc được {}", file.display()))?);
    let report = match evidence::verify(input, head.as_ref()) {
        Ok(report) => report,
        Err(sentence) => {
            eprintln!("Không kiểm tra được: {sentence}");
            return Ok(ExitCode::from(UNREADABLE));
        }
    };
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", in_words(&report));
    }
    Ok(if report.is_whole() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn in_words(report: &evidence::Report) -> String {
    let about = &report.manifest;
    let mut lines = vec![
        format!("Văn bản {} – {}", about.number_and_symbol, about.subject),
        format!("Bên gửi: {}", about.sender.name),
        format!("Bên nhận: {}", about.recipient.name),
    ];
    lines.extend(report.findings.iter().map(|finding| {
        let mark = if finding.holds { "✓" } else { "✗" };
        format!("{mark} {}: {}", finding.what, finding.detail)
    }));
    lines.push(if report.is_whole() {
        "Gói chứng cứ NGUYÊN VẸN.".to_owned()
    } else {
        "Gói chứng cứ KHÔNG nguyên vẹn.".to_owned()
    });
    if report.has_mark.is_none() {
        lines.push(
            "Không có mốc đối chiếu (--head): các phần khớp với nhau, nhưng chưa loại trừ được việc viết lại toàn bộ.".to_owned(),
        );
    }
    lines.join("\n") + "\n"
}
