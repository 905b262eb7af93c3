//! References: what a processor calls its disputes.

use crate::reference::references;

pub use crate::reference::NotAReference;

references! {
    /// What a processor calls a dispute, `du_1Mt…` at Connect: 1 to 128 visible ASCII characters. One
    /// that is told again has the same, and no other dispute of the processor has it.
    DisputeReference
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::LONGEST_REFERENCE;

    #[test]
    fn a_reference_is_short_and_visible() {
        assert_eq!(DisputeReference::new("du_1MtJUT2eZvKYlo2C").unwrap().as_str(), "du_1MtJUT2eZvKYlo2C");
        assert!(DisputeReference::new(&"a".repeat(LONGEST_REFERENCE)).is_ok());
        for text in ["", "a b", "é", "a\n", &"a".repeat(LONGEST_REFERENCE + 1)] {
            assert_eq!(DisputeReference::new(text), Err(NotAReference), "{text:?}");
        }
    }
}
