//! `vanthu edxml check`.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use edxml::check::{Finding, Sending, Severity, acceptable, before_sending, received};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use store::Clock;

use super::{ERRORS, UNREADABLE, look, unreadable};

/// Arguments of `vanthu edxml check`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Tệp edXML.
    file: PathBuf,
    /// Kiểm tra chặt như trước khi gửi, thay vì như khi nhận.
    #[arg(long)]
    sending: bool,
    /// In kết quả dạng JSON.
    #[arg(long)]
    json: bool,
}

/// Checks the file and says what was found.
///
/// # Errors
/// When the result cannot be written.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let message = match look(&arguments.file) {
        Ok(message) => message,
        Err(error) if arguments.json => {
            let refusal = json!({ "code": error.code(), "message": error.to_string() });
            print(&[], false, &refusal)?;
            return Ok(ExitCode::from(UNREADABLE));
        }
        Err(error) => return Ok(unreadable(&error)),
    };
    let mut findings = received(&message);
    if arguments.sending {
        let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap_or(TimeZone::UTC);
        let today = Clock::System.now().to_zoned(zone).date();
        findings.extend(before_sending(&message.message, &Sending::on(today)));
    }
    let is_acceptable = acceptable(&findings);
    if arguments.json {
        print(&findings, is_acceptable, &Value::Null)?;
    } else {
        for finding in &findings {
            println!("{}", line(finding));
        }
        println!("{}", conclusion(arguments.sending, is_acceptable));
    }
    Ok(ExitCode::from(if is_acceptable { 0 } else { ERRORS }))
}

fn print(findings: &[Finding], is_acceptable: bool, error: &Value) -> anyhow::Result<()> {
    let result = json!({
        "readable": error.is_null(),
        "acceptable": is_acceptable,
        "error": error,
        "findings": findings,
    });
    println!("{}", serde_json::to_string_pretty(&result)?);
    Ok(())
}

fn line(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => "LỖI",
        Severity::Warning => "Cảnh báo",
    };
    let place = if finding.element.is_empty() {
        "thông điệp"
    } else {
        &finding.element
    };
    format!("{severity} [{}] {place}: {}", finding.rule, finding.message)
}

const fn conclusion(is_sending: bool, is_acceptable: bool) -> &'static str {
    match (is_sending, is_acceptable) {
        (false, true) => "Kết luận: thông điệp tiếp nhận được.",
        (false, false) => {
            "Kết luận: thông điệp có lỗi; đề nghị văn thư xem xét từ chối hoặc yêu cầu gửi lại."
        }
        (true, true) => "Kết luận: thông điệp gửi được.",
        (true, false) => "Kết luận: thông điệp chưa gửi được; đề nghị sửa các lỗi nêu trên.",
    }
}
