//! Danh mục cơ quan, tổ chức trên trục liên thông: who can be reached by which code.
//!
//! An entry is kept for ever. It has one code in use and every code that it ever had, so that a status message to an old
//! code finds its way; after a merger it names its successor.

mod lookup;
mod search;

pub use lookup::{Entry, Standing, agency_of_entry, codes_of, is_connected, standing};
pub use search::{DirectoryLine, DirectoryPage, DirectoryQuery, find, named};
