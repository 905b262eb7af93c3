//! What became of a command, in ids: the part of a receipt that depends on the command.

use counterfoil_domain::books::Entry;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::charge::ApplicationFee;
use counterfoil_domain::id::ApplicationFeeId;
use counterfoil_domain::money::Minor;
use counterfoil_domain::payout::PayoutMoved;
use counterfoil_domain::refund::RefundState;
use counterfoil_domain::{
    AccountId, ChargeId, Event, PayoutId, Record, RecordId, Recorded, RefundId, ReversalId, Step, TransferId,
};

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The ledger was opened.
    Opened,
    /// Time passed.
    Advanced {
        /// Up to this instant.
        to: Timestamp,
    },
    /// An account was made.
    Onboarded(AccountId),
    /// An account's requirement, bank account or schedule changed.
    AccountChanged(AccountId),
    /// A payer was charged.
    Charged(ChargeMade),
    /// Charges were shared.
    Split(SplitMade),
    /// Money was moved.
    Transferred(TransferId),
    /// Money was moved back.
    Reversed(ReversalMade),
    /// A payer was given money back.
    Refunded(RefundMade),
    /// A payout was made, paid or failed.
    PaidOut(PayoutMade),
    /// An object took a step.
    Moved {
        /// Which object.
        object: RecordId,
        /// What was moved of it.
        amount: Minor,
    },
    /// A rail settled.
    Settled,
    /// A bookmark was set.
    Bookmarked {
        /// How far its source is read.
        cursor: u64,
    },
}

/// A charge that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChargeMade {
    /// The charge.
    pub charge: ChargeId,
    /// A destination charge's transfer.
    pub transfer: Option<TransferId>,
    /// The processor's fee.
    pub processing_fee: Minor,
    /// From the start of which day its money is available.
    pub available_on: Day,
    /// The application fee, where there is one.
    pub application_fee: Option<ApplicationFeeId>,
    /// What the platform has of it, in minor units: of a direct or destination charge its fee, or
    /// what the seller does not get, less the processing fee where it pays that; of a separate
    /// charge all but its processing fee, until it is shared out. Connect says nothing where it is
    /// below zero.
    pub margin: Minor,
}

/// A split that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitMade {
    position: u64,
    transfers: u16,
}

/// A reversal that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReversalMade {
    /// The reversal.
    pub reversal: ReversalId,
    /// What was moved back.
    pub amount: Minor,
    /// What of the application fee went to the seller with it.
    pub fee_refunded: Minor,
}

/// A transfer that may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferAsked {
    /// The transfer.
    pub transfer: TransferId,
    /// Whether it waits for the platform's balance; otherwise it was made.
    pub waits: bool,
}

/// A refund that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundMade {
    /// The refund.
    pub refund: RefundId,
    /// What the payer got back.
    pub amount: Minor,
    /// What of the seller's transfer came back with it.
    pub reversed: Minor,
    /// What of the application fee went back with it.
    pub fee_refunded: Minor,
    /// Whether it waits for its payer's money; then nothing moved yet.
    pub waiting: bool,
}

/// A payout that was made or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayoutMade {
    /// The payout.
    pub payout: PayoutId,
    /// How much it pays.
    pub amount: Minor,
    /// The day it is expected at the bank.
    pub arrival: Day,
}

/// A step that an object took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stepped<Id> {
    /// The object.
    pub object: Id,
    /// What was moved of it, in minor units of its currency; 0 where nothing was.
    pub amount: Minor,
}

impl SplitMade {
    /// The transfers that it made, in order.
    pub fn transfers(&self) -> impl Iterator<Item = TransferId> + use<> {
        let position = self.position;
        (0..self.transfers).map(move |ordinal| TransferId::new(position, ordinal))
    }
}

impl Outcome {
    /// The outcome that a recorded event tells of; the last event of a command tells
    /// the command's.
    #[must_use]
    pub fn of(recorded: &Recorded) -> Self {
        let position = recorded.position;
        match &recorded.event {
            Event::LedgerOpened(_) | Event::RailOpened { .. } => Self::Opened,
            Event::TimeAdvanced { to } => Self::Advanced { to: *to },
            Event::AccountOnboarded(onboarded) => Self::Onboarded(onboarded.account),
            Event::RequirementChanged { account, .. }
            | Event::BankAccountAttached { account, .. }
            | Event::PayoutScheduleSet { account, .. }
            | Event::DebitNegativeBalancesSet { account, .. }
            | Event::SuccessorNamed { account, .. } => Self::AccountChanged(*account),
            Event::ChargeSucceeded(charged) => {
                let charge = ChargeId::new(position, 0);
                Self::Charged(ChargeMade {
                    charge,
                    transfer: charged.charge.own_transfer(charge),
                    processing_fee: charged.charge.processing_fee,
                    available_on: charged.charge.available_on,
                    application_fee: ApplicationFee::of(charge, &charged.charge).map(|fee| fee.id),
                    margin: platforms(&charged.entry),
                })
            }
            Event::ChargesSplit(split) => {
                // A split has at most a few hundred transfers.
                let transfers = u16::try_from(split.transfers.len()).unwrap_or(u16::MAX);
                Self::Split(SplitMade { position, transfers })
            }
            Event::TransferCreated(_) => Self::Transferred(TransferId::new(position, 0)),
            Event::TransferReversed(reversed) => Self::Reversed(ReversalMade {
                reversal: ReversalId::new(position, 0),
                amount: reversed.amount,
                fee_refunded: 0,
            }),
            Event::ChargeRefunded(refunded) => Self::Refunded(RefundMade {
                refund: RefundId::new(position, 0),
                amount: refunded.amount,
                reversed: refunded.reversed,
                fee_refunded: refunded.fee_refunded,
                waiting: false,
            }),
            Event::PayoutCreated(moved) | Event::PayoutPaid(moved) | Event::PayoutFailed(moved) => {
                Self::PaidOut(PayoutMade::of(moved))
            }
            // Due work; it has no command whose outcome it could be.
            Event::FundsMatured { .. } | Event::ConnectReserveMoved { .. } => {
                Self::Advanced { to: recorded.time }
            }
            Event::RailSettled { .. } => Self::Settled,
            Event::BookmarkSet { cursor, .. } => Self::Bookmarked { cursor: *cursor },
            Event::Moved(moved) => {
                if let Record::Reversal(reversal, state) = &moved.subject.record {
                    let (reversal, amount) = (*reversal, state.amount.minor);
                    let fee_refunded = state.fee_refunded;
                    return Self::Reversed(ReversalMade { reversal, amount, fee_refunded });
                }
                if let (Step::RefundCreated, Record::Refund(refund, state)) =
                    (moved.step, &moved.subject.record)
                {
                    return Self::Refunded(RefundMade::of(*refund, state));
                }
                Self::Moved { object: moved.subject.record.id(), amount: moved.subject.amount }
            }
        }
    }
}

/// What an entry adds to what is owed to the platform.
fn platforms(entry: &Entry) -> Minor {
    let own = entry.postings().iter();
    let own = own.filter(|posting| posting.book.owner().is_some_and(|(account, _)| account.is_platform()));
    own.fold(0, |sum: Minor, posting| sum.saturating_add(posting.owed()))
}

impl RefundMade {
    fn of(refund: RefundId, state: &RefundState) -> Self {
        Self {
            refund,
            amount: state.amount.minor,
            reversed: state.reversed(),
            fee_refunded: state.fee_refunded,
            waiting: !state.status.is_booked(),
        }
    }
}

impl PayoutMade {
    fn of(moved: &PayoutMoved) -> Self {
        Self { payout: moved.id, amount: moved.payout.amount, arrival: moved.payout.arrival }
    }
}
