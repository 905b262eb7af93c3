//! A movement: one posting to an account, with the object that caused it.

use counterfoil_domain::books::{Kind, Posting, State};
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::money::Currency;
use counterfoil_domain::{AccountId, ChargeId, Event, Recorded, RefundId, ReversalId, TransferId};

use crate::object::ObjectRef;

/// One posting to an account.
pub(crate) struct Movement {
    pub(crate) account: AccountId,
    pub(crate) state: State,
    pub(crate) posting: Posting,
    /// What caused it; a maturity has only its day.
    pub(crate) source: Option<ObjectRef>,
    /// Its place in the entry.
    pub(crate) place: usize,
}

/// Calls `with` for every posting to an account, in the order of their numbers.
pub(crate) fn movements(recorded: &Recorded, mut with: impl FnMut(Movement)) {
    let Some(entry) = recorded.event.entry() else {
        return;
    };
    let mut transfers_done = 0;
    let mut owners = steps_owners(recorded);
    for (place, posting) in entry.postings().iter().enumerate() {
        let owner = owners.next();
        let Some((account, state)) = posting.book.owner() else {
            continue;
        };
        let source = match owner {
            Some(owner) => Some(owner),
            None => source(recorded, posting.kind, transfers_done),
        };
        // A transfer is booked from the platform, in one posting or two, to its
        // destination in one: that one ends it.
        if posting.kind == Kind::Transfer && !account.is_platform() {
            transfers_done += 1;
        }
        with(Movement { account, state, posting: *posting, source, place });
    }
}

/// The objects of the postings of a step, which says whose each is.
fn steps_owners(recorded: &Recorded) -> impl Iterator<Item = ObjectRef> + '_ {
    let moved = if let Event::Moved(moved) = &recorded.event { Some(moved) } else { None };
    moved.into_iter().flat_map(|moved| moved.owners()).map(|record| record.id().into())
}

/// The accounts but the platform's that an event's postings are to, with their currency: that
/// one is always at hand.
#[inline]
pub(crate) fn touched(recorded: &Recorded) -> impl Iterator<Item = (AccountId, Currency)> + '_ {
    recorded.event.entry().into_iter().flat_map(|entry| {
        let owners = entry.postings().iter().filter_map(|posting| posting.book.owner());
        let accounts = owners.map(|(account, _)| account).filter(|account| !account.is_platform());
        accounts.map(|account| (account, entry.currency()))
    })
}

/// The object of a posting of an event that is no step.
fn source(recorded: &Recorded, kind: Kind, transfers_done: u16) -> Option<ObjectRef> {
    let id = |ordinal| ObjectId::new(recorded.position, ordinal);
    match &recorded.event {
        Event::ChargeSucceeded(_) if kind == Kind::Transfer => {
            Some(ChargeId(id(0)).destination_transfer().into())
        }
        Event::ChargeSucceeded(_) => Some(ChargeId(id(0)).into()),
        Event::ChargesSplit(_) => Some(TransferId(id(transfers_done)).into()),
        Event::TransferCreated(_) => Some(TransferId(id(0)).into()),
        Event::TransferReversed(_) => Some(ReversalId(id(0)).into()),
        Event::ChargeRefunded(_) if kind == Kind::TransferReversal => Some(ReversalId(id(1)).into()),
        Event::ChargeRefunded(_) => Some(RefundId(id(0)).into()),
        Event::PayoutCreated(moved) | Event::PayoutPaid(moved) | Event::PayoutFailed(moved) => {
            Some(moved.id.into())
        }
        Event::FundsMatured { .. }
        | Event::RailSettled { .. }
        | Event::LedgerOpened(_)
        | Event::TimeAdvanced { .. }
        | Event::AccountOnboarded(_)
        | Event::RequirementChanged { .. }
        | Event::BankAccountAttached { .. }
        | Event::PayoutScheduleSet { .. }
        | Event::RailOpened { .. }
        | Event::BookmarkSet { .. }
        | Event::ConnectReserveMoved { .. }
        | Event::SuccessorNamed { .. }
        | Event::DebitNegativeBalancesSet { .. }
        | Event::Moved(_) => None,
    }
}
