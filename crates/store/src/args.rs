//! Values bound to a statement, and the statement itself.

use jiff::{Timestamp, civil::Date};
use rules::ids::{
    AccountId, AgencyId, AssignmentId, CommandId, DeliveryId, DispatchId, FileId, IncomingId, JobId,
    OutgoingId, PacketId, PostId, SlipId, UnitId,
};
use uuid::Uuid;

/// A statement written as fixed text. Made by [`crate::sql!`] only, so that a test can find and prepare every one.
#[derive(Debug, Clone, Copy)]
pub struct Sql(&'static str);

impl Sql {
    #[doc(hidden)]
    pub const fn fixed(text: &'static str) -> Self {
        Self(text)
    }

    /// The text of the statement.
    pub const fn text(self) -> &'static str {
        self.0
    }
}

/// Marks a string literal as a statement for both databases.
#[macro_export]
macro_rules! sql {
    ($text:literal) => {
        $crate::Sql::fixed($text)
    };
}

/// Marks a string literal as a statement that only PostgreSQL understands; used inside this crate alone, where
/// the databases really differ.
#[macro_export]
macro_rules! sql_postgres {
    ($text:literal) => {
        $crate::Sql::fixed($text)
    };
}

/// A bound value. `NULL` keeps its type, because PostgreSQL wants to know it.
#[derive(Debug, Clone)]
pub enum Arg {
    /// Integer, boolean (0/1), or time in microseconds.
    Int(Option<i64>),
    /// Text, date, JSON.
    Text(Option<String>),
    /// UUID.
    Id(Option<Uuid>),
    /// Digest or token hash.
    Bytes(Option<Vec<u8>>),
}

/// The values of a statement, in the order `$1, $2, …`.
#[macro_export]
macro_rules! args {
    () => { ::std::vec::Vec::<$crate::Arg>::new() };
    ($($value:expr),+ $(,)?) => { ::std::vec![$($crate::Arg::from($value)),+] };
}

macro_rules! arg_from {
    ($($type:ty => $variant:ident, $value:ident -> $convert:expr;)+) => {$(
        impl From<$type> for Arg {
            fn from($value: $type) -> Self { Self::$variant(Some($convert)) }
        }
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Self { Self::$variant(value.map(|$value| $convert)) }
        }
    )+};
}

arg_from! {
    i64 => Int, v -> v;
    i32 => Int, v -> i64::from(v);
    u32 => Int, v -> i64::from(v);
    u16 => Int, v -> i64::from(v);
    i16 => Int, v -> i64::from(v);
    bool => Int, v -> i64::from(v);
    Timestamp => Int, v -> v.as_microsecond();
    &str => Text, v -> v.to_owned();
    String => Text, v -> v;
    &String => Text, v -> v.clone();
    Date => Text, v -> v.to_string();
    Uuid => Id, v -> v;
    Vec<u8> => Bytes, v -> v;
    &[u8] => Bytes, v -> v.to_vec();
}

macro_rules! arg_from_ids {
    ($($id:ty),+) => { arg_from! { $($id => Id, v -> v.as_uuid();)+ } };
}
arg_from_ids!(
    AccountId,
    AgencyId,
    AssignmentId,
    CommandId,
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
