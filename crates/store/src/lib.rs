//! The only crate that names a database.
//!
//! Features write SQL once, as text with `$1 … $n`, inside [`sql!`]; it runs on SQLite and on PostgreSQL.
//! Reads go through [`Db`]; every change goes through an [`Act`], which cannot commit without a journal entry.
//!
//! Common subset of the two dialects (checked by the statement test): integers are `bigint`, times are
//! microseconds since 1970 in a `bigint`, dates are ISO text, booleans are 0/1, ids are UUIDs, JSON is text.

mod act;
mod args;
mod blobs;
mod clock;
mod db;
mod error;
mod filter;
mod jobs;
pub mod journal;
mod migrate;
mod row;
pub mod testing;

pub use act::{Act, Actor, Begun, Committed, Entry};
pub use args::{Arg, Sql};
pub use blobs::{Blob, BlobBatch, BlobWriter, Blobs, Digest, SetAside};
pub use clock::{Clock, Ids, vietnam};
pub use db::{Db, Options, Tx};
pub use error::{Error, Result};
pub use filter::Filter;
pub use jobs::Job;
pub use row::{Column, Row};
