//! Digital signatures of PDF documents: PAdES signing in two steps, verification that denies by default.
//!
//! Pure: bytes and times come in as arguments, nothing is read from a disk, a clock or a network.
//!
//! | Module | What is there |
//! |---|---|
//! | [`document`] | reader: strict, lazy, knows the revisions of a file |
//! | [`update`] | incremental writer: what is appended, never a changed byte before it |
//! | [`difference`] | what changed after a signature; denies by default |
//! | [`sign`] | `prepare` → hash → `finish`, validation data, document time stamps |
//! | [`cms`] | the signature itself: attributes, assembly, tolerant reading |
//! | [`pki`] | trust store, certification paths, revocation, time stamps, algorithm policy |
//! | [`verify`] | the report on a document |
//! | [`intake`] | the gate for files that an agent signed as a whole |
//! | [`appearance`] | what a signature looks like (NĐ 30/2020) |

pub mod appearance;
pub mod cms;
pub mod difference;
pub mod document;
pub mod intake;
pub mod pki;
pub mod sign;
pub mod update;
pub mod verify;
