//! A row of either database.

use std::{fmt::Display, str::FromStr};

use jiff::{Timestamp, civil::Date};
use rules::ids::{
    AccountId, AgencyId, AssignmentId, DeliveryId, DispatchId, FileId, IncomingId, JobId, OutgoingId,
    PacketId, PostId, SlipId, UnitId,
};
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};
use uuid::Uuid;

use crate::{Error, Result};

/// A row of either database; columns are read by name.
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

/// A type that can stand in a column.
pub trait Column: Sized {
    /// Reads the column `name` of `row`.
    ///
    /// # Errors
    /// When the column is missing, `NULL` against the type, or holds something else.
    fn read(row: &Row, name: &str) -> Result<Self>;
}

impl Row {
    /// Reads the column `name`.
    ///
    /// # Errors
    /// See [`Column::read`].
    pub fn get<T: Column>(&self, name: &str) -> Result<T> {
        T::read(self, name)
    }

    /// Reads a text column as one of our enums.
    ///
    /// # Errors
    /// When the text is not a known value.
    pub fn parse<T: FromStr<Err: Display>>(&self, name: &str) -> Result<T> {
        let text: String = self.get(name)?;
        text.parse().map_err(|error: T::Err| bad(name, error))
    }

    /// Reads a nullable text column as one of our enums.
    ///
    /// # Errors
    /// When the text is not a known value.
    pub fn parse_opt<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>> {
        let text: Option<String> = self.get(name)?;
        text.map(|text| text.parse().map_err(|error: T::Err| bad(name, error)))
            .transpose()
    }

    /// Reads a JSON column.
    ///
    /// # Errors
    /// When the JSON does not have the shape of `T`.
    pub fn json<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T> {
        let text: String = self.get(name)?;
        serde_json::from_str(&text).map_err(|error| bad(name, error))
    }
}

fn bad(column: &str, reason: impl Display) -> Error {
    Error::Column {
        column: column.to_owned(),
        reason: reason.to_string(),
    }
}

macro_rules! native {
    ($($type:ty),+) => {$(
        impl Column for $type {
            fn read(row: &Row, name: &str) -> Result<Self> {
                Ok(match row {
                    Row::Sqlite(row) => row.try_get(name)?,
                    Row::Postgres(row) => row.try_get(name)?,
                })
            }
        }
    )+};
}
native!(
    i64,
    Option<i64>,
    String,
    Option<String>,
    Uuid,
    Option<Uuid>,
    Vec<u8>,
    Option<Vec<u8>>
);

macro_rules! through {
    ($($type:ty: $native:ty, $name:ident, $value:ident -> $convert:expr;)+) => {$(
        impl Column for $type {
            fn read(row: &Row, $name: &str) -> Result<Self> {
                let $value: $native = row.get($name)?;
                $convert
            }
        }
        impl Column for Option<$type> {
            fn read(row: &Row, $name: &str) -> Result<Self> {
                let value: Option<$native> = row.get($name)?;
                value.map(|$value| $convert).transpose()
            }
        }
    )+};
}
through! {
    bool: i64, name, v -> match v { 0 => Ok(false), 1 => Ok(true), other => Err(bad(name, other)) };
    u32: i64, name, v -> u32::try_from(v).map_err(|error| bad(name, error));
    i16: i64, name, v -> i16::try_from(v).map_err(|error| bad(name, error));
    Timestamp: i64, name, v -> Timestamp::from_microsecond(v).map_err(|error| bad(name, error));
    Date: String, name, v -> v.parse().map_err(|error: jiff::Error| bad(name, error));
}

macro_rules! ids {
    ($($id:ident),+) => {$(
        impl Column for $id {
            fn read(row: &Row, name: &str) -> Result<Self> { Ok($id::from_uuid(row.get(name)?)) }
        }
        impl Column for Option<$id> {
            fn read(row: &Row, name: &str) -> Result<Self> {
                Ok(row.get::<Option<Uuid>>(name)?.map($id::from_uuid))
            }
        }
    )+};
}
ids!(
    AccountId,
    AgencyId,
    AssignmentId,
    DeliveryId,
    DispatchId,
    PacketId,
    FileId,
    IncomingId,
    JobId,
    OutgoingId,
    PostId,
    SlipId,
    UnitId
);
