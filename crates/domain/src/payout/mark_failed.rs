//! The bank refused a payout, or returned one that it had taken
//! (<https://docs.stripe.com/payouts#payout-failures>).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, in transit (`rail:bank` where it was paid) | amount | |
//! | account, available | | amount |
//!
//! The entries that it took are open again, and its bank account is errored: nothing
//! is paid there until a bank account is put on file again.

use super::{PayoutMoved, PayoutRefusal, PayoutStatus};
use crate::books::{Book, Draft, Kind, State};
use crate::code::codes;
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::{PayoutId, RailId};
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;

/// Says that the bank refused or returned a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkPayoutFailed {
    /// Which payout.
    pub payout: PayoutId,
    /// Why.
    pub code: FailureCode,
}

codes! {
    /// Why a bank refuses or returns a payout
    /// (<https://docs.stripe.com/api/payouts/failures>).
    FailureCode {
        /// The bank account is closed.
        0 AccountClosed = "account_closed",
        /// The bank account is frozen.
        1 AccountFrozen = "account_frozen",
        /// The bank account takes no such payment.
        2 BankAccountRestricted = "bank_account_restricted",
        /// The bank changed hands.
        3 BankOwnershipChanged = "bank_ownership_changed",
        /// The bank could not process it.
        4 CouldNotProcess = "could_not_process",
        /// Debits are not allowed.
        5 DebitNotAuthorized = "debit_not_authorized",
        /// The bank declined it.
        6 Declined = "declined",
        /// The platform's bank has not enough.
        7 InsufficientFunds = "insufficient_funds",
        /// The account number is wrong.
        8 InvalidAccountNumber = "invalid_account_number",
        /// The holder's name is wrong.
        9 IncorrectAccountHolderName = "incorrect_account_holder_name",
        /// The holder's address is wrong.
        10 IncorrectAccountHolderAddress = "incorrect_account_holder_address",
        /// The holder's tax number is wrong.
        11 IncorrectAccountHolderTaxId = "incorrect_account_holder_tax_id",
        /// The bank account is in another currency.
        12 InvalidCurrency = "invalid_currency",
        /// There is no such bank account.
        13 NoAccount = "no_account",
        /// The card takes no payouts.
        14 UnsupportedCard = "unsupported_card",
    }
}

impl Verb for MarkPayoutFailed {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.payout);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, .. } = *scene;
        let id = self.payout;
        let mut payout = loaded.get(id).ok_or(PayoutRefusal::Unknown { payout: id })?.clone();
        let (from, status) = match payout.status {
            PayoutStatus::InTransit => {
                (Book::Account(payout.account, State::InTransit), PayoutStatus::Failed(self.code))
            }
            PayoutStatus::Paid => (Book::Rail(RailId::BANK), PayoutStatus::Returned(self.code)),
            PayoutStatus::Failed(_) | PayoutStatus::Returned(_) => {
                return Err(PayoutRefusal::AlreadyFailed.into());
            }
        };

        payout.status = status;
        let mut draft = Draft::new(payout.currency);
        draft.debit(from, Kind::PayoutFailure, payout.amount).credit(
            Book::Account(payout.account, State::Available),
            Kind::PayoutFailure,
            payout.amount,
        );
        let entry = draft.number(ledger);
        Ok(Events::from_iter([Event::PayoutFailed(Box::new(PayoutMoved { id, payout, entry }))]))
    }
}
