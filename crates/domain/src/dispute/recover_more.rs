//! Recovering more: a refund that failed or a dispute that was won gave a transfer back, or a part that
//! waited was let go, and another dispute of the charge is due of it. So sellers end where they would be had the refund never
//! been, or had the part been paid at once, and get it again where the dispute is won
//! (our own rule, docs/decisions/disputes.md).
//!
//! It is booked as any recovery (`recover.rs`), by the charge as due work of the same instant.

use super::recover::{self, owed, take_back, turn};
use super::{Consequence, DisputeState};
use crate::charge::ChargeState;
use crate::decide::Scene;
use crate::event::Events;
use crate::id::{DisputeId, SplitId, TransferId};
use crate::record::{Loaded, Needs};
use crate::split::Disputed;
use crate::split::rule::Shortfall;

/// Adds the disputes of a charge, and what is read to see what they take back.
pub(crate) fn needs(charge: &ChargeState, loaded: &Loaded, needs: &mut Needs) {
    needs.add_all(charge.disputes().iter().copied());
    for dispute in charge.disputes().iter().filter_map(|id| loaded.get(*id)) {
        if dispute.withdrawn > 0 {
            recover::needs(dispute.charge, &dispute.recovery, loaded, needs);
            needs.add_all(dispute.recovered.iter().map(|done| done.reversal));
        }
    }
}

/// Those that have taken the charge's money, and from sellers what they found.
fn standing<'a>(
    charge: &'a ChargeState,
    loaded: &'a Loaded,
) -> impl Iterator<Item = (DisputeId, &'a DisputeState)> {
    let all = charge.disputes().iter().filter_map(|id| Some((*id, loaded.get(*id)?)));
    all.filter(|(_, dispute)| dispute.withdrawn > 0 && dispute.next == Consequence::Nothing)
}

/// Whether a dispute of a charge is due more of transfers than it took.
pub(crate) fn is_short(charge: &ChargeState, transfers: &[TransferId], loaded: &Loaded) -> bool {
    let owed = standing(charge, loaded).flat_map(|dispute| owed(dispute, charge, loaded));
    let mut owed = owed.map(|owed| owed.transfer);
    owed.any(|transfer| transfers.contains(&transfer))
}

/// Whether a dispute of a charge takes back what parts of this split are liable for.
pub(crate) fn takes_of(charge: &ChargeState, split: SplitId, loaded: &Loaded) -> bool {
    standing(charge, loaded).any(|(_, dispute)| dispute.recovery.takes_of(split))
}

/// Bounds what is taken of a seller that is to owe nothing. What it did not have when the
/// dispute took its money the platform bears for good: of a transfer that was there then, no more is
/// taken than is pending of the sale itself, and nothing that the seller earned otherwise.
fn bound_to_the_sale(take: &mut Disputed, dispute: &DisputeState, charge: &ChargeState, scene: &Scene<'_>) {
    let was_there = take.transfer.0.position() < dispute.booked_at;
    if take.shortfall == Shortfall::PlatformBears && was_there {
        let transfer = scene.loaded.get(take.transfer);
        let sale = transfer.map(|transfer| charge.transfer_purse(transfer, scene.context.now.day()));
        take.amount = take.amount.min(sale.map_or(0, |sale| sale.pending_before()));
        take.fee_share = take.fee_share.min(take.amount);
    }
}

/// Takes back for the first dispute that finds something, as much as fits one event.
pub(crate) fn recover_more(charge: &ChargeState, scene: &Scene<'_>) -> Events {
    let mut charge = charge.clone();
    let since = charge.recover_more(None);
    let found = standing(&charge, scene.loaded).map(|(id, dispute)| {
        let bound = |take: &mut Disputed| bound_to_the_sale(take, dispute, &charge, scene);
        ((id, dispute.clone()), turn((id, dispute), &charge, scene, bound))
    });
    let found: Vec<_> = found.filter(|(_, turn)| !turn.takes.is_empty()).collect();
    let mut found = found.into_iter();
    if let Some((dispute, turn)) = found.next() {
        if found.next().is_some() || turn.is_full {
            charge.recover_more(since);
        }
        return take_back(dispute, charge, turn.takes, scene);
    }
    // Nothing was found after all: it is said, or it would be due for ever.
    let first = standing(&charge, scene.loaded).next().map(|(id, dispute)| (id, dispute.clone()));
    let any = || charge.disputes().iter().find_map(|id| Some((*id, scene.loaded.get(*id)?.clone())));
    let first = first.or_else(any);
    first.map_or_else(Events::new, |first| take_back(first, charge, Vec::new(), scene))
}
