//! Calls to an axis.

mod config;
mod error;
mod http;
mod listing;
mod lookup;
mod model;
mod provincial;
mod source;
mod transport;
mod vxp;

pub use config::{Limits, Spelling, Timeouts, VxpConfig};
pub use error::{Advice, AxisError, Operation, RefusalClass};
pub use listing::{Listing, ListingSender};
pub use lookup::{WantedSent, find_sent};
pub use model::{
    Agency, AgencyQd20, Fetched, MessageKind, NewAgency, PacketStatus, ReceivedRow, Sent, SentQuery, SentRow,
    Unit, Window,
};
pub use provincial::{ProvincialClient, ProvincialConfig};
pub use source::{BytesSource, FileSource, PacketSource};
pub use transport::{AxisTransport, SendRequest};
pub use vxp::{Clock, VxpClient};
