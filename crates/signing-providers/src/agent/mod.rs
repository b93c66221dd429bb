//! USB tokens at a person's own PC: the server's side ([`BrowserAgent`]) and the agent that runs beside the browser
//! ([`bind`], the command `vanthu sign-agent`).
//!
//! The agent listens on 127.0.0.1 only and does two things: it lists certificates and signs hashes. It never sees a
//! document. The page carries messages between the server and the agent; it cannot change them unnoticed, because the
//! server checks every signature against the certificate and hash that it prepared.
//!
//! # What the page does
//!
//! All calls: `fetch("http://127.0.0.1:PORT/…")` with `content-type: application/json`; after pairing also
//! `authorization: Bearer TOKEN`. Errors are `{"code": "…", "message": "a Vietnamese sentence"}`.
//!
//! | Call | Body | Answer |
//! |---|---|---|
//! | `GET /` | – | `{"agent": "vanthu", "version": "…", "paired": true}` |
//! | `POST /pair` | `{"code": "12345678"}` | `{"token": "…"}`, to be kept (localStorage) and sent from then on |
//! | `POST /certificates` | `{}` | [`messages::CertificatesAnswer`]; the server reads it with [`messages::certificates_of`] |
//! | `POST /sign` | the JSON of [`crate::UserStep::Agent`], unchanged | [`messages::SignAnswer`]; goes to [`crate::Provider::answer`] unchanged |
//!
//! Status 401 with code `not_paired`: the agent now shows a code of eight digits on its console; the person types it
//! into the page, the page calls `/pair` and repeats the call. 403: the page's origin is not on the agent's list, or the
//! call did not come to 127.0.0.1 by that name. 409: another request waits for the person. 422: token or person said no.
//!
//! # Why no page but ours can use it
//!
//! - `Origin` must be on the agent's list, exactly; a call without it is refused.
//! - `Host` must be `127.0.0.1:PORT` or `localhost:PORT`, so a foreign name that was pointed at 127.0.0.1 (DNS rebinding)
//!   gets nothing.
//! - Only JSON is taken, so the browser asks first (CORS, Private Network Access) and hears no.
//! - The token of a pairing belongs to one origin; the agent keeps only its SHA-256.
//! - The PIN is typed at the agent's console or on the device, never in the browser. What will be signed is shown there.

mod browser;
mod console;
mod guard;
pub mod messages;
mod pairing;
mod server;

pub use browser::BrowserAgent;
pub use console::{Console, FixedPin, Terminal};
pub use server::{Agent, AgentServerConfig, bind, serve};

/// Where the agent listens if nothing else is said.
pub const PORT: u16 = 18987;
