//! A payout as it stands.

use counterfoil_domain::account::EntryRange;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::payout::{PayoutState, PayoutStatus};
use counterfoil_domain::{AccountId, PayoutId};
use serde::{Deserialize, Serialize};

/// A payout as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// Its id.
    #[serde(with = "crate::shape")]
    pub id: PayoutId,
    /// Who is paid.
    #[serde(with = "crate::shape")]
    pub account: AccountId,
    /// In which currency.
    #[serde(with = "crate::shape")]
    pub currency: Currency,
    /// How much.
    pub amount: Minor,
    /// How it stands.
    #[serde(with = "crate::shape")]
    pub status: PayoutStatus,
    /// When it was made.
    #[serde(with = "crate::shape")]
    pub created: Timestamp,
    /// The day it is expected at the bank.
    #[serde(with = "crate::shape")]
    pub arrival: Day,
    /// Whether the schedule made it, and no one's request.
    pub automatic: bool,
    /// The account's balance entries that it takes: those of its available balance with
    /// these numbers sum to the amount.
    #[serde(with = "crate::shape")]
    pub entries: Box<[EntryRange]>,
    /// The position of the event that last changed it.
    pub changed: u64,
}

impl Payout {
    /// A payout as the event at a position left it.
    pub(super) fn new(id: PayoutId, state: &PayoutState, changed: u64) -> Self {
        Self {
            id,
            account: state.account,
            currency: state.currency,
            amount: state.amount,
            status: state.status,
            created: state.created,
            arrival: state.arrival,
            automatic: state.automatic,
            entries: state.entries.as_slice().into(),
            changed,
        }
    }
}
