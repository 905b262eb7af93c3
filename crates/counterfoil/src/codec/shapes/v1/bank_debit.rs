//! Bank debits, version 1.

use counterfoil_domain::bank_debit::{BankDebitState, BankDebitStatus};
use counterfoil_domain::money::Money;
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::{AccountId, Event};
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::values::{currency, day};

const PENDING: u8 = 0;
const SUCCEEDED: u8 = 1;
const FAILED: u8 = 2;
const RETURNED: u8 = 3;

/// It was said whether what an account owes is debited from its bank.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct DebitNegativeBalancesSetV1 {
    account: u32,
    on: bool,
}

/// A bank debit as it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct BankDebitStateV1 {
    account: u32,
    currency: u16,
    amount: i64,
    status: u8,
    /// Why, of one that failed or was returned alone.
    failure: Option<u8>,
    arrival: i32,
    bank: [u8; 8],
}

impl DebitNegativeBalancesSetV1 {
    pub(in crate::codec) fn new(AccountId(account): AccountId, on: bool) -> Self {
        Self { account, on }
    }
}

impl TryFrom<DebitNegativeBalancesSetV1> for Event {
    type Error = Fault;

    fn try_from(
        DebitNegativeBalancesSetV1 { account, on }: DebitNegativeBalancesSetV1,
    ) -> Result<Self, Fault> {
        Ok(Self::DebitNegativeBalancesSet { account: AccountId(account), on })
    }
}

impl From<&BankDebitState> for BankDebitStateV1 {
    fn from(debit: &BankDebitState) -> Self {
        let (status, failure) = match debit.status {
            BankDebitStatus::Pending => (PENDING, None),
            BankDebitStatus::Succeeded => (SUCCEEDED, None),
            BankDebitStatus::Failed(code) => (FAILED, Some(Numbered::number(code))),
            BankDebitStatus::Returned(code) => (RETURNED, Some(Numbered::number(code))),
        };
        Self {
            account: debit.account.0,
            currency: debit.amount.currency.number(),
            amount: debit.amount.minor,
            status,
            failure,
            arrival: debit.arrival.days(),
            bank: debit.bank,
        }
    }
}

impl TryFrom<BankDebitStateV1> for BankDebitState {
    type Error = Fault;

    fn try_from(shape: BankDebitStateV1) -> Result<Self, Fault> {
        let status = match (shape.status, shape.failure) {
            (PENDING, None) => BankDebitStatus::Pending,
            (SUCCEEDED, None) => BankDebitStatus::Succeeded,
            (FAILED, Some(code)) => BankDebitStatus::Failed(FailureCode::numbered(code)?),
            (RETURNED, Some(code)) => BankDebitStatus::Returned(FailureCode::numbered(code)?),
            (other, _) => return Err(Fault::Number { what: "status of a bank debit", found: other.into() }),
        };
        Ok(Self {
            account: AccountId(shape.account),
            amount: Money::new(currency(shape.currency)?, shape.amount),
            status,
            arrival: day(shape.arrival)?,
            bank: shape.bank,
        })
    }
}
