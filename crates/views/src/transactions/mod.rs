//! Balance transactions: every change of an account's balance in Connect's terms, with its
//! type, reporting category, fee details and source
//! (<https://docs.stripe.com/api/balance_transactions/object>).
//!
//! Nothing is stored for them: a balance transaction is the postings of one account in one
//! event that are about one thing, and is read from that event when it is asked for. Money on
//! its way to a bank has left the balance, and money that matures only becomes available: of
//! neither is there one (docs/decisions/balance-transactions.md).

mod group;
mod kind;
mod reader;

#[cfg(test)]
mod tests;

pub use group::of_event;
pub use kind::{Category, FeeType, TransactionType};
pub use reader::Reader;

use counterfoil_domain::AccountId;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::money::{Currency, Minor};

use crate::object::ObjectRef;

/// The id of a balance transaction: the position of its event and the place of its first
/// posting in the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId(pub ObjectId);

/// A change of one account's balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceTransaction {
    /// Its id.
    pub id: TransactionId,
    /// The number of its first entry in the account's statement.
    pub entry: u64,
    /// Whose balance.
    pub account: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// Minor units before fees; positive adds to the balance.
    pub amount: Minor,
    /// What of it went to fees; negative where fees came back.
    pub fee: Minor,
    /// The fees one by one; they sum to the fee.
    pub fee_details: Vec<FeeDetail>,
    /// What the balance changed by: amount less fee.
    pub net: Minor,
    /// When, in business time.
    pub created: Timestamp,
    /// The day from whose start it is available; of what was available at once that of the
    /// event.
    pub available_on: Day,
    /// What it is, in Connect's terms.
    pub kind: TransactionType,
    /// Under what Connect reports it.
    pub category: Category,
    /// The balance that changed.
    pub balance: BalanceType,
    /// The object that it is about.
    pub source: Option<ObjectRef>,
}

/// A fee that was taken off an amount, or came back with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeDetail {
    /// Whose fee.
    pub kind: FeeType,
    /// Minor units; negative where it came back.
    pub amount: Minor,
}

/// Which of an account's balances changed
/// (<https://docs.stripe.com/api/balance_transactions/object#balance_transaction_object-balance_type>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BalanceType {
    /// Pending and available money.
    Payments,
    /// Held back against refunds and disputes.
    RiskReserved,
    /// Paid in to serve refunds and disputes only.
    RefundAndDisputePrefunding,
    /// Of the platform's, held against the negative balances of its sellers. Connect shows it
    /// beside the balance and gives it no name here.
    ConnectReserved,
}

impl BalanceType {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Payments => "payments",
            Self::RiskReserved => "risk_reserved",
            Self::RefundAndDisputePrefunding => "refund_and_dispute_prefunding",
            Self::ConnectReserved => "connect_reserved",
        }
    }
}

impl BalanceTransaction {
    /// Whether its net is `pending` or `available` at a business time, by Connect's name
    /// (<https://docs.stripe.com/api/balance_transactions/object#balance_transaction_object-status>).
    #[must_use]
    pub fn status(&self, now: Timestamp) -> &'static str {
        if self.available_on.start() <= now.max(self.created) { "available" } else { "pending" }
    }
}
