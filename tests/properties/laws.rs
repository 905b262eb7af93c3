//! The laws notice: each is broken on purpose once, and named.

use counterfoil_domain::books::{Entry, Kind, Posting, State};
use counterfoil_domain::calendar::{AdvanceTo, Timestamp};
use counterfoil_domain::charge::{
    Authorise, BeginCharge, CaptureCharge, Charge, ChargeKind, DestinationShare, MarkChargeFailed,
    ProcessingFee,
};
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::laws::{Breach, Difference, Law, Laws};
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::payout::{FailureCode, MarkPayoutFailed, PayoutMoved, PayoutStatus, RequestPayout};
use counterfoil_domain::refund::{Recover, Refund};
use counterfoil_domain::topup::{CreateTopup, MarkTopupSucceeded};
use counterfoil_domain::transfer::{QueueTransfer, ReverseTransfer, Transfer};
use counterfoil_domain::{
    AccountId, ChargeId, DebitId, Event, Ledger, Moved, PayoutId, Record, Recorded, TopupId, TransferId,
    evolve,
};
use counterfoil_testkit::World;

use crate::market::{open, rail_name};
use crate::tampering::{self, tampered};

pub(crate) const FLORIST: AccountId = AccountId(2);

/// A market in which everything that a law speaks of has happened:
///
/// | position | event |
/// |---|---|
/// | 4, 5 | a rail, and a destination charge of 100.00 with a fee of 10.00 |
/// | 6 to 8 | a separate charge of 50.00, a transfer of 20.00, a reversal of 5.00 |
/// | 9, 10 | two refunds of 10.00 of the destination charge, with both flags |
/// | 11, 12 | maturity of the platform and of the florist, then time |
/// | 14 | a payout of the florist's |
/// | 15 | it fails |
fn history() -> Vec<Recorded> {
    let world = market();
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    log
}

/// The world of that history.
pub(crate) fn market() -> World {
    let mut world = open(ProcessingFee::NONE, 0);
    let money = |minor| Money::new(Currency::USD, minor);
    let mut charge = Charge::separate(money(10_000), rail_name(0));
    charge.kind =
        ChargeKind::Destination { account: FLORIST, share: DestinationShare::LessApplicationFee(1_000) };
    world.execute(charge).unwrap();
    world.execute(Charge::separate(money(5_000), rail_name(0))).unwrap();
    let source_charge = Some(ChargeId::new(6, 0));
    world.execute(Transfer { source_charge, ..Transfer::new(FLORIST, money(2_000)) }).unwrap();
    world
        .execute(ReverseTransfer { amount: Some(500), ..ReverseTransfer::full(TransferId::new(7, 0)) })
        .unwrap();
    for _ in 0..2 {
        let mut refund = Refund::full(ChargeId::new(5, 0));
        (refund.amount, refund.refund_application_fee) = (Some(1_000), true);
        refund.recover = Recover::OwnTransfer;
        world.execute(refund).unwrap();
    }
    world.execute(AdvanceTo { to: at("2026-03-04T12:00:00Z") }).unwrap();
    world.execute(RequestPayout { account: FLORIST, currency: Currency::USD, amount: Some(6_000) }).unwrap();
    let payout = PayoutId::new(14, 0);
    world.execute(MarkPayoutFailed { payout, code: FailureCode::Declined }).unwrap();
    world
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The first breach of the history after one event was tampered with.
fn breach(position: usize, tamper: impl FnOnce(&mut Recorded)) -> Option<Breach> {
    let mut log = history();
    tamper(&mut log[position]);
    tampering::breach(&log)
}

/// The broken law, which is told at the position that was tampered with.
pub(crate) fn law(position: usize, tamper: impl FnOnce(&mut Recorded)) -> Law {
    let breach = breach(position, tamper).expect("the laws notice");
    assert_eq!(breach.position, position as u64, "{breach}");
    breach.law
}

/// Rewrites an entry posting by posting.
pub(crate) fn rewrite(entry: &mut Entry, change: impl FnMut(&mut Posting)) {
    let mut postings = entry.postings().to_vec();
    postings.iter_mut().for_each(change);
    *entry = Entry::from_postings(entry.currency(), postings).unwrap();
}

fn payout(recorded: &mut Recorded) -> &mut PayoutMoved {
    let (Event::PayoutCreated(moved) | Event::PayoutFailed(moved)) = &mut recorded.event else {
        panic!("the event is no payout");
    };
    moved
}

#[test]
fn a_true_history_breaks_nothing() {
    assert_eq!(breach(0, |_| {}), None);
}

#[test]
fn gaps_and_time_are_noticed() {
    assert_eq!(breach(3, |event| event.position = 9).unwrap().law, Law::Position { expected: 3 });
    let early = law(6, |event| event.time = at("2026-03-01"));
    assert_eq!(early, Law::Time { time: at("2026-03-01"), before: at("2026-03-02T10:00:00Z") });
    let Law::AccountNumber { account: AccountId(7), expected: 1 } = law(1, |event| {
        if let Event::AccountOnboarded(onboarded) = &mut event.event {
            onboarded.account = AccountId(7);
        }
    }) else {
        panic!("accounts are numbered without a gap");
    };
}

#[test]
fn entry_numbers_and_unknown_accounts_are_noticed() {
    let tampered = law(7, |event| {
        if let Event::TransferCreated(made) = &mut event.event {
            rewrite(&mut made.entry, |posting| posting.number += 1);
        }
    });
    assert!(
        matches!(tampered, Law::EntryNumber { expected, found, .. } if found == expected + 1),
        "{tampered}"
    );
    let tampered = law(7, |event| {
        if let Event::TransferCreated(made) = &mut event.event {
            let nobody = AccountId(u32::MAX);
            rewrite(&mut made.entry, |posting| {
                if let Some((FLORIST, state)) = posting.book.owner() {
                    posting.book = counterfoil_domain::books::Book::Account(nobody, state);
                }
            });
        }
    });
    assert_eq!(tampered, Law::UnknownAccount { account: AccountId(u32::MAX) });
}

#[test]
fn money_that_no_record_explains_is_noticed() {
    let tampered = law(6, |event| {
        if let Event::ChargeSucceeded(charged) = &mut event.event {
            charged.charge.pending_left -= 1;
        }
    });
    assert!(matches!(tampered, Law::Unexplained { held: 6_000, explained: 5_999, .. }), "{tampered}");
    // The day's money is not matured, and the next command comes all the same.
    let mut log = history();
    log.remove(12);
    log[12].position = 12;
    let late = tampering::breach(&log).unwrap();
    assert!(matches!(late.law, Law::Late { account: FLORIST, .. }), "{late}");
}

#[test]
fn negative_states_are_noticed() {
    let tampered = law(12, |event| {
        if let Event::FundsMatured { entry, .. } = &mut event.event {
            // Twice as much matures as there is.
            rewrite(entry, |posting| posting.amount *= 2);
        }
    });
    assert!(matches!(tampered, Law::NegativeDay { account: FLORIST, .. }), "{tampered}");
    let tampered = law(15, |event| {
        rewrite(&mut payout(event).entry, |posting| posting.amount *= 2);
    });
    assert!(
        matches!(tampered, Law::Negative { account: FLORIST, state: State::InTransit, .. }),
        "{tampered}"
    );
}

#[test]
fn payouts_that_are_not_their_entries_are_noticed() {
    let sum = law(14, |event| payout(event).payout.amount += 1);
    assert!(matches!(sum, Law::PayoutSum { amount: 6_001, sum: 6_000, .. }), "{sum}");
    let short = law(14, |event| payout(event).payout.entries[0].last -= 1);
    assert!(matches!(short, Law::PayoutSum { .. }), "{short}");
    let changed = law(15, |event| payout(event).payout.amount += 1);
    assert!(matches!(changed, Law::PayoutChanged { .. }), "{changed}");
    let changed = law(15, |event| payout(event).payout.status = PayoutStatus::InTransit);
    assert!(matches!(changed, Law::PayoutChanged { .. }), "{changed}");
    let unknown = law(15, |event| payout(event).id = PayoutId::new(3, 0));
    assert!(matches!(unknown, Law::NoLivePayout { .. }), "{unknown}");
    let kind = law(14, |event| {
        rewrite(&mut payout(event).entry, |posting| {
            if posting.kind == Kind::PayoutHold {
                posting.kind = Kind::Payout;
            }
        });
    });
    assert!(matches!(kind, Law::EntryTaken { by: None, .. }), "{kind}");
}

#[test]
fn an_entry_in_two_payouts_is_noticed() {
    let mut log = history();
    // The payout does not fail; a second one takes the same entries.
    let mut again = log[14].clone();
    again.position = 15;
    payout(&mut again).id = PayoutId::new(15, 0);
    log.truncate(15);
    let last = log[14].event.entry().unwrap().postings().last().unwrap().number;
    let mut next = last;
    rewrite(&mut payout(&mut again).entry, |posting| {
        next += 1;
        posting.number = next;
    });
    log.push(again);
    let twice = tampering::breach(&log).unwrap();
    let first = PayoutId::new(14, 0);
    assert!(matches!(twice.law, Law::EntryTaken { by: Some(by), .. } if by == first), "{twice}");
}

#[test]
fn records_that_forget_or_exceed_are_noticed() {
    let forgets = law(10, |event| {
        if let Event::ChargeRefunded(refunded) = &mut event.event {
            refunded.charge.refunded -= 1_000;
        }
    });
    assert!(matches!(forgets, Law::ChargeForgets { what: "refunded", .. }), "{forgets}");
    let exceeds = law(9, |event| {
        if let Event::ChargeRefunded(refunded) = &mut event.event {
            (refunded.amount, refunded.charge.refunded) = (10_001, 10_001);
        }
    });
    assert!(matches!(exceeds, Law::ChargeBound { what: "refunded", said: 10_001, .. }), "{exceeds}");
    let forgets = law(8, |event| {
        if let Event::TransferReversed(reversed) = &mut event.event {
            reversed.transfer.reversed = 0;
        }
    });
    assert!(matches!(forgets, Law::TransferForgets { said: 0, added: 500, .. }), "{forgets}");
    let exceeds = law(10, |event| {
        if let Event::ChargeRefunded(refunded) = &mut event.event {
            refunded.reversed = 10_000;
            refunded.transfer.as_mut().unwrap().1.reversed = 11_000;
        }
    });
    assert!(matches!(exceeds, Law::TransferBound { said: 11_000, .. }), "{exceeds}");
    let shared = law(7, |event| {
        if let Event::TransferCreated(made) = &mut event.event {
            made.charge.as_mut().unwrap().transferred = 0;
        }
    });
    assert!(matches!(shared, Law::ChargeForgets { what: "transferred", .. }), "{shared}");
}

#[test]
fn a_queue_that_is_not_served_in_order_is_noticed() {
    let mut world = open(ProcessingFee::NONE, 0);
    let money = |minor| Money::new(Currency::USD, minor);
    for minor in [700, 300] {
        world.execute(QueueTransfer(Transfer::new(FLORIST, money(minor)))).unwrap();
    }
    let amount = money(1_000);
    let account = AccountId::PLATFORM;
    world.execute(CreateTopup::new(account, amount)).unwrap();
    world.execute(MarkTopupSucceeded { topup: TopupId::new(6, 0) }).unwrap();
    world.execute(AdvanceTo { to: at("2026-03-02T12:00:00Z") }).unwrap();
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    let (one, two) = (TransferId::new(4, 0), TransferId::new(5, 0));
    let released = |position: usize, tamper: &dyn Fn(&mut Moved)| tampered(log.clone(), position, tamper).law;
    let overtaken = released(8, &|moved| {
        let Record::Transfer(id, _) = &mut moved.subject.record else { panic!("no transfer") };
        *id = two;
    });
    assert_eq!(overtaken, Law::Overtaken { transfer: two, first: Some(one) });
    let less = released(8, &|moved| {
        rewrite(&mut moved.books.as_mut().unwrap().entry, |posting| posting.amount /= 2);
    });
    assert_eq!(less, Law::QueueBooks { transfer: one, due: 700, received: 350 });
    let forgets = released(9, &|moved| {
        let Record::Transfer(_, transfer) = &mut moved.subject.record else { panic!("no transfer") };
        transfer.amount = 200;
    });
    assert_eq!(forgets, Law::QueueForgets { transfer: two });
}

#[test]
fn a_debit_that_books_otherwise_is_noticed() {
    let mut world = open(ProcessingFee::NONE, 0);
    let amount = Money::new(Currency::USD, 1_000);
    world.execute(CreateTopup::new(FLORIST, amount)).unwrap();
    world.execute(MarkTopupSucceeded { topup: TopupId::new(4, 0) }).unwrap();
    let fee = Some(ProcessingFee { fixed: 10, ..ProcessingFee::NONE });
    world.execute(DebitAccount { fee, ..DebitAccount::new(FLORIST, amount) }).unwrap();
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    let told = tampered(log, 6, |moved| {
        let Record::Debit(_, state) = &mut moved.subject.record else { panic!("its subject is the debit") };
        (state.fee, state.amount.minor) = (0, 990);
    });
    assert_eq!(told.law, Law::DebitBooks { debit: DebitId::new(6, 0), amount: 990, fee: 0 });
}

#[test]
fn a_ledger_that_is_not_its_log_is_noticed() {
    let log = history();
    let mut laws = Laws::new();
    let mut ledger = Ledger::new();
    for recorded in &log {
        laws.check(recorded).unwrap();
    }
    // The ledger missed the last event.
    for recorded in log.iter().take(log.len() - 1) {
        evolve(&mut ledger, recorded);
    }
    let found: Vec<Difference> = laws
        .finish(&ledger)
        .into_iter()
        .filter_map(|breach| if let Law::Differs { what, .. } = breach.law { Some(what) } else { None })
        .collect();
    let wallet = |state| Difference::Wallet(FLORIST, Currency::USD, state);
    assert!(found.contains(&wallet("available")) && found.contains(&wallet("in_transit")), "{found:?}");
    assert!(found.contains(&Difference::Entries(FLORIST, Currency::USD)), "{found:?}");
}

/// A market of its own, in which a charge is captured and another fails:
///
/// | position | event |
/// |---|---|
/// | 4, 5 | a rail, and an authorisation of 100.00 |
/// | 6, 7 | captures of 30.00 and 20.00 |
/// | 8 | a charge of 50.00 is begun |
/// | 9, 10 | a transfer of 20.00 of it; it fails |
fn captured() -> Vec<Recorded> {
    let mut world = open(ProcessingFee::NONE, 0);
    let money = |minor| Money::new(Currency::USD, minor);
    let charge = Box::new(Charge::separate(money(10_000), rail_name(0)));
    world.execute(Authorise { charge, capture_before: None }).unwrap();
    let capture = CaptureCharge::full(ChargeId::new(5, 0));
    world.execute(CaptureCharge { amount: Some(3_000), final_capture: false, ..capture }).unwrap();
    world.execute(CaptureCharge { amount: Some(2_000), ..capture }).unwrap();
    let charge = Box::new(Charge::separate(money(5_000), rail_name(0)));
    world.execute(BeginCharge { charge }).unwrap();
    let charge = ChargeId::new(8, 0);
    world.execute(Transfer { source_charge: Some(charge), ..Transfer::new(FLORIST, money(2_000)) }).unwrap();
    world.execute(MarkChargeFailed { charge, code: FailureCode::Declined }).unwrap();
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    log
}

#[test]
fn captures_and_failures_that_are_not_their_charges_are_noticed() {
    let law = |position: usize, tamper: &dyn Fn(&mut Moved)| {
        let breach = tampered(captured(), position, tamper);
        assert_eq!(breach.position, position as u64, "{breach}");
        breach.law
    };
    let forgets = law(7, &|moved| moved.subject.amount = 1_999);
    assert!(matches!(forgets, Law::ChargeForgets { what: "captured", added: 4_999, .. }), "{forgets}");
    let exceeds = law(7, &|moved| {
        let Record::Charge(_, charge) = &mut moved.subject.record else { panic!("of a charge") };
        (moved.subject.amount, charge.amount) = (7_001, 10_001);
    });
    assert!(matches!(exceeds, Law::ChargeBound { what: "captured", said: 10_001, .. }), "{exceeds}");
    let failed = law(10, &|moved| moved.subject.amount = 4_999);
    assert!(matches!(failed, Law::ChargeForgets { said: 5_000, added: 4_999, .. }), "{failed}");
    let shared = law(10, &|moved| moved.beside[0].amount = 1_999);
    assert!(matches!(shared, Law::ChargeForgets { what: "transferred", added: 1, .. }), "{shared}");
    let kept = law(10, &|moved| {
        let Record::Transfer(_, transfer) = &mut moved.beside[0].record else { panic!("of a transfer") };
        transfer.reversed = 1_999;
    });
    assert!(matches!(kept, Law::TransferForgets { said: 1_999, added: 2_000, .. }), "{kept}");
}
