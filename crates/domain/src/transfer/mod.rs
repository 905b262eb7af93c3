//! Transfers: moving money between the platform and its sellers
//! (<https://docs.stripe.com/connect/separate-charges-and-transfers>).

pub mod create;
pub mod reverse;

pub use create::Transfer;
pub use reverse::ReverseTransfer;

use crate::account::DetailsError;
use crate::calendar::Day;
use crate::id::{AccountId, ChargeId, TransferId};
use crate::money::{Currency, Minor, Money};
use crate::record::{Kept, RecordId, Waits};
use crate::refusal::refusals;

/// The whole remaining state of a transfer, carried by every event that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferState {
    /// Who received it.
    pub destination: AccountId,
    /// Its currency.
    pub currency: Currency,
    /// What was moved.
    pub amount: Minor,
    /// What was moved back.
    pub reversed: Minor,
    /// The charge that it shares out, if it names one.
    pub source_charge: Option<ChargeId>,
    /// The day from whose start its money is available: that of its source charge, or
    /// the day it was made.
    pub available_on: Day,
    /// What of it is still in the seller's pending balance.
    pub pending_left: Minor,
    /// The group that ties it to charges.
    pub transfer_group: Option<Box<str>>,
}

impl TransferState {
    /// What can still be moved back.
    #[must_use]
    pub fn reversible(&self) -> Minor {
        self.amount - self.reversed
    }
}

impl Kept for TransferState {
    fn owner(&self) -> AccountId {
        AccountId::PLATFORM
    }

    fn counterparty(&self) -> Option<AccountId> {
        Some(self.destination)
    }

    fn money(&self) -> Money {
        Money::new(self.currency, self.amount)
    }

    fn returned(&self) -> Minor {
        self.reversed
    }

    fn source(&self) -> Option<RecordId> {
        self.source_charge.map(Into::into)
    }

    fn transfer_group(&self) -> Option<&str> {
        self.transfer_group.as_deref()
    }
}

impl Waits for TransferState {
    type Id = TransferId;
}

refusals! {
    /// Why a transfer is not made or moved back.
    TransferRefusal {
        /// There is no such transfer.
        Unknown {
            /// The id that was named.
            transfer: TransferId,
        } => "transfer_must_exist", Documented(ResourceMissing), "There is no transfer {transfer}.";
        /// The amount is not above zero.
        NotPositive {
            /// What was asked.
            asked: Money,
        } => "transfer_must_be_positive", Unconfirmed(ParameterInvalidInteger), "A transfer or reversal is above zero; {asked} was asked.";
        /// Text attached to the transfer is too long.
        Details {
            /// What is wrong with it.
            error: DetailsError,
        } => "transfer_details_must_fit", NoCode, "{error}.";
        /// The currency is not the charge's.
        Currency {
            /// What was asked.
            asked: Currency,
            /// The source's.
            source: Currency,
        } => "transfer_must_have_the_currency_of_its_source", NoCode, "The source charge is in {source}; {asked} was asked.";
        /// The source charge is not a separate charge.
        SourceType => "transfer_needs_a_separate_charge", NoCode, "Only a separate charge is shared out by transfers; direct and destination charges carry their own share.";
        /// The source charge has less left.
        ExceedsCharge {
            /// What was asked.
            asked: Money,
            /// What is left of the charge.
            left: Money,
        } => "transfers_must_not_exceed_charge", Unconfirmed(AmountTooLarge), "The source charge has {left} left to transfer; {asked} was asked.";
        /// The platform has less.
        PlatformShort {
            /// What was asked.
            asked: Money,
            /// What the platform has available.
            available: Money,
        } => "platform_balance_must_cover_transfer", Documented(BalanceInsufficient), "The platform has {available} available; {asked} was asked. Name the charge it comes from, or wait until its money matures.";
        /// There is less left to move back.
        ExceedsTransfer {
            /// What was asked.
            asked: Money,
            /// What is left of the transfer.
            left: Money,
        } => "reversal_must_not_exceed_transfer", Unconfirmed(AmountTooLarge), "The transfer has {left} left to reverse; {asked} was asked.";
        /// The seller has less.
        AccountShort {
            /// What was asked.
            asked: Money,
            /// What the seller has.
            available: Money,
        } => "account_balance_must_cover_reversal", Unconfirmed(BalanceInsufficient), "The account has {available} of this money left; a reversal of {asked} was asked.";
    }
}
