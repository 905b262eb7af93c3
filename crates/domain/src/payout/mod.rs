//! Payouts: paying accounts out to their banks
//! (<https://docs.stripe.com/connect/payouts-connected-accounts>).
//!
//! A payout is exactly the sum of the balance entries it takes, and an entry is in at
//! most one live payout. One that pays less than it takes books a pair of entries:
//! what stays is held out of it and released, open, for the next.
//!
//! ```text
//!               bank takes it          bank returns it
//!   in transit ───────────────▶ paid ──────────────────▶ returned (`failed`)
//!        └──────── bank refuses it ──▶ failed
//! ```

mod delay;
mod plan;
mod schedule;

pub mod mark_failed;
pub mod mark_paid;
pub mod request;
pub mod set_schedule;

pub use delay::{DayKind, Delay};
pub use mark_failed::{FailureCode, MarkPayoutFailed};
pub use mark_paid::MarkPayoutPaid;
pub(crate) use plan::plan;
pub use request::RequestPayout;
pub use schedule::{MonthDays, PayoutSchedule, ScheduleError, Weekdays};
pub use set_schedule::SetPayoutSchedule;

use smallvec::SmallVec;

use crate::account::{Country, EntryRange, RequirementName};
use crate::books::Entry;
use crate::calendar::{Day, Timestamp};
use crate::id::{AccountId, PayoutId};
use crate::money::{Currency, Minor, Money};
use crate::record::{Kept, Waits};
use crate::refusal::refusals;

/// The whole remaining state of a payout, carried by every event that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutState {
    /// Who is paid.
    pub account: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// How much; always above zero.
    pub amount: Minor,
    /// How it stands.
    pub status: PayoutStatus,
    /// When it was made.
    pub created: Timestamp,
    /// The day it is expected at the bank.
    pub arrival: Day,
    /// Whether the schedule made it, and no one's request.
    pub automatic: bool,
    /// The balance entries that it takes; their sum is its amount.
    pub entries: SmallVec<[EntryRange; 2]>,
    /// The numbers of its own movement, from available to in transit.
    pub own: EntryRange,
    /// The fingerprint of the bank account that it goes to, where one is on file.
    pub bank: Option<[u8; 8]>,
}

/// How a payout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutStatus {
    /// On its way.
    InTransit,
    /// The bank took it; it may still come back.
    Paid,
    /// The bank refused it: it never had it.
    Failed(FailureCode),
    /// The bank took it and returned it. Connect calls this failed too; the two are told apart
    /// because a bank that says it took one that it had refused contradicts itself
    /// (docs/decisions/rails-saga.md).
    Returned(FailureCode),
}

impl PayoutStatus {
    /// The status's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InTransit => "in_transit",
            Self::Paid => "paid",
            Self::Failed(_) | Self::Returned(_) => "failed",
        }
    }

    /// Why it failed, where it did.
    #[must_use]
    pub fn failure(self) -> Option<FailureCode> {
        match self {
            Self::Failed(code) | Self::Returned(code) => Some(code),
            Self::InTransit | Self::Paid => None,
        }
    }
}

impl std::fmt::Display for PayoutStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Kept for PayoutState {
    fn owner(&self) -> AccountId {
        self.account
    }

    fn money(&self) -> Money {
        Money::new(self.currency, self.amount)
    }

    fn status(&self) -> &'static str {
        self.status.name()
    }

    fn failure(&self) -> Option<&'static str> {
        self.status.failure().map(FailureCode::name)
    }
}

impl Waits for PayoutState {
    type Id = PayoutId;
}

/// A payout that changed, with its entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutMoved {
    /// Which payout; ordinal 0 of the event that made it.
    pub id: PayoutId,
    /// The payout as it stands after.
    pub payout: PayoutState,
    /// The books.
    pub entry: Entry,
}

refusals! {
    /// Why a payout is not made or changed.
    PayoutRefusal {
        /// There is no such payout.
        Unknown {
            /// The id that was named.
            payout: PayoutId,
        } => "payout_must_exist", Documented(ResourceMissing), "There is no payout {payout}.";
        /// A requirement keeps the account from being paid.
        Closed {
            /// The account.
            account: AccountId,
            /// The requirement.
            requirement: RequirementName,
        } => "account_must_be_able_to_be_paid", Documented(PayoutsNotAllowed), "Account number {account} cannot be paid out until its requirement {requirement} is verified.";
        /// An earlier payout to the bank account failed.
        BankErrored {
            /// The account.
            account: AccountId,
        } => "payout_needs_a_usable_bank_account", Documented(BankAccountUnusable), "A payout to the bank account of account number {account} failed; put its bank account on file again.";
        /// The amount is not above zero.
        NotPositive {
            /// What was asked.
            asked: Money,
        } => "payout_must_be_positive", Unconfirmed(ParameterInvalidInteger), "A payout is above zero; {asked} was asked or is left to pay.";
        /// The account has less.
        ExceedsAvailable {
            /// What was asked.
            asked: Money,
            /// What is available.
            available: Money,
        } => "payout_must_not_exceed_available", Documented(BalanceInsufficient), "The account has {available} available; a payout of {asked} was asked.";
        /// The payout is not on its way.
        NotInTransit {
            /// How it stands.
            status: PayoutStatus,
        } => "payout_must_be_in_transit", Unconfirmed(StatusTransitionInvalid), "The payout is {status}; only one in transit is taken by the bank.";
        /// The payout has already failed.
        AlreadyFailed => "payout_must_fail_once", Unconfirmed(StatusTransitionInvalid), "The payout has already failed, and its money is back.";
        /// The delay is shorter than the platform's.
        Delay {
            /// What was asked.
            asked: u16,
            /// The platform's.
            least: u16,
        } => "payout_delay_must_not_undercut_platform", NoCode, "A delay of {asked} days is below the platform's {least}.";
        /// The delay is shorter than the country's default.
        CountryDelay {
            /// What was asked.
            asked: u16,
            /// The account's country.
            country: Country,
            /// The country's.
            least: u16,
        } => "payout_delay_must_not_undercut_country", NoCode, "A delay of {asked} days is below the {least} of {country}.";
        /// The operator bears the account's losses, and so sets its delay.
        OperatorsDelay {
            /// The account.
            account: AccountId,
        } => "payout_delay_must_be_the_platforms_to_set", Unconfirmed(NotAllowedOnStandardAccount), "By its controller the operator bears the losses of account number {account}, and sets its delay.";
    }
}
