//! Splits by rules, version 1.

use counterfoil_domain::split::rule::Awaited;
use counterfoil_domain::split::{Piece, SharedPart, Source, SplitState};
use counterfoil_domain::{ChargeId, SplitRuleId, TransferId};
use serde::{Deserialize, Serialize};

use super::condition::fact;
use super::object::ObjectV1;
use super::split::ShareV1;
use super::split_rule::LiabilityV1;
use crate::codec::Fault;
use crate::codec::shapes::{each, list, maybe};
use crate::codec::values::{currency, timestamp};

/// A split by a rule as it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SplitStateV1<'a> {
    rule: ObjectV1,
    version: u16,
    currency: u16,
    total: i64,
    #[serde(deserialize_with = "list::read")]
    charges: Vec<SourceV1>,
    #[serde(borrow, deserialize_with = "list::read")]
    parts: Vec<SharedPartV1<'a>>,
    transfer_group: Option<&'a str>,
}

/// A charge, what of it was divided, and what had been refunded.
#[derive(Debug, Serialize, Deserialize)]
struct SourceV1(ObjectV1, i64, i64);

#[derive(Debug, Serialize, Deserialize)]
struct SharedPartV1<'a> {
    share: ShareV1,
    liability: LiabilityV1,
    #[serde(borrow)]
    awaits: Option<AwaitedV1<'a>>,
    #[serde(deserialize_with = "list::read")]
    pieces: Vec<PieceV1>,
}

/// An instant, and facts in the order of their names.
#[derive(Debug, Serialize, Deserialize)]
struct AwaitedV1<'a> {
    until: Option<i64>,
    #[serde(borrow, deserialize_with = "list::read")]
    facts: Vec<&'a str>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PieceV1 {
    charge: ObjectV1,
    amount: i64,
    kept: i64,
    transfer: Option<ObjectV1>,
}

impl<'a> From<&'a SplitState> for SplitStateV1<'a> {
    fn from(split: &'a SplitState) -> Self {
        let source = |source: &Source| SourceV1(source.charge.0.into(), source.shared, source.refunded);
        Self {
            rule: split.rule.0.into(),
            version: split.version,
            currency: split.currency.number(),
            total: split.total,
            charges: split.charges.iter().map(source).collect(),
            parts: split.parts.iter().map(SharedPartV1::from).collect(),
            transfer_group: split.transfer_group.as_deref(),
        }
    }
}

impl TryFrom<SplitStateV1<'_>> for SplitState {
    type Error = Fault;

    fn try_from(shape: SplitStateV1<'_>) -> Result<Self, Fault> {
        Ok(Self {
            rule: SplitRuleId(shape.rule.try_into()?),
            version: shape.version,
            currency: currency(shape.currency)?,
            total: shape.total,
            charges: each(shape.charges)?,
            parts: each(shape.parts)?,
            transfer_group: shape.transfer_group.map(Into::into),
        })
    }
}

impl TryFrom<SourceV1> for Source {
    type Error = Fault;

    fn try_from(SourceV1(charge, shared, refunded): SourceV1) -> Result<Self, Fault> {
        for (what, found) in [("amount that was shared", shared), ("amount that was refunded", refunded)] {
            within(what, found, i64::MAX)?;
        }
        Ok(Self { charge: ChargeId(charge.try_into()?), shared, refunded })
    }
}

impl<'a> From<&'a SharedPart> for SharedPartV1<'a> {
    fn from(part: &'a SharedPart) -> Self {
        let awaits = part.awaits.as_ref().map(|awaits| AwaitedV1 {
            until: awaits.until.map(|until| until.micros()),
            facts: awaits.facts.iter().map(|fact| fact.as_str()).collect(),
        });
        let pieces = part.pieces.iter().map(PieceV1::from).collect();
        Self { share: (&part.share).into(), liability: part.liability.into(), awaits, pieces }
    }
}

impl TryFrom<SharedPartV1<'_>> for SharedPart {
    type Error = Fault;

    fn try_from(shape: SharedPartV1<'_>) -> Result<Self, Fault> {
        let part = Self {
            share: shape.share.into(),
            liability: shape.liability.try_into()?,
            awaits: maybe(shape.awaits)?,
            pieces: each(shape.pieces)?,
        };
        // What waits for nothing would wait for ever, and what waits has something to wait with.
        if part.awaits.is_some() != part.pieces.iter().any(Piece::waits) {
            return Err(Fault::Text { what: "condition of what waits" });
        }
        Ok(part)
    }
}

impl TryFrom<AwaitedV1<'_>> for Awaited {
    type Error = Fault;

    fn try_from(shape: AwaitedV1<'_>) -> Result<Self, Fault> {
        // One form: a fact is named once, and they rise.
        if !shape.facts.iter().zip(shape.facts.iter().skip(1)).all(|(one, next)| one < next) {
            return Err(Fault::Text { what: "next fact" });
        }
        let facts = shape.facts.into_iter().map(fact).collect::<Result<_, _>>()?;
        Ok(Self { until: shape.until.map(timestamp).transpose()?, facts })
    }
}

impl From<&Piece> for PieceV1 {
    fn from(piece: &Piece) -> Self {
        let Piece { charge, amount, kept, transfer } = *piece;
        Self { charge: charge.0.into(), amount, kept, transfer: transfer.map(|id| id.0.into()) }
    }
}

impl TryFrom<PieceV1> for Piece {
    type Error = Fault;

    fn try_from(shape: PieceV1) -> Result<Self, Fault> {
        within("kept amount of a part", shape.kept, shape.amount)?;
        Ok(Self {
            charge: ChargeId(shape.charge.try_into()?),
            amount: shape.amount,
            kept: shape.kept,
            transfer: maybe(shape.transfer)?.map(TransferId),
        })
    }
}

/// Refuses an amount below zero or above `most`.
fn within(what: &'static str, found: i64, most: i64) -> Result<(), Fault> {
    if (0..=most).contains(&found) { Ok(()) } else { Err(Fault::Number { what, found: found.into() }) }
}
