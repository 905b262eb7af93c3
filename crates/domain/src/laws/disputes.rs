//! Disputes: what they took and gave back, of whom, and what sellers gave back and got again.
//!
//! Records carry their totals. They are summed here once more from the postings.

use std::collections::BTreeMap;

use super::{Broken, Law};
use crate::books::{Book, Kind};
use crate::charge::ChargeState;
use crate::dispute::{DisputeState, DisputeStatus};
use crate::event::{Event, Recorded};
use crate::id::{AccountId, ChargeId, DisputeId};
use crate::money::Minor;
use crate::record::Record;
use crate::step::{Moved, Step};

/// Every dispute, with what its postings came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Disputes {
    known: BTreeMap<DisputeId, Known>,
    /// Those of each charge, in the order of their opening.
    of: BTreeMap<ChargeId, Vec<DisputeId>>,
}

/// What is known of one dispute.
#[derive(Clone, Debug)]
struct Known {
    state: DisputeState,
    /// What left the rail by it and did not come back.
    withdrawn: i128,
    fees: i128,
    /// What sellers gave back to the platform, and got again.
    recovered: i128,
    given_back: i128,
}

impl Disputes {
    /// Adds what the event moved, and checks the dispute that it leaves.
    pub(super) fn check(&mut self, recorded: &Recorded, broken: &mut Broken) {
        if let Event::Moved(moved) = &recorded.event
            && let Record::Dispute(id, state) = &moved.subject.record
        {
            self.check_dispute(recorded.position, moved, (*id, state), broken);
        }
        recorded.records(|record| {
            if let Record::Charge(id, charge) = record {
                self.check_charge(id, &charge, broken);
            }
        });
    }

    /// A charge names its disputes, all of them and nothing else.
    fn check_charge(&self, id: ChargeId, charge: &ChargeState, broken: &mut Broken) {
        let opened = self.of.get(&id).map_or(&[][..], |opened| opened);
        if charge.disputes() != opened {
            let count = |list: &[DisputeId]| Minor::try_from(list.len()).unwrap_or(Minor::MAX);
            let (said, added) = (count(charge.disputes()), count(opened));
            broken.push(Law::ChargeForgets { charge: id, what: "disputes", said, added });
        }
    }

    fn check_dispute(
        &mut self,
        position: u64,
        moved: &Moved,
        (id, state): (DisputeId, &DisputeState),
        broken: &mut Broken,
    ) {
        let opens = id.0.position() == position;
        if opens {
            let others = self.of.entry(state.charge).or_default();
            let told = |other: &DisputeId| {
                self.known.get(other).is_some_and(|other| other.state.reference == state.reference)
            };
            if others.iter().any(told) {
                broken.push(Law::DisputeChanged { dispute: id });
            }
            others.push(id);
        }
        let new = Known { state: state.clone(), withdrawn: 0, fees: 0, recovered: 0, given_back: 0 };
        let known = self.known.entry(id).or_insert(new);
        let follows = opens || follows(moved.step, known.state.status, state.status);
        // A network may dispute another amount than it asked about.
        let keeps_amount = known.state.amount == state.amount || moved.step == Step::DisputeEscalated;
        if !same(&known.state, state) || !keeps_amount || !follows {
            broken.push(Law::DisputeChanged { dispute: id });
        }
        known.state = state.clone();
        let rail = |kind| -sum(moved, kind, |book| matches!(book, Book::Rail(_)));
        let of = |account: AccountId, kind| {
            sum(moved, kind, |book| book.owner().is_some_and(|(owner, _)| owner == account))
        };
        known.withdrawn += rail(Kind::Dispute) + rail(Kind::DisputeReversal);
        known.fees += rail(Kind::DisputeFee) + rail(Kind::DisputeFeeReversal);
        known.recovered -= of(AccountId::PLATFORM, Kind::TransferReversal);
        known.given_back += of(AccountId::PLATFORM, Kind::Transfer);
        // Who the charge lives on pays, and nobody else.
        let kinds = [Kind::Dispute, Kind::DisputeReversal, Kind::DisputeFee, Kind::DisputeFeeReversal];
        let paid = kinds.iter().map(|kind| of(state.owner, *kind)).sum::<i128>();
        let left = kinds.iter().map(|kind| rail(*kind)).sum::<i128>();
        let recovered = state.recovered.iter().map(|recovered| i128::from(recovered.amount)).sum();
        let most = state.recovered.iter().filter(|recovered| recovered.given_back);
        let most: i128 = most.map(|recovered| i128::from(recovered.amount)).sum();
        for (what, said, added) in [
            ("what was withdrawn", i128::from(state.withdrawn), known.withdrawn),
            ("what its fees come to", i128::from(state.fee) + i128::from(state.counter_fee), known.fees),
            ("what its owner paid", left, paid),
            ("what was recovered", recovered, known.recovered),
            ("what was given back beyond that", (known.given_back - most).max(0), 0),
        ] {
            if said != added {
                broken.push(Law::DisputeForgets { dispute: id, what, said, added });
            }
        }
        let whole = [0, i128::from(state.amount.minor)].contains(&known.withdrawn);
        if !whole || known.fees < 0 {
            broken.push(Law::DisputeChanged { dispute: id });
        }
    }
}

/// What postings of a kind come to in the books that are meant, debits positive.
fn sum(moved: &Moved, kind: Kind, of: impl Fn(Book) -> bool) -> i128 {
    let postings = moved.postings();
    let meant = postings.filter(|posting| posting.kind == kind && of(posting.book));
    meant.map(|posting| i128::from(posting.amount)).sum()
}

/// Whether a dispute kept what it was opened with.
fn same(before: &DisputeState, after: &DisputeState) -> bool {
    let opened = |state: &DisputeState| {
        let what = (
            state.charge,
            state.owner,
            state.seller,
            state.amount.currency,
            state.reason,
            state.recovery.clone(),
        );
        (what, state.created, state.reference.clone())
    };
    opened(before) == opened(after)
}

/// Whether a dispute may come to stand so from there by a step. What follows of one leaves it as it
/// is, however it stands by then: of a group of commands, all of them come first.
fn follows(step: Step, before: DisputeStatus, after: DisputeStatus) -> bool {
    use DisputeStatus::{
        Lost, NeedsResponse, Prevented, UnderReview, WarningClosed, WarningNeedsResponse, WarningUnderReview,
        Won,
    };
    if [Step::DisputeRecovered, Step::DisputeGivenBack].contains(&step) {
        return before == after;
    }
    match before {
        WarningNeedsResponse => {
            [WarningUnderReview, WarningClosed, Prevented, NeedsResponse].contains(&after)
        }
        WarningUnderReview => [WarningClosed, Prevented, NeedsResponse].contains(&after),
        NeedsResponse => [UnderReview, Won, Lost].contains(&after),
        UnderReview => [Won, Lost].contains(&after),
        Lost => after == Won,
        Won | WarningClosed | Prevented => false,
    }
}
