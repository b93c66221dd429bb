//! One macro for every enumeration: a stable machine name, a Vietnamese label, serde, parsing.

/// A machine name that no enumeration value bears.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{value}” is not a value of {kind}")]
pub struct UnknownName {
    /// The enumeration.
    pub kind: &'static str,
    /// The text that was read.
    pub value: String,
}

/// Declares an enumeration with `ALL`, `as_str`, `label`, `Display`, `FromStr`, serde under the machine names.
macro_rules! named_enum {
    (
        $(#[$meta:meta])*
        $Name:ident {
            $( $(#[$variant_meta:meta])* $Variant:ident = $machine:literal, $label:literal; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $Name {
            $( $(#[$variant_meta])* #[serde(rename = $machine)] $Variant, )+
        }

        impl $Name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$( Self::$Variant ),+];

            /// The stable machine name, as the database and JSON carry it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$Variant => $machine ),+ }
            }

            /// The Vietnamese label, as screens show it.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $( Self::$Variant => $label ),+ }
            }
        }

        impl std::fmt::Display for $Name {
            /// Writes the machine name; screens use `label`.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $Name {
            type Err = crate::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| {
                    crate::UnknownName { kind: stringify!($Name), value: text.to_owned() }
                })
            }
        }
    };
}

pub(crate) use named_enum;
