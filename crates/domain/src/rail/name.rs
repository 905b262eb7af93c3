//! The name of a rail.

use std::fmt;

/// A rail's name: 1 to 32 of `a-z`, `0-9` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RailName(Box<str>);

/// A text that is no rail name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotARailName;

impl RailName {
    /// The name of the platform's bank.
    pub const BANK: &'static str = "bank";

    /// The rail name `text`.
    ///
    /// # Errors
    /// Anything but 1 to 32 of `a-z`, `0-9` and `_`.
    pub fn new(text: &str) -> Result<Self, NotARailName> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if (1..=32).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.into()))
        } else {
            Err(NotARailName)
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RailName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for NotARailName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a rail's name has 1 to 32 of a-z, 0-9 and _")
    }
}

impl std::error::Error for NotARailName {}
