//! incoming
