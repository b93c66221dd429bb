//! `vanthu axis-conformance`: the kit that judges how a system behaves at an axis. No database, no settings.

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use async_trait::async_trait;
use axis::client::{AxisTransport, VxpClient, VxpConfig};
use axis_emulator::conformance::{
    Act, Alone, Asked, Clerk, Nobody, Program, Report, SCENARIOS, ScenarioResult, Setup, run as play,
};
use clap::Args;
use outbound::Secret;
use store::Clock;

/// Arguments of `vanthu axis-conformance`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Địa chỉ của trục (thật hoặc giả lập).
    #[arg(long, value_name = "URL", required_unless_present = "list")]
    against: Option<String>,
    /// Mã hệ thống của bộ kiểm thử trên trục.
    #[arg(long, value_name = "ID", required_unless_present = "list")]
    system_id: Option<String>,
    /// Khóa bí mật của hệ thống đó; nên dùng biến môi trường hoặc --secret-file.
    #[arg(
        long,
        env = "VANTHU_AXIS_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    secret: Option<String>,
    /// Tệp chứa khóa bí mật.
    #[arg(long, value_name = "FILE", conflicts_with = "secret")]
    secret_file: Option<PathBuf>,
    /// Mã cơ quan của bộ kiểm thử.
    #[arg(long, value_name = "CODE", required_unless_present = "list")]
    code: Option<String>,
    /// Mã cơ quan có hệ thống được kiểm thử.
    #[arg(long, value_name = "CODE", required_unless_present = "list")]
    partner: Option<String>,
    /// Mã cũ của cơ quan đó, nếu có.
    #[arg(long, value_name = "CODE")]
    partner_old_code: Option<String>,
    /// Chỉ chạy kịch bản này; có thể lặp lại.
    #[arg(long, value_name = "NAME")]
    scenario: Vec<String>,
    /// Ai làm thay văn thư của đối tác: alone (đối tác tự làm), none (không ai), ask (hỏi người ngồi máy), hoặc một chương
    /// trình nhận hai tham số là việc và định danh văn bản.
    #[arg(long, value_name = "WHO", default_value = "none")]
    clerk: String,
    /// Số giây chờ mỗi trạng thái.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    within: u64,
    /// Số giây chờ điều không được xảy ra.
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    settle: u64,
    /// Khoảng cách giữa hai lần xem, mili giây.
    #[arg(long, value_name = "MILLIS", default_value_t = 1000)]
    poll_millis: u64,
    /// Dung lượng tệp đính kèm lớn, MB.
    #[arg(long, value_name = "MB", default_value_t = 50)]
    large_mb: usize,
    /// Số văn bản của kịch bản gửi loạt.
    #[arg(long, value_name = "N", default_value_t = 20)]
    series: usize,
    /// Máy chủ được gọi bằng http không mã hóa; máy này luôn được.
    #[arg(long, value_name = "HOST")]
    plain_http: Vec<String>,
    /// Chứng thư CA riêng của trục, tệp PEM.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// In báo cáo dạng JSON.
    #[arg(long)]
    json: bool,
    /// Liệt kê các kịch bản rồi dừng.
    #[arg(long)]
    list: bool,
}

impl Arguments {
    fn secret(&self) -> anyhow::Result<Secret> {
        if let Some(path) = &self.secret_file {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("Không đọc được tệp {}", path.display()))?;
            return Ok(Secret::new(text.trim_end_matches(['\r', '\n'])));
        }
        let secret = self.secret.clone().filter(|s| !s.is_empty());
        secret
            .map(Secret::new)
            .context("Thêm --secret-file, hoặc đặt biến môi trường VANTHU_AXIS_SECRET.")
    }

    fn connection(&self, secret: Secret) -> anyhow::Result<Arc<dyn AxisTransport>> {
        let against = self.against.as_deref().unwrap_or_default();
        let mut config = VxpConfig::new(against, self.system_id.as_deref().unwrap_or_default(), secret);
        config.plain_http_hosts.clone_from(&self.plain_http);
        config
            .plain_http_hosts
            .extend(["127.0.0.1", "[::1]", "localhost"].map(str::to_owned));
        config.ca_file.clone_from(&self.ca_file);
        Ok(Arc::new(VxpClient::new(
            config,
            Arc::new(|| Clock::System.now()),
        )?))
    }

    fn setup(&self) -> anyhow::Result<Setup> {
        let clerk: Arc<dyn Clerk> = match self.clerk.as_str() {
            "alone" => Arc::new(Alone),
            "none" => Arc::new(Nobody),
            "ask" => Arc::new(Person),
            program => Arc::new(Program(PathBuf::from(program))),
        };
        Ok(Setup {
            axis: self.connection(self.secret()?)?,
            axis_with_wrong_secret: Some(self.connection(Secret::new("khóa sai để thử"))?),
            our_code: self.code.clone().unwrap_or_default(),
            partner_code: self.partner.clone().unwrap_or_default(),
            partner_old_code: self.partner_old_code.clone(),
            within: Duration::from_secs(self.within),
            settle: Duration::from_secs(self.settle),
            poll: Duration::from_millis(self.poll_millis.max(10)),
            large_bytes: self.large_mb << 20,
            series: self.series.max(1),
            clock: Arc::new(|| Clock::System.now()),
            clerk,
        })
    }
}

/// The person at this machine acts at the partner, or has it done.
struct Person;

#[async_trait]
impl Clerk for Person {
    async fn act(&self, act: Act, document_id: &str) -> Asked {
        let document = if document_id.is_empty() {
            String::new()
        } else {
            format!(" có định danh {document_id}")
        };
        eprintln!(
            "Đề nghị văn thư của đối tác {}{document}; xong nhấn Enter, bỏ qua gõ k rồi Enter.",
            act.label()
        );
        let line = tokio::task::spawn_blocking(|| {
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).map(|n| (n, line))
        });
        match line.await {
            Ok(Ok((n, line))) if n > 0 && !line.trim().eq_ignore_ascii_case("k") => Asked::Done,
            _ => Asked::Impossible(format!("bỏ qua thao tác {}", act.label())),
        }
    }
}

/// Plays the scenarios. Exit codes: 0 all passed, 1 one did not, 2 none failed but not all could be played.
///
/// # Errors
/// When a connection cannot be set up or a scenario is unknown.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.list {
        for scenario in SCENARIOS {
            println!("{}: {} [{}]", scenario.name, scenario.title, scenario.basis);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let setup = arguments.setup()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let told = |result: &ScenarioResult| {
        if arguments.json {
            eprintln!("{}", result.line());
        } else {
            println!("{}", result.line());
        }
    };
    let report = runtime
        .block_on(play(setup, &arguments.scenario, told))
        .map_err(|name| anyhow::anyhow!("Không có kịch bản “{name}”. Xem danh sách bằng --list."))?;
    print(&report, arguments.json)?;
    Ok(ExitCode::from(report.exit_code()))
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(report)?);
    } else {
        println!("{}", report.summary());
    }
    Ok(())
}
