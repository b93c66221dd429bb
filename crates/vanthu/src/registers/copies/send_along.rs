//! Bản sao điện tử gửi kèm: copies that the agency has signed, chosen from the book for a draft, go out with the official letter as they are
//! (ND30-25, 26). A draft whose copy is of a document that was recalled meanwhile keeps the file in its versions, as sets of files never change,
//! but neither a new version nor a number comes of it until the copy is taken off; when it was the sender who recalled, nobody gets the file.

use rules::{
    Refusal,
    copies::{CopyKind, SendCopyFacts, send_copy},
    ids::{AgencyId, FileId},
    incoming::IncomingState,
    numbering,
};
use serde::{Deserialize, Serialize};
use store::{Act, Row, Sql, args, sql};
use uuid::Uuid;

use super::{is_visible, lock_source};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    web::page::{Choice, Fact},
};

/// How many copies a form offers to choose from, newest first.
const OFFERED: i64 = 60;
/// How many documents the page of a copy names that it went along with.
const NAMED: i64 = 20;

/// A signed copy that goes along with a document: what a version of the draft keeps of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCopy {
    /// The copy.
    pub copy: Uuid,
    /// Its file.
    pub file: FileId,
}

const COPY: Sql = sql!(
    "SELECT c.number, c.symbol, i.file_id, o.recalled_at, n.state AS incoming_state FROM document_copy c \
     LEFT JOIN file_set_item i ON i.set_id = c.file_set AND i.role = 'main' \
     LEFT JOIN outgoing o ON o.id = c.source_id AND c.source_kind = 'outgoing' \
     LEFT JOIN incoming n ON n.id = c.source_id AND c.source_kind = 'incoming' WHERE c.id = $1 AND c.agency_id = $2"
);

/// Of what it is a copy.
const COPIED: Sql = sql!("SELECT source_kind, source_id FROM document_copy WHERE id = $1 AND agency_id = $2");

/// The file of a copy that may go out now.
fn file(row: &Row) -> AppResult<FileId> {
    let file: Option<FileId> = row.get("file_id")?;
    let recalled_by_us: Option<jiff::Timestamp> = row.get("recalled_at")?;
    let incoming: Option<IncomingState> = row.parse_opt("incoming_state")?;
    send_copy(&SendCopyFacts {
        number_and_symbol: &numbering::number_and_symbol(row.get("number")?, &row.get::<String>("symbol")?),
        is_signed: file.is_some(),
        is_recalled: recalled_by_us.is_some() || incoming == Some(IncomingState::Recalled),
    })?;
    file.ok_or_else(no_such_copy)
}

fn no_such_copy() -> AppError {
    Refusal::new(
        "ND30-25.4",
        "copies.not_found",
        "Không tìm thấy bản sao đã chọn trong Sổ bản sao, hoặc văn bản được sao đã thu hồi. Vui lòng bỏ chọn bản sao đó.",
    )
    .on("copies")
    .into()
}

/// The copies that a draft names, with their files. Whoever writes the draft sees what was copied, or finds the copy in the draft (`known`
/// are its files) because somebody else chose it.
///
/// # Errors
/// Refusals of [`send_copy`]; `ND30-25.4` for a copy that is not there or not visible.
pub async fn to_send(app: &App, who: &Who, copies: &[Uuid], known: &[FileId]) -> AppResult<Vec<SentCopy>> {
    let mut sent: Vec<SentCopy> = Vec::with_capacity(copies.len());
    for copy in copies {
        if sent.iter().any(|before| before.copy == *copy) {
            continue;
        }
        let row = app.db.opt(COPY, args![*copy, who.agency()]).await?;
        let row = row.ok_or_else(no_such_copy)?;
        let file_of: Option<FileId> = row.get("file_id")?;
        let is_known = file_of.is_some_and(|file| known.contains(&file));
        if !is_known && !is_visible(app, who, *copy).await? {
            return Err(no_such_copy());
        }
        sent.push(SentCopy {
            copy: *copy,
            file: file(&row)?,
        });
    }
    Ok(sent)
}

/// Asks once more within the act that numbers or issues the document: what was copied may have been recalled since. What was copied is
/// locked first, so that no recall comes in between.
///
/// # Errors
/// Refusals of [`send_copy`].
pub async fn may_go(act: &mut Act, agency: AgencyId, copies: &[SentCopy]) -> AppResult<()> {
    let mut sources: Vec<(Uuid, String)> = Vec::with_capacity(copies.len());
    for sent in copies {
        let row = act.opt(COPIED, args![sent.copy, agency]).await?;
        let row = row.ok_or_else(no_such_copy)?;
        sources.push((row.get("source_id")?, row.get("source_kind")?));
    }
    // Always in one order: two letters with the same copies never wait for each other.
    sources.sort_unstable();
    sources.dedup();
    for (id, kind) in &sources {
        lock_source(act, agency, kind, *id).await?;
    }
    for sent in copies {
        let row = act.opt(COPY, args![sent.copy, agency]).await?;
        file(&row.ok_or_else(no_such_copy)?)?;
    }
    Ok(())
}

/// What a version of a draft says of the copies that go along.
#[derive(Debug, Deserialize)]
struct Along {
    #[serde(default)]
    copies: Vec<SentCopy>,
}

/// Whether a file in a draft is the copy of a document that its sender recalled: it is cancelled here (ND30-18.4b). What was issued with one
/// stays as it went out.
///
/// # Errors
/// When the database fails.
pub async fn is_withheld(app: &App, draft: Uuid, file: FileId) -> AppResult<bool> {
    let versions = app
        .db
        .all(
            sql!(
                "SELECT v.content FROM outgoing o JOIN outgoing_version v ON v.outgoing_id = o.id WHERE o.id = $1 \
                 AND o.state <> 'issued' AND v.content LIKE '%\"copies\":[{%'"
            ),
            args![draft],
        )
        .await?;
    for version in &versions {
        let along: Along = version.json("content")?;
        for sent in along.copies.iter().filter(|sent| sent.file == file) {
            let recalled = app
                .db
                .opt(
                    sql!(
                        "SELECT c.id FROM document_copy c JOIN incoming n ON n.id = c.source_id WHERE c.id = $1 \
                         AND c.source_kind = 'incoming' AND n.state = 'recalled'"
                    ),
                    args![sent.copy],
                )
                .await?;
            if recalled.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Signed copies to choose from, newest first: all of the agency for a clerk, else those of documents in which the person took part. What
/// is chosen already stays in the list.
///
/// # Errors
/// When the database fails.
pub async fn choices(app: &App, who: &Who, chosen: &[String]) -> AppResult<Vec<Choice>> {
    let rows = if who.is_clerk() {
        app.db
            .all(
                sql!(
                    "SELECT c.id, c.number, c.symbol, c.kind, c.source_name FROM document_copy c \
                     LEFT JOIN outgoing o ON o.id = c.source_id AND c.source_kind = 'outgoing' \
                     WHERE c.agency_id = $1 AND c.file_set IS NOT NULL AND o.recalled_at IS NULL \
                     ORDER BY c.year DESC, c.number DESC LIMIT $2"
                ),
                args![who.agency(), OFFERED],
            )
            .await?
    } else {
        app.db
            .all(
                sql!(
                    "SELECT c.id, c.number, c.symbol, c.kind, c.source_name FROM participant t \
                     JOIN document_copy c ON c.source_id = t.object_id \
                     LEFT JOIN outgoing o ON o.id = c.source_id AND c.source_kind = 'outgoing' \
                     WHERE t.post_id = $1 AND c.agency_id = $2 AND c.file_set IS NOT NULL AND o.recalled_at IS NULL \
                     ORDER BY c.year DESC, c.number DESC LIMIT $3"
                ),
                args![who.post(), who.agency(), OFFERED],
            )
            .await?
    };
    let mut choices = Vec::with_capacity(rows.len());
    for row in &rows {
        choices.push(choice(row)?.hint(row.get::<String>("source_name")?));
    }
    for id in chosen {
        let Ok(copy) = id.parse::<Uuid>() else {
            continue;
        };
        if choices.iter().any(|choice| choice.value == *id) {
            continue;
        }
        let row = app
            .db
            .opt(
                sql!("SELECT id, number, symbol, kind FROM document_copy WHERE id = $1 AND agency_id = $2"),
                args![copy, who.agency()],
            )
            .await?;
        if let Some(row) = row {
            // Its number only: whoever edits the draft may not see what was copied.
            choices.insert(0, choice(&row)?);
        }
    }
    Ok(choices)
}

fn choice(row: &Row) -> store::Result<Choice> {
    let kind: CopyKind = row.parse("kind")?;
    let number_and_symbol = numbering::number_and_symbol(row.get("number")?, &row.get::<String>("symbol")?);
    Ok(Choice::new(
        row.get::<Uuid>("id")?.to_string(),
        format!("Bản {} số {number_and_symbol}", kind.label().to_lowercase()),
    ))
}

/// The issued documents with which the file of a copy went out.
///
/// # Errors
/// When the database fails.
pub(super) async fn went_with(app: &App, who: &Who, file: Option<Uuid>) -> AppResult<Vec<Fact>> {
    let Some(file) = file else {
        return Ok(Vec::new());
    };
    let rows = app
        .db
        .all(
            sql!(
                "SELECT o.id, o.number, o.symbol FROM file_set_item i JOIN outgoing o ON o.file_set = i.set_id \
                 WHERE i.file_id = $1 AND o.agency_id = $2 AND o.state = 'issued' ORDER BY o.issued_at, o.id LIMIT $3"
            ),
            args![file, who.agency(), NAMED],
        )
        .await?;
    let fact = |row: &Row| {
        let number_and_symbol =
            numbering::number_and_symbol(row.get("number")?, &row.get::<String>("symbol")?);
        let href = format!("/outgoing/{}", row.get::<Uuid>("id")?);
        Ok(Fact::new("Gửi kèm văn bản", number_and_symbol).link(href))
    };
    Ok(rows.iter().map(fact).collect::<store::Result<_>>()?)
}
