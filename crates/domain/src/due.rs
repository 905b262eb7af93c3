//! Due work: what time brings about, each piece at its own instant.
//!
//! Whoever executes commands does what fell due before each: it asks [`next_due`], loads
//! the records that [`Due::needs`] names, records the events of [`do_due`], and asks again.
//!
//! Before anything else an account that is below zero uses its prefunding, reserve plans hold
//! their share of what came in, and the platform's reserve follows what its sellers owe; but what
//! the same instant gives and takes back, after a dispute say, comes before the first and the last
//! of these, so that they see what an account is short of in the end. At each due
//! instant first requirements lapse, then what was not used in time expires, pending money
//! matures (one entry per account, currency and day), held money is set free and sellers give
//! back what disputes took or get it again, what waited for money is done (refunds before all
//! others), old debts are written off, and scheduled payouts are made; accounts in order of
//! their numbers. An account that owes is debited instead of being paid, where it may be. Each
//! decision records one piece of work, so a run of any length is a series that can stop and go
//! on.
//!
//! | book (maturity) | debit | credit |
//! |---|---|---|
//! | account, pending of the day | what is left of it | |
//! | account, available | | what is left of it |

use crate::account::{RequirementName, Standing};
use crate::bank_debit;
use crate::books::{Book, Draft, Kind, State};
use crate::calendar::{Day, Rank, Timestamp};
use crate::debt::{collect, reserve};
use crate::decide::{Context, Scene};
use crate::event::{Event, Events};
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::Currency;
use crate::payout::plan;
use crate::prefunding::cover::cover;
use crate::record::{Loaded, Needs, RecordId};
use crate::reserve::{HoldSource, hold_by_plan, sale_needs};

/// A piece of work that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// A requirement was not provided in time.
    Lapse(AccountId, RequirementName),
    /// The first account with pending money of this day.
    Maturity(Day),
    /// What an object waited for is there.
    Waiting(RecordId),
    /// A plan holds a share of a sale that came in.
    Hold(HoldSource),
    /// An account's old debt is written off.
    Collect(AccountId, Currency),
    /// An account is below zero and has prefunding.
    Prefunding(AccountId, Currency),
    /// The platform's reserve follows what its sellers owe.
    Reserve(Currency),
    /// An account is paid out; one that owes is debited.
    Payout(AccountId, Currency),
}

/// The next piece of work due by `until`, and its instant: of one instant in the order of
/// their ranks. `None` where nothing is due.
///
/// Work found late (a bank account put on file after its payout day began) is done at the
/// ledger's own time: business time never goes backwards.
#[must_use]
pub fn next_due(ledger: &Ledger, until: Timestamp) -> Option<(Timestamp, Due)> {
    let lapse =
        ledger.deadlines().next().map(|(at, account, name)| (at, Rank::Lapse, Due::Lapse(account, name)));
    let maturity = ledger.maturities.first_day().map(|day| (day.start(), Rank::Maturity, Due::Maturity(day)));
    // Of holds the agenda knows their days alone.
    let held = ledger.reserves.first_day().map(|(day, hold)| (day.start(), Rank::Release, hold.into()));
    let waited = ledger.agenda.first().into_iter().chain(held).min();
    // What gives and takes back at this instant comes to what an account is short of.
    let is_settled = waited.is_none_or(|(at, rank, _)| at > ledger.now || rank != Rank::Release);
    let waited = waited.map(|(at, rank, id)| (at, rank, Due::Waiting(id)));
    let covered = ledger.agenda.first_covered().map(|id| (ledger.now, Rank::Queue, Due::Waiting(id)));
    let payout = ledger
        .next_payout(until)
        .map(|(day, account, currency)| (day.start(), Rank::Payout, Due::Payout(account, currency)));
    let collect = collect::next(ledger)
        .map(|(at, account, currency)| (at, Rank::Collect, Due::Collect(account, currency)));
    // What must be held is held before anything else is done with it: first of sellers' sales.
    let hold = ledger.reserves.first_to_hold();
    let hold = hold.map(|source| (Timestamp::MIN, Rank::Reserve, Due::Hold(source)));
    let reserve = reserve::due(ledger).filter(|_| is_settled);
    let reserve = reserve.map(|currency| (Timestamp::MIN, Rank::Reserve, Due::Reserve(currency)));
    // A seller's own prefunding comes before what the platform must hold for it.
    let prefunding =
        ledger.prefunding.first_short().filter(|_| is_settled).map(|(account, currency)| {
            (Timestamp::MIN, Rank::Prefunding, Due::Prefunding(account, currency))
        });
    let all =
        [hold, lapse, maturity, waited, covered, collect, prefunding, reserve, payout].into_iter().flatten();
    let (at, _, due) = all.min_by_key(|(at, rank, _)| (*at, *rank))?;
    (at <= until).then(|| (at.max(ledger.now), due))
}

/// Whether work is due by `until`, which is not before the ledger's own instant: whether
/// [`next_due`] finds any, at the cost of a few looks. At the ledger's own instant it is what a
/// command left: a balance below zero beside prefunding, a sale of which a plan holds a share, a
/// reserve that is not what sellers owe, money that the first of a queue waited for, an object
/// whose instant has come.
#[inline]
#[must_use]
pub fn is_due_by(ledger: &Ledger, until: Timestamp) -> bool {
    let lapses = || ledger.deadlines().next().is_some_and(|(at, ..)| at <= until);
    let releases = || ledger.reserves.first_day().is_some_and(|(day, _)| day.start() <= until);
    let matures = || ledger.maturities.first_day().is_some_and(|day| day.start() <= until);
    let is_old = || collect::next(ledger).is_some_and(|(at, ..)| at <= until);
    let pays = || ledger.next_payout(until).is_some_and(|(day, ..)| day.start() <= until);
    ledger.reserves.first_to_hold().is_some()
        || ledger.prefunding.first_short().is_some()
        || reserve::due(ledger).is_some()
        || ledger.agenda.is_due(until)
        || lapses()
        || releases()
        || matures()
        || is_old()
        || pays()
}

/// The events of a piece of work that is due at `context.now`, once what it needs is loaded;
/// none where the ledger knows of an object that no event recorded.
#[must_use]
pub fn do_due(ledger: &Ledger, loaded: &Loaded, due: Due, context: &Context) -> Events {
    let scene = Scene { ledger, loaded, context };
    match due {
        Due::Lapse(account, name) => {
            Events::from_iter([Event::RequirementChanged { account, name, standing: Standing::PastDue }])
        }
        Due::Maturity(day) => Events::from_iter([mature(ledger, day)]),
        Due::Waiting(id) => id.do_due(&scene),
        Due::Hold(source) => hold_by_plan(source, &scene),
        Due::Collect(account, currency) => collect::collect(ledger, account, currency, context),
        Due::Prefunding(account, currency) => cover(ledger, account, currency, context),
        Due::Reserve(currency) => Events::from_iter([reserve::follow(ledger, currency)]),
        Due::Payout(account, currency) => {
            let holder = ledger.account(account);
            if holder.is_some_and(|holder| holder.available(currency) < 0) {
                return bank_debit::create(ledger, account, currency, context).unwrap_or_default();
            }
            let amount = holder.map_or(0, |holder| holder.available(currency) - holder.minimum(currency));
            Events::from_iter([plan(ledger, account, currency, amount, true, context)])
        }
    }
}

impl Due {
    /// The records that it needs beyond those that are loaded; asked again after each load.
    #[must_use]
    pub fn needs(self, loaded: &Loaded) -> Needs {
        let mut needs = Needs::default();
        if let Self::Waiting(id) = self {
            needs.add(id);
            id.due_needs(loaded, &mut needs);
            needs.add_held(loaded);
            needs.leave_out(loaded);
        }
        if let Self::Hold(source) = self {
            sale_needs(source, loaded, &mut needs);
            needs.add_held(loaded);
            needs.leave_out(loaded);
        }
        needs
    }
}

#[expect(clippy::expect_used, reason = "a day is dropped with its last pending money")]
fn mature(ledger: &Ledger, day: Day) -> Event {
    let first = ledger.first_maturity(day);
    let (account, currency, amount) = first.expect("a day that is listed has money");
    let mut draft = Draft::new(currency);
    draft.debit(Book::Account(account, State::Pending(day)), Kind::Maturity, amount).credit(
        Book::Account(account, State::Available),
        Kind::Maturity,
        amount,
    );
    Event::FundsMatured { account, day, entry: Box::new(draft.number(ledger)) }
}
