//! The national document axis (Trục liên thông văn bản quốc gia): its protocol and a client.
//!
//! | Module | What it is |
//! |---|---|
//! | [`wire`] | the request envelope: headers, HMAC, digests, times; also the server's check of it. No network |
//! | [`client`] | [`AxisTransport`](client::AxisTransport), what any axis can do, [`VxpClient`](client::VxpClient), the axis' own protocol, and [`ProvincialClient`](client::ProvincialClient), the platform of one province in front of it |
//!
//! The crate does not know what a message says: a packet is bytes with a sender, recipients and a kind.
//!
//! No official document of the protocol is public. What is implemented was read from the axis operator's own client and
//! from other vendors' code; what is uncertain is a setting ([`client::VxpConfig`]). `docs/axis.md` says what is which.

pub mod client;
pub mod wire;
