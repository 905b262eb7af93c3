//! Payouts made, and forecasts held against what then happens.

use std::collections::BTreeMap;

use counterfoil_domain::account::{
    Country, Gates, OnboardAccount, ProvideRequirement, RequirementName, ResolveRequirement,
};
use counterfoil_domain::bank_debit::{MarkBankDebitFailed, SetDebitNegativeBalances};
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::charge::{Charge, ChargeKind};
use counterfoil_domain::money::Currency;
use counterfoil_domain::payout::{
    FailureCode, MarkPayoutFailed, MonthDays, PayoutSchedule, SetPayoutSchedule, Weekdays,
};
use counterfoil_domain::refund::Refund;
use counterfoil_domain::reserve::ReleaseReserveHold;
use counterfoil_domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded};
use counterfoil_domain::{AccountId, BankDebitId, ChargeId, TopupId};
use proptest::prelude::{ProptestConfig, proptest};

use super::{Forecast, History, Payout, Payouts};
use crate::driver::{Bygone, Driver, Story, attach, brl, card, time};
use crate::reading::Reading;
use crate::views::Views;

const FRIDAYS: u8 = 0b1_0000;

fn weekly() -> PayoutSchedule {
    PayoutSchedule::Weekly(Weekdays::from_bits(FRIDAYS).unwrap())
}

/// A sale that brings the seller 950 after fees.
fn sell(driver: &mut Driver, account: AccountId) -> ChargeId {
    let kind = ChargeKind::Direct { account, application_fee: 20 };
    ChargeId::new(driver.run(Charge { kind, ..Charge::separate(brl(1_000), card()) }), 0)
}

fn forecast(driver: &Driver, account: AccountId) -> Option<Forecast> {
    driver.fold::<Payouts>().forecasts(Some(account)).next()
}

/// The payouts that were made, which a view of the past tells alike.
fn made(driver: &Driver, account: Option<AccountId>) -> Vec<Payout> {
    let history: History = driver.fold();
    driver.ask(|views| {
        let payouts = views.payouts();
        let made: Vec<Payout> = payouts.made(account).map(Result::unwrap).collect();
        assert!(history.made(account).eq(&made));
        assert!(payouts.made(account).rev().map(Result::unwrap).eq(made.iter().rev().cloned()));
        for payout in &made {
            assert_eq!(payouts.payout(payout.id).unwrap().as_ref(), Some(payout));
            assert_eq!(history.payout(payout.id), Some(payout));
        }
        made
    })
}

/// A forecast as a person reads it.
fn text(driver: &Driver, account: AccountId) -> Vec<String> {
    let forecast = forecast(driver, account).unwrap();
    let planned = forecast
        .planned
        .iter()
        .map(|planned| format!("pays {} on {}, arrives {}", planned.amount, planned.date, planned.arrival));
    let withheld = forecast.withheld.iter().map(|line| {
        let reasons: Vec<String> = line.reasons.iter().map(ToString::to_string).collect();
        let paid_on = line.paid_on.map(|day| format!(" -> {day}")).unwrap_or_default();
        format!("holds {}: {}{paid_on}", line.amount, reasons.join(", "))
    });
    planned.chain(withheld).collect()
}

#[test]
fn nothing_happened() {
    let (views, past) = (Views::new(), Bygone::of(&[]));
    let payouts = Reading::new(&views, &past).payouts();
    assert_eq!((payouts.made(None).count(), payouts.forecasts(None).count()), (0, 0));
    assert_eq!(forecast(&Driver::open(), AccountId::PLATFORM), None);
}

#[test]
fn a_weekly_seller_waits_for_maturity_and_then_for_friday() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", weekly());
    sell(&mut driver, bakery);
    // Friday's payout lands on Monday.
    assert_eq!(
        text(&driver, bakery),
        [
            "pays 950 on 2017-09-15, arrives 2017-09-18",
            "holds 950: pending_until 2017-09-13, next_payout_day 2017-09-15 -> 2017-09-15",
        ]
    );
    driver.at("2017-09-13T10:00:00Z");
    assert_eq!(
        text(&driver, bakery),
        ["pays 950 on 2017-09-15, arrives 2017-09-18", "holds 950: next_payout_day 2017-09-15 -> 2017-09-15",]
    );
    driver.at("2017-09-15");
    assert_eq!(forecast(&driver, bakery), None);
    let made = made(&driver, Some(bakery));
    let made: Vec<_> = made.iter().map(|payout| (payout.amount, payout.arrival)).collect();
    assert_eq!(made, [(950, "2017-09-18".parse::<Day>().unwrap())]);
}

#[test]
fn what_becomes_payable_on_a_payout_day_waits_for_nothing_else() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    sell(&mut driver, bakery);
    assert_eq!(
        text(&driver, bakery),
        ["pays 950 on 2017-09-13, arrives 2017-09-14", "holds 950: pending_until 2017-09-13 -> 2017-09-13",]
    );
}

#[test]
fn a_minimum_balance_is_filled_first() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    let minimum_balance = Some(brl(1_200));
    driver.run(SetPayoutSchedule { account: bakery, schedule: None, delay: None, minimum_balance });
    sell(&mut driver, bakery);
    driver.at("2017-09-13T10:00:00Z");
    sell(&mut driver, bakery);
    assert_eq!(
        text(&driver, bakery),
        [
            "pays 700 on 2017-09-15, arrives 2017-09-18",
            "holds 950: below_minimum_balance",
            "holds 250: pending_until 2017-09-15, below_minimum_balance",
            "holds 700: pending_until 2017-09-15 -> 2017-09-15",
        ]
    );
}

#[test]
fn a_debt_is_made_good_first() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    let refunded = sell(&mut driver, bakery);
    driver.at("2017-09-20");
    driver.run(Refund { amount: Some(300), ..Refund::full(refunded) });
    sell(&mut driver, bakery);
    assert_eq!(
        text(&driver, bakery),
        [
            "pays 650 on 2017-09-22, arrives 2017-09-25",
            "holds -300: negative_balance",
            "holds 300: pending_until 2017-09-22, negative_balance",
            "holds 650: pending_until 2017-09-22 -> 2017-09-22",
        ]
    );
}

#[test]
fn a_manual_schedule_an_errored_bank_and_a_requirement_hold_everything() {
    let mut driver = Driver::open();
    let mut onboarding = OnboardAccount::new(Country::BR, Currency::BRL);
    onboarding.requirements = vec![(RequirementName::TaxId, Gates::PAYOUTS, None)];
    driver.run(Box::new(onboarding));
    let bakery = AccountId(1);
    driver.run(attach(bakery, Currency::BRL));
    sell(&mut driver, bakery);
    driver.at("2017-09-13");
    assert_eq!(text(&driver, bakery), ["holds 950: requirement tax_id, manual_schedule"]);

    driver.run(ProvideRequirement { account: bakery, name: RequirementName::TaxId });
    driver.run(ResolveRequirement { account: bakery, name: RequirementName::TaxId, verified: true });
    let schedule = Some(PayoutSchedule::Daily);
    driver.run(SetPayoutSchedule { account: bakery, schedule, delay: None, minimum_balance: None });
    driver.at("2017-09-14");
    let payout = driver.payout_ids()[0];
    driver.run(MarkPayoutFailed { payout, code: FailureCode::AccountClosed });
    assert_eq!(text(&driver, bakery), ["holds 950: bank_account_errored"]);
    driver.run(attach(bakery, Currency::BRL));
    // It is midnight still, but today's payouts are made: what else happens then is for the next day.
    let next = "holds 950: next_payout_day 2017-09-15 -> 2017-09-15";
    assert_eq!(text(&driver, bakery), ["pays 950 on 2017-09-15, arrives 2017-09-18", next]);
    driver.at("2017-09-15");
    let made = made(&driver, Some(bakery));
    assert_eq!(made.last().map(|payout| payout.created), Some(time("2017-09-15")));
}

/// What the seller owes is asked of its bank, which refuses: it is neither debited nor paid.
#[test]
fn a_bank_debit_that_fails_holds_everything_too() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    driver.run(attach(bakery, Currency::BRL));
    driver.run(SetDebitNegativeBalances { account: bakery, on: true });
    let asked = |minor| CreateTopup::new(bakery, brl(minor));
    let first = TopupId::new(driver.run(asked(500)), 0);
    driver.run(MarkTopupSucceeded { topup: first });
    driver.at("2017-09-12");
    driver.run(MarkTopupReversed { topup: first });
    driver.at("2017-09-13");
    let mut debits = driver.log.iter().filter(|recorded| recorded.event.name() == "bank_debit_created");
    let bank_debit = BankDebitId::new(debits.next_back().unwrap().position, 0);
    driver.run(MarkBankDebitFailed { bank_debit, code: FailureCode::InsufficientFunds });
    let second = TopupId::new(driver.run(asked(700)), 0);
    driver.run(MarkTopupSucceeded { topup: second });
    // Of 700 that come in, 500 pay the debt.
    assert_eq!(text(&driver, bakery), ["holds 200: bank_account_errored"]);
    driver.at("2017-09-14");
    assert_eq!(made(&driver, Some(bakery)).len(), 1, "only what was paid before");
}

#[test]
fn a_requirement_s_deadline_stops_the_payouts_after_it() {
    let mut driver = Driver::open();
    let mut onboarding = OnboardAccount::new(Country::BR, Currency::BRL);
    let deadline = time("2017-09-15");
    onboarding.requirements = vec![(RequirementName::Identity, Gates::BOTH, Some(deadline))];
    onboarding.schedule = PayoutSchedule::Daily;
    driver.run(Box::new(onboarding));
    let bakery = AccountId(1);
    sell(&mut driver, bakery);
    driver.at("2017-09-12T08:00:00Z");
    sell(&mut driver, bakery);
    driver.at("2017-09-12T09:00:00Z");
    let first = "holds 950: pending_until 2017-09-13 -> 2017-09-13";
    let second = "holds 950: pending_until 2017-09-14 -> 2017-09-14";
    assert_eq!(text(&driver, bakery)[2..], [first, second]);
    driver.at("2017-09-13T08:00:00Z");
    sell(&mut driver, bakery);
    let third = "holds 950: pending_until 2017-09-15, requirement identity from 2017-09-15T00:00:00Z";
    assert_eq!(text(&driver, bakery)[2..], [third]);
}

/// What the next two months pay in truth, by account, currency and day.
fn happens(driver: &mut Driver) -> BTreeMap<(AccountId, Currency, Day), i64> {
    let before = driver.payout_ids().len();
    let until = Timestamp::from_micros(driver.ledger.now().micros() + 62 * Timestamp::DAY);
    driver.advance(until);
    let payouts = self::made(driver, None);
    let mut made = BTreeMap::new();
    for payout in payouts.into_iter().skip(before) {
        *made.entry((payout.account, payout.currency, payout.created.day())).or_default() += payout.amount;
    }
    made
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_forecast_happens(story in Story::of(120), day in 1..31_u8) {
        let mut driver = story.tell();
        let monthly = PayoutSchedule::Monthly(MonthDays::new(&[day]).unwrap());
        driver.run(SetPayoutSchedule { account: AccountId(3), schedule: Some(monthly), delay: None, minimum_balance: None });
        // What follows of a dispute, the writer does at once.
        driver.do_due(driver.ledger.now());
        // The money of a queue comes from another account's balance, which is not foreseen.
        driver.empty_the_queue();
        // Nor is what is held, until it is released.
        driver.advance(driver.now);
        for hold in driver.hold_ids() {
            let _released_before = driver.execute(ReleaseReserveHold { hold, amount: None });
        }
        let payouts: Payouts = driver.fold();
        let mut planned = BTreeMap::new();
        for forecast in payouts.forecasts(None) {
            let withheld: i64 = forecast.withheld.iter().map(|line| line.amount).sum();
            assert_eq!(withheld, forecast.available + forecast.pending);
            assert!(forecast.withheld.iter().all(|line| !line.reasons.is_empty() && line.amount != 0));
            for payout in &forecast.planned {
                planned.insert((forecast.account, forecast.currency, payout.date), payout.amount);
            }
        }
        assert_eq!(happens(&mut driver), planned);
    }

    #[test]
    fn what_was_made_is_told_alike_by_the_log_and_by_its_history(story in Story::of(120)) {
        let driver = story.tell();
        assert_eq!(made(&driver, None).len(), driver.payout_ids().len());
        for account in [0, 1, 2, 3].map(AccountId) {
            assert!(made(&driver, Some(account)).iter().all(|payout| payout.account == account));
        }
    }
}
