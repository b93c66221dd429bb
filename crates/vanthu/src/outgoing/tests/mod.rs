//! The path of an outgoing document, by program and by page, in one process.

mod authority;
mod before_issue;
mod by_api;
mod by_page;
mod conversion;
mod draft_screen;
mod envelope;
mod evidence;
mod issued;
mod many_recipients;
mod once;
mod opinions;
mod outside;
mod recipient_groups;
mod recipients;
mod reserved;
pub mod signed;
pub mod support;
mod tasks;
mod templates;
mod term;
mod trail;
mod versions;
