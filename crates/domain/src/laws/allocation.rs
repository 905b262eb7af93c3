//! Allocations: which entries each payout took, while it has not failed.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::holding::Holdings;
use super::{Broken, Law};
use crate::account::EntryRange;
use crate::books::{Kind, Posting, State};
use crate::event::{Event, Recorded};
use crate::id::{AccountId, PayoutId};
use crate::money::{Currency, Minor};
use crate::payout::{PayoutMoved, PayoutStatus};

/// The payouts that have not failed.
#[derive(Clone, Debug, Default)]
pub(super) struct Allocations(BTreeMap<PayoutId, Live>);

/// A payout that has not failed.
#[derive(Clone, Debug)]
struct Live {
    account: AccountId,
    currency: Currency,
    amount: Minor,
    paid: bool,
    /// The number of its own posting to available.
    own: u64,
    taken: SmallVec<[(EntryRange, i128); 1]>,
}

impl Allocations {
    /// Checks what an event does to payouts; its entry is already added.
    pub(super) fn check(&mut self, recorded: &Recorded, holdings: &mut Holdings, broken: &mut Broken) {
        if let Event::PayoutCreated(moved) = &recorded.event {
            if moved.id.0.position() != recorded.position || moved.id.0.ordinal() != 0 {
                broken.push(Law::PayoutChanged { payout: moved.id });
            }
            self.create(moved, holdings, broken);
        }
        if let Event::PayoutPaid(moved) = &recorded.event {
            let paid_before =
                self.matching(moved, broken).map(|live| std::mem::replace(&mut live.paid, true));
            if paid_before == Some(true) || moved.payout.status != PayoutStatus::Paid {
                broken.push(Law::PayoutChanged { payout: moved.id });
            }
        }
        if let Event::PayoutFailed(moved) = &recorded.event {
            let paid = self.matching(moved, broken).is_some_and(|live| live.paid);
            let follows = match moved.payout.status {
                PayoutStatus::Failed(_) => !paid,
                PayoutStatus::Returned(_) => paid,
                PayoutStatus::InTransit | PayoutStatus::Paid => false,
            };
            if !follows {
                broken.push(Law::PayoutChanged { payout: moved.id });
            }
            if let Some(live) = self.0.remove(&moved.id)
                && let Some(holding) = holdings.of(live.account, live.currency)
            {
                holding.reopen(&live.taken);
                holding.reopen_movement(live.own, -i128::from(live.amount));
                holding.reopen_movement(available_posting(moved), i128::from(live.amount));
            }
        }
    }

    fn create(&mut self, moved: &PayoutMoved, holdings: &mut Holdings, broken: &mut Broken) {
        let (id, payout) = (moved.id, &moved.payout);
        let (account, currency, amount) = (payout.account, payout.currency, payout.amount);
        let Some(holding) = holdings.of(account, currency) else {
            broken.push(Law::UnknownAccount { account });
            return;
        };
        if payout.status != PayoutStatus::InTransit {
            broken.push(Law::PayoutChanged { payout: id });
        }
        let mut taken = SmallVec::new();
        for range in &payout.entries {
            if let Some(by) = holding.taken_by(*range) {
                broken.push(Law::EntryTaken { payout: id, range: *range, by });
            }
            taken.push((*range, holding.take(*range, id)));
        }
        let sum = taken.iter().map(|(_, sum)| *sum).sum();
        if sum != i128::from(amount) || amount <= 0 {
            broken.push(Law::PayoutSum { payout: id, amount, sum });
        }
        self.0.insert(
            id,
            Live { account, currency, amount, paid: false, own: available_posting(moved), taken },
        );
    }

    /// The live payout of that id, which must be the one that was made.
    fn matching(&mut self, moved: &PayoutMoved, broken: &mut Broken) -> Option<&mut Live> {
        let (payout, state) = (moved.id, &moved.payout);
        let Some(live) = self.0.get_mut(&payout) else {
            broken.push(Law::NoLivePayout { payout });
            return None;
        };
        let ranges = live.taken.iter().map(|(range, _)| range);
        let same = live.account == state.account
            && live.currency == state.currency
            && live.amount == state.amount
            && ranges.eq(state.entries.iter());
        if !same {
            broken.push(Law::PayoutChanged { payout });
        }
        Some(live)
    }
}

/// The number of the posting to available in a payout's own movement.
fn available_posting(moved: &PayoutMoved) -> u64 {
    let mut postings = moved.entry.postings().iter();
    let own = |posting: &&Posting| {
        let available = posting.book.owner().is_some_and(|(_, state)| state == State::Available);
        available && matches!(posting.kind, Kind::Payout | Kind::PayoutFailure)
    };
    postings.find(own).map_or(0, |posting| posting.number)
}
