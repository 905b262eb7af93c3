//! Statements, after short histories and long ones.

use counterfoil_domain::books::Kind;
use counterfoil_domain::charge::{Authorise, CaptureCharge, Charge, ChargeKind, DestinationShare};
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::money::Currency;
use counterfoil_domain::payout::PayoutSchedule;
use counterfoil_domain::split::{Ask, Commission, Part, Split};
use counterfoil_domain::{AccountId, ChargeId, TransferId};
use proptest::prelude::{ProptestConfig, proptest};

use super::Statement;
use crate::balance::Balance;
use crate::driver::{Driver, Story, brl, card, time};
use crate::object::ObjectRef;
use crate::payouts::History;
use crate::unreadable::Unreadable;

const BRL: Currency = Currency::BRL;

fn text(statement: &Statement, account: AccountId) -> Vec<String> {
    let lines = statement.lines(account, BRL, 1, u64::MAX);
    let line = |line: Result<super::Line, Unreadable>| {
        let line = line.unwrap();
        let source = line.source.map_or("-".to_owned(), |source| source.to_string());
        let (kind, state) = (line.kind.name(), line.state.name());
        format!("{} {kind} {state} {} {} {source}", line.number, line.amount, line.balance)
    };
    lines.map(line).collect()
}

#[test]
fn nothing_happened() {
    let statement = Statement::default();
    assert_eq!(statement.entries(AccountId(1), BRL), 0);
    assert_eq!(statement.lines(AccountId(1), BRL, 0, u64::MAX).len(), 0);
    assert_eq!(statement.last(AccountId(1), BRL, 50).len(), 0);
    assert_eq!(statement.line(AccountId(1), BRL, 0).unwrap(), None);
}

#[test]
fn every_line_names_its_cause() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    let share = DestinationShare::LessApplicationFee(100);
    let kind = ChargeKind::Destination { account: bakery, share };
    let charge = driver.run(Charge { kind, ..Charge::separate(brl(1_000), card()) });
    driver.at("2017-09-13");
    let statement: Statement = driver.fold();
    let payout = driver.payout_ids()[0].0.position();
    assert_eq!(
        text(&statement, bakery),
        [
            format!("1 transfer pending 1000 1000 transfer {charge}.1"),
            format!("2 application_fee pending -100 900 charge {charge}.0"),
            "3 maturity pending -900 0 -".to_owned(),
            "4 maturity available 900 900 -".to_owned(),
            format!("5 payout available -900 0 payout {payout}.0"),
            format!("6 payout in_transit 900 900 payout {payout}.0"),
        ]
    );
}

#[test]
fn a_capture_s_lines_name_the_charge_and_its_transfer() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    let share = DestinationShare::LessApplicationFee(100);
    let kind = ChargeKind::Destination { account: bakery, share };
    let charge = Box::new(Charge { kind, ..Charge::separate(brl(1_000), card()) });
    let made = driver.run(Authorise { charge, capture_before: None });
    let capture = CaptureCharge::full(ChargeId::new(made, 0));
    let captured = driver.run(CaptureCharge { amount: Some(600), ..capture });
    let statement: Statement = driver.fold();
    assert_eq!(
        text(&statement, bakery),
        [
            format!("1 transfer pending 600 600 transfer {captured}.0"),
            format!("2 application_fee pending -100 500 charge {made}.0"),
        ]
    );
    let platform = text(&statement, AccountId::PLATFORM);
    assert_eq!(platform[1], format!("2 partial_capture_reversal pending -400 600 charge {made}.0"));
}

#[test]
fn a_split_s_lines_name_its_transfers_one_by_one() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    let florist = driver.onboard("florist", PayoutSchedule::Manual);
    let first = driver.run(Charge::separate(brl(1_000), card()));
    let second = driver.run(Charge::separate(brl(1_000), card()));
    let part = |account, gross| Part { account, gross: Ask::Fixed(gross), commission: Commission::None };
    let charges = vec![ChargeId::new(first, 0), ChargeId::new(second, 0)];
    let parts = vec![part(bakery, 1_500), part(florist, 500)];
    let split = driver.run(Split { charges, transfer_group: None, parts, details: None });
    let statement: Statement = driver.fold();
    let source = |ordinal| Some(ObjectRef::Transfer(TransferId(ObjectId::new(split, ordinal))));
    let sources = |account| -> Vec<_> {
        let lines = statement.lines(account, BRL, 1, 99).map(Result::unwrap);
        let lines = lines.filter(|line| line.kind == Kind::Transfer);
        lines.map(|line| (line.amount, line.source)).collect()
    };
    assert_eq!(sources(bakery), [(1_000, source(0)), (500, source(1))]);
    assert_eq!(sources(florist), [(500, source(2))]);
    // The charges' money went to the processor in part: available covers the rest.
    let platforms = sources(AccountId::PLATFORM);
    assert_eq!(platforms.iter().map(|(amount, _)| amount).sum::<i64>(), -2_000);
    assert_eq!(platforms.last().map(|(_, source)| *source), Some(source(2)));
}

#[test]
fn lines_are_cut_by_number_by_count_and_by_time() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    for day in 11..20 {
        driver.at(&format!("2017-09-{day}"));
        let kind = ChargeKind::Direct { account: bakery, application_fee: 0 };
        driver.run(Charge { kind, ..Charge::separate(brl(1_000), card()) });
    }
    let statement: Statement = driver.fold();
    let entries = statement.entries(bakery, BRL);
    let numbers =
        |lines: &mut super::Lines<'_>| -> Vec<u64> { lines.map(|line| line.unwrap().number).collect() };
    assert_eq!(numbers(&mut statement.lines(bakery, BRL, 3, 5)), [3, 4, 5]);
    assert_eq!(numbers(&mut statement.lines(bakery, BRL, 0, 1)), [1]);
    assert_eq!(numbers(&mut statement.lines(bakery, BRL, 5, 4)), []);
    assert_eq!(numbers(&mut statement.lines(bakery, BRL, entries, u64::MAX)), [entries]);
    assert_eq!(numbers(&mut statement.lines(bakery, BRL, u64::MAX, u64::MAX)), []);
    assert_eq!(numbers(&mut statement.last(bakery, BRL, 2)), [entries - 1, entries]);
    assert_eq!(statement.last(bakery, BRL, usize::MAX).len() as u64, entries);
    assert_eq!(statement.line(bakery, BRL, 4).unwrap().map(|line| line.number), Some(4));
    let week = statement.between(bakery, BRL, time("2017-09-12"), time("2017-09-14")).unwrap();
    assert!(
        !week.is_empty()
            && week.map(Result::unwrap).all(|line| ["12", "13"]
                .iter()
                .any(|day| line.time.to_string().contains(&format!("09-{day}"))))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn running_balances_end_in_the_balance_view(story in Story::of(120)) {
        let driver = story.tell();
        let (statement, balance): (Statement, Balance) = (driver.fold(), driver.fold());
        for row in balance.rows(None) {
            let mut running = 0;
            for (index, line) in statement.lines(row.account, row.currency, 1, u64::MAX).enumerate() {
                let line = line.unwrap();
                running += line.amount;
                assert_eq!((line.number, line.balance), (index as u64 + 1, running));
            }
            assert_eq!(i128::from(running), row.funds.owed(), "account {} in {}", row.account, row.currency);
            assert_eq!(statement.balance(row.account, row.currency), running);
        }
    }

    #[test]
    fn a_payout_is_the_sum_of_the_lines_that_it_takes(story in Story::of(120)) {
        let driver = story.tell();
        let statement: Statement = driver.fold();
        let payouts: History = driver.fold();
        for payout in payouts.made(None) {
            let lines = payout.entries.iter().flat_map(|range| {
                statement.lines(payout.account, payout.currency, range.first, range.last)
            });
            let available = lines.map(Result::unwrap).filter(|line| line.state.name() == "available");
            let sum: i64 = available.map(|line| line.amount).sum();
            assert_eq!(sum, payout.amount, "payout {:?}", payout.id);
        }
    }
}
