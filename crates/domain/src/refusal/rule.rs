//! A rule: what it is called, what Connect answers in its place, and its sentence.

use super::Code;

/// A rule that a command can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name, in the positive.
    pub name: &'static str,
    /// What Connect answers where it refuses the same.
    pub connect: Connect,
    /// Its sentence, with names in braces for what was asked and what was available.
    pub sentence: &'static str,
}

/// The error code with which Connect refuses the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connect {
    /// By the words of <https://docs.stripe.com/error-codes>.
    Documented(Code),
    /// The nearest of them; that it is the one Connect gives here is unconfirmed.
    Unconfirmed(Code),
    /// Connect documents none for this, or has no such rule.
    NoCode,
}

impl Connect {
    /// The code, if there is one.
    #[must_use]
    pub fn code(self) -> Option<Code> {
        match self {
            Self::Documented(code) | Self::Unconfirmed(code) => Some(code),
            Self::NoCode => None,
        }
    }
}

/// The rules of one noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noun {
    /// The folder or file of the domain in which its rules are declared.
    pub name: &'static str,
    /// Its rules, in the order in which they are documented.
    pub rules: &'static [Rule],
}
