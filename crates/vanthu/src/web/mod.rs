//! The shared surface of all pages: the frame, forms, sessions' cookies, security headers, assets, error pages.

mod assets;
mod attachment;
pub mod format;
mod forms;
mod frame;
mod limits;
pub mod page;
mod security;
mod small_files;
mod surface;

pub use assets::routes as asset_routes;
pub use attachment::zip_to_save;
pub use forms::{
    Submitted, blank_as_none, checked, clean, command_of, fingerprint, is_text, number_or_blank, route_of,
};
pub use frame::{bare, frame};
pub use limits::{is_loopback, known_host, time_limit};
pub use security::{content_policy, headers};
pub use small_files::{SmallFile, SmallFiles};
pub use surface::{Reply, Stay, encode, page_errors, render, see_other};
