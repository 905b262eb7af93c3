//! The platform's reserve follows what its sellers owe: at the instant at which that changed.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | platform, available (connect reserved where less is owed) | difference | |
//! | platform, connect reserved (available where less is owed) | | difference |

use crate::books::{Book, Draft, Kind, State};
use crate::event::Event;
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::{Currency, Minor};

/// The first currency in which the reserve is not what sellers owe.
#[inline]
pub(crate) fn due(ledger: &Ledger) -> Option<Currency> {
    ledger.unreserved.first().copied()
}

impl Ledger {
    /// Notes whether the reserve of a currency is what sellers owe, after either changed.
    #[cold]
    pub(crate) fn note_reserve(&mut self, currency: Currency) {
        if i128::from(held(self, currency)) == self.owed_by_sellers(currency) {
            self.unreserved.remove(&currency);
        } else {
            self.unreserved.insert(currency);
        }
    }
}

/// Brings the reserve of a currency to what sellers owe in it.
pub(crate) fn follow(ledger: &Ledger, currency: Currency) -> Event {
    let platform = |state| Book::Account(AccountId::PLATFORM, state);
    // Balances fit 64 bits, and so does what all of one currency owe.
    let owed = Minor::try_from(ledger.owed_by_sellers(currency)).unwrap_or(Minor::MAX);
    let change = owed.saturating_sub(held(ledger, currency));
    let (from, to) = if change > 0 {
        (State::Available, State::ConnectReserved)
    } else {
        (State::ConnectReserved, State::Available)
    };
    let mut draft = Draft::new(currency);
    let amount = change.saturating_abs();
    draft.debit(platform(from), Kind::ConnectReserve, amount).credit(
        platform(to),
        Kind::ConnectReserve,
        amount,
    );
    Event::ConnectReserveMoved { entry: Box::new(draft.number(ledger)) }
}

fn held(ledger: &Ledger, currency: Currency) -> Minor {
    let platform = ledger.account(AccountId::PLATFORM);
    platform.and_then(|platform| platform.wallet(currency)).map_or(0, |wallet| wallet.connect_reserved)
}
