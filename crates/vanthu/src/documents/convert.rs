//! DOCX and ODT to PDF, by LibreOffice when it is installed.
//!
//! It opens foreign files, so it runs with a profile of its own that runs no macros and follows no links out of the
//! document, two at a time at most, and it is ended with everything that it started.

use std::{path::Path, process::Stdio, time::Duration};

use rules::file_rules::MAX_FILE_BYTES;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Command;

use super::{StoredFile, intake};
use crate::{
    context::{App, Who},
    error::AppResult,
};

/// LibreOffice gets so long for one file.
const PATIENCE: Duration = Duration::from_secs(90);

/// Settings of the profile: no macros, no other active content, no links followed, nothing updated.
const PROFILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

/// Converts a text document to PDF. `None` when LibreOffice is not installed or cannot read the file.
///
/// # Errors
/// When the store fails.
pub async fn convert_to_pdf(app: &App, who: &Who, file: &StoredFile) -> AppResult<Option<StoredFile>> {
    let permit = app.heavy.acquire().await.map_err(anyhow::Error::from)?;
    let folder = tempfile::tempdir()?;
    let source = folder.path().join(&file.name);
    tokio::fs::write(&source, app.blobs.read(file.digest).await?).await?;
    let profile = folder.path().join("profile");
    tokio::fs::create_dir_all(profile.join("user")).await?;
    tokio::fs::write(profile.join("user/registrymodifications.xcu"), PROFILE).await?;
    if !run(
        &app.settings.documents.libreoffice,
        &profile,
        folder.path(),
        &source,
    )
    .await
    {
        return Ok(None);
    }
    let target = source.with_extension("pdf");
    let is_fit = tokio::fs::metadata(&target)
        .await
        .is_ok_and(|made| made.len() <= MAX_FILE_BYTES);
    if !is_fit {
        return Ok(None);
    }
    let pdf = tokio::fs::read(&target).await?;
    drop(permit);
    let mut writer = app.blobs.writer().await?;
    writer.write(&pdf).await?;
    let name = target
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("van-ban.pdf")
        .to_owned();
    Ok(Some(intake::take(app, who, &name, true, writer).await?))
}

/// Runs LibreOffice; whether it said that it succeeded in time.
async fn run(program: &str, profile: &Path, folder: &Path, source: &Path) -> bool {
    let started = Command::new(program)
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--norestore", "--convert-to", "pdf", "--outdir"])
        .arg(folder)
        .arg(source)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn();
    let mut office = match started {
        Ok(office) => office,
        Err(error) => {
            tracing::info!(%error, "LibreOffice could not be started");
            return false;
        }
    };
    let group = Group(office.id());
    let ended = tokio::time::timeout(PATIENCE, office.wait()).await;
    drop(group);
    matches!(ended, Ok(Ok(status)) if status.success())
}

/// The processes that LibreOffice starts; they end with it, also when the request is given up.
struct Group(Option<u32>);

impl Drop for Group {
    fn drop(&mut self) {
        let leader = self
            .0
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw);
        if let Some(leader) = leader {
            // Nobody left is what we want.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_the_office_program_started_ends_with_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("soffice");
        let note = folder.path().join("pid");
        // A start script that leaves a process behind, as the real one does.
        std::fs::write(
            &program,
            format!("#!/bin/sh\nsleep 600 &\necho $! > {}\n", note.display()),
        )
        .unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(
            run(
                &program.display().to_string(),
                folder.path(),
                folder.path(),
                &note
            )
            .await
        );
        let left: i32 = std::fs::read_to_string(&note).unwrap().trim().parse().unwrap();
        let left = Path::new("/proc").join(left.to_string()).join("stat");
        for _ in 0..50 {
            // Gone, or a zombie that nobody has waited for yet.
            match std::fs::read_to_string(&left) {
                Ok(stat) if !stat.contains(") Z ") => tokio::time::sleep(Duration::from_millis(20)).await,
                _ => return,
            }
        }
        panic!("a process of the office program is still there");
    }

    #[tokio::test]
    async fn a_missing_office_program_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!run("/khong/co/soffice", folder.path(), folder.path(), folder.path()).await);
    }
}
