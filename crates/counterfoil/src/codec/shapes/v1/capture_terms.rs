//! On which terms a charge is captured, version 1.

use counterfoil_domain::charge::{CaptureTerms, DestinationShare};
use serde::{Deserialize, Serialize};

use super::rate::ProcessingFeeV1;
use crate::codec::Fault;
use crate::codec::values::timestamp;

const WHOLE: u8 = 0;
const LESS_APPLICATION_FEE: u8 = 1;
const AMOUNT: u8 = 2;

/// On which terms an authorised charge is captured.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CaptureTermsV1 {
    until: i64,
    processing_fee: ProcessingFeeV1,
    share: u8,
    /// Of that share; nothing of the whole.
    amount: i64,
}

impl From<CaptureTerms> for CaptureTermsV1 {
    fn from(terms: CaptureTerms) -> Self {
        let (share, amount) = match terms.share {
            DestinationShare::Whole => (WHOLE, 0),
            DestinationShare::LessApplicationFee(fee) => (LESS_APPLICATION_FEE, fee),
            DestinationShare::Amount(amount) => (AMOUNT, amount),
        };
        let (until, processing_fee) = (terms.until.micros(), terms.processing_fee.into());
        Self { until, processing_fee, share, amount }
    }
}

impl TryFrom<CaptureTermsV1> for CaptureTerms {
    type Error = Fault;

    fn try_from(shape: CaptureTermsV1) -> Result<Self, Fault> {
        let share = match (shape.share, shape.amount) {
            (WHOLE, 0) => DestinationShare::Whole,
            (LESS_APPLICATION_FEE, fee) => DestinationShare::LessApplicationFee(fee),
            (AMOUNT, amount) => DestinationShare::Amount(amount),
            (other, _) => return Err(Fault::Number { what: "share of a charge", found: other.into() }),
        };
        let until = timestamp(shape.until)?;
        Ok(Self { until, processing_fee: shape.processing_fee.try_into()?, share })
    }
}
