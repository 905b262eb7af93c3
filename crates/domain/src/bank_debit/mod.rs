//! Bank debits: what an account owes, taken from its bank
//! (<https://docs.stripe.com/connect/account-balances>).
//!
//! An account that may be debited, and whose available balance is below zero on its payout day,
//! is debited for what it owes. At Connect that is a payout with a negative amount; here it is
//! an object of its own (docs/decisions/bank-debits.md).
//!
//! ```text
//!              arrived             the bank returns it
//!   pending ─────────▶ succeeded ────────────────────▶ returned
//!      └ did not arrive ▶ failed
//! ```

mod create;
mod open;

pub mod mark_failed;
pub mod mark_returned;
pub mod mark_succeeded;
pub mod set;

pub(crate) use create::create;
pub use mark_failed::MarkBankDebitFailed;
pub use mark_returned::MarkBankDebitReturned;
pub use mark_succeeded::MarkBankDebitSucceeded;
pub use open::BankDebits;
pub(crate) use open::{is_due, set, take_in};
pub use set::SetDebitNegativeBalances;

use crate::calendar::Day;
use crate::id::{AccountId, BankDebitId};
use crate::money::Money;
use crate::payout::FailureCode;
use crate::record::{Kept, Loaded, Record, Waits};
use crate::refusal::refusals;
use crate::step::{Moved, Step};

/// The whole remaining state of a bank debit, carried by every event that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankDebitState {
    /// Who owes.
    pub account: AccountId,
    /// How much is taken from the bank; always above zero. As a payout of Connect's it is the
    /// same below zero.
    pub amount: Money,
    /// How it stands.
    pub status: BankDebitStatus,
    /// The day on which it is expected to arrive.
    pub arrival: Day,
    /// The fingerprint of the bank account that is debited.
    pub bank: [u8; 8],
}

/// How a bank debit stands. Connect's names of the same payout are `in_transit`, `paid`, and
/// for both of the others `failed`
/// (<https://docs.stripe.com/api/payouts/object#payout_object-status>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BankDebitStatus {
    /// Asked of the bank.
    Pending,
    /// In the balance; the bank may still return it.
    Succeeded,
    /// It did not arrive.
    Failed(FailureCode),
    /// The bank took it back after it had arrived.
    Returned(FailureCode),
}

impl BankDebitStatus {
    /// The status's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed(_) => "failed",
            Self::Returned(_) => "returned",
        }
    }

    /// The status of Connect's payout with a negative amount.
    #[must_use]
    pub fn of_payout(self) -> &'static str {
        match self {
            Self::Pending => "in_transit",
            Self::Succeeded => "paid",
            Self::Failed(_) | Self::Returned(_) => "failed",
        }
    }
}

impl Kept for BankDebitState {
    fn owner(&self) -> AccountId {
        self.account
    }

    fn money(&self) -> Money {
        self.amount
    }

    fn status(&self) -> &'static str {
        self.status.name()
    }

    fn failure(&self) -> Option<&'static str> {
        match self.status {
            BankDebitStatus::Failed(code) | BankDebitStatus::Returned(code) => Some(code.name()),
            BankDebitStatus::Pending | BankDebitStatus::Succeeded => None,
        }
    }
}

impl Waits for BankDebitState {
    type Id = BankDebitId;
}

/// A bank debit that stands as it must for a step, and the step with its new status.
fn step(
    loaded: &Loaded,
    id: BankDebitId,
    (from, step, to): (BankDebitStatus, Step, BankDebitStatus),
) -> Result<(Moved, Money, AccountId), BankDebitRefusal> {
    let debit = loaded.get(id).ok_or(BankDebitRefusal::Unknown { bank_debit: id })?;
    if debit.status != from {
        let (status, needed) = (debit.status.name(), from.name());
        return Err(BankDebitRefusal::Lifecycle { status, needed });
    }
    let state = BankDebitState { status: to, ..debit.clone() };
    let (amount, account) = (state.amount, state.account);
    Ok((Moved::new(step, Record::BankDebit(id, state)), amount, account))
}

refusals! {
    /// Why a bank debit is not changed.
    BankDebitRefusal {
        /// There is no such bank debit.
        Unknown {
            /// The id that was named.
            bank_debit: BankDebitId,
        } => "bank_debit_must_exist", Documented(ResourceMissing), "There is no bank debit {bank_debit}.";
        /// The bank debit does not stand as it must for this.
        Lifecycle {
            /// How it stands.
            status: &'static str,
            /// How it would have to stand.
            needed: &'static str,
        } => "bank_debit_must_follow_its_lifecycle", Unconfirmed(StatusTransitionInvalid), "The bank debit is {status}; this is for one that is {needed}.";
    }
}
