//! Prefunding: what top-ups brought there is there until it is drawn, and nobody is below zero
//! beside it for longer than an instant.

use std::collections::{BTreeMap, BTreeSet};

use super::holding::Holdings;
use super::{Broken, Law};
use crate::books::{Entry, State};
use crate::calendar::Timestamp;
use crate::event::{Event, Recorded};
use crate::id::{AccountId, DrawdownId, TopupId};
use crate::money::{Currency, Money};
use crate::prefunding::{DrawdownCause, DrawdownState};
use crate::record::{Record, RecordKey};
use crate::step::{Moved, Step};
use crate::topup::TopupBalance;

/// Whose, and in which currency.
type Key = (AccountId, Currency);

/// What prefunding comes to, by what objects say.
#[derive(Clone, Debug, Default)]
pub(super) struct Prefundings {
    added: BTreeMap<Key, i128>,
    /// Who is below zero and has some.
    short: BTreeSet<Key>,
}

impl Prefundings {
    /// Adds what an event says of prefunding, once its entry is posted; `before` is the business
    /// time of the event before it.
    pub(super) fn check(
        &mut self,
        (recorded, before): (&Recorded, Timestamp),
        holdings: &mut Holdings,
        broken: &mut Broken,
    ) {
        if recorded.time > before
            && let Some((account, currency)) = self.short.pop_first()
        {
            broken.push(Law::PrefundingLate { account, currency });
        }
        let said = if let Event::Moved(moved) = &recorded.event { self.add(moved) } else { None };
        let owners =
            recorded.event.entry().into_iter().flat_map(Entry::postings).filter_map(|it| it.book.owner());
        if self.added.is_empty() && owners.clone().all(|(_, state)| state != State::Prefunded) {
            return;
        }
        let currency = recorded.event.entry().map(Entry::currency);
        let moved = owners.filter(|(_, state)| matches!(state, State::Available | State::Prefunded));
        let moved = moved.filter_map(|(account, _)| Some((account, currency?)));
        let touched: BTreeSet<Key> = moved.chain(said).collect();
        for (account, currency) in touched {
            let Some(holding) = holdings.of(account, currency) else {
                continue;
            };
            let (available, held) = (holding.balance(State::Available), holding.balance(State::Prefunded));
            let added = self.added.get(&(account, currency)).copied().unwrap_or_default();
            if held != added {
                broken.push(Law::Prefunding { account, currency, held, added });
            }
            if available < 0 && held > 0 {
                self.short.insert((account, currency));
            } else {
                self.short.remove(&(account, currency));
            }
            if let Some(drawn) = used(recorded)
                && drawn.account == account
                && (available > 0 || available < 0 && held > 0)
            {
                broken.push(Law::PrefundingUse { account, currency, available, held });
            }
        }
    }

    /// Adds what a step says, and says whose.
    fn add(&mut self, moved: &Moved) -> Option<Key> {
        let record = &moved.subject.record;
        let topup = TopupId::of(record).map(|(_, topup)| topup);
        let topup = topup.filter(|topup| topup.balance == TopupBalance::RefundAndDisputePrefunding);
        let (account, Money { currency, minor }, sign) = if let Some(topup) = topup {
            let sign = i128::from(moved.step == Step::TopupSucceeded)
                - i128::from(moved.step == Step::TopupReversed);
            (topup.account, topup.amount, sign)
        } else {
            let (_, drawn) = DrawdownId::of(record)?;
            (drawn.account, drawn.amount, -1)
        };
        let added = self.added.entry((account, currency)).or_default();
        *added += i128::from(minor) * sign;
        if moved.step == Step::TopupReversed {
            // The bank takes back what prefunding paid meanwhile too, from elsewhere.
            *added = (*added).max(0);
        }
        Some((account, currency))
    }
}

/// The drawdown that covered an available balance below zero, where the event is one.
fn used(recorded: &Recorded) -> Option<&DrawdownState> {
    let Event::Moved(moved) = &recorded.event else { return None };
    let Record::Drawdown(_, drawn) = &moved.subject.record else { return None };
    (drawn.cause == DrawdownCause::Shortfall).then_some(drawn)
}
