//! Bì thư không bóc (ND30-21.1b; CN-111): addressed to a named person or a mass organisation, handed on unopened with a record and a
//! receipt; common business comes back and is registered.

mod acts;
mod list;
mod page;

pub(in crate::incoming) use acts::registered;
pub use acts::{
    __path_api_forward, __path_api_hand_back, __path_api_receive, api_forward, api_hand_back, api_receive,
};
pub use list::{__path_api_list, api_list, sees_envelope};
pub use page::{forward_page, hand_back_page, page, receive_page, register_page};

/// The page of envelopes.
pub const ENVELOPES: &str = "/incoming/unopened";
