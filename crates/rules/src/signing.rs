//! Ký số: who may use which key on what, in which order, and what becomes of a request for a signature
//! (ND30 Điều 5, 13.7, 14, 15.3, 32, 33; QD28 Điều 4, 8.1; the criteria KS of TT 15/2025).

pub mod binding;
pub mod custody;
mod order;
mod requests;
#[cfg(test)]
mod tests;
mod value;

pub use order::{
    CertificateCheck, KeyOwner, SealFacts, may_seal, may_use_certificate, person_first, seals_at_once,
    seals_in_person, signs_at_once,
};
pub use requests::{OpenRequest, RequestState, accepts_answer, advance, lifetime, not_locked};
pub use value::{SignatureSeen, only_new_signatures, verdicts};
