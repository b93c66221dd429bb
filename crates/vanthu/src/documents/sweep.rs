//! Dọn tệp không còn dùng: files that were sent and then used by no document, and bytes that no file names: a form
//! given up, a document refused, an issue rolled back after its PDF was laid out, a document that its sender recalled.

use std::time::Duration;

use jiff::SignedDuration;
use store::{Digest, args, sql};

use crate::{context::App, error::AppResult};

/// What nobody uses stays so long: a form may lie open over a weekend.
pub const GRACE: Duration = Duration::from_secs(7 * 24 * 3600);
/// Files older than this were looked at by an earlier sweep, so that no sweep walks the whole archive. Those of a cancelled document are not
/// left to it: the act that cancels it takes their rows away ([`super::let_go_of_sets`]), and bytes that no file names go whatever their age.
const LOOKED_AT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What a sweep removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files that no document ever had.
    pub files: u64,
    /// Blobs that no file names.
    pub blobs: u64,
}

/// Removes what has been without use for longer than `grace`.
///
/// # Errors
/// When the database or the store fails; what was removed until then stays removed.
pub async fn sweep(app: &App, grace: Duration) -> AppResult<Swept> {
    let mut swept = Swept {
        files: forget_files(app, grace).await?,
        blobs: 0,
    };
    for first in 0..=u8::MAX {
        for digest in app.blobs.older_than(first, grace).await? {
            if is_named(app, digest).await? {
                continue;
            }
            let Some(aside) = app.blobs.set_aside(digest, grace).await? else {
                continue;
            };
            // Somebody may have sent the same content between the question and the move.
            if is_named(app, digest).await? {
                aside.put_back().await?;
            } else {
                aside.remove().await?;
                swept.blobs += 1;
            }
        }
    }
    Ok(swept)
}

async fn forget_files(app: &App, grace: Duration) -> AppResult<u64> {
    let now = app.clock.now();
    let grace = SignedDuration::try_from(grace).map_err(anyhow::Error::from)?;
    let mut tx = app.db.begin().await?;
    let files = tx
        .run(
            sql!(
                "DELETE FROM file WHERE created_at > $1 AND created_at <= $2 \
                 AND NOT EXISTS (SELECT 1 FROM file_set_item i WHERE i.file_id = file.id) \
                 AND NOT EXISTS (SELECT 1 FROM verdict v WHERE v.file_id = file.id)"
            ),
            args![now - LOOKED_AT, now - grace],
        )
        .await?;
    tx.commit().await?;
    Ok(files)
}

async fn is_named(app: &App, digest: Digest) -> AppResult<bool> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT 1 AS one FROM file WHERE sha256 = $1 UNION ALL SELECT 1 AS one FROM axis_outbox WHERE sha256 = $1 \
                 UNION ALL SELECT 1 AS one FROM axis_inbox WHERE sha256 = $1 LIMIT 1"
            ),
            args![digest.as_bytes()],
        )
        .await?;
    Ok(row.is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{Office, pdf};

    #[tokio::test]
    async fn what_no_document_uses_goes_after_its_grace_and_everything_else_stays() {
        let office = Office::new().await;
        let officer = office.person("annv.stttt").await;
        let blobs = &office.app.blobs;
        let used = pdf("dung");
        let file = officer.api_upload("dung.pdf", &used).await.ok().json();
        let draft = json!({ "type_key": "cong_van", "subject": "Báo cáo", "main_file": file["id"],
            "paper": [{ "name": "Báo Đắk Nông" }] });
        officer.api("/api/v1/outgoing", &draft).await.ok();
        let unused = pdf("khong dung");
        officer.api_upload("khong_dung.pdf", &unused).await.ok();
        // As an issue that is rolled back leaves it: laid out, stored, named by nothing.
        let rolled_back = blobs.put(b"%PDF-1.4 rolled back").await.unwrap();

        assert_eq!(sweep(&office.app, GRACE).await.unwrap(), Swept::default());
        assert!(blobs.is_intact(rolled_back.digest).await.unwrap());

        let later = office.app.clock.now() + SignedDuration::from_hours(8 * 24);
        office.clock.set(later);
        let swept = sweep(&office.app, Duration::ZERO).await.unwrap();
        assert_eq!(swept, Swept { files: 1, blobs: 2 });
        assert!(!blobs.is_intact(rolled_back.digest).await.unwrap());
        assert!(!blobs.is_intact(Digest::of(&unused)).await.unwrap());
        assert!(blobs.is_intact(Digest::of(&used)).await.unwrap());
        assert_eq!(
            sweep(&office.app, Duration::ZERO).await.unwrap(),
            Swept::default()
        );
    }
}
