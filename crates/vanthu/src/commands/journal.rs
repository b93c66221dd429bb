//! `vanthu journal`: export the sealed journal, and check an export with no server.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Subcommand;

use store::journal::Mark;

use crate::context::App;

/// Exit code of a check without anything to check.
const NOTHING: u8 = 2;

/// What to do with the journal.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Xuất nhật ký đã niêm phong ra tệp (JSON Lines).
    Export {
        /// Tệp đích.
        file: PathBuf,
    },
    /// Kiểm tra tệp nhật ký đã xuất, không cần máy chủ.
    Verify {
        /// Tệp nhật ký.
        file: PathBuf,
        /// Mốc đối chiếu giữ ở nơi khác (nhật ký hệ thống của máy, bản in): mã băm của một niêm phong, có thể kèm số của nó.
        #[arg(long, value_name = "MÃ_BĂM[:SỐ]")]
        head: Option<Mark>,
    },
}

/// Exports; `verify` needs no application and is run before one is opened.
pub async fn run(app: &App, command: Command) -> anyhow::Result<()> {
    let Command::Export { file } = command else {
        return Ok(());
    };
    while store::journal::seal(&app.db, app.clock.now()).await? > 0 {}
    let mut out =
        BufWriter::new(File::create(&file).with_context(|| format!("không ghi được {}", file.display()))?);
    let seals = store::journal::export(&app.db, &mut out).await?;
    out.flush()?;
    println!("Đã xuất {seals} niêm phong ra {}.", file.display());
    if let Some(head) = store::journal::head(&app.db).await? {
        println!("Mốc đối chiếu, giữ ở nơi khác: {head}");
    }
    Ok(())
}

/// Checks an exported journal: exit code 0 when it is whole, 1 when not, 2 when there is nothing to check.
pub fn verify(file: &Path, mark: Option<&Mark>) -> anyhow::Result<ExitCode> {
    let input =
        BufReader::new(File::open(file).with_context(|| format!("không đọc được {}", file.display()))?);
    let report = store::journal::verify(input, mark)?;
    if report.is_empty() {
        println!("Tệp không có mục nhật ký nào: không có gì để kiểm tra.");
        return Ok(ExitCode::from(NOTHING));
    }
    match &report.problem {
        None => {
            println!(
                "Nhật ký nguyên vẹn: {} mục, {} niêm phong, niêm phong cuối {}:{}.",
                report.entries, report.seals, report.head, report.seals
            );
            if report.has_mark.is_none() {
                println!(
                    "Không có mốc đối chiếu (--head): các mục khớp với nhau, nhưng chưa loại trừ được việc bỏ phần cuối hoặc viết lại toàn bộ."
                );
            }
            Ok(ExitCode::SUCCESS)
        }
        Some(problem) => {
            println!("Nhật ký KHÔNG nguyên vẹn. {problem}");
            Ok(ExitCode::FAILURE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_export_is_not_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.jsonl");
        for (text, code) in [("", NOTHING), ("\n\n", 1), ("{}", 1)] {
            std::fs::write(&file, text).unwrap();
            let found = verify(&file, None).unwrap();
            assert_eq!(
                format!("{found:?}"),
                format!("{:?}", ExitCode::from(code)),
                "{text:?}"
            );
        }
    }
}
