//! Account debits: money that the platform takes back from a connected account
//! (<https://docs.stripe.com/connect/account-debits>).
//!
//! At Connect it is a transfer that is made as the connected account, to the platform. Here
//! it is an object of its own, so that a transfer always goes to a seller
//! (docs/decisions/account-debits.md).

pub mod create;

pub use create::DebitAccount;

use crate::account::DetailsError;
use crate::id::{AccountId, DebitId};
use crate::money::{Minor, Money};
use crate::record::{Kept, Waits};
use crate::refusal::refusals;

/// A debit of an account. It never changes after it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebitState {
    /// Who was debited.
    pub account: AccountId,
    /// How much; always above zero.
    pub amount: Money,
    /// What the operator charged the platform for it, in minor units of the same currency.
    pub fee: Minor,
    /// The group that ties it to charges and transfers.
    pub transfer_group: Option<Box<str>>,
}

impl Kept for DebitState {
    fn owner(&self) -> AccountId {
        self.account
    }

    fn money(&self) -> Money {
        self.amount
    }

    fn transfer_group(&self) -> Option<&str> {
        self.transfer_group.as_deref()
    }
}

impl Waits for DebitState {
    type Id = DebitId;
}

refusals! {
    /// Why an account is not debited.
    DebitRefusal {
        /// The amount is not above zero.
        NotPositive {
            /// What was asked.
            asked: Money,
        } => "debit_must_be_positive", Unconfirmed(ParameterInvalidInteger), "An account debit is above zero; {asked} was asked.";
        /// The transfer group is empty or too long.
        TransferGroup => "debit_transfer_group_must_fit", NoCode, "A transfer group has 1 to 255 bytes.";
        /// Text attached to the debit is too long.
        Details {
            /// What is wrong with it.
            error: DetailsError,
        } => "debit_details_must_fit", NoCode, "{error}.";
        /// Somebody else bears the account's losses.
        LossBearer => "account_debit_needs_liability", Unconfirmed(TransfersNotAllowed), "An account is debited by a platform that bears its losses; of this one the operator does.";
        /// The platform is named.
        Platform => "debit_needs_a_connected_account", NoCode, "Only a connected account is debited; what is the platform's is there already.";
        /// The operator's fee is below zero or above the debit.
        Fee {
            /// The fee.
            fee: Money,
            /// The debit.
            debit: Money,
        } => "debit_fee_must_not_exceed_debit", NoCode, "The fee of a debit lies between 0 and the debit of {debit}; it would be {fee}.";
        /// The account has less.
        AccountShort {
            /// What was asked.
            asked: Money,
            /// What the account has available.
            available: Money,
        } => "account_balance_must_cover_debit", Unconfirmed(BalanceInsufficient), "The account has {available} available; a debit of {asked} was asked.";
    }
}
