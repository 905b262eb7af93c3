//! The laws notice prefunding that is not what its events come to, is used for something else, or
//! is not used in time; and a refund that goes on waiting for a payment that failed.

use counterfoil_domain::books::{Book, State};
use counterfoil_domain::calendar::AdvanceTo;
use counterfoil_domain::charge::{BeginCharge, Charge, MarkChargeFailed, MarkChargeSucceeded, ProcessingFee};
use counterfoil_domain::laws::Law;
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::refund::{OnShortfall, Refund};
use counterfoil_domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded};
use counterfoil_domain::transfer::Transfer;
use counterfoil_domain::{AccountId, ChargeId, Moved, Record, Recorded, RefundId, Step, TopupId};
use counterfoil_testkit::World;

use crate::laws::{FLORIST, rewrite};
use crate::market::{open, rail_name};
use crate::tampering::{breach, first, tampered};

const USD: Currency = Currency::USD;

fn money(minor: i64) -> Money {
    Money::new(USD, minor)
}

/// The platform moves a top-up of 3.00 to the florist, and the bank takes it back: of 4.00 that are
/// prefunded 3.00 are used. Then a minute passes.
fn used() -> Vec<Recorded> {
    let mut world = open(ProcessingFee::NONE, 0);
    let topups = [
        CreateTopup::prefunding(AccountId::PLATFORM, money(400)),
        CreateTopup::new(AccountId::PLATFORM, money(300)),
    ];
    let mut spent = TopupId::new(0, 0);
    for topup in topups {
        spent = TopupId::new(world.execute(topup).unwrap()[0].position, 0);
        world.execute(MarkTopupSucceeded { topup: spent }).unwrap();
    }
    world.execute(Transfer::new(FLORIST, money(300))).unwrap();
    world.execute(MarkTopupReversed { topup: spent }).unwrap();
    let to = world.now().plus_seconds(60);
    world.execute(AdvanceTo { to }).unwrap();
    finished(world)
}

fn finished(world: World) -> Vec<Recorded> {
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    log
}

/// The first law that breaks where this step is tampered with, or left out.
fn law(log: Vec<Recorded>, step: Step, tamper: impl FnOnce(&mut Moved)) -> Law {
    let place = first(&log, step);
    tampered(log, place, tamper).law
}

fn broken(log: &[Recorded]) -> Law {
    breach(log).expect("the laws notice").law
}

/// The log without the first event of this name, its positions closed up.
fn without(mut log: Vec<Recorded>, name: &str) -> Vec<Recorded> {
    let index = log.iter().position(|recorded| recorded.event.name() == name).unwrap();
    log.remove(index);
    log.iter_mut().skip(index).for_each(|recorded| recorded.position -= 1);
    log
}

#[test]
fn prefunding_that_says_other_than_it_books_is_noticed() {
    let says = law(used(), Step::PrefundingUsed, |moved| {
        let Record::Drawdown(_, drawn) = &mut moved.subject.record else { panic!("a drawdown") };
        drawn.amount.minor = 299;
    });
    let account = AccountId::PLATFORM;
    assert_eq!(says, Law::Prefunding { account, currency: USD, held: 100, added: 101 });
    let elsewhere = law(used(), Step::TopupSucceeded, |moved| {
        rewrite(&mut moved.books.as_mut().unwrap().entry, |posting| {
            if posting.book == Book::Account(account, State::Prefunded) {
                posting.book = Book::Account(account, State::Available);
            }
        });
    });
    assert_eq!(elsewhere, Law::Prefunding { account, currency: USD, held: 0, added: 400 });
}

#[test]
fn prefunding_that_is_used_for_more_or_less_than_is_short_is_noticed() {
    let using = |amount: i64| {
        law(used(), Step::PrefundingUsed, |moved| {
            let Record::Drawdown(_, drawn) = &mut moved.subject.record else { panic!("a drawdown") };
            drawn.amount.minor = amount;
            rewrite(&mut moved.books.as_mut().unwrap().entry, |posting| {
                posting.amount = posting.amount.signum() * amount;
            });
        })
    };
    let law =
        |available, held| Law::PrefundingUse { account: AccountId::PLATFORM, currency: USD, available, held };
    assert_eq!(using(310), law(10, 90));
    assert_eq!(using(290), law(-10, 110));
}

#[test]
fn prefunding_that_is_not_used_in_time_is_noticed() {
    let late = broken(&without(used(), "prefunding_used"));
    assert_eq!(late, Law::PrefundingLate { account: AccountId::PLATFORM, currency: USD });
}

#[test]
fn a_refund_that_waits_for_a_payment_that_failed_is_noticed() {
    let mut world = open(ProcessingFee::NONE, 0);
    let sale = Box::new(Charge::separate(money(5_000), rail_name(0)));
    let begun = world.execute(BeginCharge { charge: sale }).unwrap();
    let begun = begun.iter().find(|it| it.event.name() == "charge_begun").unwrap().position;
    let charge = ChargeId::new(begun, 0);
    world.execute(Transfer { source_charge: Some(charge), ..Transfer::new(FLORIST, money(5_000)) }).unwrap();
    world.execute(MarkChargeSucceeded { charge }).unwrap();
    let waiting = Refund { on_shortfall: Some(OnShortfall::Wait), ..Refund::full(charge) };
    let refund = RefundId::new(world.execute(waiting).unwrap()[0].position, 0);
    world.execute(MarkChargeFailed { charge, code: FailureCode::Declined }).unwrap();
    let to = world.now().plus_seconds(60);
    world.execute(AdvanceTo { to }).unwrap();
    let late = broken(&without(finished(world), "refund_canceled"));
    assert_eq!(late, Law::RefundLate { refund });
}
