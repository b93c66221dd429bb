//! `vanthu journal`: export the sealed journal, and check an export with no server.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Subcommand;

use crate::context::App;

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
    },
}

/// Exports; `verify` needs no application and is run before one is opened.
pub async fn run(app: &App, command: Command) -> anyhow::Result<()> {
    let Command::Export { file } = command else {
        return Ok(());
    };
    store::journal::seal(&app.db, app.clock.now()).await?;
    let mut out =
        BufWriter::new(File::create(&file).with_context(|| format!("không ghi được {}", file.display()))?);
    let seals = store::journal::export(&app.db, &mut out).await?;
    out.flush()?;
    println!("Đã xuất {seals} niêm phong ra {}.", file.display());
    Ok(())
}

/// Checks an exported journal: exit code 0 when it is whole, 1 when not.
pub fn verify(file: &Path) -> anyhow::Result<ExitCode> {
    let input =
        BufReader::new(File::open(file).with_context(|| format!("không đọc được {}", file.display()))?);
    let report = store::journal::verify(input)?;
    match &report.problem {
        None => {
            println!(
                "Nhật ký nguyên vẹn: {} mục, {} niêm phong, niêm phong cuối {}.",
                report.entries, report.seals, report.head
            );
            Ok(ExitCode::SUCCESS)
        }
        Some(problem) => {
            println!("Nhật ký KHÔNG nguyên vẹn. {problem}");
            Ok(ExitCode::FAILURE)
        }
    }
}
