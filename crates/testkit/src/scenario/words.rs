//! Words: reading a phrase one word at a time, and saying what could have been meant.

use std::fmt;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor, Rate};
use rust_decimal::Decimal;

/// Something in a scenario that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

/// An amount as it is written; its currency is often known only later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    line: usize,
    text: String,
}

/// The words of one phrase.
#[derive(Clone, Debug)]
pub struct Words {
    line: usize,
    words: Vec<String>,
    next: usize,
}

impl Complaint {
    /// A complaint about `line`.
    #[must_use]
    pub fn new(line: usize, what: impl Into<String>) -> Self {
        Self { line, what: what.into() }
    }

    /// A word that is none of those known, with the nearest of them.
    pub fn unknown<'a>(line: usize, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let nearest = known.iter().min_by_key(|candidate| distance(word, candidate));
        let what = match nearest {
            Some(nearest) if distance(word, nearest) <= 3 => {
                format!("unknown word \"{word}\"; did you mean \"{nearest}\"?")
            }
            Some(_) => format!("unknown word \"{word}\"; known here: {}", known.join(", ")),
            None => format!("unknown word \"{word}\"; nothing is known here"),
        };
        Self { line, what }
    }
}

impl Amount {
    /// The amount in minor units of `currency`.
    ///
    /// # Errors
    /// A text that is no amount, or has other decimals than the currency.
    pub fn minor(&self, currency: Currency) -> Result<Minor, Complaint> {
        read_minor(&self.text, currency).ok_or_else(|| {
            let example = currency.format(100);
            let what = format!("\"{}\" is no amount of {currency}; write it like {example}", self.text);
            Complaint::new(self.line, what)
        })
    }

    /// Likewise of an amount that may be absent.
    ///
    /// # Errors
    /// As above.
    pub fn maybe(amount: &Option<Self>, currency: Currency) -> Result<Option<Minor>, Complaint> {
        amount.as_ref().map(|amount| amount.minor(currency)).transpose()
    }
}

/// The minor units of a text such as `-12.34`, with exactly the currency's decimals.
#[must_use]
pub fn read_minor(text: &str, currency: Currency) -> Option<Minor> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let amount: Decimal = plain.then(|| text.parse().ok()).flatten()?;
    let same_decimals = amount.scale() == currency.decimals();
    same_decimals.then(|| Minor::try_from(amount.mantissa()).ok()).flatten()
}

impl Words {
    /// The words of a phrase; commas, colons and parentheses are words of their own.
    #[must_use]
    pub fn new(line: usize, phrase: &str) -> Self {
        let mut spaced = String::with_capacity(phrase.len() + 8);
        for (index, character) in phrase.char_indices() {
            // Within a time a colon is no word: it has no space after it.
            let ends_word =
                phrase.get(index + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with(' '));
            let mark = matches!(character, ',' | '(' | ')') || (character == ':' && ends_word);
            if mark {
                spaced.push(' ');
            }
            spaced.push(character);
            if mark {
                spaced.push(' ');
            }
        }
        Self { line, words: spaced.split_whitespace().map(str::to_owned).collect(), next: 0 }
    }

    /// The line that the phrase is on.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The next word, which stays.
    #[must_use]
    pub fn peek(&self) -> Option<&str> {
        self.words.get(self.next).map(String::as_str)
    }

    /// Takes the next word.
    ///
    /// # Errors
    /// There is none.
    pub fn take(&mut self, wanted: &str) -> Result<String, Complaint> {
        let word = self.words.get(self.next).cloned();
        self.next += 1;
        word.ok_or_else(|| Complaint::new(self.line, format!("the line ends where {wanted} was expected")))
    }

    /// Takes the next word if it is this one.
    pub fn eat(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.next += usize::from(found);
        found
    }

    /// Takes these words.
    ///
    /// # Errors
    /// Another word.
    pub fn expect(&mut self, words: &[&str]) -> Result<(), Complaint> {
        for word in words {
            let found = self.take(&format!("\"{word}\""))?;
            if found != *word {
                return Err(Complaint::unknown(self.line, &found, [*word]));
            }
        }
        Ok(())
    }

    /// Takes a word that must be one of these, and gives what stands beside it.
    ///
    /// # Errors
    /// Another word.
    pub fn one_of<T: Copy>(&mut self, known: &[(&str, T)]) -> Result<T, Complaint> {
        let names = || known.iter().map(|(name, _)| *name);
        let word = self.take(&names().collect::<Vec<_>>().join(" or "))?;
        match known.iter().find(|(name, _)| *name == word) {
            Some((_, value)) => Ok(*value),
            None => Err(Complaint::unknown(self.line, &word, names())),
        }
    }

    /// Takes an amount.
    ///
    /// # Errors
    /// There is none.
    pub fn amount(&mut self) -> Result<Amount, Complaint> {
        Ok(Amount { line: self.line, text: self.take("an amount")? })
    }

    /// Takes an amount and its currency.
    ///
    /// # Errors
    /// No such currency, or no amount of it.
    pub fn money(&mut self) -> Result<(Minor, Currency), Complaint> {
        let amount = self.amount()?;
        let currency = self.currency()?;
        Ok((amount.minor(currency)?, currency))
    }

    /// Takes a currency code.
    ///
    /// # Errors
    /// No such currency.
    pub fn currency(&mut self) -> Result<Currency, Complaint> {
        let code = self.take("a currency")?;
        Currency::from_code(&code)
            .ok_or_else(|| Complaint::new(self.line, format!("\"{code}\" is no currency; write USD")))
    }

    /// Takes an instant or a date.
    ///
    /// # Errors
    /// Another text.
    pub fn time(&mut self) -> Result<Timestamp, Complaint> {
        let text = self.take("a time")?;
        text.parse().map_err(|error| Complaint::new(self.line, format!("{error}")))
    }

    /// Takes a whole number.
    ///
    /// # Errors
    /// Another text.
    pub fn number<T: std::str::FromStr>(&mut self) -> Result<T, Complaint> {
        let text = self.take("a number")?;
        text.parse().map_err(|_| Complaint::new(self.line, format!("\"{text}\" is no number that fits")))
    }

    /// Takes a rate written in percent, with or without the sign.
    ///
    /// # Errors
    /// Another text.
    pub fn percent(&mut self) -> Result<Rate, Complaint> {
        let text = self.take("a percentage")?;
        self.eat("%");
        let wrong = || Complaint::new(self.line, format!("\"{text}\" is no percentage; write 2.9 %"));
        let percent: Decimal = text.parse().map_err(|_| wrong())?;
        Rate::new(percent / Decimal::ONE_HUNDRED)
            .map_err(|error| Complaint::new(self.line, error.to_string()))
    }

    /// Whether the word after the next is the percent sign.
    #[must_use]
    pub fn percent_follows(&self) -> bool {
        self.words.get(self.next + 1).is_some_and(|word| word == "%")
    }

    /// Nothing may follow.
    ///
    /// # Errors
    /// A word that is left over.
    pub fn end(&self) -> Result<(), Complaint> {
        match self.peek() {
            Some(word) => {
                Err(Complaint::new(self.line, format!("\"{word}\" is left over; the phrase ends before it")))
            }
            None => Ok(()),
        }
    }
}

/// How many letters differ between two words (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (index, from) in left.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(index + 1);
        let mut before = index + 1;
        for (pair, to) in row.windows(2).zip(right.chars()) {
            let (diagonal, above) = (pair.first().copied().unwrap_or(0), pair.last().copied().unwrap_or(0));
            let least = (before + 1).min(above + 1).min(diagonal + usize::from(from != to));
            next.push(least);
            before = least;
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for Complaint {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_is_told_with_the_nearest_known_one() {
        let complaint = Complaint::unknown(7, "refundet", ["reversed", "refunded", "onboarded"]);
        assert_eq!(complaint.to_string(), "line 7: unknown word \"refundet\"; did you mean \"refunded\"?");
    }

    #[test]
    fn an_amount_has_its_currency_s_decimals() {
        assert_eq!(read_minor("-12.34", Currency::USD), Some(-1234));
        assert_eq!(read_minor("500", Currency::JPY), Some(500));
        for text in ["12.3", "12", "1e2", "1,000.00", "", "."] {
            assert_eq!(read_minor(text, Currency::USD), None, "{text}");
        }
    }

    #[test]
    fn a_colon_within_a_time_is_no_word() {
        let mut words = Words::new(1, "order-1, order-2: 2026-03-02T10:00:00Z (direct)");
        let all: Vec<String> = std::iter::from_fn(|| words.take("").ok()).collect();
        assert_eq!(all, ["order-1", ",", "order-2", ":", "2026-03-02T10:00:00Z", "(", "direct", ")"]);
    }
}
