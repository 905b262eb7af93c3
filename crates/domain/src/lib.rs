//! What may be asked of money and what follows.
//!
//! A [`Command`] is decided against a [`Ledger`] and becomes [`Event`]s or one
//! [`Refusal`]; events evolve the ledger. Everything here is pure: no clock, no
//! input or output, no chance, no storage, no serialisation. Time and positions
//! arrive in a [`Context`].
//!
//! Read in this order: [`command`], [`decide()`], [`event`], [`step`], [`evolve()`],
//! [`due`], [`ledger`], [`refusal`]; then the nouns, whose files are verbs.

mod code;
pub mod command;
pub mod decide;
pub mod due;
pub mod event;
pub mod evolve;
pub mod id;
pub mod ledger;
pub mod parts;
pub mod record;
pub mod reference;
pub mod refusal;
pub mod settings;
pub mod step;

pub mod money;

pub mod books;

pub mod calendar;

pub mod account;

pub mod charge;

pub mod transfer;

pub mod split;

pub mod refund;

pub mod dispute;

pub mod payout;

pub mod debt;

pub mod policy;

pub mod rail;

pub mod topup;

pub mod prefunding;

pub mod debit;

pub mod bank_debit;
pub mod reserve;

pub mod bookmark;

pub mod laws;

pub use command::Command;
pub use decide::{Context, decide};
pub use event::{Actor, Event, Events, Recorded};
pub use evolve::evolve;
pub use id::{
    AccountId, BankDebitId, ChargeId, DebitId, DisputeId, DrawdownId, ObjectId, PayoutId, RailId, RefundId,
    ReserveHoldId, ReservePlanId, ReversalId, SplitId, SplitRuleId, SplitRuleVersionId, TopupId, TransferId,
    WriteOffId,
};
pub use ledger::Ledger;
pub use record::{Loaded, Needs, Record, RecordId};
pub use refusal::Refusal;
pub use settings::Settings;
pub use step::{Moved, Step};
