//! Events: what happened, with its whole effect.
//!
//! This is the stored vocabulary: a variant is added, never edited. Amounts, fees and
//! the balanced entry are in the event, and a record that changes is there with its
//! whole remaining state, so that no later rule can rewrite history.

use smallvec::SmallVec;

use crate::account::onboard::Onboarded;
use crate::account::{BankAccount, RequirementName, Standing};
use crate::books::Entry;
use crate::calendar::{Day, Timestamp};
use crate::charge::create::Charged;
use crate::id::{AccountId, ChargeId, ObjectId, RailId, TransferId};
use crate::money::{Currency, Money};
use crate::payout::{Delay, PayoutMoved, PayoutSchedule};
use crate::rail::RailName;
use crate::record::{Record, RecordId};
use crate::refund::create::Refunded;
use crate::settings::Settings;
use crate::split::SplitMade;
use crate::step::Moved;
use crate::transfer::create::Transferred;
use crate::transfer::reverse::Reversed;

/// The events of one command, in order. Nearly every command has one.
pub type Events = SmallVec<[Event; 1]>;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The ledger was opened.
    LedgerOpened(Box<Settings>),
    /// Time passed, and nothing more was due.
    TimeAdvanced {
        /// Up to this instant.
        to: Timestamp,
    },
    /// A connected account was made.
    AccountOnboarded(Box<Onboarded>),
    /// A requirement took a step of its lifecycle.
    RequirementChanged {
        /// Whose.
        account: AccountId,
        /// Which.
        name: RequirementName,
        /// How it stands after.
        standing: Standing,
    },
    /// A bank account was put on file.
    BankAccountAttached {
        /// Whose.
        account: AccountId,
        /// In which currency it is paid.
        currency: Currency,
        /// The bank account.
        bank: Box<BankAccount>,
    },
    /// An account's payout schedule, delay or minimum balance was set.
    PayoutScheduleSet {
        /// Whose.
        account: AccountId,
        /// The schedule, where it was set.
        schedule: Option<PayoutSchedule>,
        /// The delay, where it was set.
        delay: Option<Delay>,
        /// The minimum balance, where it was set.
        minimum_balance: Option<Money>,
    },
    /// A rail was named for the first time.
    RailOpened {
        /// Its number.
        rail: RailId,
        /// Its name.
        name: RailName,
    },
    /// A payer was charged.
    ChargeSucceeded(Box<Charged>),
    /// Charges were shared among sellers.
    ChargesSplit(Box<SplitMade>),
    /// Money was moved to a seller.
    TransferCreated(Box<Transferred>),
    /// Money was moved back from a seller.
    TransferReversed(Box<Reversed>),
    /// A payer was given money back.
    ChargeRefunded(Box<Refunded>),
    /// Pending money became available.
    FundsMatured {
        /// Whose.
        account: AccountId,
        /// The day whose pending money it was.
        day: Day,
        /// The books.
        entry: Box<Entry>,
    },
    /// An account's payout was made.
    PayoutCreated(Box<PayoutMoved>),
    /// The bank took a payout.
    PayoutPaid(Box<PayoutMoved>),
    /// The bank refused or returned a payout.
    PayoutFailed(Box<PayoutMoved>),
    /// A rail settled to the bank.
    RailSettled {
        /// Which.
        rail: RailId,
        /// The books.
        entry: Box<Entry>,
    },
    /// A caller recorded how far it has read.
    BookmarkSet {
        /// The bookmark's name.
        name: Box<str>,
        /// What the source is.
        source: [u8; 32],
        /// How far it is read.
        cursor: u64,
    },
    /// The platform's reserve followed what its sellers owe.
    ConnectReserveMoved {
        /// The books.
        entry: Box<Entry>,
    },
    /// A seller moved to another account.
    SuccessorNamed {
        /// The account that it has left.
        account: AccountId,
        /// The account that it has moved to.
        successor: AccountId,
    },
    /// It was said whether what an account owes is debited from its bank.
    DebitNegativeBalancesSet {
        /// Whose.
        account: AccountId,
        /// Whether it is.
        on: bool,
    },
    /// An object took a step.
    Moved(Box<Moved>),
}

/// An event as it was recorded: with its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the log, counted from 0 without a gap.
    pub position: u64,
    /// Its business time, never before that of an earlier event.
    pub time: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// The account on whose behalf it was done (Connect's `Stripe-Account`).
    pub acting: Option<AccountId>,
    /// The command that it came of.
    pub command: uuid::Uuid,
    /// The event that brought the command about, if one did.
    pub cause: Option<u64>,
    /// What happened.
    pub event: Event,
}

/// Who caused an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// The platform, by a command.
    Platform,
    /// Time: the work fell due.
    Time,
    /// The operator.
    Operator,
}

impl Event {
    /// The event's journal entry, where it moves money.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        match self {
            Self::ChargeSucceeded(charged) => Some(&charged.entry),
            Self::ChargesSplit(split) => Some(&split.entry),
            Self::TransferCreated(transferred) => Some(&transferred.entry),
            Self::TransferReversed(reversed) => Some(&reversed.entry),
            Self::ChargeRefunded(refunded) => Some(&refunded.entry),
            Self::FundsMatured { entry, .. }
            | Self::RailSettled { entry, .. }
            | Self::ConnectReserveMoved { entry } => Some(entry),
            Self::PayoutCreated(moved) | Self::PayoutPaid(moved) | Self::PayoutFailed(moved) => {
                Some(&moved.entry)
            }
            Self::Moved(moved) => moved.books.as_ref().map(|books| &books.entry),
            Self::LedgerOpened(_)
            | Self::TimeAdvanced { .. }
            | Self::AccountOnboarded(_)
            | Self::RequirementChanged { .. }
            | Self::BankAccountAttached { .. }
            | Self::PayoutScheduleSet { .. }
            | Self::RailOpened { .. }
            | Self::BookmarkSet { .. }
            | Self::DebitNegativeBalancesSet { .. }
            | Self::SuccessorNamed { .. } => None,
        }
    }

    /// The event's name, as exports show it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::LedgerOpened(_) => "ledger_opened",
            Self::TimeAdvanced { .. } => "time_advanced",
            Self::AccountOnboarded(_) => "account_onboarded",
            Self::RequirementChanged { .. } => "requirement_changed",
            Self::BankAccountAttached { .. } => "bank_account_attached",
            Self::PayoutScheduleSet { .. } => "payout_schedule_set",
            Self::RailOpened { .. } => "rail_opened",
            Self::ChargeSucceeded(_) => "charge_succeeded",
            Self::ChargesSplit(_) => "charges_split",
            Self::TransferCreated(_) => "transfer_created",
            Self::TransferReversed(_) => "transfer_reversed",
            Self::ChargeRefunded(_) => "charge_refunded",
            Self::FundsMatured { .. } => "funds_matured",
            Self::PayoutCreated(_) => "payout_created",
            Self::PayoutPaid(_) => "payout_paid",
            Self::PayoutFailed(_) => "payout_failed",
            Self::RailSettled { .. } => "rail_settled",
            Self::BookmarkSet { .. } => "bookmark_set",
            Self::ConnectReserveMoved { .. } => "connect_reserve_moved",
            Self::SuccessorNamed { .. } => "successor_named",
            Self::DebitNegativeBalancesSet { .. } => "debit_negative_balances_set",
            Self::Moved(moved) => moved.step.name(),
        }
    }
}

impl Recorded {
    /// Calls `with` for every record that an earlier event made and this one changed.
    pub fn changed(&self, mut with: impl FnMut(ObjectId)) {
        match &self.event {
            Event::ChargesSplit(split) => split.charges.iter().for_each(|(id, _)| with(id.0)),
            Event::TransferCreated(made) => made.transfer.source_charge.into_iter().for_each(|id| with(id.0)),
            Event::TransferReversed(reversed) => {
                with(reversed.id.0);
                reversed.transfer.source_charge.into_iter().for_each(|id| with(id.0));
            }
            Event::ChargeRefunded(refunded) => {
                with(refunded.id.0);
                refunded.transfer.iter().for_each(|(id, _)| with(id.0));
            }
            Event::PayoutPaid(moved) | Event::PayoutFailed(moved) => with(moved.id.0),
            Event::Moved(moved) => {
                let objects = moved.parts().map(|part| part.record.id().object());
                objects.filter(|id| id.position() != self.position).for_each(with);
            }
            Event::LedgerOpened(_)
            | Event::TimeAdvanced { .. }
            | Event::AccountOnboarded(_)
            | Event::RequirementChanged { .. }
            | Event::BankAccountAttached { .. }
            | Event::PayoutScheduleSet { .. }
            | Event::RailOpened { .. }
            | Event::ChargeSucceeded(_)
            | Event::FundsMatured { .. }
            | Event::PayoutCreated(_)
            | Event::RailSettled { .. }
            | Event::ConnectReserveMoved { .. }
            | Event::BookmarkSet { .. }
            | Event::DebitNegativeBalancesSet { .. }
            | Event::SuccessorNamed { .. } => {}
        }
    }

    /// That record as the event leaves it behind.
    #[must_use]
    pub fn record(&self, id: RecordId) -> Option<Record> {
        // A step may have hundreds, and one of them is asked for.
        if let Event::Moved(moved) = &self.event {
            return moved.parts().map(|part| &part.record).find(|record| record.id() == id).cloned();
        }
        let mut found = None;
        self.records(|record| {
            if record.id() == id {
                found = Some(record);
            }
        });
        found
    }

    /// Calls `with` for every record that the event leaves behind, in its latest state.
    pub fn records(&self, mut with: impl FnMut(Record)) {
        let position = self.position;
        match &self.event {
            Event::ChargeSucceeded(charged) => {
                let id = ChargeId::new(position, 0);
                with(Record::Charge(id, charged.charge.clone()));
                if let Some(transfer) = &charged.transfer {
                    with(Record::Transfer(id.destination_transfer(), transfer.clone()));
                }
            }
            Event::ChargesSplit(split) => {
                for (id, charge) in &split.charges {
                    with(Record::Charge(*id, charge.clone()));
                }
                for (ordinal, transfer) in (0..).zip(&split.transfers) {
                    with(Record::Transfer(TransferId::new(position, ordinal), transfer.clone()));
                }
            }
            Event::TransferCreated(made) => {
                with(Record::Transfer(TransferId::new(position, 0), made.transfer.clone()));
                source_charge(made.transfer.source_charge, made.charge.as_deref(), &mut with);
            }
            Event::TransferReversed(reversed) => {
                with(Record::Transfer(reversed.id, reversed.transfer.clone()));
                source_charge(reversed.transfer.source_charge, reversed.charge.as_ref(), &mut with);
            }
            Event::ChargeRefunded(refunded) => {
                refunded.records(position, &mut with);
                with(Record::Charge(refunded.id, refunded.charge.clone()));
                if let Some((id, transfer)) = &refunded.transfer {
                    with(Record::Transfer(*id, transfer.clone()));
                }
            }
            Event::PayoutCreated(moved) | Event::PayoutPaid(moved) | Event::PayoutFailed(moved) => {
                with(Record::Payout(moved.id, moved.payout.clone()));
            }
            Event::Moved(moved) => moved.parts().for_each(|part| with(part.record.clone())),
            Event::LedgerOpened(_)
            | Event::TimeAdvanced { .. }
            | Event::AccountOnboarded(_)
            | Event::RequirementChanged { .. }
            | Event::BankAccountAttached { .. }
            | Event::PayoutScheduleSet { .. }
            | Event::RailOpened { .. }
            | Event::FundsMatured { .. }
            | Event::RailSettled { .. }
            | Event::ConnectReserveMoved { .. }
            | Event::BookmarkSet { .. }
            | Event::DebitNegativeBalancesSet { .. }
            | Event::SuccessorNamed { .. } => {}
        }
    }
}

fn source_charge(
    id: Option<ChargeId>,
    charge: Option<&crate::charge::ChargeState>,
    with: &mut impl FnMut(Record),
) {
    if let (Some(id), Some(charge)) = (id, charge) {
        with(Record::Charge(id, charge.clone()));
    }
}
