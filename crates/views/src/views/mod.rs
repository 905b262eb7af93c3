//! The five views together, at one position.

mod flush;
mod rebuild;
mod snapshots;

#[cfg(test)]
mod flushed;
#[cfg(test)]
mod merged;
#[cfg(test)]
mod tests;

pub use flush::Flush;
pub use rebuild::{Behind, Incomparable, Rebuild};
pub use snapshots::{CheckpointError, Outcome};

use counterfoil_domain::Recorded;

use crate::follower::{Fed, Follower, Gap};
use crate::movement::touched;
use crate::projector::View;
use crate::{Balance, Objects, Payouts, Statement, Tax};

/// Of so many events is looked at what they change before they are added.
const AT_ONCE: usize = 64;

/// All five views. Each may have been loaded at a position of its own; events are
/// handed over from the lowest of these on, and a view that is further passes over
/// those it has.
#[derive(Debug, Default)]
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
        self.one(view).next_position()
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
        self.apply_all(std::slice::from_ref(recorded))
    }

    /// Adds the next events, which are in order, to every view that has not got them: some to
    /// one view after the other, so that these events stay near the processor.
    ///
    /// # Errors
    /// The first is any but the one at [`Views::next_position`], and every view is as it
    /// was; or they are not in order. The views stand still from here on: whoever feeds
    /// them has lost its place.
    pub fn apply_all(&mut self, events: &[Recorded]) -> Result<(), Gap> {
        let Some(first) = events.first() else {
            return Ok(());
        };
        let (expected, found) = (self.next_position(), first.position);
        if found != expected {
            let at_fault = View::ALL.into_iter().find(|view| self.position(*view) == expected);
            return Err(Gap { view: at_fault.map_or("first", View::name), expected, found });
        }
        let mut accounts = Vec::new();
        for some in events.chunks(AT_ONCE) {
            accounts.clear();
            accounts.extend(some.iter().flat_map(touched));
            View::ALL.into_iter().for_each(|view| self.one(view).touch(&accounts));
            View::ALL.into_iter().try_for_each(|view| self.one_mut(view).apply_all(some))?;
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

    fn one(&self, view: View) -> &dyn Fed {
        match view {
            View::Balance => &self.balance,
            View::Payouts => &self.payouts,
            View::Tax => &self.tax,
            View::Statement => &self.statement,
            View::Objects => &self.objects,
        }
    }

    fn one_mut(&mut self, view: View) -> &mut dyn Fed {
        match view {
            View::Balance => &mut self.balance,
            View::Payouts => &mut self.payouts,
            View::Tax => &mut self.tax,
            View::Statement => &mut self.statement,
            View::Objects => &mut self.objects,
        }
    }
}
