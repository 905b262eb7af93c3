//! A difference between two states of one view, in words.

use std::cmp::Ordering;
use std::fmt;

/// A view whose states can be compared in words.
pub trait Comparable {
    /// The first place where `other` is not like this one; `None` where they are equal.
    fn first_difference(&self, other: &Self) -> Option<Difference>;
}

/// The first place where two states of a view differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where: `account 3 in BRL`.
    pub place: String,
    /// What is there in the first state; `None` where nothing is.
    pub first: Option<String>,
    /// What is there in the second.
    pub second: Option<String>,
}

impl Difference {
    /// The difference of two states that differ in something no row shows.
    pub(crate) fn unnamed() -> Self {
        let (first, second) = (Some("one".to_owned()), Some("another".to_owned()));
        Self { place: "bookkeeping that no row shows".to_owned(), first, second }
    }
}

/// The first difference of two sequences of rows, each in the order of its keys.
pub(crate) fn of_rows<K: Ord, V: PartialEq>(
    first: impl Iterator<Item = (K, V)>,
    second: impl Iterator<Item = (K, V)>,
    place: impl Fn(&K) -> String,
    text: impl Fn(&V) -> String,
) -> Option<Difference> {
    let (mut first, mut second) = (first.peekable(), second.peekable());
    loop {
        let order = match (first.peek(), second.peek()) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((a, _)), Some((b, _))) => a.cmp(b),
        };
        let mine = if order == Ordering::Greater { None } else { first.next() };
        let theirs = if order == Ordering::Less { None } else { second.next() };
        let same = match (&mine, &theirs) {
            (Some((_, a)), Some((_, b))) => a == b,
            (None, _) | (_, None) => false,
        };
        if !same {
            let key = mine.as_ref().or(theirs.as_ref()).map(|(key, _)| place(key)).unwrap_or_default();
            let says = |row: Option<(K, V)>| row.map(|(_, value)| text(&value));
            return Some(Difference { place: key, first: says(mine), second: says(theirs) });
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let says = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        write!(f, "{}: {} in the first, {} in the second", self.place, says(&self.first), says(&self.second))
    }
}
