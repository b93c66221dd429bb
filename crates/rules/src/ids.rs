//! Typed identifiers: an id of one kind never stands in for another.

use uuid::Uuid;

macro_rules! typed_id {
    ($( $(#[$meta:meta])* $Name:ident; )+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $Name(Uuid);

        impl $Name {
            /// Wraps a UUID that the id source or the database gave.
            #[must_use]
            pub const fn from_uuid(id: Uuid) -> Self {
                Self(id)
            }

            /// The UUID itself.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $Name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+ };
}

typed_id! {
    /// An agency (cơ quan, tổ chức).
    AgencyId;
    /// A unit inside an agency (đơn vị, phòng).
    UnitId;
    /// An account of an officer (tài khoản).
    AccountId;
    /// A post that an account holds (vị trí, chức vụ).
    PostId;
    /// An outgoing document (văn bản đi), from its first draft.
    OutgoingId;
    /// An incoming document (văn bản đến).
    IncomingId;
    /// One assignment of an incoming document to a unit or person (phân công xử lý).
    AssignmentId;
    /// One recipient line of an issued document (dòng gửi).
    DeliveryId;
    /// An order to carry something about an issued document to its recipients (lần gửi).
    DispatchId;
    /// A packet that came over the axis (gói tin).
    PacketId;
    /// An internal submission slip (phiếu trình).
    SlipId;
    /// A stored file (tệp tin).
    FileId;
    /// A queued job (việc chạy nền).
    JobId;
}

/// One command of a form or API call. The same id has one effect; sent again it must be the same request, which its
/// fingerprint tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandId {
    id: Uuid,
    fingerprint: [u8; 32],
}

impl CommandId {
    /// A command of the program itself: nobody sends it again, so it has no fingerprint.
    #[must_use]
    pub const fn from_uuid(id: Uuid) -> Self {
        Self::sent(id, [0; 32])
    }

    /// A command that somebody sent; `fingerprint` is the SHA-256 of where it was sent and of its content.
    #[must_use]
    pub const fn sent(id: Uuid, fingerprint: [u8; 32]) -> Self {
        Self { id, fingerprint }
    }

    /// The part of a command for several objects that belongs to one of them.
    #[must_use]
    pub fn part(self, object: Uuid) -> Self {
        Self::sent(Uuid::new_v5(&self.id, object.as_bytes()), self.fingerprint)
    }

    /// The id itself.
    #[must_use]
    pub const fn as_uuid(self) -> Uuid {
        self.id
    }

    /// What tells the same request sent again from another one under the same id.
    #[must_use]
    pub const fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text() {
        let id = AgencyId::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
        assert_eq!(id.to_string().parse::<AgencyId>().unwrap(), id);
        assert!("H16".parse::<AgencyId>().is_err());
    }
}
