//! Top-ups, drawdowns and write-offs: samples with everything filled that may be, and random ones.

use counterfoil_domain::debt::WriteOffState;
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::prefunding::{DrawdownCause, DrawdownState};
use counterfoil_domain::topup::{TopupBalance, TopupState, TopupStatus};

use super::draw::Draw;
use super::samples::{BAKERY, FLORIST, instant};

pub(super) fn topup(balance: TopupBalance) -> TopupState {
    TopupState {
        account: BAKERY,
        amount: Money::new(Currency::BRL, 9_000),
        status: TopupStatus::Failed(FailureCode::AccountClosed),
        transfer_group: Some("order-17".into()),
        balance,
    }
}

pub(super) fn drawdown() -> DrawdownState {
    let amount = Money::new(Currency::BRL, 3_000);
    DrawdownState { account: FLORIST, amount, cause: DrawdownCause::Requested }
}

pub(super) fn write_off() -> WriteOffState {
    let amount = Money::new(Currency::BRL, 8_000);
    WriteOffState { account: BAKERY, amount, recovered: 3_000, since: instant(), began: 999_900 }
}

impl Draw {
    pub(super) fn topup(&mut self) -> TopupState {
        let status = match self.below(5) {
            0 => TopupStatus::Pending,
            1 => TopupStatus::Succeeded,
            2 => TopupStatus::Canceled,
            3 => TopupStatus::Reversed,
            _ => TopupStatus::Failed(self.named::<FailureCode>()),
        };
        TopupState {
            account: self.account(),
            amount: Money::new(self.currency(), self.i64()),
            status,
            transfer_group: self.option(Self::text),
            balance: [TopupBalance::Payments, TopupBalance::RefundAndDisputePrefunding]
                [self.below(2) as usize],
        }
    }

    pub(super) fn write_off(&mut self) -> WriteOffState {
        let (account, amount) = (self.account(), Money::new(self.currency(), self.i64()));
        WriteOffState { account, amount, recovered: self.i64(), since: self.time(), began: self.u64() }
    }

    pub(super) fn drawdown(&mut self) -> DrawdownState {
        let (account, amount) = (self.account(), Money::new(self.currency(), self.i64()));
        DrawdownState { account, amount, cause: self.named() }
    }
}
