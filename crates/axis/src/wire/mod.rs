//! The request envelope of the axis (spec edxml 12.1): headers, their HMAC, the digest of a file, times. No network here.

mod description;
mod envelope;
mod hash_file;
mod time;
mod verify;

pub use description::ascii;
pub use envelope::{Envelope, hash_header};
pub use hash_file::{FileHash, HashForm};
pub use time::{format_stamp, format_window, parse_moment, parse_stamp, vietnam};
pub use verify::{Distrust, verify};

/// What every header of the protocol begins with.
pub const PREFIX: &str = "XroadVnpt-";
/// What the axis' own client calls itself.
pub const USER_AGENT: &str = "JAVASDKAgent/1.0.0 XRoad/VPCP";
/// The protocol's version.
pub const VERSION: &str = "3.0.201608";

/// Names of headers and of the keys of calls, without [`PREFIX`].
pub mod key {
    /// Time of the call.
    pub const TIMESTAMP: &str = "timestamp";
    /// The system's id, issued by the operator of the axis.
    pub const SYSTEM_ID: &str = "systemid";
    /// Repeats `Content-Type`.
    pub const CONTENT_TYPE: &str = "Content-Type";
    /// Names of the signed headers.
    pub const SIGN_HEADER_KEY: &str = "sign-header-key";
    /// The signed text.
    pub const SIGN_HEADER: &str = "sign-header";
    /// HMAC of the signed text.
    pub const HASH_HEADER: &str = "hash-header";
    /// [`super::VERSION`].
    pub const VERSION: &str = "version";
    /// Always [`super::SERVICE`].
    pub const SERVICE_TYPE: &str = "servicetype";
    /// `edoc` or `status`.
    pub const MESSAGE_TYPE: &str = "messagetype";
    /// Code of the sending agency.
    pub const FROM: &str = "from";
    /// Codes of the recipients: a JSON list in one string.
    pub const TO: &str = "to";
    /// SHA-256 of the file, see [`super::HashForm`].
    pub const HASH_FILE: &str = "hash-file";
    /// Begin of a window of time.
    pub const FROM_DATE: &str = "fromDate";
    /// End of a window of time.
    pub const TO_DATE: &str = "toDate";
    /// Status of a packet.
    pub const STATUS: &str = "status";
    /// Why a packet has its status.
    pub const DESCRIPTION: &str = "description";
    /// Level of agencies asked for.
    pub const LEVEL: &str = "level";
    /// Code of an agency that is deleted.
    pub const AGENCY_CODE: &str = "AgencyCode";
}

/// The one service of the axis that we use.
pub const SERVICE: &str = "eDoc";
