//! A made-up province in the real shape of Đắk Nông, from a seed and a size.
//!
//! The tree of agencies follows the province as it was under Quyết định 01/2022/QĐ-UBND: Ủy ban nhân dân tỉnh, its
//! departments, 8 districts and cities, 71 communes and their subordinate units. Names of places and agencies are
//! data from public knowledge; **every officer and every document is made up**. The crate is a pure generator: no
//! files, no clock, no database, no randomness but the seed. The same seed and size give the same output on every
//! machine, and a smaller province is the beginning of a larger one: keys and accounts do not depend on the size.
//!
//! ```
//! use demo_province::{DEFAULT_SEED, Size, province};
//!
//! let small = province(DEFAULT_SEED, Size::Small);
//! assert_eq!(small.agencies.len(), 5);
//! assert!(small.posts.iter().any(|post| post.account_name == "annv.stttt"));
//! ```

mod agencies;
mod bodies;
mod build;
mod cast;
mod departments;
mod directives;
mod districts;
mod documents;
mod fields;
mod index;
mod model;
mod names;
mod partners;
mod progress;
mod recipients;
mod rng;
mod schedule;
mod sketch;
mod staffing;
mod subjects;
mod subordinates;

pub use build::province;
pub use cast::{DemoLogin, demo_logins};
pub use documents::{Documents, documents};
pub use model::{Agency, Level, PARTNER_KEY_BASE, Post, Province, Size, Unit, UnitKind};
pub use sketch::{
    Answer, Assigned, Delivery, Directed, DocumentSketch, Finished, Purpose, Refused, Registered,
};

/// The seed that the documentation and `vanthu demo` use.
pub const DEFAULT_SEED: u64 = 2022;
