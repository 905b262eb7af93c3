//! References: what a processor calls its disputes.

use std::fmt;

/// What a processor calls a dispute, `du_1Mt…` at Connect: 1 to 128 visible ASCII characters. One
/// that is told again has the same, and no other dispute of the processor has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DisputeReference(Box<str>);

/// A text that is no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAReference;

/// The most characters of a reference; a rail's have as many.
const LONGEST_REFERENCE: usize = 128;

impl DisputeReference {
    /// The reference `text`.
    ///
    /// # Errors
    /// Anything but 1 to 128 visible ASCII characters.
    pub fn new(text: &str) -> Result<Self, NotAReference> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if visible && (1..=LONGEST_REFERENCE).contains(&text.len()) {
            Ok(Self(text.into()))
        } else {
            Err(NotAReference)
        }
    }

    /// The reference as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisputeReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for NotAReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a reference of a dispute has 1 to 128 visible ASCII characters")
    }
}

impl std::error::Error for NotAReference {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_short_and_visible() {
        assert_eq!(DisputeReference::new("du_1MtJUT2eZvKYlo2C").unwrap().as_str(), "du_1MtJUT2eZvKYlo2C");
        assert!(DisputeReference::new(&"a".repeat(LONGEST_REFERENCE)).is_ok());
        for text in ["", "a b", "é", "a\n", &"a".repeat(LONGEST_REFERENCE + 1)] {
            assert_eq!(DisputeReference::new(text), Err(NotAReference), "{text:?}");
        }
    }
}
