//! The path with digital signatures.

mod at_the_pc;
mod by_page_of_service;
pub mod by_pin;
mod here;
mod in_vain;
mod number_again;
mod paper;
pub mod support;
mod whole_file;
