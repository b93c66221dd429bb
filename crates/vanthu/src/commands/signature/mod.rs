//! `vanthu signature`: check and make signatures on files, on any machine, without settings and without a database.

mod sign;
mod trust_folder;
mod verify;

use std::process::ExitCode;

use clap::Subcommand;

/// Chữ ký số trên tệp PDF.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Kiểm tra chữ ký số. Mã thoát: 0 HỢP LỆ, 1 KHÔNG HỢP LỆ, 2 KHÔNG ĐỦ CĂN CỨ, 3 không đọc được tệp.
    Verify(verify::Arguments),
    /// Ký số một tệp bằng khóa trong tệp, token, HSM hoặc dịch vụ ký số từ xa.
    Sign(Box<sign::Arguments>),
}

/// Carries the command out.
///
/// # Errors
/// When a signature cannot be made; a check that cannot be done has its own exit code.
pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match command {
            Command::Verify(arguments) => Ok(verify::run(arguments).await),
            Command::Sign(arguments) => sign::run(*arguments).await,
        }
    })
}
