//! Vietnamese text: normal forms, folding, account names, file names, sorting.
//!
//! Everything here is a pure function over strings. Two spellings of the same text (NFC, one code point per
//! letter, and NFD, letter plus marks) always give the same answer.

mod abbreviation;
mod account_name;
mod file_name;
mod fold;
mod sort_key;
mod tokens;

pub use abbreviation::{abbreviation, initials};
pub use account_name::{AccountName, account_name};
pub use file_name::{MAX_FILE_NAME_CHARS, corrected_file_name, extension, is_valid_file_name};
pub use fold::{fold, nfc, nfd, same_text, strip_accents};
pub use sort_key::{person_sort_key, sort_key};
pub use tokens::{accented_tokens, pairs, tokens, whole_symbols};
