//! Sets of files: the main document first, then attachments. A set never changes; a new version has a new set. One set may serve a draft,
//! the issued document and everybody who received it, so it goes only when nothing names it any more.

use rules::ids::FileId;
use store::{Act, Digest, Row, Sql, args, sql};
use uuid::Uuid;

use super::StoredFile;
use crate::{
    context::App,
    error::AppResult,
    web::page::{FileItem, file_size},
};

/// A file in a set.
#[derive(Debug, Clone)]
pub struct FileOfSet {
    /// Whether it is the main document.
    pub is_main: bool,
    /// The file.
    pub file: StoredFile,
}

/// Makes a set.
///
/// # Errors
/// When the database fails.
pub async fn new_set(act: &mut Act, main: Option<FileId>, attachments: &[FileId]) -> AppResult<Uuid> {
    let set = act.new_id();
    let items = main.map(|file| (0_i64, "main", file)).into_iter();
    let items = items.chain(
        (1_i64..)
            .zip(attachments)
            .map(|(sort, file)| (sort, "attachment", *file)),
    );
    for (sort, role, file) in items {
        act.run(
            sql!("INSERT INTO file_set_item (set_id, sort, role, file_id) VALUES ($1, $2, $3, $4)"),
            args![set, sort, role, file],
        )
        .await?;
    }
    Ok(set)
}

/// Whether anything names a set. Requests for signatures name sets of their subjects only, and need them no longer than these.
const NAMED: Sql = sql!(
    "SELECT 1 AS one FROM incoming WHERE file_set = $1 UNION ALL SELECT 1 AS one FROM incoming_version WHERE file_set = $1 \
     UNION ALL SELECT 1 AS one FROM sender_request WHERE file_set = $1 UNION ALL SELECT 1 AS one FROM outgoing WHERE file_set = $1 \
     UNION ALL SELECT 1 AS one FROM outgoing WHERE signed_set = $1 \
     UNION ALL SELECT 1 AS one FROM outgoing_version WHERE file_set = $1 UNION ALL SELECT 1 AS one FROM dispatch WHERE file_set = $1 \
     UNION ALL SELECT 1 AS one FROM document_copy WHERE base_set = $1 UNION ALL SELECT 1 AS one FROM document_copy WHERE file_set = $1 \
     UNION ALL SELECT 1 AS one FROM slip WHERE file_set = $1 UNION ALL SELECT 1 AS one FROM slip_round WHERE file_set = $1 \
     UNION ALL SELECT 1 AS one FROM slip_decider WHERE signed_set = $1 LIMIT 1"
);

/// Lets go of sets that the act has taken off a document whose content is cancelled (ND30-18.4b). A set that nothing else names goes, and
/// with it those of its files that are in no other set and were checked for nobody else. Their bytes are removed by the daily sweep, unless
/// another file has the same. Whoever puts a file into another set at this very moment wins: the database then refuses this act, which is
/// to be done once more.
///
/// # Errors
/// When the database fails.
pub async fn let_go_of_sets(act: &mut Act, sets: &[Uuid]) -> AppResult<()> {
    for set in sets {
        if act.opt(NAMED, args![*set]).await?.is_some() {
            continue;
        }
        let items = act
            .all(
                sql!("SELECT file_id FROM file_set_item WHERE set_id = $1 ORDER BY file_id"),
                args![*set],
            )
            .await?;
        act.run(sql!("DELETE FROM file_set_item WHERE set_id = $1"), args![*set])
            .await?;
        for item in &items {
            act.run(
                sql!(
                    "DELETE FROM file WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM file_set_item i WHERE i.file_id = file.id) \
                     AND NOT EXISTS (SELECT 1 FROM verdict v WHERE v.file_id = file.id)"
                ),
                args![item.get::<FileId>("file_id")?],
            )
            .await?;
        }
    }
    Ok(())
}

/// The files of a set, the main document first.
///
/// # Errors
/// When the database fails.
pub async fn files_of(app: &App, set: Option<Uuid>) -> AppResult<Vec<FileOfSet>> {
    let Some(set) = set else { return Ok(Vec::new()) };
    let rows = app
        .db
        .all(
            sql!(
                "SELECT i.role, f.id, f.sha256, f.name, f.media_type, f.size, f.pages FROM file_set_item i \
                 JOIN file f ON f.id = i.file_id WHERE i.set_id = $1 ORDER BY i.sort"
            ),
            args![set],
        )
        .await?;
    let files = rows.iter().map(|row| {
        Ok(FileOfSet {
            is_main: row.get::<String>("role")? == "main",
            file: stored(row)?,
        })
    });
    Ok(files.collect::<store::Result<_>>()?)
}

/// A file of a row with the columns of table `file`.
pub fn stored(row: &Row) -> store::Result<StoredFile> {
    Ok(StoredFile {
        id: row.get("id")?,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        size: row.get("size")?,
        digest: Digest::from_slice(&row.get::<Vec<u8>>("sha256")?)?,
        pages: row.get("pages")?,
    })
}

/// The files as pages list them.
pub fn file_items(files: &[FileOfSet]) -> Vec<FileItem> {
    let item = |item: &FileOfSet| FileItem {
        name: item.file.name.clone(),
        href: format!("/files/{}", item.file.id),
        size: file_size(u64::try_from(item.file.size).unwrap_or_default()),
        role: if item.is_main {
            "Văn bản chính"
        } else {
            "Tài liệu kèm theo"
        }
        .to_owned(),
    };
    files.iter().map(item).collect()
}

/// What is shown as a picture: the main document when it is a scan that browsers draw, or nothing. TIFF is none.
pub fn image_src(files: &[FileOfSet]) -> String {
    main_src(files, |media_type| {
        matches!(media_type, "image/jpeg" | "image/png")
    })
}

/// What the viewer shows: the main document when it is a PDF, or nothing.
pub fn viewer_src(files: &[FileOfSet]) -> String {
    main_src(files, |media_type| media_type == "application/pdf")
}

fn main_src(files: &[FileOfSet], shown: impl Fn(&str) -> bool) -> String {
    files
        .iter()
        .find(|item| item.is_main && shown(&item.file.media_type))
        .map(|item| format!("/files/{}", item.file.id))
        .unwrap_or_default()
}
