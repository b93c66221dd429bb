//! Kiểm tra bản số hóa (CN-109): what was measured of a scan when its file came, told to the clerk who brings it and kept with the
//! document. Nothing is refused for it.

use rules::{
    file_rules::{ScanFault, check_scan},
    ids::FileId,
};
use store::{args, sql};

use super::text::Seen;
use crate::{context::App, error::AppResult};

/// What does not conform; `None` for what is no scan.
pub(super) fn faults(seen: &Seen) -> Option<Vec<ScanFault>> {
    if seen.media_type.starts_with("image/") {
        return Some(vec![ScanFault::Picture]);
    }
    seen.scan.as_ref().map(check_scan)
}

/// Whether a file was measured as a scan when it came.
///
/// # Errors
/// When the database fails.
pub async fn is_scan(app: &App, file: FileId) -> AppResult<bool> {
    let row = app
        .db
        .opt(
            sql!("SELECT id FROM file WHERE id = $1 AND scan_faults IS NOT NULL"),
            args![file],
        )
        .await?;
    Ok(row.is_some())
}

/// What does not conform of a file that was brought as a scan.
///
/// # Errors
/// When the database fails.
pub async fn faults_of(app: &App, file: FileId) -> AppResult<Vec<ScanFault>> {
    let row = app
        .db
        .opt(sql!("SELECT scan_faults FROM file WHERE id = $1"), args![file])
        .await?;
    let Some(kept) = row
        .map(|row| row.get::<Option<String>>("scan_faults"))
        .transpose()?
        .flatten()
    else {
        return Ok(Vec::new());
    };
    // Faults that a later version of the program knows are none to this one.
    let names: Vec<String> = serde_json::from_str(&kept)?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}
