//! A look into a foreign file, in a process of its own ([`crate::confined`]).

use std::{path::PathBuf, time::Duration};

use super::text::{self, Seen};
use crate::{
    confined::{self, Limits},
    context::App,
    error::AppResult,
};

/// Word by which the program is told to be the reader; see [`serve_one`].
pub const COMMAND: &str = "inspect-file";

/// What a reader of files may use.
pub(super) const LIMITS: Limits = Limits {
    memory: 1024 * 1024 * 1024,
    seconds: 15,
    patience: Duration::from_secs(40),
};

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
    let seen = confined::ask(program, &[COMMAND, "--", name], LIMITS, content).await?;
    Ok(seen.unwrap_or_else(|| {
        tracing::warn!(file = name, "a file could not be read within the limits");
        Seen {
            unreadable: true,
            ..Seen::default()
        }
    }))
}

/// The reader's side: limits itself, reads the file from the standard input, tells what it saw as JSON.
///
/// # Errors
/// When the pipes break; then the caller takes the file for unreadable.
pub fn serve_one(name: &str) -> anyhow::Result<()> {
    confined::limit(LIMITS)?;
    confined::tell(&text::inspect(name, &confined::file()?))
}
