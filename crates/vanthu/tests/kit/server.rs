//! The program as a process, with a data folder of its own.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

/// The program: `VANTHU_BIN`, so that a long run is not hit by the next build; usually the one just built.
pub fn program() -> PathBuf {
    std::env::var_os("VANTHU_BIN").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_vanthu")), PathBuf::from)
}

/// A running server.
pub struct Server {
    pub folder: PathBuf,
    pub database: String,
    pub port: u16,
    child: Child,
}

impl Server {
    /// A command of the program on these data. `database` is empty for SQLite in the data folder.
    pub fn vanthu(folder: &Path, database: &str, port: u16) -> Command {
        let mut command = Command::new(program());
        command
            .current_dir(folder)
            .env("VANTHU__DATA__FOLDER", folder.join("data"))
            .env("VANTHU__DATA__DATABASE", database)
            .env("VANTHU__SERVER__ADDRESS", format!("127.0.0.1:{port}"))
            .env("VANTHU__LOG__FILTER", "error")
            // What may have been sent is sent again as soon as the axis does not show it: that the recipient then has it
            // once is what tests want to see.
            .env("VANTHU__EXCHANGE__UNKNOWN_MINUTES", "0")
            .stderr(Stdio::null());
        command
    }

    /// Runs a command to its end and gives what it printed.
    pub fn run(folder: &Path, database: &str, arguments: &[&str]) -> String {
        let out = Self::vanthu(folder, database, 0)
            .args(arguments)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&out.stdout).into_owned();
        let complained = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{arguments:?}: {printed}{complained}");
        printed
    }

    /// Starts it; port 0 takes any that is free.
    pub fn start(folder: &Path, database: &str, port: u16) -> Self {
        let (child, line) = first_line(Self::vanthu(folder, database, port).arg("serve"));
        let port = line.rsplit(':').next().unwrap().trim().parse().unwrap();
        Self {
            folder: folder.to_owned(),
            database: database.to_owned(),
            port,
            child,
        }
    }

    /// SIGKILL: nothing is finished, nothing is flushed.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again after [`Server::kill`], at the same address.
    pub fn restart(&mut self) {
        *self = Self::start(&self.folder.clone(), &self.database.clone(), self.port);
    }

    /// The memory that it holds now, in KiB.
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        number.and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a process and waits for its first line; what it prints later is read and dropped.
pub fn first_line(command: &mut Command) -> (Child, String) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines
        .next()
        .expect("it ended before it said that it is ready")
        .unwrap();
    thread::spawn(move || lines.for_each(drop));
    (child, line)
}
