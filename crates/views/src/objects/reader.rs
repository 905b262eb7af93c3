//! Asking for objects: each is built from the events that made and changed it.

use counterfoil_domain::charge::{ApplicationFee, FeeRefund};
use counterfoil_domain::dispute::Recovered;
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::record::{Kept, RecordKey};
use counterfoil_domain::{AccountId, Event, PayoutId, Record, RecordId, Recorded};

use super::row::By;
use super::{Digest, Object, Objects, Place, made};
use crate::object::{ObjectKind, ObjectRef};
use crate::past::Past;
use crate::statement::Statement;
use crate::unreadable::Unreadable;

/// The objects, to ask for them.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub(super) objects: &'a Objects,
    pub(crate) statement: &'a Statement,
    pub(crate) past: &'a dyn Past,
}

impl<'a> Reader<'a> {
    /// The objects of a view, with the statement that says which entries are whose.
    pub(crate) fn new(objects: &'a Objects, statement: &'a Statement, past: &'a dyn Past) -> Self {
        Self { objects, statement, past }
    }

    /// The object of that kind and id; `None` where there is none.
    ///
    /// # Errors
    /// Rows or events that cannot be read.
    pub fn get(&self, object: ObjectRef) -> Result<Option<Object>, Unreadable> {
        self.made(object)?.map(|object| self.whole(object)).transpose()
    }

    /// The object of that kind that a caller calls `external_id`. Accounts never share
    /// one; of other objects that do, the newest.
    ///
    /// # Errors
    /// Rows or events that cannot be read.
    pub fn by_external_id(&self, kind: ObjectKind, external_id: &str) -> Result<Option<Object>, Unreadable> {
        for made in self.newest(By::ExternalId, Digest::of(external_id).0, kind, u64::MAX) {
            let object = self.at((kind, made?))?;
            if object.external_id() == Some(external_id) {
                return self.whole(object).map(Some);
            }
        }
        Ok(None)
    }

    /// How many objects of that kind there are.
    #[must_use]
    pub fn count(&self, kind: ObjectKind) -> usize {
        let count = self.objects.counts.get(kind as usize).copied().unwrap_or_default();
        usize::try_from(count).unwrap_or(usize::MAX)
    }

    /// The objects whose money a payout took, each once, in the order of their making.
    /// Those of a payout that failed are the ones that it would have paid.
    ///
    /// # Errors
    /// Rows or events that cannot be read.
    pub fn paid_by(&self, payout: PayoutId) -> Result<Vec<Object>, Unreadable> {
        let members = self.members(payout)?.into_iter();
        members.map(|place| self.at(place).and_then(|object| self.whole(object))).collect()
    }

    /// The ids of the payouts of one account or of all, the earliest first.
    pub(crate) fn payouts(
        self,
        account: Option<AccountId>,
    ) -> impl DoubleEndedIterator<Item = Result<PayoutId, Unreadable>> + 'a {
        let (by, property) = match account {
            Some(account) => (By::Owner, u64::from(account.0)),
            None => (By::Kind, 0),
        };
        let rows = self.objects.scan(by, property, ObjectKind::Payout);
        rows.map(|row| Ok(PayoutId(ObjectId::from_bits(row?.made))))
    }

    /// The newest state of a record, and the position of the event that carries it.
    ///
    /// # Errors
    /// A log that cannot be read, or whose newest event of the record does not carry it.
    pub(crate) fn newest_state<I: RecordKey>(&self, id: I) -> Result<(u64, I::State), Unreadable>
    where
        I::State: Clone,
    {
        let id: RecordId = id.into();
        let position = self.past.latest(id.object())?;
        let record = self.past.event(position)?.record(id);
        let state = record.as_ref().and_then(I::of).map(|(_, state)| state.clone());
        let why = || format!("it does not carry the state of {}", ObjectRef::from(id));
        Ok((position, state.ok_or_else(|| Unreadable::event(position, why()))?))
    }

    /// The event at a position, if the view has seen it.
    pub(crate) fn event(&self, position: u64) -> Result<Option<Recorded>, Unreadable> {
        (position < self.objects.next).then(|| self.past.event(position)).transpose()
    }

    /// An object as it was made; `None` where there is none of that kind and id.
    pub(crate) fn made(&self, object: ObjectRef) -> Result<Option<Object>, Unreadable> {
        let Some(made_at) = self.objects.place(object) else {
            return Ok(None);
        };
        let Some(recorded) = self.event(ObjectId::from_bits(made_at.1).position())? else {
            return Ok(None);
        };
        let mut found = None;
        made::made(&recorded, |made| {
            if made.reference == object {
                found = Some(made);
            }
        });
        Ok(found)
    }

    /// The object that a list has at a place, as it was made.
    pub(super) fn at(&self, place: Place) -> Result<Object, Unreadable> {
        let reference = self.objects.reference(place);
        let made = reference.map(|reference| self.made(reference)).transpose()?.flatten();
        made.ok_or_else(|| {
            let position = ObjectId::from_bits(place.1).position();
            Unreadable::event(position, format!("it makes no {}, and a list has one of it", place.0.name()))
        })
    }

    /// Brings an object with a record to its newest state.
    fn newest_of(&self, object: &mut Object) -> Result<(), Unreadable> {
        let latest = self.past.latest(ObjectId::from_bits(object.reference.number()))?;
        if latest != object.changed && !made::change(object, &self.past.event(latest)?) {
            let why = format!("it does not carry the state of {}", object.reference);
            return Err(Unreadable::event(latest, why));
        }
        Ok(())
    }

    /// An application fee as its charge's newest state has it. Which payout took it is not
    /// told: entries name the charge.
    fn fee_as_it_stands(&self, mut object: Object) -> Result<Object, Unreadable> {
        if let Some(ObjectRef::Charge(id)) = object.source {
            let (position, charge) = self.newest_state(id)?;
            let why = || format!("it does not carry the fee of {}", object.reference);
            let fee = ApplicationFee::of(id, &charge).ok_or_else(|| Unreadable::event(position, why()))?;
            (object.amount, object.returned) = (fee.amount.minor, fee.refunded);
            object.changed = object.changed.max(position);
        }
        Ok(object)
    }

    /// A refund of a fee stands as the charge's refund or dispute that made it: what that undid, or
    /// gave back because it was won, went back.
    fn fee_refund_as_it_stands(&self, mut object: Object) -> Result<Object, Unreadable> {
        let made = self.past.event(object.changed)?;
        if let Event::Moved(moved) = &made.event
            && let Record::Dispute(id, _) = &moved.subject.record
        {
            let (position, state) = self.newest_state(*id)?;
            let own = |recovered: &Recovered| recovered.reversal.0.position() == object.changed;
            if state.recovered.iter().any(|recovered| own(recovered) && recovered.given_back) {
                (object.returned, object.status, object.changed) =
                    (object.amount, state.status.name(), position);
            }
            return Ok(object);
        }
        let Some(refund) = FeeRefund::made_by(&made).and_then(|(made, _)| made.refund) else {
            return Ok(object);
        };
        let (position, state) = self.newest_state(refund)?;
        if position > object.changed && !state.status.is_booked() {
            (object.returned, object.status, object.changed) = (object.amount, state.status(), position);
        }
        Ok(object)
    }

    /// An object as it is now, from what it was when it was made.
    pub(super) fn whole(&self, mut object: Object) -> Result<Object, Unreadable> {
        let (reference, made_at) = (object.reference, object.changed);
        if let ObjectRef::Account(account) = reference {
            let account = self.objects.accounts.get(account.index());
            object.changed = account.map_or(made_at, |account| account.changed);
            return Ok(object);
        }
        if let ObjectRef::ApplicationFee(_) = reference {
            return self.fee_as_it_stands(object);
        }
        if let ObjectRef::FeeRefund(_) = reference {
            return self.fee_refund_as_it_stands(object);
        }
        let made = self.past.event(made_at)?;
        match reference {
            ObjectRef::Charge(_)
            | ObjectRef::Transfer(_)
            | ObjectRef::Payout(_)
            | ObjectRef::Topup(_)
            | ObjectRef::Refund(_)
            | ObjectRef::Reversal(_)
            | ObjectRef::Dispute(_)
            | ObjectRef::SplitRule(_)
            | ObjectRef::ReservePlan(_)
            | ObjectRef::ReserveHold(_)
            | ObjectRef::BankDebit(_)
            | ObjectRef::WriteOff(_) => self.newest_of(&mut object)?,
            // One that names its parts never changes.
            ObjectRef::Split(_) if matches!(made.event, Event::Moved(_)) => self.newest_of(&mut object)?,
            ObjectRef::Account(_)
            | ObjectRef::ApplicationFee(_)
            | ObjectRef::FeeRefund(_)
            | ObjectRef::Split(_)
            | ObjectRef::Debit(_)
            | ObjectRef::SplitRuleVersion(_)
            | ObjectRef::Drawdown(_) => {}
        }
        object.payouts = self.payouts_of(&object, made)?;
        Ok(object)
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reader of objects before position {}", self.objects.next)
    }
}
