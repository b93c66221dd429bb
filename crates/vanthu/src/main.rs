//! The one binary of Vănthư.
fn main() {}
