//! The path of an outgoing document, by program and by page, in one process.

mod authority;
mod by_api;
mod by_page;
mod conversion;
mod envelope;
mod evidence;
mod opinions;
mod outside;
mod recipients;
mod signed;
mod support;
mod term;
mod versions;
