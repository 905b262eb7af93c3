//! What stands for a payer's card.

use std::fmt;

use counterfoil_domain::charge::could_be_card_number;

/// A token of a card, as the processor gave it; never the number of a real card, which has no
/// business in a ledger. A simulator also takes the numbers of test cards.
///
/// Whatever could be a number is printed by its last four digits alone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardToken(Box<str>);

/// The most characters of a token that are kept.
const LONGEST: usize = 255;

impl CardToken {
    /// The token `text`. What lies between its digits, where it is a number, is dropped:
    /// `4242 4242 4242 4242` is the card that `4242424242424242` is. At most 255 characters are
    /// kept.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let kept: String = text.chars().take(LONGEST).collect();
        if could_be_card_number(&kept) {
            Self(kept.chars().filter(char::is_ascii_digit).collect())
        } else {
            Self(kept.into())
        }
    }

    /// The token as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CardToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if could_be_card_number(&self.0) {
            let last4 = self.0.get(self.0.len() - 4..).unwrap_or_default();
            write!(f, "…{last4}")
        } else {
            f.write_str(&self.0)
        }
    }
}

impl fmt::Debug for CardToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardToken({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_never_printed() {
        let plain = "4242424242424242";
        for text in [plain, "4242 4242 4242 4242", "4242-4242-4242-4242", "4242.4242/4242_4242"] {
            let card = CardToken::new(text);
            assert_eq!(card.as_str(), "4242424242424242");
            assert_eq!(format!("{card} {card:?}"), "…4242 CardToken(…4242)");
        }
        assert_eq!(CardToken::new("tok_visa").to_string(), "tok_visa");
        assert_eq!(CardToken::new("pm-card visa").as_str(), "pm-card visa");
    }
}
