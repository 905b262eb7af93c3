//! What payers may still be given back, of a seller's charges and of what it was transferred.

use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::charge::{ChargeStanding, ChargeState};
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::record::RecordKey;
use counterfoil_domain::{AccountId, ChargeId, policy};

use crate::object::{ObjectKind, ObjectRef};
use crate::objects::{Object, Reader};
use crate::unreadable::Unreadable;

impl Reader<'_> {
    /// What of an account's direct charges, captured on a day or later, may still be given back.
    pub(crate) fn returnable_of_charges(
        &self,
        account: AccountId,
        currency: Currency,
        from: Day,
    ) -> Result<Minor, Unreadable> {
        let mut sum: Minor = 0;
        for charge in self.owned_since(account, ObjectKind::Charge, made_from(from))? {
            if let ObjectRef::Charge(id) = charge.reference
                && charge.currency == currency
            {
                sum = sum.saturating_add(self.returnable(id, &charge, from)?);
            }
        }
        Ok(sum)
    }

    /// What was transferred to an account out of charges that were captured on a day or later,
    /// and not reversed, as far as those charges may still be given back.
    pub(crate) fn returnable_of_transfers(
        &self,
        account: AccountId,
        currency: Currency,
        from: Day,
    ) -> Result<Minor, Unreadable> {
        let mut sum: Minor = 0;
        for transfer in self.received_since(account, ObjectKind::Transfer, made_from(from))? {
            if let ObjectRef::Transfer(id) = transfer.reference
                && let Some(ObjectRef::Charge(source)) = transfer.source
                && transfer.currency == currency
                && let Some(charge) = self.made(ObjectRef::Charge(source))?
            {
                let left = self.state(id)?.map_or(0, |state| state.reversible());
                sum = sum.saturating_add(left.min(self.returnable(source, &charge, from)?));
            }
        }
        Ok(sum)
    }

    /// What a charge's payer may still be given back; nothing where it was captured before a day.
    fn returnable(&self, id: ChargeId, charge: &Object, from: Day) -> Result<Minor, Unreadable> {
        if self.last_moved(charge)?.day() < from {
            return Ok(0);
        }
        Ok(self.state(id)?.map_or(0, |state| at_risk(&state)))
    }

    /// The newest state of a record; `None` where the event that should carry it does not.
    fn state<I: RecordKey>(&self, id: I) -> Result<Option<I::State>, Unreadable>
    where
        I::State: Clone,
    {
        let (_, recorded) = self.latest(id.into().object())?;
        Ok(recorded.record(id.into()).as_ref().and_then(I::of).map(|(_, state)| state.clone()))
    }
}

/// When the first charge was made of which something was captured on a day: it may have been
/// authorised long before. A transfer of it is made with its first capture or after it.
fn made_from(captured: Day) -> Timestamp {
    let authorised = i32::try_from(policy::MOST_AUTHORISATION_DAYS).unwrap_or(i32::MAX);
    captured.plus(authorised.saturating_neg()).start()
}

/// What may go back of a charge: what has arrived and was not refunded or disputed; of one that
/// was captured in part so far, that part. A payment whose result comes after it was booked may
/// fail late, and then all of it goes back, whatever was refunded of it; not while it is disputed.
fn at_risk(charge: &ChargeState) -> Minor {
    match charge.standing() {
        ChargeStanding::Asked(_)
        | ChargeStanding::Declined(_)
        | ChargeStanding::Canceled
        | ChargeStanding::Expired
        | ChargeStanding::Failed(_) => 0,
        ChargeStanding::Processing => charge.amount,
        ChargeStanding::Succeeded if may_fail(charge) => charge.amount,
        ChargeStanding::Succeeded => charge.refundable(),
        ChargeStanding::Authorised(_) => left(charge),
    }
}

/// Whether its payment may still fail: its result came after it was booked, and it is not disputed.
fn may_fail(charge: &ChargeState) -> bool {
    charge.disputed() == 0 && charge.more.as_ref().is_some_and(|more| more.asynchronous)
}

/// What was neither refunded nor disputed.
fn left(charge: &ChargeState) -> Minor {
    charge.amount.saturating_sub(charge.refunded).saturating_sub(charge.disputed()).max(0)
}
