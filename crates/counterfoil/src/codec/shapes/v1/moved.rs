//! Steps of objects, version 1: the objects that a step left behind, with their whole states.

use counterfoil_domain::books::Entry;
use counterfoil_domain::step::{Books, Owners, Part};
use counterfoil_domain::topup::TopupBalance;
use counterfoil_domain::{
    BankDebitId, ChargeId, DebitId, DisputeId, DrawdownId, Moved, ObjectId, PayoutId, Record, RecordId,
    RefundId, ReserveHoldId, ReservePlanId, ReversalId, SplitId, SplitRuleId, SplitRuleVersionId, Step,
    TopupId, TransferId, WriteOffId,
};
use serde::{Deserialize, Serialize};

use super::bank_debit::BankDebitStateV1;
use super::charge::ChargeStateV1;
use super::debit::DebitStateV1;
use super::debt::WriteOffStateV1;
use super::details::{DetailsV1, details};
use super::dispute::{DisputeReversalV1, DisputeStateV1};
use super::drawdown::DrawdownStateV1;
use super::object::ObjectV1;
use super::payout::PayoutMovedV1;
use super::refund::{RefundReversalV1, RefundStateV1};
use super::reserve::{ReserveHoldStateV1, ReservePlanStateV1};
use super::split_by_rule::SplitStateV1;
use super::split_rule::{SplitRuleStateV1, SplitRuleVersionStateV1};
use super::topup::TopupStateV1;
use super::transfer::{HeldTransferV1, QueuedTransferV1, ReversalStateV1, TransferStateV1};
use crate::codec::Fault;
use crate::codec::shapes::{each, list};
use crate::codec::values::object;

/// An object took a step; its entry, where money moved, stands before it.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct MovedV1<'a> {
    #[serde(borrow)]
    subject: PartV1<'a>,
    #[serde(borrow, deserialize_with = "list::read")]
    beside: Vec<PartV1<'a>>,
    /// How many postings in turn are of which object.
    #[serde(deserialize_with = "list::read")]
    owners: Vec<(u16, u16)>,
    details: Option<DetailsV1<'a>>,
}

/// An object, and what was moved of it.
#[derive(Debug, Serialize, Deserialize)]
struct PartV1<'a> {
    #[serde(borrow)]
    record: RecordV1<'a>,
    amount: i64,
}

/// An object with its whole state. A kind is added at the end.
#[derive(Debug, Serialize, Deserialize)]
enum RecordV1<'a> {
    Charge(ObjectV1, #[serde(borrow)] ChargeStateV1<'a>),
    Transfer(ObjectV1, #[serde(borrow)] TransferStateV1<'a>),
    Payout(PayoutMovedV1),
    Topup(ObjectV1, #[serde(borrow)] TopupStateV1<'a>),
    /// A transfer that waited.
    QueuedTransfer(ObjectV1, #[serde(borrow)] QueuedTransferV1<'a>),
    Reversal(ObjectV1, #[serde(borrow)] ReversalStateV1<'a>),
    Debit(ObjectV1, #[serde(borrow)] DebitStateV1<'a>),
    SplitRule(ObjectV1, SplitRuleStateV1),
    SplitRuleVersion(ObjectV1, #[serde(borrow)] SplitRuleVersionStateV1<'a>),
    Split(ObjectV1, #[serde(borrow)] SplitStateV1<'a>),
    Refund(ObjectV1, #[serde(borrow)] RefundStateV1<'a>),
    /// A reversal that a refund made.
    RefundReversal(ObjectV1, #[serde(borrow)] RefundReversalV1<'a>),
    ReservePlan(ObjectV1, ReservePlanStateV1),
    ReserveHold(ObjectV1, ReserveHoldStateV1),
    Dispute(ObjectV1, #[serde(borrow)] DisputeStateV1<'a>),
    /// A reversal that a dispute made.
    DisputeReversal(ObjectV1, #[serde(borrow)] DisputeReversalV1<'a>),
    /// A top-up of prefunding.
    PrefundingTopup(ObjectV1, #[serde(borrow)] TopupStateV1<'a>),
    Drawdown(ObjectV1, DrawdownStateV1),
    BankDebit(ObjectV1, BankDebitStateV1),
    /// A transfer of which something is or was held.
    HeldTransfer(ObjectV1, #[serde(borrow)] HeldTransferV1<'a>),
    WriteOff(ObjectV1, WriteOffStateV1),
}

/// Which object: the number of its kind, position and ordinal.
pub(in crate::codec) type RecordIdV1 = (u8, u64, u16);

impl<'a> From<&'a Moved> for MovedV1<'a> {
    fn from(moved: &'a Moved) -> Self {
        let owners = moved.books.iter().flat_map(|books| &books.owners).copied();
        Self {
            subject: (&moved.subject).into(),
            beside: moved.beside.iter().map(Into::into).collect(),
            owners: owners.collect(),
            details: moved.details.as_deref().map(Into::into),
        }
    }
}

impl MovedV1<'_> {
    /// The step of which this is the shape.
    pub(in crate::codec) fn taken(self, step: Step, entry: Option<Entry>) -> Result<Moved, Fault> {
        let objects = 1 + self.beside.len();
        let owners: Owners = self.owners.into_iter().collect();
        let books = match entry {
            Some(entry) if cover(&owners, entry.postings().len(), objects) => Some(Books { entry, owners }),
            None if owners.is_empty() => None,
            Some(_) | None => return Err(Fault::Owners),
        };
        let subject = Part::try_from(self.subject)?;
        if !step.is_of(&subject.record) {
            return Err(Fault::Subject);
        }
        Ok(Moved { step, subject, beside: each(self.beside)?, books, details: details(self.details)? })
    }
}

/// Whether runs cover so many postings of so many objects, in the one form that they have.
fn cover(owners: &Owners, postings: usize, objects: usize) -> bool {
    let covered: usize = owners.iter().map(|(run, _)| usize::from(*run)).sum();
    let sound = owners.iter().all(|(run, object)| *run > 0 && usize::from(*object) < objects);
    let apart = owners.iter().zip(owners.iter().skip(1)).all(|((_, one), (_, next))| one != next);
    covered == postings && sound && apart
}

impl<'a> From<&'a Part> for PartV1<'a> {
    fn from(part: &'a Part) -> Self {
        let record = match &part.record {
            Record::Charge(id, state) => RecordV1::Charge(id.0.into(), state.into()),
            Record::Transfer(id, state) => match (state.held, state.queue.as_deref()) {
                (Some(held), _) => RecordV1::HeldTransfer(id.0.into(), HeldTransferV1::new(state, held)),
                (None, None) => RecordV1::Transfer(id.0.into(), state.into()),
                (None, Some(queue)) => {
                    RecordV1::QueuedTransfer(id.0.into(), QueuedTransferV1::new(state, *queue))
                }
            },
            Record::Payout(id, state) => RecordV1::Payout(PayoutMovedV1::new(*id, state)),
            Record::Topup(id, state) => match state.balance {
                TopupBalance::Payments => RecordV1::Topup(id.0.into(), state.into()),
                TopupBalance::RefundAndDisputePrefunding => {
                    RecordV1::PrefundingTopup(id.0.into(), state.into())
                }
            },
            Record::Reversal(id, state) => match (state.refund, state.dispute) {
                (None, None) => RecordV1::Reversal(id.0.into(), state.into()),
                (Some(refund), _) => {
                    RecordV1::RefundReversal(id.0.into(), RefundReversalV1::new(state, refund))
                }
                (None, Some(of)) => RecordV1::DisputeReversal(id.0.into(), DisputeReversalV1::new(state, of)),
            },
            Record::Debit(id, state) => RecordV1::Debit(id.0.into(), state.into()),
            Record::SplitRule(id, state) => RecordV1::SplitRule(id.0.into(), state.into()),
            Record::SplitRuleVersion(id, state) => RecordV1::SplitRuleVersion(id.0.into(), state.into()),
            Record::Split(id, state) => RecordV1::Split(id.0.into(), state.into()),
            Record::Refund(id, state) => RecordV1::Refund(id.0.into(), state.into()),
            Record::ReservePlan(id, state) => RecordV1::ReservePlan(id.0.into(), state.into()),
            Record::ReserveHold(id, state) => RecordV1::ReserveHold(id.0.into(), state.into()),
            Record::Dispute(id, state) => RecordV1::Dispute(id.0.into(), state.into()),
            Record::Drawdown(id, state) => RecordV1::Drawdown(id.0.into(), state.into()),
            Record::BankDebit(id, state) => RecordV1::BankDebit(id.0.into(), state.into()),
            Record::WriteOff(id, state) => RecordV1::WriteOff(id.0.into(), state.into()),
        };
        Self { record, amount: part.amount }
    }
}

impl TryFrom<PartV1<'_>> for Part {
    type Error = Fault;

    fn try_from(part: PartV1<'_>) -> Result<Self, Fault> {
        let id = ObjectId::try_from;
        let record = match part.record {
            RecordV1::Charge(of, state) => Record::Charge(ChargeId(id(of)?), state.try_into()?),
            RecordV1::Transfer(of, state) => Record::Transfer(TransferId(id(of)?), state.try_into()?),
            RecordV1::Payout(moved) => {
                let (id, state) = moved.parts()?;
                Record::Payout(id, state)
            }
            RecordV1::Topup(of, state) => {
                Record::Topup(TopupId(id(of)?), state.topup(TopupBalance::Payments)?)
            }
            RecordV1::PrefundingTopup(of, state) => {
                let topup = state.topup(TopupBalance::RefundAndDisputePrefunding)?;
                Record::Topup(TopupId(id(of)?), topup)
            }
            RecordV1::QueuedTransfer(of, state) => Record::Transfer(TransferId(id(of)?), state.try_into()?),
            RecordV1::HeldTransfer(of, state) => Record::Transfer(TransferId(id(of)?), state.try_into()?),
            RecordV1::Reversal(of, state) => Record::Reversal(ReversalId(id(of)?), state.try_into()?),
            RecordV1::Debit(of, state) => Record::Debit(DebitId(id(of)?), state.try_into()?),
            RecordV1::SplitRule(of, state) => Record::SplitRule(SplitRuleId(id(of)?), state.try_into()?),
            RecordV1::SplitRuleVersion(of, state) => {
                Record::SplitRuleVersion(SplitRuleVersionId(id(of)?), state.try_into()?)
            }
            RecordV1::Split(of, state) => Record::Split(SplitId(id(of)?), state.try_into()?),
            RecordV1::Refund(of, state) => Record::Refund(RefundId(id(of)?), state.try_into()?),
            RecordV1::RefundReversal(of, state) => Record::Reversal(ReversalId(id(of)?), state.try_into()?),
            RecordV1::ReservePlan(of, state) => {
                Record::ReservePlan(ReservePlanId(id(of)?), state.try_into()?)
            }
            RecordV1::ReserveHold(of, state) => {
                let hold = ReserveHoldId(id(of)?);
                Record::ReserveHold(hold, state.behind(hold)?)
            }
            RecordV1::Dispute(of, state) => Record::Dispute(DisputeId(id(of)?), state.try_into()?),
            RecordV1::DisputeReversal(of, state) => Record::Reversal(ReversalId(id(of)?), state.try_into()?),
            RecordV1::Drawdown(of, state) => Record::Drawdown(DrawdownId(id(of)?), state.try_into()?),
            RecordV1::BankDebit(of, state) => Record::BankDebit(BankDebitId(id(of)?), state.try_into()?),
            RecordV1::WriteOff(of, state) => Record::WriteOff(WriteOffId(id(of)?), state.try_into()?),
        };
        Ok(Self { record, amount: part.amount })
    }
}

/// An id as the ledger's snapshot has it.
pub(in crate::codec) fn record_id(id: RecordId) -> RecordIdV1 {
    let kind = match id {
        RecordId::Charge(_) => 0,
        RecordId::Transfer(_) => 1,
        RecordId::Payout(_) => 2,
        RecordId::Topup(_) => 3,
        RecordId::Reversal(_) => 4,
        RecordId::Debit(_) => 5,
        RecordId::SplitRule(_) => 6,
        RecordId::SplitRuleVersion(_) => 7,
        RecordId::Split(_) => 8,
        RecordId::Refund(_) => 9,
        RecordId::ReservePlan(_) => 11,
        RecordId::ReserveHold(_) => 12,
        RecordId::Dispute(_) => 10,
        RecordId::Drawdown(_) => 14,
        RecordId::BankDebit(_) => 13,
        RecordId::WriteOff(_) => 15,
    };
    (kind, id.object().position(), id.object().ordinal())
}

/// The id that is stored so.
pub(in crate::codec) fn read_record_id((kind, position, ordinal): RecordIdV1) -> Result<RecordId, Fault> {
    let id = object(position, ordinal)?;
    match kind {
        0 => Ok(ChargeId(id).into()),
        1 => Ok(TransferId(id).into()),
        2 => Ok(PayoutId(id).into()),
        3 => Ok(TopupId(id).into()),
        4 => Ok(ReversalId(id).into()),
        5 => Ok(DebitId(id).into()),
        6 => Ok(SplitRuleId(id).into()),
        7 => Ok(SplitRuleVersionId(id).into()),
        8 => Ok(SplitId(id).into()),
        9 => Ok(RefundId(id).into()),
        11 => Ok(ReservePlanId(id).into()),
        12 => Ok(ReserveHoldId(id).into()),
        10 => Ok(DisputeId(id).into()),
        14 => Ok(DrawdownId(id).into()),
        13 => Ok(BankDebitId(id).into()),
        15 => Ok(WriteOffId(id).into()),
        other => Err(Fault::Number { what: "kind of object", found: other.into() }),
    }
}
