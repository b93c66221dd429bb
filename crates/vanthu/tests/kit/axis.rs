//! The emulated axis as a process, its troubles and what it saw.

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Mutex,
};

use serde_json::{Value, json};

use super::{
    client,
    server::{first_line, program},
};

/// A running axis.
pub struct Axis {
    /// Where systems connect.
    pub url: String,
    control: String,
    agent: ureq::Agent,
    child: Child,
    rules: Mutex<Vec<Value>>,
    /// Another one for each set of rules: what is drawn begins anew with them.
    seed: Mutex<u64>,
    /// How often each trouble happened, before the present rules.
    happened: Mutex<BTreeMap<String, u64>>,
}

impl Axis {
    /// Starts it with a file of systems (TOML).
    pub fn start(folder: &Path, seed: u64, systems: &str) -> Self {
        let file = folder.join("axis.toml");
        std::fs::write(&file, systems).unwrap();
        let (child, line) = first_line(
            Command::new(program())
                .current_dir(folder)
                .arg("--config")
                .arg(&file)
                .args([
                    "axis-emulator",
                    "--json",
                    "--listen",
                    "127.0.0.1:0",
                    "--control",
                    "127.0.0.1:0",
                ])
                .args(["--seed", &seed.to_string(), "--folder"])
                .arg(folder.join("axis"))
                .stderr(Stdio::null()),
        );
        let ready: Value = serde_json::from_str(&line).unwrap();
        let address = |name: &str| ready[name].as_str().unwrap().to_owned();
        Self {
            url: address("axis"),
            control: address("control"),
            agent: client(),
            child,
            rules: Mutex::default(),
            seed: Mutex::new(seed),
            happened: Mutex::default(),
        }
    }

    fn read(&self, path: &str) -> Value {
        let mut answer = self.agent.get(format!("{}{path}", self.control)).call().unwrap();
        serde_json::from_str(
            &answer
                .body_mut()
                .with_config()
                .limit(1 << 30)
                .read_to_string()
                .unwrap(),
        )
        .unwrap()
    }

    /// Replaces the rules; what the rules before did stays counted.
    pub fn troubles(&self, rules: Vec<Value>) {
        *self.rules.lock().unwrap() = rules;
        self.set(false);
    }

    /// Closes or opens the port; the rules stay.
    pub fn down(&self, is_down: bool) {
        self.set(is_down);
        if is_down {
            *self
                .happened
                .lock()
                .unwrap()
                .entry("down".to_owned())
                .or_default() += 1;
        }
    }

    fn set(&self, is_down: bool) {
        self.count();
        let seed = {
            let mut seed = self.seed.lock().unwrap();
            *seed = super::mix(*seed);
            *seed
        };
        let set = json!({ "seed": seed, "down": is_down, "rules": *self.rules.lock().unwrap() });
        let answer = self
            .agent
            .post(format!("{}/control/faults", self.control))
            .header("Content-Type", "application/json")
            .send(set.to_string())
            .unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{set}");
    }

    /// Adds what happened since the rules were set; setting them begins anew.
    fn count(&self) {
        let shown = self.read("/control/faults");
        let rules = shown["faults"]["rules"].as_array().unwrap();
        let hits = shown["hits"].as_array().unwrap();
        let mut happened = self.happened.lock().unwrap();
        for (rule, hits) in rules.iter().zip(hits) {
            let name = rule["fault"].as_str().unwrap().to_owned();
            *happened.entry(name).or_default() += hits.as_u64().unwrap();
        }
    }

    /// How often each trouble really happened, once the rules were taken away.
    pub fn happened(&self) -> BTreeMap<String, u64> {
        self.happened.lock().unwrap().clone()
    }

    /// Packets and counts.
    pub fn state(&self) -> Value {
        self.read("/control/state")
    }
}

impl Drop for Axis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
