//! Due work: what time brings about, each piece at its own instant.
//!
//! Whoever executes commands does what fell due before each: it asks [`next_due`], loads
//! the records that [`Due::needs`] names, records the events of [`do_due`], and asks again.
//!
//! Before anything else the platform's reserve follows what its sellers owe. At each due
//! instant first requirements lapse, then what was not used in time expires, pending money
//! matures (one entry per account, currency and day), held money is set free, what waited for
//! money is done (refunds before all others), old debts are written off, and scheduled
//! payouts are made; accounts in order of their numbers. Each decision records one piece of
//! work, so a run of any length is a series that can stop and go on.
//!
//! | book (maturity) | debit | credit |
//! |---|---|---|
//! | account, pending of the day | what is left of it | |
//! | account, available | | what is left of it |

use crate::account::{RequirementName, Standing};
use crate::books::{Book, Draft, Kind, State};
use crate::calendar::{Day, Rank, Timestamp};
use crate::debt::{collect, reserve};
use crate::decide::{Context, Scene};
use crate::event::{Event, Events};
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::Currency;
use crate::payout::plan;
use crate::record::{Loaded, Needs, RecordId};

/// A piece of work that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// A requirement was not provided in time.
    Lapse(AccountId, RequirementName),
    /// The first account with pending money of this day.
    Maturity(Day),
    /// What an object waited for is there.
    Waiting(RecordId),
    /// An account's old debt is written off.
    Collect(AccountId, Currency),
    /// The platform's reserve follows what its sellers owe.
    Reserve(Currency),
    /// An account is paid out.
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
    let waited = ledger.agenda.first().map(|(at, rank, id)| (at, rank, Due::Waiting(id)));
    let covered = ledger.agenda.first_covered().map(|id| (ledger.now, Rank::Queue, Due::Waiting(id)));
    let payout = ledger
        .next_payout()
        .map(|(day, account, currency)| (day.start(), Rank::Payout, Due::Payout(account, currency)));
    let collect = collect::next(ledger)
        .map(|(at, account, currency)| (at, Rank::Collect, Due::Collect(account, currency)));
    // What must be held is held before anything else is done with it.
    let reserve =
        reserve::due(ledger).map(|currency| (Timestamp::MIN, Rank::Reserve, Due::Reserve(currency)));
    let all = [lapse, maturity, waited, covered, collect, reserve, payout].into_iter().flatten();
    let (at, _, due) = all.min_by_key(|(at, rank, _)| (*at, *rank))?;
    (at <= until).then(|| (at.max(ledger.now), due))
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
        Due::Collect(account, currency) => Events::from_iter([collect::collect(ledger, account, currency)]),
        Due::Reserve(currency) => Events::from_iter([reserve::follow(ledger, currency)]),
        Due::Payout(account, currency) => {
            let holder = ledger.account(account);
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
