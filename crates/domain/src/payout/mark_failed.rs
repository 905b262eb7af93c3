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

macro_rules! failure_codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $name:literal),+ $(,)?) => {
        /// Why a bank refuses or returns a payout
        /// (<https://docs.stripe.com/api/payouts/failures>).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FailureCode {
            $($(#[$doc])* $variant),+
        }

        impl FailureCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code's name at Connect.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The number that stands for it in the log, never used again.
            #[must_use]
            pub fn number(self) -> u8 {
                match self { $(Self::$variant => $number),+ }
            }
        }
    };
}

failure_codes! {
    /// The bank account is closed.
    AccountClosed = 0 "account_closed",
    /// The bank account is frozen.
    AccountFrozen = 1 "account_frozen",
    /// The bank account takes no such payment.
    BankAccountRestricted = 2 "bank_account_restricted",
    /// The bank changed hands.
    BankOwnershipChanged = 3 "bank_ownership_changed",
    /// The bank could not process it.
    CouldNotProcess = 4 "could_not_process",
    /// Debits are not allowed.
    DebitNotAuthorized = 5 "debit_not_authorized",
    /// The bank declined it.
    Declined = 6 "declined",
    /// The platform's bank has not enough.
    InsufficientFunds = 7 "insufficient_funds",
    /// The account number is wrong.
    InvalidAccountNumber = 8 "invalid_account_number",
    /// The holder's name is wrong.
    IncorrectAccountHolderName = 9 "incorrect_account_holder_name",
    /// The holder's address is wrong.
    IncorrectAccountHolderAddress = 10 "incorrect_account_holder_address",
    /// The holder's tax number is wrong.
    IncorrectAccountHolderTaxId = 11 "incorrect_account_holder_tax_id",
    /// The bank account is in another currency.
    InvalidCurrency = 12 "invalid_currency",
    /// There is no such bank account.
    NoAccount = 13 "no_account",
    /// The card takes no payouts.
    UnsupportedCard = 14 "unsupported_card",
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
