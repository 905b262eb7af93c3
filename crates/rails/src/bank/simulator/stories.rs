//! The whole story of each test bank account, with its instants, and what is refused.

use counterfoil_domain::account::Country;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::{AccountId, ObjectId};

use super::{ACCOUNTS, BankSimulator, TestBank};
use crate::bank::{BankAnswer, BankAsk, BankDetails, BankOrder, BankRefusal, Payee};
use crate::{Answer, AskKey, Settings};

/// Ten o'clock on a Thursday.
const THURSDAY: &str = "2026-03-05T10:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn key(position: u64) -> AskKey {
    AskKey::of(ObjectId::new(position, 0))
}

fn account(number: &str) -> BankDetails {
    BankDetails::new(Country::US, Some("110000000"), number)
}

fn pay_out(details: Option<BankDetails>, minor: Minor, arrive_on: Option<&str>) -> BankOrder {
    let arrive_on = arrive_on.map(|day| day.parse::<Day>().unwrap());
    let to = Payee { account: AccountId(1), details };
    BankOrder::PayOut { to, amount: Money::new(Currency::USD, minor), arrive_on }
}

fn debit(number: &str, minor: Minor) -> BankOrder {
    BankOrder::Debit { from: account(number), amount: Money::new(Currency::USD, minor) }
}

fn top_up(number: &str, minor: Minor) -> BankOrder {
    BankOrder::TopUp { from: account(number), amount: Money::new(Currency::USD, minor) }
}

fn ask(simulator: &mut BankSimulator, when: &str, position: u64, order: BankOrder) -> BankAnswer {
    simulator.ask(at(when), &BankAsk { key: key(position), order }).unwrap()
}

/// Asks these in turn, under the keys 1.0, 2.0 …, and compares all that is ever told.
#[track_caller]
fn check(asks: Vec<(&str, BankOrder)>, told: &[&str]) {
    let mut simulator = BankSimulator::new(Settings::seeded(7));
    for (position, (when, order)) in (1..).zip(asks) {
        assert_eq!(ask(&mut simulator, when, position, order).refusal(), None, "at {when}");
    }
    simulator.advance(Timestamp::MAX);
    assert_eq!(simulator.told().iter().map(ToString::to_string).collect::<Vec<_>>(), told);
}

#[test]
fn a_payout_arrives_on_the_day_that_was_promised() {
    check(
        vec![
            (THURSDAY, pay_out(Some(account("000123456789")), 9_000, Some("2026-03-09"))),
            (THURSDAY, pay_out(None, 8_000, Some("2026-03-09"))),
            (THURSDAY, pay_out(None, 7_000, None)),
            (THURSDAY, pay_out(None, 6_000, Some("2026-03-05"))),
        ],
        &[
            "2026-03-05T10:00:00Z payout_paid 4.0 USD 60.00",
            "2026-03-09T00:00:00Z payout_paid 1.0 USD 90.00",
            "2026-03-09T00:00:00Z payout_paid 2.0 USD 80.00",
            "2026-03-09T00:00:00Z payout_paid 3.0 USD 70.00",
        ],
    );
}

#[test]
fn an_account_that_fails_fails_whatever_is_ordered() {
    let codes = [
        ("000111111116", "no_account"),
        ("000111111113", "account_closed"),
        ("000222222227", "insufficient_funds"),
        ("000333333335", "debit_not_authorized"),
        ("000444444440", "invalid_currency"),
    ];
    for (number, code) in codes {
        let lines = [
            format!("2026-03-09T00:00:00Z payout_failed 1.0 USD 90.00: {code}"),
            format!("2026-03-11T00:00:00Z debit_failed 2.0 USD 90.00: {code}"),
            format!("2026-03-12T00:00:00Z topup_failed 3.0 USD 90.00: {code}"),
        ];
        check(
            vec![
                (THURSDAY, pay_out(Some(account(number)), 9_000, None)),
                (THURSDAY, debit(number, 9_000)),
                (THURSDAY, top_up(number, 9_000)),
            ],
            &lines.each_ref().map(String::as_str),
        );
    }
    let failing = ACCOUNTS.iter().filter(|row| matches!(row.bank, TestBank::Fails(_)));
    assert_eq!(failing.count(), codes.len(), "each has its story");
}

#[test]
fn debits_and_top_ups_succeed_after_business_days() {
    check(
        vec![
            (THURSDAY, debit("pm_usBankAccount_success", 9_000)),
            (THURSDAY, top_up("btok_us_verified", 500)),
        ],
        &[
            "2026-03-11T00:00:00Z debit_succeeded 1.0 USD 90.00",
            "2026-03-12T00:00:00Z topup_succeeded 2.0 USD 5.00",
        ],
    );
}

#[test]
fn what_was_done_may_come_back() {
    check(
        vec![
            (THURSDAY, pay_out(Some(account("bank_returned")), 9_000, Some("2026-03-09"))),
            (THURSDAY, debit("000555555559", 8_000)),
            (THURSDAY, top_up("bank_returned", 7_000)),
        ],
        &[
            "2026-03-09T00:00:00Z payout_paid 1.0 USD 90.00",
            "2026-03-11T00:00:00Z debit_succeeded 2.0 USD 80.00",
            "2026-03-12T00:00:00Z payout_returned 1.0 USD 90.00: account_closed",
            "2026-03-12T00:00:00Z topup_succeeded 3.0 USD 70.00",
            "2026-03-17T00:00:00Z topup_reversed 3.0 USD 70.00: account_closed",
            "2026-03-25T00:00:00Z debit_returned 2.0 USD 80.00: debit_not_authorized",
        ],
    );
}

#[test]
fn a_payout_that_is_late_already_arrives_at_once() {
    check(
        vec![(THURSDAY, pay_out(Some(account("bank_returned")), 9_000, Some("2026-01-05")))],
        &[
            "2026-03-05T10:00:00Z payout_paid 1.0 USD 90.00",
            "2026-03-10T00:00:00Z payout_returned 1.0 USD 90.00: account_closed",
        ],
    );
}

#[test]
fn a_silent_bank_says_nothing_until_its_order_is_called_back() {
    check(vec![(THURSDAY, debit("000000000009", 9_000))], &[]);
    check(
        vec![
            (THURSDAY, debit("000000000009", 9_000)),
            (THURSDAY, top_up("btok_us_verified", 500)),
            ("2026-03-12", BankOrder::Cancel { order: key(1) }),
        ],
        &[
            "2026-03-12T00:00:00Z topup_succeeded 2.0 USD 5.00",
            "2026-03-12T00:00:00Z debit_canceled 1.0 USD 90.00",
        ],
    );
    check(
        vec![
            (THURSDAY, pay_out(None, 9_000, None)),
            (THURSDAY, top_up("btok_us_verified_noAccount", 500)),
            ("2026-03-06", BankOrder::Cancel { order: key(1) }),
            ("2026-03-06", BankOrder::Cancel { order: key(2) }),
        ],
        &[
            "2026-03-06T00:00:00Z payout_canceled 1.0 USD 90.00",
            "2026-03-06T00:00:00Z topup_canceled 2.0 USD 5.00",
        ],
    );
}

#[test]
fn a_bank_mostly_takes_an_ask_and_says_nothing() {
    let mut simulator = BankSimulator::new(Settings::default());
    assert_eq!(ask(&mut simulator, THURSDAY, 1, debit("btok_us_verified", 5)), Answer::Taken(vec![]));
    assert_eq!(simulator.next_due(), Some(at("2026-03-11")));
}

#[test]
fn what_cannot_be_done_is_refused() {
    let mut simulator = BankSimulator::new(Settings::default());
    let mut refused = |when, position, order| {
        let answer = ask(&mut simulator, when, position, order);
        answer.refusal().map(ToString::to_string).unwrap_or_default()
    };
    assert_eq!(refused(THURSDAY, 1, top_up("btok_us_verified", 5)), "");
    assert_eq!(
        refused(THURSDAY, 1, top_up("btok_us_verified", 6)),
        "Something else was asked under the key 1.0; repeat that ask, or take a new key."
    );
    assert_eq!(
        refused(THURSDAY, 2, debit("btok_us_verified", 0)),
        "An amount is above zero; USD 0.00 was asked."
    );
    assert_eq!(
        refused(THURSDAY, 3, BankOrder::Cancel { order: key(9) }),
        "No payout, debit or top-up was asked for under the key 9.0."
    );
    assert_eq!(
        refused("2026-03-12", 4, BankOrder::Cancel { order: key(1) }),
        "The order 1.0 has its result already and cannot be called back."
    );
    assert_eq!(refused("2026-03-12", 7, debit("btok_us_verified_noAccount", 5)), "");
    assert_eq!(refused("2026-03-12", 8, debit("pm_usBankAccount_processing", 5)), "");
    assert_eq!(refused("2026-03-12", 9, BankOrder::Cancel { order: key(8) }), "");
    for (when, position, order) in [("2026-03-12", 10, 8), ("2026-03-18", 11, 7)] {
        assert_eq!(
            refused(when, position, BankOrder::Cancel { order: key(order) }),
            format!("The order {order}.0 has its result already and cannot be called back.")
        );
    }
    let unknown = refused("2026-03-18", 5, debit("000123456780", 5));
    assert!(
        unknown.starts_with("There is no test bank account US …6780. Known are: 000123456789, "),
        "{unknown}"
    );
    let unknown = refused("2026-03-18", 6, pay_out(Some(account("000123456780")), 5, None));
    assert!(unknown.starts_with("There is no test bank account US …6780."), "{unknown}");
    let reused = BankRefusal::KeyReused { key: key(4) };
    let again = ask(&mut simulator, "2026-03-18", 4, BankOrder::Cancel { order: key(2) });
    assert_eq!(again.refusal(), Some(&reused));
}

#[test]
fn what_follows_from_a_fact_is_asked_at_its_instant() {
    let mut simulator = BankSimulator::new(Settings::default());
    ask(&mut simulator, THURSDAY, 1, pay_out(Some(account("000111111116")), 9_000, Some("2026-03-09")));
    ask(&mut simulator, THURSDAY, 2, top_up("btok_us_verified", 500));
    let (mut cursor, mut story) = (None, Vec::new());
    loop {
        let page = simulator.facts(cursor.as_ref(), at("2027-01-01"), usize::MAX).unwrap();
        cursor = page.next.or(cursor);
        for told in &page.told {
            story.push(told.to_string());
            if told.fact.name() == "payout_failed" {
                let again = pay_out(Some(account("000123456789")), 9_000, None);
                ask(&mut simulator, &told.at.to_string(), 3, again);
            }
        }
        if !page.more {
            break;
        }
    }
    assert_eq!(
        story,
        [
            "2026-03-09T00:00:00Z payout_failed 1.0 USD 90.00: no_account",
            "2026-03-11T00:00:00Z payout_paid 3.0 USD 90.00",
            "2026-03-12T00:00:00Z topup_succeeded 2.0 USD 5.00",
        ]
    );
}
