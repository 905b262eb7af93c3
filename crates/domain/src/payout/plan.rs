//! Planning a payout: which entries it takes, what it leaves behind, when it lands.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, available (hold) | what stays | |
//! | account, available | amount | |
//! | account, in transit | | amount |
//! | account, available (release) | | what stays |
//!
//! The hold is the last entry that the payout takes, so that the entries it takes sum
//! to its amount; the release comes after it and is open.

use smallvec::SmallVec;

use super::{PayoutMoved, PayoutState, PayoutStatus};
use crate::account::EntryRange;
use crate::books::{Book, Draft, Kind, State};
use crate::calendar::bank::BankCalendar;
use crate::decide::Context;
use crate::event::Event;
use crate::id::{AccountId, PayoutId};
use crate::ledger::Ledger;
use crate::money::{Currency, Minor};

/// A payout of `amount`, above zero and within the account's available balance.
pub(crate) fn plan(
    ledger: &Ledger,
    account: AccountId,
    currency: Currency,
    amount: Minor,
    automatic: bool,
    context: &Context,
) -> Event {
    let holder = ledger.account(account);
    let wallet = holder.and_then(|holder| holder.wallet(currency)).cloned().unwrap_or_default();
    let stays = wallet.available - amount;
    assert!(amount > 0 && stays >= 0, "a payout pays what is there");
    // The hold, where there is one, is numbered next and belongs to the payout.
    let last_taken = wallet.entries + u64::from(stays > 0);
    let entries: SmallVec<[EntryRange; 2]> = wallet.open_entries(last_taken).into_iter().collect();

    let available = Book::Account(account, State::Available);
    let mut draft = Draft::new(currency);
    draft
        .debit(available, Kind::PayoutHold, stays)
        .debit(available, Kind::Payout, amount)
        .credit(Book::Account(account, State::InTransit), Kind::Payout, amount)
        .credit(available, Kind::PayoutRelease, stays);
    let arrival = BankCalendar::of(currency).next_business_day(context.now.day());
    let on_file = holder.and_then(|holder| holder.bank_accounts.iter().find(|(of, _)| *of == currency));
    let payout = PayoutState {
        account,
        currency,
        amount,
        status: PayoutStatus::InTransit,
        created: context.now,
        arrival,
        automatic,
        entries,
        own: EntryRange { first: last_taken + 1, last: last_taken + 2 },
        bank: on_file.map(|(_, bank)| bank.number.fingerprint),
    };
    let id = PayoutId::new(context.position, 0);
    Event::PayoutCreated(Box::new(PayoutMoved { id, payout, entry: draft.number(ledger) }))
}
