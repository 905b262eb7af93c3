//! The largest recovery of a dispute, and the largest giving back, are stored by one event.

use counterfoil_domain::books::{Book, Kind, State};
use counterfoil_domain::charge::{ChargeState, LARGEST_AMOUNT};
use counterfoil_domain::dispute::{
    DisputeReference, DisputeState, MOST_DISPUTES, MOST_RECOVERED_BY_DISPUTE, Recovered, Recovery,
};
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::refund::MOST_LIABLE_SPLITS;
use counterfoil_domain::reserve::MOST_FREED;
use counterfoil_domain::step::Books;
use counterfoil_domain::transfer::{ReversalState, TransferState};
use counterfoil_domain::{
    AccountId, ChargeId, DisputeId, Event, Moved, Record, Recorded, ReversalId, SplitId, Step, TransferId,
};

use super::entries::entry;
use super::hostile_reserves::widest_hold;
use super::refunds::reversal;
use super::sample_disputes::dispute;
use super::samples::{FLORIST, charge, day, samples, transfer};
use super::standings::charge_after;
use super::{LARGEST_EVENT, decode, encode};

/// Of how many transfers one event takes back or gives again.
const AT_ONCE: u16 = 20;

/// A dispute that has taken back of as many transfers as it may, by as many splits, takes of twenty
/// more at once and sets free as many holds as one event may; all groups are the longest. It is due
/// work: one that did not fit would stand in everybody's way.
#[test]
fn the_largest_recovery_and_the_largest_giving_back_fit() {
    let (group, far): (Box<str>, u64) = ("g".repeat(255).into(), 1 << 40);
    let most = Money::new(Currency::BRL, LARGEST_AMOUNT);
    let recovered = |number: usize| Recovered {
        reversal: ReversalId::new(far, number as u16),
        transfer: TransferId::new(far, number as u16),
        amount: LARGEST_AMOUNT,
        fee_share: LARGEST_AMOUNT,
        fee_refunded: 0,
        counted: 0,
        drawn: LARGEST_AMOUNT,
        given_back: true,
    };
    let state = DisputeState {
        reference: DisputeReference::new(&"r".repeat(128)).unwrap(),
        amount: most,
        withdrawn: LARGEST_AMOUNT,
        before: LARGEST_AMOUNT,
        drawn: LARGEST_AMOUNT,
        fee: LARGEST_AMOUNT,
        counter_fee: LARGEST_AMOUNT,
        recovery: Recovery::ByLiability(vec![SplitId::new(far, 0); MOST_LIABLE_SPLITS]),
        recovered: (0..MOST_RECOVERED_BY_DISPUTE).map(recovered).collect(),
        transfer_group: Some(group.clone()),
        ..dispute()
    };
    let mut more = charge_after(Step::ChargeCaptured).and_then(|charge| charge.more).unwrap();
    more.disputes = (0..MOST_DISPUTES).map(|number| DisputeId::new(far + number as u64, 0)).collect();
    let after = ChargeState { transfer_group: Some(group.clone()), more: Some(more), ..charge() };
    // What is given back to a seller that moved makes another transfer; nothing is set free by it.
    for (step, holds, transfers) in
        [(Step::DisputeRecovered, MOST_FREED, 1_u16), (Step::DisputeGivenBack, 0, 2)]
    {
        let mut moved = Moved::new(step, Record::Dispute(DisputeId::new(far, 0), state.clone()))
            .of(LARGEST_AMOUNT)
            .beside(Record::Charge(ChargeId::new(far, 0), after.clone()), LARGEST_AMOUNT);
        let (mut lines, mut owners) = (Vec::new(), counterfoil_domain::step::Owners::new());
        for number in 0..AT_ONCE {
            let made = TransferState {
                destination: AccountId(u32::MAX),
                amount: LARGEST_AMOUNT,
                reversed: LARGEST_AMOUNT,
                pending_left: LARGEST_AMOUNT,
                transfer_group: Some(group.clone()),
                ..transfer(FLORIST)
            };
            let by = ReversalState {
                amount: most,
                refund: None,
                dispute: Some(DisputeId::new(far, 0)),
                given_back: LARGEST_AMOUNT,
                transfer_group: Some(group.clone()),
                ..reversal()
            };
            for _ in 0..transfers {
                let id = TransferId::new(far, number);
                moved = moved.beside(Record::Transfer(id, made.clone()), LARGEST_AMOUNT);
            }
            moved = moved.beside(Record::Reversal(ReversalId::new(far, number), by), LARGEST_AMOUNT);
            let book = |state| Book::Account(AccountId(u32::MAX), state);
            let each = [(State::Pending(day()), -1), (State::Available, -1), (State::Available, 2)];
            let each =
                each.map(|(state, of)| (book(state), Kind::TransferReversal, of * LARGEST_AMOUNT, far));
            lines.extend(std::iter::repeat_n(each, usize::from(transfers)).flatten());
            owners.push((3 * transfers, 2 + number));
        }
        for number in 0..holds {
            let part = widest_hold();
            moved = moved.beside(part.record, part.amount);
            let freed = [(State::Reserved, 1), (State::Pending(day()), -1)];
            lines.extend(freed.map(|(state, sign)| {
                let book = Book::Account(AccountId(u32::MAX), state);
                (book, Kind::ReserveRelease, sign * LARGEST_AMOUNT, far)
            }));
            owners.push((2, 2 + 2 * AT_ONCE + number as u16));
        }
        moved.books = Some(Books { entry: entry(lines), owners });
        let recorded = Recorded { event: Event::Moved(Box::new(moved)), ..samples().swap_remove(0).recorded };
        let mut bytes = Vec::new();
        encode(&recorded, 1, None, &mut bytes).unwrap();
        // A charge with pending money of many days takes some more.
        assert!(bytes.len() < LARGEST_EVENT - 3 * 1024, "{} bytes", bytes.len());
        assert!(decode(recorded.position, &bytes).is_ok_and(|decoded| decoded.recorded == recorded));
    }
}
