//! Letting go of what waited: a part's money moves once its condition is met.
//!
//! The charge is booked as by a split (`fill.rs`), from its own pending part first:
//!
//! | book, for each transfer | debit | credit |
//! |---|---|---|
//! | platform, pending (available once the charge matured) | part | |
//! | seller, pending (available once the charge matured) | | part |
//!
//! What waits is reserved: it counts as transferred of its charge. Of a charge that was
//! refunded meanwhile the part bears its share, by its liability, as one that was paid would;
//! that stays with the platform, and the rest moves. It asks nothing of the other parts: those
//! that wait do not stand in each other's way, and what others were paid and did not give back
//! is the platform's to bear (docs/decisions/split-rules.md). What a dispute is due of it, it takes
//! back right after, as of a part that was paid (`dispute/recover_more.rs`).

use super::fill::transfer;
use super::state::{SharedPart, SplitState};
use crate::books::Draft;
use crate::charge::ChargeState;
use crate::decide::Scene;
use crate::dispute::takes_of;
use crate::event::Events;
use crate::id::{AccountId, ChargeId, SplitId, TransferId};
use crate::ledger::Ledger;
use crate::money::Minor;
use crate::record::{Loaded, Needs, Record};
use crate::step::{Moved, Step};
use crate::transfer::TransferState;

/// The most pieces that one event lets go, so that it fits 48 KiB whatever the groups of its
/// charges; what is left is done right after, as due work.
const MOST_AT_ONCE: usize = 8;

/// What is booked of a split: its transfers with their ids, and the charges as they stand
/// after, each with what moved of it.
#[derive(Debug)]
pub(super) struct Booking {
    position: u64,
    today: crate::calendar::Day,
    pub(super) draft: Draft,
    pub(super) transfers: Vec<(TransferId, TransferState)>,
    pub(super) charges: Vec<(ChargeId, ChargeState, Minor)>,
}

impl Booking {
    pub(super) fn new(scene: &Scene<'_>, currency: crate::money::Currency) -> Self {
        let position = scene.context.position;
        let today = scene.context.now.day();
        Self { position, today, draft: Draft::new(currency), transfers: Vec::new(), charges: Vec::new() }
    }

    /// Moves `amount` of the charge at that place to a seller.
    pub(super) fn book(&mut self, place: usize, to: AccountId, amount: Minor) -> Option<TransferId> {
        let (charge, state, moved) = self.charges.get_mut(place)?;
        // The split is ordinal 0 of the event that made it, and a part never moves twice.
        let ordinal = u16::try_from(self.transfers.len() + 1).ok()?;
        self.draft.of(ordinal);
        let id = TransferId::new(self.position, ordinal);
        let made = transfer(*charge, state, to, amount, self.today, &mut self.draft);
        state.share(id, amount);
        *moved += amount;
        self.transfers.push((id, made));
        Some(id)
    }

    /// The step: the split, its new transfers, then the charges that changed.
    pub(super) fn step(self, step: Step, id: SplitId, state: SplitState, ledger: &Ledger) -> Moved {
        let amount = self.transfers.iter().map(|(_, transfer)| transfer.amount).sum();
        let mut moved = Moved::new(step, Record::Split(id, state)).of(amount);
        for (id, transfer) in self.transfers {
            let amount = transfer.amount;
            moved = moved.beside(Record::Transfer(id, transfer), amount);
        }
        for (id, charge, amount) in self.charges {
            moved = moved.beside(Record::Charge(id, charge), amount);
        }
        moved.booked(self.draft, ledger)
    }

    /// Where a charge stands among those that are booked, once it is among them.
    fn place(&mut self, charge: ChargeId, scene: &Scene<'_>) -> Option<usize> {
        if let Some(place) = self.charges.iter().position(|(id, ..)| *id == charge) {
            return Some(place);
        }
        self.charges.push((charge, scene.loaded.get(charge)?.clone(), 0));
        Some(self.charges.len() - 1)
    }
}

/// Adds the charges of what waits, and their disputes.
pub(super) fn add_charges<'a>(
    parts: impl Iterator<Item = &'a SharedPart>,
    loaded: &Loaded,
    needs: &mut Needs,
) {
    let mut charges: Vec<ChargeId> =
        parts.flat_map(|part| &part.pieces).filter(|piece| piece.waits()).map(|piece| piece.charge).collect();
    charges.sort_unstable();
    charges.dedup();
    for charge in charges.iter().filter_map(|charge| loaded.get(*charge)) {
        needs.add_all(charge.disputes().iter().copied());
    }
    needs.add_all(charges);
}

/// Lets go of what an instant kept back.
pub(super) fn due(id: SplitId, split: &SplitState, scene: &Scene<'_>) -> Events {
    let mut split = split.clone();
    let booking = release((id, &mut split), scene);
    booking.step(Step::SplitReleased, id, split, scene.ledger).into()
}

/// Lets go of what is free by now, as much as fits one event.
pub(super) fn release((id, split): (SplitId, &mut SplitState), scene: &Scene<'_>) -> Booking {
    let now = scene.context.now;
    let mut booking = Booking::new(scene, split.currency);
    let mut parts = std::mem::take(&mut split.parts);
    let mut room = MOST_AT_ONCE;
    for part in parts.iter_mut().filter(|part| part.is_free(now)) {
        let_go(part, split, scene, &mut booking, &mut room);
        if let (true, Some(awaits)) = (part.pieces.iter().any(super::state::Piece::waits), &mut part.awaits) {
            // It waits for nothing but its turn.
            awaits.until = awaits.until.or(Some(now));
        } else {
            part.awaits = None;
        }
    }
    split.parts = parts;
    // What a dispute is due of what moved now it takes back right after.
    for (_, charge, _) in booking.charges.iter_mut().filter(|(.., moved)| *moved > 0) {
        if takes_of(charge, id, scene.loaded) {
            charge.recover_more(Some(now));
        }
    }
    booking
}

fn let_go(
    part: &mut SharedPart,
    split: &SplitState,
    scene: &Scene<'_>,
    booking: &mut Booking,
    room: &mut usize,
) {
    let (to, liability) = (part.share.account, part.liability);
    for piece in part.pieces.iter_mut().filter(|piece| piece.waits()) {
        if *room == 0 {
            return;
        }
        *room -= 1;
        let Some(place) = booking.place(piece.charge, scene) else {
            debug_assert!(false, "the charges of what waits are loaded");
            piece.kept = piece.amount;
            continue;
        };
        let amount = booking.charges.get_mut(place).map_or(0, |(id, charge, _)| {
            charge.transferred -= piece.amount;
            let bears = piece.bears(liability, charge, split.refunded_before(*id));
            // Of a payment that failed meanwhile nothing is there.
            charge.refuse_without_money().map_or(0, |()| piece.amount - bears)
        });
        piece.kept = piece.amount - amount;
        if amount > 0 {
            piece.transfer = booking.book(place, to, amount);
        }
    }
}
