//! The commands of the one binary.

mod admin;
pub mod demo;
mod journal;
mod rebuild;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use store::{Blobs, Clock, Db, Ids, Options};

use crate::{context::App, settings::Settings};

/// Hệ thống quản lý văn bản và điều hành.
#[derive(Debug, Parser)]
#[command(name = "vanthu", version, about)]
struct Cli {
    /// Tệp thiết lập; mặc định là vanthu.toml trong thư mục hiện tại, nếu có.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Chạy máy chủ; lần đầu tự tạo cơ sở dữ liệu.
    Serve(serve::Arguments),
    /// Dựng tỉnh mẫu và lịch sử văn bản mẫu.
    Demo(demo::Arguments),
    /// Nâng cấp cơ sở dữ liệu lên phiên bản của chương trình.
    Migrate,
    /// Dựng lại bàn làm việc và bộ đếm từ dữ liệu gốc.
    Rebuild,
    /// Nhật ký nghiệp vụ: xuất và kiểm tra.
    #[command(subcommand)]
    Journal(journal::Command),
    /// Việc của người vận hành: tài khoản, mã truy cập.
    #[command(subcommand)]
    Admin(admin::Command),
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("Lỗi: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    // Checking an exported journal needs neither settings nor a database.
    if let Command::Journal(journal::Command::Verify { file }) = &cli.command {
        return journal::verify(file);
    }
    let settings = Settings::load(cli.config.as_deref())?;
    start_log(&settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(arguments) => serve::run(settings, arguments).await?,
            Command::Demo(arguments) => demo::run(&open(settings, true).await?, arguments).await?,
            Command::Migrate => {
                open(settings, false).await?;
                println!("Cơ sở dữ liệu đã ở phiên bản của chương trình.");
            }
            Command::Rebuild => rebuild::run(&open(settings, false).await?).await?,
            Command::Journal(command) => journal::run(&open(settings, false).await?, command).await?,
            Command::Admin(command) => admin::run(&open(settings, false).await?, command).await?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Opens the database and the files that the settings name, migrated. With `create` a missing SQLite file is made.
///
/// # Errors
/// When the database cannot be opened or migrated, or the folder cannot be written.
pub async fn open(settings: Settings, create: bool) -> anyhow::Result<App> {
    if create {
        std::fs::create_dir_all(&settings.data.folder)?;
    }
    let address = settings.data.database_address();
    let db = Db::open(&Options {
        address,
        create,
        connections: settings.data.connections,
    })
    .await?;
    db.migrate().await?;
    let blobs = Blobs::open(&settings.data.folder.join("files"), Ids::Random)?;
    Ok(App::new(db, blobs, Clock::System, Ids::Random, settings))
}

fn start_log(settings: &Settings) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log.filter)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if settings.log.json {
        builder.json().init();
    } else {
        builder.init();
    }
    Ok(())
}
