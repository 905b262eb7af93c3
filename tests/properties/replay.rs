//! Any stream keeps the laws, and its log replayed from zero gives the same ledger.

use std::collections::BTreeSet;

use counterfoil_domain::money::Currency;
use counterfoil_domain::{Ledger, evolve};
use counterfoil_testkit::World;
use counterfoil_testkit::world::Records;
use proptest::proptest;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::cases::{cases, long_cases};
use crate::market::{Step, act, steps, usual};
use crate::{model, sharing};

proptest! {
    #![proptest_config(cases(1_500))]

    #[test]
    fn every_stream_keeps_the_laws_and_replays(steps in steps(80)) {
        keeps_the_laws_and_replays(&steps);
    }

}

proptest! {
    #![proptest_config(long_cases(1_500, 30))]

    #[test]
    fn every_stream_of_splits_by_rules_does(steps in sharing::steps(80)) {
        keeps_the_laws_and_replays(&steps);
    }
}

fn keeps_the_laws_and_replays(steps: &[Step]) {
    let world = done(steps);
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

/// What need not happen in random streams, and why not.
const RARE: &[(&str, &str)] = &[
    ("bookmark_set", "nobody in the market keeps a place in a feed"),
    ("refund_waited", "two balances would have to be short in turn"),
];

/// The names of all events: every step, and the others as the page of events has them.
fn names() -> BTreeSet<String> {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/events.md"));
    let page = page.unwrap();
    let told = page.lines().filter_map(|line| line.strip_prefix("## `")?.strip_suffix('`'));
    told.chain(counterfoil_domain::Step::ALL.iter().map(|step| step.name())).map(str::to_owned).collect()
}

/// The streams are worth checking: everything happens in them, and not only refusals.
#[test]
fn streams_do_everything() {
    let mut runner = TestRunner::deterministic();
    let (mut seen, mut returned) = (BTreeSet::new(), 0);
    for _ in 0..600 {
        let steps = steps(60).new_tree(&mut runner).unwrap().current();
        let world = done(&steps);
        seen.extend(world.log().iter().map(|recorded| recorded.event.name()));
        returned += world.log().iter().filter(|recorded| recorded.event.name() == "payout_failed").count();
    }
    let rare: BTreeSet<&str> = RARE.iter().map(|(name, _)| *name).collect();
    let all = names();
    assert!(seen.iter().all(|name| all.contains(*name)), "{seen:?}");
    assert!(rare.iter().all(|name| all.contains(*name)), "{rare:?}");
    let missing = all.iter().filter(|name| !seen.contains(name.as_str()) && !rare.contains(name.as_str()));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&String>::new(), "never happens");
    assert!(returned > 5, "payouts fail often enough");
}
