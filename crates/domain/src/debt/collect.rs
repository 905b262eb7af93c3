//! A debt of 180 days is written off, by the platform's reserve or as the operator's loss.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | platform, connect reserved (`operator:losses` where the operator bears losses) | debt | |
//! | account, available | | debt |

use super::due;
use crate::books::{Book, Draft, Kind, OperatorBook, State};
use crate::calendar::Timestamp;
use crate::event::Event;
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::Currency;
use crate::settings::LossBearer;

/// The oldest debt, and the instant at which it is written off.
pub(crate) fn next(ledger: &Ledger) -> Option<(Timestamp, AccountId, Currency)> {
    let oldest = ledger.oldest_debts.first();
    oldest.map(|(since, account, currency)| (due(*since).start(), *account, *currency))
}

/// Writes a debt off.
pub(crate) fn collect(ledger: &Ledger, account: AccountId, currency: Currency) -> Event {
    let owed = ledger.account(account).map_or(0, |holder| holder.available(currency).saturating_neg());
    let (from, kind) = match ledger.loss_bearer(account) {
        LossBearer::Operator => (Book::Operator(OperatorBook::Losses), Kind::Loss),
        LossBearer::Platform => {
            (Book::Account(AccountId::PLATFORM, State::ConnectReserved), Kind::ConnectCollection)
        }
    };
    let mut draft = Draft::new(currency);
    draft.debit(from, kind, owed).credit(Book::Account(account, State::Available), kind, owed);
    Event::DebtCollected { account, entry: Box::new(draft.number(ledger)) }
}
