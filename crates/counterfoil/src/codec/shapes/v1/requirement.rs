//! Requirements, version 1.

use counterfoil_domain::account::{Gates, Requirement, RequirementName, Standing};
use counterfoil_domain::{AccountId, Event};
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::values::timestamp;

const DUE: u8 = 0;
const PENDING: u8 = 1;
const VERIFIED: u8 = 2;
const PAST_DUE: u8 = 3;

const CHARGES: u8 = 1;
const PAYOUTS: u8 = 2;

/// How a requirement stands.
#[derive(Debug, Serialize, Deserialize)]
struct StandingV1 {
    standing: u8,
    /// Of one that is due or pending.
    deadline: Option<i64>,
}

/// A requirement of an account.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct RequirementV1 {
    name: u8,
    /// Bit 0 charges, bit 1 payouts.
    gates: u8,
    standing: StandingV1,
}

/// A requirement that took a step.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct RequirementChangedV1 {
    account: u32,
    name: u8,
    standing: StandingV1,
}

impl From<Standing> for StandingV1 {
    fn from(standing: Standing) -> Self {
        let (standing, deadline) = match standing {
            Standing::Due(deadline) => (DUE, deadline),
            Standing::Pending(deadline) => (PENDING, deadline),
            Standing::Verified => (VERIFIED, None),
            Standing::PastDue => (PAST_DUE, None),
        };
        Self { standing, deadline: deadline.map(|deadline| deadline.micros()) }
    }
}

impl TryFrom<StandingV1> for Standing {
    type Error = Fault;

    fn try_from(shape: StandingV1) -> Result<Self, Fault> {
        let deadline = shape.deadline.map(timestamp).transpose()?;
        match (shape.standing, deadline) {
            (DUE, deadline) => Ok(Self::Due(deadline)),
            (PENDING, deadline) => Ok(Self::Pending(deadline)),
            (VERIFIED, None) => Ok(Self::Verified),
            (PAST_DUE, None) => Ok(Self::PastDue),
            (other, _) => Err(Fault::Number { what: "standing of a requirement", found: other.into() }),
        }
    }
}

impl From<&Requirement> for RequirementV1 {
    fn from(requirement: &Requirement) -> Self {
        let Gates { charges, payouts } = requirement.gates;
        let gates = if charges { CHARGES } else { 0 } | if payouts { PAYOUTS } else { 0 };
        Self { name: requirement.name.number(), gates, standing: requirement.standing.into() }
    }
}

impl TryFrom<RequirementV1> for Requirement {
    type Error = Fault;

    fn try_from(shape: RequirementV1) -> Result<Self, Fault> {
        if shape.gates & !(CHARGES | PAYOUTS) != 0 {
            return Err(Fault::Number { what: "set of gates", found: shape.gates.into() });
        }
        let gates = Gates { charges: shape.gates & CHARGES != 0, payouts: shape.gates & PAYOUTS != 0 };
        Ok(Self { name: Numbered::numbered(shape.name)?, gates, standing: shape.standing.try_into()? })
    }
}

impl RequirementChangedV1 {
    pub(in crate::codec) fn new(account: AccountId, name: RequirementName, standing: Standing) -> Self {
        Self { account: account.0, name: name.number(), standing: standing.into() }
    }
}

impl TryFrom<RequirementChangedV1> for Event {
    type Error = Fault;

    fn try_from(shape: RequirementChangedV1) -> Result<Self, Fault> {
        Ok(Self::RequirementChanged {
            account: AccountId(shape.account),
            name: Numbered::numbered(shape.name)?,
            standing: shape.standing.try_into()?,
        })
    }
}
