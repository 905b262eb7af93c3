//! Explanations, against the balances that they explain.

use counterfoil_domain::charge::{Charge, ChargeKind};
use counterfoil_domain::money::Currency;
use counterfoil_domain::payout::{PayoutSchedule, RequestPayout};
use counterfoil_domain::refund::Refund;
use counterfoil_domain::{AccountId, ChargeId};
use proptest::prelude::{ProptestConfig, proptest};

use super::{Explanation, Held, Reader};
use crate::driver::{Driver, Story, brl, card, time};
use crate::{Balance, Reading};

const BAKERY: AccountId = AccountId(1);

/// Every number is the sum of what is said of it.
fn adds_up(explanation: &Explanation) {
    let Explanation { funds, .. } = explanation;
    let sum = |held: &[Held]| held.iter().map(|held| held.amount).sum::<i64>();
    let total = explanation.changes.last().map_or(0, |change| change.total);
    assert_eq!(total, funds.owed() - i128::from(funds.in_transit), "{explanation:?}");
    assert_eq!(explanation.pending.iter().map(|(_, amount)| amount).sum::<i64>(), funds.pending);
    assert_eq!(sum(&explanation.in_transit), funds.in_transit);
    assert_eq!(sum(&explanation.reserved), funds.reserved);
    assert_eq!(sum(&explanation.prefunded), funds.prefunded);
    assert_eq!(explanation.debts.iter().map(|debt| debt.owed).sum::<i64>(), funds.connect_reserved);
}

fn explained(views: Reading<'_>, account: AccountId) -> Vec<Explanation> {
    Reader::at(views, views.balance(), views.payouts().now()).of(account).unwrap()
}

/// Two charges, a refund and a payout of less than all, which leaves 8.40 behind: its three
/// transactions stand together, and each with the total after it.
#[test]
fn changes_stand_object_by_object_with_a_running_total() {
    let mut driver = Driver::open();
    driver.onboard("bakery", PayoutSchedule::Manual);
    let kind = ChargeKind::Direct { account: BAKERY, application_fee: 100 };
    let sale = Charge { kind, ..Charge::separate(brl(1_000), card()) };
    let first = ChargeId::new(driver.run(sale.clone()), 0);
    driver.at("2017-09-12");
    driver.run(sale);
    driver.run(Refund { amount: Some(400), ..Refund::full(first) });
    driver.at("2017-09-14");
    driver.run(RequestPayout { account: BAKERY, currency: Currency::BRL, amount: Some(500) });
    driver.ask(|views| {
        let [bakery] = &explained(views, BAKERY)[..] else { panic!("one currency") };
        adds_up(bakery);
        let told: Vec<_> = bakery
            .changes
            .iter()
            .map(|it| (it.transaction.kind.name(), it.transaction.net, it.total))
            .collect();
        // 10.00 less 1.00 and 0.30 is 8.70, twice; 4.00 go back, and 5.00 to the bank.
        let expected = [
            ("charge", 870, 870),
            ("charge", 870, 1_740),
            ("refund", -400, 1_340),
            ("payout_minimum_balance_hold", -840, 500),
            ("payout", -500, 0),
            ("payout_minimum_balance_release", 840, 840),
        ];
        assert_eq!(told, expected);
        assert_eq!((bakery.funds.in_transit, bakery.in_transit.len()), (500, 1));
    });
    // As it was before the refund.
    let mut past = Balance::default();
    let until = time("2017-09-11T12:00:00Z");
    let before = driver.log.iter().take_while(|recorded| recorded.time <= until);
    before.for_each(|recorded| crate::Projector::apply(&mut past, recorded));
    driver.ask(|views| {
        let then = Reader::at(views, &past, until).of(BAKERY).unwrap();
        adds_up(&then[0]);
        assert_eq!((then[0].changes.len(), then[0].funds.pending), (1, 870));
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 1 } else { 40 }))]

    #[test]
    fn every_number_of_every_balance_is_the_sum_of_what_explains_it(story in Story::of(120)) {
        let mut driver = story.tell();
        // The reserve follows what the last command brought about.
        let now = driver.ledger.now();
        driver.advance(now);
        driver.ask(|views| {
            for account in [0, 1, 2, 3].map(AccountId) {
                explained(views, account).iter().for_each(adds_up);
            }
        });
    }
}
