//! Workloads: what is asked of the ledger.

use clap::ValueEnum;
use counterfoil::domain::payout::PayoutSchedule;

/// What is asked of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Workload {
    /// A transfer from the platform's balance to a seller's
    Transfer,
    /// A separate charge on the platform
    Charge,
    /// A charge and its split over five sellers, with a commission
    Split,
    /// A payday: time passes, and every seller is paid out
    Payout,
    /// 50 % transfers, 30 % charges, 10 % splits, 5 % refunds, 5 % reversals
    Mixed,
    /// Sales that plans hold of, what frees them, disputes, a queue and debts that are paid
    Strained,
}

impl Workload {
    /// Its name on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Charge => "charge",
            Self::Split => "split",
            Self::Payout => "payout",
            Self::Mixed => "mixed",
            Self::Strained => "strained",
        }
    }

    /// When the sellers of its market are paid.
    pub(super) fn schedule(self) -> PayoutSchedule {
        match self {
            Self::Payout => PayoutSchedule::Daily,
            Self::Transfer | Self::Charge | Self::Split | Self::Mixed | Self::Strained => {
                PayoutSchedule::Manual
            }
        }
    }
}
