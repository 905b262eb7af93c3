//! Sales, after short histories.

use counterfoil_domain::account::Details;
use counterfoil_domain::charge::{
    Authorise, BeginCharge, CaptureCharge, Charge, ChargeKind, DestinationShare, MarkChargeFailed,
};
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::money::{Currency, Rate};
use counterfoil_domain::payout::{FailureCode, PayoutSchedule};
use counterfoil_domain::refund::Refund;
use counterfoil_domain::split::rule::{
    Condition, Fact, Rounding, RulePart, RuleSet, SetSplitRule, ShareOf, SplitRule,
};
use counterfoil_domain::split::{Ask, Commission, MeetCondition, Part, Split, SplitByRule};
use counterfoil_domain::transfer::{QueueTransfer, ReverseTransfer, Transfer};
use counterfoil_domain::{AccountId, ChargeId, SplitId, SplitRuleId, TransferId};

use super::Tax;
use crate::driver::{Driver, brl, card};

fn seller() -> (Driver, AccountId) {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    (driver, bakery)
}

fn charge(kind: ChargeKind) -> Charge {
    Charge { kind, ..Charge::separate(brl(1_000), card()) }
}

/// Gross, count and fees of the account in 2017.
fn sold(driver: &Driver, account: AccountId) -> (i128, u64, i128) {
    let tax: Tax = driver.fold();
    tax.year(account, Currency::BRL, 2017).map_or((0, 0, 0), |year| (year.gross, year.count, year.fees))
}

#[test]
fn nothing_happened() {
    assert_eq!(Tax::default().rows(None, None).count(), 0);
}

#[test]
fn a_direct_charge_is_a_sale_whose_seller_paid_both_fees() {
    let (mut driver, bakery) = seller();
    driver.run(charge(ChargeKind::Direct { account: bakery, application_fee: 100 }));
    assert_eq!(sold(&driver, bakery), (1_000, 1, 130));
    assert_eq!(sold(&driver, AccountId::PLATFORM), (0, 0, 0));
}

#[test]
fn a_destination_charge_is_a_sale_of_the_whole_charge() {
    for (share, fees) in [
        (DestinationShare::Whole, 0),
        (DestinationShare::LessApplicationFee(100), 100),
        (DestinationShare::Amount(850), 150),
    ] {
        let (mut driver, bakery) = seller();
        driver.run(charge(ChargeKind::Destination { account: bakery, share }));
        assert_eq!(sold(&driver, bakery), (1_000, 1, fees), "{share:?}");
    }
}

#[test]
fn each_capture_is_a_sale_of_what_it_brought() {
    let (mut driver, bakery) = seller();
    let charge = Box::new(charge(ChargeKind::Direct { account: bakery, application_fee: 100 }));
    let charge = ChargeId::new(driver.run(Authorise { charge, capture_before: None }), 0);
    assert_eq!(sold(&driver, bakery), (0, 0, 0));
    let capture = CaptureCharge::full(charge);
    driver.run(CaptureCharge { amount: Some(300), final_capture: false, ..capture });
    // A fee of 30, and 2 % and 10 for processing.
    assert_eq!(sold(&driver, bakery), (300, 1, 46));
    driver.run(capture);
    assert_eq!(sold(&driver, bakery), (1_000, 2, 130));
}

#[test]
fn a_part_that_is_captured_is_a_sale_of_the_part() {
    let (mut driver, bakery) = seller();
    let kind = ChargeKind::Destination { account: bakery, share: DestinationShare::LessApplicationFee(100) };
    let charge = Box::new(charge(kind));
    let charge = ChargeId::new(driver.run(Authorise { charge, capture_before: None }), 0);
    driver.run(CaptureCharge { amount: Some(600), ..CaptureCharge::full(charge) });
    assert_eq!(sold(&driver, bakery), (600, 1, 100));
}

#[test]
fn a_charge_that_is_begun_is_a_sale_though_it_fails() {
    let (mut driver, bakery) = seller();
    let kind = ChargeKind::Destination { account: bakery, share: DestinationShare::Amount(850) };
    let charge = ChargeId::new(driver.run(BeginCharge { charge: Box::new(charge(kind)) }), 0);
    assert_eq!(sold(&driver, bakery), (1_000, 1, 150));
    driver.run(MarkChargeFailed { charge, code: FailureCode::NoAccount });
    assert_eq!(sold(&driver, bakery), (1_000, 1, 150));
}

#[test]
fn each_share_of_a_split_is_one_sale_of_its_gross() {
    let (mut driver, bakery) = seller();
    let florist = driver.onboard("florist", PayoutSchedule::Manual);
    let charges = vec![
        ChargeId::new(driver.run(Charge::separate(brl(600), card())), 0),
        ChargeId::new(driver.run(Charge::separate(brl(400), card())), 0),
    ];
    let part =
        |account, gross| Part { account, gross: Ask::Fixed(gross), commission: Commission::Amount(50) };
    let parts = vec![part(bakery, 700), part(florist, 300)];
    driver.run(Split { charges, transfer_group: None, parts, details: Details::external_id("order") });
    // The bakery's net comes from two charges by two transfers, and is one sale.
    assert_eq!(sold(&driver, bakery), (700, 1, 50));
    assert_eq!(sold(&driver, florist), (300, 1, 50));
}

/// A florist paid half at once and half on delivery was reported to have sold twice, and a form
/// that asks for the number of transactions got one too many for each order.
#[test]
fn parts_of_one_seller_in_a_split_by_a_rule_are_one_sale() {
    let (mut driver, bakery) = seller();
    let florist = driver.onboard("florist", PayoutSchedule::Manual);
    let percent = |account, percent: u32| RulePart {
        commission: Commission::Rate(Rate::from_basis_points(1_000).unwrap()),
        ..RulePart::new(account, ShareOf::Percent(Rate::from_basis_points(percent * 100).unwrap()))
    };
    let delivered = Condition::Fact(Fact::new(Fact::DELIVERY_CONFIRMED).unwrap());
    let parts = vec![
        percent(florist, 30),
        percent(bakery, 40),
        RulePart { condition: delivered, ..percent(florist, 30) },
    ];
    let rule = SplitRule { parts, rounding: Rounding::LargestRemainder };
    let set = SetSplitRule { of: RuleSet::New(Currency::BRL), rule, details: None };
    let rule = SplitRuleId::new(driver.run(set), 0);
    let mut share = || {
        let charges = vec![ChargeId::new(driver.run(Charge::separate(brl(1_000), card())), 0)];
        driver.run(SplitByRule { charges, rule, version: None, transfer_group: None, details: None })
    };
    let (_, second) = (share(), share());
    assert_eq!(sold(&driver, florist), (1_200, 2, 120), "two orders");
    assert_eq!(sold(&driver, bakery), (800, 2, 80));
    // The part that waited was sold when its charge was shared.
    driver.run(MeetCondition {
        split: SplitId::new(second, 0),
        fact: Fact::new(Fact::DELIVERY_CONFIRMED).unwrap(),
    });
    assert_eq!(sold(&driver, florist), (1_200, 2, 120));
}

#[test]
fn a_transfer_is_a_sale_where_it_names_its_charge() {
    let (mut driver, bakery) = seller();
    let source = ChargeId::new(driver.run(Charge::separate(brl(1_000), card())), 0);
    driver.run(Transfer { source_charge: Some(source), ..Transfer::new(bakery, brl(400)) });
    assert_eq!(sold(&driver, bakery), (400, 1, 0));
    driver.at("2017-10-01");
    driver.run(Transfer::new(bakery, brl(300)));
    assert_eq!(sold(&driver, bakery), (400, 1, 0));
}

#[test]
fn what_waited_for_the_balance_or_was_debited_is_no_sale() {
    let (mut driver, bakery) = seller();
    driver.run(charge(ChargeKind::Direct { account: bakery, application_fee: 0 }));
    let waits = driver.run(QueueTransfer(Transfer::new(bakery, brl(300))));
    driver.at("2017-10-01");
    driver.run(DebitAccount::new(bakery, brl(400)));
    driver.at("2017-10-02");
    assert!(driver.log.iter().any(|recorded| recorded.event.name() == "transfer_released"));
    driver.run(ReverseTransfer::full(TransferId::new(waits, 0)));
    assert_eq!(sold(&driver, bakery), (1_000, 1, 30));
    assert_eq!(sold(&driver, AccountId::PLATFORM), (0, 0, 0));
}

#[test]
fn what_goes_back_was_sold_all_the_same() {
    let (mut driver, bakery) = seller();
    let direct = driver.run(charge(ChargeKind::Direct { account: bakery, application_fee: 0 }));
    driver.run(Refund::full(ChargeId::new(direct, 0)));
    let source = ChargeId::new(driver.run(Charge::separate(brl(1_000), card())), 0);
    let transfer = driver.run(Transfer { source_charge: Some(source), ..Transfer::new(bakery, brl(400)) });
    driver.run(ReverseTransfer::full(TransferId::new(transfer, 0)));
    assert_eq!(sold(&driver, bakery), (1_400, 2, 30));
}

#[test]
fn a_sale_belongs_to_its_month_in_utc() {
    let (mut driver, bakery) = seller();
    let mut positions = Vec::new();
    for day in ["2017-12-31T23:59:59.999999Z", "2018-01-01T00:00:00Z", "2018-02-28T12:00:00Z"] {
        driver.at(day);
        positions.push(driver.run(charge(ChargeKind::Direct { account: bakery, application_fee: 0 })));
    }
    let tax: Tax = driver.fold();
    let years: Vec<_> = tax.rows(Some(bakery), None).map(|row| (row.year, row.sold.count)).collect();
    assert_eq!(years, [(2017, 1), (2018, 2)]);
    let year = tax.year(bakery, Currency::BRL, 2018).unwrap();
    assert_eq!(&year.months[..3], [1_000, 1_000, 0]);
    assert_eq!(year.months.iter().sum::<i128>(), year.gross);
    let sales = tax.sales(bakery, Currency::BRL, 2018);
    let drilled: Vec<u64> = sales.map(|sale| sale.unwrap().position).collect();
    assert_eq!(drilled, positions[1..]);
    assert_eq!(tax.year(bakery, Currency::BRL, 2017).unwrap().months[11], 1_000);
}
