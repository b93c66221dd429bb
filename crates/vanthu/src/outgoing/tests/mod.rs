//! The path of an outgoing document, by program and by page, in one process.

mod by_api;
mod by_page;
mod support;
