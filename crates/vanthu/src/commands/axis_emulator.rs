//! `vanthu axis-emulator`: an axis with partners on this machine, to try a connection against. No database, no settings.

use std::{fmt::Write as _, net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context as _;
use axis_emulator::{Config, Emulator, Options};
use clap::Args;
use store::Clock;

/// Arguments of `vanthu axis-emulator`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Nơi các hệ thống kết nối tới.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7470")]
    listen: SocketAddr,
    /// Nơi điều khiển: tạo lỗi, xem trạng thái, ra lệnh cho đối tác; luôn ở máy này.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7471")]
    control: SocketAddr,
    /// Dùng bộ mẫu (hai hệ thống để kết nối, bốn cơ quan tự trả lời) dù có --config là tệp TOML của bộ giả lập.
    #[arg(long)]
    demo: bool,
    /// Số gốc của mã gói tin và của lỗi.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Số cơ quan sinh thêm trong danh mục.
    #[arg(long, value_name = "N")]
    entries: Option<u32>,
    /// Giữ nguyên từng byte của gói tin; trục thật ghi lại gói tin.
    #[arg(long)]
    preserve_bytes: bool,
    /// Thư mục chứa gói tin; mặc định là thư mục tạm, xóa khi dừng.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Cho phép lắng nghe ngoài máy này. Khóa bí mật của bộ mẫu ai cũng biết.
    #[arg(long)]
    allow_remote: bool,
    /// In một dòng JSON khi sẵn sàng thay cho lời hướng dẫn.
    #[arg(long)]
    json: bool,
}

impl Arguments {
    fn config(&self, file: Option<&PathBuf>) -> anyhow::Result<Config> {
        let mut made = match file {
            Some(path) => read(path)?,
            None => Config::demo(),
        };
        made.seed = self.seed.unwrap_or(made.seed);
        made.directory_entries = self.entries.unwrap_or(made.directory_entries);
        made.preserve_bytes |= self.preserve_bytes;
        made.check().map_err(anyhow::Error::msg)?;
        Ok(made)
    }

    fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.allow_remote || self.listen.ip().is_loopback(),
            "Bộ giả lập chỉ lắng nghe ở máy này. Dùng địa chỉ 127.0.0.1, hoặc thêm --allow-remote."
        );
        anyhow::ensure!(
            self.control.ip().is_loopback(),
            "Cổng điều khiển không hỏi mật khẩu nên chỉ được ở 127.0.0.1."
        );
        Ok(())
    }
}

fn read(path: &std::path::Path) -> anyhow::Result<Config> {
    let file = config::File::from(path).format(config::FileFormat::Toml);
    config::Config::builder()
        .add_source(file)
        .build()
        .and_then(config::Config::try_deserialize)
        .with_context(|| format!("Tệp {} không đúng.", path.display()))
}

/// Serves until it is stopped. `file` is the `--config` of the whole program: here it names the emulator's file.
///
/// # Errors
/// When the file is wrong, an address is not allowed, or a port is taken.
pub fn run(arguments: &Arguments, file: Option<&PathBuf>) -> anyhow::Result<()> {
    arguments.check()?;
    let config = arguments.config(file.filter(|_| !arguments.demo))?;
    let systems = config.systems.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let options = Options {
            listen: arguments.listen,
            control: arguments.control,
            folder: arguments.folder.clone(),
            clock: Arc::new(|| Clock::System.now()),
        };
        let emulator = Emulator::start(config, options)
            .await
            .context("Không khởi động được bộ giả lập trục.")?;
        println!("{}", ready(&emulator, &systems, arguments.json));
        stopped().await?;
        emulator.stop().await;
        Ok(())
    })
}

async fn stopped() -> anyhow::Result<()> {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        _ = terminated.recv() => Ok(()),
    }
}

fn ready(emulator: &Emulator, systems: &[axis_emulator::config::System], json: bool) -> String {
    if json {
        let systems: Vec<_> = systems
            .iter()
            .map(|system| {
                let codes: Vec<_> = system.agencies.iter().map(|agency| &agency.code).collect();
                serde_json::json!({ "id": system.id, "secret": system.secret.reveal(), "agencies": codes })
            })
            .collect();
        return serde_json::json!({
            "axis": emulator.url(), "control": emulator.control_url(), "systems": systems,
        })
        .to_string();
    }
    let mut text = format!(
        "Trục liên thông giả lập đã sẵn sàng: {}\nĐiều khiển: {}\n",
        emulator.url(),
        emulator.control_url()
    );
    for system in systems {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "Hệ thống {}, khóa thử nghiệm {}",
            system.id,
            system.secret.reveal()
        );
        for agency in &system.agencies {
            let played = match &agency.partner {
                Some(script) if script.answers.is_empty() => " (tự nhận, không trả lời)".to_owned(),
                Some(script) => format!(" (tự trả lời {})", script.answers.join(", ")),
                None => String::new(),
            };
            let _ = writeln!(text, "  {}  {}{played}", agency.code, agency.name);
        }
    }
    text.push_str("Nhấn Ctrl+C để dừng.");
    text
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn arguments(line: &[&str]) -> Arguments {
        let all = ["axis-emulator"].iter().chain(line);
        Line::try_parse_from(all).unwrap().arguments
    }

    #[test]
    fn the_sample_is_read() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../axis-emulator/sample.toml");
        let config = arguments(&["--seed", "9"]).config(Some(&path.into())).unwrap();
        assert_eq!((config.seed, config.directory_entries), (9, 111_000));
        assert_eq!(
            config.systems[1].agencies[0]
                .partner
                .as_ref()
                .unwrap()
                .answers
                .len(),
            5
        );
    }

    #[test]
    fn only_this_machine_unless_allowed() {
        assert!(arguments(&[]).check().is_ok());
        assert!(arguments(&["--listen", "0.0.0.0:7470"]).check().is_err());
        assert!(
            arguments(&["--listen", "0.0.0.0:7470", "--allow-remote"])
                .check()
                .is_ok()
        );
        assert!(
            arguments(&["--control", "0.0.0.0:7471", "--allow-remote"])
                .check()
                .is_err()
        );
    }
}
