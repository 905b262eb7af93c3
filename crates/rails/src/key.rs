//! What an ask is called at a rail.

use std::fmt;
use std::str::FromStr;

use counterfoil_domain::ObjectId;

/// The key of an ask: the place in the log of what asked for it.
///
/// A payment's key is its charge's id, a refund's key its refund's id; an ask that makes no
/// object has the place of its event. A rail keeps it beside what it does (as idempotency key,
/// in metadata, as end-to-end reference), does nothing twice under one key, and names objects
/// by it in its facts. Its text, `41.0`, is at most 21 characters long, so that it fits the 35
/// of a bank's end-to-end reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskKey(ObjectId);

/// A text that is no key of an ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnAskKey(Box<str>);

/// Positions fit 52 bits and ordinals 12 ([`ObjectId`]).
const POSITIONS: u64 = 1 << 52;
const ORDINALS: u16 = 1 << 12;

impl AskKey {
    /// The key of what the ledger calls `id`.
    #[must_use]
    pub const fn of(id: ObjectId) -> Self {
        Self(id)
    }

    /// The ledger's id.
    #[must_use]
    pub const fn id(self) -> ObjectId {
        self.0
    }
}

impl fmt::Display for AskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.position(), self.0.ordinal())
    }
}

impl FromStr for AskKey {
    type Err = NotAnAskKey;

    /// Reads what [`fmt::Display`] writes, which is how an adapter gets its key back from a
    /// rail.
    fn from_str(text: &str) -> Result<Self, NotAnAskKey> {
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let read = || {
            let (position, ordinal) = text.split_once('.')?;
            let (position, ordinal) = (plain(position) && plain(ordinal)).then_some((position, ordinal))?;
            let (position, ordinal) = (position.parse().ok()?, ordinal.parse().ok()?);
            (position < POSITIONS && ordinal < ORDINALS).then(|| Self(ObjectId::new(position, ordinal)))
        };
        read().ok_or_else(|| NotAnAskKey(text.chars().take(40).collect()))
    }
}

impl fmt::Display for NotAnAskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is no key of an ask; a key is a position and an ordinal, such as 41.0", self.0)
    }
}

impl std::error::Error for NotAnAskKey {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        for key in [(0, 0), (41, 0), (POSITIONS - 1, ORDINALS - 1)] {
            let key = AskKey::of(ObjectId::new(key.0, key.1));
            assert_eq!(key.to_string().parse(), Ok(key));
            assert!(key.to_string().len() <= 21, "{key}");
        }
    }

    #[test]
    fn what_is_no_key_is_said_to_be_none() {
        for text in ["", "41", "41.", ".0", "-1.0", "+1.0", "4503599627370496.0", "1.4096", "1.0.0", "a.b"] {
            let error = text.parse::<AskKey>().unwrap_err();
            assert!(error.to_string().contains(text), "{error}");
        }
    }
}
