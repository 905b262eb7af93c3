//! The five views together, at one position.

mod rebuild;
mod snapshots;

#[cfg(test)]
mod tests;

pub use rebuild::{Behind, Rebuild};
pub use snapshots::{CheckpointError, Outcome};

use counterfoil_domain::Recorded;

use crate::follower::{Follower, Gap};
use crate::projector::View;
use crate::{Balance, Objects, Payouts, Statement, Tax};

/// All five views. Each may have been loaded at a position of its own; events are
/// handed over from the lowest of these on, and a view that is further passes over
/// those it has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Views {
    balance: Follower<Balance>,
    payouts: Follower<Payouts>,
    tax: Follower<Tax>,
    statement: Follower<Statement>,
    objects: Follower<Objects>,
}

impl Views {
    /// Views that have seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What each account is owed, by state.
    #[must_use]
    pub fn balance(&self) -> &Balance {
        self.balance.state()
    }

    /// Payouts made, and what will be paid when and why not sooner.
    #[must_use]
    pub fn payouts(&self) -> &Payouts {
        self.payouts.state()
    }

    /// What each account sold in a year.
    #[must_use]
    pub fn tax(&self) -> &Tax {
        self.tax.state()
    }

    /// Every balance entry with its cause.
    #[must_use]
    pub fn statement(&self) -> &Statement {
        self.statement.state()
    }

    /// Any object by id, and lists of them.
    #[must_use]
    pub fn objects(&self) -> &Objects {
        self.objects.state()
    }

    /// The position of the event that one view needs next.
    #[must_use]
    pub fn position(&self, view: View) -> u64 {
        match view {
            View::Balance => self.balance.next_position(),
            View::Payouts => self.payouts.next_position(),
            View::Tax => self.tax.next_position(),
            View::Statement => self.statement.next_position(),
            View::Objects => self.objects.next_position(),
        }
    }

    /// The position of the event to hand over next: the lowest that a view needs.
    #[must_use]
    pub fn next_position(&self) -> u64 {
        View::ALL.into_iter().map(|view| self.position(view)).min().unwrap_or_default()
    }

    /// Adds the next event to every view that has not got it.
    ///
    /// # Errors
    /// Any event but the one at [`Views::next_position`]; every view is as it was. The
    /// views stand still from here on: whoever feeds them has lost its place.
    pub fn apply(&mut self, recorded: &Recorded) -> Result<(), Gap> {
        let (expected, found) = (self.next_position(), recorded.position);
        if found != expected {
            let at_fault = View::ALL.into_iter().find(|view| self.position(*view) == expected);
            return Err(Gap { view: at_fault.map_or("first", View::name), expected, found });
        }
        for view in View::ALL {
            if self.position(view) > found {
                continue;
            }
            match view {
                View::Balance => self.balance.apply(recorded)?,
                View::Payouts => self.payouts.apply(recorded)?,
                View::Tax => self.tax.apply(recorded)?,
                View::Statement => self.statement.apply(recorded)?,
                View::Objects => self.objects.apply(recorded)?,
            }
        }
        Ok(())
    }

    /// Forgets what one view knows; it needs the log from the first event on. For a
    /// snapshot whose chain hash the log does not have.
    pub fn forget(&mut self, view: View) {
        match view {
            View::Balance => self.balance = Follower::default(),
            View::Payouts => self.payouts = Follower::default(),
            View::Tax => self.tax = Follower::default(),
            View::Statement => self.statement = Follower::default(),
            View::Objects => self.objects = Follower::default(),
        }
    }
}
