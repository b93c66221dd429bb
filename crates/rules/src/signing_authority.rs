//! Thẩm quyền ký (ND30 Điều 13) and how it is printed (Phụ lục I Mục II khoản 7).

mod authority;
mod lines;
mod may_sign;

pub use authority::{Authority, Regime};
pub use lines::{Titles, lines};
pub use may_sign::{ByOrderRule, DelegationPaper, SignerPosition, SigningFacts, may_sign};
