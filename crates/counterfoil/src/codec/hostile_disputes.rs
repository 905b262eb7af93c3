//! The largest recovery of a dispute, and the largest giving back, are stored by one event.

use counterfoil_domain::books::{Book, Kind, State};
use counterfoil_domain::charge::{ChargeState, LARGEST_AMOUNT};
use counterfoil_domain::dispute::{
    DisputeReference, DisputeState, MOST_DISPUTES, MOST_RECOVERED_BY_DISPUTE, Recovered, Recovery,
};
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::refund::MOST_LIABLE_SPLITS;
use counterfoil_domain::reserve::MOST_FREED;
use counterfoil_domain::step::{Books, Owners};
use counterfoil_domain::transfer::{ReversalState, TransferState};
use counterfoil_domain::{
    AccountId, ChargeId, DisputeId, Event, Moved, Record, Recorded, ReversalId, SplitId, Step, TransferId,
};

use super::entries::entry;
use super::hostile_reserves::widest_hold;
use super::refunds::reversal;
use super::sample_disputes::dispute;
use super::samples::{FLORIST, charge, day, instant, samples, transfer};
use super::standings::charge_after;
use super::{LARGEST_EVENT, decode, encode};

/// Of how many transfers one event takes back or gives again.
const AT_ONCE: u16 = 20;

const FAR: u64 = 1 << 40;

/// The longest group.
fn group() -> Option<Box<str>> {
    Some("g".repeat(255).into())
}

/// A dispute that has taken back of as many transfers as it may, by as many splits.
fn largest_dispute() -> DisputeState {
    let recovered = |number: usize| Recovered {
        reversal: ReversalId::new(FAR, number as u16),
        transfer: TransferId::new(FAR, number as u16),
        amount: LARGEST_AMOUNT,
        fee_share: LARGEST_AMOUNT,
        fee_refunded: 0,
        counted: 0,
        drawn: LARGEST_AMOUNT,
        given_back: true,
    };
    DisputeState {
        reference: DisputeReference::new(&"r".repeat(128)).unwrap(),
        amount: Money::new(Currency::BRL, LARGEST_AMOUNT),
        withdrawn: LARGEST_AMOUNT,
        before: LARGEST_AMOUNT,
        drawn: LARGEST_AMOUNT,
        fee: LARGEST_AMOUNT,
        counter_fee: LARGEST_AMOUNT,
        recovery: Recovery::ByLiability(vec![SplitId::new(FAR, 0); MOST_LIABLE_SPLITS]),
        recovered: (0..MOST_RECOVERED_BY_DISPUTE).map(recovered).collect(),
        transfer_group: group(),
        ..dispute()
    }
}

/// A charge with as many disputes as it may have.
fn largest_charge() -> ChargeState {
    let mut more = charge_after(Step::ChargeCaptured).and_then(|charge| charge.more).unwrap();
    more.disputes = (0..MOST_DISPUTES).map(|number| DisputeId::new(FAR + number as u64, 0)).collect();
    more.recovering = Some(instant());
    ChargeState { transfer_group: group(), more: Some(more), ..charge() }
}

/// A transfer and its reversal.
fn taken(number: u16) -> (Record, Record) {
    let made = TransferState {
        destination: AccountId(u32::MAX),
        amount: LARGEST_AMOUNT,
        reversed: LARGEST_AMOUNT,
        pending_left: LARGEST_AMOUNT,
        transfer_group: group(),
        ..transfer(FLORIST)
    };
    let by = ReversalState {
        amount: Money::new(Currency::BRL, LARGEST_AMOUNT),
        refund: None,
        dispute: Some(DisputeId::new(FAR, 0)),
        given_back: LARGEST_AMOUNT,
        transfer_group: group(),
        ..reversal()
    };
    let ids = (TransferId::new(FAR, number), ReversalId::new(FAR, number));
    (Record::Transfer(ids.0, made), Record::Reversal(ids.1, by))
}

/// The step of twenty transfers: what each posts, with another transfer beside it where its seller
/// moved, and the holds that are set free.
fn largest(step: Step, holds: usize, transfers: u16) -> Moved {
    let id = DisputeId::new(FAR, 0);
    let mut moved = Moved::new(step, Record::Dispute(id, largest_dispute()))
        .of(LARGEST_AMOUNT)
        .beside(Record::Charge(ChargeId::new(FAR, 0), largest_charge()), LARGEST_AMOUNT);
    let book = |state| Book::Account(AccountId(u32::MAX), state);
    let (mut lines, mut owners) = (Vec::new(), Owners::new());
    for number in 0..AT_ONCE {
        let (transfer, reversal) = taken(number);
        for _ in 0..transfers {
            moved = moved.beside(transfer.clone(), LARGEST_AMOUNT);
        }
        moved = moved.beside(reversal, LARGEST_AMOUNT);
        let each = [(State::Pending(day()), -1), (State::Available, -1), (State::Available, 2)];
        let each = each.map(|(state, of)| (book(state), Kind::TransferReversal, of * LARGEST_AMOUNT, FAR));
        lines.extend(std::iter::repeat_n(each, usize::from(transfers)).flatten());
        owners.push((3 * transfers, 2 + number));
    }
    for number in 0..holds {
        let part = widest_hold();
        moved = moved.beside(part.record, part.amount);
        let freed = [(State::Reserved, 1), (State::Pending(day()), -1)];
        let freed = freed.map(|(state, of)| (book(state), Kind::ReserveRelease, of * LARGEST_AMOUNT, FAR));
        lines.extend(freed);
        owners.push((2, 2 + 2 * AT_ONCE + number as u16));
    }
    moved.books = Some(Books { entry: entry(lines), owners });
    moved
}

/// A dispute takes of twenty transfers at once and sets free as many holds as one event may, or gives
/// back to twenty sellers that moved; all groups are the longest. It is due work: one that did not fit
/// would stand in everybody's way.
#[test]
fn the_largest_recovery_and_the_largest_giving_back_fit() {
    let steps = [(Step::DisputeRecovered, MOST_FREED, 1), (Step::DisputeGivenBack, 0, 2)];
    for (step, holds, transfers) in steps {
        let event = Event::Moved(Box::new(largest(step, holds, transfers)));
        let recorded = Recorded { event, ..samples().swap_remove(0).recorded };
        let mut bytes = Vec::new();
        encode(&recorded, 1, None, &mut bytes).unwrap();
        // A charge with pending money of many days takes some more.
        assert!(bytes.len() < LARGEST_EVENT - 3 * 1024, "{} bytes", bytes.len());
        assert!(decode(recorded.position, &bytes).is_ok_and(|decoded| decoded.recorded == recorded));
    }
}
