//! Top-ups, version 1.

use counterfoil_domain::AccountId;
use counterfoil_domain::money::Money;
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::topup::{TopupBalance, TopupState, TopupStatus};
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::values::currency;

const PENDING: u8 = 0;
const SUCCEEDED: u8 = 1;
const FAILED: u8 = 2;
const CANCELED: u8 = 3;
const REVERSED: u8 = 4;

/// A top-up as it stands; which balance it goes into is which kind of record it is.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TopupStateV1<'a> {
    account: u32,
    currency: u16,
    amount: i64,
    status: u8,
    /// Why, of a failed one alone.
    failure: Option<u8>,
    #[serde(borrow)]
    transfer_group: Option<&'a str>,
}

impl<'a> From<&'a TopupState> for TopupStateV1<'a> {
    fn from(topup: &'a TopupState) -> Self {
        let (status, failure) = match topup.status {
            TopupStatus::Pending => (PENDING, None),
            TopupStatus::Succeeded => (SUCCEEDED, None),
            TopupStatus::Failed(code) => (FAILED, Some(Numbered::number(code))),
            TopupStatus::Canceled => (CANCELED, None),
            TopupStatus::Reversed => (REVERSED, None),
        };
        Self {
            account: topup.account.0,
            currency: topup.amount.currency.number(),
            amount: topup.amount.minor,
            status,
            failure,
            transfer_group: topup.transfer_group.as_deref(),
        }
    }
}

impl TopupStateV1<'_> {
    /// The top-up of a balance of which this is the shape.
    pub(super) fn topup(self, balance: TopupBalance) -> Result<TopupState, Fault> {
        let status = match (self.status, self.failure) {
            (PENDING, None) => TopupStatus::Pending,
            (SUCCEEDED, None) => TopupStatus::Succeeded,
            (FAILED, Some(code)) => TopupStatus::Failed(FailureCode::numbered(code)?),
            (CANCELED, None) => TopupStatus::Canceled,
            (REVERSED, None) => TopupStatus::Reversed,
            (other, _) => return Err(Fault::Number { what: "status of a top-up", found: other.into() }),
        };
        Ok(TopupState {
            account: AccountId(self.account),
            amount: Money::new(currency(self.currency)?, self.amount),
            status,
            transfer_group: self.transfer_group.map(Into::into),
            balance,
        })
    }
}
