//! Rates, version 1: an integer and its decimals, never a decimal's own form, which
//! another crate's feature flags can change.

use counterfoil_domain::charge::ProcessingFee;
use counterfoil_domain::money::Rate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::codec::Fault;

/// A share: `mantissa` / 10^`decimals`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RateV1 {
    mantissa: i128,
    decimals: u32,
}

/// A processor's fee.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct ProcessingFeeV1 {
    rate: RateV1,
    fixed: i64,
}

impl From<Rate> for RateV1 {
    fn from(rate: Rate) -> Self {
        Self { mantissa: rate.share().mantissa(), decimals: rate.share().scale() }
    }
}

impl TryFrom<RateV1> for Rate {
    type Error = Fault;

    fn try_from(shape: RateV1) -> Result<Self, Fault> {
        let share = Decimal::try_from_i128_with_scale(shape.mantissa, shape.decimals).ok();
        share
            .and_then(|share| Self::new(share).ok())
            .ok_or(Fault::Number { what: "rate's mantissa", found: shape.mantissa })
    }
}

impl From<ProcessingFee> for ProcessingFeeV1 {
    fn from(fee: ProcessingFee) -> Self {
        Self { rate: fee.rate.into(), fixed: fee.fixed }
    }
}

impl TryFrom<ProcessingFeeV1> for ProcessingFee {
    type Error = Fault;

    fn try_from(shape: ProcessingFeeV1) -> Result<Self, Fault> {
        Ok(Self { rate: shape.rate.try_into()?, fixed: shape.fixed })
    }
}
