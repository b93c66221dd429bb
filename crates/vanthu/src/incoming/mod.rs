//! Văn bản đến: from delivery to the end of handling (NĐ 30 Điều 20–24, QĐ 28 Điều 9).

mod arrive;
mod check;

pub use arrive::{Announced, Arrival, arrive};
