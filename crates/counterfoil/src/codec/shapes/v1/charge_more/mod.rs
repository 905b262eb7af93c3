//! What few charges have beyond what all have, version 1.

use std::fmt;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::charge::{
    ChargeMore, ChargeStanding, DeclineCode, FraudType, FraudWarning, FraudWarningReference,
    MOST_FRAUD_WARNINGS, MOST_TRANSFERS_AT_RISK, PendingPart, TransferRun, is_card_token,
};
use counterfoil_domain::dispute::MOST_DISPUTES;
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::{AccountId, DisputeId, ObjectId, TransferId};
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeTuple};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::v1::capture_terms::CaptureTermsV1;
use crate::codec::shapes::v1::object::ObjectV1;
use crate::codec::shapes::v1::reserve::hold;
use crate::codec::shapes::{list, maybe};
use crate::codec::values::{day, object, timestamp};

const AUTHORISED: u8 = 0;
const PROCESSING: u8 = 1;
const SUCCEEDED: u8 = 2;
const CANCELED: u8 = 3;
const EXPIRED: u8 = 4;
const FAILED: u8 = 5;
/// A processor is asked: the card's token follows, which no other standing has.
const ASKED: u8 = 6;
const DECLINED: u8 = 7;
/// Succeeded, after a processor was asked.
const TAKEN: u8 = 8;
/// Of one that was asked and stands as no asked charge does: not written.
const NONE: u8 = 0x0f;

/// How such a charge stands, and what it keeps. Of one that was made on behalf of an account the
/// number of the standing is raised by [`ON_BEHALF_OF`], and the account follows; of one whose
/// captures took an application fee it is raised by [`FEE_AT`], and the position of the first
/// follows; of one with pending money of several days it is raised by [`WITH_EARLIER`], and those
/// days follow; of one that was disputed or warned of it is raised by [`WITH_TROUBLE`], and its
/// disputes and fraud warnings follow; where something was held of it the flags say [`HELD`], and
/// the newest hold's position follows. So others have no byte that says they were not.
#[derive(Debug)]
pub(in crate::codec) struct ChargeMoreV1 {
    plain: PlainMoreV1,
    on_behalf_of: Option<u32>,
    fee_at: Option<u64>,
    /// The token of the card, which follows last while the processor is asked.
    card: Option<Box<str>>,
    earlier: Vec<PendingPartV1>,
    trouble: TroubleV1,
    held: Option<u64>,
}

/// What the number of the standing is raised by where an account follows.
const ON_BEHALF_OF: u8 = 0x80;

/// What it is raised by where the position of a capture follows.
const FEE_AT: u8 = 0x40;

/// What it is raised by where earlier days follow.
const WITH_EARLIER: u8 = 0x20;

/// What it is raised by where disputes and fraud warnings follow.
const WITH_TROUBLE: u8 = 0x10;

/// All of them.
const RAISED: u8 = ON_BEHALF_OF | FEE_AT | WITH_EARLIER | WITH_TROUBLE;

/// The flags: its result comes after it is booked; the position of a hold follows.
const ASYNCHRONOUS: u8 = 1;
const HELD: u8 = 2;

/// A day, and what is left of it of the charge, of its fee and of its transfer.
type PendingPartV1 = (i32, i64, i64, i64);

/// Days, the earliest first.
#[derive(Debug, Serialize, Deserialize)]
struct EarlierV1(#[serde(deserialize_with = "list::read")] Vec<PendingPartV1>);

/// Disputes and fraud warnings, each the first first, and since when the disputes may find more to
/// take back.
#[derive(Debug, Default, Serialize, Deserialize)]
struct TroubleV1 {
    #[serde(deserialize_with = "list::read")]
    disputes: Vec<ObjectV1>,
    recovering: Option<i64>,
    /// What the processor calls each, and of what it warns.
    #[serde(deserialize_with = "list::read")]
    fraud_warnings: Vec<(Box<str>, u8)>,
}

impl TroubleV1 {
    fn is_none(&self) -> bool {
        self.disputes.is_empty() && self.fraud_warnings.is_empty()
    }
}

/// What every such charge has.
#[derive(Debug, Serialize, Deserialize)]
struct PlainMoreV1 {
    standing: u8,
    /// On which terms it is captured, of one that is authorised or asked.
    terms: Option<CaptureTermsV1>,
    /// Why, of one that failed or was declined.
    failure: Option<u8>,
    authorised: i64,
    flags: u8,
    transfer: Option<ObjectV1>,
    /// The first of each run of transfers, and how many.
    #[serde(deserialize_with = "list::read")]
    transfers: Vec<(ObjectV1, u16)>,
    disputed: i64,
}

impl From<&ChargeMore> for ChargeMoreV1 {
    fn from(more: &ChargeMore) -> Self {
        let (standing, terms, failure) = match more.standing {
            ChargeStanding::Authorised(terms) => (AUTHORISED, Some(terms.into()), None),
            ChargeStanding::Processing => (PROCESSING, None, None),
            ChargeStanding::Succeeded if more.asked => (TAKEN, None, None),
            ChargeStanding::Succeeded => (SUCCEEDED, None, None),
            ChargeStanding::Canceled => (CANCELED, None, None),
            ChargeStanding::Expired => (EXPIRED, None, None),
            ChargeStanding::Failed(code) => (FAILED, None, Some(Numbered::number(code))),
            ChargeStanding::Asked(terms) => (ASKED, Some(terms.into()), None),
            ChargeStanding::Declined(code) => (DECLINED, None, Some(Numbered::number(code))),
        };
        // Who reads it tells by the standing whether it was asked.
        let standing =
            if more.asked == [ASKED, DECLINED, TAKEN].contains(&standing) { standing } else { NONE };
        let warnings = more.fraud_warnings.iter();
        let trouble = TroubleV1 {
            disputes: more.disputes.iter().map(|id| id.0.into()).collect(),
            recovering: more.recovering.map(Timestamp::micros),
            fraud_warnings: warnings
                .map(|warning| (warning.reference.as_str().into(), Numbered::number(warning.fraud_type)))
                .collect(),
        };
        let raised = if more.on_behalf_of.is_some() { ON_BEHALF_OF } else { 0 }
            | if more.fee_at.is_some() { FEE_AT } else { 0 }
            | if more.earlier.is_empty() { 0 } else { WITH_EARLIER }
            | if trouble.is_none() { 0 } else { WITH_TROUBLE };
        let flags = if more.asynchronous { ASYNCHRONOUS } else { 0 } | more.held.map_or(0, |_| HELD);
        let earlier = more.earlier.iter();
        let earlier = earlier.map(|part| (part.day.days(), part.left, part.fee_left, part.transfer_left));
        let plain = PlainMoreV1 {
            standing: standing | raised,
            terms,
            failure,
            authorised: more.authorised,
            flags,
            transfer: more.transfer.map(|id| id.0.into()),
            transfers: more.transfers.iter().map(|run| (run.first.0.into(), run.count)).collect(),
            disputed: more.disputed,
        };
        let on_behalf_of = more.on_behalf_of.map(|account| account.0);
        Self {
            plain,
            on_behalf_of,
            fee_at: more.fee_at,
            earlier: earlier.collect(),
            trouble,
            held: more.held.map(|held| held.0.position()),
            card: more.card.clone(),
        }
    }
}

impl TryFrom<ChargeMoreV1> for ChargeMore {
    type Error = Fault;

    fn try_from(more: ChargeMoreV1) -> Result<Self, Fault> {
        let ChargeMoreV1 { plain: shape, on_behalf_of, fee_at, earlier, trouble, held, card } = more;
        let said = shape.standing & WITH_TROUBLE != 0;
        if said == trouble.is_none() {
            return Err(Fault::Text { what: "trouble of a charge that has none" });
        }
        if trouble.recovering.is_some() && trouble.disputes.is_empty() {
            return Err(Fault::Text { what: "recovery of a charge without disputes" });
        }
        let raised = shape.standing & WITH_EARLIER != 0;
        if raised == earlier.is_empty() || earlier.windows(2).any(|pair| !rises(pair)) {
            return Err(Fault::Number { what: "list of pending days", found: earlier.len() as i128 });
        }
        if card.as_ref().is_some_and(|card| !is_card_token(card)) {
            return Err(Fault::Text { what: "token of a card" });
        }
        if shape.flags & !(ASYNCHRONOUS | HELD) != 0 {
            return Err(Fault::Number { what: "flags of a charge", found: shape.flags.into() });
        }
        let number = shape.standing & !RAISED;
        let standing = match (number, shape.terms, shape.failure) {
            (AUTHORISED, Some(terms), None) => ChargeStanding::Authorised(terms.try_into()?),
            (PROCESSING, None, None) => ChargeStanding::Processing,
            (SUCCEEDED | TAKEN, None, None) => ChargeStanding::Succeeded,
            (CANCELED, None, None) => ChargeStanding::Canceled,
            (EXPIRED, None, None) => ChargeStanding::Expired,
            (FAILED, None, Some(code)) => ChargeStanding::Failed(FailureCode::numbered(code)?),
            (ASKED, Some(terms), None) => ChargeStanding::Asked(terms.try_into()?),
            (DECLINED, None, Some(code)) => ChargeStanding::Declined(DeclineCode::numbered(code)?),
            (other, ..) => return Err(Fault::Number { what: "standing of a charge", found: other.into() }),
        };
        Ok(Self {
            standing,
            authorised: shape.authorised,
            asynchronous: shape.flags & ASYNCHRONOUS != 0,
            transfer: maybe(shape.transfer)?.map(TransferId),
            transfers: runs(shape.transfers)?,
            disputed: shape.disputed,
            recovering: trouble.recovering.map(timestamp).transpose()?,
            disputes: disputed_by(trouble.disputes)?,
            fraud_warnings: warned_of(trouble.fraud_warnings)?,
            asked: [ASKED, DECLINED, TAKEN].contains(&number),
            card,
            on_behalf_of: on_behalf_of.map(merchant).transpose()?,
            fee_at: fee_at.map(capture).transpose()?,
            earlier: earlier.into_iter().map(pending_part).collect::<Result<_, _>>()?,
            held: held.map(hold).transpose()?,
        })
    }
}

/// The disputes of a charge: each once, no more than it may have.
fn disputed_by(shapes: Vec<ObjectV1>) -> Result<Vec<DisputeId>, Fault> {
    if shapes.len() > MOST_DISPUTES {
        return Err(Fault::Number { what: "list of disputes", found: shapes.len() as i128 });
    }
    let dispute = |id| Ok(DisputeId(ObjectId::try_from(id)?));
    let disputes: Vec<DisputeId> = shapes.into_iter().map(dispute).collect::<Result<_, Fault>>()?;
    if disputes.iter().zip(disputes.iter().skip(1)).any(|(before, after)| before >= after) {
        return Err(Fault::Text { what: "next dispute of a charge" });
    }
    Ok(disputes)
}

/// The fraud warnings of a charge: each once, no more than it may have.
fn warned_of(shapes: Vec<(Box<str>, u8)>) -> Result<Vec<FraudWarning>, Fault> {
    if shapes.len() > MOST_FRAUD_WARNINGS {
        return Err(Fault::Number { what: "list of fraud warnings", found: shapes.len() as i128 });
    }
    let mut warnings: Vec<FraudWarning> = Vec::with_capacity(shapes.len());
    for (reference, number) in shapes {
        let known = warnings.iter().any(|warning| warning.reference.as_str() == &*reference);
        let reference = FraudWarningReference::new(&reference).ok().filter(|_| !known);
        let reference = reference.ok_or(Fault::Text { what: "reference of a fraud warning" })?;
        let fraud_type = FraudType::numbered(number)?;
        warnings.push(FraudWarning { reference, fraud_type });
    }
    Ok(warnings)
}

fn rises(pair: &[PendingPartV1]) -> bool {
    matches!(pair, [(before, ..), (after, ..)] if before < after)
}

fn pending_part((days, left, fee_left, transfer_left): PendingPartV1) -> Result<PendingPart, Fault> {
    Ok(PendingPart { day: day(days)?, left, fee_left, transfer_left })
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
        let standing = self.plain.standing & !RAISED;
        if self.card.is_some() != (standing == ASKED) || standing == NONE {
            return Err(S::Error::custom(
                "a charge stands as none does: it has a card while it is asked, not else",
            ));
        }
        let mut more = into.serialize_tuple(7)?;
        more.serialize_element(&self.plain)?;
        if let Some(account) = &self.on_behalf_of {
            more.serialize_element(account)?;
        }
        if let Some(position) = &self.fee_at {
            more.serialize_element(position)?;
        }
        if !self.earlier.is_empty() {
            more.serialize_element(&self.earlier)?;
        }
        if !self.trouble.is_none() {
            more.serialize_element(&self.trouble)?;
        }
        if let Some(position) = &self.held {
            more.serialize_element(position)?;
        }
        if let Some(card) = &self.card {
            more.serialize_element(card)?;
        }
        more.end()
    }
}

impl<'de> Deserialize<'de> for ChargeMoreV1 {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_tuple(7, Parts)
    }
}

/// Reads what every such charge has, and what follows where its standing says so.
struct Parts;

impl<'de> Visitor<'de> for Parts {
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
        let mut earlier = Vec::new();
        if plain.standing & WITH_EARLIER != 0 {
            EarlierV1(earlier) = from.next_element()?.ok_or_else(missing)?;
        }
        let follows = plain.standing & WITH_TROUBLE != 0;
        let trouble = if follows { from.next_element()?.ok_or_else(missing)? } else { TroubleV1::default() };
        let follows = plain.flags & HELD != 0;
        let held = if follows { Some(from.next_element()?.ok_or_else(missing)?) } else { None };
        let asked = plain.standing & !RAISED == ASKED;
        let card = if asked { Some(from.next_element()?.ok_or_else(missing)?) } else { None };
        Ok(ChargeMoreV1 { plain, on_behalf_of, fee_at, earlier, trouble, held, card })
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

#[cfg(test)]
mod tests;
