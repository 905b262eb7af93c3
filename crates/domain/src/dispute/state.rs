//! A dispute as it stands.

use super::{DisputeReference, give_back, lapse, recover};
use crate::calendar::{Rank, Timestamp, Wait};
use crate::code::codes;
use crate::decide::Scene;
use crate::event::Events;
use crate::id::{AccountId, ChargeId, DisputeId, ReversalId, SplitId, TransferId};
use crate::money::{Minor, Money};
use crate::record::{Kept, Loaded, Needs, RecordId, Waits};

/// The whole remaining state of a dispute, carried by every event that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeState {
    /// The charge that is disputed.
    pub charge: ChargeId,
    /// What the processor calls it.
    pub reference: DisputeReference,
    /// On whom the charge lives, who pays: the seller of a direct charge, else the platform.
    pub owner: AccountId,
    /// The charge's one seller; a separate charge has none.
    pub seller: Option<AccountId>,
    /// What is disputed; always above zero. It may be more than the charge, since networks
    /// convert (<https://docs.stripe.com/api/disputes/object#dispute_object-amount>).
    pub amount: Money,
    /// Why, as the payer's bank says.
    pub reason: DisputeReason,
    /// How it stands.
    pub status: DisputeStatus,
    /// When it was opened.
    pub created: Timestamp,
    /// The instant from which on evidence comes too late.
    pub due_by: Timestamp,
    /// What other disputes had taken of the charge when it took its money.
    pub before: Minor,
    /// What it took of the charge's money and did not give back, in minor units.
    pub withdrawn: Minor,
    /// What of that came from the owner's available balance.
    pub drawn: Minor,
    /// The log position of the event that took it; 0 where nothing was taken yet.
    pub booked_at: u64,
    /// The processor's fee for it, less what came back.
    pub fee: Minor,
    /// The processor's fee for answering it, less what came back.
    pub counter_fee: Minor,
    /// What is taken back from sellers once it takes money.
    pub recovery: Recovery,
    /// What was taken back of each transfer, in the order of the takes.
    pub recovered: Vec<Recovered>,
    /// What follows of the step that it took last, and is not done yet.
    pub next: Consequence,
    /// The group of its charge.
    pub transfer_group: Option<Box<str>>,
}

/// What of the money that a dispute took is taken back from sellers. Connect does none of this
/// by itself (<https://docs.stripe.com/connect/disputes>); it is our own rule
/// (docs/decisions/disputes.md).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Recovery {
    /// Nothing.
    None,
    /// Of a destination charge its own transfer, in the proportion in which the charge is
    /// disputed; of any other charge nothing.
    OwnTransfer {
        /// Whether the application fee goes back to the seller in proportion.
        with_fee: bool,
    },
    /// The transfers that these splits by rules made of the charge, by each part's liability; ten
    /// splits at most.
    ByLiability(Vec<SplitId>),
    /// Of these transfers of the charge, so much of each; fifty at most. One of another charge is left
    /// alone.
    Exactly(Vec<(TransferId, Minor)>),
}

impl Recovery {
    /// What the parts of this split are liable for.
    #[must_use]
    pub fn by_liability(split: SplitId) -> Self {
        Self::ByLiability(vec![split])
    }

    /// Whether parts of this split give back.
    pub(super) fn takes_of(&self, split: SplitId) -> bool {
        matches!(self, Self::ByLiability(splits) if splits.contains(&split))
    }
}

/// What a dispute took back of one transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The reversal.
    pub reversal: ReversalId,
    /// Of which transfer.
    pub transfer: TransferId,
    /// How much in all; above zero.
    pub amount: Minor,
    /// What of it is the part's share of the dispute's fee.
    pub fee_share: Minor,
    /// What of the application fee went to the seller with it.
    pub fee_refunded: Minor,
    /// What was added to the charge's total by which the fee goes back: all of it where the fee was
    /// to go back with it, be that no cent, else nothing.
    pub counted: Minor,
    /// What the reversal drew from the seller's available balance.
    pub drawn: Minor,
    /// Whether the seller, or its successor, has it again.
    pub given_back: bool,
}

impl Recovered {
    /// Adds what was taken of the same transfer later.
    pub(super) fn add(&mut self, more: Self) {
        self.amount += more.amount;
        self.fee_share += more.fee_share;
        self.fee_refunded += more.fee_refunded;
        self.counted += more.counted;
        self.drawn += more.drawn;
    }
}

/// What follows of a step, as due work of the same instant: in as many events as it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing.
    Nothing,
    /// Sellers give back what they are liable for, from this instant on.
    Recovery(Timestamp),
    /// They get it again.
    GivingBack {
        /// From this instant on.
        since: Timestamp,
        /// What came back of the dispute's fee: of their shares of it, that proportion.
        fee_returned: Minor,
    },
}

/// How a dispute stands (<https://docs.stripe.com/api/disputes/object#dispute_object-status>).
///
/// ```text
///   warning_needs_response ──evidence──▶ warning_under_review
///        │      └───────────────┬──────────────┘       (an inquiry: no money moves)
///        │ closed               │ escalated
///        ▼                      ▼
///   warning_closed,      needs_response ──evidence──▶ under_review
///   prevented                   │  unanswered, accepted,   │
///                               │  decided                 │ decided
///                               ▼                          ▼
///                             lost ──the network reverses──▶ won
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeStatus {
    /// An inquiry that waits for an answer.
    WarningNeedsResponse,
    /// An inquiry that was answered.
    WarningUnderReview,
    /// An inquiry that came to nothing.
    WarningClosed,
    /// The money is taken; an answer may bring it back.
    NeedsResponse,
    /// It was answered.
    UnderReview,
    /// The payer's bank decided for the seller.
    Won,
    /// It decided for the payer, or was not answered.
    Lost,
    /// It was settled before it became one.
    Prevented,
}

codes! {
    /// Why a charge is disputed
    /// (<https://docs.stripe.com/api/disputes/object#dispute_object-reason>).
    DisputeReason {
        /// The payer's bank cannot process the charge.
        0 BankCannotProcess = "bank_cannot_process",
        /// A check came back.
        1 CheckReturned = "check_returned",
        /// The payer expected a credit.
        2 CreditNotProcessed = "credit_not_processed",
        /// The payer began it with the bank.
        3 CustomerInitiated = "customer_initiated",
        /// The payer had not allowed the debit.
        4 DebitNotAuthorized = "debit_not_authorized",
        /// The payer was charged twice.
        5 Duplicate = "duplicate",
        /// The payer did not make the payment.
        6 Fraudulent = "fraudulent",
        /// None of the others.
        7 General = "general",
        /// The account's details were wrong.
        8 IncorrectAccountDetails = "incorrect_account_details",
        /// The payer's account was short.
        9 InsufficientFunds = "insufficient_funds",
        /// The charge broke the network's rules.
        10 Noncompliant = "noncompliant",
        /// Nothing arrived.
        11 ProductNotReceived = "product_not_received",
        /// What arrived was not as described.
        12 ProductUnacceptable = "product_unacceptable",
        /// The subscription had been ended.
        13 SubscriptionCanceled = "subscription_canceled",
        /// The payer does not know the charge.
        14 Unrecognized = "unrecognized",
    }
}

impl DisputeStatus {
    /// The status's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WarningNeedsResponse => "warning_needs_response",
            Self::WarningUnderReview => "warning_under_review",
            Self::WarningClosed => "warning_closed",
            Self::NeedsResponse => "needs_response",
            Self::UnderReview => "under_review",
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Prevented => "prevented",
        }
    }

    /// Whether it is an inquiry that is open.
    #[must_use]
    pub fn is_open_inquiry(self) -> bool {
        matches!(self, Self::WarningNeedsResponse | Self::WarningUnderReview)
    }

    /// Whether the payer's bank has yet to decide it.
    #[must_use]
    pub fn is_undecided(self) -> bool {
        matches!(self, Self::NeedsResponse | Self::UnderReview)
    }
}

impl Kept for DisputeState {
    fn owner(&self) -> AccountId {
        self.owner
    }

    fn counterparty(&self) -> Option<AccountId> {
        self.seller
    }

    fn money(&self) -> Money {
        self.amount
    }

    /// What the owner got again.
    fn returned(&self) -> Minor {
        if self.status == DisputeStatus::Won { self.amount.minor - self.withdrawn } else { 0 }
    }

    fn status(&self) -> &'static str {
        self.status.name()
    }

    fn source(&self) -> Option<RecordId> {
        Some(self.charge.into())
    }

    fn transfer_group(&self) -> Option<&str> {
        self.transfer_group.as_deref()
    }

    fn wait(&self) -> Option<Wait> {
        match self.next {
            Consequence::Recovery(since) | Consequence::GivingBack { since, .. } => {
                Some(Wait::Until(since, Rank::Release))
            }
            Consequence::Nothing if self.status == DisputeStatus::NeedsResponse => {
                Some(Wait::Until(self.due_by, Rank::Expire))
            }
            Consequence::Nothing => None,
        }
    }
}

impl Waits for DisputeState {
    type Id = DisputeId;

    fn due_needs(&self, loaded: &Loaded, needs: &mut Needs) {
        match self.next {
            Consequence::Recovery(_) => recover::needs(self.charge, &self.recovery, loaded, needs),
            Consequence::GivingBack { .. } => give_back::needs(self, loaded, needs),
            Consequence::Nothing => {}
        }
    }

    fn do_due(&self, id: DisputeId, scene: &Scene<'_>) -> Events {
        match self.next {
            Consequence::Recovery(_) => recover::recover(id, self, scene),
            Consequence::GivingBack { fee_returned, .. } => {
                give_back::give_back(id, self, fee_returned, scene)
            }
            Consequence::Nothing => lapse::lapse(id, self),
        }
    }
}
