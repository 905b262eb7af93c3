//! Transfers: moving money between the platform and its sellers
//! (<https://docs.stripe.com/connect/separate-charges-and-transfers>).
//!
//! One that waits for the platform's balance stands in a queue first
//! (docs/decisions/queued-transfers.md):
//!
//! ```text
//!            the balance covers it
//!   queued ────────────────────────▶ succeeded
//!      │ called off, or its destination is closed
//!      └────────────────────────────▶ canceled
//! ```

pub mod cancel;
pub mod create;
pub mod queue;
mod region;
mod release;
mod reversal;
pub mod reverse;

pub use cancel::CancelTransfer;
pub use create::Transfer;
pub use queue::{MOST_QUEUED, MOST_QUEUED_AMOUNT, QueueTransfer};
pub(crate) use region::refuse_abroad;
pub use reversal::ReversalState;
pub use reverse::ReverseTransfer;

use crate::account::{Country, DetailsError};
use crate::calendar::{Day, Wait};
use crate::charge::Purse;
use crate::decide::Scene;
use crate::event::Events;
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
    /// How it stands in the queue, or left it; `None` of one that was made at once.
    pub queue: Option<Box<Queue>>,
}

/// How a transfer that waited for the platform's balance stands. Connect has no queue: this
/// is our own (docs/decisions/queued-transfers.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// It waits; nothing has moved.
    Waiting,
    /// The money moved, by the event at this position.
    Released(u64),
    /// Nothing moved, and nothing will.
    Canceled(Cancellation),
}

/// Why a transfer that waited was never made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancellation {
    /// The platform called it off.
    Requested,
    /// When the money was there, a requirement kept the destination from receiving it.
    DestinationClosed,
}

impl Cancellation {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::DestinationClosed => "destination_closed",
        }
    }
}

impl TransferState {
    /// What can still be moved back: nothing of one that has not been made.
    #[must_use]
    pub fn reversible(&self) -> Minor {
        if self.is_made() { self.amount - self.reversed } else { 0 }
    }

    /// What of it is still pending of the day its money is available, as that stands on `today`.
    /// A destination charge's own may have more from earlier captures, which its charge knows.
    pub(crate) fn purse(&self, today: Day) -> Purse {
        Purse::new(self.destination, self.available_on, today, self.pending_left)
    }

    /// Whether its money moved.
    #[must_use]
    pub fn is_made(&self) -> bool {
        match self.queue.as_deref() {
            None | Some(Queue::Released(_)) => true,
            Some(Queue::Waiting | Queue::Canceled(_)) => false,
        }
    }

    /// The same transfer, standing so.
    pub(crate) fn standing(&self, queue: Queue) -> Self {
        Self { queue: Some(Box::new(queue)), ..self.clone() }
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

    fn status(&self) -> &'static str {
        match self.queue.as_deref() {
            None | Some(Queue::Released(_)) => "succeeded",
            Some(Queue::Waiting) => "queued",
            Some(Queue::Canceled(_)) => "canceled",
        }
    }

    fn failure(&self) -> Option<&'static str> {
        match self.queue.as_deref() {
            Some(Queue::Canceled(reason)) => Some(reason.name()),
            None | Some(Queue::Waiting | Queue::Released(_)) => None,
        }
    }

    fn source(&self) -> Option<RecordId> {
        self.source_charge.map(Into::into)
    }

    fn wait(&self) -> Option<Wait> {
        let waits = matches!(self.queue.as_deref(), Some(Queue::Waiting));
        waits.then_some(Wait::Funds(AccountId::PLATFORM, self.currency, self.amount))
    }

    fn transfer_group(&self) -> Option<&str> {
        self.transfer_group.as_deref()
    }
}

impl Waits for TransferState {
    type Id = TransferId;

    fn do_due(&self, id: TransferId, scene: &Scene<'_>) -> Events {
        release::release(self, id, scene)
    }
}

refusals! {
    /// Why a transfer is not made or moved back.
    TransferRefusal {
        /// There is no such transfer.
        Unknown {
            /// The id that was named.
            transfer: TransferId,
        } => "transfer_must_exist", Documented(ResourceMissing), "There is no transfer {transfer}.";
        /// It does not stand as it must for this.
        Lifecycle {
            /// How it stands.
            status: &'static str,
            /// How it would have to stand.
            needed: &'static str,
        } => "transfer_must_follow_its_lifecycle", Unconfirmed(StatusTransitionInvalid), "The transfer is {status}; this is for one that is {needed}.";
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
        /// The platform and the seller are in regions between which no money moves.
        Region {
            /// The platform's country.
            platform: Country,
            /// The seller's.
            seller: Country,
        } => "transfer_must_stay_in_its_region", Unconfirmed(TransfersNotAllowed), "The platform is in {platform} and the seller in {seller}; money moves within a region, or among the United States, the United Kingdom, the European Economic Area, Canada and Switzerland.";
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
        /// As much waits as may.
        QueueFull {
            /// What was asked.
            asked: Money,
            /// How many wait already.
            waiting: usize,
        } => "transfer_queue_must_have_room", NoCode, "At most 100,000 transfers of ten times the largest amount together wait in one currency; {waiting} wait already, and {asked} more was asked.";
        /// There is less left to move back.
        ExceedsTransfer {
            /// What was asked.
            asked: Money,
            /// What is left of the transfer.
            left: Money,
        } => "reversal_must_not_exceed_transfer", Unconfirmed(AmountTooLarge), "The transfer has {left} left to reverse; {asked} was asked.";
        /// There is no fee that could go back with it.
        NoFee => "reversal_refund_application_fee_needs_an_application_fee", NoCode, "Only the transfer of a destination charge with an application fee gives a fee back when it is reversed.";
        /// The seller has less.
        AccountShort {
            /// What was asked.
            asked: Money,
            /// What the seller has.
            available: Money,
        } => "account_balance_must_cover_reversal", Unconfirmed(BalanceInsufficient), "The account has {available} of this money left; a reversal of {asked} was asked.";
    }
}
