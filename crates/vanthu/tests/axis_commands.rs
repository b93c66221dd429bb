//! `vanthu axis-emulator` and `vanthu axis-conformance` as an operator runs them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

fn vanthu(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vanthu"));
    command.args(arguments).env_remove("VANTHU_AXIS_SECRET");
    command
}

struct Running {
    process: Child,
    ready: Value,
}

impl Running {
    fn start(more: &[&str]) -> Self {
        let line = [
            "axis-emulator",
            "--listen",
            "127.0.0.1:0",
            "--control",
            "127.0.0.1:0",
            "--json",
        ];
        let mut process = vanthu(&[&line[..], more].concat())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        let ready = serde_json::from_str(&first).unwrap();
        Self { process, ready }
    }

    fn judge(&self, more: &[&str]) -> (Output, Value) {
        let axis = self.ready["axis"].as_str().unwrap();
        let line = [
            "axis-conformance",
            "--against",
            axis,
            "--system-id",
            "DEMO-KIT",
            "--code",
            "G90",
            "--json",
            "--poll-millis",
            "50",
            "--settle",
            "1",
        ];
        // Long enough for a busy machine, unless the partner is one that never answers.
        let within: &[&str] = if more.contains(&"--within") {
            &[]
        } else {
            &["--within", "60"]
        };
        let output = vanthu(&[&line[..], within, more].concat())
            .env("VANTHU_AXIS_SECRET", "demo-secret-kit")
            .output()
            .unwrap();
        let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (output, report)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_good_partner_passes_and_exit_codes_say_so() {
    let emulator = Running::start(&["--seed", "3"]);
    assert_eq!(emulator.ready["systems"][1]["secret"], "demo-secret-kit");
    let some = [
        "--partner",
        "G99",
        "--clerk",
        "alone",
        "--scenario",
        "new",
        "--scenario",
        "status-form",
    ];
    let (output, report) = emulator.judge(&some);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(report["results"][0]["outcome"], "pass");
    assert_eq!(
        report["results"][0]["basis"],
        "QĐ 28/2018 Điều 9; spec edxml 6, 14"
    );

    let (output, report) = emulator.judge(&["--partner", "G99", "--scenario", "accept"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(report["results"][0]["outcome"], "not_applicable");

    // The silent agency; two seconds are enough for it.
    let (output, report) = emulator.judge(&["--partner", "G99.03", "--scenario", "new", "--within", "2"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(report["results"][0]["outcome"], "fail");

    let (output, _) = emulator.judge(&["--partner", "G99", "--scenario", "nonsense"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("--list"));
}

#[test]
fn troubles_and_partners_are_commanded_over_http() {
    let emulator = Running::start(&["--entries", "50"]);
    let control = emulator.ready["control"].as_str().unwrap();
    let post = |path: &str, body: &Value| {
        let text = body.to_string();
        ureq::post(format!("{control}/control/{path}"))
            .header("content-type", "application/json")
            .send(text.as_str())
    };
    let get = |path: &str| -> Value {
        let mut answer = ureq::get(format!("{control}/control/{path}")).call().unwrap();
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
    };
    let command = json!({ "from": "G99", "to": ["H16.05"], "subject": "V/v thử lệnh cho đối tác" });
    post("partner/send", &command).unwrap();
    let state = get("state");
    assert_eq!(state["packets"][0]["title"], "V/v thử lệnh cho đối tác");
    assert_eq!(state["counts"]["edoc/initial"], 1);
    assert!(post("partner/send", &json!({ "from": "G99", "to": ["G98"] })).is_err());

    let rules = json!({ "rules": [{ "fault": "refuse", "code": "20", "operations": ["count_documents"] }] });
    post("faults", &rules).unwrap();
    assert_eq!(get("faults")["faults"]["rules"][0]["per_mille"], 1000);
    assert!(post("faults", &json!({ "rules": [{ "fault": "earthquake" }] })).is_err());
    post(
        "partner/script",
        &json!({ "code": "G99.03", "script": { "answers": ["01"] } }),
    )
    .unwrap();
    let (output, _) = emulator.judge(&["--partner", "G99.03", "--scenario", "new"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    post("reset", &json!({})).unwrap();
    assert_eq!(get("state")["packets"], json!([]));
}

#[test]
fn addresses_and_files_are_checked_before_anything_runs() {
    let refused = |arguments: &[&str], says: &str| {
        let output = vanthu(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(says), "{said}");
    };
    refused(&["axis-emulator", "--listen", "0.0.0.0:0"], "--allow-remote");
    refused(
        &["axis-emulator", "--control", "0.0.0.0:0", "--allow-remote"],
        "127.0.0.1",
    );
    refused(&["--config", "/no/such.toml", "axis-emulator"], "/no/such.toml");
    let kit = [
        "axis-conformance",
        "--system-id",
        "S",
        "--code",
        "A",
        "--partner",
        "B",
        "--against",
    ];
    let with = |url| [&kit[..], &[url]].concat();
    refused(&with("http://127.0.0.1:1"), "VANTHU_AXIS_SECRET");
    let secret = ["--secret", "s"];
    refused(
        &[&with("http://10.255.255.1/")[..], &secret].concat(),
        "plain_http_hosts",
    );
    let listed = vanthu(&["axis-conformance", "--list"]).output().unwrap();
    let text = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.status.success() && text.lines().count() > 30, "{text}");
}
