//! Cơ quan, đơn vị, chức vụ: the directory that other rooms ask.

mod codes;
mod directory;

pub use codes::{FormerCode, agency_of_code, change_codes, former_codes};
pub use directory::{
    Agency, PostOption, agencies, agency, agency_of_text, agency_texts, own_agencies, post, posts_of,
};
