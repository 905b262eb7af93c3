//! What sellers owe, and since when: each debt with the event that made it, everything that
//! moved the balance since, and its age.
//!
//! Nothing is stored for it: a debt is read off the seller's statement, from its end back to the
//! event that took the available balance below zero. What came in since pays the oldest part
//! first (our rule, docs/decisions/exposure.md), so that the parts that are left open say how
//! old each cent of the debt is.

mod age;
mod open;
mod written_off;

#[cfg(test)]
mod tests;

pub use age::Age;
pub use written_off::WrittenOff;

use counterfoil_domain::books::{Kind, State};
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::settings::LossBearer;
use counterfoil_domain::{AccountId, debt};

use crate::object::ObjectRef;
use crate::objects::LossBearers;
use crate::statement::Line;
use crate::unreadable::Unreadable;
use crate::{Balance, Reading, balance};

/// What one account owes in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Debt {
    /// Who.
    pub account: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// How much, in minor units; above zero.
    pub owed: Minor,
    /// Who bears it, where it is written off.
    pub loss_bearer: LossBearer,
    /// Since when its available balance is below zero: the event that made it so.
    pub since: Timestamp,
    /// The position of that event.
    pub position: u64,
    /// Everything that moved the available balance from that event on, the earliest first. What
    /// is open of them sums to what is owed.
    pub parts: Vec<DebtPart>,
}

/// Something that moved the available balance of an account that owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DebtPart {
    /// The number of its entry in the account's statement.
    pub entry: u64,
    /// The position of its event.
    pub position: u64,
    /// When, in business time.
    pub time: Timestamp,
    /// Why money moved.
    pub kind: Kind,
    /// The object that it is about.
    pub source: Option<ObjectRef>,
    /// Minor units; below zero it took money, above zero it paid.
    pub amount: Minor,
    /// What of it is still owed; 0 where it paid, or was paid.
    pub open: Minor,
}

/// The debts, to ask for them.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    views: Reading<'a>,
    balance: &'a Balance,
    now: Timestamp,
}

impl Debt {
    /// The day from whose start it is written off, if nothing pays it before.
    #[must_use]
    pub fn written_off_on(&self) -> Day {
        self.since.day().plus(debt::MOST_DAYS)
    }

    /// What is owed by how old it is, at a business time: they sum to what is owed.
    #[must_use]
    pub fn by_age(&self, now: Timestamp) -> [(Age, Minor); Age::ALL.len()] {
        Age::ALL.map(|age| {
            let of_age = self.parts.iter().filter(|part| Age::of(part.time, now) == age);
            (age, of_age.map(|part| part.open).sum())
        })
    }
}

impl<'a> Reader<'a> {
    /// The debts of these balances, which stand at `now`; the views may have gone on.
    #[must_use]
    pub fn at(views: Reading<'a>, balance: &'a Balance, now: Timestamp) -> Self {
        Self { views, balance, now }
    }

    /// The business time at which they stand.
    #[must_use]
    pub fn now(self) -> Timestamp {
        self.now
    }

    /// The debts of one account, or of every connected account.
    ///
    /// # Errors
    /// Rows that cannot be read.
    pub fn of(self, account: Option<AccountId>) -> Result<Vec<Debt>, Unreadable> {
        let rows = self.balance.rows(account);
        let owing = rows.filter(|row| row.funds.available < 0 && !row.account.is_platform());
        let bearers = self.views.objects().loss_bearers();
        owing.map(|row| self.debt(&row, &bearers)).collect()
    }

    /// What the platform holds against them, in each currency in which it holds anything: the
    /// sum of those that it bears.
    pub fn held(self) -> impl Iterator<Item = (Currency, Minor)> + 'a {
        let rows = self.balance.rows(Some(AccountId::PLATFORM));
        rows.map(|row| (row.currency, row.funds.connect_reserved)).filter(|(_, held)| *held != 0)
    }

    fn debt(self, row: &balance::AccountBalance, bearers: &LossBearers<'_>) -> Result<Debt, Unreadable> {
        let (account, currency) = (row.account, row.currency);
        let (lines, before) = self.since_it_owes(account, currency, row.funds.available)?;
        let parts = open::parts(&lines, before);
        let first = lines.first().map_or((self.now, 0), |line| (line.time, line.position));
        let (since, position) = first;
        let loss_bearer = bearers.of(account)?;
        let owed = row.funds.available.saturating_neg();
        Ok(Debt { account, currency, owed, loss_bearer, since, position, parts })
    }

    /// The lines of the available balance from the event on that took it below zero, the
    /// earliest first, and what it was before that.
    fn since_it_owes(
        self,
        account: AccountId,
        currency: Currency,
        available: Minor,
    ) -> Result<(Vec<Line>, Minor), Unreadable> {
        let statement = self.views.statement();
        let entries = statement.entries(account, currency);
        let lines = statement.lines(account, currency, 1, entries).rev();
        let (mut found, mut before) = (Vec::<Line>::new(), available);
        for line in lines {
            let line = line?;
            if line.time > self.now || line.state != State::Available {
                continue;
            }
            let ends = found.last().is_some_and(|later| later.position != line.position);
            if ends && before >= 0 {
                break;
            }
            before = before.saturating_sub(line.amount);
            found.push(line);
        }
        found.reverse();
        Ok((found, before))
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reader of debts at {}", self.now)
    }
}
