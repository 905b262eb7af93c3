//! What payers may still be given back, of a seller's charges and of what it was transferred.

use std::collections::BTreeMap;

use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::charge::{ChargeStanding, ChargeState};
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::{AccountId, ChargeId, policy};

use crate::object::{ObjectKind, ObjectRef};
use crate::objects::{Object, Reader};
use crate::unreadable::Unreadable;

/// Amounts by currency.
pub(crate) type Sums = BTreeMap<Currency, Minor>;

impl Reader<'_> {
    /// What of an account's direct charges, captured on a day or later, may still be given back.
    pub(crate) fn returnable_of_charges(&self, account: AccountId, from: Day) -> Result<Sums, Unreadable> {
        let mut sums = Sums::new();
        for charge in self.owned_since(account, ObjectKind::Charge, made_from(from))? {
            if let ObjectRef::Charge(id) = charge.reference {
                add(&mut sums, charge.currency, self.returnable(id, &charge, from)?);
            }
        }
        Ok(sums)
    }

    /// What was transferred to an account out of charges that were captured on a day or later,
    /// and not reversed, as far as those charges may still be given back: what may go back of a
    /// charge counts once, however many of its transfers went there.
    pub(crate) fn returnable_of_transfers(&self, account: AccountId, from: Day) -> Result<Sums, Unreadable> {
        let mut left: BTreeMap<ChargeId, Minor> = BTreeMap::new();
        for transfer in self.received_since(account, ObjectKind::Transfer, made_from(from))? {
            if let ObjectRef::Transfer(id) = transfer.reference
                && let Some(ObjectRef::Charge(source)) = transfer.source
            {
                let (_, state) = self.newest_state(id)?;
                let of_charge = left.entry(source).or_default();
                *of_charge = of_charge.saturating_add(state.reversible());
            }
        }
        let mut sums = Sums::new();
        for (source, left) in left {
            if let Some(charge) = self.made(ObjectRef::Charge(source))? {
                add(&mut sums, charge.currency, left.min(self.returnable(source, &charge, from)?));
            }
        }
        Ok(sums)
    }

    /// What a charge's payer may still be given back; nothing where it was captured before a day.
    fn returnable(&self, id: ChargeId, charge: &Object, from: Day) -> Result<Minor, Unreadable> {
        let (latest, state) = self.newest_state(id)?;
        // An event that moves money of a charge carries its state, so that one which nothing
        // changed was captured when it was made.
        let unchanged = latest == id.0.position();
        let captured = if unchanged { charge.created } else { self.last_moved(charge)? };
        Ok(if captured.day() < from { 0 } else { at_risk(&state) })
    }
}

fn add(sums: &mut Sums, currency: Currency, amount: Minor) {
    let sum = sums.entry(currency).or_default();
    *sum = sum.saturating_add(amount);
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
        ChargeStanding::Succeeded if charge.may_fail() => charge.amount,
        ChargeStanding::Succeeded => charge.refundable(),
        ChargeStanding::Authorised(_) => left(charge),
    }
}

/// What was neither refunded nor disputed.
fn left(charge: &ChargeState) -> Minor {
    charge.amount.saturating_sub(charge.refunded).saturating_sub(charge.disputed()).max(0)
}
