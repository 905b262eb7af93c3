//! A country by its two letters.

use std::fmt;

/// Two capital letters of ISO 3166-1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(pub(super) [u8; 2]);

/// A text that is no country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACountry;

impl Country {
    /// Brazil.
    pub const BR: Self = Self(*b"BR");
    /// Germany.
    pub const DE: Self = Self(*b"DE");
    /// The United Kingdom.
    pub const GB: Self = Self(*b"GB");
    /// The United States.
    pub const US: Self = Self(*b"US");

    /// The country of two capital letters.
    ///
    /// # Errors
    /// Anything else. Whether the letters are assigned is not checked.
    pub fn new(code: &str) -> Result<Self, NotACountry> {
        match code.as_bytes() {
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([*a, *b])),
            _ => Err(NotACountry),
        }
    }

    /// Its two letters.
    #[must_use]
    pub fn code(&self) -> &str {
        // Two ASCII letters by construction.
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for NotACountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a country is two capital letters, such as BR")
    }
}

impl std::error::Error for NotACountry {}
