//! Where packets stand, in words that the database, pages and people share.

/// Declares a state: its name in the database, its label, and whether somebody has to look at it.
macro_rules! states {
    ($(#[$meta:meta])* $Name:ident { $($(#[$doc:meta])* $Variant:ident = $name:literal, $label:literal, $tone:ident;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $Name { $($(#[$doc])* $Variant,)+ }

        impl $Name {
            /// Every state, in order.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),+];

            /// The name in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Variant => $name),+ }
            }

            /// What people read.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$Variant => $label),+ }
            }

            /// How it is shown.
            pub fn badge(self) -> crate::web::page::Badge {
                let tone = match self { $(Self::$Variant => crate::web::page::Tone::$tone),+ };
                crate::web::page::Badge::new(self.label(), tone)
            }
        }

        impl std::str::FromStr for $Name {
            type Err = rules::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|state| state.as_str() == text).ok_or_else(|| rules::UnknownName {
                    kind: stringify!($Name),
                    value: text.to_owned(),
                })
            }
        }
    };
}

states! {
    /// A packet of ours on its way.
    OutboxState {
        /// To be packed.
        Packing = "packing", "Chờ đóng gói", Neutral;
        /// Packed; its bytes are fixed.
        Waiting = "waiting", "Chờ gửi", Neutral;
        /// A call is under way, or was when the program stopped.
        Sending = "sending", "Đang gửi", Info;
        /// The axis may have taken it: it is looked up before anything else.
        Unknown = "unknown", "Chưa rõ kết quả, đang đối chiếu", Warn;
        /// The axis has it.
        Sent = "sent", "Trục đã nhận", Good;
        /// Sent to each recipient by itself, because the axis did not know one of them.
        Split = "split", "Đã tách theo nơi nhận", Neutral;
        /// It breaks a rule of the format; nothing was sent.
        Invalid = "invalid", "Chưa đúng quy chuẩn", Bad;
        /// The axis will not take it.
        Dead = "dead", "Không gửi được", Bad;
        /// Not sent any more.
        Dropped = "dropped", "Không gửi nữa", Neutral;
    }
}

states! {
    /// A packet that the axis has for us.
    InboxState {
        /// On the axis' list; to be fetched and taken in.
        Listed = "listed", "Chờ nhận", Neutral;
        /// Taken in.
        Taken = "taken", "Đã nhận", Good;
        /// The same content was taken in before.
        Duplicate = "duplicate", "Trùng với gói tin đã nhận", Neutral;
        /// Addressed to none of our codes.
        Misdirected = "misdirected", "Gửi nhầm", Warn;
        /// About a document that is not here.
        Orphan = "orphan", "Chưa tìm thấy văn bản", Warn;
        /// Sent back to its sender by a clerk.
        Returned = "returned", "Đã trả lại bên gửi", Neutral;
        /// It bore a mark of state secrecy: nothing of it was kept.
        Refused = "refused", "Không nhận: có dấu chỉ bí mật nhà nước", Bad;
        /// It cannot be read.
        Quarantined = "quarantined", "Không đọc được", Bad;
        /// Put away by a person, with a reason.
        Skipped = "skipped", "Đã bỏ qua", Neutral;
    }
}

impl InboxState {
    /// What the axis is to be told of a packet in this state; nothing while it is not settled. A packet that could not be
    /// read is negative, also when it comes again.
    pub const fn acknowledgement(self) -> Option<axis::client::PacketStatus> {
        match self {
            Self::Listed => None,
            Self::Quarantined | Self::Skipped => Some(axis::client::PacketStatus::Fail),
            Self::Taken
            | Self::Duplicate
            | Self::Misdirected
            | Self::Orphan
            | Self::Returned
            | Self::Refused => Some(axis::client::PacketStatus::Done),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_come_back_from_their_names() {
        for state in OutboxState::ALL {
            assert_eq!(state.as_str().parse::<OutboxState>(), Ok(*state));
        }
        for state in InboxState::ALL {
            assert_eq!(state.as_str().parse::<InboxState>(), Ok(*state));
        }
        assert!("other".parse::<InboxState>().is_err());
    }
}
