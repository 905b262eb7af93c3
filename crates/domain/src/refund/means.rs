//! What sellers can give back by one event, each after what it gave before.

use std::collections::BTreeMap;

use super::cover::usable;
use crate::decide::Scene;
use crate::id::{AccountId, TransferId};
use crate::ledger::Ledger;
use crate::money::{Currency, Minor};
use crate::reserve::{Freeable, HoldSource};
use crate::split::rule::Shortfall;

/// What sellers can still give back in a currency.
pub(crate) struct Means<'a> {
    ledger: &'a Ledger,
    currency: Currency,
    freeable: Freeable<'a>,
    drawn: BTreeMap<AccountId, Minor>,
}

impl<'a> Means<'a> {
    /// What they can before the event takes anything.
    pub(crate) fn of(scene: &Scene<'a>, currency: Currency) -> Self {
        let (ledger, freeable) = (scene.ledger, Freeable::of(scene.loaded));
        Self { ledger, currency, freeable, drawn: BTreeMap::new() }
    }

    /// Whether as much can still be freed of a transfer as by an event of its own.
    pub(crate) fn has_room(&self, transfer: TransferId, amount: Minor) -> bool {
        self.freeable.has_room(HoldSource::Transfer(transfer), amount)
    }

    /// What of an amount a seller gives back of a transfer that has so much pending. Where the
    /// platform bears what the seller does not have, it is what is pending, what is held of the
    /// transfer and set free for it, and what the seller has available and prefunded; else all.
    pub(crate) fn give(
        &mut self,
        seller: AccountId,
        (transfer, pending): (TransferId, Minor),
        amount: Minor,
        shortfall: Option<Shortfall>,
    ) -> Minor {
        let freed = self.freeable.take(HoldSource::Transfer(transfer), amount);
        let own = amount.min(pending.saturating_add(freed));
        let mut from_available = amount - own;
        let drawn = self.drawn.entry(seller).or_default();
        if shortfall == Some(Shortfall::PlatformBears) {
            let wallet = self.ledger.account(seller).and_then(|holder| holder.wallet(self.currency));
            let has = wallet.map_or(0, usable).saturating_sub(*drawn);
            from_available = from_available.min(has.max(0));
        }
        *drawn = drawn.saturating_add(from_available);
        own + from_available
    }
}
