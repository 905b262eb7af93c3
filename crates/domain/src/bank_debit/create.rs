//! Asking a bank for what an account owes: due on the account's payout day. Nothing is booked
//! until the money arrived, so the debt, the reserve and the days until it is written off stay.

use super::{BankDebitState, BankDebitStatus};
use crate::calendar::bank::BankCalendar;
use crate::charge::LARGEST_AMOUNT;
use crate::decide::Context;
use crate::event::Events;
use crate::id::{AccountId, BankDebitId};
use crate::ledger::Ledger;
use crate::money::{Currency, Money};
use crate::record::Record;
use crate::step::{Moved, Step};

/// Asks the bank of an account that owes; nothing where it has no bank account on file.
///
/// It takes all that is owed, up to the largest amount: the rest is asked on the payout day
/// after this one was settled. That money came in before it was owed, so no limit of what a
/// ledger takes in refuses it; but it counts towards that, as a top-up does.
pub(crate) fn create(
    ledger: &Ledger,
    account: AccountId,
    currency: Currency,
    context: &Context,
) -> Option<Events> {
    let holder = ledger.account(account)?;
    let bank = holder.bank_accounts.iter().find(|(of, _)| *of == currency);
    let owed = holder.available(currency).saturating_neg();
    let state = BankDebitState {
        account,
        amount: Money::new(currency, owed.min(LARGEST_AMOUNT)),
        status: BankDebitStatus::Pending,
        arrival: BankCalendar::of(currency).next_business_day(context.now.day()),
        bank: bank?.1.number.fingerprint,
    };
    let debit = Record::BankDebit(BankDebitId::new(context.position, 0), state);
    Some(Moved::new(Step::BankDebitCreated, debit).into())
}
