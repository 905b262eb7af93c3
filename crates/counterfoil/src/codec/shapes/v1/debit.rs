//! Account debits, version 1.

use counterfoil_domain::AccountId;
use counterfoil_domain::debit::DebitState;
use counterfoil_domain::money::Money;
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::values::currency;

/// A debit as it was made.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DebitStateV1<'a> {
    account: u32,
    currency: u16,
    amount: i64,
    fee: i64,
    #[serde(borrow)]
    transfer_group: Option<&'a str>,
}

impl<'a> From<&'a DebitState> for DebitStateV1<'a> {
    fn from(debit: &'a DebitState) -> Self {
        Self {
            account: debit.account.0,
            currency: debit.amount.currency.number(),
            amount: debit.amount.minor,
            fee: debit.fee,
            transfer_group: debit.transfer_group.as_deref(),
        }
    }
}

impl TryFrom<DebitStateV1<'_>> for DebitState {
    type Error = Fault;

    fn try_from(shape: DebitStateV1<'_>) -> Result<Self, Fault> {
        Ok(Self {
            account: AccountId(shape.account),
            amount: Money::new(currency(shape.currency)?, shape.amount),
            fee: shape.fee,
            transfer_group: shape.transfer_group.map(Into::into),
        })
    }
}
