//! Debts, worked by hand and against the ledger's own.

use counterfoil_domain::account::{AccountType, Country, OnboardAccount};
use counterfoil_domain::books::Kind;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::money::Currency;
use counterfoil_domain::payout::{PayoutSchedule, RequestPayout};
use counterfoil_domain::settings::LossBearer;
use counterfoil_domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded};
use counterfoil_domain::{AccountId, TopupId};
use proptest::prelude::{ProptestConfig, proptest};

use super::{Age, Debt, DebtPart, Reader};
use crate::driver::{Driver, Story, brl, time};

const BAKERY: AccountId = AccountId(1);

/// Tops the bakery up.
fn top_up(driver: &mut Driver, minor: i64) -> TopupId {
    let topup = CreateTopup::new(BAKERY, brl(minor));
    let topup = TopupId::new(driver.run(topup), 0);
    driver.run(MarkTopupSucceeded { topup });
    topup
}

/// The bakery's bank takes a top-up back whose money the platform has.
fn owe(driver: &mut Driver, minor: i64) -> TopupId {
    let topup = top_up(driver, minor);
    driver.run(DebitAccount::new(BAKERY, brl(minor)));
    driver.run(MarkTopupReversed { topup });
    topup
}

fn debts(driver: &Driver, now: Timestamp) -> Vec<Debt> {
    driver.ask(|views| Reader::at(views, views.balance(), now).of(None).unwrap())
}

fn ages(debt: &Debt, now: Timestamp) -> [i64; 5] {
    debt.by_age(now).map(|(_, open)| open)
}

/// The bakery has 10.00 left when its bank takes 90.00 back on 1 March: it owes 80.00. On 15 April
/// another 30.00 are taken back, of a top-up that it had spent: 110.00. On 20 May it pays 85.00,
/// which pays the 80.00 of March and 5.00 of April's 30.00: 25.00 are left, all of April.
#[test]
fn what_comes_in_pays_the_oldest_first() {
    let mut driver = Driver::open();
    driver.onboard("bakery", PayoutSchedule::Manual);
    driver.at("2018-01-10");
    let first = top_up(&mut driver, 9_000);
    let second = top_up(&mut driver, 3_000);
    driver.run(DebitAccount::new(BAKERY, brl(11_000)));
    driver.at("2018-03-01T09:00:00Z");
    let caused = driver.run(MarkTopupReversed { topup: first });
    let reserve = caused + 1;
    driver.at("2018-04-15T10:00:00Z");
    let [debt] = &debts(&driver, time("2018-04-15T10:00:00Z"))[..] else { panic!("one debt") };
    assert_eq!((debt.owed, debt.since, debt.position), (8_000, time("2018-03-01T09:00:00Z"), caused));
    assert_eq!(debt.written_off_on(), time("2018-08-28").day());
    // 31 days of March less the first, and 15 of April: 45 days.
    assert_eq!(ages(debt, time("2018-04-15T10:00:00Z")), [0, 8_000, 0, 0, 0]);
    assert!(driver.log[reserve as usize].event.name() == "connect_reserve_moved");

    driver.run(MarkTopupReversed { topup: second });
    let now = time("2018-05-20T08:00:00Z");
    driver.at("2018-05-20T08:00:00Z");
    let [debt] = &debts(&driver, now)[..] else { panic!("one debt") };
    assert_eq!(debt.owed, 11_000);
    assert_eq!(ages(debt, now), [0, 3_000, 8_000, 0, 0]);
    top_up(&mut driver, 8_500);
    let [debt] = &debts(&driver, now)[..] else { panic!("one debt") };
    assert_eq!((debt.owed, ages(debt, now)), (2_500, [0, 2_500, 0, 0, 0]));
    let moved = |part: &DebtPart| (part.kind, part.amount, part.open);
    let parts: Vec<_> = debt.parts.iter().map(moved).collect();
    let reversal = Kind::TopupReversal;
    assert_eq!(parts, [(reversal, -9_000, 0), (reversal, -3_000, 2_500), (Kind::Topup, 8_500, 0)]);
    assert_eq!(debt.parts[1].source, Some(second.into()));

    // It pays the rest and 1.00 more; what it owes later is another debt.
    top_up(&mut driver, 2_600);
    assert_eq!(debts(&driver, now), []);
    driver.at("2018-06-01");
    owe(&mut driver, 700);
    let [debt] = &debts(&driver, time("2018-06-01"))[..] else { panic!("one debt") };
    assert_eq!((debt.owed, debt.since, ages(debt, now)), (600, time("2018-06-01"), [600, 0, 0, 0, 0]));
}

/// The bakery's losses are the platform's, a standard account's the operator's: of 6.00 and 9.00
/// that they owe the platform holds 6.00.
#[test]
fn the_platform_holds_what_it_bears() {
    let mut driver = Driver::open();
    driver.onboard("bakery", PayoutSchedule::Manual);
    let mut standard = OnboardAccount::new(Country::BR, Currency::BRL);
    standard.controller = Some(AccountType::Standard.controller());
    driver.run(Box::new(standard));
    owe(&mut driver, 600);
    let account = AccountId(2);
    let topup = CreateTopup::new(account, brl(900));
    let topup = TopupId::new(driver.run(topup), 0);
    driver.run(MarkTopupSucceeded { topup });
    driver.run(RequestPayout { account, currency: Currency::BRL, amount: Some(900) });
    driver.run(MarkTopupReversed { topup });
    driver.at("2017-09-21");
    let now = time("2017-09-21");
    let found = debts(&driver, now);
    let told: Vec<_> = found.iter().map(|debt| (debt.owed, debt.loss_bearer)).collect();
    assert_eq!(told, [(600, LossBearer::Platform), (900, LossBearer::Operator)]);
    let held = driver.ask(|views| views.debts().held().collect::<Vec<_>>());
    assert_eq!(held, [(Currency::BRL, 600)]);
}

#[test]
fn a_part_is_as_old_as_its_days() {
    let then = time("2018-01-01T23:59:59Z");
    let at = |days: i32| then.day().plus(days).start();
    for (days, age) in [
        (0, Age::UpTo30),
        (30, Age::UpTo30),
        (31, Age::UpTo60),
        (60, Age::UpTo60),
        (61, Age::UpTo90),
        (90, Age::UpTo90),
        (91, Age::UpTo180),
        (180, Age::UpTo180),
        (181, Age::Beyond180),
    ] {
        assert_eq!(Age::of(then, at(days)), age, "{days} days");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn debts_are_those_of_the_ledger_and_their_parts_and_ages_sum_to_them(story in Story::of(120)) {
        let mut driver = story.tell();
        // Whether or not it owed before, it does now.
        let topup = top_up(&mut driver, 5_000_000);
        let _short = driver.execute(DebitAccount::new(BAKERY, brl(4_999_999)));
        driver.run(MarkTopupReversed { topup });
        let now = driver.ledger.now();
        driver.advance(now);
        let found = debts(&driver, now);
        let known: Vec<_> = driver.ledger.debts().map(|debt| (debt.account, debt.amount, debt.since)).collect();
        let told: Vec<_> = found.iter().map(|debt| (debt.account, debt.owed, debt.since)).collect();
        assert_eq!(told, known);
        for debt in &found {
            assert_eq!(debt.parts.iter().map(|part| part.open).sum::<i64>(), debt.owed);
            assert_eq!(ages(debt, now).iter().sum::<i64>(), debt.owed);
        }
        // The platform holds what they owe.
        for currency in [Currency::BRL, Currency::USD] {
            let owed: i64 = found.iter().filter(|debt| debt.currency == currency).map(|debt| debt.owed).sum();
            let held = driver.ask(|views| {
                let held = Reader::at(views, views.balance(), now).held();
                held.filter(|(of, _)| *of == currency).map(|(_, held)| held).sum::<i64>()
            });
            assert_eq!(held, owed);
        }
    }
}

/// The bakery owes 80.00 since 1 March, which are written off at the start of 28 August: told from
/// then on, and no debt any more.
#[test]
fn what_was_written_off_is_told_with_what_came_back_of_it() {
    let mut driver = Driver::open();
    driver.onboard("bakery", PayoutSchedule::Manual);
    driver.at("2018-03-01T09:00:00Z");
    owe(&mut driver, 8_000);
    driver.at("2018-09-01");
    let all = |driver: &Driver, now| {
        driver.ask(|views| Reader::at(views, views.balance(), now).written_off(None).unwrap())
    };
    driver.run(counterfoil_domain::calendar::AdvanceTo { to: time("2018-09-01") });
    let now = time("2018-09-01");
    let [written_off] = &all(&driver, now)[..] else { panic!("one write-off") };
    assert_eq!((written_off.account, written_off.amount, written_off.recovered), (BAKERY, 8_000, 0));
    assert_eq!((written_off.at, written_off.left()), (time("2018-08-28"), 8_000));
    assert_eq!(all(&driver, time("2018-08-27")), [], "not yet");
    assert_eq!(debts(&driver, now), []);
}
