//! Tệp tin: formats by content, names, sizes (QC01 Điều 8).

mod formats;
mod rules;
mod scan;

pub use formats::{ContentKind, FORMATS, FormatGroup, FormatRule, format_for};
pub use rules::{
    AcceptedFile, FilePart, FileRefusal, FileToCheck, MAX_FILE_BYTES, NameProposal, check_file, check_name,
    check_readable, check_size,
};
pub use scan::{LEAST_DPI, ScanFacts, ScanFault, ScanPage, check_scan};
