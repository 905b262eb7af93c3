//! Reading: the views at one position, and the past that they point into.

use counterfoil_domain::Recorded;
use counterfoil_domain::id::ObjectId;

use crate::past::Past;
use crate::projector::View;
use crate::unreadable::Unreadable;
use crate::views::Views;
use crate::{Balance, Statement, Tax, debts, explain, exposure, objects, payouts, transactions};

/// The views, to ask them: all at one position.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    views: &'a Views,
    past: &'a dyn Past,
}

impl<'a> Reading<'a> {
    /// The views over this past, which must hold every event that they have seen.
    #[must_use]
    pub fn new(views: &'a Views, past: &'a dyn Past) -> Self {
        Self { views, past }
    }

    /// What each account is owed, by state.
    #[must_use]
    pub fn balance(self) -> &'a Balance {
        self.views.balance()
    }

    /// Payouts made, and what will be paid when and why not sooner.
    #[must_use]
    pub fn payouts(self) -> payouts::Reader<'a> {
        payouts::Reader::new(self.views.payouts(), self.objects())
    }

    /// What each account sold in a year.
    #[must_use]
    pub fn tax(self) -> &'a Tax {
        self.views.tax()
    }

    /// Every balance entry with its cause.
    #[must_use]
    pub fn statement(self) -> &'a Statement {
        self.views.statement()
    }

    /// Any object by id, and lists of them.
    #[must_use]
    pub fn objects(self) -> objects::Reader<'a> {
        objects::Reader::new(self.views.objects(), self.views.statement(), self.past)
    }

    /// Every change of a balance in Connect's terms.
    #[must_use]
    pub fn transactions(self) -> transactions::Reader<'a> {
        transactions::Reader::new(self.objects())
    }

    /// What each connected account owes, and how old it is.
    #[must_use]
    pub fn debts(self) -> debts::Reader<'a> {
        debts::Reader::at(self, self.balance(), self.payouts().now())
    }

    /// What would be lost if a seller vanished today.
    #[must_use]
    pub fn exposure(self) -> exposure::Reader<'a> {
        exposure::Reader::new(self.balance(), self.objects(), self.payouts().now())
    }

    /// What each number of an account's balance consists of.
    #[must_use]
    pub fn explain(self) -> explain::Reader<'a> {
        explain::Reader::at(self, self.balance(), self.payouts().now())
    }

    /// The event at a position that the views have seen.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn event(self, position: u64) -> Result<Recorded, Unreadable> {
        self.past.event(position)
    }

    /// The position of the newest event that carries the whole state of a record.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub fn latest(self, record: ObjectId) -> Result<u64, Unreadable> {
        self.past.latest(record)
    }

    /// The position of the event that one view needs next.
    #[must_use]
    pub fn position(self, view: View) -> u64 {
        self.views.position(view)
    }

    /// The position of the event that comes next.
    #[must_use]
    pub fn next_position(self) -> u64 {
        self.views.next_position()
    }
}

impl std::fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reading at position {}", self.next_position())
    }
}
