//! Cơ quan, đơn vị, chức vụ: the directory that other rooms ask.

mod directory;

pub use directory::{Agency, PostOption, agencies, agency, agency_of_text, agency_texts, post, posts_of};
