//! Asking for balance transactions.

use std::collections::BTreeSet;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::Currency;
use counterfoil_domain::{AccountId, PayoutId};

use super::{BalanceTransaction, BalanceType, TransactionId, of_event};
use crate::objects::{self, Part};
use crate::unreadable::Unreadable;

/// The balance transactions, to ask for them.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    objects: objects::Reader<'a>,
}

impl<'a> Reader<'a> {
    /// Those of objects and of the statement that these are read with.
    pub(crate) fn new(objects: objects::Reader<'a>) -> Self {
        Self { objects }
    }

    /// The balance transaction of that id; `None` where there is none.
    ///
    /// # Errors
    /// An event that cannot be read.
    pub fn get(&self, id: TransactionId) -> Result<Option<BalanceTransaction>, Unreadable> {
        let recorded = self.objects.event(id.0.position())?;
        Ok(recorded.and_then(|it| of_event(&it).into_iter().find(|transaction| transaction.id == id)))
    }

    /// Every balance transaction of the event at a position.
    ///
    /// # Errors
    /// An event that cannot be read.
    pub fn of(&self, position: u64) -> Result<Vec<BalanceTransaction>, Unreadable> {
        Ok(of_event(&self.objects.past.event(position)?))
    }

    /// Those of an account in a currency, the newest first: before another one, or from the
    /// newest on. Each event is read when it is come to.
    pub fn newest(
        self,
        account: AccountId,
        currency: Currency,
        before: Option<TransactionId>,
    ) -> impl Iterator<Item = Result<BalanceTransaction, Unreadable>> + 'a {
        self.walk(account, currency, before, Timestamp::MAX)
    }

    /// Those that were made until a business time, that instant included, the newest first.
    pub(crate) fn until(
        self,
        account: AccountId,
        currency: Currency,
        time: Timestamp,
    ) -> impl Iterator<Item = Result<BalanceTransaction, Unreadable>> + 'a {
        self.walk(account, currency, None, time)
    }

    fn walk(
        self,
        account: AccountId,
        currency: Currency,
        before: Option<TransactionId>,
        time: Timestamp,
    ) -> impl Iterator<Item = Result<BalanceTransaction, Unreadable>> + 'a {
        let statement = self.objects.statement;
        let entries = statement.entries(account, currency);
        let lines = statement.lines(account, currency, 1, entries).rev();
        let lines = lines.skip_while(move |line| line.as_ref().is_ok_and(|line| line.time > time));
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
            let recorded = self.objects.past.event(position)?;
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
