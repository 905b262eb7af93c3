//! Codes: named values that others spell, each with the number that stands for it in the log.

/// Declares an enum of codes: for each value its number, which is never another's, and its name.
macro_rules! codes {
    ($(#[$of:meta])* $type:ident { $($(#[$doc:meta])* $number:literal $variant:ident = $name:literal),+ $(,)? }) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $($(#[$doc])* $variant),+
        }

        impl $type {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name at Connect.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The one of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// The number that stands for it in the log, never used again.
            #[must_use]
            pub const fn number(self) -> u8 {
                match self { $(Self::$variant => $number),+ }
            }

            /// The one of this number.
            #[must_use]
            pub fn from_number(number: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.number() == number)
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

pub(crate) use codes;
