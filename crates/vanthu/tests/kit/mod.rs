//! Servers as processes that are killed, programs that call them, and a look into their databases.
#![allow(dead_code, unused_imports, reason = "each test uses its part")]

mod axis;
mod calls;
mod database;
mod pages;
mod server;

pub use axis::Axis;
pub use calls::{Answer, Call, People, attempt, client, get, must, send, token, upload};
pub use database::{
    block_on, counters_are_right, issue_unsigned, journal_verifies, later, numbers, open, postgres,
};
pub use pages::Visitor;
pub use server::Server;

/// SplitMix64: numbers that look random and can be had again from the printed seed.
pub fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
