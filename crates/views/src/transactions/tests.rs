//! Balance transactions against hand-worked amounts, and against the balances and payouts that
//! they come to.

use std::collections::BTreeMap;

use counterfoil_domain::books::State;
use counterfoil_domain::charge::{Charge, ChargeKind, DestinationShare, ProcessingFee};
use counterfoil_domain::id::{ApplicationFeeId, FeeRefundId};
use counterfoil_domain::money::{Currency, Rate};
use counterfoil_domain::payout::PayoutSchedule;
use counterfoil_domain::refund::{MarkRefundFailed, Recover, Refund, RefundFailure};
use counterfoil_domain::{AccountId, ChargeId, RefundId};
use proptest::prelude::ProptestConfig;
use proptest::{prop_assert, prop_assert_eq, proptest};

use super::{BalanceTransaction, TransactionType, of_event};
use crate::driver::{Driver, Story, brl, card};
use crate::object::ObjectRef;

const BAKERY: AccountId = AccountId(1);

/// 100.00 with a processing fee of 3.20 and a fee of 15.00, as in Connect's own example.
fn sale(kind: ChargeKind) -> Charge {
    let processing_fee = Some(ProcessingFee { rate: Rate::from_basis_points(290).unwrap(), fixed: 30 });
    Charge { kind, processing_fee, ..Charge::separate(brl(10_000), card()) }
}

/// What an event did to an account: type, category, amount, fee and net.
fn told(driver: &Driver, position: u64, account: AccountId) -> Vec<String> {
    let made = of_event(&driver.log[position as usize]);
    let of_account = made.iter().filter(|it| it.account == account);
    let tell = |it: &BalanceTransaction| {
        format!("{} {} {} - {} = {}", it.kind.name(), it.category.name(), it.amount, it.fee, it.net)
    };
    of_account.map(tell).collect()
}

#[test]
fn a_direct_charge_is_one_transaction_with_its_fees() {
    let mut driver = Driver::open();
    driver.onboard("bakery", PayoutSchedule::Manual);
    let position = driver.run(sale(ChargeKind::Direct { account: BAKERY, application_fee: 1_500 }));
    assert_eq!(told(&driver, position, BAKERY), ["charge charge 10000 - 1820 = 8180"]);
    let platform = told(&driver, position, AccountId::PLATFORM);
    assert_eq!(platform, ["application_fee platform_earning 1500 - 0 = 1500"]);
    let details = &of_event(&driver.log[position as usize])[0].fee_details;
    let details: Vec<_> = details.iter().map(|detail| (detail.kind.name(), detail.amount)).collect();
    assert_eq!(details, [("application_fee", 1_500), ("stripe_fee", 320)]);
}

#[test]
fn a_destination_charge_is_a_charge_a_transfer_and_a_fee_and_a_payment_where_it_arrives() {
    let mut driver = Driver::open();
    driver.onboard("bakery", PayoutSchedule::Manual);
    let share = DestinationShare::LessApplicationFee(1_500);
    let position = driver.run(sale(ChargeKind::Destination { account: BAKERY, share }));
    assert_eq!(told(&driver, position, BAKERY), ["payment charge 10000 - 1500 = 8500"]);
    assert_eq!(
        told(&driver, position, AccountId::PLATFORM),
        [
            "charge charge 10000 - 320 = 9680",
            "application_fee platform_earning 1500 - 0 = 1500",
            "transfer transfer -10000 - 0 = -10000"
        ]
    );
    // The platform: 96.80 + 15.00 - 100.00 = 11.80.
    let refund = Refund {
        recover: Recover::OwnTransfer,
        refund_application_fee: true,
        ..Refund::full(ChargeId::new(position, 0))
    };
    let position = driver.run(refund);
    assert_eq!(told(&driver, position, BAKERY), ["payment_refund refund -10000 - -1500 = -8500"]);
    assert_eq!(
        told(&driver, position, AccountId::PLATFORM),
        [
            "transfer_refund transfer_reversal 10000 - 0 = 10000",
            "application_fee_refund platform_earning_refund -1500 - 0 = -1500",
            // What of the sale is pending, and the processing fee that is gone, at once.
            "refund refund -9680 - 0 = -9680",
            "refund refund -320 - 0 = -320"
        ]
    );
}

/// 100.00 less 3.20 and 15.00 are pending; the fee's return makes it 96.80, and 3.20 more are
/// taken from what is available. A failure turns all of it round.
#[test]
fn a_refund_that_fails_is_a_refund_failure_with_the_fees_of_the_refund() {
    let mut driver = Driver::open();
    driver.onboard("bakery", PayoutSchedule::Manual);
    let position = driver.run(sale(ChargeKind::Direct { account: BAKERY, application_fee: 1_500 }));
    let refund = Refund { refund_application_fee: true, ..Refund::full(ChargeId::new(position, 0)) };
    let position = driver.run(refund);
    let refunded = ["refund refund -9680 - -1500 = -8180", "refund refund -320 - 0 = -320"];
    assert_eq!(told(&driver, position, BAKERY), refunded);
    let refund = RefundId::new(position, 0);
    let position = driver.run(MarkRefundFailed { refund, failure: RefundFailure::Declined });
    assert_eq!(
        told(&driver, position, BAKERY),
        ["refund_failure refund_failure 9680 - 1500 = 8180", "refund_failure refund_failure 320 - 0 = 320"]
    );
    let platform = told(&driver, position, AccountId::PLATFORM);
    assert_eq!(platform, ["application_fee_refund platform_earning_refund 1500 - 0 = 1500"]);
}

#[test]
fn what_the_platform_gets_of_a_fee_is_of_the_fee_and_what_it_gives_back_of_its_refund() {
    let mut driver = Driver::open();
    driver.onboard("bakery", PayoutSchedule::Manual);
    let charged = driver.run(sale(ChargeKind::Direct { account: BAKERY, application_fee: 1_500 }));
    let refund = Refund { refund_application_fee: true, ..Refund::full(ChargeId::new(charged, 0)) };
    let refunded = driver.run(refund);
    let sources = |position: u64, account| -> Vec<Option<ObjectRef>> {
        let made = of_event(&driver.log[position as usize]).into_iter();
        made.filter(|it| it.account == account).map(|it| it.source).collect()
    };
    let fee = ApplicationFeeId::new(charged, 2).into();
    assert_eq!(sources(charged, AccountId::PLATFORM), [Some(fee)]);
    assert_eq!(sources(refunded, AccountId::PLATFORM), [Some(FeeRefundId::new(refunded, 2).into())]);
    assert_eq!(sources(charged, BAKERY), [Some(ChargeId::new(charged, 0).into())]);
}

/// Every posting that changes a balance, summed by account, currency and balance.
fn balances(driver: &Driver) -> BTreeMap<(AccountId, Currency), i64> {
    let mut sums = BTreeMap::new();
    let entries = driver.log.iter().filter_map(|recorded| recorded.event.entry());
    for entry in entries {
        for posting in entry.postings() {
            if let Some((account, state)) = posting.book.owner()
                && state != State::InTransit
            {
                *sums.entry((account, entry.currency())).or_default() += posting.owed();
            }
        }
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 1 } else { 40 }))]

    #[test]
    fn nets_sum_to_balances_and_a_payout_is_the_sum_of_its_own(story in Story::of(120)) {
        let driver = story.tell();
        let mut nets: BTreeMap<(AccountId, Currency), i64> = BTreeMap::new();
        for recorded in &driver.log {
            for transaction in of_event(recorded) {
                let BalanceTransaction { amount, fee, net, .. } = transaction;
                let details: i64 = transaction.fee_details.iter().map(|detail| detail.amount).sum();
                prop_assert_eq!((amount - fee, fee), (net, details));
                *nets.entry((transaction.account, transaction.currency)).or_default() += net;
            }
        }
        let mut balances = balances(&driver);
        balances.retain(|_, sum| *sum != 0);
        nets.retain(|_, sum| *sum != 0);
        prop_assert_eq!(&nets, &balances);

        driver.ask(|views| {
            let transactions = views.transactions();
            let mut paid = BTreeMap::new();
            for payout in driver.payout_ids() {
                let made = views.objects().get(payout.into()).unwrap().unwrap();
                let own = transactions.of(payout.0.position()).unwrap();
                let own = own.iter().find(|it| it.kind == TransactionType::Payout).unwrap();
                assert_eq!(own.net, -made.amount);
                let members = transactions.paid_by(payout).unwrap();
                let taken: i64 = members.iter().map(|it| it.net).sum();
                for member in members.iter().filter(|_| made.status != "failed") {
                    assert_eq!(paid.insert(member.id, payout), None, "each is in one live payout");
                }
                // With what it leaves behind, and what payouts before it left or gave back.
                assert_eq!(taken, made.amount, "payout {payout}");
            }
            for account in [AccountId::PLATFORM, BAKERY, AccountId(2)] {
                let newest: Vec<_> =
                    transactions.newest(account, Currency::BRL, None).map(Result::unwrap).collect();
                let mut pages = Vec::new();
                while let Some(next) = transactions
                    .newest(account, Currency::BRL, pages.last().map(|it: &BalanceTransaction| it.id))
                    .next()
                {
                    pages.push(next.unwrap());
                }
                assert_eq!(newest, pages);
                assert!(newest.iter().all(|it| transactions.get(it.id).unwrap().as_ref() == Some(it)));
            }
        });
        prop_assert!(driver.log.len() < 100_000);
    }
}
