//! References: what a rail calls its own things.

use std::fmt;

/// The most characters of a reference.
const LONGEST_REFERENCE: usize = 128;

/// A text that is no reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAReference(Box<str>);

macro_rules! references {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The reference `text`.
            ///
            /// # Errors
            /// Anything but 1 to 128 visible ASCII characters.
            pub fn new(text: &str) -> Result<Self, NotAReference> {
                let plain = text.bytes().all(|b| b.is_ascii_graphic());
                if plain && (1..=LONGEST_REFERENCE).contains(&text.len()) {
                    Ok(Self(text.into()))
                } else {
                    Err(NotAReference(text.chars().take(40).collect()))
                }
            }

            /// The reference as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

references! {
    /// What a rail calls one telling of one fact. A fact that is told again has the same id,
    /// and no other fact of that rail has it: whoever reads facts takes each id once.
    FactId
    /// What a rail calls a dispute. A dispute is begun by the payer's bank, so that the ledger
    /// has no key for it.
    DisputeRef
    /// What a rail calls an early warning of fraud.
    WarningRef
    /// Where a reader of facts stands, in the rail's own words: the id of an event, the name of
    /// a file and a line in it, a count. Only the rail that gave it understands it.
    Cursor
}

impl FactId {
    /// The id of a simulator's fact: the key of what it is about, and its number there.
    pub(crate) fn simulated(key: crate::AskKey, number: u32) -> Self {
        Self(format!("sim_{key}_{number}").into())
    }
}

impl DisputeRef {
    /// The name of a simulated payment's only dispute.
    pub(crate) fn simulated(payment: crate::AskKey) -> Self {
        Self(format!("dp_{payment}").into())
    }
}

impl WarningRef {
    /// The name of a simulated payment's only warning.
    pub(crate) fn simulated(payment: crate::AskKey) -> Self {
        Self(format!("issfr_{payment}").into())
    }
}

impl Cursor {
    /// The cursor of a reader that has read `count` facts.
    pub(crate) fn counted(count: usize) -> Self {
        Self(count.to_string().into())
    }
}

impl fmt::Display for NotAReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is no reference of a rail; one has 1 to 128 visible ASCII characters", self.0)
    }
}

impl std::error::Error for NotAReference {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_short_and_visible() {
        assert_eq!(FactId::new("evt_1").unwrap().as_str(), "evt_1");
        assert!(Cursor::new(&"a".repeat(LONGEST_REFERENCE)).is_ok());
        for text in ["", "a b", "é", "a\n", &"a".repeat(LONGEST_REFERENCE + 1)] {
            assert!(DisputeRef::new(text).is_err(), "{text:?}");
        }
    }
}
