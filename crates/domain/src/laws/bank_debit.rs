//! Bank debits: each is asked of an account that owes as much, one at a time, keeps what was
//! asked, and books its amount when it arrives and when the bank returns it.

use std::collections::{BTreeMap, BTreeSet};

use super::holding::Holdings;
use super::{Broken, Law};
use crate::bank_debit::{BankDebitState, BankDebitStatus};
use crate::books::{Book, Kind, State};
use crate::event::{Event, Recorded};
use crate::id::{AccountId, BankDebitId, RailId};
use crate::money::Currency;
use crate::record::Record;
use crate::step::{Moved, Step};

/// The bank debits that may still change.
#[derive(Clone, Debug, Default)]
pub(super) struct BankDebits {
    live: BTreeMap<BankDebitId, BankDebitState>,
    pending: BTreeSet<(AccountId, Currency)>,
}

impl BankDebits {
    /// Follows a bank debit. What is held is as the event leaves it.
    pub(super) fn check(&mut self, recorded: &Recorded, holdings: &mut Holdings, broken: &mut Broken) {
        let Event::Moved(moved) = &recorded.event else { return };
        let Record::BankDebit(id, debit) = &moved.subject.record else { return };
        let (amount, holder) = (i128::from(debit.amount.minor), (debit.account, debit.amount.currency));
        let brings = [(Step::BankDebitSucceeded, amount), (Step::BankDebitReturned, -amount)];
        let due = brings.into_iter().find(|(step, _)| *step == moved.step).map_or(0, |(_, due)| due);
        if moved.step == Step::BankDebitCreated {
            let holding = holdings.of(holder.0, holder.1);
            let owed = holding.map_or(0, |holding| -holding.balance(State::Available));
            if amount <= 0 || amount > owed {
                broken.push(Law::BankDebitExceeds { bank_debit: *id, amount, owed });
            }
            if !self.pending.insert(holder) {
                broken.push(Law::BankDebitTwice { account: holder.0, currency: holder.1 });
            }
        } else {
            self.follow(*id, debit, moved.step, broken);
        }
        if matches!(debit.status, BankDebitStatus::Pending | BankDebitStatus::Succeeded) {
            let _before = self.live.insert(*id, debit.clone());
        }
        let said = i128::from(moved.subject.amount) * if due < 0 { -1 } else { 1 };
        for booked in booked(moved, debit).into_iter().chain([said]) {
            if booked != due {
                broken.push(Law::BankDebitBooks { bank_debit: *id, due, booked });
            }
        }
    }

    fn follow(&mut self, id: BankDebitId, debit: &BankDebitState, step: Step, broken: &mut Broken) {
        if step != Step::BankDebitReturned {
            self.pending.remove(&(debit.account, debit.amount.currency));
        }
        let before = self.live.remove(&id);
        let expected = if step == Step::BankDebitReturned {
            BankDebitStatus::Succeeded
        } else {
            BankDebitStatus::Pending
        };
        let asked = before.map(|before| {
            let status = before.status;
            (BankDebitState { status: debit.status, ..before }, status)
        });
        if asked != Some((debit.clone(), expected)) {
            broken.push(Law::BankDebitForgets { bank_debit: id });
        }
    }
}

/// What the bank's rail got by the step, and what the account did before it paid of that what was
/// written off.
fn booked(moved: &Moved, debit: &BankDebitState) -> [i128; 2] {
    let sum = |book: Book| -> i128 {
        let postings = moved.postings().filter(|posting| posting.kind != Kind::WriteOffRecovery);
        postings.filter(|posting| posting.book == book).map(|posting| i128::from(posting.amount)).sum()
    };
    [sum(Book::Rail(RailId::BANK)), -sum(Book::Account(debit.account, State::Available))]
}
