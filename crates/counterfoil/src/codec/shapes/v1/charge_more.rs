//! What few charges have beyond what all have, version 1.

use std::fmt;

use counterfoil_domain::charge::{
    CaptureTerms, ChargeMore, ChargeStanding, DestinationShare, MOST_TRANSFERS_AT_RISK, TransferRun,
};
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::{AccountId, TransferId};
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::object::ObjectV1;
use super::rate::ProcessingFeeV1;
use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::{list, maybe};
use crate::codec::values::{object, timestamp};

const AUTHORISED: u8 = 0;
const PROCESSING: u8 = 1;
const SUCCEEDED: u8 = 2;
const CANCELED: u8 = 3;
const EXPIRED: u8 = 4;
const FAILED: u8 = 5;

const WHOLE: u8 = 0;
const LESS_APPLICATION_FEE: u8 = 1;
const AMOUNT: u8 = 2;

/// How such a charge stands, and what it keeps. Of one that was made on behalf of an account the
/// number of the standing is raised by [`ON_BEHALF_OF`], and the account follows; of one whose
/// captures took an application fee it is raised by [`FEE_AT`], and the position of the first
/// follows. So others have no byte that says they were not.
#[derive(Debug)]
pub(in crate::codec) struct ChargeMoreV1 {
    plain: PlainMoreV1,
    on_behalf_of: Option<u32>,
    fee_at: Option<u64>,
}

/// What the number of the standing is raised by where an account follows.
const ON_BEHALF_OF: u8 = 0x80;

/// What it is raised by where the position of a capture follows.
const FEE_AT: u8 = 0x40;

/// What every such charge has.
#[derive(Debug, Serialize, Deserialize)]
struct PlainMoreV1 {
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
        let raised = if more.on_behalf_of.is_some() { ON_BEHALF_OF } else { 0 }
            | if more.fee_at.is_some() { FEE_AT } else { 0 };
        let plain = PlainMoreV1 {
            standing: standing | raised,
            terms,
            failure,
            authorised: more.authorised,
            asynchronous: more.asynchronous,
            transfer: more.transfer.map(|id| id.0.into()),
            transfers: more.transfers.iter().map(|run| (run.first.0.into(), run.count)).collect(),
            disputed: more.disputed,
        };
        Self { plain, on_behalf_of: more.on_behalf_of.map(|account| account.0), fee_at: more.fee_at }
    }
}

impl TryFrom<ChargeMoreV1> for ChargeMore {
    type Error = Fault;

    fn try_from(ChargeMoreV1 { plain: shape, on_behalf_of, fee_at }: ChargeMoreV1) -> Result<Self, Fault> {
        let standing = match (shape.standing & !(ON_BEHALF_OF | FEE_AT), shape.terms, shape.failure) {
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
            on_behalf_of: on_behalf_of.map(merchant).transpose()?,
            fee_at: fee_at.map(capture).transpose()?,
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

impl Serialize for ChargeMoreV1 {
    fn serialize<S: Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        let mut more = into.serialize_tuple(3)?;
        more.serialize_element(&self.plain)?;
        if let Some(account) = &self.on_behalf_of {
            more.serialize_element(account)?;
        }
        if let Some(position) = &self.fee_at {
            more.serialize_element(position)?;
        }
        more.end()
    }
}

impl<'de> Deserialize<'de> for ChargeMoreV1 {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_tuple(3, Both)
    }
}

/// Reads what every such charge has, and what follows where its standing says so.
struct Both;

impl<'de> Visitor<'de> for Both {
    type Value = ChargeMoreV1;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what a charge has beyond what all have")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<ChargeMoreV1, A::Error> {
        let missing = || A::Error::custom("a charge ends too early");
        let plain: PlainMoreV1 = from.next_element()?.ok_or_else(missing)?;
        let follows = plain.standing & ON_BEHALF_OF != 0;
        let on_behalf_of = if follows { Some(from.next_element()?.ok_or_else(missing)?) } else { None };
        let follows = plain.standing & FEE_AT != 0;
        let fee_at = if follows { Some(from.next_element()?.ok_or_else(missing)?) } else { None };
        Ok(ChargeMoreV1 { plain, on_behalf_of, fee_at })
    }
}

/// A merchant of record other than the platform, which none is named for.
fn merchant(account: u32) -> Result<AccountId, Fault> {
    match account {
        0 => Err(Fault::Number { what: "merchant of record", found: 0 }),
        other => Ok(AccountId(other)),
    }
}

/// A position that an event can have.
fn capture(position: u64) -> Result<u64, Fault> {
    object(position, 0_u16).map(|id| id.position())
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
