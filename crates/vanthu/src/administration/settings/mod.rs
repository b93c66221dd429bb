//! Cài đặt của đơn vị: what the head of the agency decided where law leaves it open, each with the day from which it holds.

mod choose;
mod page;
mod rows;
#[cfg(test)]
mod tests;
mod view;

pub use choose::{__path_api_choose, api_choose};
pub use page::{show, submit};
pub use view::{__path_api_list, api_list};

use crate::web::page::BoxLink;

const LINK: &str = "agency-settings";

/// The link in the left column of administrators.
pub fn link() -> BoxLink {
    BoxLink::new(LINK, "Cài đặt của đơn vị", "/administration/settings", "settings")
}
