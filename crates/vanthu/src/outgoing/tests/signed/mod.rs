//! The path with digital signatures.

mod at_the_pc;
mod here;
mod support;
mod whole_file;
