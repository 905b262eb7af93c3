//! A debt of 180 days is written off, by the platform's reserve or as the operator's loss. What
//! made it may come back (`claims.rs`).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | platform, connect reserved (`operator:losses` where the operator bears losses) | debt | |
//! | account, available | | debt |

use super::{Began, WriteOffState, due};
use crate::books::{Book, Draft, Kind, OperatorBook, State};
use crate::calendar::Timestamp;
use crate::decide::Context;
use crate::event::Events;
use crate::id::{AccountId, WriteOffId};
use crate::ledger::Ledger;
use crate::money::{Currency, Money};
use crate::record::Record;
use crate::settings::LossBearer;
use crate::step::{Moved, Step};

/// The oldest debt, and the instant at which it is written off.
pub(crate) fn next(ledger: &Ledger) -> Option<(Timestamp, AccountId, Currency)> {
    let oldest = ledger.oldest_debts.first();
    oldest.map(|(since, account, currency)| (due(*since).start(), *account, *currency))
}

/// Writes a debt off.
pub(crate) fn collect(ledger: &Ledger, account: AccountId, currency: Currency, context: &Context) -> Events {
    let owed = ledger.account(account).map_or(0, |holder| holder.available(currency).saturating_neg());
    let Some(Began { at: since, position: began }) = ledger.debts.get(&(account, currency)).copied() else {
        return Events::new();
    };
    let (from, kind) = match ledger.loss_bearer(account) {
        LossBearer::Operator => (Book::Operator(OperatorBook::Losses), Kind::Loss),
        LossBearer::Platform => {
            (Book::Account(AccountId::PLATFORM, State::ConnectReserved), Kind::ConnectCollection)
        }
    };
    let mut draft = Draft::new(currency);
    draft.debit(from, kind, owed).credit(Book::Account(account, State::Available), kind, owed);
    let state = WriteOffState { account, amount: Money::new(currency, owed), recovered: 0, since, began };
    let written_off = Record::WriteOff(WriteOffId::new(context.position, 0), state);
    Moved::new(Step::DebtCollected, written_off).of(owed).booked(draft, ledger).into()
}
