//! Hostile holds: what is left of one is a part of it, or it is not read.

use counterfoil_domain::charge::LARGEST_AMOUNT;
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::reserve::{HoldSource, ReserveHoldState};
use counterfoil_domain::step::Part;
use counterfoil_domain::{AccountId, Event, Record, ReserveHoldId, ReservePlanId, TransferId};

use super::sample_reserves::reserve_hold;
use super::samples::{instant, samples};
use super::{Decoded, Fault, decode, encode};

/// A hold with the widest numbers that a ledger counts.
pub(super) fn widest_hold() -> Part {
    let far = TransferId::new(1 << 40, 4_095);
    let widest = ReserveHoldId::new((1 << 40) - 1, 0);
    let state = ReserveHoldState {
        account: AccountId(u32::MAX),
        amount: Money::new(Currency::BRL, LARGEST_AMOUNT),
        released: LARGEST_AMOUNT,
        source: Some(HoldSource::Transfer(far)),
        plan: Some(ReservePlanId(far.0)),
        release_after: instant(),
        previous_of_day: Some(widest),
        previous_of_plan: Some(widest),
        previous_of_sale: Some(widest),
    };
    Part { record: Record::ReserveHold(ReserveHoldId(far.0), state), amount: LARGEST_AMOUNT }
}

/// What becomes of a stored hold with such amounts.
fn read(amount: i64, released: i64) -> Result<(), Fault> {
    let amount = Money::new(Currency::BRL, amount);
    stored(ReserveHoldState { amount, released, ..reserve_hold() })
}

/// What becomes of a stored hold.
fn stored(hold: ReserveHoldState) -> Result<(), Fault> {
    let is_hold = |decoded: &Decoded| {
        let Event::Moved(moved) = &decoded.recorded.event else { return false };
        matches!(moved.subject.record, Record::ReserveHold(..))
    };
    let mut decoded = samples().into_iter().find(is_hold).unwrap();
    let Event::Moved(moved) = &mut decoded.recorded.event else { panic!("a hold is a step") };
    let Record::ReserveHold(_, state) = &mut moved.subject.record else { panic!("its subject is a hold") };
    *state = hold;
    let mut bytes = Vec::new();
    encode(&decoded.recorded, decoded.command_events, None, &mut bytes).unwrap();
    decode(decoded.recorded.position, &bytes).map(|_| ()).map_err(|error| error.fault().clone())
}

#[test]
fn no_more_is_released_than_was_held() {
    assert_eq!((read(1_000, 0), read(1_000, 1_000), read(0, 0)), (Ok(()), Ok(()), Ok(())));
    for (amount, released) in [(1_000, 1_001), (1_000, -1), (-1, 0), (i64::MIN, i64::MAX), (-5, -7)] {
        let found = released.into();
        assert_eq!(read(amount, released), Err(Fault::Number { what: "released part of a hold", found }));
    }
}

/// Who walks from hold to hold walked for ever where two named each other: a day that had something
/// to release was never done, and the ledger did nothing else.
#[test]
fn a_hold_names_only_holds_before_it() {
    let named = |position| Some(ReserveHoldId::new(position, 0));
    // The sample is the hold of position 999,999.
    let hold = |position| ReserveHoldState { previous_of_sale: named(position), ..reserve_hold() };
    assert_eq!(stored(hold(999_998)), Ok(()));
    for position in [999_999, 1_000_000] {
        let found = position.into();
        let what = "position of the hold before a hold";
        assert_eq!(stored(hold(position)), Err(Fault::Number { what, found }));
    }
}

/// A transfer of which something was held is stored with the position of the newest hold, also
/// where it waited in a queue; none is the ledger's first event.
#[test]
fn a_transfer_names_the_hold_that_was_made_of_it_last() {
    let read = |held: Option<ReserveHoldId>| {
        let is_made = |decoded: &Decoded| decoded.recorded.event.name() == "transfer_released";
        let mut decoded = samples().into_iter().find(is_made).unwrap();
        let Event::Moved(moved) = &mut decoded.recorded.event else { panic!("a release is a step") };
        let Record::Transfer(_, made) = &mut moved.subject.record else { panic!("of a transfer") };
        assert!(made.queue.is_some());
        made.held = held;
        let mut bytes = Vec::new();
        encode(&decoded.recorded, decoded.command_events, None, &mut bytes).unwrap();
        let read = decode(decoded.recorded.position, &bytes);
        (
            bytes.len(),
            read.map(|read| read.recorded == decoded.recorded).map_err(|error| error.fault().clone()),
        )
    };
    let ((plain, as_it_was), (held, too)) = (read(None), read(Some(ReserveHoldId::new(70, 0))));
    // The queue is an option now, and the position takes one byte.
    assert_eq!((held - plain, as_it_was, too), (2, Ok(true), Ok(true)));
    let first = Fault::Number { what: "position of a hold", found: 0 };
    assert_eq!(read(Some(ReserveHoldId::new(0, 0))).1, Err(first));
}
