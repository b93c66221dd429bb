//! An emulator of the national document axis, with partners that answer, and a kit that judges whether a system behaves
//! at the axis as it should.
//!
//! | Part | What it is |
//! |---|---|
//! | [`Emulator`] | the axis: every operation of spec edxml 12.2 for several systems, over HTTP on this machine |
//! | [`Faults`] | what goes wrong, deterministic from a seed, settable while it runs |
//! | [`partner`] | simulated agencies that answer packets and send on command |
//! | [`conformance`] | scenarios against a partner at any axis, with a report |
//! | [`letter`] | messages from templates |
//!
//! It shares with the product only the protocol (crate `axis`); messages are written and read by code of its own, so that
//! a mistake of the product's reader is not also one of its judge.

pub mod config;
pub mod conformance;
mod delivery;
mod directory;
mod emulator;
mod faults;
pub mod letter;
pub mod partner;
pub mod reserialise;
mod server;
mod shelf;
pub mod xml;

pub use config::Config;
pub use emulator::{Emulator, Options};
pub use faults::{Fault, FaultRule, Faults};
pub use shelf::{PacketView, State};
