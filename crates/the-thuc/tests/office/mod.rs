//! LibreOffice, the independent office program.

use std::{path::Path, process::Command};

/// Converts files of a folder in one call; its profile lies in the folder too, so that tests do not wait for each other.
pub fn convert(folder: &Path, to: &str, files: &[String]) {
    let output = Command::new("soffice")
        .current_dir(folder)
        .arg(format!(
            "-env:UserInstallation=file://{}/profile",
            folder.display()
        ))
        .args(["--headless", "--norestore", "--convert-to", to])
        .args(files)
        .output()
        .expect("scripts/install.sh test installs LibreOffice");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
