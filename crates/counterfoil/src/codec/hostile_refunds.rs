//! The largest refund: what it takes back, and what undoes it, are stored by one event.

use counterfoil_domain::books::{Book, Kind, State};
use counterfoil_domain::charge::{ChargeState, LARGEST_AMOUNT};
use counterfoil_domain::debt::WriteOffState;
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::refund::{
    Liabilities, MOST_LIABLE_SPLITS, MOST_RECOVERED, Recover, RefundState, Taken,
};
use counterfoil_domain::split::Borne;
use counterfoil_domain::split::rule::Shortfall;
use counterfoil_domain::step::{Books, Owners};
use counterfoil_domain::transfer::{ReversalState, TransferState};
use counterfoil_domain::{
    AccountId, ChargeId, Event, Moved, Record, Recorded, RefundId, ReserveHoldId, ReversalId, SplitId, Step,
    TransferId, WriteOffId,
};

use super::entries::entry;
use super::refunds::{refund, reversal};
use super::samples::{FLORIST, charge, day, samples, transfer};
use super::topups::write_off;
use super::{decode, encode};

/// As many transfers as a refund takes back of, by as many splits, all with the longest groups,
/// each from what was pending and what was available, and each of a seller whose debt was written
/// off: a refund that was asked for by liability
/// is never too large to be done or undone.
#[test]
fn the_largest_refund_by_liability_fits_done_and_undone() {
    let (group, far): (Box<str>, u64) = ("g".repeat(255).into(), 1 << 40);
    let ids = |number: usize| (TransferId::new(far, number as u16), ReversalId::new(far, number as u16));
    let most = Money::new(Currency::BRL, LARGEST_AMOUNT);
    for (step, sign) in [(Step::RefundCreated, 1), (Step::RefundFailed, -1)] {
        let borne = (0..MOST_RECOVERED).map(|number| Borne {
            transfer: ids(number).0,
            amount: LARGEST_AMOUNT,
            shortfall: Shortfall::PlatformBears,
        });
        let taken = (0..MOST_RECOVERED).map(|number| {
            let (transfer, reversal) = ids(number);
            Taken { reversal, transfer, amount: LARGEST_AMOUNT, drawn: LARGEST_AMOUNT }
        });
        let splits = vec![SplitId::new(far, 0); MOST_LIABLE_SPLITS];
        let state = RefundState {
            charge: ChargeId::new(far, 0),
            amount: most,
            recover: Recover::ByLiability(Liabilities { splits, borne: borne.collect() }),
            taken: taken.collect(),
            transfer_group: Some(group.clone()),
            ..refund()
        };
        let after = ChargeState { transfer_group: Some(group.clone()), ..charge() };
        let mut moved = Moved::new(step, Record::Refund(RefundId::new(far, 0), state))
            .of(sign * LARGEST_AMOUNT)
            .beside(Record::Charge(ChargeId::new(far, 0), after), sign * LARGEST_AMOUNT);
        let mut lines = Vec::new();
        for number in 0..MOST_RECOVERED {
            let (of, by) = ids(number);
            let made = TransferState {
                destination: AccountId(u32::MAX),
                amount: LARGEST_AMOUNT,
                reversed: LARGEST_AMOUNT,
                pending_left: LARGEST_AMOUNT,
                held: Some(ReserveHoldId::new(far, 0)),
                transfer_group: Some(group.clone()),
                ..transfer(FLORIST)
            };
            let back = ReversalState { amount: most, transfer_group: Some(group.clone()), ..reversal() };
            moved = moved
                .beside(Record::Transfer(of, made), sign * LARGEST_AMOUNT)
                .beside(Record::Reversal(by, back), sign * LARGEST_AMOUNT);
            let book = |state| Book::Account(AccountId(u32::MAX), state);
            let each = [(State::Pending(day()), -1), (State::Available, -1), (State::Available, 2)];
            lines.extend(
                each.map(|(state, of)| (book(state), Kind::TransferReversal, of * LARGEST_AMOUNT, far)),
            );
        }
        let mut owners: Owners = (0..MOST_RECOVERED as u16).map(|index| (3, 3 + 2 * index)).collect();
        // What is undone may pay a write-off of each seller.
        for number in (0..MOST_RECOVERED as u16).filter(|_| sign < 0) {
            owners.push((2, moved.beside.len() as u16 + 1));
            moved = moved.beside(written_off(far, number), LARGEST_AMOUNT);
            let book = |account| Book::Account(account, State::Available);
            let each = [(AccountId(u32::MAX), 1), (AccountId::PLATFORM, -1)];
            lines.extend(
                each.map(|(of, sign)| (book(of), Kind::WriteOffRecovery, sign * LARGEST_AMOUNT, far)),
            );
        }
        moved.books = Some(Books { entry: entry(lines), owners });
        let recorded = Recorded { event: Event::Moved(Box::new(moved)), ..samples().swap_remove(0).recorded };
        let mut bytes = Vec::new();
        encode(&recorded, 1, None, &mut bytes).unwrap();
        assert_eq!(decode(recorded.position, &bytes).map(|decoded| decoded.recorded), Ok(recorded));
    }
}

/// A write-off whose numbers take most bytes.
fn written_off(far: u64, number: u16) -> Record {
    let (account, amount) = (AccountId(u32::MAX), Money::new(Currency::BRL, LARGEST_AMOUNT));
    let state = WriteOffState { account, amount, recovered: LARGEST_AMOUNT, began: far, ..write_off() };
    Record::WriteOff(WriteOffId::new(far, number), state)
}
