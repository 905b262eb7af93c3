//! Debts and the reserve against them, version 1.

use counterfoil_domain::{AccountId, Event};
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::shapes::Posted;

/// The platform's reserve followed what its sellers owe; all of it stands in its entry.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct ConnectReserveMovedV1 {}

/// An old debt was written off; its entry stands before it.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct DebtCollectedV1 {
    account: u32,
}

impl TryFrom<Posted<ConnectReserveMovedV1>> for Event {
    type Error = Fault;

    fn try_from(Posted { shape: _, entry }: Posted<ConnectReserveMovedV1>) -> Result<Self, Fault> {
        Ok(Self::ConnectReserveMoved { entry: Box::new(entry) })
    }
}

impl DebtCollectedV1 {
    pub(in crate::codec) fn new(AccountId(account): AccountId) -> Self {
        Self { account }
    }
}

impl TryFrom<Posted<DebtCollectedV1>> for Event {
    type Error = Fault;

    fn try_from(Posted { shape, entry }: Posted<DebtCollectedV1>) -> Result<Self, Fault> {
        Ok(Self::DebtCollected { account: AccountId(shape.account), entry: Box::new(entry) })
    }
}
