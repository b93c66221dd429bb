//! Quản trị: accounts, agencies, units, the journal.

mod history;

use rules::people::Role;

pub use history::history;

use crate::{context::Who, web::page::BoxLink};

/// Links of the left column, for administrators.
pub fn links(who: &Who) -> Vec<BoxLink> {
    if who.role() != Role::Administrator {
        return Vec::new();
    }
    vec![
        BoxLink::new(
            "agencies",
            "Cơ quan, đơn vị",
            "/administration/agencies",
            "building",
        ),
        BoxLink::new("accounts", "Tài khoản", "/administration/accounts", "users"),
        BoxLink::new("journal", "Nhật ký", "/administration/journal", "history"),
    ]
}
