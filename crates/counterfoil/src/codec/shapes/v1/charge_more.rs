//! What few charges have beyond what all have, version 1.

use counterfoil_domain::TransferId;
use counterfoil_domain::charge::{
    CaptureTerms, ChargeMore, ChargeStanding, DestinationShare, MOST_TRANSFERS_AT_RISK, TransferRun,
};
use counterfoil_domain::payout::FailureCode;
use serde::{Deserialize, Serialize};

use super::object::ObjectV1;
use super::rate::ProcessingFeeV1;
use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::{list, maybe};
use crate::codec::values::timestamp;

const AUTHORISED: u8 = 0;
const PROCESSING: u8 = 1;
const SUCCEEDED: u8 = 2;
const CANCELED: u8 = 3;
const EXPIRED: u8 = 4;
const FAILED: u8 = 5;

const WHOLE: u8 = 0;
const LESS_APPLICATION_FEE: u8 = 1;
const AMOUNT: u8 = 2;

/// How such a charge stands, and what it keeps.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct ChargeMoreV1 {
    standing: u8,
    /// On which terms it is captured, of an authorised one alone.
    terms: Option<CaptureTermsV1>,
    /// Why, of a failed one alone.
    failure: Option<u8>,
    authorised: i64,
    asynchronous: bool,
    transfer: Option<ObjectV1>,
    /// The first of each run of transfers, and how many.
    #[serde(deserialize_with = "list::read")]
    transfers: Vec<(ObjectV1, u16)>,
    disputed: i64,
}

/// On which terms an authorised charge is captured.
#[derive(Debug, Serialize, Deserialize)]
struct CaptureTermsV1 {
    until: i64,
    processing_fee: ProcessingFeeV1,
    share: u8,
    /// Of that share; nothing of the whole.
    amount: i64,
}

impl From<&ChargeMore> for ChargeMoreV1 {
    fn from(more: &ChargeMore) -> Self {
        let (standing, terms, failure) = match more.standing {
            ChargeStanding::Authorised(terms) => (AUTHORISED, Some(terms.into()), None),
            ChargeStanding::Processing => (PROCESSING, None, None),
            ChargeStanding::Succeeded => (SUCCEEDED, None, None),
            ChargeStanding::Canceled => (CANCELED, None, None),
            ChargeStanding::Expired => (EXPIRED, None, None),
            ChargeStanding::Failed(code) => (FAILED, None, Some(Numbered::number(code))),
        };
        Self {
            standing,
            terms,
            failure,
            authorised: more.authorised,
            asynchronous: more.asynchronous,
            transfer: more.transfer.map(|id| id.0.into()),
            transfers: more.transfers.iter().map(|run| (run.first.0.into(), run.count)).collect(),
            disputed: more.disputed,
        }
    }
}

impl TryFrom<ChargeMoreV1> for ChargeMore {
    type Error = Fault;

    fn try_from(shape: ChargeMoreV1) -> Result<Self, Fault> {
        let standing = match (shape.standing, shape.terms, shape.failure) {
            (AUTHORISED, Some(terms), None) => ChargeStanding::Authorised(terms.try_into()?),
            (PROCESSING, None, None) => ChargeStanding::Processing,
            (SUCCEEDED, None, None) => ChargeStanding::Succeeded,
            (CANCELED, None, None) => ChargeStanding::Canceled,
            (EXPIRED, None, None) => ChargeStanding::Expired,
            (FAILED, None, Some(code)) => ChargeStanding::Failed(FailureCode::numbered(code)?),
            (other, ..) => return Err(Fault::Number { what: "standing of a charge", found: other.into() }),
        };
        Ok(Self {
            standing,
            authorised: shape.authorised,
            asynchronous: shape.asynchronous,
            transfer: maybe(shape.transfer)?.map(TransferId),
            transfers: runs(shape.transfers)?,
            disputed: shape.disputed,
        })
    }
}

/// The transfers of a payment that may fail: they rise, and are no more than a charge may have,
/// or its failure would take one back twice or load more than fits.
fn runs(shapes: Vec<(ObjectV1, u16)>) -> Result<Vec<TransferRun>, Fault> {
    let runs: Vec<TransferRun> = shapes.into_iter().map(run).collect::<Result<_, _>>()?;
    let count: usize = runs.iter().map(|run| usize::from(run.count)).sum();
    if count > MOST_TRANSFERS_AT_RISK {
        return Err(Fault::Number { what: "number of transfers at risk", found: count as i128 });
    }
    let begin = |run: &TransferRun| (run.first.0.position(), run.first.0.ordinal());
    let end = |run: &TransferRun| (run.first.0.position(), run.first.0.ordinal() + run.count);
    // One that went on where another ended would be the same run.
    if !runs.iter().zip(runs.iter().skip(1)).all(|(one, next)| end(one) < begin(next)) {
        return Err(Fault::Text { what: "next run of transfers" });
    }
    Ok(runs)
}

/// Transfers that an event can have made.
fn run((first, count): (ObjectV1, u16)) -> Result<TransferRun, Fault> {
    let first = TransferId(first.try_into()?);
    let last = u32::from(first.0.ordinal()) + u32::from(count);
    if count == 0 || last > 1 << 12 {
        return Err(Fault::Number { what: "run of transfers", found: count.into() });
    }
    Ok(TransferRun { first, count })
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
