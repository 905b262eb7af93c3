//! A difference between two states of one view, in words.

use std::cmp::Ordering;
use std::fmt;

use crate::unreadable::Unreadable;

/// A view whose states can be compared in words.
pub trait Comparable {
    /// The first place where `other` is not like this one; `None` where they are equal.
    /// Rows are compared one by one, wherever they are.
    ///
    /// # Errors
    /// Rows that cannot be read.
    fn first_difference(&self, other: &Self) -> Result<Option<Difference>, Unreadable>;
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

/// A row with its key, or why it cannot be read.
pub(crate) type Keyed<K, V> = Result<(K, V), Unreadable>;

/// The first difference of two sequences of rows, each in the order of its keys.
pub(crate) fn of_rows<K: Ord, V: PartialEq>(
    mut first: impl Iterator<Item = Keyed<K, V>>,
    mut second: impl Iterator<Item = Keyed<K, V>>,
    place: impl Fn(&K) -> String,
    text: impl Fn(&V) -> String,
) -> Result<Option<Difference>, Unreadable> {
    loop {
        let (mut mine, mut theirs) = (first.next().transpose()?, second.next().transpose()?);
        match (&mine, &theirs) {
            (None, None) => return Ok(None),
            (Some(a), Some(b)) if a == b => continue,
            // The lower of two keys is the place of the difference; the other has nothing there.
            (Some((a, _)), Some((b, _))) => match a.cmp(b) {
                Ordering::Less => theirs = None,
                Ordering::Greater => mine = None,
                Ordering::Equal => {}
            },
            (Some(_), None) | (None, Some(_)) => {}
        }
        let key = mine.as_ref().or(theirs.as_ref()).map(|(key, _)| place(key)).unwrap_or_default();
        let says = |row: Option<(K, V)>| row.map(|(_, value)| text(&value));
        return Ok(Some(Difference { place: key, first: says(mine), second: says(theirs) }));
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let says = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        write!(f, "{}: {} in the first, {} in the second", self.place, says(&self.first), says(&self.second))
    }
}
