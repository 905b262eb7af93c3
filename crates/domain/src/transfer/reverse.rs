//! Reversing a transfer: moving money back to the platform.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | seller, pending as far as it is still there, else available | amount | |
//! | platform, pending until the source matures, else available | | amount |
//!
//! A seller must have the money; only the transfer of a destination charge may be
//! reversed into a negative balance, up to the charge
//! (<https://docs.stripe.com/api/transfer_reversals>).

use super::{TransferRefusal, TransferState};
use crate::books::{Draft, Entry, Kind};
use crate::charge::{ChargeState, ChargeType, Purse};
use crate::decide::{Context, Scene, Verb};
use crate::event::{Event, Events};
use crate::id::{AccountId, TransferId};
use crate::money::{Minor, Money};
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;

/// Moves transferred money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReverseTransfer {
    /// Which transfer.
    pub transfer: TransferId,
    /// How much, in the transfer's currency; all that is left where absent.
    pub amount: Option<Minor>,
}

/// A reversal as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversed {
    /// Which transfer.
    pub id: TransferId,
    /// What was moved back.
    pub amount: Minor,
    /// The transfer as it stands after.
    pub transfer: TransferState,
    /// Its source charge as it stands after.
    pub charge: Option<ChargeState>,
    /// The books.
    pub entry: Entry,
}

impl Verb for ReverseTransfer {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.transfer);
        let transfer = loaded.get(self.transfer);
        needs.add_all(transfer.and_then(|transfer| transfer.source_charge));
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, context } = *scene;
        let id = self.transfer;
        let transfer = loaded.get(id).ok_or(TransferRefusal::Unknown { transfer: id })?;
        let amount = self.amount.unwrap_or_else(|| transfer.reversible());
        let asked = Money::new(transfer.currency, amount);
        let left = Money::new(transfer.currency, transfer.reversible());
        if self.amount.is_some_and(|amount| amount <= 0) {
            return Err(TransferRefusal::NotPositive { asked }.into());
        }
        if amount > left.minor || left.minor == 0 {
            return Err(TransferRefusal::ExceedsTransfer { asked, left }.into());
        }

        let charge = transfer.source_charge.and_then(|id| loaded.get(id));
        let mut draft = Draft::new(transfer.currency);
        let (transfer, charge, from_available) =
            book(transfer.clone(), charge.cloned(), amount, &mut draft, context);
        let available =
            ledger.account(transfer.destination).map_or(0, |seller| seller.available(transfer.currency));
        let may_go_negative =
            charge.as_ref().is_some_and(|charge| charge.charge_type == ChargeType::Destination);
        if from_available > available.max(0) && !may_go_negative {
            let available = Money::new(transfer.currency, available.max(0) + amount - from_available);
            return Err(TransferRefusal::AccountShort { asked, available }.into());
        }

        let entry = draft.number(ledger);
        Ok(Events::from_iter([Event::TransferReversed(Box::new(Reversed {
            id,
            amount,
            transfer,
            charge,
            entry,
        }))]))
    }
}

/// Books the movement back; says what it took from the seller's available balance.
fn book(
    mut transfer: TransferState,
    mut charge: Option<ChargeState>,
    amount: Minor,
    draft: &mut Draft,
    context: &Context,
) -> (TransferState, Option<ChargeState>, Minor) {
    let today = context.now.day();
    let mut sellers = Purse::new(transfer.destination, transfer.available_on, today, transfer.pending_left);
    let mut platforms = match &charge {
        Some(charge) => Purse::new(AccountId::PLATFORM, charge.available_on, today, charge.pending_left),
        None => Purse::available(AccountId::PLATFORM),
    };
    sellers.debit(draft, Kind::TransferReversal, amount);
    platforms.credit(draft, Kind::TransferReversal, amount);

    transfer.reversed += amount;
    transfer.pending_left = sellers.pending_left();
    if let Some(charge) = &mut charge {
        charge.transferred -= amount;
        charge.pending_left = platforms.pending_left();
    }
    (transfer, charge, sellers.drawn())
}
