//! What the regulations say, as pure functions: no I/O, no clock, no randomness.
//!
//! Each module is one chapter of the law. A rule takes loaded facts and returns a plan of changes or a
//! [`Refusal`] that names its clause and says, in Vietnamese, what to do.
//!
//! Clauses are written as in `docs/compliance.md`: `ND30` is Nghị định 30/2020/NĐ-CP, `QD28` is Quyết định
//! 28/2018/QĐ-TTg, `QC01` is the regulation issued with Quyết định 01/2022/QĐ-UBND of Đắk Nông.

mod names;
mod refusal;

pub mod access;
pub mod copies;
pub mod deadlines;
pub mod delegation;
pub mod directory;
pub mod document_types;
pub mod exchange;
pub mod file_rules;
pub mod identifiers;
pub mod ids;
pub mod incoming;
pub mod legal_value;
pub mod links;
pub mod numbering;
pub mod office_time;
pub mod organization;
pub mod outgoing;
pub mod people;
pub mod process;
pub mod recipients;
pub mod secrecy;
pub mod signing;
pub mod signing_authority;
pub mod slip;
pub mod templates;
pub mod urgency;
pub mod workload;

pub use names::UnknownName;
pub use refusal::{Decision, Refusal};
