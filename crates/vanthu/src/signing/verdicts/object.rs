//! What a check is about: a document with its files, or a file that somebody brought for the check.

use rules::{
    access::Action,
    ids::{AccountId, AgencyId, FileId, IncomingId, OutgoingId, SlipId},
    incoming::IncomingState,
};
use serde::{Deserialize, Serialize};
use store::{Act, Row, args, sql};
use uuid::Uuid;

use crate::{
    access,
    context::{App, Who},
    documents::{self, StoredFile},
    error::{AppError, AppResult},
    registers, slips,
};

/// Whose files are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Object {
    /// Văn bản đến.
    Incoming(IncomingId),
    /// Văn bản đi.
    Outgoing(OutgoingId),
    /// Bản sao điện tử.
    Copy(Uuid),
    /// Phiếu trình: what its leaders signed.
    Slip(SlipId),
    /// A file brought for a check only.
    File(FileId),
}

/// A PDF of an object.
#[derive(Debug, Clone)]
pub struct Pdf {
    /// Whether it is the main document.
    pub is_main: bool,
    /// The file.
    pub file: StoredFile,
}

impl Object {
    /// The object of an address.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a kind that is not known.
    pub fn of(kind: &str, id: Uuid) -> AppResult<Self> {
        match kind {
            "incoming" => Ok(Self::Incoming(IncomingId::from_uuid(id))),
            "outgoing" => Ok(Self::Outgoing(OutgoingId::from_uuid(id))),
            "copy" => Ok(Self::Copy(id)),
            "slip" => Ok(Self::Slip(SlipId::from_uuid(id))),
            "file" => Ok(Self::File(FileId::from_uuid(id))),
            _ => Err(AppError::NotFound),
        }
    }

    /// Its kind, as the database and addresses write it.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Incoming(_) => "incoming",
            Self::Outgoing(_) => "outgoing",
            Self::Copy(_) => "copy",
            Self::Slip(_) => "slip",
            Self::File(_) => "file",
        }
    }

    /// Its id.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Incoming(id) => id.as_uuid(),
            Self::Outgoing(id) => id.as_uuid(),
            Self::Copy(id) => id,
            Self::Slip(id) => id.as_uuid(),
            Self::File(id) => id.as_uuid(),
        }
    }

    /// The page of its reports.
    pub fn href(self) -> String {
        format!("/signing/verdicts/{}/{}", self.kind(), self.id())
    }

    /// The page of the object itself; none for a file.
    pub fn document_href(self) -> String {
        match self {
            Self::File(_) => String::new(),
            Self::Copy(id) => format!("/registers/copies/{id}"),
            Self::Slip(id) => format!("/slips/{id}"),
            _ => format!("/{}/{}", self.kind(), self.id()),
        }
    }

    /// Refuses whoever may not see the object: then it is as if it were not there.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; when the database fails.
    pub async fn must_be_visible(self, app: &App, who: &Who) -> AppResult<()> {
        let is_visible = match self {
            Self::Incoming(id) => {
                let object = access::of_incoming(app, id).await?;
                // Reports are content: of a recalled document they are gone with it.
                access::is_allowed(who, Action::Download, &object)
            }
            Self::Outgoing(id) => {
                let object = access::of_outgoing(app, id.as_uuid()).await?;
                access::is_allowed(who, Action::View, &object)
            }
            Self::Copy(id) => registers::may_see_copy(app, who, id).await?,
            // The reports tell of all rounds.
            Self::Slip(id) => slips::sees_whole(app, who, id).await?,
            // Who brought it sees it, as long as no document has it.
            Self::File(id) => app
                .db
                .opt(
                    sql!(
                        "SELECT f.account_id FROM file f JOIN verdict v ON v.object_id = f.id AND v.object_kind = 'file' \
                         WHERE f.id = $1 LIMIT 1"
                    ),
                    args![id],
                )
                .await?
                .map(|row: Row| row.get::<Option<AccountId>>("account_id"))
                .transpose()?
                .flatten()
                == Some(who.account()),
        };
        if is_visible {
            Ok(())
        } else {
            Err(AppError::NotFound)
        }
    }

    /// Whether its content was cancelled, perhaps while its files were being checked. An incoming document is locked until the act ends, so
    /// that no recall comes in between.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_cancelled(self, act: &mut Act) -> AppResult<bool> {
        Ok(match self {
            Self::Incoming(id) => {
                let row = act
                    .opt(
                        sql!("UPDATE incoming SET revision = revision WHERE id = $1 RETURNING state"),
                        args![id],
                    )
                    .await?;
                let state: Option<IncomingState> = row.map(|row| row.parse("state")).transpose()?;
                state == Some(IncomingState::Recalled)
            }
            Self::Copy(id) => act
                .opt(
                    sql!("SELECT id FROM document_copy WHERE id = $1 AND file_set IS NOT NULL"),
                    args![id],
                )
                .await?
                .is_none(),
            Self::Outgoing(_) | Self::Slip(_) | Self::File(_) => false,
        })
    }

    /// Its PDF files, the main document first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pdfs(self, app: &App) -> AppResult<Vec<Pdf>> {
        let set = match self {
            Self::Incoming(id) => {
                app.db
                    .opt(sql!("SELECT file_set FROM incoming WHERE id = $1"), args![id])
                    .await?
            }
            Self::Outgoing(id) => {
                app.db
                    .opt(sql!("SELECT file_set FROM outgoing WHERE id = $1"), args![id])
                    .await?
            }
            Self::Copy(id) => {
                app.db
                    .opt(
                        sql!("SELECT file_set FROM document_copy WHERE id = $1"),
                        args![id],
                    )
                    .await?
            }
            Self::Slip(id) => {
                let rows = app
                    .db
                    .all(
                        sql!(
                            "SELECT f.id, f.sha256, f.name, f.media_type, f.size, f.pages FROM slip_decider d \
                             JOIN file_set_item i ON i.set_id = d.signed_set JOIN file f ON f.id = i.file_id \
                             WHERE d.slip_id = $1 ORDER BY d.round, d.step, d.sort, f.id"
                        ),
                        args![id],
                    )
                    .await?;
                return Ok(alone(&rows)?);
            }
            Self::File(id) => {
                let rows = app
                    .db
                    .all(
                        sql!("SELECT id, sha256, name, media_type, size, pages FROM file WHERE id = $1"),
                        args![id],
                    )
                    .await?;
                return Ok(alone(&rows)?);
            }
        };
        let set: Option<Uuid> = set.map(|row| row.get("file_set")).transpose()?.flatten();
        let files = documents::files_of(app, set).await?;
        Ok(files
            .into_iter()
            .filter(|item| item.file.media_type == "application/pdf")
            .map(|item| Pdf {
                is_main: item.is_main,
                file: item.file,
            })
            .collect())
    }

    /// The agency in whose journal a check stands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agency(self, app: &App) -> AppResult<Option<AgencyId>> {
        let row = match self {
            Self::Incoming(id) => {
                app.db
                    .opt(sql!("SELECT agency_id FROM incoming WHERE id = $1"), args![id])
                    .await?
            }
            Self::Outgoing(id) => {
                app.db
                    .opt(sql!("SELECT agency_id FROM outgoing WHERE id = $1"), args![id])
                    .await?
            }
            Self::Copy(id) => {
                app.db
                    .opt(
                        sql!("SELECT agency_id FROM document_copy WHERE id = $1"),
                        args![id],
                    )
                    .await?
            }
            Self::Slip(id) => {
                app.db
                    .opt(sql!("SELECT agency_id FROM slip WHERE id = $1"), args![id])
                    .await?
            }
            Self::File(id) => {
                app.db
                    .opt(sql!("SELECT agency_id FROM file WHERE id = $1"), args![id])
                    .await?
            }
        };
        Ok(row.map(|row| row.get("agency_id")).transpose()?)
    }
}

/// Files that are each a document by itself.
fn alone(rows: &[Row]) -> store::Result<Vec<Pdf>> {
    rows.iter()
        .map(|row| {
            Ok(Pdf {
                is_main: true,
                file: documents::stored(row)?,
            })
        })
        .collect()
}
