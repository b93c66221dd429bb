//! `vanthu exchange`: how the exchange with other systems is, for monitoring tools.

use std::process::ExitCode;

use clap::Subcommand;

use crate::{
    context::App,
    exchange::axis::{self, Condition},
};

/// What to ask.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tình trạng trục liên thông. Mã thoát: 0 tốt, 1 có việc chậm, 2 cần người xử lý.
    Status {
        /// In ra JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Prints how it is; the exit code says it to programs.
///
/// # Errors
/// When the database fails.
pub async fn run(app: &App, command: Command) -> anyhow::Result<ExitCode> {
    let Command::Status { json } = command;
    let condition = axis::condition(app).await?;
    if json {
        println!("{}", serde_json::to_string_pretty(&condition)?);
    } else {
        print!("{}", shown(&condition));
    }
    Ok(ExitCode::from(condition.level))
}

fn shown(condition: &Condition) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    let word = match condition.level {
        0 => "TỐT",
        1 => "CÓ VIỆC CHẬM",
        _ => "CẦN XỬ LÝ",
    };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "Trục liên thông: {word}");
    for connection in &condition.connections {
        let state = match connection.state {
            "working" => "kết nối tốt",
            "unreachable" => "chưa kết nối được",
            "stopped" => "tạm dừng, cần xử lý",
            _ => "đã ngắt",
        };
        let polled = connection.polled_at.as_deref().unwrap_or("chưa lần nào");
        let _ = writeln!(text, "  {}: {state}; trục trả lời lúc: {polled}", connection.name);
        if let Some(trouble) = &connection.trouble {
            let _ = writeln!(text, "    {trouble}");
        }
    }
    for (label, number) in [
        ("Gói tin chờ gửi", condition.waiting),
        ("Gói tin chưa rõ kết quả", condition.unknown),
        ("Gói tin không gửi được", condition.dead),
        ("Báo đã tiếp nhận (03) chưa gửi", condition.unacknowledged),
        (
            "Báo đã tiếp nhận (03) chưa gửi từ hôm trước",
            condition.unacknowledged_before_today,
        ),
        ("Gói tin chờ nhận", condition.listed),
        ("Gói tin không đọc được", condition.quarantined),
        ("Gói tin gửi nhầm", condition.misdirected),
        ("Gói tin chưa tìm thấy văn bản", condition.orphans),
        ("Nơi nhận chưa báo đã đến", condition.not_arrived),
        ("Nơi nhận chưa tiếp nhận", condition.not_received),
    ] {
        let _ = writeln!(text, "  {label}: {number}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cn_406_the_state_is_told_in_words() {
        let condition = Condition {
            level: 2,
            connections: Vec::new(),
            waiting: 3,
            oldest_seconds: 60,
            unknown: 0,
            dead: 1,
            unacknowledged: 0,
            unacknowledged_before_today: 0,
            listed: 0,
            quarantined: 0,
            misdirected: 0,
            orphans: 0,
            not_arrived: 0,
            not_received: 0,
        };
        let text = shown(&condition);
        assert!(text.starts_with("Trục liên thông: CẦN XỬ LÝ\n"), "{text}");
        assert!(text.contains("Gói tin không gửi được: 1"), "{text}");
    }
}
