//! Giving an application fee back by itself
//! (<https://docs.stripe.com/api/fee_refunds/create>). It counts towards what a later refund
//! of the charge gives back of the fee: that gives what brings all of it to the proportion
//! (our own rule, docs/decisions/rounding.md).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | platform, pending while the sale is, else available | amount | |
//! | seller, likewise | | amount |

use super::RefundRefusal;
use super::cover::covered;
use super::direct_charge::fees;
use crate::books::{Draft, Kind};
use crate::charge::{ChargeRefusal, ChargeState, ChargeType, Purse};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{AccountId, ChargeId};
use crate::money::{Minor, Money};
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Gives an application fee back to the seller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefundApplicationFee {
    /// Of which charge.
    pub charge: ChargeId,
    /// How much, in the charge's currency; all that is left where absent.
    pub amount: Option<Minor>,
}

impl Verb for RefundApplicationFee {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
        let charge = loaded.get(self.charge);
        needs.add_all(charge.and_then(|charge| charge.own_transfer(self.charge)));
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, context } = *scene;
        let id = self.charge;
        let charge: &ChargeState = loaded.get(id).ok_or(ChargeRefusal::Unknown { charge: id })?;
        charge.refuse_unless_succeeded()?;
        let left = charge.application_fee - charge.fee_refunded;
        let amount = self.amount.unwrap_or(left);
        refuse(charge, self, (amount, left))?;

        let (mut charge, today) = (charge.clone(), context.now.day());
        charge.fee_refunded += amount;
        let mut draft = Draft::new(charge.currency);
        let mut own = charge.own_transfer(id).and_then(|id| Some((id, loaded.get(id)?.clone())));
        let direct = charge.charge_type == ChargeType::Direct;
        let pending_left = if direct { charge.fee_pending_left } else { charge.pending_left };
        let mut platforms = Purse::new(AccountId::PLATFORM, charge.available_on, today, pending_left);
        platforms.debit(&mut draft, Kind::ApplicationFeeRefund, amount);
        if direct {
            charge.fee_pending_left = platforms.pending_left();
            let mut sellers = Purse::new(charge.owner, charge.available_on, today, charge.pending_left);
            sellers.credit(&mut draft, Kind::ApplicationFeeRefund, amount);
            charge.pending_left = sellers.pending_left();
        } else if let Some((_, transfer)) = &mut own {
            charge.pending_left = platforms.pending_left();
            let mut sellers =
                Purse::new(transfer.destination, transfer.available_on, today, transfer.pending_left);
            sellers.credit_up_to(transfer.amount, &mut draft, Kind::ApplicationFeeRefund, amount);
            transfer.pending_left = sellers.pending_left();
        }
        let (_, platforms_fees) = if direct { fees(ledger, &charge) } else { (0, charge.processing_fee) };
        covered(ledger, AccountId::PLATFORM, charge.currency, &platforms, platforms_fees)
            .map_err(|short| short.refusal)?;
        let moved = Moved::new(Step::ApplicationFeeRefunded, Record::Charge(id, charge)).of(amount);
        let own = own.map(|(id, transfer)| Record::Transfer(id, transfer));
        Ok(moved.beside(own, 0).booked(draft, ledger).into())
    }
}

fn refuse(
    charge: &ChargeState,
    command: &RefundApplicationFee,
    (amount, left): (Minor, Minor),
) -> Result<(), RefundRefusal> {
    let money = |minor| Money::new(charge.currency, minor);
    if command.amount.is_some_and(|amount| amount <= 0) {
        return Err(RefundRefusal::NotPositive { asked: money(amount) });
    }
    if charge.application_fee == 0 {
        return Err(RefundRefusal::NoFee);
    }
    if amount > left || left == 0 {
        return Err(RefundRefusal::ExceedsFee { asked: money(amount), left: money(left) });
    }
    Ok(())
}
