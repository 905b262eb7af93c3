//! Top-ups: money that an account's holder pays in from its bank
//! (<https://docs.stripe.com/connect/top-ups>).
//!
//! Connect tops up the platform's balance only. Here a connected account may be topped up
//! too, so that a seller can pay what it owes instead of waiting for sales
//! (docs/decisions/topups.md). It goes into the balance that is paid out, or into prefunding
//! (docs/decisions/prefunding.md).
//!
//! ```text
//!              arrived             bank takes it back
//!   pending ─────────▶ succeeded ────────────────────▶ reversed
//!      │ did not arrive
//!      ├────────────────▶ failed
//!      └─── called off ─▶ canceled
//! ```

pub mod cancel;
pub mod create;
pub mod mark_failed;
pub mod mark_reversed;
pub mod mark_succeeded;

pub use cancel::CancelTopup;
pub use create::CreateTopup;
pub use mark_failed::MarkTopupFailed;
pub use mark_reversed::MarkTopupReversed;
pub use mark_succeeded::MarkTopupSucceeded;

use crate::account::DetailsError;
use crate::books::State;
use crate::id::{AccountId, TopupId};
use crate::money::Money;
use crate::payout::FailureCode;
use crate::record::{Kept, Loaded, Record, Waits};
use crate::refusal::refusals;
use crate::step::{Moved, Step};

/// The whole remaining state of a top-up, carried by every event that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopupState {
    /// Whose balance it goes into.
    pub account: AccountId,
    /// How much; always above zero.
    pub amount: Money,
    /// How it stands.
    pub status: TopupStatus,
    /// The group that ties it to charges and transfers.
    pub transfer_group: Option<Box<str>>,
    /// Which of its balances.
    pub balance: TopupBalance,
}

/// Which of an account's balances a top-up goes into, by Connect's names
/// (<https://docs.stripe.com/get-started/account/add-funds>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TopupBalance {
    /// The balance that payouts and transfers are made of.
    #[default]
    Payments,
    /// The balance for future refunds or disputes.
    RefundAndDisputePrefunding,
}

impl TopupBalance {
    /// The balance's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Payments => "payments",
            Self::RefundAndDisputePrefunding => "refund_and_dispute_prefunding",
        }
    }

    /// The state of its money.
    fn state(self) -> State {
        match self {
            Self::Payments => State::Available,
            Self::RefundAndDisputePrefunding => State::Prefunded,
        }
    }
}

/// How a top-up stands (<https://docs.stripe.com/api/topups/object#topup_object-status>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopupStatus {
    /// Asked of the bank.
    Pending,
    /// In the balance.
    Succeeded,
    /// It did not arrive.
    Failed(FailureCode),
    /// Called off before it arrived.
    Canceled,
    /// Taken back by the bank.
    Reversed,
}

impl TopupStatus {
    /// The status's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed(_) => "failed",
            Self::Canceled => "canceled",
            Self::Reversed => "reversed",
        }
    }
}

impl Kept for TopupState {
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
        if let TopupStatus::Failed(code) = self.status { Some(code.name()) } else { None }
    }

    fn transfer_group(&self) -> Option<&str> {
        self.transfer_group.as_deref()
    }
}

impl Waits for TopupState {
    type Id = TopupId;
}

/// A top-up that stands as it must for a step, and the step with its new status.
fn step(
    loaded: &Loaded,
    id: TopupId,
    (from, step, to): (TopupStatus, Step, TopupStatus),
) -> Result<(Moved, &TopupState), TopupRefusal> {
    let topup = loaded.get(id).ok_or(TopupRefusal::Unknown { topup: id })?;
    if topup.status != from {
        let (status, needed) = (topup.status.name(), from.name());
        return Err(TopupRefusal::Lifecycle { status, needed });
    }
    let state = TopupState { status: to, ..topup.clone() };
    Ok((Moved::new(step, Record::Topup(id, state)), topup))
}

refusals! {
    /// Why a top-up is not made or changed.
    TopupRefusal {
        /// There is no such top-up.
        Unknown {
            /// The id that was named.
            topup: TopupId,
        } => "topup_must_exist", Documented(ResourceMissing), "There is no top-up {topup}.";
        /// The amount is not above zero.
        NotPositive {
            /// What was asked.
            asked: Money,
        } => "topup_must_be_positive", Unconfirmed(ParameterInvalidInteger), "A top-up is above zero; {asked} was asked.";
        /// The amount is larger than the ledger counts.
        TooLarge {
            /// What was asked.
            asked: Money,
        } => "topup_must_not_be_too_large", Unconfirmed(AmountTooLarge), "No amount is above 1,000,000,000,000 minor units, and all charges, top-ups and disputes in a currency together stay within a quarter of 64 bits; {asked} was asked.";
        /// The transfer group is empty or too long.
        TransferGroup => "topup_transfer_group_must_fit", NoCode, "A transfer group has 1 to 255 bytes.";
        /// Text attached to the top-up is too long.
        Details {
            /// What is wrong with it.
            error: DetailsError,
        } => "topup_details_must_fit", NoCode, "{error}.";
        /// The top-up does not stand as it must for this.
        Lifecycle {
            /// How it stands.
            status: &'static str,
            /// How it would have to stand.
            needed: &'static str,
        } => "topup_must_follow_its_lifecycle", Unconfirmed(StatusTransitionInvalid), "The top-up is {status}; this is for one that is {needed}.";
    }
}
