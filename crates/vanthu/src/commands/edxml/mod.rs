//! `vanthu edxml`: look at, check and unpack edXML files, on any machine, without settings and without a database.

mod check;
mod extract;
mod shown;

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand};
use edxml::{AttachmentSink, Discard, ReadError, ReadOptions, Received};
use store::Clock;

use shown::Shown;

/// Thông điệp edXML (QCVN 102:2016/BTTTT).
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Kiểm tra thông điệp. Mã thoát: 0 tiếp nhận được, 1 có lỗi, 3 không đọc được tệp.
    Check(check::Arguments),
    /// Hiển thị nội dung thông điệp. Mã thoát: 0 đọc được, 3 không đọc được tệp.
    Show(ShowArguments),
    /// Lấy các tệp đính kèm ra thư mục, không ghi đè tệp có sẵn. Mã thoát: 0 đủ tệp, 1 thiếu tệp, 3 không đọc được tệp.
    Extract(extract::Arguments),
}

/// Arguments of `vanthu edxml show`.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// Tệp edXML.
    file: PathBuf,
    /// In kết quả dạng JSON.
    #[arg(long)]
    json: bool,
}

/// Exit code of a message with errors.
const ERRORS: u8 = 1;
/// Exit code of a file that could not be read.
const UNREADABLE: u8 = 3;

/// Carries the command out.
///
/// # Errors
/// When a result cannot be written; a file that cannot be read has its own exit code.
pub fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check(arguments) => check::run(arguments),
        Command::Show(arguments) => show(arguments),
        Command::Extract(arguments) => extract::run(arguments),
    }
}

fn show(arguments: &ShowArguments) -> anyhow::Result<ExitCode> {
    let received = match look(&arguments.file) {
        Ok(received) => received,
        Err(error) => return Ok(unreadable(&error)),
    };
    let shown = Shown::of(&received);
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&shown)?);
    } else {
        print!("{}", shown.listing());
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a file without keeping its attachments.
fn look(file: &Path) -> Result<Received, ReadError> {
    read(file, &mut Discard)
}

fn read<S: AttachmentSink>(file: &Path, sink: &mut S) -> Result<Received, ReadError> {
    let options = ReadOptions {
        now: Some(Clock::System.now()),
        ..ReadOptions::default()
    };
    edxml::read(BufReader::new(File::open(file)?), &options, sink)
}

fn unreadable(error: &ReadError) -> ExitCode {
    eprintln!("Lỗi: {error}");
    ExitCode::from(UNREADABLE)
}
