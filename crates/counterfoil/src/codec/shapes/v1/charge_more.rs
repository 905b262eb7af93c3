//! What few charges have beyond what all have, version 1.

use std::fmt;

use counterfoil_domain::charge::{
    ChargeMore, ChargeStanding, DeclineCode, MOST_TRANSFERS_AT_RISK, PendingPart, TransferRun, is_card_token,
};
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::{AccountId, TransferId};
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeTuple};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::capture_terms::CaptureTermsV1;
use super::object::ObjectV1;
use super::reserve::hold;
use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::{list, maybe};
use crate::codec::values::{day, object};

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
const NONE: u8 = 0x1f;

/// How such a charge stands, and what it keeps. Of one that was made on behalf of an account the
/// number of the standing is raised by [`ON_BEHALF_OF`], and the account follows; of one whose
/// captures took an application fee it is raised by [`FEE_AT`], and the position of the first
/// follows; of one with pending money of several days it is raised by [`WITH_EARLIER`], and those
/// days follow; where something was held of it the flags say [`HELD`], and the newest hold's
/// position follows. So others have no byte that says they were not.
#[derive(Debug)]
pub(in crate::codec) struct ChargeMoreV1 {
    plain: PlainMoreV1,
    on_behalf_of: Option<u32>,
    fee_at: Option<u64>,
    /// The token of the card, which follows last while the processor is asked.
    card: Option<Box<str>>,
    earlier: Vec<PendingPartV1>,
    held: Option<u64>,
}

/// What the number of the standing is raised by where an account follows.
const ON_BEHALF_OF: u8 = 0x80;

/// What it is raised by where the position of a capture follows.
const FEE_AT: u8 = 0x40;

/// What it is raised by where earlier days follow.
const WITH_EARLIER: u8 = 0x20;

/// All of them.
const RAISED: u8 = ON_BEHALF_OF | FEE_AT | WITH_EARLIER;

/// The flags: its result comes after it is booked; the position of a hold follows.
const ASYNCHRONOUS: u8 = 1;
const HELD: u8 = 2;

/// A day, and what is left of it of the charge, of its fee and of its transfer.
type PendingPartV1 = (i32, i64, i64, i64);

/// Days, the earliest first.
#[derive(Debug, Serialize, Deserialize)]
struct EarlierV1(#[serde(deserialize_with = "list::read")] Vec<PendingPartV1>);

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
        let raised = if more.on_behalf_of.is_some() { ON_BEHALF_OF } else { 0 }
            | if more.fee_at.is_some() { FEE_AT } else { 0 }
            | if more.earlier.is_empty() { 0 } else { WITH_EARLIER };
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
        let (fee_at, held) = (more.fee_at, more.held.map(|held| held.0.position()));
        Self { plain, on_behalf_of, fee_at, earlier: earlier.collect(), card: more.card.clone(), held }
    }
}

impl TryFrom<ChargeMoreV1> for ChargeMore {
    type Error = Fault;

    fn try_from(more: ChargeMoreV1) -> Result<Self, Fault> {
        let ChargeMoreV1 { plain: shape, on_behalf_of, fee_at, earlier, card, held } = more;
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
            asked: [ASKED, DECLINED, TAKEN].contains(&number),
            card,
            on_behalf_of: on_behalf_of.map(merchant).transpose()?,
            fee_at: fee_at.map(capture).transpose()?,
            earlier: earlier.into_iter().map(pending_part).collect::<Result<_, _>>()?,
            held: held.map(hold).transpose()?,
        })
    }
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
        let mut more = into.serialize_tuple(6)?;
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
        from.deserialize_tuple(6, Parts)
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
        let follows = plain.flags & HELD != 0;
        let held = if follows { Some(from.next_element()?.ok_or_else(missing)?) } else { None };
        let asked = plain.standing & !RAISED == ASKED;
        let card = if asked { Some(from.next_element()?.ok_or_else(missing)?) } else { None };
        Ok(ChargeMoreV1 { plain, on_behalf_of, fee_at, earlier, card, held })
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
mod tests {
    use counterfoil_domain::ReserveHoldId;
    use counterfoil_domain::calendar::{Day, Timestamp};
    use counterfoil_domain::charge::{CaptureTerms, DestinationShare, ProcessingFee};
    use counterfoil_domain::money::Rate;

    use super::*;
    use crate::codec::serial;

    fn more(days: &[i32]) -> ChargeMore {
        let part =
            |days: &i32| PendingPart { day: Day::from_days(*days), left: 3, fee_left: 2, transfer_left: 1 };
        ChargeMore {
            standing: ChargeStanding::Succeeded,
            authorised: 100,
            asynchronous: false,
            transfer: None,
            transfers: Vec::new(),
            disputed: 0,
            on_behalf_of: None,
            fee_at: None,
            asked: false,
            card: None,
            earlier: days.iter().map(part).collect(),
            held: None,
        }
    }

    fn bytes(more: &ChargeMore) -> Vec<u8> {
        let mut out = Vec::new();
        serial::append(&ChargeMoreV1::from(more), &mut out).unwrap();
        out
    }

    fn read(bytes: &[u8]) -> Result<ChargeMore, Fault> {
        serial::read::<ChargeMoreV1>(bytes)?.try_into()
    }

    /// Standing, terms, failure, authorised, asynchronous, transfer, transfers, disputed; then,
    /// where the standing is raised by 32, how many days, and of each the day and what is left.
    #[test]
    fn days_follow_where_there_are_any_and_cost_nothing_else() {
        let plain = bytes(&more(&[]));
        assert_eq!(plain, [2, 0, 0, 200, 0, 0, 0, 0]);
        let two = bytes(&more(&[5, 7]));
        assert_eq!(two, [34, 0, 0, 200, 0, 0, 0, 0, 2, 10, 6, 4, 2, 14, 6, 4, 2]);
        assert_eq!((read(&plain), read(&two)), (Ok(more(&[])), Ok(more(&[5, 7]))));
    }

    /// Flags of 2, and at the end the position.
    #[test]
    fn the_newest_hold_follows_where_there_is_one() {
        let held = ChargeMore { held: Some(ReserveHoldId::new(9, 0)), ..more(&[5]) };
        let mut stored = bytes(&held);
        assert_eq!(stored, [34, 0, 0, 200, 2, 0, 0, 0, 1, 10, 6, 4, 2, 9]);
        assert_eq!(read(&stored), Ok(held));
        stored[13] = 0;
        assert_eq!(read(&stored), Err(Fault::Number { what: "position of a hold", found: 0 }));
    }

    #[test]
    fn days_have_one_form() {
        let two = bytes(&more(&[5, 7]));
        let mut none = two.clone();
        none.truncate(9);
        none[8] = 0;
        let mut twice = two.clone();
        twice[13] = 10;
        for bad in [none, twice, bytes(&more(&[7, 5]))] {
            assert!(matches!(read(&bad), Err(Fault::Number { what: "list of pending days", .. })), "{bad:?}");
        }
        let mut long = two;
        long[8] = 200;
        assert!(read(&long).is_err());
    }

    fn asked(card: Option<&str>) -> ChargeMore {
        let processing_fee = ProcessingFee { rate: Rate::from_basis_points(0).unwrap(), fixed: 0 };
        let terms = CaptureTerms { until: Timestamp::MAX, processing_fee, share: DestinationShare::Whole };
        let standing = ChargeStanding::Asked(terms);
        ChargeMore { standing, authorised: 10_000, asked: true, card: card.map(Into::into), ..more(&[]) }
    }

    fn stored(more: &ChargeMore) -> Result<ChargeMore, Fault> {
        let mut bytes = Vec::new();
        serial::append(&ChargeMoreV1::from(more), &mut bytes)?;
        serial::read::<ChargeMoreV1>(&bytes)?.try_into()
    }

    #[test]
    fn what_no_charge_is_is_neither_written_nor_read() {
        let whole = asked(Some("tok_visa"));
        assert_eq!(stored(&whole).unwrap(), whole);
        for card in ["4242424242424242", "tok visa", ""] {
            let error = stored(&asked(Some(card))).unwrap_err();
            assert!(matches!(error, Fault::Text { what: "token of a card" }), "{card}: {error:?}");
        }
        assert!(matches!(stored(&asked(None)), Err(Fault::Body(_))), "asked without a card");
        let processing = ChargeMore { standing: ChargeStanding::Processing, ..asked(None) };
        assert!(matches!(stored(&processing), Err(Fault::Body(_))), "no asked charge is processing");
        let declined = ChargeStanding::Declined(DeclineCode::LostCard);
        let carded = ChargeMore { standing: declined, ..asked(Some("tok_visa")) };
        assert!(matches!(stored(&carded), Err(Fault::Body(_))), "it has no card any more");
    }
}
