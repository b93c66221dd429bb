//! What can go wrong below the features.

/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of the database, the files, or of their use.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The driver reported a failure.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration could not be applied.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A statement that must give one row gave none.
    #[error("expected one row, found none")]
    NoRow,
    /// A column holds a value that its type does not know.
    #[error("column {column}: {reason}")]
    Column {
        /// Name of the column.
        column: String,
        /// What is wrong with the value.
        reason: String,
    },
    /// An act tried to commit without saying in the journal what it did: a defect of the program.
    #[error("an act must write a journal entry before it commits")]
    NoJournalEntry,
    /// The id of a command came before, with another request.
    #[error("the command id was used for another request")]
    CommandReused,
    /// The database has another version than the program.
    #[error("{0}")]
    Schema(String),
    /// A file of the blob store could not be read or written.
    #[error("blob store: {0}")]
    Io(#[from] std::io::Error),
    /// The content of a blob no longer matches its address.
    #[error("blob {0} is damaged")]
    DamagedBlob(String),
    /// The blob is not in the store.
    #[error("blob {0} is missing")]
    MissingBlob(String),
    /// A payload could not be turned into JSON or back.
    #[error("json: {0}")]
    Json(#[from] serde_json::Error),
    /// The database address is not understood, or the file does not exist.
    #[error("{0}")]
    Address(String),
}

impl Error {
    /// Whether a unique constraint refused the row: somebody was faster, or the value is a duplicate.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(inner)) if inner.is_unique_violation())
    }
}
