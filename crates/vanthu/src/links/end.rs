//! One of the two documents of a link.

use rules::{
    ids::{IncomingId, OutgoingId},
    numbering::number_and_symbol,
    outgoing::OutgoingState,
};
use store::{args, sql};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    incoming, outgoing,
};

/// A document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Văn bản đến.
    Incoming(IncomingId),
    /// Văn bản đi.
    Outgoing(OutgoingId),
}

impl End {
    /// The document of this kind and id.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a kind that there is not.
    pub fn read(kind: &str, id: Uuid) -> AppResult<Self> {
        match kind {
            "incoming" => Ok(Self::Incoming(IncomingId::from_uuid(id))),
            "outgoing" => Ok(Self::Outgoing(OutgoingId::from_uuid(id))),
            _ => Err(AppError::NotFound),
        }
    }

    /// `incoming` or `outgoing`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Incoming(_) => "incoming",
            Self::Outgoing(_) => "outgoing",
        }
    }

    /// Its id.
    pub fn id(self) -> Uuid {
        match self {
            Self::Incoming(id) => id.as_uuid(),
            Self::Outgoing(id) => id.as_uuid(),
        }
    }

    /// Where it is.
    pub fn href(self) -> String {
        format!("/{}/{}", self.kind(), self.id())
    }

    /// Whether the person may see it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_visible(self, app: &App, who: &Who) -> AppResult<bool> {
        let seen = match self {
            Self::Incoming(id) => incoming::may_view(app, who, id).await,
            Self::Outgoing(id) => outgoing::may_view(app, who, id).await,
        };
        match seen {
            Ok(()) => Ok(true),
            Err(AppError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Số, ký hiệu and from whom it is; of a draft nothing but that it is one: what it says may change, and not everybody sees every version.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn name(self, app: &App) -> AppResult<String> {
        match self {
            Self::Incoming(id) => {
                let row = app
                    .db
                    .one(
                        sql!("SELECT number, symbol, sender_name FROM incoming WHERE id = $1"),
                        args![id],
                    )
                    .await?;
                let printed = incoming::printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
                let sender: String = row.get("sender_name")?;
                Ok(if printed.is_empty() {
                    format!("văn bản không số của {sender}")
                } else {
                    format!("{printed} của {sender}")
                })
            }
            Self::Outgoing(id) => {
                let row = app
                    .db
                    .one(
                        sql!("SELECT state, number, symbol FROM outgoing WHERE id = $1"),
                        args![id],
                    )
                    .await?;
                let state: OutgoingState = row.parse("state")?;
                let (number, symbol): (Option<u32>, Option<String>) =
                    (row.get("number")?, row.get("symbol")?);
                Ok(match (number, symbol) {
                    (Some(number), Some(symbol)) if state.is_registered() => {
                        number_and_symbol(number, &symbol)
                    }
                    _ => "dự thảo".to_owned(),
                })
            }
        }
    }
}
