//! Verdicts as they are kept: the report, who asked and when, what it relied on (KS-08, KS-21, KS-24). A new check adds one;
//! none is ever changed. Those on a document that its sender recalled go with its content.

use jiff::Timestamp;
use pdf_signature::verify::Report;
use rules::{ids::FileId, legal_value::SignatureVerdict};
use store::{Act, Digest, Row, args, sql};
use uuid::Uuid;

use super::verify::{Checked, legal};
use crate::{context::App, error::AppResult};

/// A kept verdict.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its id; later ones are larger.
    pub id: Uuid,
    /// The file.
    pub file: FileId,
    /// When it was kept.
    pub at: Timestamp,
    /// Who asked, name and title.
    pub by: String,
    /// What the signer's signature is worth.
    pub person: SignatureVerdict,
    /// What the agency's signature is worth.
    pub agency: SignatureVerdict,
    /// The report.
    pub report: Report,
}

/// Keeps a check of `file` as part of the document `object` (`object_kind`: `incoming`, `outgoing`, `copy`; `file` for a file that was
/// brought for the check). Gives the verdict's id.
///
/// # Errors
/// When the database fails.
pub async fn store(
    act: &mut Act,
    object_kind: &str,
    object: Uuid,
    file: FileId,
    checked: &Checked,
) -> AppResult<Uuid> {
    let id = act.new_id();
    let (person, agency) = legal(&checked.report);
    let actor = act.actor();
    let (account, label) = (actor.account, actor.label.clone());
    let now = act.now();
    act.run(
        sql!(
            "INSERT INTO verdict (id, file_id, object_kind, object_id, at, account_id, by_label, engine, trust_version, \
             verdict, sub_reason, person, agency, signatures, report) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        ),
        args![
            id,
            file,
            object_kind,
            object,
            now,
            account,
            label,
            checked.report.engine.as_str(),
            checked.report.trust_list_version.as_str(),
            checked.report.verdict.code(),
            checked.report.sub_reason.clone(),
            person.as_str(),
            agency.as_str(),
            i64::try_from(checked.report.signatures.len()).unwrap_or(i64::MAX),
            serde_json::to_string(&checked.report)?,
        ],
    )
    .await?;
    for material in &checked.material {
        let digest = Digest::of(&material.content);
        act.run(
            sql!("INSERT INTO verdict_material (sha256, kind, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"),
            args![digest.as_bytes(), material.kind, material.content.as_slice()],
        )
        .await?;
        act.run(
            sql!("INSERT INTO verdict_uses (verdict_id, sha256) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
            args![id, digest.as_bytes()],
        )
        .await?;
    }
    Ok(id)
}

/// Takes away the verdicts on what is cancelled (ND30-18.4b): a report says who signed what. Lists and certificates on which they relied
/// are those of many and stay; so does the journal.
///
/// # Errors
/// When the database fails.
pub async fn forget(act: &mut Act, object: Uuid) -> AppResult<()> {
    act.run(
        sql!("DELETE FROM verdict_uses WHERE verdict_id IN (SELECT id FROM verdict WHERE object_id = $1)"),
        args![object],
    )
    .await?;
    act.run(sql!("DELETE FROM verdict WHERE object_id = $1"), args![object])
        .await?;
    Ok(())
}

fn stored(row: &Row) -> store::Result<Stored> {
    Ok(Stored {
        id: row.get("id")?,
        file: row.get("file_id")?,
        at: row.get("at")?,
        by: row.get("by_label")?,
        person: row.parse("person")?,
        agency: row.parse("agency")?,
        report: row.json("report")?,
    })
}

/// The newest verdict on a file, whichever document it was checked for.
///
/// # Errors
/// When the database fails.
pub async fn of_file(app: &App, file: FileId) -> AppResult<Option<Stored>> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT id, file_id, at, by_label, person, agency, report FROM verdict WHERE file_id = $1 ORDER BY id DESC LIMIT 1"
            ),
            args![file],
        )
        .await?;
    Ok(row.as_ref().map(stored).transpose()?)
}

/// The newest verdict on each file of a document.
///
/// # Errors
/// When the database fails.
pub async fn of_object(app: &App, object: Uuid) -> AppResult<Vec<Stored>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT v.id, v.file_id, v.at, v.by_label, v.person, v.agency, v.report FROM verdict v WHERE v.object_id = $1 \
                 AND NOT EXISTS (SELECT 1 FROM verdict n WHERE n.object_id = v.object_id AND n.file_id = v.file_id AND n.id > v.id)"
            ),
            args![object],
        )
        .await?;
    Ok(rows.iter().map(stored).collect::<store::Result<_>>()?)
}

/// One verdict of a document.
///
/// # Errors
/// When the database fails.
pub async fn one(app: &App, object: Uuid, id: Uuid) -> AppResult<Option<Stored>> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT id, file_id, at, by_label, person, agency, report FROM verdict WHERE id = $1 AND object_id = $2"
            ),
            args![id, object],
        )
        .await?;
    Ok(row.as_ref().map(stored).transpose()?)
}

/// A check in the list of checks of a document.
#[derive(Debug, Clone)]
pub struct Line {
    /// The verdict.
    pub id: Uuid,
    /// The file.
    pub file: FileId,
    /// When.
    pub at: Timestamp,
    /// Who asked.
    pub by: String,
    /// `TOTAL-PASSED`, `TOTAL-FAILED` or `INDETERMINATE`.
    pub verdict: String,
    /// The trust list it was judged by.
    pub trust_version: String,
}

/// Checks of a document that a page shows.
const MOST: i64 = 200;

/// Every check of a document, newest first.
///
/// # Errors
/// When the database fails.
pub async fn history(app: &App, object: Uuid) -> AppResult<Vec<Line>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, file_id, at, by_label, verdict, trust_version FROM verdict WHERE object_id = $1 ORDER BY id DESC LIMIT $2"
            ),
            args![object, MOST],
        )
        .await?;
    let line = |row: &Row| {
        Ok(Line {
            id: row.get("id")?,
            file: row.get("file_id")?,
            at: row.get("at")?,
            by: row.get("by_label")?,
            verdict: row.get("verdict")?,
            trust_version: row.get("trust_version")?,
        })
    };
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}
