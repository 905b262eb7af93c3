//! Rebuilding one view beside the live one.

use std::fmt;
use std::path::Path;

use counterfoil_domain::Recorded;
use counterfoil_runs::RunError;

use super::Views;
use super::flush::merge_all;
use crate::difference::{Comparable, Difference};
use crate::follower::{Fed, Follower, Gap};
use crate::projector::View;
use crate::unreadable::Unreadable;
use crate::{Balance, Objects, Payouts, Statement, Tax};

/// One view in the making, fed from the first event on while the live one answers.
#[derive(Debug)]
pub struct Rebuild(Growing);

#[derive(Debug)]
enum Growing {
    Balance(Follower<Balance>),
    Payouts(Box<Follower<Payouts>>),
    Tax(Follower<Tax>),
    Statement(Follower<Statement>),
    Objects(Box<Follower<Objects>>),
}

/// A rebuilt view and the live one stand at different positions, so that they can be
/// neither compared nor exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behind {
    /// Which view.
    pub view: View,
    /// The position that the rebuilt one needs next.
    pub rebuilt: u64,
    /// The position that the live one needs next.
    pub live: u64,
}

/// Why a rebuilt view and the live one were not compared.
#[derive(Debug)]
pub enum Incomparable {
    /// They stand at different positions.
    Behind(Behind),
    /// A row of one of them cannot be read.
    Unreadable(Unreadable),
}

impl Rebuild {
    /// A rebuild of `view` that has seen nothing.
    #[must_use]
    pub fn of(view: View) -> Self {
        Self(match view {
            View::Balance => Growing::Balance(Follower::new()),
            View::Payouts => Growing::Payouts(Box::default()),
            View::Tax => Growing::Tax(Follower::new()),
            View::Statement => Growing::Statement(Follower::new()),
            View::Objects => Growing::Objects(Box::default()),
        })
    }

    /// Which view it is.
    #[must_use]
    pub fn view(&self) -> View {
        match &self.0 {
            Growing::Balance(_) => View::Balance,
            Growing::Payouts(_) => View::Payouts,
            Growing::Tax(_) => View::Tax,
            Growing::Statement(_) => View::Statement,
            Growing::Objects(_) => View::Objects,
        }
    }

    /// The position of the event that it needs next.
    #[must_use]
    pub fn next_position(&self) -> u64 {
        self.one().next_position()
    }

    /// Adds those of consecutive events that it has not got.
    ///
    /// # Errors
    /// An event is missing before one of them; the view has those before it.
    pub fn apply_all(&mut self, events: &[Recorded]) -> Result<(), Gap> {
        self.one_mut().apply_all(events)
    }

    /// How many bytes a flush would move out of memory, roughly.
    #[must_use]
    pub fn unwritten(&self) -> usize {
        self.one().unwritten()
    }

    /// Moves the rows that are in memory to new files in a folder, and merges files where
    /// there are many.
    ///
    /// # Errors
    /// What the disk says; what was moved before is moved.
    pub fn flush(&mut self, folder: &Path) -> Result<(), RunError> {
        let written = self.one().write(folder)?;
        self.one_mut().settle(written);
        merge_all(self.one_mut(), folder)
    }

    /// The names of its files, which lie beside those of the live one.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        self.one().files()
    }

    fn one(&self) -> &dyn Fed {
        match &self.0 {
            Growing::Balance(view) => view,
            Growing::Payouts(view) => &**view,
            Growing::Tax(view) => view,
            Growing::Statement(view) => view,
            Growing::Objects(view) => &**view,
        }
    }

    fn one_mut(&mut self) -> &mut dyn Fed {
        match &mut self.0 {
            Growing::Balance(view) => view,
            Growing::Payouts(view) => &mut **view,
            Growing::Tax(view) => view,
            Growing::Statement(view) => view,
            Growing::Objects(view) => &mut **view,
        }
    }
}

impl Views {
    /// The first place where a rebuilt view (the second) is not like the live one (the
    /// first); `None` where they are equal.
    ///
    /// # Errors
    /// They stand at different positions, or a row of one of them cannot be read.
    pub fn compare(&self, rebuild: &Rebuild) -> Result<Option<Difference>, Incomparable> {
        self.refuse_behind(rebuild).map_err(Incomparable::Behind)?;
        let compared = match &rebuild.0 {
            Growing::Balance(view) => self.balance.state().first_difference(view.state()),
            Growing::Payouts(view) => self.payouts.state().first_difference(view.state()),
            Growing::Tax(view) => self.tax.state().first_difference(view.state()),
            Growing::Statement(view) => self.statement.state().first_difference(view.state()),
            Growing::Objects(view) => self.objects.state().first_difference(view.state()),
        };
        compared.map_err(Incomparable::Unreadable)
    }

    /// One view as it is now and the others empty, to compare it while it goes on.
    #[must_use]
    pub fn only(&self, view: View) -> Self {
        let mut only = Self::new();
        match view {
            View::Balance => only.balance = self.balance.clone(),
            View::Payouts => only.payouts = self.payouts.clone(),
            View::Tax => only.tax = self.tax.clone(),
            View::Statement => only.statement = self.statement.clone(),
            View::Objects => only.objects = self.objects.clone(),
        }
        only
    }

    /// Puts a rebuilt view in the place of the live one.
    ///
    /// # Errors
    /// They stand at different positions; the live one is as it was, and the rebuilt one
    /// is handed back to be fed further.
    pub fn swap(&mut self, rebuild: Rebuild) -> Result<(), (Behind, Box<Rebuild>)> {
        if let Err(behind) = self.refuse_behind(&rebuild) {
            return Err((behind, Box::new(rebuild)));
        }
        match rebuild.0 {
            Growing::Balance(view) => self.balance = view,
            Growing::Payouts(view) => self.payouts = *view,
            Growing::Tax(view) => self.tax = view,
            Growing::Statement(view) => self.statement = view,
            Growing::Objects(view) => self.objects = *view,
        }
        Ok(())
    }

    fn refuse_behind(&self, rebuild: &Rebuild) -> Result<(), Behind> {
        let view = rebuild.view();
        let (rebuilt, live) = (rebuild.next_position(), self.position(view));
        if rebuilt == live { Ok(()) } else { Err(Behind { view, rebuilt, live }) }
    }
}

impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { view, rebuilt, live } = self;
        write!(f, "the rebuilt {view} view stands at position {rebuilt} and the live one at {live}")
    }
}

impl std::error::Error for Behind {}

impl fmt::Display for Incomparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Behind(behind) => behind.fmt(f),
            Self::Unreadable(unreadable) => unreadable.fmt(f),
        }
    }
}

impl std::error::Error for Incomparable {}
