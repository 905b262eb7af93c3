//! A refund as it stands, and what is chosen of it when it is asked for.

use smallvec::SmallVec;

use super::Reason;
use crate::calendar::Wait;
use crate::charge::ChargeState;
use crate::code::codes;
use crate::decide::Scene;
use crate::dispute;
use crate::event::Events;
use crate::id::{AccountId, ChargeId, RefundId, ReversalId, SplitId, TransferId};
use crate::money::{Minor, Money};
use crate::record::{Kept, Loaded, Needs, RecordId, Waits};
use crate::split::Borne;

/// The whole remaining state of a refund, carried by every event that changes it; that of a
/// refund which was done at once follows from its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundState {
    /// The charge that it gives back.
    pub charge: ChargeId,
    /// On whom the charge lives, who pays.
    pub owner: AccountId,
    /// The charge's one seller; a separate charge has none.
    pub seller: Option<AccountId>,
    /// What the payer gets back.
    pub amount: Money,
    /// How it stands.
    pub status: RefundStatus,
    /// Why, if it was said.
    pub reason: Option<Reason>,
    /// What it takes back from sellers, as asked.
    pub recover: Recover,
    /// Whether it gives the application fee back in proportion.
    pub with_fee: bool,
    /// What it took back, once it was booked.
    pub taken: SmallVec<[Taken; 1]>,
    /// What of the application fee it gave back.
    pub fee_refunded: Minor,
    /// What its booking drew from its owner's available balance, less what it put there.
    pub drawn: Minor,
    /// Of a direct charge: likewise from the platform's, which gave the fee back.
    pub fee_drawn: Minor,
    /// The log position of the event that booked it; 0 where it was not booked yet.
    pub booked_at: u64,
    /// The group of its charge.
    pub transfer_group: Option<Box<str>>,
}

/// What a refund took back of one transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The reversal.
    pub reversal: ReversalId,
    /// Of which transfer.
    pub transfer: TransferId,
    /// How much; above zero.
    pub amount: Minor,
    /// What of it came from the seller's available balance, less what went there.
    pub drawn: Minor,
}

/// What a refund takes back from sellers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Recover {
    /// Nothing, as at Connect unless it is asked.
    #[default]
    None,
    /// Of a destination charge's own transfer, in proportion: Connect's `reverse_transfer`.
    OwnTransfer,
    /// Of a separate charge's transfers, so much of each: our own rule
    /// (docs/decisions/waiting-refunds.md).
    Exactly(Vec<(TransferId, Minor)>),
    /// Of the parts of splits by rules that share a separate charge, what each bears by its
    /// liability: our own rule (docs/decisions/split-rules.md).
    ByLiability(Liabilities),
}

/// Splits by rules whose parts bear a refund.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Liabilities {
    /// The splits, each of the refunded charge; 10 at most.
    pub splits: Vec<SplitId>,
    /// What that comes to: reckoned when the refund is asked for, whatever the caller says, and
    /// kept, so that one that waits takes what it would have taken at once.
    pub borne: Vec<Borne>,
}

impl Recover {
    /// What the parts of these splits bear.
    #[must_use]
    pub fn by_liability(splits: impl Into<Vec<SplitId>>) -> Self {
        Self::ByLiability(Liabilities { splits: splits.into(), borne: Vec::new() })
    }
}

/// What becomes of a refund that its payer cannot cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OnShortfall {
    /// It is refused.
    Refuse,
    /// It is pending until the payer has the money, as at Connect.
    Wait,
}

/// How a refund stands (<https://docs.stripe.com/api/refunds/object#refund_object-status>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundStatus {
    /// Pending for want of money; nothing was booked.
    Waiting {
        /// Who is short.
        payer: AccountId,
        /// What the payer must have available, its prefunding included.
        need: Minor,
    },
    /// Booked; the rail has not done it yet.
    Processing,
    /// Booked; the payer must do something to get the money.
    RequiresAction,
    /// Booked, and done for all that is known: the rail has said nothing else.
    Succeeded,
    /// Done, as the rail said after it had it in hand: what it said before may be told again, and
    /// changes nothing.
    Confirmed,
    /// Not done; what was booked came back.
    Failed(RefundFailure),
    /// Called off; what was booked came back.
    Canceled,
}

codes! {
    /// Why a refund failed
    /// (<https://docs.stripe.com/api/refunds/object#refund_object-failure_reason>).
    RefundFailure {
        /// The card was lost or stolen.
        0 LostOrStolenCard = "lost_or_stolen_card",
        /// The card expired or was cancelled.
        1 ExpiredOrCanceledCard = "expired_or_canceled_card",
        /// The charge was disputed while the refund was pending.
        2 ChargeDisputed = "charge_for_pending_refund_disputed",
        /// There was not enough money.
        3 InsufficientFunds = "insufficient_funds",
        /// The bank declined it.
        4 Declined = "declined",
        /// The merchant asked.
        5 MerchantRequest = "merchant_request",
        /// Nobody knows.
        6 Unknown = "unknown",
        /// The processor did not take the ask, and no bank was asked. Our own code
        /// (docs/decisions/rails-saga.md): so a refund that never began is told from one that came back.
        7 NotTaken = "not_taken",
    }
}

impl std::fmt::Display for RefundStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl RefundStatus {
    /// The status's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting { .. } | Self::Processing => "pending",
            Self::RequiresAction => "requires_action",
            Self::Succeeded | Self::Confirmed => "succeeded",
            Self::Failed(_) => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// Why it is pending, by Connect's name
    /// (<https://docs.stripe.com/api/refunds/object#refund_object-pending_reason>).
    #[must_use]
    pub fn pending_reason(self) -> Option<&'static str> {
        match self {
            Self::Waiting { .. } => Some("insufficient_funds"),
            Self::Processing => Some("processing"),
            Self::RequiresAction | Self::Succeeded | Self::Confirmed | Self::Failed(_) | Self::Canceled => {
                None
            }
        }
    }

    /// Whether the money is out: booked, and not back.
    #[must_use]
    pub fn is_booked(self) -> bool {
        matches!(self, Self::Processing | Self::RequiresAction | Self::Succeeded | Self::Confirmed)
    }
}

impl RefundState {
    /// What it took back in all, in minor units of its currency.
    #[must_use]
    pub fn reversed(&self) -> Minor {
        // A log may say anything; the laws name what does not fit.
        self.taken.iter().fold(0, |sum: Minor, taken| sum.saturating_add(taken.amount))
    }

    /// Adds the records that booking it, or taking it back, reads.
    pub(super) fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
        match &self.recover {
            Recover::None => {}
            Recover::OwnTransfer => {
                let charge: Option<&ChargeState> = loaded.get(self.charge);
                needs.add_all(charge.and_then(|charge| charge.own_transfer(self.charge)));
            }
            Recover::Exactly(parts) => needs.add_all(parts.iter().map(|(transfer, _)| *transfer)),
            Recover::ByLiability(by) => needs.add_all(by.borne.iter().map(|borne| borne.transfer)),
        }
        needs.add_all(self.taken.iter().map(|taken| taken.reversal));
        if let Some(charge) = loaded.get(self.charge) {
            dispute::needs_of_all(charge, loaded, needs);
        }
    }
}

impl Kept for RefundState {
    fn owner(&self) -> AccountId {
        self.owner
    }

    fn counterparty(&self) -> Option<AccountId> {
        self.seller
    }

    fn money(&self) -> Money {
        self.amount
    }

    fn status(&self) -> &'static str {
        self.status.name()
    }

    fn failure(&self) -> Option<&'static str> {
        if let RefundStatus::Failed(failure) = self.status { Some(failure.name()) } else { None }
    }

    fn source(&self) -> Option<RecordId> {
        Some(self.charge.into())
    }

    fn transfer_group(&self) -> Option<&str> {
        self.transfer_group.as_deref()
    }

    fn waits_with(&self) -> Option<ChargeId> {
        Some(self.charge)
    }

    fn wait(&self) -> Option<Wait> {
        if let RefundStatus::Waiting { payer, need } = self.status {
            return Some(Wait::Funds(payer, self.amount.currency, need));
        }
        None
    }
}

impl Waits for RefundState {
    type Id = RefundId;

    fn due_needs(&self, loaded: &Loaded, needs: &mut Needs) {
        self.needs(loaded, needs);
    }

    fn do_due(&self, id: RefundId, scene: &Scene<'_>) -> Events {
        super::retry::retry(id, self, scene)
    }
}
