//! What a bank is asked.

use counterfoil_domain::AccountId;
use counterfoil_domain::calendar::Day;
use counterfoil_domain::money::Money;

use super::BankDetails;
use crate::AskKey;

/// An ask of a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAsk {
    /// Its key. Under one key a bank does one thing once.
    pub key: AskKey,
    /// What is wanted.
    pub order: BankOrder,
}

/// What is wanted of a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BankOrder {
    /// Pay an account out.
    PayOut {
        /// Who is paid, and where.
        to: Payee,
        /// How much.
        amount: Money,
        /// The business day that was promised; without one it is the bank's.
        arrive_on: Option<Day>,
    },
    /// Take money from a bank account: a payer's who pays by debit, or a seller's who owes.
    Debit {
        /// From where.
        from: BankDetails,
        /// How much.
        amount: Money,
    },
    /// Bring money of the platform's own from its bank account.
    TopUp {
        /// From where.
        from: BankDetails,
        /// How much.
        amount: Money,
    },
    /// Call back an order whose result is not known yet.
    Cancel {
        /// The order.
        order: AskKey,
    },
}

/// Who is paid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payee {
    /// The ledger's account.
    pub account: AccountId,
    /// Its bank account. Without one the bank is expected to know where to pay; see
    /// `docs/decisions/bank-accounts.md`.
    pub details: Option<BankDetails>,
}
