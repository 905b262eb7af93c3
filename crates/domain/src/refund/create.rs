//! Refunding: what the refunds of all charge types have in common.

use super::{Reason, RefundRefusal, destination_charge, direct_charge, separate_charge};
use crate::books::{Draft, Entry};
use crate::charge::{ChargeRefusal, ChargeState, ChargeType};
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::{ChargeId, TransferId};
use crate::money::round::proportion_half_even;
use crate::money::{Minor, Money};
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::transfer::TransferState;

/// Gives a payer money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Refund {
    /// Which charge.
    pub charge: ChargeId,
    /// How much, in the charge's currency; all that is left where absent.
    pub amount: Option<Minor>,
    /// Whether a destination charge's transfer is reversed in proportion. Off by default.
    pub reverse_transfer: bool,
    /// Whether the application fee is given back in proportion. Off by default.
    pub refund_application_fee: bool,
    /// Why, if it is said.
    pub reason: Option<Reason>,
}

/// A refund as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// Which charge.
    pub id: ChargeId,
    /// What the payer got back.
    pub amount: Minor,
    /// What of the transfer was reversed with it: ordinal 1 of the event, where above zero.
    pub reversed: Minor,
    /// What of the application fee was given back with it.
    pub fee_refunded: Minor,
    /// Why, if it was said.
    pub reason: Option<Reason>,
    /// The charge as it stands after.
    pub charge: ChargeState,
    /// Its transfer as it stands after, where it was reversed.
    pub transfer: Option<(TransferId, TransferState)>,
    /// The books.
    pub entry: Entry,
}

/// A refund in the making: the records that it changes, and what moves.
pub(super) struct Parts {
    pub(super) charge: ChargeState,
    pub(super) transfer: Option<(TransferId, TransferState)>,
    pub(super) amount: Minor,
    pub(super) reversed: Minor,
    pub(super) fee_refunded: Minor,
}

impl Refund {
    /// A refund of all that is left, with both flags off as in Connect.
    #[must_use]
    pub fn full(charge: ChargeId) -> Self {
        Self { charge, amount: None, reverse_transfer: false, refund_application_fee: false, reason: None }
    }
}

impl Verb for Refund {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
        let charge = loaded.get(self.charge);
        needs.add_all(charge.and_then(|charge| charge.own_transfer(self.charge)));
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, context } = *scene;
        let id = self.charge;
        let charge = loaded.get(id).ok_or(ChargeRefusal::Unknown { charge: id })?;
        charge.refuse_unless_succeeded()?;
        let amount = self.amount.unwrap_or_else(|| charge.refundable());
        refuse(charge, self, amount)?;

        let own_transfer = charge.own_transfer(id).filter(|_| self.reverse_transfer);
        let transfer = own_transfer.and_then(|id| loaded.get(id).map(|transfer| (id, transfer.clone())));
        let mut parts = parts(charge.clone(), transfer, self, amount);
        let mut draft = Draft::new(charge.currency);
        let today = context.now.day();
        match charge.charge_type {
            ChargeType::Direct => direct_charge::book(ledger, &mut parts, today, &mut draft)?,
            ChargeType::Destination => destination_charge::book(ledger, &mut parts, today, &mut draft)?,
            ChargeType::Separate => separate_charge::book(ledger, &mut parts, today, &mut draft)?,
        }
        let Parts { charge, transfer, amount, reversed, fee_refunded } = parts;
        let (entry, reason) = (draft.number(ledger), self.reason);
        let refunded = Refunded { id, amount, reversed, fee_refunded, reason, charge, transfer, entry };
        Ok(Events::from_iter([Event::ChargeRefunded(Box::new(refunded))]))
    }
}

fn refuse(charge: &ChargeState, command: &Refund, amount: Minor) -> Result<(), RefundRefusal> {
    let asked = Money::new(charge.currency, amount);
    let left = Money::new(charge.currency, charge.refundable());
    if command.amount.is_some_and(|amount| amount <= 0) {
        return Err(RefundRefusal::NotPositive { asked });
    }
    if left.minor == 0 {
        return Err(RefundRefusal::NothingLeft);
    }
    if amount > left.minor {
        return Err(RefundRefusal::ExceedsCharge { asked, left });
    }
    let destination = charge.charge_type == ChargeType::Destination;
    if command.reverse_transfer && !destination {
        return Err(RefundRefusal::NoTransfer);
    }
    if command.refund_application_fee && charge.application_fee == 0 {
        return Err(RefundRefusal::NoFee);
    }
    if command.refund_application_fee && destination && !command.reverse_transfer {
        return Err(RefundRefusal::FeeWithoutTransfer);
    }
    Ok(())
}

/// How much moves, by running totals: after each refund the total reversed (and the
/// total fee given back) is the proportion of the total refunded, rounded half-even.
/// So partial refunds in any number come out exactly, and never beyond what is left.
fn parts(
    mut charge: ChargeState,
    mut transfer: Option<(TransferId, TransferState)>,
    command: &Refund,
    amount: Minor,
) -> Parts {
    charge.refunded += amount;
    let mut reversed = 0;
    if let Some((_, transfer)) = &mut transfer {
        let share = |refunded| proportion_half_even(transfer.amount, refunded, charge.amount);
        let due = share(charge.refunded_reversing + amount) - share(charge.refunded_reversing);
        reversed = due.min(transfer.reversible());
        charge.refunded_reversing += amount;
        charge.transferred -= reversed;
        transfer.reversed += reversed;
    }
    let mut fee_refunded = 0;
    if command.refund_application_fee {
        // Reversals add to the total too, so that it can pass the charge; the fee cannot.
        let share = |refunded: Minor| {
            proportion_half_even(charge.application_fee, refunded.min(charge.amount), charge.amount)
        };
        let due = share(charge.refunded_with_fee + amount) - share(charge.refunded_with_fee);
        fee_refunded = due.min(charge.application_fee - charge.fee_refunded);
        charge.refunded_with_fee += amount;
        charge.fee_refunded += fee_refunded;
    }
    Parts { charge, transfer, amount, reversed, fee_refunded }
}
