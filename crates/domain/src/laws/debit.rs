//! Account debits: what the account gave, the platform and the operator got.

use super::{Broken, Law};
use crate::books::{Book, OperatorBook, Posting};
use crate::event::{Event, Recorded};
use crate::id::AccountId;
use crate::record::Record;

/// Checks the books of a debit against what its record says.
pub(super) fn check(recorded: &Recorded, broken: &mut Broken) {
    let Event::Moved(moved) = &recorded.event else { return };
    let Record::Debit(id, debit) = &moved.subject.record else { return };
    let owed = |of: &dyn Fn(&Posting) -> bool| -> i128 {
        let postings = moved.postings();
        postings.filter(|posting| of(posting)).map(|posting| i128::from(posting.owed())).sum()
    };
    let of_account = |account: AccountId| {
        move |posting: &Posting| posting.book.owner().is_some_and(|(of, _)| of == account)
    };
    let (amount, fee) = (i128::from(debit.amount.minor), i128::from(debit.fee));
    let booked = [
        owed(&of_account(debit.account)),
        owed(&of_account(AccountId::PLATFORM)),
        owed(&|posting| posting.book == Book::Operator(OperatorBook::Fees)),
    ];
    if amount <= 0 || debit.account.is_platform() || booked != [-amount, amount - fee, fee] {
        broken.push(Law::DebitBooks { debit: *id, amount, fee });
    }
}
