//! A follower: one view's state and how far it has read.

use std::fmt;
use std::hint::black_box;
use std::path::Path;

use counterfoil_domain::money::Currency;
use counterfoil_domain::{AccountId, Recorded};
use counterfoil_runs::RunError;

use crate::projector::Projector;
use crate::rows::{Merge, Merged, Written};

/// One view and the position of the event that it needs next.
///
/// A fresh one that is fed the events up to a business time answers for that time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Follower<P> {
    state: P,
    next_position: u64,
}

/// An event that is not the one that comes next. Nothing was added: a view that left
/// out an event, or took one twice, would be wrong from there on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The view that refused it.
    pub view: &'static str,
    /// The position that comes next.
    pub expected: u64,
    /// The position that was handed over.
    pub found: u64,
}

impl<P: Projector> Follower<P> {
    /// A view that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A view as a snapshot held it.
    pub(crate) fn resumed(state: P, next_position: u64) -> Self {
        Self { state, next_position }
    }

    /// The view, to ask it.
    #[must_use]
    pub fn state(&self) -> &P {
        &self.state
    }

    /// The view itself.
    #[must_use]
    pub fn into_state(self) -> P {
        self.state
    }

    /// The position of the event that it needs next.
    #[must_use]
    pub fn next_position(&self) -> u64 {
        self.next_position
    }

    /// Adds the next event.
    ///
    /// # Errors
    /// Any event but the next; the view is as it was.
    #[inline]
    pub fn apply(&mut self, recorded: &Recorded) -> Result<(), Gap> {
        if recorded.position != self.next_position {
            return Err(Gap { view: P::NAME, expected: self.next_position, found: recorded.position });
        }
        self.state.apply(recorded);
        self.next_position += 1;
        Ok(())
    }
}

/// A follower of whichever view.
pub(crate) trait Fed {
    /// The position of the event that it needs next.
    fn next_position(&self) -> u64;

    /// Adds those of consecutive events that it has not got.
    ///
    /// # Errors
    /// An event is missing before one of them; the view has those before it.
    fn apply_all(&mut self, events: &[Recorded]) -> Result<(), Gap>;

    /// Looks at what postings to these accounts will change.
    fn touch(&self, accounts: &[(AccountId, Currency)]);

    /// How many bytes a flush would move out of memory.
    fn unwritten(&self) -> usize;

    /// Writes the rows in memory.
    ///
    /// # Errors
    /// What the disk says.
    fn write(&self, folder: &Path) -> Result<Written, RunError>;

    /// Takes over what it wrote.
    fn settle(&mut self, written: Written);

    /// Files that should become one, of no more than so many bytes.
    fn merge(&self, most: u64) -> Option<Merge>;

    /// Puts one file in the place of those that became it.
    fn replace(&mut self, merged: Merged);

    /// The names of its files.
    fn files(&self) -> Vec<String>;
}

impl<P: Projector> Fed for Follower<P> {
    fn next_position(&self) -> u64 {
        self.next_position
    }

    fn apply_all(&mut self, events: &[Recorded]) -> Result<(), Gap> {
        let seen = self.next_position;
        let new = events.partition_point(|recorded| recorded.position < seen);
        events.get(new..).unwrap_or_default().iter().try_for_each(|recorded| self.apply(recorded))
    }

    fn touch(&self, accounts: &[(AccountId, Currency)]) {
        let touched = accounts.iter().map(|(account, currency)| self.state.touch(*account, *currency));
        black_box(touched.fold(0, |all, touched| all ^ touched));
    }

    fn unwritten(&self) -> usize {
        self.state.unwritten()
    }

    fn write(&self, folder: &Path) -> Result<Written, RunError> {
        self.state.write(folder, self.next_position)
    }

    fn settle(&mut self, written: Written) {
        let next = self.next_position;
        if self.state.older_mut().is_some_and(|older| older.settle(written, next)) {
            self.state.let_go();
        }
    }

    fn merge(&self, most: u64) -> Option<Merge> {
        self.state.older()?.merge(P::NAME, most)
    }

    fn replace(&mut self, merged: Merged) {
        if let Some(older) = self.state.older_mut() {
            older.replace(merged);
        }
    }

    fn files(&self) -> Vec<String> {
        self.state.older().map(|older| older.files().map(str::to_owned).collect()).unwrap_or_default()
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the {} view expects the event at position {} and was handed the one at {}; it stands still",
            self.view, self.expected, self.found
        )
    }
}

impl std::error::Error for Gap {}
