//! Drawdowns of prefunding, version 1.

use counterfoil_domain::AccountId;
use counterfoil_domain::money::Money;
use counterfoil_domain::prefunding::DrawdownState;
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::values::currency;

/// A drawdown.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DrawdownStateV1 {
    account: u32,
    currency: u16,
    amount: i64,
    cause: u8,
}

impl From<&DrawdownState> for DrawdownStateV1 {
    fn from(drawn: &DrawdownState) -> Self {
        Self {
            account: drawn.account.0,
            currency: drawn.amount.currency.number(),
            amount: drawn.amount.minor,
            cause: drawn.cause.number(),
        }
    }
}

impl TryFrom<DrawdownStateV1> for DrawdownState {
    type Error = Fault;

    fn try_from(shape: DrawdownStateV1) -> Result<Self, Fault> {
        Ok(Self {
            account: AccountId(shape.account),
            amount: Money::new(currency(shape.currency)?, shape.amount),
            cause: Numbered::numbered(shape.cause)?,
        })
    }
}
