//! Foreign files are taken apart in a process of their own, with little memory and time: a file that was made to bring a
//! reader down brings down that process, not the office.

use std::{
    io::{Read, Write},
    path::PathBuf,
    process::Stdio,
    time::Duration,
};

use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::{io::AsyncWriteExt, process::Command};

use super::text::{self, Seen};
use crate::{context::App, error::AppResult};

/// Word by which the program is told to be the reader; see [`serve_one`].
pub const COMMAND: &str = "inspect-file";

/// Memory of the reader, in bytes.
const MEMORY: u64 = 1024 * 1024 * 1024;
/// Processor time of the reader.
const SECONDS: u64 = 15;
/// Whatever it waits for, it does not wait longer.
const PATIENCE: Duration = Duration::from_secs(40);

/// Looks into a file: in a process of its own when this program serves, otherwise (tests in process, commands) here.
///
/// # Errors
/// When no process can be started.
pub async fn inspect(app: &App, name: &str, content: Vec<u8>) -> AppResult<Seen> {
    let Some(program) = app.program() else {
        let name = name.to_owned();
        return app.heavy(move |_| text::inspect(&name, &content)).await;
    };
    let _permit = app.heavy.acquire().await.map_err(anyhow::Error::from)?;
    Ok(in_process(program.clone(), name, content).await?)
}

async fn in_process(program: PathBuf, name: &str, content: Vec<u8>) -> std::io::Result<Seen> {
    let answer = ask(program, &[COMMAND, "--", name], content).await?;
    let seen = answer.and_then(|answer| serde_json::from_slice(&answer).ok());
    Ok(seen.unwrap_or_else(|| {
        tracing::warn!(file = name, "a file could not be read within the limits");
        Seen {
            unreadable: true,
            ..Seen::default()
        }
    }))
}

/// Starts `program` as the reader that `words` name, feeds it the file and gives what it wrote; `None` when it did not come
/// to its end within the limits.
pub(super) async fn ask(
    program: PathBuf,
    words: &[&str],
    content: Vec<u8>,
) -> std::io::Result<Option<Vec<u8>>> {
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
    let answer = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
    fed.abort();
    Ok(match answer {
        Ok(Ok(output)) if output.status.success() => Some(output.stdout),
        _ => None,
    })
}

/// The reader's side: limits itself, reads the file from the standard input, tells what it saw as JSON.
///
/// # Errors
/// When the pipes break; then the caller takes the file for unreadable.
pub fn serve_one(name: &str) -> anyhow::Result<()> {
    let content = confined_input()?;
    let seen = serde_json::to_vec(&text::inspect(name, &content))?;
    std::io::stdout().write_all(&seen)?;
    Ok(())
}

/// Gives up memory, time and writing for the rest of this process, then reads the foreign file from the standard input.
pub(super) fn confined_input() -> anyhow::Result<Vec<u8>> {
    for (resource, limit) in [
        (Resource::As, MEMORY),
        (Resource::Cpu, SECONDS),
        (Resource::Fsize, 0),
    ] {
        let limit = Rlimit {
            current: Some(limit),
            maximum: Some(limit),
        };
        setrlimit(resource, limit)?;
    }
    let mut content = Vec::new();
    std::io::stdin()
        .take(rules::file_rules::MAX_FILE_BYTES + 1)
        .read_to_end(&mut content)?;
    Ok(content)
}
