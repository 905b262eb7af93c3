//! Asking for balance transactions.

use std::collections::BTreeSet;

use counterfoil_domain::money::Currency;
use counterfoil_domain::{AccountId, PayoutId};

use super::{BalanceTransaction, BalanceType, TransactionId, of_event};
use crate::objects::{self, Part};
use crate::past::Past;
use crate::statement::Statement;
use crate::unreadable::Unreadable;

/// The balance transactions, to ask for them.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    statement: &'a Statement,
    objects: objects::Reader<'a>,
    past: &'a dyn Past,
    /// The position of the first event that the views have not seen.
    next: u64,
}

impl<'a> Reader<'a> {
    /// Those of a statement and its objects.
    pub(crate) fn new(
        statement: &'a Statement,
        objects: objects::Reader<'a>,
        past: &'a dyn Past,
        next: u64,
    ) -> Self {
        Self { statement, objects, past, next }
    }

    /// The balance transaction of that id; `None` where there is none.
    ///
    /// # Errors
    /// An event that cannot be read.
    pub fn get(&self, id: TransactionId) -> Result<Option<BalanceTransaction>, Unreadable> {
        let position = id.0.position();
        if position >= self.next {
            return Ok(None);
        }
        Ok(self.of(position)?.into_iter().find(|transaction| transaction.id == id))
    }

    /// Every balance transaction of the event at a position.
    ///
    /// # Errors
    /// An event that cannot be read.
    pub fn of(&self, position: u64) -> Result<Vec<BalanceTransaction>, Unreadable> {
        Ok(of_event(&self.past.event(position)?))
    }

    /// Those of an account in a currency, the newest first: before another one, or from the
    /// newest on. Each event is read when it is come to.
    pub fn newest(
        self,
        account: AccountId,
        currency: Currency,
        before: Option<TransactionId>,
    ) -> impl Iterator<Item = Result<BalanceTransaction, Unreadable>> + 'a {
        let entries = self.statement.entries(account, currency);
        let lines = self.statement.lines(account, currency, 1, entries).rev();
        let mut last = None;
        let positions = lines.filter_map(move |line| match line {
            // The entries of one event stand together.
            Ok(line) => (last.replace(line.position) != Some(line.position)).then_some(Ok(line.position)),
            Err(error) => Some(Err(error)),
        });
        let until = before.map_or(u64::MAX, |before| before.0.position());
        let positions = positions.skip_while(move |at| at.as_ref().is_ok_and(|at| *at > until));
        positions.flat_map(move |position| {
            let made = position.and_then(|position| self.of(position));
            let (found, error) = match made {
                Ok(made) => (made, None),
                Err(error) => (Vec::new(), Some(Err(error))),
            };
            let mine = found
                .into_iter()
                .rev()
                .filter(move |it| it.is_of(account, currency) && before.is_none_or(|before| it.id < before));
            mine.map(Ok).chain(error)
        })
    }

    /// Those whose money a payout took, each once, the earliest first: of a manual payout too.
    /// They sum to its amount, together with what it left behind and with what payouts before
    /// it left or gave back, which are among them.
    ///
    /// # Errors
    /// Rows or events that cannot be read.
    pub fn paid_by(&self, payout: PayoutId) -> Result<Vec<BalanceTransaction>, Unreadable> {
        let Some(made) = self.objects.get(payout.into())? else {
            return Ok(Vec::new());
        };
        // What was available at once, by its entry; what matured, by its object's event and day.
        let (mut entries, mut days) = (BTreeSet::new(), BTreeSet::new());
        let mut positions = BTreeSet::new();
        self.objects.parts(payout, |part| match part {
            Part::Entry(line) => {
                positions.insert(line.position);
                entries.insert(line.number);
            }
            Part::Matured { day, at, .. } => {
                positions.insert(at);
                days.insert((at, day));
            }
        })?;
        let mut found = Vec::new();
        for position in positions {
            let recorded = self.past.event(position)?;
            let today = recorded.time.day();
            let own = of_event(&recorded).into_iter().filter(|it| it.is_of(made.owner, made.currency));
            found.extend(own.filter(|it| {
                let taken = if it.available_on > today {
                    days.contains(&(position, it.available_on))
                } else {
                    entries.contains(&it.entry)
                };
                it.balance == BalanceType::Payments && taken
            }));
        }
        Ok(found)
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reader of balance transactions before position {}", self.next)
    }
}
