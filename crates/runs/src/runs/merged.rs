//! Ranges of several runs as one, from both ends.

use std::cmp::Ordering;
use std::fmt;
use std::iter::FusedIterator;

use crate::{Range, Row, RunError};

/// The rows of several runs in order, of each key the newest. After an error there are none.
pub struct Merged<'a> {
    // The oldest first.
    sources: Vec<Source<'a>>,
}

/// An end of what is left.
#[derive(Clone, Copy)]
enum End {
    Front,
    Back,
}

/// One run's rows, of which the outermost may have been taken out to be looked at.
struct Source<'a> {
    front: Option<Row>,
    middle: Range<'a>,
    back: Option<Row>,
}

impl<'a> Merged<'a> {
    pub(super) fn new(ranges: impl Iterator<Item = Range<'a>>) -> Self {
        Self { sources: ranges.map(|middle| Source { front: None, middle, back: None }).collect() }
    }

    fn take(&mut self, end: End) -> Option<Result<Row, RunError>> {
        let outermost = self.outermost(end).transpose()?;
        if outermost.is_err() {
            self.sources.clear();
        }
        Some(outermost)
    }

    /// Takes the row that is outermost at an end. Where several runs have its key, the older
    /// ones' rows are dropped.
    fn outermost(&mut self, end: End) -> Result<Option<Row>, RunError> {
        let mut best: Option<&mut Option<Row>> = None;
        for source in &mut self.sources {
            let own = source.look(end)?;
            let (Some(other), Some(row)) = (best.as_deref_mut(), own.as_ref()) else {
                best = best.or(own.is_some().then_some(own));
                continue;
            };
            let Some(other_row) = other else { continue };
            match (row.key().cmp(other_row.key()), end) {
                (Ordering::Equal, _) => {
                    *other = None;
                    best = Some(own);
                }
                (Ordering::Less, End::Front) | (Ordering::Greater, End::Back) => best = Some(own),
                (Ordering::Greater, End::Front) | (Ordering::Less, End::Back) => {}
            }
        }
        Ok(best.and_then(Option::take))
    }
}

impl Source<'_> {
    /// The place of the row at an end, filled if any row is left.
    #[inline]
    fn look(&mut self, end: End) -> Result<&mut Option<Row>, RunError> {
        let Self { front, middle, back } = self;
        match end {
            End::Front => {
                if front.is_none() {
                    *front = middle.next().transpose()?.or_else(|| back.take());
                }
                Ok(front)
            }
            End::Back => {
                if back.is_none() {
                    *back = middle.next_back().transpose()?.or_else(|| front.take());
                }
                Ok(back)
            }
        }
    }
}

impl Iterator for Merged<'_> {
    type Item = Result<Row, RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.take(End::Front)
    }
}

impl DoubleEndedIterator for Merged<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.take(End::Back)
    }
}

impl FusedIterator for Merged<'_> {}

impl fmt::Debug for Merged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Merged({} runs)", self.sources.len())
    }
}
