//! The margin by hand, and against the platform's balance.

use counterfoil_domain::charge::{Charge, ChargeKind, DestinationShare, ProcessingFee};
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::dispute::{DisputeReason, DisputeReference, OpenDispute, Recovery};
use counterfoil_domain::money::{Currency, Rate};
use counterfoil_domain::payout::PayoutSchedule;
use counterfoil_domain::refund::{Recover, Refund};
use counterfoil_domain::split::rule::{Rounding, RulePart, RuleSet, SetSplitRule, ShareOf, SplitRule};
use counterfoil_domain::split::{Ask, Commission, Part, Split, SplitByRule};
use counterfoil_domain::topup::{CreateTopup, MarkTopupSucceeded};
use counterfoil_domain::{AccountId, ChargeId, SplitRuleId, TopupId};
use proptest::prelude::{ProptestConfig, proptest};

use super::{Earned, Margin};
use crate::driver::{Driver, Story, brl, card};

fn earned(margin: &Margin, account: AccountId) -> Earned {
    margin
        .rows(Some(account))
        .find(|row| row.currency == Currency::BRL)
        .map_or_else(Earned::default, |row| row.earned)
}

/// What the platform is owed in every state, and was paid out.
fn platforms(driver: &Driver, currency: Currency) -> i128 {
    let platform = driver.ledger.account(AccountId::PLATFORM).unwrap();
    let wallet = platform.wallet(currency).cloned().unwrap_or_default();
    let states = [
        wallet.pending,
        wallet.available,
        wallet.in_transit,
        wallet.reserved,
        wallet.prefunded,
        wallet.connect_reserved,
        wallet.paid_out,
    ];
    states.into_iter().map(i128::from).sum()
}

/// Processing is 2 % and 10: 30 on 1,000. A destination charge with a fee of 100 earns 100 less
/// 30; a refund of half with both flags gives 50 of the fee back. A direct charge's 30 are its
/// seller's. Of a separate charge of 2,000 (processing 50) bakery sells 1,500 less 150; 500 stay.
#[test]
fn each_row_is_what_was_earned_with_it() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    let florist = driver.onboard("florist", PayoutSchedule::Manual);
    let charge = |minor, kind| Charge { kind, ..Charge::separate(brl(minor), card()) };
    let share = DestinationShare::LessApplicationFee(100);
    let id = driver.run(charge(1_000, ChargeKind::Destination { account: florist, share }));
    let mut refund = Refund::full(ChargeId::new(id, 0));
    (refund.amount, refund.recover, refund.refund_application_fee) = (Some(500), Recover::OwnTransfer, true);
    driver.run(refund);
    driver.run(charge(1_000, ChargeKind::Direct { account: florist, application_fee: 70 }));
    let shared = ChargeId::new(driver.run(charge(2_000, ChargeKind::Separate)), 0);
    let part = Part { account: bakery, gross: Ask::Fixed(1_500), commission: Commission::Amount(150) };
    driver.run(Split { charges: vec![shared], transfer_group: None, parts: vec![part], details: None });

    let margin: Margin = driver.fold();
    let florists = Earned { application_fees: 120, processing_fees: 30, ..Earned::default() };
    assert_eq!((earned(&margin, florist), florists.margin()), (florists, 90));
    let bakers = Earned { commission: 150, ..Earned::default() };
    assert_eq!(earned(&margin, bakery), bakers);
    let nobodys = Earned { commission: 500, processing_fees: 50, ..Earned::default() };
    assert_eq!(earned(&margin, AccountId::PLATFORM), nobodys);
    let total = margin.totals()[&Currency::BRL].margin();
    assert_eq!((total, platforms(&driver, Currency::BRL)), (90 + 150 + 450, 690));
}

/// A fee of 2 where processing costs 30: the margin is below zero, and says so. What a debit
/// takes back, less its own cost of 5, makes up for it.
#[test]
fn a_margin_below_zero_is_told() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    let share = DestinationShare::LessApplicationFee(2);
    let kind = ChargeKind::Destination { account: bakery, share };
    driver.run(Charge { kind, ..Charge::separate(brl(1_000), card()) });
    assert_eq!(earned(&driver.fold(), bakery).margin(), -28);
    driver.at("2017-09-20");
    let fee = Some(ProcessingFee { rate: Rate::ZERO, fixed: 5 });
    driver.run(DebitAccount { fee, ..DebitAccount::new(bakery, brl(40)) });
    let row = earned(&driver.fold(), bakery);
    assert_eq!((row.recovered, row.margin()), (35, 7));
}

/// Of a separate charge of 2,000 (processing 50) a rule gives the bakery 60 %, 1,200, less a
/// commission of 150; 800 stay with nobody. A destination charge of 1,000 (processing 30) gives the
/// florist 1,000 less a fee of 100. It is disputed, at a fee of 150: the platform pays 1,000 and takes
/// them from the florist, who has 900 and owes 100. It keeps its fee, so it has 100 - 180 of this
/// sale. After 180 days it pays the 100 too.
#[test]
fn a_rules_commission_a_dispute_and_an_old_debt_are_their_sellers() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    let florist = driver.onboard("florist", PayoutSchedule::Manual);
    let share = ShareOf::Percent(Rate::from_basis_points(6_000).unwrap());
    let part = RulePart { commission: Commission::Amount(150), ..RulePart::new(bakery, share) };
    let rule = SplitRule { parts: vec![part], rounding: Rounding::Ordered };
    let set = SetSplitRule { of: RuleSet::New(Currency::BRL), rule, details: None };
    let rule = SplitRuleId::new(driver.run(set), 0);
    let shared = ChargeId::new(driver.run(Charge::separate(brl(2_000), card())), 0);
    let charges = vec![shared];
    driver.run(SplitByRule { charges, rule, version: None, transfer_group: None, details: None });
    let kind = ChargeKind::Destination { account: florist, share: DestinationShare::LessApplicationFee(100) };
    let sold = ChargeId::new(driver.run(Charge { kind, ..Charge::separate(brl(1_000), card()) }), 0);
    driver.at("2017-09-20");
    let reference = DisputeReference::new("du_1").unwrap();
    let due_by = "2017-10-01".parse().unwrap();
    let opened = OpenDispute::new(sold, reference, DisputeReason::Fraudulent, due_by);
    let recovery = Recovery::OwnTransfer { with_fee: false };
    driver.run(OpenDispute { fee: Some(150), recovery, ..opened });
    // Nobody answers, and it is lost; the last day of the debt is 18 March.
    driver.at("2018-03-18T23:59:59Z");

    let nobodys = Earned { commission: 800, processing_fees: 50, ..Earned::default() };
    let bakers = Earned { commission: 150, ..Earned::default() };
    let florists = Earned { application_fees: 100, processing_fees: 180, ..Earned::default() };
    let rows = |driver: &Driver| {
        let margin: Margin = driver.fold();
        let total = margin.totals()[&Currency::BRL].margin();
        assert_eq!(total, platforms(driver, Currency::BRL));
        ([AccountId::PLATFORM, bakery, florist].map(|account| earned(&margin, account)), total)
    };
    assert_eq!(rows(&driver), ([nobodys, bakers, florists], 750 + 150 - 80));
    driver.at("2018-03-19");
    let florists = Earned { losses: 100, ..florists };
    assert_eq!(rows(&driver), ([nobodys, bakers, florists], 750 + 150 - 180));
}

/// What the platform pays in is not earned.
#[test]
fn a_topup_is_no_margin() {
    let mut driver = Driver::open();
    let account = AccountId::PLATFORM;
    let made = driver.run(CreateTopup::new(account, brl(500)));
    driver.run(MarkTopupSucceeded { topup: TopupId::new(made, 0) });
    let margin: Margin = driver.fold();
    assert_eq!((margin.rows(None).count(), platforms(&driver, Currency::BRL)), (0, 500));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn all_margins_are_what_the_platform_has_and_was_paid(story in Story::of(90)) {
        let driver = story.tell();
        let margin: Margin = driver.fold();
        let totals = margin.totals();
        for currency in [Currency::BRL, Currency::USD] {
            let total = totals.get(&currency).copied().unwrap_or_default().margin();
            assert_eq!(total, platforms(&driver, currency), "{currency}");
        }
    }
}
