//! Sổ văn bản: the registers of outgoing and incoming documents (NĐ 30 Phụ lục IV).

use crate::{context::Who, web::page::BoxLink};

/// Links of the left column.
pub fn links(_who: &Who) -> Vec<BoxLink> {
    vec![
        BoxLink::new(
            "register-incoming",
            "Sổ văn bản đến",
            "/registers/incoming",
            "book-2",
        ),
        BoxLink::new(
            "register-outgoing",
            "Sổ văn bản đi",
            "/registers/outgoing",
            "book",
        ),
    ]
}
