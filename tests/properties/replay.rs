//! Any stream keeps the laws, and its log replayed from zero gives the same ledger.

use std::collections::BTreeSet;

use counterfoil_domain::money::Currency;
use counterfoil_domain::{Ledger, evolve};
use counterfoil_testkit::World;
use counterfoil_testkit::world::Records;
use proptest::proptest;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::cases::cases;
use crate::market::{Step, act, steps, usual};
use crate::model;

proptest! {
    #![proptest_config(cases(1_500))]

    #[test]
    fn every_stream_keeps_the_laws_and_replays(steps in steps(80)) {
        let world = done(&steps);
        let (mut ledger, mut records) = (Ledger::new(), Records::default());
        for recorded in world.log() {
            evolve(&mut ledger, recorded);
            records.add(recorded);
        }
        assert!(ledger == *world.ledger(), "a replay gives the same ledger");
        assert!(records == *world.records(), "a replay gives the same records");
        for currency in [Currency::USD, Currency::EUR] {
            agrees_with_the_model(&world, currency);
        }
        // The laws were checked at every event; here the log is compared with the ledger.
        assert_eq!(world.finish(), []);
    }
}

fn done(steps: &[Step]) -> World {
    let mut world = usual();
    for step in steps {
        act(&mut world, step);
    }
    world
}

fn agrees_with_the_model(world: &World, currency: Currency) {
    let (accounts, rails, earned) = model::sums(world.log(), currency);
    for (number, account) in (0..).zip(world.ledger().accounts()) {
        let wallet = account.wallet(currency).cloned().unwrap_or_default();
        let owed = wallet.pending + wallet.available + wallet.in_transit + wallet.prefunded;
        let owed = owed + wallet.reserved + wallet.connect_reserved;
        assert_eq!(i128::from(owed), accounts.get(&number).copied().unwrap_or_default(), "account {number}");
    }
    let owed = accounts.values().sum::<i128>() + earned;
    assert_eq!(owed, rails.values().sum::<i128>(), "held is owed");
}

/// What happens in random streams, beside what is rare.
const EXPECTED: &[&str] = &[
    "account_debited",
    "account_onboarded",
    "application_fee_refunded",
    "bank_account_attached",
    "bank_debit_created",
    "bank_debit_failed",
    "bank_debit_returned",
    "bank_debit_succeeded",
    "charge_asked",
    "charge_authorised",
    "charge_begun",
    "charge_canceled",
    "charge_captured",
    "charge_confirmed",
    "charge_declined",
    "charge_expired",
    "charge_failed",
    "charge_refunded",
    "charge_succeeded",
    "charges_split",
    "connect_reserve_moved",
    "debit_negative_balances_set",
    "dispute_escalated",
    "dispute_evidence_submitted",
    "dispute_given_back",
    "dispute_inquiry_closed",
    "dispute_lost",
    "dispute_opened",
    "dispute_recovered",
    "dispute_won",
    "funds_matured",
    "payout_created",
    "payout_failed",
    "payout_paid",
    "payout_schedule_set",
    "prefunding_released",
    "prefunding_used",
    "rail_opened",
    "rail_settled",
    "refund_canceled",
    "refund_created",
    "refund_failed",
    "refund_pending",
    "refund_succeeded",
    "requirement_changed",
    "reserve_held",
    "reserve_plan_disabled",
    "reserve_plan_expired",
    "reserve_plan_set",
    "reserve_released",
    "reserve_released_early",
    "reserve_released_with_plan",
    "successor_named",
    "time_advanced",
    "topup_created",
    "topup_succeeded",
    "transfer_canceled",
    "transfer_created",
    "transfer_queued",
    "transfer_released",
    "transfer_reversal_created",
    "transfer_reversed",
];

/// The streams are worth checking: everything happens in them, and not only refusals.
#[test]
fn streams_do_everything() {
    let mut runner = TestRunner::deterministic();
    let (mut seen, mut returned) = (BTreeSet::new(), 0);
    for _ in 0..300 {
        let steps = steps(60).new_tree(&mut runner).unwrap().current();
        let world = done(&steps);
        seen.extend(world.log().iter().map(|recorded| recorded.event.name()));
        returned += world.log().iter().filter(|recorded| recorded.event.name() == "payout_failed").count();
    }
    let rare = ["ledger_opened", "bookmark_set", "refund_waited"];
    let missing: Vec<&&str> = EXPECTED.iter().filter(|name| !seen.contains(**name)).collect();
    assert!(missing.is_empty(), "never happens: {missing:?}");
    assert!(seen.iter().all(|name| EXPECTED.contains(name) || rare.contains(name)), "{seen:?}");
    assert!(returned > 5, "payouts fail often enough");
}
