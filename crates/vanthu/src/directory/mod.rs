//! Danh mục cơ quan, tổ chức trên trục liên thông: who can be reached by which code.
//!
//! An entry is kept for ever. It has one code in use and every code that it ever had, so that a status message to an old
//! code finds its way; after a merger it names its successor. Lists come from files and from the axis: both are a [`Load`],
//! which is put down, compared, shown, and applied in parts.

mod apply;
mod change;
mod compare;
mod load;
mod lookup;
mod pages;
mod preview;
mod search;
mod table;
#[cfg(test)]
mod tests;

pub use apply::{ApplyOrder, KIND as APPLY, Report, apply, perform};
pub use compare::Compared;
pub use load::{Load, Record};
pub use lookup::{Entry, Standing, agency_of_entry, codes_of, is_connected, standing};
pub use pages::{api_document, api_routes, export, routes};
pub use preview::{Preview, Problem, preview};
pub use search::{DirectoryLine, DirectoryPage, DirectoryQuery, find, named};
pub use table::read as read_file;
