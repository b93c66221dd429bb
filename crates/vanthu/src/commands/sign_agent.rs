//! `vanthu sign-agent`: the agent for a USB token at a clerk's or leader's own PC. It listens on 127.0.0.1 only, answers the
//! pages of the named origins, and signs hashes after the person agreed in this window; it never sees a document.

use std::{fs, path::PathBuf, sync::Arc};

use anyhow::Context as _;
use clap::Args;
use signing_providers::{
    FolderOfSecrets,
    agent::{AgentServerConfig, PORT, Terminal, serve},
};
use store::Clock;

/// Arguments of `vanthu sign-agent`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Địa chỉ trang được phép dùng, ví dụ https://qlvb.daknong.example; có thể lặp lại.
    #[arg(long, required_unless_present = "file")]
    origin: Vec<String>,
    /// Thư viện PKCS#11 của nhà sản xuất token.
    #[arg(long, value_name = "FILE", conflicts_with = "software")]
    module: Option<PathBuf>,
    /// Nhãn token, khi máy có nhiều token.
    #[arg(long)]
    token: Option<String>,
    /// PIN nhập trên bàn phím của thiết bị.
    #[arg(long)]
    pin_pad: bool,
    /// Khóa trong tệp thay cho token: chỉ để thử nghiệm.
    #[arg(long, value_name = "DIR")]
    software: Option<PathBuf>,
    /// Cổng ở 127.0.0.1.
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// Nơi ghi nhớ các trang đã ghép nối.
    #[arg(long, value_name = "FILE", default_value = "vanthu-sign-agent.json")]
    pairings: PathBuf,
    /// Thay cho mọi tùy chọn trên: tệp thiết lập JSON của phần mềm ký số.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Arguments {
    fn config(&self) -> anyhow::Result<AgentServerConfig> {
        let value = if let Some(path) = &self.file {
            let text =
                fs::read_to_string(path).with_context(|| format!("Không đọc được tệp {}", path.display()))?;
            serde_json::from_str(&text).context("Tệp thiết lập không đúng dạng JSON.")?
        } else {
            let keys = match (&self.module, &self.software) {
                (Some(module), _) => serde_json::json!({
                    "kind": "pkcs11", "module": module, "token": self.token, "pin_pad": self.pin_pad,
                }),
                (None, Some(folder)) => serde_json::json!({ "kind": "software", "folder": folder }),
                (None, None) => anyhow::bail!("Thêm --module là thư viện PKCS#11 của token."),
            };
            serde_json::json!({
                "port": self.port, "origins": self.origin, "pairings": self.pairings, "keys": keys,
            })
        };
        serde_json::from_value(value).context("Thiết lập của phần mềm ký số không đúng.")
    }
}

/// Serves until the window is closed.
///
/// # Errors
/// When the keys cannot be opened or the port is taken.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let config = arguments.config()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let secrets = FolderOfSecrets(PathBuf::new());
        tokio::select! {
            served = serve(&config, &secrets, Arc::new(Terminal), Arc::new(|| Clock::System.now())) => Ok(served?),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })
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

    fn config(line: &[&str]) -> anyhow::Result<AgentServerConfig> {
        let all = ["sign-agent"].iter().chain(line);
        Line::try_parse_from(all)?.arguments.config()
    }

    #[test]
    fn an_agent_needs_an_origin_and_keys() {
        let origin = ["--origin", "https://qlvb.daknong.example"];
        let token = ["--module", "/usr/lib/token.so", "--token", "Van thu"];
        let made = config(&[&origin[..], &token[..]].concat()).unwrap();
        assert_eq!(made.origins, ["https://qlvb.daknong.example"]);
        assert_eq!(made.port, PORT);
        assert!(config(&origin).is_err());
        assert!(config(&token).is_err());
        assert!(config(&["--file", "/no/such/file"]).is_err());
    }
}
