//! Foreign files are taken apart in a process of their own, with little memory and time: a file that was made to bring a
//! reader down brings down that process, not the office.
//!
//! The program starts itself again under a word that names the work ([`ask`]), feeds it bytes and reads JSON. The other side
//! limits itself before it looks at the first byte ([`limit`]) and tells what it saw ([`tell`]). See ADR 0012.

use std::{
    io::{Read, Write},
    path::PathBuf,
    process::Stdio,
    time::Duration,
};

use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
};

/// What such a process may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Memory, in bytes.
    pub memory: u64,
    /// Processor time, in seconds.
    pub seconds: u64,
    /// Whatever it waits for, nobody waits for it longer.
    pub patience: Duration,
}

/// Starts `program` again under `words`, feeds it `content` and reads its answer; `None` when it did not come to its end
/// within the limits, or said something else.
///
/// # Errors
/// When no process can be started.
pub async fn ask<T: DeserializeOwned>(
    program: PathBuf,
    words: &[&str],
    limits: Limits,
    content: Vec<u8>,
) -> std::io::Result<Option<T>> {
    let mut child = Command::new(program)
        .args(words)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let mut input = child.stdin.take();
    let fed = tokio::spawn(async move {
        if let Some(input) = &mut input {
            // A reader that died early closes the pipe: its silence is the answer.
            let _ = input.write_all(&content).await;
        }
        drop(input);
    });
    let output = child.stdout.take();
    let answer = async {
        let mut said = Vec::new();
        if let Some(output) = output {
            output.take(MAX_ANSWER).read_to_end(&mut said).await.ok()?;
        }
        // One that says more than that waits for somebody to listen until its patience, or ours, ends.
        let is_done = child.wait().await.ok()?.success();
        is_done.then_some(said)
    };
    let said = tokio::time::timeout(limits.patience, answer).await;
    fed.abort();
    Ok(said
        .ok()
        .flatten()
        .and_then(|said| serde_json::from_slice(&said).ok()))
}

/// The longest answer that is listened to: the files of a mail of full size, as text, with room.
const MAX_ANSWER: u64 = 160 * 1024 * 1024;

/// Gives up memory, time and writing for the rest of this process.
///
/// # Errors
/// When the system sets no such limit; then nothing foreign may be read.
pub fn limit(limits: Limits) -> std::io::Result<()> {
    for (resource, limit) in [
        (Resource::As, limits.memory),
        (Resource::Cpu, limits.seconds),
        (Resource::Fsize, 0),
    ] {
        let limit = Rlimit {
            current: Some(limit),
            maximum: Some(limit),
        };
        setrlimit(resource, limit)?;
    }
    Ok(())
}

/// The foreign file from the standard input, not more of it than a file may weigh.
///
/// # Errors
/// When the pipe breaks.
pub fn file() -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    std::io::stdin()
        .take(rules::file_rules::MAX_FILE_BYTES + 1)
        .read_to_end(&mut content)?;
    Ok(content)
}

/// Tells the caller what was seen.
///
/// # Errors
/// When the pipe breaks.
pub fn tell(seen: &impl Serialize) -> anyhow::Result<()> {
    std::io::stdout().write_all(&serde_json::to_vec(seen)?)?;
    Ok(())
}
