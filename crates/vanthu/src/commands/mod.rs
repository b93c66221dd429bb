//! The commands of the one binary.

mod admin;
mod axis_conformance;
mod axis_emulator;
pub mod demo;
mod directory;
mod edxml;
mod evidence;
mod exchange;
mod journal;
mod listen;
mod rebuild;
mod serve;
mod sign_agent;
mod signature;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use store::{Blobs, Clock, Db, Ids, Options};

use crate::{
    calendar,
    context::App,
    documents::{fields, inspector, mail},
    settings::Settings,
    signing::verdicts::worker,
};

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
    /// Gói chứng cứ gửi, nhận văn bản: kiểm tra không cần máy chủ.
    #[command(subcommand)]
    Evidence(evidence::Command),
    /// Danh mục trục liên thông: đọc từ tệp, ghi ra tệp.
    #[command(subcommand)]
    Directory(directory::Command),
    /// Gửi, nhận với hệ thống khác: tình trạng cho công cụ giám sát.
    #[command(subcommand)]
    Exchange(exchange::Command),
    /// Việc của người vận hành: tài khoản, mã truy cập.
    #[command(subcommand)]
    Admin(admin::Command),
    /// Phần mềm ký số bằng USB token trên máy của cán bộ; chỉ lắng nghe ở 127.0.0.1.
    SignAgent(sign_agent::Arguments),
    /// Chữ ký số trên tệp PDF: kiểm tra, ký; không cần cơ sở dữ liệu.
    #[command(subcommand)]
    Signature(signature::Command),
    /// Trục liên thông giả lập và các cơ quan đối tác, để thử kết nối; không cần cơ sở dữ liệu.
    AxisEmulator(axis_emulator::Arguments),
    /// Kiểm thử một hệ thống đã nối trục: gửi theo kịch bản và đánh giá trạng thái trả về.
    AxisConformance(Box<axis_conformance::Arguments>),
    /// Thông điệp edXML (QCVN 102): kiểm tra, xem, lấy tệp; không cần cơ sở dữ liệu.
    #[command(subcommand)]
    Edxml(edxml::Command),
    /// Đọc một tệp từ đầu vào chuẩn trong giới hạn bộ nhớ và thời gian; chương trình tự gọi.
    #[command(name = inspector::COMMAND, hide = true)]
    InspectFile {
        /// Tên tệp.
        name: String,
    },
    /// Đọc thông tin văn bản của một tệp PDF từ đầu vào chuẩn trong giới hạn bộ nhớ và thời gian; chương trình tự gọi.
    #[command(name = fields::COMMAND, hide = true)]
    ReadFields,
    /// Mở một thư điện tử (.eml) từ đầu vào chuẩn trong giới hạn bộ nhớ và thời gian; chương trình tự gọi.
    #[command(name = mail::COMMAND, hide = true)]
    ReadMail,
    /// Kiểm tra chữ ký số của một tệp từ đầu vào chuẩn trong giới hạn bộ nhớ và thời gian; chương trình tự gọi.
    #[command(name = worker::COMMAND, hide = true)]
    CheckSignatures,
}

/// Exit code of a command line that cannot be understood (`EX_USAGE`): 1 to 3 are answers of `signature verify`.
const USAGE: u8 = 64;

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            // Help and version come this way too.
            let code = if message.use_stderr() { USAGE } else { 0 };
            let _ = message.print();
            return ExitCode::from(code);
        }
    };
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("Lỗi: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    if let Command::Signature(command) = cli.command {
        return signature::run(command);
    }
    if let Command::Evidence(command) = cli.command {
        return evidence::run(command);
    }
    if let Command::Edxml(command) = &cli.command {
        return edxml::run(command);
    }
    if let Command::SignAgent(arguments) = &cli.command {
        sign_agent::run(arguments)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::AxisEmulator(arguments) = &cli.command {
        axis_emulator::run(arguments, cli.config.as_ref())?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::AxisConformance(arguments) = &cli.command {
        return axis_conformance::run(arguments);
    }
    // Checking an exported journal needs neither settings nor a database.
    if let Command::Journal(journal::Command::Verify { file, head }) = &cli.command {
        return journal::verify(file, head.as_ref());
    }
    if let Command::InspectFile { name } = &cli.command {
        inspector::serve_one(name)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::ReadFields = &cli.command {
        fields::serve_one()?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::ReadMail = &cli.command {
        mail::serve_one()?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::CheckSignatures = &cli.command {
        worker::serve_one()?;
        return Ok(ExitCode::SUCCESS);
    }
    let settings = Settings::load(cli.config.as_deref())?;
    start_log(&settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(arguments) => serve::run(settings, arguments).await?,
            Command::Demo(arguments) => demo::run(&open(settings, Open::Made).await?, arguments).await?,
            Command::Migrate => {
                open(settings, Open::Migrated).await?;
                println!("Cơ sở dữ liệu đã ở phiên bản của chương trình.");
            }
            Command::Rebuild => rebuild::run(&open(settings, Open::AsItIs).await?).await?,
            Command::Journal(command) => journal::run(&open(settings, Open::AsItIs).await?, command).await?,
            Command::Directory(command) => {
                directory::run(&open(settings, Open::AsItIs).await?, command).await?;
            }
            Command::Exchange(command) => {
                return exchange::run(&open(settings, Open::AsItIs).await?, command).await;
            }
            Command::Admin(command) => {
                let how = command.opens();
                admin::run(&open(settings, how).await?, command).await?;
            }
            Command::InspectFile { .. }
            | Command::ReadFields
            | Command::ReadMail
            | Command::CheckSignatures
            | Command::Signature(_)
            | Command::Evidence(_)
            | Command::AxisEmulator(_)
            | Command::AxisConformance(_)
            | Command::Edxml(_)
            | Command::SignAgent(_) => {}
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// How a command opens the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Made when it is not there, and brought to the version of the program.
    Made,
    /// Brought to the version of the program.
    Migrated,
    /// Refused when it has another version: a look must not upgrade what another program is serving.
    AsItIs,
}

/// Opens the database and the files that the settings name.
///
/// # Errors
/// When the database cannot be opened or migrated, has another version, or the folder cannot be written.
pub async fn open(settings: Settings, how: Open) -> anyhow::Result<App> {
    let create = how == Open::Made;
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
    match how {
        Open::Made | Open::Migrated => db.migrate().await?,
        Open::AsItIs => db.check_schema().await?,
    }
    let blobs = Blobs::open(&settings.data.folder.join("files"), Ids::Random)?;
    let app = App::new(db, blobs, Clock::System, Ids::Random, settings);
    calendar::load(&app).await?;
    Ok(app)
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

#[cfg(test)]
mod tests {
    use super::*;
    use store::{args, sql};

    #[tokio::test]
    async fn a_command_does_not_upgrade_the_database_of_a_running_server() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.data.folder = folder.path().to_owned();
        assert!(open(settings.clone(), Open::AsItIs).await.is_err());
        let app = open(settings.clone(), Open::Made).await.unwrap();
        open(settings.clone(), Open::AsItIs).await.unwrap();
        let mut tx = app.db.begin().await.unwrap();
        tx.run(sql!("DELETE FROM _sqlx_migrations"), args![])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let refused = open(settings, Open::AsItIs).await.err().unwrap().to_string();
        assert!(refused.contains("vanthu migrate"), "{refused}");
        let left = app
            .db
            .all(sql!("SELECT version FROM _sqlx_migrations"), args![])
            .await
            .unwrap();
        assert!(left.is_empty(), "the look changed the database");
    }
}
