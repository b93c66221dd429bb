//! What the reader tolerated.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that was not as prescribed. The message was read nevertheless.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Warning {
    /// Which kind.
    pub code: WarningCode,
    /// Where: the path of elements below the envelope, for example `MessageHeader/PromulgationInfo/PromulgationDate`; the
    /// name of an attachment; empty for the whole file.
    pub at: String,
    /// A Vietnamese sentence for the clerk.
    pub message: String,
}

impl Warning {
    pub(crate) fn new(code: WarningCode, at: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            at: at.into(),
            message: message.into(),
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// The kinds of warnings; the names are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum WarningCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl WarningCode {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

codes! {
    /// The whole file was packed (gzip) or encoded (base64).
    Wrapped = "wrapped";
    /// Bytes before the XML declaration were dropped.
    LeadingBytes = "leading_bytes";
    /// Something follows the end of the message.
    TrailingBytes = "trailing_bytes";
    /// Not UTF-8.
    Encoding = "encoding";
    /// A prefix that is declared nowhere, or another namespace than that of the regulation.
    Namespace = "namespace";
    /// Another spelling of an element (R1).
    Alias = "alias";
    /// A group or field that is expected once stands several times (R3).
    Repeated = "repeated";
    /// Characters that XML does not allow were dropped (R4).
    Characters = "characters";
    /// A date that is none (R5).
    BadDate = "bad_date";
    /// A time that is none (R6).
    BadTimestamp = "bad_timestamp";
    /// A time more than a day ahead (R6).
    FutureTimestamp = "future_timestamp";
    /// An integer field with something else in it (R7).
    BadNumber = "bad_number";
    /// A coded value outside the list.
    BadValue = "bad_value";
    /// The number held the symbol too and was split (R8).
    CodeSplit = "code_split";
    /// Longer than the regulation allows; kept in full (R9).
    TooLong = "too_long";
    /// A required field is empty.
    Missing = "missing";
    /// An agency code in neither form.
    AgencyCode = "agency_code";
    /// The same recipient stands twice.
    DuplicateRecipient = "duplicate_recipient";
    /// The kind of business is not stated.
    NoBusiness = "no_business";
    /// A document is named as revoked or updated although the message is a new document.
    StaleTarget = "stale_target";
    /// A state that is not on the list; shown as it is.
    UnknownStatus = "unknown_status";
    /// An attachment is announced but not there, or not readable (R11): thiếu tệp.
    MissingFile = "missing_file";
    /// An attachment is there but not announced (R11).
    UnlistedFile = "unlisted_file";
    /// Attachments in a place that the regulation does not know (R11).
    OddPlace = "odd_place";
    /// A packed attachment could not be unpacked and was kept as it is.
    KeptPacked = "kept_packed";
    /// More warnings than are kept.
    More = "more";
}

impl fmt::Display for WarningCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Collects warnings: each once, and not without end.
#[derive(Debug)]
pub(crate) struct Warnings {
    kept: Vec<Warning>,
    limit: usize,
    dropped: usize,
}

impl Warnings {
    pub(crate) const fn new(limit: usize) -> Self {
        Self {
            kept: Vec::new(),
            limit,
            dropped: 0,
        }
    }

    pub(crate) fn add(&mut self, code: WarningCode, at: impl Into<String>, message: impl Into<String>) {
        let warning = Warning::new(code, at, message);
        if self.kept.contains(&warning) {
            return;
        }
        if self.kept.len() < self.limit {
            self.kept.push(warning);
        } else {
            self.dropped += 1;
        }
    }

    pub(crate) fn into_vec(mut self) -> Vec<Warning> {
        if self.dropped > 0 {
            self.kept.push(Warning::new(
                WarningCode::More,
                "",
                format!("Còn {} cảnh báo khác không được liệt kê.", self.dropped),
            ));
        }
        self.kept
    }
}
